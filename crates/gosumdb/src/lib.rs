//! Go's checksum database: signed notes, tree heads, records, inclusion and consistency proofs.
//!
//! What `golang.org/x/mod/sumdb` accepts is accepted, what it refuses is refused with the same words: a test asks the
//! installed Go about the same notes, trees, tiles and servers. Nothing here touches disk, network or clock: what lies
//! there comes through [`Ops`].
//!
//! ```
//! let refused = gosumdb::verify(gosumdb::SUM_GOLANG_ORG, b"text without a signature\n").unwrap_err();
//! assert_eq!(refused.to_string(), "malformed note");
//! ```
//!
//! [`Client::prove`] says of a line in go.sum whether the log has it, and does so offline too, from what the go command
//! left in the module cache. `examples/offline.rs` shows an [`Ops`] for that.

mod base64;
mod client;
pub mod note;
mod quote;
mod setting;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod tlog;

pub use client::{Client, Error, Evidence, MAX_ANSWER, Ops, Proof, ReadError, WriteError};
pub use note::verify;
pub use setting::{Database, SUM_GOLANG_ORG, Setting, SettingError, join};
