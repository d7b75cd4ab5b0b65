//! goward as the `-toolexec` of a build: runs one tool as if nobody stood between, and writes down
//! what it took.
//!
//! Transparent means: the same arguments, environment, files, exit status and signal; a bare name is
//! searched on the `PATH` (cgo calls `gcc`); and `-V=full`, by which Go asks a tool who it is, is the
//! tool's own answer. Then a warm cache stays warm and the output is the same to the bit.

use crate::ToolRun;
use crate::end;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The first word that makes goward the observer of a tool.
pub const WORD: &str = "toolexec";

/// The file to which lines are appended.
pub(crate) const FILE: &str = "GOWARD_TOOL_RUNS";

/// The value of `-toolexec`: goward at `program`, which calls the user's own one. None where the words
/// cannot be quoted as Go reads them.
pub(crate) fn value(program: &str, own: &[String]) -> Option<String> {
    let count = own.len().to_string();
    let words = [program, WORD, &count].into_iter().chain(own.iter().map(String::as_str));
    crate::command_line::join_quoted(words)
}

/// Whether this process was started as an observer: then it is one, and the number is the exit status.
///
/// `words` are the process's own arguments, the program's name left out.
pub fn as_observer(words: &[OsString]) -> Option<u8> {
    let (first, rest) = words.split_first()?;
    if first != WORD {
        return None;
    }
    let (count, rest) = rest.split_first()?;
    let own: usize = count.to_str()?.parse().ok()?;
    let (program, args) = rest.split_first()?;
    Some(run(program, args, rest.get(own).map(OsString::as_os_str)))
}

fn run(program: &OsStr, args: &[OsString], tool: Option<&OsStr>) -> u8 {
    let mut command = Command::new(program);
    command.args(args);
    let file = std::env::var_os(FILE);
    let asks_who = args.last().is_some_and(|last| last == "-V=full");
    if asks_who || file.is_none() {
        // Nothing to observe: become the tool.
        return refuse(program, &command.exec());
    }
    let mut record = ToolRun {
        package: std::env::var("TOOLEXEC_IMPORTPATH").unwrap_or_default(),
        path: tool.unwrap_or(program).to_string_lossy().into_owned(),
        started_ns: now(),
        ..ToolRun::default()
    };
    let forward = end::Forward::start();
    let started = Instant::now();
    let status = command.spawn().and_then(|mut child| {
        if let Ok(forward) = &forward {
            forward.until_end(&child);
        }
        child.wait()
    });
    record.wall_ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) {
        measure(&mut record, &usage);
    }
    record.output_bytes =
        output(args).and_then(|file| std::fs::metadata(file).ok()).map_or(0, |it| it.len());
    match &status {
        Ok(status) => (record.exit, record.signal) = (status.code(), status.signal()),
        Err(err) => record.not_started = Some(err.to_string()),
    }
    if let Some(file) = file {
        append(&file, &record);
    }
    match status {
        Ok(status) => end::as_it_ended(status),
        Err(err) => refuse(program, &err),
    }
}

/// In the words of the go command.
fn refuse(program: &OsStr, err: &std::io::Error) -> u8 {
    let text = err.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    // Where standard error is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "fork/exec {}: {reason}", program.display());
    127
}

fn measure(record: &mut ToolRun, usage: &Usage) {
    record.user_us = micros(usage.user_time());
    record.sys_us = micros(usage.system_time());
    // Kilobytes on Linux, bytes on macOS: getrusage(2).
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    record.peak_rss = u64::try_from(usage.max_rss()).unwrap_or(0) * unit;
}

fn micros(time: TimeVal) -> u64 {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    seconds * 1_000_000 + u64::try_from(time.tv_usec()).unwrap_or(0)
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// The file that the tool writes.
fn output(args: &[OsString]) -> Option<&OsStr> {
    let at = args.iter().position(|arg| arg == "-o")?;
    args.get(at + 1).map(OsString::as_os_str)
}

/// One write of one line: lines of several observers do not mix (`O_APPEND`, open(2)). A record that
/// cannot be kept must not break the build; the reader misses it in the action graph.
fn append(file: &OsStr, record: &ToolRun) {
    let Ok(mut line) = serde_json::to_vec(record) else { return };
    line.push(b'\n');
    if let Ok(mut file) = OpenOptions::new().append(true).open(file) {
        let _ = file.write_all(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_toolexec_calls_the_users_own() {
        assert_eq!(value("/bin/goward", &[]).unwrap(), "/bin/goward toolexec 0");
        let own = ["/my tools/wrap".to_owned(), "-x".to_owned()];
        assert_eq!(
            value("/bin/goward", &own).unwrap(),
            "/bin/goward toolexec 2 '/my tools/wrap' -x"
        );
        assert_eq!(value("/a'b\" c", &[]), None);
    }

    #[test]
    fn other_words_are_no_observation() {
        for words in
            [&["check"][..], &[], &["toolexec"], &["toolexec", "x", "y"], &["toolexec", "0"]]
        {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(as_observer(&words), None, "{words:?}");
        }
    }
}
