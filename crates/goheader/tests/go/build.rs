//! Whole packages: `build.Context.ImportDir`.

use crate::ask::{Request, ask_go};
use crate::{beginnings, go_files};
use goheader::{ErrorKind, Header, read_go};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// The error of a file in the words of `ImportDir`.
fn error(header: &Header) -> Option<String> {
    let error = header.error.as_ref()?;
    let file = error.file.as_deref().unwrap_or("f.go");
    let column = if error.column > 0 { format!(":{}", error.column) } else { String::new() };
    let message = match error.kind {
        ErrorKind::Read => return Some(format!("read f.go: {error}")),
        ErrorKind::Syntax | ErrorKind::Import => format!("{file}:{}{column}: {error}", error.line),
    };
    Some(match header.more_errors.len() {
        0 => message,
        more => format!("{message} (and {more} more errors)"),
    })
}

/// Sorted, each once.
fn names(names: Vec<&str>) -> Vec<&str> {
    let names: BTreeSet<&str> = names.into_iter().collect();
    names.into_iter().collect()
}

/// What a package of this file alone is, and what is wrong with it.
fn package(header: &Header) -> Value {
    let cgo = header.imports.iter().any(|import| import.path == "C");
    let mut tags: Vec<&str> = header.constraint.tags().collect();
    tags.extend(cgo.then_some("cgo"));
    json!({
        "Name": header.package.as_ref().map_or("", |package| &package.name),
        "Doc": header.doc,
        "AllTags": names(tags),
        "Imports": names(header.imports.iter().map(|import| import.path.as_str()).collect()),
        "Embeds": names(header.embeds.iter().map(|embed| embed.pattern.as_str()).collect()),
        "Directives": header.directives.iter().map(|directive| directive.text.as_str()).collect::<Vec<_>>(),
        "BinaryOnly": header.binary_only,
        "ImportComment": header.import_comment.iter().find_map(|comment| comment.path.clone()).unwrap_or_default(),
    })
}

#[test]
fn a_package_of_one_file_is_what_go_build_makes_of_it() {
    let paths = go_files();
    let whole = paths.iter().step_by(10).map(|path| fs::read(path).unwrap());
    let files: Vec<Vec<u8>> = beginnings().into_iter().chain(whole).collect();
    let requests = files.iter().map(|data| Request { kind: "list", name: "f.go", data });
    let mut compared = 0;
    for (data, theirs) in files.iter().zip(ask_go(requests)) {
        let header = read_go(data, true).unwrap();
        // ImportDir goes on to other errors, about other files, cgo and this package of no files.
        let cgo = header.imports.iter().any(|import| import.path == "C");
        let documentation =
            header.package.as_ref().is_some_and(|package| package.name == "documentation");
        let malformed =
            header.import_comment.as_ref().is_some_and(|comment| comment.path.is_none());
        if cgo || documentation || malformed {
            continue;
        }
        let shown = String::from_utf8_lossy(&data[..data.len().min(1500)]).into_owned();
        let wrong = error(&header).or_else(|| {
            header.constraint.matches(&|_| true).err().map(|error| format!("f.go: {error}"))
        });
        assert_eq!(wrong.unwrap_or_default(), theirs["Error"], "{shown}");
        if header.constraint.matches(&|_| true).is_err() {
            continue;
        }
        for (field, ours) in package(&header).as_object().unwrap() {
            let list = theirs[field].is_null().then(|| json!([]));
            assert_eq!(*ours, list.unwrap_or(theirs[field].clone()), "{field} of {shown}");
        }
        compared += 1;
    }
    assert!(compared > 500, "{compared}");
}
