//! Shell scripts: which words are assignments, and of what.
//!
//! Not a shell: commands are told apart from each other, words, quotes, comments and
//! here-documents are read, control flow is not followed. What a script might set, it sets.

mod commands;
mod words;

use crate::place::Raw;
use crate::{Via, is_go_variable};
use commands::{Command, commands};
use words::Word;

/// Subcommands whose result is released or decides a release. `go run` and `go list` with -mod=mod
/// are how generators and go.mod itself are kept up to date.
const BUILDING: &[&str] = &["build", "install", "test", "vet"];

/// The assignments of Go's variables in a script; `base` is added to all byte offsets.
pub(crate) fn scan(text: &str, base: usize) -> Vec<Raw> {
    let mut found = vec![];
    for command in commands(text) {
        look(&command, &mut found);
    }
    for raw in &mut found {
        raw.range = raw.range.start + base..raw.range.end + base;
    }
    found
}

fn look(command: &Command, found: &mut Vec<Raw>) {
    let mut words = command.words.iter().peekable();
    while let Some(word) = words.peek() {
        if word.assignment().is_none() {
            break;
        }
        assign(word, Via::Shell, found);
        words.next();
    }
    let rest: Vec<&Word> = words.collect();
    let Some((program, args)) = rest.split_first() else { return };
    let name = program.text.rsplit('/').next().unwrap_or_default();
    match name {
        "export" | "declare" | "typeset" | "local" | "readonly" => {
            args.iter().for_each(|word| assign(word, Via::Shell, found));
        }
        // What they run may begin with assignments again.
        "env" | "sudo" | "exec" | "command" | "time" | "nice" | "xargs" | "if" | "then"
        | "else" | "elif" | "while" | "until" | "do" | "!" | "{" => {
            let own = |word: &&&Word| word.text.starts_with('-');
            let skip = args.iter().take_while(own).count();
            let words = args.get(skip..).unwrap_or_default();
            let inner =
                Command { words: words.iter().map(|word| (*word).clone()).collect(), output: None };
            look(&inner, found);
        }
        "go" => go(args, found),
        "echo" | "printf"
            if command.output.as_deref().is_some_and(|to| to.contains("GITHUB_ENV")) =>
        {
            args.iter().for_each(|word| assign(word, Via::Workflow, found));
        }
        _ => {}
    }
}

fn assign(word: &Word, via: Via, found: &mut Vec<Raw>) {
    if let Some((name, value)) = word.assignment().filter(|(name, _)| is_go_variable(name)) {
        found.push(Raw {
            name: name.to_owned(),
            value: value.to_owned(),
            is_literal: word.is_literal,
            range: word.range.clone(),
            via,
        });
    }
}

/// `go env -w NAME=value` and flags that GOFLAGS could hold.
fn go(args: &[&Word], found: &mut Vec<Raw>) {
    let Some((subcommand, rest)) = args.split_first() else { return };
    if subcommand.text == "env"
        && rest.iter().any(|word| matches!(word.text.as_str(), "-w" | "--w"))
    {
        rest.iter().for_each(|word| assign(word, Via::GoEnvWrite, found));
    }
    // `go install path@version` knows no main module, and there -mod is refused anyway.
    let elsewhere = subcommand.text == "install" && rest.iter().any(|word| word.text.contains('@'));
    if !BUILDING.contains(&subcommand.text.as_str()) || elsewhere {
        return;
    }
    for (index, word) in rest.iter().enumerate() {
        let text = word.text.strip_prefix("--").or_else(|| word.text.strip_prefix('-'));
        let value = match text {
            Some("mod") => match rest.get(index + 1) {
                Some(value) => format!("-mod={}", value.text),
                None => continue,
            },
            Some(flag) if flag.starts_with("mod=") => format!("-{flag}"),
            Some("modcacherw" | "modcacherw=true") => "-modcacherw".to_owned(),
            Some("insecure") => "-insecure".to_owned(),
            _ => continue,
        };
        found.push(Raw {
            name: "GOFLAGS".into(),
            value,
            is_literal: word.is_literal,
            range: word.range.clone(),
            via: Via::GoFlag,
        });
    }
}

/// A value as a shell would read it, words and all: its text, and whether nothing is expanded.
pub(crate) fn value_of(text: &str) -> (String, bool) {
    let (mut out, mut is_literal, mut at) = (String::new(), true, 0);
    while at < text.len() {
        let (word, end) = words::word(text, at);
        out.push_str(&word.text);
        is_literal &= word.is_literal;
        at = end;
        // What ends a word in a script is a character like any other here.
        if let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) {
            out.push(ch);
            at += ch.len_utf8();
        }
    }
    (out, is_literal)
}
