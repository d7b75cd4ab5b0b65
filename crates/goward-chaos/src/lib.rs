//! Builds that fail on purpose.
//!
//! A [scenario](scenarios) is data: a stage of the build, a fault that is put into it, and the causes one of which must
//! be reported. [`World`] prepares it in a folder of its own: a module, cold caches, a module proxy or a checksum
//! database that misbehaves, a limit, a file system that is full. The go command runs there in a process group of its
//! own ([`run`]); `goward_causes` says why it failed; [`judge`] says whether that is what must be said.
//!
//! Faults inside the build (a compiler that is killed, a linker without memory) are made by [`shim`]: the binary that
//! links this crate stands between go and its tools, and is nothing but a detour where no fault is due.
//!
//! Nothing outside the scenario's folder and the process group is touched.

#![expect(
    clippy::disallowed_methods,
    reason = "a fault is put into the real world: files, processes, sockets, the clock"
)]

mod cgroup;
mod chance;
mod evidence;
mod experiment;
mod foreign;
mod go;
mod judge;
mod modules;
mod record;
mod run;
mod scenario;
mod scenarios;
mod serve;
pub mod shim;
mod world;

pub use evidence::Execs;
pub use experiment::{Setup, experiment};
pub use foreign::{Foreign, ForeignError};
pub use go::{Go, GoError};
pub use judge::{finding, judge};
pub use record::{Attempt, Record, Run, Score, Untried};
pub use run::{Command, Ran, Sample, run};
pub use scenario::{Fault, Listing, Module, Need, Proxy, Scenario, Stage, Strike, Sumdb};
pub use scenarios::{find, nearest, scenarios};
pub use serve::{Answer, Respond, Server, Transport};
pub use world::World;
