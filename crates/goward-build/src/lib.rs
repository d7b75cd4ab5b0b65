//! Drives the go command and watches it: stages, tools, memory, and why it failed.
//!
//! Three means, all of the go command itself: the graph of actions that it writes
//! (`-debug-actiongraph`), this program in front of each tool (`-toolexec`), and what it says. None
//! changes what is built: [`toolexec`] tells how that is kept.
//!
//! [`run`] is all the I/O; [`Ran::document`] and [`Ran::facts`] are pure.
#![allow(
    clippy::disallowed_methods,
    reason = "what observes processes reads /proc and starts them"
)]

mod actions;
mod assemble;
mod command_line;
mod critical_path;
mod document;
mod downloads;
mod end;
mod folder;
mod go_program;
mod go_settings;
mod log;
mod memory_limit;
mod outlets;
mod run;
mod sample;
mod signals;
mod stage;
mod stream;
mod tool_run;
pub mod toolexec;
mod tree;
mod watch;

pub use actions::{Action, Interval, read as read_actions};
pub use command_line::{GoCommand, Probes, join_quoted, split_quoted};
pub use document::{
    Attempt, BUILD_SCHEMA, Build, DownloadTime, Failure, Memory, Packages, RunTime, Span,
    StageTime, ToolTime,
};
pub use downloads::Download;
pub use go_program::{GoProgram, NoOtherGo};
pub use go_settings::{GoSettings, Os};
pub use log::Log;
pub use outlets::Passed;
pub use run::{End, Ran, Request, StartError, Stopped, run};
pub use sample::{Disk, Point};
pub use signals::Signals;
pub use stage::STAGES;
pub use tool_run::{ToolRun, read as read_tool_runs};
pub use toolobserver::by_signal;
