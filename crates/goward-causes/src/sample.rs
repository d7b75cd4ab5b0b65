//! The beginning and the end of a log, kept while it is read: what kind of text it is shows there.

use std::io::{self, Read};

/// So many bytes of the beginning are kept.
const HEAD: usize = 64 << 10;

/// So many bytes of the end are kept.
const TAIL: usize = 8 << 10;

/// Reads on, and keeps both ends.
pub(crate) struct Sampled<'a> {
    input: &'a mut dyn Read,
    head: Vec<u8>,
    tail: Vec<u8>,
    more: bool,
}

impl<'a> Sampled<'a> {
    pub(crate) fn new(input: &'a mut dyn Read) -> Sampled<'a> {
        Sampled { input, head: vec![], tail: vec![], more: false }
    }

    /// The beginning, up to its last line that is whole.
    pub(crate) fn head(&self) -> &[u8] {
        let cut = if self.more { memchr::memrchr(b'\n', &self.head) } else { None };
        self.head.get(..cut.unwrap_or(self.head.len())).unwrap_or_default()
    }

    /// The end; its first line may be cut.
    pub(crate) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The log, if the beginning is all of it.
    pub(crate) fn whole(&self) -> Option<&[u8]> {
        (!self.more).then_some(self.head.as_slice())
    }
}

impl Read for Sampled<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        let new = out.get(..count).unwrap_or_default();
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(new.get(..room).unwrap_or(new));
        self.more |= count > room;
        let end = new.get(count.saturating_sub(TAIL)..).unwrap_or_default();
        let old = (self.tail.len() + end.len()).saturating_sub(TAIL);
        self.tail.drain(..old.min(self.tail.len()));
        self.tail.extend_from_slice(end);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_kept() {
        let long: Vec<u8> = (0..40_000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
        for (log, whole) in [(&b"one\ntwo"[..], true), (&b""[..], true), (&long, false)] {
            let mut input = log;
            let mut sampled = Sampled::new(&mut input);
            let mut out = [0; 1000];
            while sampled.read(&mut out).unwrap() > 0 {}
            assert_eq!(sampled.whole().is_some(), whole);
            assert!(log.starts_with(sampled.head()) && log.ends_with(sampled.tail()));
            assert_eq!(sampled.tail().len(), log.len().min(TAIL));
            assert!(whole || sampled.head().len() > HEAD - 100);
        }
    }
}
