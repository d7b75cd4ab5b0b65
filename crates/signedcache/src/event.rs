//! What a session has to tell, while it goes on.

use crate::EntryError;
use gocache::Id;

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the folder.
    Local,
    /// Behind HTTP.
    Remote,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The entry is not believed.
    Entry(EntryError),
    /// The object has another size than the signed entry says.
    Size {
        /// What is signed, in bytes.
        signed: u64,
        /// What is there; of what came by HTTP, no more than one byte over it was read.
        found: u64,
    },
    /// The object has the size, and other bytes.
    Content {
        /// Their SHA-256.
        found: Id,
    },
    /// A link, a pipe, a folder: no object.
    Kind,
}

/// Something that was kept for an action and was not given to the go command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// For which action.
    pub action: Id,
    /// Its path below the folder, or below the remote's address.
    pub path: String,
    /// What is wrong.
    pub doubt: Doubt,
}

/// What a session tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something is not what was signed. Go was told that it is not there.
    Found(Found),
    /// The remote is left alone from here on.
    RemoteOff {
        /// Why.
        why: String,
    },
    /// Something could not be kept in the folder; told once. The build has it all the same.
    NotKept {
        /// Why.
        why: String,
    },
    /// So many outputs did not reach the remote.
    NotUploaded {
        /// How many.
        count: u64,
        /// Why the last one did not.
        why: String,
    },
    /// The folder can be written by others: what was verified may be another thing when go reads it.
    Shared,
    /// What the go command, or whoever it is, said is not the protocol; the session ends.
    Protocol {
        /// What is wrong.
        why: String,
    },
}

/// Who hears of it, from several threads.
pub type Listener = dyn Fn(Event) + Send + Sync;
