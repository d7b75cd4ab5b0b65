//! A command to run, and what it left behind.

use crate::{System, SystemError};
use std::time::Duration;

/// A command to run: owned, printable, comparable.
///
/// It runs with standard input closed or given, in the C locale, in a process group of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The program followed by its arguments; never empty.
    pub argv: Vec<String>,
    /// Variables set on top of the inherited environment.
    pub env: Vec<(String, String)>,
    /// Variables of the inherited environment that it does not get.
    pub without: Vec<String>,
    /// Where it runs, relative to the target's root; the root itself where `None`.
    pub dir: Option<String>,
    /// When it is ended, with all it started.
    pub limit: Duration,
    /// How many bytes are kept of the head, and as many of the tail, of each output.
    pub keep: usize,
    /// What it reads from its standard input; nothing if empty.
    pub input: Vec<u8>,
}

impl Command {
    /// Runs `program` with `args`, for at most ten seconds, keeping 64 KiB + 64 KiB.
    pub fn new<S: Into<String>>(program: &str, args: impl IntoIterator<Item = S>) -> Self {
        let mut argv = vec![program.to_owned()];
        argv.extend(args.into_iter().map(Into::into));
        Self {
            argv,
            env: vec![],
            without: vec![],
            dir: None,
            limit: Duration::from_secs(10),
            keep: 64 << 10,
            input: vec![],
        }
    }

    /// Runs the go command ([`go_program`]) with `args`.
    pub fn go<S: Into<String>>(system: &dyn System, args: impl IntoIterator<Item = S>) -> Self {
        Self::new(&go_program(system), args)
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Takes a variable of the inherited environment away.
    pub fn without(mut self, name: &str) -> Self {
        self.without.push(name.into());
        self
    }

    /// Sets the limit.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sets how much of each output is kept.
    pub fn keep(mut self, bytes: usize) -> Self {
        self.keep = bytes;
        self
    }

    /// Sets what it reads from its standard input.
    pub fn input(mut self, bytes: Vec<u8>) -> Self {
        self.input = bytes;
        self
    }

    /// Sets where it runs, relative to the target's root.
    pub fn dir(mut self, dir: &str) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// The command as a person would type it.
    pub fn line(&self) -> String {
        self.argv.join(" ")
    }
}

/// The go command: the one that `GOWARD_GO` names, else the one on the PATH. A path is whole, for commands that run in
/// other folders.
pub fn go_program(system: &dyn System) -> String {
    let named = system.env("GOWARD_GO").filter(|named| !named.is_empty());
    let named = named.unwrap_or_else(|| "go".to_owned());
    match named.contains('/').then(|| std::path::absolute(&named)) {
        Some(Ok(whole)) => whole.to_string_lossy().into_owned(),
        _ => named,
    }
}

/// One output of a command: the head, the tail, and how much there was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    head: Vec<u8>,
    /// A ring: what came last begins at `at`.
    tail: Vec<u8>,
    at: usize,
    keep: usize,
    total: u64,
}

impl Captured {
    /// Keeps `keep` bytes of the head and as many of the tail.
    pub fn new(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    /// All of `bytes`.
    pub fn whole(bytes: &[u8]) -> Self {
        let mut all = Self::new(bytes.len());
        all.push(bytes);
        all
    }

    /// Takes what came next.
    pub fn push(&mut self, bytes: &[u8]) {
        self.total = self.total.saturating_add(bytes.len() as u64);
        let (head, rest) = bytes.split_at(bytes.len().min(self.keep - self.head.len()));
        self.head.extend_from_slice(head);
        // Only the last `keep` bytes can survive.
        let mut rest = &rest[rest.len().saturating_sub(self.keep)..];
        let (fill, more) = rest.split_at(rest.len().min(self.keep - self.tail.len()));
        self.tail.extend_from_slice(fill);
        rest = more;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.tail.len() - self.at));
            self.tail[self.at..self.at + now.len()].copy_from_slice(now);
            self.at = (self.at + now.len()) % self.tail.len();
            rest = later;
        }
    }

    /// How many bytes there were.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many bytes were not kept.
    pub fn left_out(&self) -> u64 {
        self.total - self.head.len() as u64 - self.tail.len() as u64
    }

    /// What was kept, head and tail; all of it where nothing was left out.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        let (last, first) = self.tail.split_at(self.at.min(self.tail.len()));
        bytes.extend_from_slice(first);
        bytes.extend_from_slice(last);
        bytes
    }

    /// What was kept, as text; a line tells what was left out.
    pub fn text(&self) -> String {
        let mut bytes = self.head.clone();
        if self.left_out() > 0 {
            bytes.extend_from_slice(format!("\n[{} bytes left out]\n", self.left_out()).as_bytes());
        }
        bytes.extend_from_slice(&self.tail[self.at..]);
        bytes.extend_from_slice(&self.tail[..self.at]);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// How a command came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited.
    Code(i32),
    /// A signal that we did not send ended it.
    Signal(i32),
    /// We ended it at its limit.
    TimedOut,
    /// We ended it because the user interrupted the run.
    Cancelled,
}

