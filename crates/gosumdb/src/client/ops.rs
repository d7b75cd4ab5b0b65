//! What a client needs of the world, and what may go wrong.

use crate::{note, tlog};
use gomod::module_path::PathError;
use std::sync::Arc;

/// The world of a [`crate::Client`] (`sumdb.ClientOps`). Calls may come from several threads.
pub trait Ops {
    /// What the server has at a path, which begins with `/lookup/` or `/tile/`. Only a complete answer of status 200
    /// counts. An implementation should stop reading after [`crate::MAX_ANSWER`] bytes.
    ///
    /// # Errors
    /// There is no such answer.
    fn read_remote(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The file `NAME/latest`: the latest signed tree head that is known; empty if there is none yet. The go command
    /// has it in `GOPATH/pkg/sumdb`.
    ///
    /// # Errors
    /// Why a file that exists cannot be read.
    fn read_config(&self, file: &str) -> Result<Vec<u8>, String>;

    /// Replaces that file, if its content is still `old`; an empty or missing file may always be replaced. Who only
    /// reads may do nothing here: the client then remembers the tree head as long as it lives.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] if the content is another one.
    fn write_config(&self, file: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError>;

    /// A cached file: `NAME/lookup/MODULE@VERSION` or `NAME/tile/8/…`; `None` if it cannot be had, whatever the reason.
    /// The go command has them in `GOMODCACHE/cache/download/sumdb`.
    fn read_cache(&self, file: &str) -> Option<Vec<u8>>;

    /// Keeps a verified file. Failing to do so is no error.
    fn write_cache(&self, file: &str, data: &[u8]);

    /// Reports that the server has signed two histories: the message holds both tree heads and the proof. The go command
    /// prints it and exits.
    fn security_error(&self, message: &str);
}

/// Why there is no answer from the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The server is not to be asked.
    #[error("not in the cache, and the network is not used")]
    Offline,
    /// The server says that there is no such thing (status 404 or 410): it does not know the module.
    #[error("{0}")]
    NotFound(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// Why the latest tree head was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Somebody else has written it in between.
    #[error("write conflict")]
    Conflict,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// Why a lookup has no answer that can be trusted, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The module is one of those that `GONOSUMDB` excludes.
    #[error("skipped (listed in GONOSUMDB)")]
    Skipped,
    /// Which lookup it was.
    #[error("{path}@{version}: {error}")]
    Lookup {
        /// The module path.
        path: String,
        /// The version, with `/go.mod` if that was asked.
        version: String,
        /// What went wrong.
        error: Box<Error>,
    },
    /// The latest tree head that is known cannot be used.
    #[error("initializing sumdb.Client: {0}")]
    Latest(Box<Error>),
    /// The module path cannot be looked up.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The version cannot be looked up.
    #[error("version {} invalid: disallowed version string", crate::quote::quote(.0))]
    Version(String),
    /// A file is neither in the cache nor to be had from the server.
    #[error("{error}")]
    Read {
        /// Its name in the cache.
        file: String,
        /// Why the server did not give it.
        error: ReadError,
    },
    /// The file of the latest tree head cannot be read.
    #[error("{0}")]
    ReadConfig(String),
    /// The file of the latest tree head cannot be written.
    #[error("{0}")]
    WriteConfig(WriteError),
    /// An answer is longer than [`crate::MAX_ANSWER`].
    #[error("answer of {0} bytes is too long")]
    TooLong(usize),
    /// The tree head is not signed as it must be.
    #[error("reading tree note: {error}\nnote:\n{note}")]
    Note {
        /// What is wrong.
        error: note::Error,
        /// The note; bytes that are no UTF-8 are replaced.
        note: String,
    },
    /// What is signed is no tree head.
    #[error("reading tree: {error}\ntree:\n{text}")]
    Tree {
        /// What is wrong.
        error: tlog::Error,
        /// The text of the note.
        text: String,
    },
    /// It could not be found out whether the newer tree begins with the older one.
    #[error("checking tree#{older}{}: {error}", Self::against(*.older, *.newer))]
    Timeline {
        /// The size of the older tree.
        older: u64,
        /// The size of the newer tree.
        newer: u64,
        /// What went wrong.
        error: Box<Error>,
    },
    /// The record claims a place behind the end of the tree.
    #[error("cannot validate record {id} in tree of size {size}")]
    OutsideTree {
        /// The place.
        id: i64,
        /// The size of the tree.
        size: u64,
    },
    /// The tree has another record in that place.
    #[error("cannot authenticate record data in server response")]
    Unauthenticated,
    /// The server has signed two histories. The text is what [`Ops::security_error`] got.
    #[error("security error: misbehaving server")]
    Security(Arc<str>),
    /// Anything about records and tiles.
    #[error(transparent)]
    Log(#[from] tlog::Error),
}

impl Error {
    fn against(older: u64, newer: u64) -> String {
        if older == newer { String::new() } else { format!(" against tree#{newer}") }
    }

    /// The error itself, without what was being done.
    pub fn root(&self) -> &Self {
        match self {
            Self::Lookup { error, .. } | Self::Latest(error) | Self::Timeline { error, .. } => {
                error.root()
            }
            _ => self,
        }
    }
}
