//! Prints a file in Go's style (`modfile/print.go`).

use std::borrow::Cow;

/// The bytes behind a decoded text.
pub(crate) struct Source<'a> {
    bytes: &'a [u8],
    decoded: &'a str,
    /// Where the decoded text has a U+FFFD for a byte: three bytes for one. Sorted.
    replaced: Vec<usize>,
}

impl<'a> Source<'a> {
    /// `decoded` is `bytes` as [`crate::text::decode`] reads them.
    pub(crate) fn new(bytes: &'a [u8], decoded: &'a str) -> Self {
        let mut replaced = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len();
            for _ in chunk.invalid() {
                replaced.push(at);
                at += char::REPLACEMENT_CHARACTER.len_utf8();
            }
        }
        Self { bytes, decoded, replaced }
    }

    /// The bytes of a part of the decoded text.
    pub(crate) fn raw(&self, part: &'a str) -> &'a [u8] {
        if self.replaced.is_empty() {
            return part.as_bytes();
        }
        // A part is known by its address, as no word carries its place.
        let start = part.as_ptr().addr().wrapping_sub(self.decoded.as_ptr().addr());
        let byte = |at: usize| at - 2 * self.replaced.partition_point(|place| *place < at);
        match start.checked_add(part.len()) {
            Some(end) if end <= self.decoded.len() => {
                self.bytes.get(byte(start)..byte(end)).unwrap_or_default()
            }
            _ => part.as_bytes(),
        }
    }

    /// Comments without blanks around them.
    pub(crate) fn comments(&self, comments: &[&'a str]) -> Vec<&'a [u8]> {
        comments.iter().map(|comment| self.raw(comment.trim())).collect()
    }
}

/// A line, or the words in front of a block.
pub(crate) struct Row<'a> {
    /// Whole lines above; an empty one is a blank line.
    pub(crate) before: Vec<&'a [u8]>,
    pub(crate) words: Vec<Cow<'a, [u8]>>,
    /// Behind, on the same line. For the head of a block: behind the closing parenthesis.
    pub(crate) suffix: Vec<&'a [u8]>,
}

/// A statement to print.
pub(crate) enum Stretch<'a> {
    Comments(Vec<&'a [u8]>),
    Line(Row<'a>),
    Block {
        head: Row<'a>,
        open_suffix: Vec<&'a [u8]>,
        rows: Vec<Row<'a>>,
        close_before: Vec<&'a [u8]>,
        close_suffix: Vec<&'a [u8]>,
    },
}

/// `modfile.Format`.
pub(crate) fn print(stretches: &[Stretch<'_>]) -> Vec<u8> {
    let mut printer = Printer { out: Vec::new(), pending: Vec::new(), margin: 0 };
    for (index, stretch) in stretches.iter().enumerate() {
        match stretch {
            Stretch::Comments(comments) => printer.before(comments),
            Stretch::Line(row) => {
                printer.row(row);
                printer.newline();
            }
            Stretch::Block { head, open_suffix, rows, close_before, close_suffix } => {
                printer.before(&head.before);
                printer.words(&head.words);
                printer.out.extend_from_slice(b" (");
                printer.pending.extend_from_slice(open_suffix);
                printer.margin += 1;
                for row in rows {
                    printer.newline();
                    printer.row(row);
                }
                printer.margin -= 1;
                printer.newline();
                printer.before(close_before);
                printer.out.push(b')');
                printer.pending.extend_from_slice(close_suffix);
                printer.pending.extend_from_slice(&head.suffix);
                printer.newline();
            }
        }
        if index + 1 < stretches.len() {
            printer.newline();
        }
    }
    let mut out = printer.out;
    while out == b"\n" || out.ends_with(b"\n\n") {
        out.pop();
    }
    out
}

struct Printer<'a> {
    out: Vec<u8>,
    /// The comments that come at the end of the line.
    pending: Vec<&'a [u8]>,
    /// How many tabs stand in front of a line.
    margin: usize,
}

impl<'a> Printer<'a> {
    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(b'\t', self.margin));
    }

    /// Takes the blanks from the end of the line.
    fn trim(&mut self) {
        while matches!(self.out.last(), Some(b'\t' | b' ')) {
            self.out.pop();
        }
    }

    /// Ends the line, with the comments that belong there.
    fn newline(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for (index, comment) in pending.iter().enumerate() {
            if index == 0 {
                self.out.push(b' ');
            } else {
                self.trim();
                self.out.push(b'\n');
                self.indent();
            }
            self.out.extend_from_slice(comment);
        }
        self.trim();
        // No blank line at the top, and no second one.
        if !self.out.is_empty() && !self.out.ends_with(b"\n\n") {
            self.out.push(b'\n');
        }
        self.indent();
    }

    /// Comments above, at the margin.
    fn before(&mut self, comments: &[&'a [u8]]) {
        if comments.is_empty() {
            return;
        }
        self.trim();
        if self.out.last().is_some_and(|byte| *byte != b'\n') {
            self.out.push(b'\n');
        }
        self.indent();
        for comment in comments {
            self.out.extend_from_slice(comment);
            self.newline();
        }
    }

    fn row(&mut self, row: &Row<'a>) {
        self.before(&row.before);
        self.words(&row.words);
        self.pending.extend_from_slice(&row.suffix);
    }

    fn words(&mut self, words: &[Cow<'_, [u8]>]) {
        let mut blank = false;
        for word in words {
            let word = word.as_ref();
            if blank && !matches!(word, b"," | b")" | b"]" | b"}") {
                self.out.push(b' ');
            }
            self.out.extend_from_slice(word);
            blank = !matches!(word, b"(" | b"[" | b"{");
        }
    }
}
