//! Whether the database vouches for a line of go.sum, as a typed outcome.

use super::{Client, Error, Ops, ReadError, lines, remote_path};
use crate::tlog::{self, Tree};

/// What the database says of a hash in go.sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The log has this very line.
    Proven(Evidence),
    /// The log has other hashes for the version: the go command calls this a checksum mismatch.
    Contradicts {
        /// Its `h1:` hashes.
        recorded: Vec<String>,
        /// How that is known.
        evidence: Evidence,
    },
    /// The log has a record, but no `h1:` line in it for what was asked. The go command refuses that (since 1.25):
    /// "checksum missing from sumdb response".
    Unlisted(Evidence),
    /// `GONOSUMDB` excludes the module.
    Skipped,
    /// A file that the proof needs is neither in the cache nor to be had, because the network is not used.
    NotInCache {
        /// Its name below the cache: `sum.golang.org/lookup/…` or `sum.golang.org/tile/…`.
        file: String,
    },
    /// The server has signed two histories.
    SecurityError {
        /// Both tree heads and the proof, as Go prints it.
        message: String,
    },
    /// Nothing is proven: the answer is malformed, forged, badly signed, or could not be had. ([`Error::root`] is
    /// [`Error::Read`] with [`ReadError::NotFound`] where the database does not know the module.)
    Failed(Error),
}

/// How a record is known to be in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The place of the record in the log.
    pub record: u64,
    /// The signed tree that has the record.
    pub tree: Tree,
    /// Whether that tree is proven to be part of one history with the latest tree head known. Otherwise, offline, the
    /// tiles for that were not in the cache, and the signature of the tree stands alone.
    pub on_timeline: bool,
}

impl<O: Ops> Client<O> {
    /// Compares a hash of go.sum with the database: `version` ends in `/go.mod` for the line of a go.mod file, and `hash`
    /// begins with `h1:` (`modfetch.checkSumDB`).
    ///
    /// Works offline too, with an [`Ops`] that answers [`ReadError::Offline`]: from what the go command left in its
    /// cache. It leaves there the tiles of the tree that was the latest when it looked, and not those that link this tree
    /// to later ones. Where such a link is missing, the record is proven for the signed tree that came with it.
    pub fn prove(&self, path: &str, version: &str, hash: &str) -> Proof {
        let error = match self.record(path, version) {
            Ok(record) => {
                let evidence =
                    Evidence { record: place(record.id), tree: record.tree, on_timeline: true };
                return compare(&record.text, path, version, hash, evidence);
            }
            Err(error) => error,
        };
        match error.root() {
            Error::Skipped => Proof::Skipped,
            Error::Security(message) => Proof::SecurityError { message: message.to_string() },
            Error::Read { file, error: ReadError::Offline } => {
                self.prove_alone(path, version, hash).unwrap_or_else(|error| match error.root() {
                    Error::Read { .. } | Error::OutsideTree { .. } => {
                        Proof::NotInCache { file: file.clone() }
                    }
                    _ => Proof::Failed(error),
                })
            }
            _ => Proof::Failed(error),
        }
    }

    /// Proves a cached record for the signed tree that it came with.
    fn prove_alone(&self, path: &str, version: &str, hash: &str) -> Result<Proof, Error> {
        let file = format!("{}{}", self.name(), remote_path(path, version)?);
        let missing = || Error::Read { file: file.clone(), error: ReadError::Offline };
        let data = self.read_cache(&file).ok_or_else(missing)?;
        let record = tlog::parse_record(&data)?;
        let tree = self.open_head(record.rest)?.tree;
        self.check_record(&record, tree)?;
        let evidence = Evidence { record: place(record.id), tree, on_timeline: false };
        Ok(compare(record.text, path, version, hash, evidence))
    }
}

fn place(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(0)
}

fn compare(text: &str, path: &str, version: &str, hash: &str, evidence: Evidence) -> Proof {
    let before = path.len().saturating_add(version.len()).saturating_add(2);
    let mut recorded = Vec::new();
    for line in lines(text, path, version).filter_map(|line| line.get(before..)) {
        // As in Go, the first line that decides, decides.
        if line == hash && recorded.is_empty() {
            return Proof::Proven(evidence);
        }
        if line.starts_with("h1:") {
            recorded.push(line.to_owned());
        }
    }
    if recorded.is_empty() {
        Proof::Unlisted(evidence)
    } else {
        Proof::Contradicts { recorded, evidence }
    }
}
