//! The Go module cache, module zips and vendor folders, held against the sums that were committed.
//!
//! Go verifies a module when it downloads it; afterwards an edited file in the module cache or in a
//! vendor folder is compiled without a word. This library looks again, at the speed of the disk.
//!
//! - [`hash_dir`], [`hash_dirs`], [`ModuleZip::hash`], [`hash_go_mod`]: `h1:` sums as Go computes them.
//! - [`verify`]: the module cache against go.sum.
//! - [`compare_vendor`], [`compare_folder`]: which files differ, and where.

mod cache;
mod compare;
mod sum;
mod tree;
mod vendor;
mod zip;

pub use cache::{Part, Verified, Wanted, dir_of, verify, zip_of};
pub use compare::{Change, ChangeKind, MAX_CHANGES, Source, compare_folder, difference};
pub use sum::{Digest, Entry, NewlineInName, hash_go_mod, hash1};
pub use tree::{Root, Tree, TreeError, hash_dir, hash_dirs};
pub use vendor::{VendorReport, Vendored, compare_vendor};
pub use zip::{MAX_ZIP, ModuleZip, ZipError, ZipProblem};
