//! A go command that the user gives.

use crate::go::uncounted;
use crate::{Command, Go, run};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// So long the go command may take to list modules.
const ASKED: Duration = Duration::from_secs(20);

/// The subcommands that build, and write nothing but what `-o` says.
const BUILDING: &[&str] = &["build", "test", "vet", "list"];

/// A go command in a folder of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Where.
    pub dir: PathBuf,
    /// The arguments, without `-toolexec`.
    args: Vec<OsString>,
    /// The words of the user's `-toolexec`.
    pub(crate) toolexec: Vec<String>,
}

/// Why a command cannot be tried.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    /// It is not go.
    #[error("the command after -- must be a go command, as in -- go build ./...; it is {0}")]
    NotGo(String),
    /// It builds nothing.
    #[error("go {0} builds nothing that can be tried; use go build, test, vet or list")]
    NotBuilding(String),
    /// `-toolexec` is not to be read.
    #[error("-toolexec {0:?}: a quote is not closed, or a value is missing")]
    Toolexec(String),
}

impl Foreign {
    /// Reads the command; `goflags` is what GOFLAGS says.
    ///
    /// # Errors
    /// It is no go command that builds.
    pub fn parse(dir: &Path, words: &[OsString], goflags: &str) -> Result<Self, ForeignError> {
        let (go, behind) =
            words.split_first().ok_or_else(|| ForeignError::NotGo("empty".into()))?;
        let rest = match Path::new(go).file_name() {
            Some(name) if name == "go" => behind,
            // Without go in front, as `goward build` takes it.
            _ if BUILDING.iter().any(|verb| go == verb) => words,
            _ => return Err(ForeignError::NotGo(go.display().to_string())),
        };
        let name = rest.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !BUILDING.contains(&name.as_str()) {
            return Err(ForeignError::NotBuilding(name));
        }
        let mut toolexec = None;
        for flag in split(goflags).unwrap_or_default() {
            if let Some(value) = value_in(&flag) {
                toolexec = Some(value.to_owned());
            }
        }
        let mut args = vec![];
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            if let Some(value) = value_in(&text) {
                toolexec = Some(value.to_owned());
            } else if matches!(&*text, "-toolexec" | "--toolexec") {
                let value = words.next().ok_or_else(|| ForeignError::Toolexec(String::new()))?;
                toolexec = Some(value.to_string_lossy().into_owned());
            } else {
                args.push(word.clone());
            }
        }
        let toolexec = toolexec.unwrap_or_default();
        let toolexec = split(&toolexec).ok_or(ForeignError::Toolexec(toolexec))?;
        Ok(Self { dir: dir.to_owned(), args, toolexec })
    }

    /// Whether the main module has no other modules that come from a proxy. `false` where that cannot be told.
    pub fn fetches_nothing(
        &self,
        go: &Go,
        env: &[(OsString, OsString)],
        cancel: &AtomicBool,
    ) -> bool {
        let Ok(folder) = tempfile::tempdir() else { return false };
        let answer = folder.path().join("answer");
        let mut argv = vec![go.program.clone().into_os_string()];
        let at = self.behind_chdir();
        argv.extend(self.args.get(1..at).unwrap_or_default().iter().cloned());
        // One that is replaced by a folder has no version.
        let others =
            "{{if not .Main}}{{if .Replace}}{{.Replace.Version}}{{else}}{{.Path}}{{end}}{{end}}";
        argv.extend(["list", "-m", "-f", others, "all"].map(OsString::from));
        let command = Command {
            argv,
            dir: self.dir.clone(),
            env: env.iter().cloned().chain([uncounted(folder.path())]).collect(),
            deadline: ASKED,
            stdout: Some(answer.clone()),
        };
        let listed = run(&command, cancel).is_ok_and(|ran| ran.exit_status == Some(0));
        let text = std::fs::read_to_string(answer);
        listed && text.is_ok_and(|text| text.trim().is_empty())
    }

    /// Where flags may begin: behind the subcommand and `-C`.
    fn behind_chdir(&self) -> usize {
        let first = self.args.get(1).map(|arg| arg.to_string_lossy());
        let words = match first.as_deref() {
            Some("-C" | "--C") => 2,
            Some(first) if first.starts_with("-C=") || first.starts_with("--C=") => 1,
            _ => 0,
        };
        (1 + words).min(self.args.len())
    }

    /// The arguments with flags put in where flags go: after the subcommand and `-C`, before the packages.
    pub(crate) fn with(&self, flags: &[OsString]) -> Vec<OsString> {
        let at = self.behind_chdir();
        let mut args = self.args.clone();
        let written = args.iter().any(|arg| {
            let arg = arg.to_string_lossy();
            matches!(&*arg, "-o" | "--o") || arg.starts_with("-o=") || arg.starts_with("--o=")
        });
        // What is built goes nowhere unless the user says where.
        let nowhere = ["-o", "/dev/null"].map(OsString::from);
        let build = args.first().is_some_and(|name| name == "build") && !written;
        args.splice(at..at, flags.iter().chain(nowhere.iter().filter(|_| build)).cloned());
        args
    }
}

