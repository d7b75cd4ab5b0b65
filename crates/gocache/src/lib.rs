//! Go's build cache (`GOCACHE`): what is in it, whether it is what Go stored, and what may go.
//!
//! Go looks at the *size* of a cached object before it uses it, never at its content
//! (`GetFile` in [`cmd/go/internal/cache/cache.go`]). This library looks at the content.
//!
//! - [`Cache::open`] and [`Cache::list`]: the layout, links never followed.
//! - [`verify`]: every object against its name, every archive against the action it is kept for.
//! - [`usage`]: sizes and ages by kind, toolchain and module.
//! - [`plan`] and [`Plan::carry_out`]: what a cleaning would delete, and the deletion.
//!
//! [`cmd/go/internal/cache/cache.go`]: https://go.dev/src/cmd/go/internal/cache/cache.go
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads the build cache itself, because speed is its point"
)]

mod archive;
mod clean;
mod compare;
mod entry;
mod file;
mod goobj;
mod hash;
mod id;
mod judge;
mod kind;
mod layout;
mod modules;
mod program;
mod usage;
mod verify;

pub use archive::{Archive, BuildId, parse_archive};
pub use clean::{Choice, Cleaned, Plan, plan};
pub use compare::{Compared, Difference, compare};
pub use entry::{Entry, EntryError, MAX_ENTRY, parse_entry};
pub use file::open as open_regular;
pub use goobj::{Origin, origin};
pub use hash::MAX_OBJECT;
pub use id::Id;
pub use judge::{Coverage, Doubt, Harm, Object, Problem, Reference, Unchecked, WhyUnchecked};
pub use kind::Kind;
pub use layout::{Cache, Item, ItemKind, Listing, OpenError, Stray, WhyStray, place, trimmed};
pub use modules::{Modules, Survey};
pub use program::program_build_id;
pub use usage::{TRIM_AFTER, Total, Usage, usage};
pub use verify::{Verified, verify};
