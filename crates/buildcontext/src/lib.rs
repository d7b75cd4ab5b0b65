//! What docker build sends: `.dockerignore`, the walk of the build context, what Dockerfiles copy.
//!
//! The semantics are BuildKit's (`docker build` since version 23, `docker buildx build`), read from its source: the
//! client filters the context with the patterns of the `.dockerignore` file by fsutil's walk ([`Filter`]).
//!
//! - `Dockerfile` and `.dockerignore` are fetched apart from the context, so a pattern may exclude them and the build
//!   works all the same; they are *not* taken back in, as the classic builder did (it appended `!Dockerfile` and
//!   `!.dockerignore` when it would have excluded them). Whether `COPY` can see them is up to the patterns alone.
//! - `<Dockerfile>.dockerignore` beside the Dockerfile takes precedence over `.dockerignore` in the root of the context.
//! - What the Dockerfile does not ask for is not even sent ([`follow_paths`], [`Filter::needing`]).
//! - The rules are those of a client on Linux or macOS: `\` escapes, `/` separates.
//!
//! ```
//! use buildcontext::{Filter, Matcher, parse};
//!
//! let patterns = parse("*\n!cmd\n**/*_test.go\n")?;
//! let filter = Filter::new(Matcher::new(&patterns)?);
//! assert!(!filter.decide("cmd/main.go", false)?.ignored);
//! let decision = filter.decide("cmd/main_test.go", false)?;
//! assert_eq!((decision.ignored, decision.pattern.map(|pattern| pattern.line)), (true, Some(3)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod automaton;
mod copies;
mod dockerignore;
mod entry;
mod facts;
mod filter;
mod gather;
mod go_path;
mod index;
mod leaks;
mod matcher;
mod pattern;
mod private_key;
mod secrets;
mod suggest;
mod summary;
mod walk;

pub use copies::{Need, Origin, Resolution, Source, Tree, Verb, follow_paths, needs};
pub use dockerignore::{MAX_LINE, MAX_SIZE, ParseError, Pattern, parse};
pub use entry::{Entry, EntryKind, Fate, Reach, WalkProblem, walk_order};
pub use facts::{Fact, FactKind, facts};
pub use filter::{Decision, Filter};
pub use gather::BuildContext;
pub use go_path::{BadPattern, clean, shell_match};
pub use leaks::{Category, Leak, Severity, by_category, holds_private_key, leaks};
pub use matcher::{MatchInfo, Matcher, MatcherError, PatternError};
pub use private_key::{PrivateKey, private_keys};
pub use secrets::{SecretSign, is_issued_token};
pub use suggest::{Suggestion, suggest};
pub use summary::{Share, Summary, Total};
pub use walk::{Options, WalkError, follow_links, walk};
