//! One output of the go command on its way to ours: passed on as it comes, and looked at.
//!
//! Where ours is a terminal the command gets a terminal too, so that what it runs colours and wraps
//! as it would without us.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::fstat;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, isatty, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// What is read at once.
const BLOCK: usize = 64 << 10;
/// A longer line is classified in pieces.
const MAX_LINE: usize = 64 << 10;

/// Where the command writes, and where we read it.
pub(crate) struct Stream {
    /// The command's end.
    pub(crate) theirs: OwnedFd,
    /// Our end.
    pub(crate) ours: File,
    /// It is a terminal, and its size follows ours.
    pub(crate) terminal: bool,
}

impl Stream {
    /// A pipe, or a terminal like `real`.
    pub(crate) fn like(real: BorrowedFd<'_>) -> io::Result<Self> {
        if isatty(real) {
            return Self::terminal(real);
        }
        let (ours, theirs) = io::pipe()?;
        Ok(Self { theirs: theirs.into(), ours: OwnedFd::from(ours).into(), terminal: false })
    }

    fn terminal(real: BorrowedFd<'_>) -> io::Result<Self> {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&ours)?;
        unlockpt(&ours)?;
        let name = ptsname(&ours, vec![])?;
        let flags =
            rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC;
        let theirs = rustix::fs::open(&*name, flags, rustix::fs::Mode::empty())?;
        // Bytes go through as they are; the real terminal does what terminals do to them.
        let mut modes = tcgetattr(&theirs)?;
        modes.make_raw();
        tcsetattr(&theirs, OptionalActions::Now, &modes)?;
        let stream = Self { theirs, ours: ours.into(), terminal: true };
        resize(real, stream.ours.as_fd());
        Ok(stream)
    }
}

/// Gives a terminal the size of another.
pub(crate) fn resize(from: BorrowedFd<'_>, to: BorrowedFd<'_>) {
    if let Ok(size) = tcgetwinsize(from) {
        let _ = tcsetwinsize(to, size);
    }
}

/// Whether two descriptors are the same file, pipe or terminal, as after `2>&1`.
pub(crate) fn same(a: impl AsFd, b: impl AsFd) -> bool {
    match (fstat(a), fstat(b)) {
        (Ok(a), Ok(b)) => (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino),
        _ => false,
    }
}

/// What the text of an error names instead of the tool: us, as the go command sees it.
pub(crate) struct Restore {
    /// `PROGRAM: `, as Go puts it before the exit status of what it ran.
    pub(crate) needle: Vec<u8>,
    /// The tool that failed last.
    pub(crate) tool: Box<dyn Fn() -> Option<String> + Send>,
}

/// How copying ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    /// All was written.
    All,
    /// Whoever read went away.
    NobodyReads,
    /// It could not be written: why.
    Failed(String),
}

/// Copies until the end. `writing` says whether it waits for the reader of ours.
pub(crate) fn copy(
    mut from: File,
    to: BorrowedFd<'_>,
    tap: Option<&SyncSender<Vec<u8>>>,
    restore: Option<&Restore>,
    writing: &AtomicBool,
) -> Copied {
    let mut failed = None;
    let mut block = vec![0; BLOCK];
    let mut held: Vec<u8> = vec![];
    let mut lines = Lines::default();
    loop {
        // A terminal whose other side is closed says EIO.
        let count = match from.read(&mut block) {
            Ok(count) => count,
            Err(err) if err.kind() == ErrorKind::Interrupted => continue,
            Err(_) => 0,
        };
        held.extend_from_slice(block.get(..count).unwrap_or_default());
        let rest =
            restore.map(|restore| put_back(&mut held, restore, count == 0)).unwrap_or_default();
        if let Some(tap) = tap {
            lines.take(&held, count == 0, tap);
        }
        writing.store(true, Ordering::Relaxed);
        match if failed.is_none() { write(to, &held) } else { Ok(()) } {
            Ok(()) => {}
            // Closing our end tells the command, as it would have been told.
            Err(rustix::io::Errno::PIPE) => return Copied::NobodyReads,
            // A full disk ends no command: most of them do not even look.
            Err(err) => failed = Some(io::Error::from(err).to_string()),
        }
        writing.store(false, Ordering::Relaxed);
        if count == 0 {
            return failed.map_or(Copied::All, Copied::Failed);
        }
        held.clear();
        held.extend(rest);
    }
}

