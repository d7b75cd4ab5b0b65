//! Where the target's files, and the user's go env file, set Go's variables.

use crate::scan::scan;
use crate::{Fact, GoEnv, ProbeError, SourceTree, World};
use goenvscan::{Assignment, FileKind};
use goward_system::SystemError;
use std::sync::Arc;

/// One byte more than is scanned, so that what is too large is seen to be.
const LIMIT: u64 = goenvscan::MAX_SIZE as u64;

/// A file that sets Go's variables.
#[derive(Clone, Debug)]
pub struct AssigningFile {
    /// The file.
    pub path: String,
    /// Its text, for quoting.
    pub source: Arc<str>,
    /// What it sets.
    pub assignments: Vec<Assignment>,
    /// Where reading stopped and why, if it did.
    pub unread: Option<String>,
}

/// Every file that sets Go's variables.
#[derive(Clone, Debug, Default)]
pub struct GoAssignments {
    /// The target's files, in the order of their paths.
    pub files: Vec<AssigningFile>,
    /// Scripts that could not be read.
    pub unreadable: Vec<(String, SystemError)>,
}

impl Fact for GoAssignments {
    const NAME: &'static str = "assignments of Go's variables";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let tree = world.fact::<SourceTree>()?;
        let paths = tree.paths(|path| FileKind::of(path, "").is_some() || has_no_extension(path));
        let needle = memchr::memmem::Finder::new(b"GO");
        let flag = memchr::memmem::Finder::new(b"-mod");
        let scanned = scan(world, &paths, LIMIT, |path, bytes| {
            if needle.find(bytes).is_none() && flag.find(bytes).is_none() {
                return None;
            }
            let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let kind = FileKind::of(path, std::str::from_utf8(first).unwrap_or_default())?;
            look(path, kind, &String::from_utf8_lossy(bytes))
        })?;
        // A large file without an extension is a program, not a script.
        let unreadable = scanned.unreadable.into_iter();
        let unreadable = unreadable.filter(|(path, _)| FileKind::of(path, "").is_some());
        let unreadable = unreadable.chain(tree.unreadable()).collect();
        Ok(Self { files: scanned.results, unreadable })
    }
}

fn look(path: &str, kind: FileKind, text: &str) -> Option<AssigningFile> {
    let scan = goenvscan::scan(kind, text);
    if scan.assignments.is_empty() && scan.unread.is_none() {
        return None;
    }
    let unread = scan.unread.map(|unread| {
        format!("{path}:{}:{}: {}", unread.at.line, unread.at.column, unread.message)
    });
    let assignments = scan.assignments;
    Some(AssigningFile { path: path.to_owned(), source: text.into(), assignments, unread })
}

fn has_no_extension(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or(path).contains('.')
}

/// The file that `go env -w` writes; empty where there is none.
#[derive(Clone, Debug, Default)]
pub struct GoEnvFile {
    /// What it sets.
    pub file: Option<AssigningFile>,
}

impl Fact for GoEnvFile {
    const NAME: &'static str = "the go env file";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let env = world.fact::<GoEnv>()?;
        let path = env.get("GOENV");
        if path.is_empty() || path == "off" {
            return Ok(Self::default());
        }
        match world.system.read_text(path, LIMIT) {
            Ok(text) => Ok(Self { file: look(path, FileKind::GoEnvFile, &text) }),
            Err(SystemError::NotFound(_)) => Ok(Self::default()),
            Err(err) => Err(err.into()),
        }
    }
}
