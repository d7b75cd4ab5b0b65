//! A place in a file that moves forwards.

/// Reads bytes, and knows whether it wanted more than there were.
#[derive(Debug)]
pub(crate) struct Cursor<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) at: usize,
    /// Something was asked for behind the last byte.
    pub(crate) hit_end: bool,
    /// The line that `counted` lies in, and where it begins.
    line: usize,
    line_start: usize,
    counted: usize,
}

impl<'b> Cursor<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, hit_end: false, line: 1, line_start: 0, counted: 0 }
    }

    pub(crate) fn peek(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.hit_end |= byte.is_none();
        byte
    }

    pub(crate) fn peek_at(&mut self, ahead: usize) -> Option<u8> {
        let byte = self.bytes.get(self.at + ahead).copied();
        self.hit_end |= byte.is_none();
        byte
    }

    pub(crate) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Moves to the end of the line: onto its line feed.
    pub(crate) fn skip_line(&mut self) {
        match memchr::memchr(b'\n', self.rest()) {
            Some(end) => self.at += end,
            None => {
                self.at = self.bytes.len();
                self.hit_end = true;
            }
        }
    }

    /// Moves behind a comment `/* … */`; `None` where it does not end. Says whether a line ended within.
    pub(crate) fn skip_comment(&mut self) -> Option<bool> {
        let start = self.at;
        match memchr::memmem::find(self.rest().get(2..).unwrap_or_default(), b"*/") {
            Some(end) => {
                self.at += end + 4;
                let comment = self.bytes.get(start..self.at).unwrap_or_default();
                Some(memchr::memchr(b'\n', comment).is_some())
            }
            None => {
                self.at = self.bytes.len();
                self.hit_end = true;
                None
            }
        }
    }

    /// The 1-based line and byte column of a place, which lies behind those that were asked for before.
    pub(crate) fn position(&mut self, at: usize) -> (usize, usize) {
        // For Go no line begins at the very end (`token.File.AddLine`).
        if at > 0 && at == self.bytes.len() && self.bytes.ends_with(b"\n") {
            let (line, column) = self.position(at - 1);
            return (line, column + 1);
        }
        if at < self.counted {
            (self.line, self.line_start, self.counted) = (1, 0, 0);
        }
        let between = self.bytes.get(self.counted..at).unwrap_or_default();
        for end in memchr::memchr_iter(b'\n', between) {
            self.line += 1;
            self.line_start = self.counted + end + 1;
        }
        self.counted = at;
        (self.line, at - self.line_start + 1)
    }
}
