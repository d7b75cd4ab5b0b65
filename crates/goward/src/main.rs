//! The gate between a Go build and its release.
fn main() {}
