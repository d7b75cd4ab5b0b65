//! The history of the log as this client has seen it: each signed tree head has to begin with the ones before it.

use super::{Client, Error, Ops, WriteError};
use crate::note;
use crate::tlog::{self, Hash, TileHashReader, Tree};
use std::sync::{Arc, MutexGuard, PoisonError};

/// How often the file of the latest tree head may change under us. (Go tries for ever.)
const MAX_CONFLICTS: usize = 100;

/// A tree head with its signed note; without one for the empty tree, where each client begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tree: Tree,
    pub(super) note: Arc<[u8]>,
}

impl Head {
    pub(super) fn empty() -> Self {
        Self { tree: Tree::empty(), note: Arc::default() }
    }
}

/// Where a tree head lies, seen from the latest one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Past,
    Now,
    Future,
}

impl<O: Ops> Client<O> {
    fn lock_latest(&self) -> MutexGuard<'_, Head> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The latest tree head that this client has verified; empty before the first lookup.
    pub fn latest(&self) -> Tree {
        self.lock_latest().tree
    }

    /// Takes a signed tree head into the history, in memory and in the file (`Client.mergeLatest`).
    pub(super) fn merge_latest(&self, message: &[u8]) -> Result<(), Error> {
        if self.merge_in_memory(message)? != When::Future {
            return Ok(());
        }
        let file = format!("{}/latest", self.name());
        for _ in 0..MAX_CONFLICTS {
            // Another process may have moved it on meanwhile: that is part of the history, too.
            let stored = self.read_config(&file)?;
            if self.merge_in_memory(&stored)? != When::Past {
                return Ok(());
            }
            let latest = Arc::clone(&self.lock_latest().note);
            match self.ops.write_config(&file, &stored, &latest) {
                Ok(()) => return Ok(()),
                Err(WriteError::Conflict) => {}
                Err(error) => return Err(Error::WriteConfig(error)),
            }
        }
        Err(Error::WriteConfig(WriteError::Conflict))
    }

    /// `Client.mergeLatestMem`
    fn merge_in_memory(&self, message: &[u8]) -> Result<When, Error> {
        let mut latest = self.lock_latest().clone();
        if message.is_empty() {
            return Ok(if latest.tree.size == 0 { When::Now } else { When::Past });
        }
        let head = self.open_head(message)?;
        loop {
            if head.tree.size <= latest.tree.size {
                self.check_trees(&head, &latest)?;
                let past = head.tree.size < latest.tree.size;
                return Ok(if past { When::Past } else { When::Now });
            }
            self.check_trees(&latest, &head)?;
            // No lock is held while tiles are read, so another thread may have been faster. Then the latest tree has
            // grown, so this ends.
            let mut current = self.lock_latest();
            if *current == latest {
                *current = head;
                return Ok(When::Future);
            }
            latest = current.clone();
        }
    }

    /// Verifies the signature of a tree head.
    pub(super) fn open_head(&self, message: &[u8]) -> Result<Head, Error> {
        if message.len() > super::MAX_ANSWER {
            return Err(Error::TooLong(message.len()));
        }
        let note = note::open(message, std::slice::from_ref(&self.verifier)).map_err(|error| {
            Error::Note { error, note: String::from_utf8_lossy(message).into_owned() }
        })?;
        match Tree::parse(note.text.as_bytes()) {
            Ok(tree) => Ok(Head { tree, note: message.into() }),
            Err(error) => Err(Error::Tree { error, text: note.text }),
        }
    }

    /// Whether the newer tree begins with the older one (`Client.checkTrees`).
    fn check_trees(&self, older: &Head, newer: &Head) -> Result<(), Error> {
        let reader = TileHashReader::new(newer.tree, self);
        let hash = tlog::tree_hash(older.tree.size, &reader).map_err(|error| Error::Timeline {
            older: older.tree.size,
            newer: newer.tree.size,
            error: Box::new(error),
        })?;
        if hash == older.tree.hash {
            return Ok(());
        }
        let message: Arc<str> = report(older, newer, hash, &reader).into();
        self.ops.security_error(&message);
        Err(Error::Security(message))
    }
}

/// What Go prints: both signed tree heads, the hash that the older tree has within the newer one, and the proof of that.
fn report<O: Ops>(
    older: &Head,
    newer: &Head,
    hash: Hash,
    reader: &TileHashReader<'_, Client<O>>,
) -> String {
    let indent = |head: &Head| String::from_utf8_lossy(&head.note).replace('\n', "\n\t");
    let mut text = format!(
        "SECURITY ERROR\ngo.sum database server misbehavior detected!\n\n\
         old database:\n\t{}\nnew database:\n\t{}\nproof of misbehavior:\n\t{hash}",
        indent(older),
        indent(newer)
    );
    let within = Tree { size: older.tree.size, hash };
    match tlog::prove_tree(newer.tree.size, older.tree.size, reader) {
        Err(error) => text.push_str(&format!("\tinternal error: {error}\n")),
        Ok(proof) => match tlog::check_tree(&proof, newer.tree, within) {
            Err(_) => text.push_str("\tinternal error: generated inconsistent proof\n"),
            Ok(()) => proof.iter().for_each(|hash| text.push_str(&format!("\n\t{hash}"))),
        },
    }
    text
}
