//! An entry of the index: which output an action made.

use crate::Id;

/// `v1 <64 hex> <64 hex> <20 decimal> <20 decimal>\n`
/// ([`entrySize`](https://go.dev/src/cmd/go/internal/cache/cache.go)).
pub const MAX_ENTRY: usize = 3 + 64 + 1 + 64 + 1 + 20 + 1 + 20 + 1;

/// What an action made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The action.
    pub action: Id,
    /// The SHA-256 of what it made.
    pub output: Id,
    /// Its size in bytes: all that Go looks at before it uses an object.
    pub size: u64,
    /// When, in nanoseconds since 1970.
    pub time: u64,
}

/// Why Go does not take an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// Not as long as every entry.
    #[error("it has {0} bytes, an entry has 175")]
    Length(usize),
    /// Not the fields of an entry.
    #[error("it does not have the form of an entry")]
    Form,
    /// An identifier that is not hexadecimal.
    #[error("an identifier in it is not hexadecimal")]
    Id,
    /// A size or time that is no number.
    #[error("a number in it cannot be read")]
    Number,
}

/// Reads an entry as Go's `get` does. Whether it is the entry of the action that the file is named
/// for is the caller's question.
///
/// # Errors
/// Where Go would take it for a miss.
pub fn parse_entry(bytes: &[u8]) -> Result<Entry, EntryError> {
    match bytes.len() {
        0 => return Err(EntryError::Empty),
        MAX_ENTRY => {}
        length => return Err(EntryError::Length(length)),
    }
    let rest = bytes.strip_prefix(b"v1 ").ok_or(EntryError::Form)?;
    let (action, rest) = field(rest, 64, b' ')?;
    let (output, rest) = field(rest, 64, b' ')?;
    let (size, rest) = field(rest, 20, b' ')?;
    let (time, _) = field(rest, 20, b'\n')?;
    Ok(Entry {
        action: Id::from_hex(action).ok_or(EntryError::Id)?,
        output: Id::from_hex(output).ok_or(EntryError::Id)?,
        size: number(size)?,
        time: number(time)?,
    })
}

/// So many bytes that end in `end`, and what follows.
fn field(bytes: &[u8], length: usize, end: u8) -> Result<(&[u8], &[u8]), EntryError> {
    let (field, rest) = bytes.split_at_checked(length).ok_or(EntryError::Form)?;
    match rest.split_first() {
        Some((first, rest)) if *first == end => Ok((field, rest)),
        _ => Err(EntryError::Form),
    }
}

/// Spaces, then what `strconv.ParseInt` takes and is not negative.
fn number(field: &[u8]) -> Result<u64, EntryError> {
    let digits = field.iter().position(|letter| *letter != b' ').map_or(&[][..], |at| &field[at..]);
    let text = std::str::from_utf8(digits).map_err(|_| EntryError::Number)?;
    let number: i64 = text.parse().map_err(|_| EntryError::Number)?;
    u64::try_from(number).map_err(|_| EntryError::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(action: Id, output: Id, size: u64, time: u64) -> Vec<u8> {
        format!("v1 {action} {output} {size:>20} {time:>20}\n").into_bytes()
    }

    #[test]
    fn what_go_refuses_is_refused() {
        let good = text(Id([1; 32]), Id([2; 32]), 5, 7);
        assert_eq!(parse_entry(b""), Err(EntryError::Empty));
        assert_eq!(parse_entry(&good[..174]), Err(EntryError::Length(174)));
        assert_eq!(parse_entry(&[&good[..], b"x"].concat()), Err(EntryError::Length(176)));
        for (at, with, why) in [
            (1, b'2', EntryError::Form),
            (67, b'x', EntryError::Form),
            (174, b' ', EntryError::Form),
            (5, b'g', EntryError::Id),
            (152, b'-', EntryError::Number),
            (172, b'-', EntryError::Number),
        ] {
            let mut bad = good.clone();
            bad[at] = with;
            let found = parse_entry(&bad);
            // A sign in front of a digit is a number, but no size.
            assert_eq!(found, Err(why), "{at}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(action: [u8; 32], output: [u8; 32], size in 0..i64::MAX as u64, time in 0..i64::MAX as u64) {
            let entry = Entry { action: Id(action), output: Id(output), size, time };
            prop_assert_eq!(parse_entry(&text(entry.action, entry.output, size, time)), Ok(entry));
        }

        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>, at in 0usize..175, with: u8) {
            let _ = parse_entry(&bytes);
            let mut near = text(Id([1; 32]), Id([2; 32]), 5, 7);
            near[at] = with;
            let _ = parse_entry(&near);
        }
    }
}
