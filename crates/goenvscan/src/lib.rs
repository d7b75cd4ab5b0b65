//! Finds where scripts, Dockerfiles, CI files and Makefiles set Go's environment variables.
//!
//! [`scan`] reads one file and lists every assignment to a variable of Go, and every command-line flag of the go command
//! that weakens the integrity of its modules, each with its place. [`bypass::judge`] says which of these switch a
//! protection off. Comments and mere text (`echo "set GOSUMDB=off"`) are no assignments.
//!
//! ```
//! use goenvscan::{FileKind, bypass, scan};
//!
//! let script = "#!/bin/sh\n# GOSUMDB=off\nexport GOSUMDB=off\ngo build ./...\n";
//! let found = scan(FileKind::Shell, script).assignments;
//! assert_eq!((found[0].name.as_str(), found[0].value.as_str()), ("GOSUMDB", "off"));
//! assert_eq!((found[0].span.start.line, found[0].span.start.column), (3, 8));
//! let bypass = bypass::judge(&found[0]).expect("the checksum database is off");
//! assert_eq!(bypass.kind, bypass::BypassKind::SumdbOff);
//! ```

mod assignment;
pub mod bypass;
mod files;
mod kind;
mod shell;
mod text;
mod value;

pub use assignment::{Assignment, GoCommand, Scope, Via};
pub use files::{MAX_SIZE, Scan, Unread, scan};
pub use kind::FileKind;
pub use text::{Position, Span};
