//! The hash of a tree, from stored hashes.

use super::index::max_pow2;
use super::{Error, Hash, MAX_TREE_SIZE, stored_hash_index};
use std::slice::Iter;

/// A store of hashes.
pub trait HashReader {
    /// What reading may come to; errors of the arithmetic are among it.
    type Error: From<Error>;

    /// The hashes at these storage indexes ([`stored_hash_index`]), one for each.
    ///
    /// # Errors
    /// Some hash cannot be had.
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Self::Error>;
}

/// All the hashes of a tree, in the order of their storage.
impl HashReader for [Hash] {
    type Error = Error;

    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let read = |index: &u64| {
            let place = usize::try_from(*index).ok();
            place.and_then(|place| self.get(place)).copied().ok_or(Error::NotStored(*index))
        };
        indexes.iter().map(read).collect()
    }
}

/// Reads, and holds the reader to the number of hashes asked for.
pub(super) fn read<R: HashReader + ?Sized>(
    reader: &R,
    indexes: &[u64],
) -> Result<Vec<Hash>, R::Error> {
    let hashes = reader.read_hashes(indexes)?;
    if hashes.len() == indexes.len() {
        return Ok(hashes);
    }
    Err(Error::HashCount { wanted: indexes.len(), got: hashes.len() }.into())
}

/// The hash of the tree of the first `size` records (`tlog.TreeHash`).
///
/// # Errors
/// Those of the reader, which is asked once, for at most 62 hashes; [`Error::TooLarge`].
pub fn tree_hash<R: HashReader + ?Sized>(size: u64, reader: &R) -> Result<Hash, R::Error> {
    if size == 0 {
        return Ok(Hash::empty_tree());
    }
    let mut indexes = Vec::new();
    subtree_indexes(0, checked(size)?, &mut indexes)?;
    let hashes = read(reader, &indexes)?;
    Ok(subtree_hash(0, size, &mut hashes.iter())?)
}

/// The hashes to store for record `n` with that hash, from [`stored_hash_index`]`(0, n)` on: its own, and those of the
/// subtrees that it completes (`tlog.StoredHashesForRecordHash`).
///
/// # Errors
/// Those of the reader; [`Error::TooLarge`].
pub fn stored_hashes<R: HashReader + ?Sized>(
    n: u64,
    record: Hash,
    reader: &R,
) -> Result<Vec<Hash>, R::Error> {
    let completed = (checked(n)? + 1).trailing_zeros();
    // In the order of storage: the widest subtree first. n >> level is odd.
    let index = |level| stored_hash_index(level, (n >> level) - 1).ok_or(Error::TooLarge(n));
    let indexes: Vec<u64> = (0..completed).rev().map(index).collect::<Result<_, _>>()?;
    let old = read(reader, &indexes)?;
    let mut hashes = vec![record];
    let mut hash = record;
    for left in old.iter().rev() {
        hash = Hash::of_node(left, &hash);
        hashes.push(hash);
    }
    Ok(hashes)
}

pub(super) fn checked(size: u64) -> Result<u64, Error> {
    if size < MAX_TREE_SIZE { Ok(size) } else { Err(Error::TooLarge(size)) }
}

/// The storage indexes that [`subtree_hash`] needs for the records `[low, high)` (`tlog.subTreeIndex`).
pub(super) fn subtree_indexes(low: u64, high: u64, need: &mut Vec<u64>) -> Result<(), Error> {
    let mut low = low;
    while low < high {
        let (size, level) = max_pow2(high - low + 1);
        need.push(stored_hash_index(level, low >> level).ok_or(Error::TooLarge(high))?);
        low += size;
    }
    Ok(())
}

/// The hash of the records `[low, high)`, from the hashes of the complete subtrees that they consist of
/// (`tlog.subTreeHash`).
pub(super) fn subtree_hash(low: u64, high: u64, hashes: &mut Iter<Hash>) -> Result<Hash, Error> {
    let mut low = low;
    let mut parts = Vec::new();
    while low < high {
        parts.push(hashes.next().ok_or(Error::ProofFailed)?);
        low += max_pow2(high - low + 1).0;
    }
    let (last, lefts) = parts.split_last().ok_or(Error::ProofFailed)?;
    Ok(lefts.iter().rev().fold(**last, |right, left| Hash::of_node(left, &right)))
}
