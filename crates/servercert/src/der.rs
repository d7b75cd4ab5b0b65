//! A cursor over DER, with the strictness of Go's `cryptobyte.String`: one-byte identifiers, definite and
//! minimal lengths, minimal integers. It never looks deeper than it is asked to, so nesting costs nothing.

/// The bytes are not the DER that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The identifier of `[number] EXPLICIT` or of a constructed `[number] IMPLICIT`.
pub(crate) const fn explicit(number: u8) -> u8 {
    0xa0 | number
}

/// The identifier of a primitive `[number] IMPLICIT`.
pub(crate) const fn implicit(number: u8) -> u8 {
    0x80 | number
}

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether the next element has this identifier.
    pub(crate) fn next_is(&self, identifier: u8) -> bool {
        self.rest.first() == Some(&identifier)
    }

    /// The identifier and the contents of the next element.
    pub(crate) fn any(&mut self) -> Result<(u8, &'a [u8]), Malformed> {
        let [identifier, first, rest @ ..] = self.rest else { return Err(Malformed) };
        if identifier & 0x1f == 0x1f {
            return Err(Malformed);
        }
        let (length, rest) = match *first {
            short @ 0..=0x7f => (usize::from(short), rest),
            long @ 0x81..=0x84 => {
                let (bytes, rest) =
                    rest.split_at_checked(usize::from(long & 0x7f)).ok_or(Malformed)?;
                let length = bytes.iter().fold(0_usize, |n, b| (n << 8) | usize::from(*b));
                if length < 0x80 || bytes.first() == Some(&0) {
                    return Err(Malformed);
                }
                (length, rest)
            }
            _ => return Err(Malformed),
        };
        let (contents, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok((*identifier, contents))
    }

    /// The contents of the next element, which must have this identifier.
    pub(crate) fn read(&mut self, identifier: u8) -> Result<&'a [u8], Malformed> {
        if !self.next_is(identifier) {
            return Err(Malformed);
        }
        self.any().map(|(_, contents)| contents)
    }

    /// The next element as a whole, which must have this identifier.
    pub(crate) fn element(&mut self, identifier: u8) -> Result<&'a [u8], Malformed> {
        let before = self.rest;
        self.read(identifier)?;
        before.get(..before.len() - self.rest.len()).ok_or(Malformed)
    }

    /// What `read` reads, which must be all there is.
    pub(crate) fn only<T>(
        mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let value = read(&mut self)?;
        if self.is_empty() { Ok(value) } else { Err(Malformed) }
    }

    /// As [`Reader::read`], and `None` when the next element is another one.
    pub(crate) fn optional(&mut self, identifier: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.next_is(identifier) { self.read(identifier).map(Some) } else { Ok(None) }
    }

    /// The inside of the next element, a SEQUENCE.
    pub(crate) fn sequence(&mut self) -> Result<Self, Malformed> {
        self.read(SEQUENCE).map(Self::new)
    }

    /// A BOOLEAN as DER writes it.
    pub(crate) fn boolean(&mut self) -> Result<bool, Malformed> {
        match self.read(BOOLEAN)? {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// An INTEGER that is not negative, big-endian, without the zeros before it; zero is empty.
    pub(crate) fn unsigned(&mut self) -> Result<&'a [u8], Malformed> {
        match self.read(INTEGER)? {
            [0] => Ok(&[]),
            [0, rest @ ..] if rest.first().is_some_and(|b| *b >= 0x80) => Ok(rest),
            bytes @ [1..=0x7f, ..] => Ok(bytes),
            _ => Err(Malformed),
        }
    }

    /// An INTEGER that fits.
    pub(crate) fn small(&mut self) -> Result<u64, Malformed> {
        let bytes = self.unsigned()?;
        if bytes.len() > 8 {
            return Err(Malformed);
        }
        Ok(bytes.iter().fold(0, |n, b| (n << 8) | u64::from(*b)))
    }

    /// An OBJECT IDENTIFIER in dotted decimals. Like Go, no component above 31 bits.
    pub(crate) fn oid(&mut self) -> Result<String, Malformed> {
        let mut dotted = String::new();
        let mut component = 0_u32;
        let mut inside = false;
        for byte in self.read(OID)? {
            if !inside && *byte == 0x80 || component >= 1 << 24 {
                return Err(Malformed);
            }
            component = component << 7 | u32::from(byte & 0x7f);
            inside = byte & 0x80 != 0;
            if !inside {
                push_component(&mut dotted, component);
                component = 0;
            }
        }
        if inside || dotted.is_empty() { Err(Malformed) } else { Ok(dotted) }
    }

    /// A BIT STRING, moved to the right so that its last bit is the last bit of a byte, and the number of bits
    /// that it lacks to whole bytes.
    pub(crate) fn bits(&mut self) -> Result<(Vec<u8>, u8), Malformed> {
        let [missing, bytes @ ..] = self.read(BIT_STRING)? else { return Err(Malformed) };
        let missing = *missing;
        match bytes.last() {
            None if missing != 0 => return Err(Malformed),
            Some(last) if missing > 7 || last & ((1 << missing) - 1) != 0 => return Err(Malformed),
            _ => {}
        }
        if missing == 0 {
            return Ok((bytes.to_vec(), 0));
        }
        let mut carry = 0_u16;
        let moved = bytes.iter().map(|byte| {
            let wide = carry << 8 | u16::from(*byte);
            carry = u16::from(*byte);
            // Only the lower byte is wanted.
            (wide >> missing).to_le_bytes()[0]
        });
        Ok((moved.collect(), missing))
    }
}

/// The first number holds two components: X.690, section 8.19.4.
fn push_component(dotted: &mut String, component: u32) {
    if dotted.is_empty() {
        let first = (component / 40).min(2);
        *dotted = format!("{first}.{}", component - first * 40);
    } else {
        dotted.push('.');
        dotted.push_str(&component.to_string());
    }
}
