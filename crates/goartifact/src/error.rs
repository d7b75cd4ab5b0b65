//! Why a file could not be read.

use std::path::{Path, PathBuf};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It could not be opened or read.
    #[error("{path}: {reason}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A folder, a pipe, a device.
    #[error("{path}: not a regular file", path = path.display())]
    NoFile {
        /// The path.
        path: PathBuf,
    },
    /// Another kind of file, or one whose headers are damaged.
    #[error("not an executable: {0}")]
    NoExecutable(String),
    /// Its end is missing.
    #[error("it is cut off: {there} bytes of {wanted} are there")]
    CutOff {
        /// Bytes that it has.
        there: u64,
        /// Bytes that its headers tell of.
        wanted: u64,
    },
    /// A part contradicts itself or the file's size.
    #[error("{0}")]
    Malformed(String),
    /// The function table has the shape of Go's and not its mark.
    #[error("the function table begins with a mark that no Go writes")]
    UnknownMark,
    /// Parts claim more than is read of such a file: it has holes.
    #[error(
        "a part of it claims {claimed} bytes, and of a file that takes so little of the disk at most {limit} are read"
    )]
    TooLong {
        /// The longest part.
        claimed: u64,
        /// What is read of the file in all.
        limit: u64,
    },
    /// A part would unpack to more than such a file can need.
    #[error("{section} claims to unpack to {claimed} bytes; at most {limit} are read")]
    TooLarge {
        /// Its name.
        section: String,
        /// What it claims.
        claimed: u64,
        /// What is read.
        limit: u64,
    },
}

impl Error {
    pub(crate) fn io(path: &Path, err: &std::io::Error) -> Self {
        let text = err.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
        Self::Io { path: path.to_owned(), reason }
    }

    pub(crate) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }
}

impl From<object::Error> for Error {
    fn from(err: object::Error) -> Self {
        Self::Malformed(err.to_string().to_lowercase())
    }
}

impl From<gimli::Error> for Error {
    fn from(err: gimli::Error) -> Self {
        Self::Malformed(err.to_string())
    }
}
