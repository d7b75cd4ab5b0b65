//! What stands in front of a tool of a go build as its `-toolexec`: it runs the one tool as if nobody
//! stood between, and writes down what it took.
//!
//! Transparent means: the same arguments, environment, files, exit status and signal; a bare name is
//! searched on the `PATH` (cgo calls `gcc`); and `-V=full`, by which Go asks a tool who it is, is the
//! tool's own answer. Then a warm cache stays warm and the output is the same to the bit.
//!
//! It starts once per tool, and a start is most of what it costs. So it knows no serde, and there is a
//! small static program of it beside this library.
#![allow(clippy::disallowed_methods, reason = "it starts processes, as that is all it does")]

mod end;
mod record;

pub use end::by_signal;

use record::Record;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::Command;
use std::time::Instant;

/// The first word that makes a program the observer of a tool.
pub const WORD: &str = "toolexec";

/// The variable that names the file to which lines are appended.
pub const FILE: &str = "GOWARD_TOOL_RUNS";

/// Whether this process was started as an observer: then it is one, and the number is the exit status.
///
/// `words` are the process's own arguments, the program's name left out: [`WORD`], the number of words
/// of the user's own `-toolexec`, these, the tool and its arguments.
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
    let asks_who = args.last().is_some_and(|last| last == "-V=full");
    let Some(file) = std::env::var_os(FILE).filter(|_| !asks_who) else {
        // Nothing to observe: become the tool. But whom Go asks first, in each build, tells which Go it is.
        let tool = tool.unwrap_or(program);
        if let Some(file) = std::env::var_os(FILE).filter(|_| is_compiler(tool)) {
            Record { asked: true, ..Record::of(tool) }.append(&file);
        }
        return refuse(program, &command.exec());
    };
    let mut record = Record::of(tool.unwrap_or(program));
    let forward = end::Forward::start();
    let started = Instant::now();
    let status = command.spawn().and_then(|mut child| {
        if let Ok(forward) = &forward {
            forward.until_end(&child);
        }
        child.wait()
    });
    record.wall_ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    record.measure();
    record.output_bytes =
        output(args).and_then(|file| std::fs::metadata(file).ok()).map_or(0, |it| it.len());
    match &status {
        Ok(status) => (record.exit, record.signal) = (status.code(), status.signal()),
        Err(err) => record.not_started = Some(err.to_string()),
    }
    record.append(&file);
    match status {
        Ok(status) => end::as_it_ended(status),
        Err(err) => refuse(program, &err),
    }
}

fn is_compiler(tool: &OsStr) -> bool {
    std::path::Path::new(tool).file_name().is_some_and(|name| name == "compile")
}

/// In the words of the go command.
fn refuse(program: &OsStr, err: &std::io::Error) -> u8 {
    let text = err.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    // Where standard error is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "fork/exec {}: {reason}", program.display());
    127
}

/// The file that the tool writes.
fn output(args: &[OsString]) -> Option<&OsStr> {
    let at = args.iter().position(|arg| arg == "-o")?;
    args.get(at + 1).map(OsString::as_os_str)
}

#[cfg(test)]
mod tests {
    use super::*;

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
