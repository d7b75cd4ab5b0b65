//! go.work files held against the installed Go: the same accepted, the same values, the same errors and places.

use crate::ask::{ask_go, corpus, go_edit_text};
use crate::random::{damaged, sample, soup};
use crate::work_files::WORK_FILES;
use gomod::{Error, GoWork, Span, parse_go_work};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Ours, in the form of the Go program's answers.
fn answer(text: &[u8]) -> Value {
    match parse_go_work(text) {
        Ok(file) => {
            let toolchain = file.toolchain.iter().map(|one| vec![one.name.clone()]);
            let godebug = file.godebug.iter().map(|one| vec![one.key.clone(), one.value.clone()]);
            let others: Vec<_> = toolchain.chain(godebug).collect();
            json!({ "File": file.to_json(), "Spans": spans(&file), "Others": if others.is_empty() { Value::Null } else { json!(others) } })
        }
        Err(errors) => json!({ "Errors": errors.iter().map(place).collect::<Vec<_>>() }),
    }
}

fn place(error: &Error) -> Value {
    json!({ "Line": error.line, "Column": error.column, "Message": error.message })
}

fn all_spans(file: &GoWork) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    spans.extend(file.go.iter().map(|one| one.span));
    spans.extend(file.toolchain.iter().map(|one| one.span));
    spans.extend(file.godebug.iter().map(|one| one.span));
    spans.extend(file.uses.iter().map(|one| one.span));
    spans.extend(file.replace.iter().map(|one| one.span));
    spans
}

fn spans(file: &GoWork) -> Value {
    let numbers = |s: Span| [s.start.line, s.start.column, s.end.line, s.end.column];
    let spans: Vec<_> = all_spans(file).into_iter().map(numbers).collect();
    if spans.is_empty() { Value::Null } else { json!(spans) }
}

/// How many were accepted; panics with what differs.
fn compare_files<'a>(files: impl Iterator<Item = (String, &'a [u8])> + Clone) -> usize {
    let theirs = ask_go(files.clone().map(|(_, text)| ("work", text)));
    let mut wrong = Vec::new();
    let mut accepted = 0;
    for ((name, text), theirs) in files.zip(&theirs) {
        let ours = answer(text);
        accepted += usize::from(ours.get("File").is_some());
        if ours != *theirs {
            let text = String::from_utf8_lossy(text);
            wrong.push(format!("{name}: {text:?}\n  ours: {ours}\n  Go's: {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
    accepted
}

#[test]
fn the_table_reads_as_in_go() {
    let files = WORK_FILES.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes()));
    let accepted = compare_files(files);
    assert!(accepted > 30 && WORK_FILES.len() - accepted > 30, "{accepted}");
}

#[test]
fn the_files_of_go_mod_are_refused_as_in_go() {
    let files = crate::files::FILES;
    compare_files(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes())));
}

#[test]
fn the_table_reads_as_by_go_work_edit() {
    for (name, text) in WORK_FILES {
        let ours = parse_go_work(text).ok().map(|file| file.to_json());
        let theirs = go_edit_text("go.work", text, "-json").ok();
        let theirs = theirs.map(|text| serde_json::from_slice(&text).unwrap());
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn errors_are_those_that_go_work_edit_prints() {
    for (name, text) in WORK_FILES {
        let Err(errors) = parse_go_work(text) else { continue };
        let theirs = go_edit_text("go.work", text, "-json").unwrap_err();
        let mut ours = "go: errors parsing go.work:\nerrors parsing go.work:\n".to_owned();
        for Error { line, column, message } in errors {
            // Go leaves the first column out.
            let column = if column == 1 { String::new() } else { format!(":{column}") };
            ours += &format!("go.work:{line}{column}: {message}\n");
        }
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn every_go_work_of_the_module_cache_reads_as_in_go() {
    let corpus = corpus("work");
    compare_files(corpus.iter().map(|(path, text)| (path.display().to_string(), text.as_slice())));
}

#[test]
fn random_files_read_as_in_go() {
    let texts = sample(20_000, prop_oneof![soup(), damaged(WORK_FILES)]);
    // In messages, Go shows a byte that is no UTF-8 as `\xff`, and we show the replacement character.
    let texts: Vec<_> =
        texts.into_iter().map(|t| String::from_utf8_lossy(&t).into_owned()).collect();
    let accepted = compare_files(texts.iter().map(|text| (String::new(), text.as_bytes())));
    assert!(accepted > 500, "too few are good: {accepted}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_go_work(&bytes);
    }

    #[test]
    fn directories_survive_writing_and_reading(
        dirs in prop::collection::vec("\\./[a-z中é~_-]{1,8}(/[a-z.]{1,3})?", 0..20)
    ) {
        let text = format!("go 1.24\n\nuse (\n\t{}\n)\n", dirs.join("\n\t"));
        let file = parse_go_work(&text).unwrap();
        let read: Vec<&str> = file.uses.iter().map(|one| one.path.as_str()).collect();
        prop_assert_eq!(read, dirs);
        let lines: Vec<&str> = text.lines().collect();
        for span in all_spans(&file) {
            let line = lines[span.start.line - 1];
            prop_assert!(span.start.line == span.end.line && span.start < span.end);
            prop_assert_eq!(span.end.column, line.chars().count() + 1);
        }
    }
}
