//! A log of Windows: PowerShell's `>` writes UTF-16.

use std::io::{self, Read};

/// So much is recoded at once.
const CHUNK: usize = 64 << 10;

/// How two bytes make a letter.
type Unit = fn([u8; 2]) -> u16;

/// The log as UTF-8, whatever it was.
pub(crate) struct Recoded<'a> {
    input: &'a mut dyn Read,
    /// How two bytes make a unit, once that is known; `None` if the log is not UTF-16.
    unit: Option<Unit>,
    begun: bool,
    /// Read and not yet recoded.
    raw: Vec<u8>,
    /// Recoded and not yet given.
    text: Vec<u8>,
    given: usize,
    /// So much was read.
    bytes: u64,
}

impl<'a> Recoded<'a> {
    pub(crate) fn new(input: &'a mut dyn Read) -> Recoded<'a> {
        Recoded { input, unit: None, begun: false, raw: vec![], text: vec![], given: 0, bytes: 0 }
    }

    /// How much was read of a log that was recoded.
    pub(crate) fn recoded(&self) -> Option<u64> {
        self.unit.map(|_| self.bytes)
    }

    /// Reads up to so many bytes more; fewer only at the end.
    fn fill(&mut self, most: usize) -> io::Result<()> {
        while self.raw.len() < most {
            let mut more = vec![0; most - self.raw.len()];
            match self.input.read(&mut more) {
                Ok(0) => break,
                Ok(count) => {
                    self.bytes += count as u64;
                    self.raw.extend(more.iter().take(count));
                }
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => return Err(err),
            }
        }
        Ok(())
    }

    /// What the first bytes say of the rest.
    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        self.fill(8)?;
        let marked = matches!(*self.raw, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        if marked {
            // Half a line feed or blank is a NUL; two stray bytes before a text are no mark.
            self.fill(CHUNK)?;
        }
        let marked = marked && self.raw.contains(&0);
        let (unit, mark): (Option<Unit>, usize) = match *self.raw {
            [0xff, 0xfe, ..] if marked => (Some(u16::from_le_bytes), 2),
            [0xfe, 0xff, ..] if marked => (Some(u16::from_be_bytes), 2),
            // Without its mark: four letters of ASCII.
            [b'\t'..=b'~', 0, b'\t'..=b'~', 0, b'\t'..=b'~', 0, b'\t'..=b'~', 0] => {
                (Some(u16::from_le_bytes), 0)
            }
            _ => (None, 0),
        };
        self.unit = unit;
        self.raw.drain(..mark);
        if unit.is_none() {
            self.text = std::mem::take(&mut self.raw);
        }
        Ok(())
    }

    fn recode(&mut self, unit: Unit) -> io::Result<()> {
        self.fill(CHUNK)?;
        let ended = self.raw.len() < CHUNK;
        let mut units: Vec<u16> =
            self.raw.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        // The second half of a letter comes with the next chunk.
        if !ended && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
        }
        let used = if ended { self.raw.len() } else { units.len() * 2 };
        self.raw.drain(..used);
        self.given = 0;
        self.text.clear();
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }
}

impl Read for Recoded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begin()?;
        }
        if self.given == self.text.len() {
            match self.unit {
                None => return self.input.read(out),
                Some(unit) => self.recode(unit)?,
            }
        }
        let left = self.text.get(self.given..).unwrap_or_default();
        let count = left.len().min(out.len());
        for (to, from) in out.iter_mut().zip(left) {
            *to = *from;
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(log: &[u8]) -> (String, Option<u64>) {
        let mut input = log;
        let mut recoded = Recoded::new(&mut input);
        let mut text = vec![];
        recoded.read_to_end(&mut text).unwrap();
        (String::from_utf8_lossy(&text).into_owned(), recoded.recoded())
    }

    #[test]
    fn utf_16_is_read_and_all_else_stays_as_it_is() {
        let text = "go: x\r\n构建 🦀\n".repeat(20_000);
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (mark, log) in [(&[0xff, 0xfe][..], &le), (&[0xfe, 0xff], &be), (&[], &le)] {
            let log = [mark, log].concat();
            assert!(read(&log) == (text.clone(), Some(log.len() as u64)));
        }
        for plain in ["", "g", "go: x\n", "\u{feff}go: x\n", "构建"] {
            assert_eq!(read(plain.as_bytes()), (plain.to_owned(), None));
        }
        assert_eq!(read(b"\xff\xfeg\0o").0, "g");
        assert_eq!(read(b"\xff\xfe./x.go:1:2: y\n").1, None, "two stray bytes");
    }
}