/// Puts the tool's name where ours stands; gives the end of `text` that may begin our name.
fn put_back(text: &mut Vec<u8>, restore: &Restore, last: bool) -> Vec<u8> {
    let needle = restore.needle.as_slice();
    let mut at = 0;
    while let Some(found) = find(text.get(at..).unwrap_or_default(), needle).map(|found| found + at)
    {
        at = found + needle.len();
        if let Some(tool) = (restore.tool)() {
            let name = format!("{tool}: ");
            text.splice(found..at, name.bytes());
            at = found + name.len();
        }
    }
    let possible = needle.len().saturating_sub(1).min(text.len());
    let begun =
        (1..=possible).rev().find(|count| text.ends_with(needle.get(..*count).unwrap_or_default()));
    match begun {
        Some(count) if !last => text.split_off(text.len() - count),
        _ => vec![],
    }
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len().max(1)).position(|window| window == needle)
}

/// Writes all, also where somebody made our output non-blocking.
fn write(to: BorrowedFd<'_>, mut bytes: &[u8]) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::from_borrowed_fd(to, PollFlags::OUT)], None);
            }
            Err(err) => return Err(err),
        }
    }
    Ok(())
}

/// Whole lines for the classifier, so that those of two outputs do not mix.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn take(&mut self, text: &[u8], last: bool, tap: &SyncSender<Vec<u8>>) {
        self.0.extend_from_slice(text);
        let end = self.0.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = if last || self.0.len() - end > MAX_LINE { self.0.len() } else { end };
        if end > 0 {
            let rest = self.0.split_off(end);
            // Whoever listened has gone: then nobody wants to know.
            let _ = tap.send(std::mem::replace(&mut self.0, rest));
        }
    }
}

/// What the classifier reads.
pub(crate) struct Tap {
    pieces: std::sync::mpsc::Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    keep: crate::log::Log,
}

impl Tap {
    pub(crate) fn new(pieces: std::sync::mpsc::Receiver<Vec<u8>>) -> Self {
        Self { pieces, piece: vec![], at: 0, keep: crate::log::Log::default() }
    }

    /// Waits for the first piece; gives whether there is one.
    pub(crate) fn begins(&mut self) -> bool {
        self.fill();
        !self.piece.is_empty()
    }

    /// Has something to read, but for the end.
    fn fill(&mut self) {
        if self.at == self.piece.len() {
            (self.piece, self.at) = (self.pieces.recv().unwrap_or_default(), 0);
            self.keep.push(&self.piece);
        }
    }

    pub(crate) fn into_log(self) -> crate::log::Log {
        self.keep
    }
}

impl io::Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill();
        let mut rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(pieces: &[&str]) -> String {
        let restore = Restore {
            needle: b"/opt/goward: ".to_vec(),
            tool: Box::new(|| Some("/go/compile".to_owned())),
        };
        let mut out = vec![];
        let mut held = vec![];
        for (at, piece) in pieces.iter().enumerate() {
            held.extend_from_slice(piece.as_bytes());
            let rest = put_back(&mut held, &restore, at + 1 == pieces.len());
            out.append(&mut held);
            held = rest;
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_tool_is_named_and_not_us() {
        let whole = "go build x: /opt/goward: signal: killed\n";
        let wanted = "go build x: /go/compile: signal: killed\n";
        assert_eq!(restored(&[whole]), wanted);
        for at in 0..whole.len() {
            assert_eq!(restored(&[&whole[..at], &whole[at..]]), wanted, "cut at {at}");
        }
        assert_eq!(restored(&["/opt/goward", "-x /opt/gow"]), "/opt/goward-x /opt/gow");
    }

    #[test]
    fn lines_reach_the_classifier_whole() {
        let (sender, receiver) = std::sync::mpsc::sync_channel(10);
        let mut lines = Lines::default();
        lines.take(b"a\nb", false, &sender);
        lines.take(b"c\n", false, &sender);
        lines.take(b"d", true, &sender);
        let all: Vec<Vec<u8>> = receiver.try_iter().collect();
        assert_eq!(all, [b"a\n".to_vec(), b"bc\n".to_vec(), b"d".to_vec()]);
    }
}
