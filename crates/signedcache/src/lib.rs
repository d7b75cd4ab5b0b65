//! A Go build cache that is not believed: what an action made is a signed statement, and its bytes
//! are verified on every get.
//!
//! - [`protocol`]: what the go command says to a `GOCACHEPROG` and is answered, read within bounds.
//! - [`Statement`], [`Signer`], [`Trusted`]: action → output, signed with Ed25519.
//! - [`Store`]: a folder in the layout of Go's own cache, with a signed entry beside each entry.
//! - [`Memory`]: which files were verified already, and what shows that they were not touched since.
//! - [`Remote`]: the same over HTTP, within limits; what is slow or away is left alone.
//! - [`Program`]: one session of the go command.
//! - [`Server`]: a store behind HTTP.
//!
//! Source of the protocol: [`cmd/go/internal/cacheprog`](https://go.dev/src/cmd/go/internal/cacheprog/cacheprog.go)
//! and [`cmd/go/internal/cache/prog.go`](https://go.dev/src/cmd/go/internal/cache/prog.go).
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads and writes the build cache itself, because speed is its point"
)]

mod entry;
mod event;
mod http;
mod look;
mod memory;
mod program;
pub mod protocol;
mod put;
mod remote;
mod server;
mod session;
mod spool;
mod store;
mod upload;

pub use entry::{EntryError, KeyId, MAX_SIGNED, Signed, Signer, Statement, Trusted};
pub use event::{Doubt, Event, Found, Listener, Place};
pub use http::{Head, Method};
pub use memory::Memory;
pub use program::{Ended, Program, Stats};
pub use remote::{Remote, RemoteError, Token};
pub use server::{Server, ServerError, Stop};
pub use store::Store;

/// An output over this is no cache's business (as [`gocache::MAX_OBJECT`]).
pub(crate) const MAX_OBJECT: u64 = gocache::MAX_OBJECT;
