//! Whether Go's own verification is switched on, everywhere the build passes.

mod bypass;
pub(crate) mod goflags_mod_mod;
pub(crate) mod goflags_modcacherw;
pub(crate) mod goinsecure;
pub(crate) mod goprivate_wide;
pub(crate) mod goproxy_direct;
pub(crate) mod goproxy_pipe;
pub(crate) mod gosumdb_off;
pub(crate) mod gosumdb_private;
pub(crate) mod toolchain_pinned;
pub(crate) mod toolchain_too_old;