/// What a command left behind.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it ended.
    pub ended: Ended,
    /// Standard output.
    pub stdout: Captured,
    /// Standard error.
    pub stderr: Captured,
    /// From the start to the answer.
    pub elapsed: Duration,
    /// Whether something it started still ran, and was ended, after it had exited.
    pub leaked: bool,
}

impl Output {
    /// The standard output of a command that exited with 0 and whose output was kept whole.
    pub fn success(self, command: &Command) -> Result<String, SystemError> {
        let line = command.line();
        match self.ended {
            Ended::Code(0) if self.stdout.left_out() == 0 => Ok(self.stdout.text()),
            Ended::Code(0) => Err(SystemError::Command(format!(
                "`{line}` printed {} bytes, more than is read",
                self.stdout.total()
            ))),
            Ended::Code(code) => {
                let said = message(&self.stderr.text());
                let colon = if said.is_empty() { "" } else { ": " };
                Err(SystemError::Command(format!("`{line}` exited with {code}{colon}{said}")))
            }
            Ended::Signal(signal) => {
                Err(SystemError::Command(format!("`{line}` was ended by signal {signal}")))
            }
            Ended::TimedOut => Err(SystemError::TimedOut(command.limit)),
            Ended::Cancelled => Err(SystemError::Cancelled),
        }
    }
}

/// Lines of a message that are kept.
const MESSAGE_LINES: usize = 12;

/// What a command said when it failed: the last lines, since what is wrong is often said in several (`go` writes the
/// command that helps below it), without what it said of its progress.
fn message(stderr: &str) -> String {
    let is_progress = |line: &&str| {
        ["go: downloading ", "go: finding ", "go: extracting "]
            .iter()
            .any(|it| line.starts_with(it))
    };
    let lines: Vec<&str> = stderr
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .filter(|line| !is_progress(line))
        .collect();
    let kept = lines.get(lines.len().saturating_sub(MESSAGE_LINES)..).unwrap_or_default();
    kept.join("\n").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_kept_with_all_of_its_lines() {
        let said = "go: downloading example.com/x v1.0.0\ngo: inconsistent vendoring in /m:\n\t\
                    a@v1: is explicitly required\n\n\tTo sync, run:\n\t\tgo mod vendor\n";
        let expected = "go: inconsistent vendoring in /m:\n\ta@v1: is explicitly required\n\t\
                        To sync, run:\n\t\tgo mod vendor";
        assert_eq!(message(said), expected);
        let long: String = (0..100).map(|line| format!("line {line}\n")).collect();
        assert_eq!(message(&long).lines().count(), MESSAGE_LINES);
        assert!(message(&long).ends_with("line 99"));
        assert_eq!(message("go: downloading example.com/x v1.0.0\n"), "");
    }

    #[test]
    fn the_head_and_the_tail_are_kept_and_the_rest_is_counted() {
        for chunk in [1, 3, 7, 100, 1000] {
            let all: Vec<u8> = (0..1000).map(|i| b'a' + (i % 26) as u8).collect();
            let mut captured = Captured::new(10);
            all.chunks(chunk).for_each(|part| captured.push(part));
            let head = String::from_utf8_lossy(&all[..10]).into_owned();
            let tail = String::from_utf8_lossy(&all[990..]).into_owned();
            assert_eq!(captured.text(), format!("{head}\n[980 bytes left out]\n{tail}"), "{chunk}");
            assert_eq!(captured.total(), 1000);
        }
    }

    #[test]
    fn a_short_output_is_whole() {
        let mut captured = Captured::new(4);
        captured.push(b"abc");
        captured.push(b"defg");
        assert_eq!((captured.text().as_str(), captured.left_out()), ("abcdefg", 0));
        let mut nothing = Captured::new(0);
        nothing.push(b"abc");
        assert_eq!(nothing.left_out(), 3);
    }
}
