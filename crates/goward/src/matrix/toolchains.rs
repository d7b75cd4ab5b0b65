//! Toolchains: the one on the PATH, those that the module proxy has, and how to get one.

use super::cell::Platform;
use super::platforms::{Ports, ports};
use super::versions::{Asked, Version, choose, parse};
use anyhow::{Context as _, anyhow, bail};
use goward_system::{Command, OsSystem, System as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A toolchain has 70 MB, packed.
const FETCH: Duration = Duration::from_secs(900);
/// A list has a few kilobytes.
const LIST: Duration = Duration::from_secs(60);
const MAX_LIST: usize = 8 << 20;

/// The go command on the PATH.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) version: Version,
    pub(super) goroot: PathBuf,
    pub(super) host: Platform,
    /// The C compiler that it takes.
    pub(super) cc: String,
    modcache: PathBuf,
}

/// A toolchain that is there.
#[derive(Clone, Debug)]
pub(super) struct Toolchain {
    /// Its own go command.
    pub(super) go: PathBuf,
    pub(super) ports: Ports,
}

impl Local {
    /// Asks the go command: that of `GOWARD_GO`, else the one on the PATH.
    pub(super) fn ask(system: &OsSystem) -> anyhow::Result<Self> {
        let names = ["GOVERSION", "GOROOT", "GOHOSTOS", "GOHOSTARCH", "CC", "GOMODCACHE"];
        let command = Command::go(system, [&["env"][..], &names].concat());
        let command = command.env("GOTOOLCHAIN", "local").limit(LIST);
        let text = system.run(&command)?.success(&command)?;
        let lines: Vec<&str> = text.lines().collect();
        let [version, goroot, os, arch, cc, modcache] = lines.as_slice() else {
            bail!("go env answers something else than was asked: {text}");
        };
        // `go1.26.8 X:nodwarf5`, `go1.26.8-vendor`
        let end = version.find([' ', '-']).unwrap_or(version.len());
        let released = version.get(..end).and_then(|it| it.parse().ok());
        Ok(Self {
            version: released
                .with_context(|| format!("the go command is {version}, which is no release"))?,
            goroot: goroot.into(),
            host: Platform::new(os, arch),
            cc: (*cc).to_owned(),
            modcache: modcache.into(),
        })
    }

    /// The platforms that it knows.
    pub(super) fn ports(&self) -> Ports {
        ports_of(&self.goroot)
    }

    /// The versions that are meant; the module proxy is asked only where they are not known without it.
    pub(super) fn versions(
        &self,
        asked: &[String],
        system: &OsSystem,
        warn: &dyn Fn(anyhow::Error),
    ) -> anyhow::Result<Vec<Version>> {
        let asked = asked.iter().map(|it| parse(it)).collect::<anyhow::Result<Vec<Asked>>>()?;
        let is_known = |it: &Asked| match it {
            Asked::Local => true,
            Asked::Exact(version) => self.goroot_of(*version).is_some(),
            Asked::Latest(..) => false,
        };
        if asked.iter().all(is_known) {
            let exact = asked.iter().filter_map(|it| match it {
                Asked::Exact(version) => Some(*version),
                _ => None,
            });
            return choose(&asked, self.version, &exact.collect::<Vec<_>>());
        }
        match self.offered(system) {
            Ok(offered) => choose(&asked, self.version, &offered),
            Err(err) => {
                let mut here = self.all_kept();
                here.push(self.version);
                // What is named to the patch there may be: where it cannot be had, its cells stay open.
                here.extend(asked.iter().filter_map(|it| match it {
                    Asked::Exact(version) => Some(*version),
                    _ => None,
                }));
                warn(anyhow!(
                    "{err:#}; of the versions that are on this machine the latest are taken"
                ));
                choose(&asked, self.version, &here).context("on this machine")
            }
        }
    }

    /// What the module proxy has for this machine.
    fn offered(&self, system: &OsSystem) -> anyhow::Result<Vec<Version>> {
        let command = Command::go(system, ["list", "-m", "-versions", "golang.org/toolchain"])
            .env("GOTOOLCHAIN", "local")
            .env("GOWORK", "off")
            .env("GOFLAGS", "-mod=mod")
            .limit(LIST)
            .keep(MAX_LIST);
        let text =
            system.run(&command)?.success(&command).context("which versions of Go there are")?;
        let machine = format!(".{}-{}", self.host.os, self.host.arch);
        let version = |word: &str| {
            word.strip_prefix("v0.0.1-")?.strip_suffix(&machine)?.parse::<Version>().ok()
        };
        Ok(text.split_whitespace().filter_map(version).collect())
    }

    fn folder(&self, version: Version) -> PathBuf {
        let name = format!("toolchain@v0.0.1-{version}.{}-{}", self.host.os, self.host.arch);
        self.modcache.join("golang.org").join(name)
    }

    /// Its GOROOT in the module cache.
    fn kept(&self, version: Version) -> Option<PathBuf> {
        Some(self.folder(version)).filter(|root| root.join("bin/go").is_file())
    }

    /// All that are in the module cache.
    #[expect(clippy::disallowed_methods, reason = "the user's own module cache")]
    fn all_kept(&self) -> Vec<Version> {
        let machine = format!(".{}-{}", self.host.os, self.host.arch);
        let entries = std::fs::read_dir(self.modcache.join("golang.org")).into_iter().flatten();
        let version = |name: &str| {
            let version = name.strip_prefix("toolchain@v0.0.1-")?.strip_suffix(&machine)?;
            version.parse::<Version>().ok()
        };
        entries.flatten().filter_map(|entry| version(entry.file_name().to_str()?)).collect()
    }

    /// Its GOROOT, where it is on this machine.
    pub(super) fn goroot_of(&self, version: Version) -> Option<PathBuf> {
        if version == self.version { Some(self.goroot.clone()) } else { self.kept(version) }
    }

    /// Makes sure that a version is there: through go itself, so from the proxy and verified as it has it.
    pub(super) fn fetch(&self, version: Version, system: &OsSystem) -> anyhow::Result<Toolchain> {
        let goroot = if let Some(goroot) = self.goroot_of(version) {
            goroot
        } else {
            let command = Command::go(system, ["env", "GOROOT"])
                .env("GOTOOLCHAIN", &version.to_string())
                .limit(FETCH);
            PathBuf::from(system.run(&command)?.success(&command)?.trim())
        };
        let go = goroot.join("bin/go");
        anyhow::ensure!(go.is_file(), "{} is not there", go.display());
        Ok(Toolchain { go, ports: ports_of(&goroot) })
    }
}

#[expect(clippy::disallowed_methods, reason = "a file of the toolchain, not of the target")]
fn ports_of(goroot: &Path) -> Ports {
    let file = goroot.join("src/internal/platform/zosarch.go");
    std::fs::read_to_string(file).map(|text| ports(&text)).unwrap_or_default()
}
