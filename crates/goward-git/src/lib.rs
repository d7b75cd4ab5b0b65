//! What git knows of a repository: what changed since a revision, what is staged, where hooks are.
//!
//! Git is asked, never guessed at: filters, sparse checkouts, worktrees and `GIT_INDEX_FILE` (which `git commit FILE`
//! sets for its hooks) are its own business. No command here takes a lock or writes into the worktree or the index.

mod between;
mod change;
mod index;
mod links;
mod repo;
mod scratch;
mod since;
mod staged;
mod submodule;

pub use between::{Between, Published, Written};
pub use change::{Change, ChangeKind};
pub use index::IndexEntry;
pub use repo::{GitError, Repo, TOLD};
pub use scratch::Scratch;
pub use staged::{Ignored, Staged, StagedOptions};
