//! The beginning and the end of what a build said; the middle of a long log is left out.

/// Kept of the beginning, in bytes.
const HEAD: usize = 256 << 10;
/// Kept of the end, in bytes.
const TAIL: usize = 768 << 10;

/// A text of which at most a megabyte is kept.
#[derive(Clone, Debug, Default)]
pub struct Log {
    head: Vec<u8>,
    tail: Vec<u8>,
    left_out: u64,
}

impl Log {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let free = HEAD - self.head.len();
        let (first, rest) = bytes.split_at(free.min(bytes.len()));
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        // Seldom, so that each byte is moved a bounded number of times.
        if self.tail.len() > 2 * TAIL {
            let out = self.tail.len() - TAIL;
            self.tail.drain(..out);
            self.left_out += out as u64;
        }
    }

    /// The text, with a line that says what was left out.
    pub fn text(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        if self.left_out > 0 {
            text += &format!("\n[goward: {} bytes left out]\n", self.left_out);
        }
        text + &String::from_utf8_lossy(&self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_keeps_its_beginning_and_its_end() {
        let mut log = Log::default();
        log.push(b"first\n");
        for _ in 0..100_000 {
            log.push(b"the same line again and again\n");
        }
        log.push(b"last\n");
        let text = log.text();
        assert!(text.starts_with("first\n") && text.ends_with("last\n"));
        assert!(text.contains("bytes left out") && text.len() < HEAD + 2 * TAIL + 100);
        let mut short = Log::default();
        short.push(b"a\nb\n");
        assert_eq!(short.text(), "a\nb\n");
    }
}
