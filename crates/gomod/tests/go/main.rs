//! The library held against the installed Go: the same files accepted, the same values, the same errors and places.

#![expect(clippy::disallowed_methods, reason = "the tests run Go programs and read files")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in the functions that tests share")]

mod ask;
mod consistency;
mod files;
mod format;
mod random;
mod values;
mod vendor;
mod work;
mod work_files;
mod workspace;

use ask::{ask_go, corpus, go_edit_text};
use files::FILES;
use gomod::{Error, GoMod, Span};
use proptest::prelude::*;
use random::{damaged, sample, soup};
use serde_json::{Value, json};

/// Ours, in the form of the Go program's answers.
fn answer(kind: &str, text: &[u8]) -> Value {
    let parse = if kind == "strict" { gomod::parse_go_mod } else { gomod::parse_go_mod_lax };
    match parse(text) {
        Ok(file) => json!({ "File": file.to_json(), "Spans": spans(&file) }),
        Err(errors) => json!({ "Errors": errors.iter().map(place).collect::<Vec<_>>() }),
    }
}

fn place(error: &Error) -> Value {
    json!({ "Line": error.line, "Column": error.column, "Message": error.message })
}

fn spans(file: &GoMod) -> Value {
    let mut spans: Vec<Span> = Vec::new();
    spans.extend(file.module.iter().map(|one| one.span));
    spans.extend(file.go.iter().map(|one| one.span));
    spans.extend(file.toolchain.iter().map(|one| one.span));
    spans.extend(file.godebug.iter().map(|one| one.span));
    spans.extend(file.require.iter().map(|one| one.span));
    spans.extend(file.exclude.iter().map(|one| one.span));
    spans.extend(file.replace.iter().map(|one| one.span));
    spans.extend(file.retract.iter().map(|one| one.span));
    spans.extend(file.tool.iter().map(|one| one.span));
    spans.extend(file.ignore.iter().map(|one| one.span));
    if spans.is_empty() {
        return Value::Null;
    }
    let numbers = |s: &Span| [s.start.line, s.start.column, s.end.line, s.end.column];
    json!(spans.iter().map(numbers).collect::<Vec<_>>())
}

/// How many were accepted; panics with what differs.
fn compare_files<'a>(files: impl Iterator<Item = (String, &'a [u8])> + Clone) -> usize {
    let mut accepted = 0;
    for kind in ["strict", "lax"] {
        let theirs = ask_go(files.clone().map(|(_, text)| (kind, text)));
        let mut wrong = Vec::new();
        for ((name, text), theirs) in files.clone().zip(&theirs) {
            let ours = answer(kind, text);
            accepted += usize::from(kind == "strict" && ours.get("File").is_some());
            if ours != *theirs {
                let text = String::from_utf8_lossy(text);
                wrong.push(format!("{kind} {name}: {text:?}\n  ours: {ours}\n  Go's: {theirs}"));
            }
        }
        assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
    }
    accepted
}

#[test]
fn the_table_reads_as_in_go() {
    let files = FILES.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes()));
    let accepted = compare_files(files);
    assert!(accepted > 60 && FILES.len() - accepted > 60, "{accepted} of {}", FILES.len());
}

#[test]
fn the_table_reads_as_by_go_mod_edit() {
    for (name, text) in FILES {
        let ours = gomod::parse_go_mod(text).ok().map(|file| file.to_json());
        let theirs = go_edit_text("go.mod", text, "-json").ok();
        let theirs = theirs.map(|text| serde_json::from_slice(&text).unwrap());
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn every_go_mod_of_the_module_cache_reads_as_in_go() {
    let corpus = corpus("mod");
    compare_files(corpus.iter().map(|(path, text)| (path.display().to_string(), text.as_slice())));
}

#[test]
fn random_files_read_as_in_go() {
    let texts = sample(20_000, prop_oneof![soup(), damaged(FILES)]);
    // In messages, Go shows a byte that is no UTF-8 as `\xff`, and we show the replacement character.
    let texts: Vec<_> =
        texts.into_iter().map(|t| String::from_utf8_lossy(&t).into_owned()).collect();
    let accepted = compare_files(texts.iter().map(|text| (String::new(), text.as_bytes())));
    assert!(accepted > 500, "too few are good: {accepted}");
}
