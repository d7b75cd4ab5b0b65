//! A world made of text, for tests, for runnable documentation and for fault injection.

use crate::txtar;
use crate::{
    Captured, Command, Connection, Ended, FileKind, HttpAnswer, Output, Stat, System, SystemError,
    Tree, TreeOptions,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A file of the fake world.
#[derive(Clone, Debug)]
struct FakeFile {
    bytes: Vec<u8>,
    mode: u32,
    /// What it points to, if it is a symbolic link. Only the real disk knows links.
    link: Option<String>,
}

/// A world described by a txtar archive.
///
/// `-- go.sum --` is a file, `-- $ git status --` what a command prints, `-- env GOPROXY --` a
/// variable, `-- go env --` what `go env` says beside the usual (`GOFLAGS='-mod=mod'`), `-- now --` the date as seconds since 1970. Words after a file's name describe it:
/// `mode=0644`, `generated=NAME` (its bytes come from the generator, so that no key stands in a
/// document), `link=TARGET` (on a real disk: see [`System::on_disk`]), `nul` (newlines become NUL, as in `/proc/1/cmdline`).
/// A file whose name is a URL is what a download gives.
#[derive(Clone, Debug)]
pub struct FakeSystem {
    files: BTreeMap<String, FakeFile>,
    env: BTreeMap<String, String>,
    commands: BTreeMap<String, String>,
    go_env: BTreeMap<String, String>,
    broken: bool,
    exit_code: i32,
    epoch: Instant,
    unix_time: i64,
    /// The same files on a real disk, once somebody asks for them there.
    disk: Arc<OnceLock<Result<TempDir, String>>>,
}

/// What `go env` says where an archive says nothing else.
const GO_ENV: [(&str, &str); 4] = [
    ("GOENV", "/home/bob/.config/go/env"),
    ("GOPROXY", "https://proxy.example.com,direct"),
    ("GOSUMDB", "sum.golang.org"),
    ("GOVERSION", "go1.26.8"),
];

/// An object of strings; for the plain text of an archive, Rust's quotes are JSON's.
fn json(values: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        values.iter().map(|(name, value)| format!("{name:?}: {value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// Gives the bytes of a `generated=NAME` file.
pub(crate) type Generator<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

impl FakeSystem {
    /// Reads a world from a txtar archive in which nothing is generated.
    pub fn from_txtar(archive: &str) -> Self {
        Self::generated(archive, &|_| None)
    }

    /// Reads a world from a txtar archive.
    #[expect(clippy::disallowed_methods, reason = "an epoch is needed; it never advances")]
    pub fn generated(archive: &str, generator: Generator<'_>) -> Self {
        let mut world = Self {
            files: BTreeMap::new(),
            env: BTreeMap::new(),
            commands: BTreeMap::new(),
            go_env: GO_ENV.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            broken: false,
            exit_code: 0,
            epoch: Instant::now(),
            // 2026-01-01T00:00:00Z
            unix_time: 1_767_225_600,
            disk: Arc::default(),
        };
        for entry in txtar::parse(archive) {
            world.put(&entry.name, entry.body, generator);
        }
        world
    }

    fn put(&mut self, name: &str, body: String, generator: Generator<'_>) {
        if let Some(command) = name.strip_prefix("$ ") {
            self.commands.insert(command.into(), body);
        } else if let Some(variable) = name.strip_prefix("env ") {
            self.env.insert(variable.into(), body.trim_end().into());
        } else if name == "go env" {
            for (name, value) in body.lines().filter_map(|line| line.split_once('=')) {
                self.go_env.insert(name.into(), value.trim_matches('\'').into());
            }
        } else if name == "now" {
            self.unix_time = body.trim().parse().unwrap_or(self.unix_time);
        } else {
            let mut words = name.split(' ');
            let path = words.next().unwrap_or_default().to_owned();
            let mut file = FakeFile { bytes: body.into_bytes(), mode: 0o644, link: None };
            for word in words {
                file.describe(word, generator);
            }
            self.files.insert(path, file);
        }
    }

    /// The same world on a bad day: nothing answers.
    pub fn broken(mut self) -> Self {
        self.broken = true;
        self
    }

    /// The same world, but every command answers and then exits with 1.
    pub fn with_failing_commands(mut self) -> Self {
        self.exit_code = 1;
        self
    }

    /// Writes all files below a folder that is gone with the world: relative paths under `target`,
    /// absolute ones under `root`.
    fn write_out(&self) -> std::io::Result<TempDir> {
        let disk = tempfile::tempdir()?;
        std::fs::create_dir_all(disk.path().join("target"))?;
        for (path, file) in &self.files {
            let path = place(disk.path(), path);
            std::fs::create_dir_all(path.parent().unwrap_or(disk.path()))?;
            #[cfg(unix)]
            if let Some(target) = &file.link {
                std::os::unix::fs::symlink(target, &path)?;
                continue;
            }
            #[expect(clippy::disallowed_methods, reason = "this crate is the door")]
            std::fs::write(&path, &file.bytes)?;
        }
        Ok(disk)
    }

    fn check_up(&self) -> Result<(), SystemError> {
        if self.broken { Err(SystemError::Failed("the world is broken".into())) } else { Ok(()) }
    }
}

/// Where a path of the made-up world lies on the real disk.
fn place(disk: &Path, path: &str) -> PathBuf {
    match path.strip_prefix('/') {
        Some(absolute) => disk.join("root").join(absolute),
        None => disk.join("target").join(path),
    }
}

impl FakeFile {
    fn describe(&mut self, word: &str, generator: Generator<'_>) {
        if let Some(mode) = word.strip_prefix("mode=") {
            self.mode = u32::from_str_radix(mode, 8).unwrap_or(self.mode);
        } else if let Some(target) = word.strip_prefix("link=") {
            self.link = Some(target.to_owned());
        } else if let Some(name) = word.strip_prefix("generated=") {
            self.bytes = generator(name).unwrap_or_default();
        } else if word == "nul" {
            self.bytes.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = 0);
        }
    }
}

impl System for FakeSystem {
    fn read_into(&self, path: &str, limit: u64, into: &mut Vec<u8>) -> Result<(), SystemError> {
        self.check_up()?;
        let file = self.files.get(path).ok_or_else(|| SystemError::NotFound(path.into()))?;
        if file.bytes.len() as u64 > limit {
            return Err(SystemError::TooLarge { path: path.into(), limit });
        }
        into.clear();
        into.extend_from_slice(&file.bytes);
        Ok(())
    }

    fn stat(&self, path: &str) -> Result<Stat, SystemError> {
        self.check_up()?;
        if let Some(file) = self.files.get(path) {
            let size = file.bytes.len() as u64;
            return Ok(Stat { kind: FileKind::File, size, mode: file.mode, stamp: (0, 0) });
        }
        let below = format!("{}/", path.trim_end_matches('/'));
        let is_dir = matches!(path, "" | "." | "/")
            || self.files.keys().any(|file| file.starts_with(&below));
        if is_dir {
            Ok(Stat { kind: FileKind::Dir, size: 0, mode: 0o755, stamp: (0, 0) })
        } else {
            Err(SystemError::NotFound(path.into()))
        }
    }

    fn on_disk(&self, path: &str) -> Result<PathBuf, SystemError> {
        self.check_up()?;
        let disk = self.disk.get_or_init(|| self.write_out().map_err(|err| err.to_string()));
        let disk = disk.as_ref().map_err(|err| SystemError::Failed(err.clone()))?;
        Ok(place(disk.path(), path))
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<String>, SystemError> {
        self.check_up()?;
        let below = format!("{}/", path.trim_end_matches('/'));
        let name = |file: &String| Some(file.strip_prefix(&below)?.split('/').next()?.to_owned());
        let mut names: Vec<String> = self.files.keys().filter_map(name).collect();
        names.dedup();
        match names.len() {
            0 => Err(SystemError::NotFound(path.into())),
            many if many > limit => Err(SystemError::TooManyFiles(limit)),
            _ => Ok(names),
        }
    }

    fn tree(&self, options: &TreeOptions) -> Result<Tree, SystemError> {
        self.check_up()?;
        let inside = |path: &&String| !path.starts_with('/') && !options.excludes.matches(path);
        let paths = self.files.keys().filter(inside).cloned().collect();
        Ok(Tree { paths, unreadable: vec![] })
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn run(&self, command: &Command) -> Result<Output, SystemError> {
        self.check_up()?;
        let line = command.line();
        let go_env = line.starts_with("go env -json").then(|| json(&self.go_env));
        let stdout = self.commands.get(&line).cloned().or(go_env);
        let stdout = stdout
            .ok_or_else(|| SystemError::NotFound(format!("the program {}", command.argv[0])))?;
        Ok(Output {
            ended: Ended::Code(self.exit_code),
            stdout: Captured::whole(stdout.as_bytes()),
            stderr: Captured::default(),
            elapsed: Duration::ZERO,
            leaked: false,
        })
    }

    fn connect(&self, address: &str, _: Duration) -> Result<Box<dyn Connection>, SystemError> {
        Err(SystemError::Failed(format!("{address}: connection refused")))
    }

    fn http_get(&self, url: &str, _: Duration) -> Result<HttpAnswer, SystemError> {
        Err(SystemError::Failed(format!("{url}: connection refused")))
    }

    fn download(
        &self,
        url: &str,
        into: &mut dyn std::io::Write,
        _: u64,
        _: Duration,
    ) -> Result<(), SystemError> {
        self.check_up()?;
        let file = self.files.get(url).ok_or_else(|| SystemError::NotFound(url.into()))?;
        into.write_all(&file.bytes).map_err(|err| SystemError::Failed(err.to_string()))
    }

    fn now(&self) -> Instant {
        self.epoch
    }

    fn unix_time(&self) -> i64 {
        self.unix_time
    }

    fn root(&self) -> String {
        ".".into()
    }
}
