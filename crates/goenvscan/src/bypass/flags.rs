//! `GOFLAGS`, and the flags of the go command.

use crate::assignment::GoCommand;
use crate::bypass::BypassKind;
use std::ops::Range;

/// What the flags in `GOFLAGS` do.
pub(crate) fn judge(value: &str, command: Option<&GoCommand>) -> Vec<(BypassKind, Range<usize>)> {
    let mut found: Vec<(BypassKind, Range<usize>)> = Vec::new();
    let mut other_modfile = false;
    for range in words(value) {
        let word = value.get(range.clone()).unwrap_or_default();
        // Of several flags of one name the last counts.
        let cleared: &[BypassKind] = match name(word) {
            "mod" => &[BypassKind::ModMod],
            "modcacherw" => &[BypassKind::ModCacheRw],
            "insecure" => &[BypassKind::SumdbOff],
            _ => &[],
        };
        found.retain(|(kind, _)| !cleared.contains(kind));
        found.extend(kind(word, command).map(|kind| (kind, range)));
        other_modfile |= names_other_modfile(word);
    }
    found.retain(|(kind, _)| !other_modfile || *kind != BypassKind::ModMod);
    found
}

/// What one flag does: `-mod=mod`, `--modcacherw=true`.
pub(crate) fn kind(flag: &str, command: Option<&GoCommand>) -> Option<BypassKind> {
    let value = flag.split_once('=').map(|(_, value)| value);
    // As `strconv.ParseBool` reads it.
    let on = value.is_none_or(|value| matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True"));
    match name(flag) {
        "mod" if value == Some("mod") && !command.is_some_and(is_meant_to) => {
            Some(BypassKind::ModMod)
        }
        "modcacherw" if on => Some(BypassKind::ModCacheRw),
        "insecure" if on => Some(BypassKind::SumdbOff),
        _ => None,
    }
}

/// Whether it is the command's purpose to change go.mod, or go.mod plays no part in it.
fn is_meant_to(command: &GoCommand) -> bool {
    command.other_modfile
        || match command.subcommand.as_str() {
            "get" | "mod" | "work" | "env" | "version" | "help" | "bug" | "clean" | "fmt"
            | "telemetry" => true,
            "install" | "run" => command.at_version,
            _ => false,
        }
}

/// Whether the flag is `-modfile` with, perhaps in the next word, another file than go.mod: a tool's, which
/// `-mod=mod` then changes instead.
pub(crate) fn names_other_modfile(flag: &str) -> bool {
    name(flag) == "modfile" && flag.split_once('=').is_none_or(|(_, file)| file != "go.mod")
}

fn name(flag: &str) -> &str {
    let Some(bare) = flag.strip_prefix("--").or_else(|| flag.strip_prefix('-')) else { return "" };
    bare.split('=').next().unwrap_or_default()
}

/// The flags, as `quoted.Split` of `cmd/internal/quoted` cuts them: blanks part them, quotes may surround one. With a
/// quote that is not closed, the go command fails.
fn words(value: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let rest = value.get(at..).unwrap_or_default();
        let bare = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        at += rest.len() - bare.len();
        let Some(first) = bare.chars().next() else { return words };
        if matches!(first, '\'' | '"') {
            let Some(length) = bare.get(1..).and_then(|rest| rest.find(first)) else {
                return words;
            };
            words.push(at + 1..at + 1 + length);
            at += length + 2;
        } else {
            let length = bare.find([' ', '\t', '\n', '\r']).unwrap_or(bare.len());
            words.push(at..at + length);
            at += length;
        }
    }
}
