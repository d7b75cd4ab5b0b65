//! Our answers, in the form of the Go program's.

use goheader::{
    CgoPreamble, Constraint, Directive, Embed, Header, HeaderError, Ident, read_go, read_other,
};
use serde_json::{Value, json};

fn place(text: &str, file: Option<&str>, line: usize, column: usize) -> Value {
    json!({ "Text": text, "File": file.unwrap_or_default(), "Line": line, "Column": column })
}

/// A list as Go writes it.
fn list(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Null } else { values.into() }
}

pub(crate) fn go_file(data: &[u8]) -> Value {
    header(&read_go(data, true).unwrap())
}

pub(crate) fn header(header: &Header) -> Value {
    let error = header.error.as_ref().filter(|error| error.line == 0);
    let imports = header.imports.iter().map(|import| {
        let at = &import.position;
        json!({
            "Path": place(&import.path, None, import.line, import.column),
            "Name": import.name.clone().unwrap_or_default(),
            "Pos": place("", at.file.as_deref(), at.line, at.column),
        })
    });
    let comment = header.import_comment.as_ref();
    let errors = header.error.iter().chain(&header.more_errors).filter(|error| error.line > 0);
    json!({
        "ReadError": error.map_or("", |error| &error.message),
        "Package": header.package.as_ref().map(|Ident { name, line, column }| place(name, None, *line, *column)),
        "Imports": list(imports.collect()),
        "Embeds": list(header.embeds.iter().map(embed).collect()),
        "Directives": list(header.directives.iter().map(directive).collect()),
        "ImportComment": comment.map(|comment| comment.path.as_deref().unwrap_or("malformed")),
        "BinaryOnly": header.binary_only,
        "Constraint": if error.is_some() { Value::Null } else { constraint(&header.constraint) },
        "Cgo": list(header.cgo.iter().map(preamble).collect()),
        "Errors": list(errors.map(place_of_error).collect()),
        "Doc": header.doc,
    })
}

fn preamble(cgo: &CgoPreamble) -> Value {
    let directives = list(cgo.directives().map(Value::from).collect());
    json!({ "Text": cgo.text, "Line": cgo.line, "Directives": directives })
}

fn embed(Embed { pattern, file, line, column }: &Embed) -> Value {
    place(pattern, file.as_deref(), *line, *column)
}

fn directive(Directive { text, file, line, column }: &Directive) -> Value {
    place(text, file.as_deref(), *line, *column)
}

fn place_of_error(HeaderError { message, file, line, column, .. }: &HeaderError) -> Value {
    place(message, file.as_deref(), *line, *column)
}

pub(crate) fn other_file(data: &[u8]) -> Value {
    let constraint = read_other(data, true).unwrap();
    match constraint.read_error() {
        Some(error) => json!({ "ReadError": error }),
        None => json!({ "Constraint": self::constraint(&constraint) }),
    }
}

fn constraint(constraint: &Constraint) -> Value {
    match constraint.matches(&|_| true) {
        Ok(_) => constraint.expressions().iter().map(ToString::to_string).collect(),
        Err(error) => Value::from(error.to_string()),
    }
}
