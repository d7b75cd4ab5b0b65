//! What docker build sends: .dockerignore, the walk of the build context, what Dockerfiles copy.
mod automaton;
mod dockerignore;
mod entry;
mod filter;
mod go_path;
mod index;
mod matcher;
mod pattern;
mod summary;
mod walk;

pub use dockerignore::{MAX_LINE, MAX_SIZE, ParseError, Pattern, parse};
pub use entry::{Entry, EntryKind, Fate, Reach, WalkProblem, walk_order};
pub use filter::{Decision, Filter};
pub use go_path::{BadPattern, clean, shell_match};
pub use matcher::{MatchInfo, Matcher, MatcherError, PatternError};
pub use summary::{Share, Summary, Total};
pub use walk::{BuildContext, Options, WalkError, walk};