/// The value of `-toolexec=…`.
fn value_in(flag: &str) -> Option<&str> {
    let flag = flag.strip_prefix("--").or_else(|| flag.strip_prefix('-'))?;
    flag.strip_prefix("toolexec=")
}

/// As go splits (`cmd/internal/quoted`): a word may be in single or double quotes, without escapes.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = vec![];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = if matches!(first, '"' | '\'') {
            rest.get(1..)?.split_once(first)?
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at_checked(end)?
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    Some(words)
}

/// A word as go splits it; none where no quotes can hold it.
pub(crate) fn quote(word: &str) -> Option<String> {
    let plain =
        !word.is_empty() && !word.contains(['"', '\'']) && !word.contains(char::is_whitespace);
    match (plain, word.contains('\''), word.contains('"')) {
        (true, ..) => Some(word.to_owned()),
        (_, false, _) => Some(format!("'{word}'")),
        (_, true, false) => Some(format!("\"{word}\"")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str], goflags: &str) -> Result<Foreign, ForeignError> {
        let words: Vec<_> = words.iter().map(OsString::from).collect();
        Foreign::parse(Path::new("."), &words, goflags)
    }

    fn with(words: &[&str]) -> String {
        let args = parse(words, "").unwrap().with(&["-x".into()]);
        args.iter().map(|arg| arg.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn flags_go_where_flags_go() {
        assert_eq!(with(&["go", "build", "./..."]), "build -x -o /dev/null ./...");
        assert_eq!(with(&["/usr/bin/go", "build", "-o", "x", "."]), "build -x -o x .");
        assert_eq!(with(&["go", "build", "-C", "d", "."]), "build -C d -x -o /dev/null .");
        assert_eq!(with(&["go", "test"]), "test -x");
    }

    #[test]
    fn another_toolexec_is_kept_apart() {
        let of = |words: &[&str], flags: &str| parse(words, flags).unwrap().toolexec;
        assert_eq!(of(&["go", "build", "-toolexec", "time -p", "."], ""), ["time", "-p"]);
        assert_eq!(of(&["go", "build", "--toolexec='a b' c"], ""), ["a b", "c"]);
        assert_eq!(of(&["go", "build"], "-v '-toolexec=a b'"), ["a", "b"]);
        assert_eq!(of(&["go", "build", "-toolexec=x"], "-toolexec=y"), ["x"]);
        assert!(matches!(
            parse(&["go", "build", "-toolexec='a"], ""),
            Err(ForeignError::Toolexec(_))
        ));
    }

    #[test]
    fn what_is_no_build_is_refused() {
        assert!(matches!(parse(&["make"], ""), Err(ForeignError::NotGo(_))));
        assert!(matches!(parse(&["go", "run", "."], ""), Err(ForeignError::NotBuilding(_))));
        assert!(matches!(parse(&[], ""), Err(ForeignError::NotGo(_))));
    }

    #[test]
    fn what_is_quoted_is_split_again() {
        for word in ["a", "a b", "it's", "say \"x\"", ""] {
            assert_eq!(split(&quote(word).unwrap()), Some(vec![word.to_owned()]), "{word}");
        }
        assert_eq!(quote("'\" "), None);
    }
}
