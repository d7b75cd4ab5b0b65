//! A folder with a module in it, and goward run on it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A target in a folder of its own; removed at the end.
pub(crate) struct World {
    dir: TempDir,
}

/// What a run gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// A module that every check is content with.
    pub(crate) fn module() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n");
        world
    }

    /// A module with this policy.
    pub(crate) fn policy(policy: &str) -> Self {
        let world = Self::module();
        world.file("m/goward.toml", policy);
        world
    }

    /// The module's folder.
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("m")
    }

    /// A path in the world; `m/` is the module.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file.
    pub(crate) fn file(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// goward with nothing of our environment but the PATH and Go's caches.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goward"));
        command.args(args).current_dir(self.root()).env_clear().stdin(Stdio::null());
        command.env("HOME", self.path("home")).env("PATH", std::env::var_os("PATH").unwrap());
        command
    }

    /// Runs goward.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args).output().unwrap())
    }

    /// Runs `goward check` and reads its JSON report.
    pub(crate) fn check(&self, args: &[&str]) -> Checked {
        let mut all = vec!["check", "--format", "json", "--no-history"];
        all.extend(args);
        let ran = self.run(&all);
        let report = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|err| panic!("{err}: {}\n{}", ran.stdout, ran.stderr));
        Checked { status: ran.status, report }
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    use std::os::unix::process::ExitStatusExt as _;
    let signal = output.status.signal().map_or(0, |signal| -signal);
    Ran {
        status: output.status.code().unwrap_or(signal),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A report.
pub(crate) struct Checked {
    pub(crate) status: i32,
    pub(crate) report: Value,
}

impl Checked {
    /// The outcome of a check.
    pub(crate) fn outcome(&self, id: &str) -> &Value {
        let outcomes = self.report["outcomes"].as_array().unwrap();
        outcomes
            .iter()
            .find(|o| o["check"] == id)
            .unwrap_or_else(|| panic!("no {id}: {}", self.report))
    }

    /// The verdict of a check.
    pub(crate) fn verdict(&self, id: &str) -> &str {
        self.outcome(id)["verdict"].as_str().unwrap()
    }

    /// The error of a check, empty where it is fine.
    pub(crate) fn error(&self, id: &str) -> &str {
        self.outcome(id)["error"].as_str().unwrap()
    }

    /// Everything that did not pass or skip, with its error.
    pub(crate) fn bad(&self) -> Vec<String> {
        let outcomes = self.report["outcomes"].as_array().unwrap().iter();
        let bad = outcomes.filter(|o| o["status"] == false);
        bad.map(|o| format!("{} {}: {}", o["verdict"], o["check"], o["error"])).collect()
    }
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
