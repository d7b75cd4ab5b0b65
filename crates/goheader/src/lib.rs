//! What go/build reads of a Go source file before it decides about it: its package, imports, constraints, embeds and
//! directives, and what is wrong with it, in the words and at the places of Go.
//!
//! The code follows Go 1.26's go/build, go/parser, go/scanner and cmd/go/internal/modindex function by function, and
//! tests hold it against the installed Go. It works on the beginning of a file, says when that is not enough, takes time
//! linear in what it reads, does not recurse but for build constraints (at most a thousand levels), and touches no disk.
//!
//! | | |
//! |---|---|
//! | [`read_go`], [`read_other`] | the head of a `.go` file; of a `.c` or `.s` file |
//! | [`read_brief`] | the head of an ordinary `.go` file, several times as fast |
//! | [`Constraint`], [`constraint`] | `//go:build` and `// +build` lines; their expressions |
//! | [`declares_func`] | whether a function is declared behind the head |
//! | [`Tags`], [`file_name_tags`] | what holds in a build; what the name of a file asks for |
//!
//! ```
//! let file = b"//go:build linux\n\npackage p\n\nimport (\n\t\"fmt\"\n\tstr \"strings\"\n)\n\nfunc f() {}\n";
//! let header = goheader::read_go(file, true)?;
//! assert_eq!(header.package.unwrap().name, "p");
//! assert_eq!(header.imports[1].path, "strings");
//! assert_eq!(header.imports[1].name.as_deref(), Some("str"));
//! assert_eq!(header.imports[0].line, 6);
//!
//! let tags = goheader::Tags::new("linux", "amd64", 26);
//! assert_eq!(header.constraint.matches(&|tag| tags.has(tag)), Ok(true));
//! assert!(!tags.file_name_matches("file_windows.go"));
//!
//! // The beginning is enough, if the imports end in it.
//! assert_eq!(goheader::read_go(&file[..40], false), Err(goheader::Incomplete));
//! assert!(goheader::read_go(&file[..70], false).is_ok());
//! # Ok::<(), goheader::Incomplete>(())
//! ```

mod brief;
mod build_lines;
mod comment;
pub mod constraint;
mod declares;
mod doc_link;
mod doc_text;
mod embed;
mod errors;
mod header;
mod import_comment;
mod literal;
mod parser;
mod position;
mod quote;
mod reader;
mod scanner;
mod synopsis;
mod tags;
mod text;
mod token;
mod unicode;
mod unicode_tables;

pub use brief::{Brief, BriefImport, read_brief};
pub use build_lines::{Constraint, ConstraintError};
pub use declares::declares_func;
pub use embed::{Embed, embeds};
pub use errors::{ErrorKind, HeaderError};
pub use header::{CgoPreamble, Directive, Header, Ident, Import, read_go, read_other};
pub use import_comment::ImportComment;
pub use position::Position;
pub use tags::{Tags, file_name_tags};

/// The beginning of the file does not say enough: call again with more of it, or with all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the header does not end within the given bytes")]
pub struct Incomplete;
