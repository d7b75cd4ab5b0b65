//! What the library promises, and what the installed Go makes of the same.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod client;
mod ed25519;
mod go;
mod hostile;
mod note;
mod offline;
mod proof;
mod properties;
mod real;
mod setting;
mod tile;
mod tlog;
mod world;
