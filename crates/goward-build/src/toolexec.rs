//! The observer in front of each tool of a build: which program it is, and how the go command is told.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

pub use toolobserver::{WORD, as_observer};

pub(crate) use toolobserver::FILE;

/// The observer as a small static program (`build.rs`); empty where it could not be made. goward itself
/// takes three times as long to start, once per tool (docs/build.md).
const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/observer"));

/// Puts the small program at `path` and tries it: a folder may forbid programs (`noexec`), and so may the
/// machine (fapolicyd, SELinux).
///
/// # Errors
/// There is none, it cannot be written, or not be run.
pub(crate) fn place(path: &Path) -> io::Result<()> {
    if PROGRAM.is_empty() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o700).open(path)?;
    file.write_all(PROGRAM)?;
    drop(file);
    let tried = Command::new(path).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if tried.success() { Ok(()) } else { Err(io::Error::other(tried.to_string())) }
}

/// The value of `-toolexec`: the observer at `program`, which calls the user's own one. None where the
/// words cannot be quoted as Go reads them.
pub(crate) fn value(program: &OsStr, own: &[String]) -> Option<String> {
    let count = own.len().to_string();
    let words = [program.to_str()?, WORD, &count].into_iter().chain(own.iter().map(String::as_str));
    crate::command_line::join_quoted(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    #[test]
    fn the_value_of_toolexec_calls_the_users_own() {
        let value = |program: &str, own: &[String]| value(OsStr::new(program), own);
        assert_eq!(value("/bin/goward", &[]).unwrap(), "/bin/goward toolexec 0");
        let own = ["/my tools/wrap".to_owned(), "-x".to_owned()];
        assert_eq!(
            value("/bin/goward", &own).unwrap(),
            "/bin/goward toolexec 2 '/my tools/wrap' -x"
        );
        assert_eq!(value("/a'b\" c", &[]), None);
    }

    /// One tool through the small program: what it writes down is what the reader reads.
    #[test]
    fn the_small_program_observes() {
        let dir = tempfile::tempdir().unwrap();
        let (program, runs) = (dir.path().join("observer"), dir.path().join("runs"));
        place(&program).unwrap();
        std::fs::write(&runs, "").unwrap();
        let observe = |tool: &[&str]| {
            let words = [&["toolexec", "0"], tool].concat();
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let mut command = Command::new(&program);
            command.args(words).env(FILE, &runs).env("TOOLEXEC_IMPORTPATH", "example.com/\"a\"");
            command.output().unwrap()
        };
        assert_eq!(observe(&["sh", "-c", "exit 3"]).status.code(), Some(3));
        let killed = observe(&["sh", "-c", "kill -9 $$"]);
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&killed.status), Some(9));
        let absent = observe(&["/nonexistent/tool"]);
        assert_eq!(absent.status.code(), Some(127));
        assert_eq!(
            String::from_utf8_lossy(&absent.stderr),
            "fork/exec /nonexistent/tool: no such file or directory\n"
        );
        let (read, cut) = crate::read_tool_runs(std::fs::File::open(&runs).unwrap()).unwrap();
        assert_eq!(cut, 0);
        let [ended, killed, absent] = &read[..] else { panic!("{read:?}") };
        assert_eq!((ended.package.as_str(), ended.path.as_str()), ("example.com/\"a\"", "sh"));
        assert_eq!(
            (ended.exit, ended.signal, killed.exit, killed.signal),
            (Some(3), None, None, Some(9))
        );
        assert!(ended.peak_rss > 100_000 && ended.wall_ns > 0, "{ended:?}");
        assert!(absent.not_started.as_deref().is_some_and(|why| why.contains("No such file")));
    }
}
