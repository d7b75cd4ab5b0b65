//! Which versions of which modules a Go build uses: what `go list -m all` and `go mod graph` answer, without running Go.
//!
//! Minimal version selection with graph pruning, as `cmd/go/internal/modload` of Go 1.26 does it: `replace`, `exclude`,
//! workspaces, vendor directories, the `go` and `toolchain` pseudo-modules, and the refusal of a go.mod file that would
//! have to change. See <https://go.dev/ref/mod#minimal-version-selection> and <https://go.dev/ref/mod#graph-pruning>.
//!
//! [`load`] reads a directory and a module cache. [`resolve`] is the same without a disk: it asks a [`GoMods`] for the
//! go.mod files of dependencies. Nothing here reaches the network: what the module cache lacks is an error
//! ([`LoadError::Missing`]).
//!
//! ```
//! use buildlist::{GoMods, Input, MainModule, ReadError, Source, resolve};
//! use std::borrow::Cow;
//!
//! struct Universe;
//! impl GoMods for Universe {
//!     fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError> {
//!         match source {
//!             Source::Module { path: "example.com/a", version: "v1.2.0" } => {
//!                 Ok(b"module example.com/a\nrequire example.com/b v1.1.0\n".into())
//!             }
//!             Source::Module { path: "example.com/b", .. } => Ok(b"module example.com/b\n".into()),
//!             _ => Err(ReadError::Missing { looked_at: Vec::new() }),
//!         }
//!     }
//! }
//!
//! let go_mod = "module example.com/m\ngo 1.26.0\nrequire example.com/a v1.2.0\n";
//! let list = resolve(Input::new(MainModule::parse("/src", go_mod)?), &Universe)?;
//! let lines: Vec<String> = list.modules().iter().map(ToString::to_string).collect();
//! assert_eq!(lines, ["example.com/m", "example.com/a v1.2.0", "example.com/b v1.1.0"]);
//! # Ok::<(), buildlist::Error>(())
//! ```

mod build_list;
mod disk;
mod error;
mod graph;
mod input;
mod lexical;
mod loader;
mod minimal;
mod replacements;
mod resolve;
mod roots;
mod spot_check;
mod summary;
mod table;
mod vendor;
mod witness;

pub use build_list::{BuildList, Edge, Module, Replaced, Requirement};
pub use disk::{GoWorkSetting, ModuleCache, Options, agrees, graph, load, roots};
pub use error::{Error, GraphError, LoadError, Update, VendorProblem};
pub use gomod::ModuleVersion;
pub use input::{GoMods, Input, MainModule, Mode, ReadError, Source, Work};
pub use resolve::{resolve, resolve_graph, resolve_roots};
pub use witness::{Evidence, Stamp, Witness, still_holds};
