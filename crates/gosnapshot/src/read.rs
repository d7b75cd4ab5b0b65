//! Reads the document. It may come from anywhere.

use crate::{SCHEMA, Snapshot, write};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A snapshot of all of Kubernetes has a tenth of it.
pub const MAX_BYTES: u64 = 64 << 20;

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON, or something is missing or of another kind.
    #[error("damaged: {0}; take the snapshot again")]
    Damaged(String),
    /// Another kind of document.
    #[error("no snapshot: its `schema` is {0:?}, not {SCHEMA:?}")]
    OtherSchema(String),
    /// A snapshot of a later goward.
    #[error(
        "a snapshot of version {0:?}, which this goward does not read; use the goward that wrote it, or a later one"
    )]
    Newer(String),
    /// It was changed after it was written.
    #[error(
        "damaged: it was changed after it was written (its digest is {given}, that of its content {found}); take the snapshot again"
    )]
    Changed {
        /// What it says.
        given: String,
        /// What it is.
        found: String,
    },
    /// Too large.
    #[error("{0} bytes are more than a snapshot has (at most {MAX_BYTES})")]
    TooLarge(u64),
}

/// Reads a document.
///
/// # Errors
/// It is no snapshot, of a version that is not known, or damaged. Nothing of it is to be believed then.
pub fn read(text: &[u8]) -> Result<Snapshot, ReadError> {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    if text.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge(text.len() as u64));
    }
    let damaged = |err: serde_json::Error| ReadError::Damaged(err.to_string());
    // The version is judged first: of a later one nothing else can be.
    let head: Head = serde_json::from_slice(text).map_err(damaged)?;
    if head.schema != SCHEMA {
        let version = head.schema.strip_prefix("goward.snapshot/");
        return Err(match version {
            Some(version) => ReadError::Newer(version.to_owned()),
            None => ReadError::OtherSchema(head.schema),
        });
    }
    let snapshot: Snapshot = serde_json::from_slice(text).map_err(damaged)?;
    let found = write::digest(&snapshot);
    if snapshot.digest != found {
        return Err(ReadError::Changed { given: snapshot.digest, found });
    }
    coherent(&snapshot)?;
    Ok(snapshot)
}

/// What types cannot say.
fn coherent(snapshot: &Snapshot) -> Result<(), ReadError> {
    let damaged = |why: String| Err(ReadError::Damaged(why));
    let mut seen = BTreeSet::new();
    for module in snapshot.modules.iter().flatten() {
        if !seen.insert(&module.path) {
            return damaged(format!("the module {:?} is there twice", module.path));
        }
    }
    let hashes = snapshot.packages.iter().flatten();
    for (package, hash) in hashes {
        if hash.len() != 16 || !hash.bytes().all(|it| it.is_ascii_hexdigit()) {
            return damaged(format!("the hash of the package {package:?} is none"));
        }
    }
    Ok(())
}
