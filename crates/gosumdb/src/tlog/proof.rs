//! Proofs that a tree has a record (RFC 6962, section 2.1.1), and that it begins with an older tree (section 2.1.2).
//!
//! Recursion halves the tree each time: it is at most 62 deep.

use super::index::max_pow2;
use super::tree::{checked, read, subtree_hash, subtree_indexes};
use super::{Error, Hash, HashReader, Tree};
use std::slice::Iter;

/// The proof that the tree of the first `size` records has record `n` (`tlog.ProveRecord`).
///
/// # Errors
/// [`Error::InvalidInputs`] if it has not, [`Error::TooLarge`], and those of the reader.
pub fn prove_record<R: HashReader + ?Sized>(
    size: u64,
    n: u64,
    reader: &R,
) -> Result<Vec<Hash>, R::Error> {
    if n >= size {
        return Err(Error::InvalidInputs("ProveRecord").into());
    }
    let mut indexes = Vec::new();
    record_indexes(0, checked(size)?, n, &mut indexes)?;
    if indexes.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = read(reader, &indexes)?;
    let mut proof = Vec::new();
    record_proof(0, size, n, &mut hashes.iter(), &mut proof)?;
    Ok(proof)
}

fn record_indexes(low: u64, high: u64, n: u64, need: &mut Vec<u64>) -> Result<(), Error> {
    if low + 1 == high {
        return Ok(());
    }
    let middle = low + max_pow2(high - low).0;
    if n < middle {
        record_indexes(low, middle, n, need)?;
        subtree_indexes(middle, high, need)
    } else {
        subtree_indexes(low, middle, need)?;
        record_indexes(middle, high, n, need)
    }
}

/// From the record to the root: the hash of each other side.
fn record_proof(
    low: u64,
    high: u64,
    n: u64,
    hashes: &mut Iter<Hash>,
    proof: &mut Vec<Hash>,
) -> Result<(), Error> {
    if low + 1 == high {
        return Ok(());
    }
    let middle = low + max_pow2(high - low).0;
    let other = if n < middle {
        record_proof(low, middle, n, hashes, proof)?;
        subtree_hash(middle, high, hashes)?
    } else {
        let other = subtree_hash(low, middle, hashes)?;
        record_proof(middle, high, n, hashes, proof)?;
        other
    };
    proof.push(other);
    Ok(())
}

/// Whether `proof` proves that `tree` has a record of hash `hash` in place `n` (`tlog.CheckRecord`).
///
/// # Errors
/// [`Error::ProofFailed`]: it does not. [`Error::InvalidInputs`]: the place lies behind the tree's end.
pub fn check_record(proof: &[Hash], tree: Tree, n: u64, hash: Hash) -> Result<(), Error> {
    if n >= tree.size {
        return Err(Error::InvalidInputs("CheckRecord"));
    }
    let root = run_record_proof(proof, 0, checked(tree.size)?, n, hash)?;
    if root == tree.hash { Ok(()) } else { Err(Error::ProofFailed) }
}

fn run_record_proof(
    proof: &[Hash],
    low: u64,
    high: u64,
    n: u64,
    hash: Hash,
) -> Result<Hash, Error> {
    if low + 1 == high {
        return if proof.is_empty() { Ok(hash) } else { Err(Error::ProofFailed) };
    }
    let (other, proof) = proof.split_last().ok_or(Error::ProofFailed)?;
    let middle = low + max_pow2(high - low).0;
    Ok(if n < middle {
        Hash::of_node(&run_record_proof(proof, low, middle, n, hash)?, other)
    } else {
        Hash::of_node(other, &run_record_proof(proof, middle, high, n, hash)?)
    })
}

/// The proof that the tree of the first `size` records begins with that of the first `n` (`tlog.ProveTree`).
///
/// # Errors
/// [`Error::InvalidInputs`] if it cannot, or one of them is empty, [`Error::TooLarge`], and those of the reader.
pub fn prove_tree<R: HashReader + ?Sized>(
    size: u64,
    n: u64,
    reader: &R,
) -> Result<Vec<Hash>, R::Error> {
    if n < 1 || n > size {
        return Err(Error::InvalidInputs("ProveTree").into());
    }
    let mut indexes = Vec::new();
    tree_indexes(0, checked(size)?, n, &mut indexes)?;
    if indexes.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = read(reader, &indexes)?;
    let mut proof = Vec::new();
    tree_proof(0, size, n, &mut hashes.iter(), &mut proof)?;
    Ok(proof)
}

fn tree_indexes(low: u64, high: u64, n: u64, need: &mut Vec<u64>) -> Result<(), Error> {
    if n == high {
        return if low == 0 { Ok(()) } else { subtree_indexes(low, high, need) };
    }
    let middle = low + max_pow2(high - low).0;
    if n <= middle {
        tree_indexes(low, middle, n, need)?;
        subtree_indexes(middle, high, need)
    } else {
        subtree_indexes(low, middle, need)?;
        tree_indexes(middle, high, n, need)
    }
}

fn tree_proof(
    low: u64,
    high: u64,
    n: u64,
    hashes: &mut Iter<Hash>,
    proof: &mut Vec<Hash>,
) -> Result<(), Error> {
    if n == high {
        // Where this is all of the old tree, its hash is known already.
        if low != 0 {
            proof.push(subtree_hash(low, high, hashes)?);
        }
        return Ok(());
    }
    let middle = low + max_pow2(high - low).0;
    let other = if n <= middle {
        tree_proof(low, middle, n, hashes, proof)?;
        subtree_hash(middle, high, hashes)?
    } else {
        let other = subtree_hash(low, middle, hashes)?;
        tree_proof(middle, high, n, hashes, proof)?;
        other
    };
    proof.push(other);
    Ok(())
}

/// Whether `proof` proves that `newer` begins with `older` (`tlog.CheckTree`).
///
/// # Errors
/// [`Error::ProofFailed`]: it does not. [`Error::InvalidInputs`]: `older` is empty or larger than `newer`.
pub fn check_tree(proof: &[Hash], newer: Tree, older: Tree) -> Result<(), Error> {
    if older.size < 1 || older.size > newer.size {
        return Err(Error::InvalidInputs("CheckTree"));
    }
    let size = checked(newer.size)?;
    let (old, new) = run_tree_proof(proof, 0, size, older.size, older.hash)?;
    if old == older.hash && new == newer.hash { Ok(()) } else { Err(Error::ProofFailed) }
}

/// The hashes of the old tree and the new tree, as far as they lie within `[low, high)`.
fn run_tree_proof(
    proof: &[Hash],
    low: u64,
    high: u64,
    n: u64,
    old: Hash,
) -> Result<(Hash, Hash), Error> {
    if n == high {
        return match proof {
            [] if low == 0 => Ok((old, old)),
            [hash] if low != 0 => Ok((*hash, *hash)),
            _ => Err(Error::ProofFailed),
        };
    }
    let (other, proof) = proof.split_last().ok_or(Error::ProofFailed)?;
    let middle = low + max_pow2(high - low).0;
    Ok(if n <= middle {
        let (old, new) = run_tree_proof(proof, low, middle, n, old)?;
        (old, Hash::of_node(&new, other))
    } else {
        let (old, new) = run_tree_proof(proof, middle, high, n, old)?;
        (Hash::of_node(other, &old), Hash::of_node(other, &new))
    })
}
