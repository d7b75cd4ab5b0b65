//! Env files, and the file that `go env -w` writes: `NAME=value` lines.

use crate::place::Raw;
use crate::{Assignment, Via, is_go_variable};

/// The assignments of an env file.
pub(crate) fn scan(text: &str) -> Vec<Assignment> {
    let mut found = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let code = bare.strip_prefix("export ").map_or(bare, str::trim_start);
        if let Some((name, value)) = code.split_once('=').filter(|(name, _)| is_go_variable(name)) {
            let start = at + line.find(code).unwrap_or(0);
            let value = value.trim_matches(['"', '\'']);
            found.push(Raw {
                name: name.to_owned(),
                value: value.to_owned(),
                is_literal: true,
                range: start..start + code.len(),
                via: Via::EnvFile,
            });
        }
        at += line.len();
    }
    found.into_iter().map(|raw| raw.place(text)).collect()
}
