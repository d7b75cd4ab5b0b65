//! GitHub workflows and GitLab CI files: variables, and the shell lines of jobs.

use crate::place::Raw;
use crate::{Assignment, Via, is_go_variable, shell};
use conftree::{Entry, Format, Node, Style, Value};

/// `env:` at any level, and `run:`.
pub(crate) fn github(text: &str) -> Vec<Assignment> {
    each(text, &mut |entry, found| match entry.key.as_str() {
        Some("env") => variables(&entry.value, Via::Workflow, text, found),
        Some("run") => script(&entry.value, text, found),
        _ => {}
    })
}

/// `variables:` at any level, and the lines of `script:` and its like.
pub(crate) fn gitlab(text: &str) -> Vec<Assignment> {
    each(text, &mut |entry, found| match entry.key.as_str() {
        Some("variables") => variables(&entry.value, Via::Gitlab, text, found),
        Some("script" | "before_script" | "after_script") => {
            lines(&entry.value, text, found, 0);
        }
        _ => {}
    })
}

/// Visits every entry that the file itself writes: an alias's content is judged where it stands.
fn each(text: &str, visit: &mut dyn FnMut(&Entry, &mut Vec<Raw>)) -> Vec<Assignment> {
    let (documents, _) = conftree::parse_lenient(text, Format::Yaml);
    let mut found = vec![];
    for document in &documents {
        document.walk(&mut |_, node| {
            for entry in node.as_map().unwrap_or_default().iter().filter(|entry| !entry.merged) {
                visit(entry, &mut found);
            }
        });
    }
    found.sort_by_key(|raw| (raw.range.start, raw.range.end));
    found.dedup_by_key(|raw| raw.range.clone());
    found.into_iter().map(|raw| raw.place(text)).collect()
}

fn variables(map: &Node, via: Via, text: &str, found: &mut Vec<Raw>) {
    for entry in map.as_map().unwrap_or_default().iter().filter(|entry| !entry.merged) {
        let name = entry.key.as_str().unwrap_or_default();
        // GitLab's long form is `NAME: {value: …, description: …}`.
        let value = entry.value.get("value").unwrap_or(&entry.value);
        let Some(scalar) = value.scalar_text().filter(|_| is_go_variable(name)) else { continue };
        let is_literal = !scalar.contains('$');
        let end = value.span.end.offset.min(text.len());
        let written = text.get(entry.key.span.start.offset..end).unwrap_or_default();
        let end = entry.key.span.start.offset + written.trim_end().len();
        found.push(Raw {
            name: name.to_owned(),
            value: without_expressions(&scalar),
            is_literal,
            range: entry.key.span.start.offset..end,
            via,
        });
    }
}

/// The value without `${{ … }}`, `${X}` and `$X`.
fn without_expressions(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    shell::value_of(&out).0
}

/// GitLab allows lists in lists, ten deep.
fn lines(node: &Node, text: &str, found: &mut Vec<Raw>, depth: usize) {
    match &node.value {
        Value::List(items) if depth <= 10 => {
            items.iter().for_each(|item| lines(item, text, found, depth + 1));
        }
        _ => script(node, text, found),
    }
}

/// Scans a script where it stands in the file, so that its places are right: indentation means
/// nothing to a shell.
fn script(node: &Node, text: &str, found: &mut Vec<Raw>) {
    if node.as_str().is_none() {
        return;
    }
    let (start, end) = (node.span.start.offset, node.span.end.offset.min(text.len()));
    let Some(written) = text.get(start..end) else { return };
    let (skip, written) = match node.style {
        // The line of the `|` is no part of the script, where the span has it.
        Style::Literal | Style::Folded if written.starts_with(['|', '>']) => {
            let skip = written.find('\n').unwrap_or(written.len());
            (skip, written.get(skip..).unwrap_or_default())
        }
        Style::Quoted => (1, written.get(1..written.len().saturating_sub(1)).unwrap_or_default()),
        _ => (0, written),
    };
    found.extend(shell::scan(written, start + skip));
}
