//! Where the hashes of a tree are stored: all in one line, each inner node right behind its last leaf.
//!
//! See section 3.3 of Crosby and Wallach, "Efficient Data Structures for Tamper-Evident Logging".

/// The storage index of the `n`th hash (from 0) at `level` (0 for records) (`tlog.StoredHashIndex`); `None` if it needs
/// more than 64 bits.
pub fn stored_hash_index(level: u32, n: u64) -> Option<u64> {
    // The hash is written with the last record below it; before that record r there are r + r/2 + r/4 + … hashes,
    // and that sum is 2r less the one bits of r.
    let record = u128::from(n).checked_add(1)?.checked_mul(1_u128.checked_shl(level)?)?;
    let record = u64::try_from(record.checked_sub(1)?).ok()?;
    let before = u128::from(record) * 2 - u128::from(record.count_ones());
    u64::try_from(before + u128::from(level)).ok()
}

/// Level and number of the hash at a storage index (`tlog.SplitStoredHashIndex`).
pub fn split_stored_hash_index(index: u64) -> (u32, u64) {
    // How many hashes are stored before record n: n is in [index/2, index/2 + log index].
    let before = |n: u64| u128::from(n) * 2 - u128::from(n.count_ones());
    let mut n = index / 2;
    while before(n + 1) <= u128::from(index) {
        n += 1;
    }
    let level = u32::try_from(u128::from(index) - before(n)).unwrap_or(0);
    (level, n.checked_shr(level).unwrap_or(0))
}

/// How many hashes are stored for a tree of `n` records (`tlog.StoredHashCount`); `None` beyond 64 bits.
pub fn stored_hash_count(n: u64) -> Option<u64> {
    // Each record writes one hash more than its number ends in one bits: together, all before record n.
    u64::try_from(u128::from(n) * 2 - u128::from(n.count_ones())).ok()
}

/// The largest power of two below `n`, and its logarithm; 1 and 0 where there is none (`tlog.maxpow2`).
pub(super) fn max_pow2(n: u64) -> (u64, u32) {
    let level = n.saturating_sub(1).checked_ilog2().unwrap_or(0);
    (1 << level, level)
}
