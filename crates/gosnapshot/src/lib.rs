//! What a Go build was made of, as a document; and what differs between two of them.
//!
//! [`Snapshot`] is what one side is known to be: toolchain, settings, modules, the hashes by which
//! plugins are refused, what it asks of the system's libraries, the machine. [`compare`] is a pure function of two
//! of them. Each kind of difference is a [`Rule`] with an identifier that stays, a risk, a consequence and a fix, in
//! two languages. What a side does not tell is a [`Gap`], and never taken for equality.

mod diff;
mod document;
mod read;
mod reasons;
mod rule;
mod rules;
mod write;

pub use diff::{Comparison, Difference, Gap, compare, compare_all, go_words};
pub use document::{
    CCompiler, Host, Kind, Libc, Links, Module, Paths, Program, Replacement, SCHEMA, Snapshot,
    Source, Tool, Toolchain, Unknown,
};
pub use read::{MAX_BYTES, ReadError, read};
pub use reasons::{in_chinese, word_in_chinese};
pub use rule::{Risk, Rule, Words, page, rule};
pub use rules::RULES;
