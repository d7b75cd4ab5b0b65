//! Which program the go command is.
//!
//! A folder in front of the real one on the PATH may hold a `go` of the user's own:
//! `exec goward build -- go "$@"`. Then what goward starts as go is goward again, and again. So goward says
//! to what it starts whom it took for go ([`TRIED`]); whoever finds himself to be that one steps aside
//! and becomes the next `go` on the PATH.

use crate::command_line::GoCommand;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable: the number of the process that watches, and behind a colon each program that it took
/// for the go command.
const TRIED: &str = "GOWARD_GO_TRIED";

/// So many processes may stand between the one who watches and the one whom it took for go.
const BETWEEN: usize = 8;

/// The go command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoProgram {
    /// A name that is searched on the PATH, or a path.
    Named(OsString),
    /// This process was started as go by another goward: it becomes this program.
    Behind(PathBuf, OsString),
}

/// Whoever stands for go finds no other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOtherGo {
    /// What the PATH has as `go` is goward, and nothing else is there.
    #[error(
        "{0} is goward again, and there is no other go behind it on the PATH; name the real one by GOWARD_GO"
    )]
    OnThePath(String),
    /// `GOWARD_GO` names goward.
    #[error("GOWARD_GO={0} is goward itself; name the real go command, or unset it")]
    Named(String),
}

impl GoProgram {
    /// The one that `GOWARD_GO` names, else the one on the PATH.
    ///
    /// # Errors
    /// [`NoOtherGo`].
    pub fn find() -> Result<Self, NoOtherGo> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if let Some(tried) = std::env::var_os(TRIED).and_then(|text| of_me(&text)) {
            return match next(&path, &tried) {
                Some(program) => {
                    let watcher = std::env::var_os(TRIED).unwrap_or_default();
                    let mut all = watcher;
                    all.push(":");
                    all.push(&program);
                    Ok(Self::Behind(program, all))
                }
                None => {
                    let name = tried.last().map(|it| it.display().to_string());
                    Err(NoOtherGo::OnThePath(name.unwrap_or_default()))
                }
            };
        }
        let named = std::env::var_os("GOWARD_GO").filter(|go| !go.is_empty());
        match named {
            Some(go) if is_goward(&go) => Err(NoOtherGo::Named(go.display().to_string())),
            named => Ok(Self::Named(named.unwrap_or_else(|| "go".into()))),
        }
    }

    /// What a process started as `go` must know, so that it finds out that it is goward.
    pub fn told(go: &OsStr) -> (OsString, OsString) {
        let program = named(go);
        let mut value = OsString::from(format!("{}:", std::process::id()));
        value.push(program.unwrap_or_else(|| PathBuf::from(go)));
        (TRIED.into(), value)
    }

    /// Becomes the program behind, with what goward was to give to go; gives why it cannot.
    pub fn become_it(program: &Path, told: &OsStr, words: &[OsString]) -> io::Error {
        Command::new(program).args(GoCommand::arguments(words)).env(TRIED, told).exec()
    }
}

/// Whether a program is this one, by another name than `go`: by that name it stands for go ([`GoProgram::find`]).
fn is_goward(program: &OsStr) -> bool {
    let whole = |file: PathBuf| file.canonicalize().ok();
    let named = named(program).filter(|file| file.file_name().is_some_and(|name| name != "go"));
    let named = named.and_then(whole);
    named.is_some() && named == std::env::current_exe().ok().and_then(whole)
}

/// The file that a name means: a path, or the first of that name on the PATH.
fn named(program: &OsStr) -> Option<PathBuf> {
    if program.as_bytes().contains(&b'/') {
        return Some(PathBuf::from(program));
    }
    on_the_path(&std::env::var_os("PATH").unwrap_or_default(), program).next()
}

/// The programs that were tried, if this process is the last of them.
fn of_me(told: &OsStr) -> Option<Vec<PathBuf>> {
    let (watcher, tried) = parse(told)?;
    let last = tried.last()?.canonicalize().ok();
    let mut at = std::process::id();
    for _ in 0..BETWEEN {
        at = parent(at)?;
        if at == watcher {
            return Some(tried);
        }
        // Below a real go command this is a build of its own, as with `go generate`.
        let program = fs::read_link(format!("/proc/{at}/exe")).ok()?;
        if program.file_name().is_some_and(|name| name == "go") || Some(&program) == last.as_ref() {
            return None;
        }
    }
    None
}

fn parse(told: &OsStr) -> Option<(u32, Vec<PathBuf>)> {
    let mut parts = told.as_bytes().split(|byte| *byte == b':');
    let watcher = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    let tried = parts.map(|part| PathBuf::from(OsString::from_vec(part.to_vec()))).collect();
    Some((watcher, tried))
}

/// proc(5): the fourth field of `stat`; the second one may hold anything in its parentheses.
fn parent(pid: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    text.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// The first `go` that is none of these.
fn next(path: &OsStr, tried: &[PathBuf]) -> Option<PathBuf> {
    let whole = |file: &Path| file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let tried: Vec<PathBuf> = tried.iter().map(|file| whole(file)).collect();
    on_the_path(path, OsStr::new("go")).find(|file| !tried.contains(&whole(file)))
}

/// Whether a program may be one that can be started; a relative path is looked for somewhere else.
pub(crate) fn may_start(program: &str) -> bool {
    match program.split_once('/') {
        None => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            on_the_path(&path, OsStr::new(program)).next().is_some()
        }
        Some(("", _)) => is_program(Path::new(program)),
        Some(_) => true,
    }
}

fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

fn on_the_path(path: &OsStr, name: &OsStr) -> impl Iterator<Item = PathBuf> {
    let files: Vec<PathBuf> = std::env::split_paths(path).map(|dir| dir.join(name)).collect();
    files.into_iter().filter(|file| is_program(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_go_is_none_of_those_that_were_tried() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str, mode| {
            let folder = dir.path().join(name);
            fs::create_dir(&folder).unwrap();
            let file = folder.join("go");
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            file
        };
        let (own, no_program, real) = (at("own", 0o755), at("text", 0o644), at("real", 0o755));
        let linked = dir.path().join("linked");
        fs::create_dir(&linked).unwrap();
        let linked = linked.join("go");
        std::os::unix::fs::symlink(&own, &linked).unwrap();
        let dirs = [&own, &linked, &no_program, &real].map(|file| file.parent().unwrap());
        let path = std::env::join_paths(dirs).unwrap();
        assert_eq!(next(&path, std::slice::from_ref(&own)), Some(real.clone()));
        assert_eq!(next(&path, &[own, real]), None);
    }

    #[test]
    fn whoever_was_not_started_as_go_is_not_told_so() {
        assert_eq!(parse(OsStr::new("12:/a/go:/b/go")).unwrap().1.len(), 2);
        assert_eq!(parse(OsStr::new("x:/a/go")), None);
        let parent = parent(std::process::id()).unwrap();
        assert!(of_me(OsStr::new(&format!("{parent}:/opt/go"))).is_some());
        assert_eq!(of_me(OsStr::new("4194305:/opt/go")), None);
    }
}
