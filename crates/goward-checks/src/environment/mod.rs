//! Whether Go's own verification is switched on, everywhere the build passes.

pub(crate) mod toolchain_pinned;
pub(crate) mod toolchain_too_old;
