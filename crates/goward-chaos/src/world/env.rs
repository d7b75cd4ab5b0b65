//! The environment of a build.

use super::CACHE;
use crate::Setup;
use crate::go::uncounted;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What of the user's environment a module of our own is built with.
const KEPT: &[&str] = &["PATH", "GOMAXPROCS", "GOAMD64", "GOARM64", "GOEXPERIMENT"];

/// An environment, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Env(Vec<(OsString, OsString)>);

impl Env {
    pub(super) fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.remove(name);
        self.0.push((name.into(), value.as_ref().to_owned()));
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }

    pub(super) fn list(&self) -> Vec<(OsString, OsString)> {
        self.0.clone()
    }
}

/// What `go env -w` wrote, without a program that stands in for the build cache; none where it names none.
fn without_program(settings: &Path) -> Option<String> {
    let text = std::fs::read_to_string(settings).ok()?;
    let is_program = |line: &&str| line.trim_start().starts_with("GOCACHEPROG=");
    text.lines().find(is_program)?;
    let kept = text.lines().filter(|line| !is_program(line));
    Some(kept.map(|line| format!("{line}\n")).collect())
}

/// The environment without any fault: caches and temporary files in the scenario's folder, always.
pub(super) fn of(setup: &Setup, within: &Path) -> Env {
    let mut env = Env::default();
    let foreign = setup.foreign.is_some();
    for (name, value) in &setup.env {
        if foreign || KEPT.iter().any(|kept| name == kept) {
            env.0.push((name.clone(), value.clone()));
        }
    }
    env.set("LC_ALL", "C");
    env.set("GOTOOLCHAIN", "local");
    env.set("GOCACHE", within.join(CACHE));
    env.set("GOMODCACHE", within.join("mod"));
    env.set("GOTMPDIR", within.join("tmp"));
    env.set("TMPDIR", within.join("tmp"));
    env.remove("GOCACHEPROG");
    let (name, value) = uncounted(&within.join("home"));
    env.0.push((name, value));
    if foreign {
        // Loopback is all that is needed, and nothing else is to be reached.
        for name in
            ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
        {
            env.remove(name);
        }
        env.set("GONOPROXY", "none");
        // Not even a file may lead to another cache.
        if let Some(text) = without_program(&setup.go.settings) {
            let file = within.join("goenv");
            let written = std::fs::write(&file, text).is_ok();
            env.set("GOENV", if written { file } else { "off".into() });
        }
        // Read from the user's module cache, write to our own.
        env.set("GOFLAGS", format!("{} -modcacherw", setup.go.flags).trim());
        env.set(
            "GOPROXY",
            format!("file://{}", setup.go.modcache.join("cache/download").display()),
        );
    } else {
        env.set("HOME", within.join("home"));
        env.set("GOPATH", within.join("gopath"));
        env.set("GOENV", "off");
        env.set("GOFLAGS", "-buildvcs=false -modcacherw");
        env.set("GOPROXY", "off");
        env.set("CGO_ENABLED", "1");
    }
    env.set("GOSUMDB", "off");
    env
}
