//! Build lists of made-up module universes.
fn main() {}
