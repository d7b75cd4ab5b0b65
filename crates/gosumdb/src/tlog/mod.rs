//! The transparency log (`golang.org/x/mod/sumdb/tlog`): a Merkle tree over records, as RFC 6962 has it.
//!
//! Go counts in `int64` and does not ask whether that is enough. Here a tree has less than [`MAX_TREE_SIZE`] records; Go
//! itself would loop forever on a larger one.

mod head;
mod index;
mod proof;
mod record;
mod tile;
mod tile_reader;
mod tree;

pub use head::Tree;
pub use index::{split_stored_hash_index, stored_hash_count, stored_hash_index};
pub use proof::{check_record, check_tree, prove_record, prove_tree};
pub use record::{Record, format_record, parse_record};
pub use tile::{Tile, TileReader, hash_from_tile, new_tiles, read_tile_data, tile_for_index};
pub use tile_reader::TileHashReader;
pub use tree::{HashReader, stored_hashes, tree_hash};

use crate::base64;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Trees of this many records, or more, are refused where arithmetic is needed. (sum.golang.org has about 2^26.)
pub const MAX_TREE_SIZE: u64 = 1 << 62;

/// What is wrong with a tree head, a record, a proof or a tile, in Go's words where Go has any.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A hash is not 32 bytes in base64.
    #[error("malformed hash")]
    MalformedHash,
    /// The text of a note is no tree head.
    #[error("malformed tree note")]
    MalformedTree,
    /// An answer to a lookup, or the text of a record, is malformed.
    #[error("malformed record data")]
    MalformedRecord,
    /// The path of a tile is malformed, or not the one that the tile has.
    #[error("malformed tile path {}", crate::quote::quote(.0))]
    MalformedTilePath(String),
    /// A question that makes no sense, such as the proof that a tree has a record behind its end.
    #[error("tlog: invalid inputs in {0}")]
    InvalidInputs(&'static str),
    /// The proof does not prove it.
    #[error("invalid transparency proof")]
    ProofFailed,
    /// A tile has impossible coordinates.
    #[error("invalid tile {0}")]
    InvalidTile(String),
    /// A tile is shorter than it should be.
    #[error("data len {length} too short for tile {tile}")]
    ShortTile {
        /// Bytes that there are.
        length: usize,
        /// The path of the tile.
        tile: String,
    },
    /// A hash is asked of a tile that does not hold it.
    #[error("index {index} is in {holder} not {tile}")]
    WrongTile {
        /// The storage index of the hash.
        index: u64,
        /// The path of the tile that holds it.
        holder: String,
        /// The path of the tile that was asked.
        tile: String,
    },
    /// Hashes are asked of a tree that does not have them.
    #[error("indexes not in tree")]
    NotInTree,
    /// A reader gave more or fewer hashes than it was asked for.
    #[error("tlog: ReadHashes({wanted} indexes) = {got} hashes")]
    HashCount {
        /// How many were asked for.
        wanted: usize,
        /// How many came.
        got: usize,
    },
    /// A reader gave more or fewer tiles than it was asked for.
    #[error("TileReader returned bad result slice (len={got}, want {wanted})")]
    TileCount {
        /// How many were asked for.
        wanted: usize,
        /// How many came.
        got: usize,
    },
    /// A tile is longer or shorter than its width says.
    #[error("TileReader returned bad result slice ({tile} len={got}, want {wanted})")]
    TileLength {
        /// The path of the tile.
        tile: String,
        /// Bytes that it has.
        got: usize,
        /// Bytes that it should have.
        wanted: usize,
    },
    /// The tiles do not add up to the tree, or a tile not to its parent.
    #[error("downloaded inconsistent tile")]
    InconsistentTile,
    /// A hash store lacks a hash.
    #[error("hash {0} is not stored")]
    NotStored(u64),
    /// The tree has [`MAX_TREE_SIZE`] records or more.
    #[error("tree of size {0} is too large")]
    TooLarge(u64),
}

/// A SHA-256: of a record, of a node, of a whole tree. It prints as base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; Hash::SIZE]);

impl Hash {
    /// Bytes in a hash.
    pub const SIZE: usize = 32;

    /// The hash of the tree without records: that of nothing (RFC 6962, section 2.1).
    pub fn empty_tree() -> Self {
        Self(Sha256::digest(b"").into())
    }

    /// The hash of a record: SHA-256 of a zero byte and the text (RFC 6962, section 2.1).
    pub fn of_record(text: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(text).finalize().into())
    }

    /// The hash of an inner node: SHA-256 of a one byte and both sides (RFC 6962, section 2.1).
    pub fn of_node(left: &Self, right: &Self) -> Self {
        let digest = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
        Self(digest.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::decode(text.as_bytes()).ok_or(Error::MalformedHash)
    }
}

impl Hash {
    pub(crate) fn decode(base64: &[u8]) -> Option<Self> {
        base64::decode(base64)?.try_into().ok().map(Self)
    }
}
