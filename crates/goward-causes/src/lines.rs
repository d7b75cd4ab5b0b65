//! The log as a stream: blocks go in, the lines that hold a literal come out.
//!
//! Memory is a block and the line that it ends in; a line without end is cut.

use crate::literals::{Hit, LANES, Literals, Meanings};
use std::io::{self, Read};

/// What is read at once.
const BLOCK: usize = 256 << 10;

/// Of a longer line only the surroundings of a literal are looked at.
const MAX_LINE: usize = 8 << 10;

/// So much of each block tells what kind of file it is.
const SAMPLE: usize = 4096;

/// And so much of the first one: what go prints may hold the bytes of a damaged file.
const HEAD: usize = 64;

/// A line that holds a literal.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'a> {
    /// As it is in the log, without its end.
    pub(crate) text: &'a [u8],
    /// The line, of which the text may be a part.
    pub(crate) whole: &'a [u8],
    /// 1-based.
    pub(crate) line: u64,
    /// Of its first byte, from the beginning of the log.
    pub(crate) offset: u64,
    /// What its words may mean.
    pub(crate) meanings: Meanings,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
    /// Whether there was anything that is neither blank nor NUL.
    pub(crate) text: bool,
    /// Whether it begins as no text does.
    headed: bool,
    /// Of the blocks that were read: those of a program or an archive more than those of a text.
    programs: i64,
}

impl Done {
    /// Whether it is a program, an archive, a picture: words in it are nobody's report.
    pub(crate) fn is_binary(&self) -> bool {
        self.headed && self.programs > 0
    }
}

/// Reads the log to its end.
pub(crate) fn read(
    input: &mut dyn Read,
    literals: &Literals,
    each: &mut dyn FnMut(&Candidate<'_>),
) -> io::Result<Done> {
    let mut stream =
        Stream { literals, each, done: Done::default(), hits: <[Vec<Hit>; LANES]>::default() };
    let mut block = vec![0_u8; BLOCK];
    let mut filled = 0;
    loop {
        let free = block.get_mut(filled..).unwrap_or_default();
        let count = match input.read(free) {
            Ok(count) => count,
            Err(err) if err.kind() == io::ErrorKind::Interrupted => continue,
            Err(err) => return Err(err),
        };
        filled += count;
        let ended = count == 0;
        // A pipe gives little at a time: lines are looked for when there is enough.
        if !ended && filled < BLOCK {
            continue;
        }
        let have = block.get(..filled).unwrap_or_default();
        let whole =
            if ended { filled } else { memchr::memrchr(b'\n', have).map_or(filled, |at| at + 1) };
        stream.block(have.get(..whole).unwrap_or_default());
        block.copy_within(whole..filled, 0);
        filled -= whole;
        if ended {
            break;
        }
    }
    Ok(stream.done)
}

struct Stream<'a> {
    literals: &'a Literals,
    each: &'a mut dyn FnMut(&Candidate<'_>),
    done: Done,
    hits: [Vec<Hit>; LANES],
}

impl Stream<'_> {
    /// Looks through whole lines, or through a piece of one that is longer than a block.
    fn block(&mut self, block: &[u8]) {
        // A sparse file is long and says nothing.
        if block.first() == Some(&0) && block.iter().all(|byte| *byte == 0) {
            self.done.bytes += block.len() as u64;
            return;
        }
        self.hits.iter_mut().for_each(Vec::clear);
        self.literals.find(block, &mut self.hits);
        let mut at = 0;
        // So many lines end before this place.
        let mut counted = 0;
        let mut ended = self.done.lines;
        let mut line = 0;
        let mut hits = self.hits.iter().flatten().copied().peekable();
        while let Some(hit) = hits.next() {
            if !self.literals.opens(hit) {
                continue;
            }
            let found = hit.at;
            let start =
                block.get(..found).and_then(|b| memchr::memrchr(b'\n', b)).map_or(0, |n| n + 1);
            let end = block
                .get(found..)
                .and_then(|b| memchr::memchr(b'\n', b))
                .map_or(block.len(), |n| found + n);
            // More of a long line is in the same one.
            if start >= counted {
                ended += newlines(block, counted, start);
                line = ended + 1;
                let closed = end < block.len();
                ended += u64::from(closed);
                counted = end + usize::from(closed);
            }
            let (from, to) = if end - start <= MAX_LINE {
                (start, end)
            } else {
                // What was looked at before is not looked at again.
                (
                    start.max(at).max(found.saturating_sub(MAX_LINE / 2)),
                    end.min(found + MAX_LINE / 2),
                )
            };
            let text = block.get(from..to).unwrap_or_default();
            let mut meanings = self.literals.meanings(hit);
            while let Some(more) = hits.next_if(|more| more.at < to) {
                meanings = meanings.with(&self.literals.meanings(more));
            }
            (self.each)(&Candidate {
                text,
                whole: text,
                meanings,
                line,
                offset: self.done.bytes + from as u64,
            });
            at = to.max(found + 1);
        }
        // A log that was cut while it was written to begins with NULs.
        let begin = block.iter().position(|byte| *byte != 0).unwrap_or(0);
        let sample = block.get(begin..).unwrap_or_default();
        let sample = sample.get(..SAMPLE).unwrap_or(sample);
        self.done.text |= is_text(sample);
        if self.done.bytes == 0 {
            self.done.headed = is_program(sample.get(..HEAD).unwrap_or(sample));
        }
        self.done.programs += if is_program(sample) { 1 } else { -1 };
        self.done.lines = ended + newlines(block, counted, block.len());
        self.done.bytes += block.len() as u64;
    }
}

fn newlines(block: &[u8], from: usize, to: usize) -> u64 {
    block.get(from..to).map_or(0, |part| memchr::memchr_iter(b'\n', part).count() as u64)
}

/// Whether it is no text in any encoding: one byte of 20 is a control character.
fn is_program(sample: &[u8]) -> bool {
    let is_control =
        |byte: &&u8| byte.is_ascii_control() && !b"\t\n\r\x1b\x08\x0c\x07".contains(byte);
    sample.iter().filter(is_control).count() * 20 > sample.len()
}

/// Whether a person could read it: of a binary file nobody can say that nothing failed. Logs have colours, and letters of
/// any encoding here and there.
fn is_text(sample: &[u8]) -> bool {
    let control =
        |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x1b' | '\x08' | '\x0c');
    let bad: usize = sample
        .utf8_chunks()
        .map(|chunk| chunk.invalid().len() + chunk.valid().chars().filter(|c| control(*c)).count())
        .sum();
    sample.iter().any(u8::is_ascii_graphic) && bad * 5 < sample.len()
}
