//! Universes of modules on disk, and the go command's opinion of them.

#![expect(clippy::disallowed_methods, reason = "the tests write module universes and run go")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are parts of tests")]
#![allow(dead_code, reason = "each test program uses a part")]

use base64::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Published modules by path and version, with their go.mod files; `None` for one whose go.mod file is lost.
pub(crate) type Published = BTreeMap<(String, String), Option<String>>;

/// A directory with a proxy that serves the modules, which is laid out as a module cache too.
pub(crate) struct Disk {
    root: tempfile::TempDir,
}

/// What a go command answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Disk {
    pub(crate) fn new(published: &Published) -> Self {
        let disk = Self { root: tempfile::tempdir().unwrap() };
        for ((path, version), go_mod) in published {
            let escaped = gomod::module_path::escape(path).unwrap();
            let dir = disk.proxy().join(escaped).join("@v");
            fs::create_dir_all(&dir).unwrap();
            let version_file = gomod::module_path::escape_version(version).unwrap();
            let info = format!("{{\"Version\":\"{version}\"}}");
            fs::write(dir.join(format!("{version_file}.info")), info).unwrap();
            if let Some(go_mod) = go_mod {
                fs::write(dir.join(format!("{version_file}.mod")), go_mod).unwrap();
            }
        }
        fs::create_dir_all(disk.proxy()).unwrap();
        fs::create_dir_all(disk.src()).unwrap();
        disk
    }

    /// What is a module cache to us.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.path().join("published")
    }

    fn proxy(&self) -> PathBuf {
        self.cache().join("cache/download")
    }

    /// Where the main modules are.
    pub(crate) fn src(&self) -> PathBuf {
        self.root.path().join("src")
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.src().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn go(&self, dir: &Path, args: &[&str], goflags: &str) -> Answer {
        let mut command = Command::new("go");
        command.args(args).current_dir(dir).env("GOFLAGS", goflags).env("GOWORK", "");
        command.env("GOMODCACHE", self.root.path().join("cache"));
        command.env("GOPROXY", format!("file://{}", self.proxy().display()));
        command.env("GOSUMDB", "off").env("GONOSUMDB", "*").env("GOTOOLCHAIN", "local");
        command.env("GONOPROXY", "").env("GOPRIVATE", "").env("GO111MODULE", "");
        command.env("GOENV", "off").env("GOTELEMETRY", "off");
        let output = command.output().expect("go is installed");
        Answer {
            ok: output.status.success(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A go.sum file with the hash of each module's go.mod file.
pub(crate) fn go_sum<'a>(
    published: &Published,
    modules: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut lines = String::new();
    for (path, version) in modules {
        let key = (path.to_owned(), version.to_owned());
        let go_mod = published.get(&key).and_then(Option::as_deref).unwrap_or("lost");
        let hex = Sha256::digest(go_mod).iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        let hash = BASE64_STANDARD.encode(Sha256::digest(format!("{hex}  go.mod\n")));
        writeln!(lines, "{path} {version}/go.mod h1:{hash}").unwrap();
    }
    lines
}

/// The lines of `go list -m all`.
pub(crate) fn list_lines(list: &buildlist::BuildList) -> String {
    list.modules().iter().map(|module| format!("{module}\n")).collect()
}

/// The lines of `go mod graph`.
pub(crate) fn graph_lines(list: &buildlist::BuildList) -> String {
    list.edges().map(|edge| format!("{edge}\n")).collect()
}
