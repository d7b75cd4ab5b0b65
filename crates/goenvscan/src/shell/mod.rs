//! Shell scripts.

mod builtin;
mod command;
mod go;
mod output;
mod run;
mod word;

pub(crate) use run::{MAX_VALUE, Script, exec};
pub(crate) use word::{expand, is_name, word_value};
