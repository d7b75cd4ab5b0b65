//! Tree heads: the text that the server signs.

use super::{Error, Hash};

const FIRST_LINE: &[u8] = b"go.sum database tree\n";

/// A longer text is no tree head, as in Go.
const MAX_LENGTH: usize = 1_000_000;

/// The size of a tree and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tree {
    /// How many records it has; at most `i64::MAX`.
    pub size: u64,
    /// The hash of its root.
    pub hash: Hash,
}

impl Tree {
    /// The tree without records.
    pub fn empty() -> Self {
        Self { size: 0, hash: Hash::empty_tree() }
    }

    /// Three lines: what it is, the size, the hash in base64 (`tlog.FormatTree`).
    pub fn format(&self) -> String {
        format!("go.sum database tree\n{}\n{}\n", self.size, self.hash)
    }

    /// Reads the text of a note; lines behind the third are for readers to come (`tlog.ParseTree`).
    ///
    /// # Errors
    /// [`Error::MalformedTree`]
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        parse(text).ok_or(Error::MalformedTree)
    }
}

fn parse(text: &[u8]) -> Option<Tree> {
    let rest = text.strip_prefix(FIRST_LINE).filter(|_| text.len() <= MAX_LENGTH)?;
    let mut lines = rest.splitn(3, |b| *b == b'\n');
    // The third piece is what follows the second line end; without it the hash has no line end.
    let (size, hash, _) = (lines.next()?, lines.next()?, lines.next()?);
    let size = std::str::from_utf8(size).ok()?;
    let number: u64 = size.parse().ok().filter(|n| i64::try_from(*n).is_ok())?;
    let hash = Hash::decode(hash)?;
    (number.to_string() == size).then_some(Tree { size: number, hash })
}
