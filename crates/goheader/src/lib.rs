//! What stands above the code of a Go file: package clause, imports, constraints, embeds.
//!
//! [`read_go`] reads what `go/build` reads before it decides about a file (`go/build.readGoInfo`, Go 1.26), from as
//! little of the file as that needs. [`Constraint::matches`] decides as `go/build.Context.shouldBuild` does, [`Tags`]
//! holds what is built for and judges file names.
//!
//! ```
//! let source = b"//go:build linux && !cgo\n\npackage main\n\nimport \"fmt\"\n\nfunc main() {}\n";
//! let header = goheader::read_go(source, true)?;
//! assert_eq!(header.imports[0].path, "fmt");
//! let tags = goheader::Tags { goos: "linux".into(), ..goheader::Tags::default() };
//! assert_eq!(header.constraint.matches(&|tag| tags.has(tag)), Ok(true));
//! # Ok::<(), goheader::Incomplete>(())
//! ```

pub mod constraint;
mod cursor;
mod embed;
mod header;
mod lines;
mod tags;
mod unicode;
mod unquote;

pub use header::{Embed, Header, HeaderError, Ident, Import, Incomplete, read_go, read_other};
pub use lines::{Constraint, ConstraintError};
pub use tags::Tags;
