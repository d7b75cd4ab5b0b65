//! POSIX shell text: enough of the language to know which program a script ends up running, with which words.
//!
//! Rules: POSIX.1-2024 chapter 2, "Shell Command Language": token recognition (2.3), quoting (2.2), parameter expansion
//! (2.6.2), field splitting (2.6.5), lists and compound commands (2.9). Command substitution and arithmetic are skipped
//! over and count as unknown; globs, tildes and braces stay as they are written.

mod commands;
mod lex;
mod run;
mod words;

pub(crate) use run::run;
pub(crate) use words::Variables;
