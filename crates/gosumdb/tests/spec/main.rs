//! What the library promises, and what the installed Go makes of the same.

mod client;
mod ed25519;
mod go;
mod note;
mod offline;
mod proof;
mod properties;
mod real;
mod setting;
mod tile;
mod tlog;
mod world;
