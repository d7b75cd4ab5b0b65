//! The first block of a doc comment as plain text: go/doc/comment's parser and text printer, as far as a synopsis needs
//! them.

use crate::doc_link::{Links, is_scheme, linked_text};
use crate::unicode::{is_digit, is_letter, is_upper};
use std::fmt::Write as _;

/// `Parser.Parse` and `Printer.Text` of the first block, on one line; nothing if that block is no paragraph.
pub(crate) fn first_paragraph(text: &str) -> String {
    let lines = unindent(text);
    let spans = spans(&lines);
    let mut links = Links::default();
    let mut blocks: Vec<(Kind, String)> = Vec::new();
    for (kind, span) in spans {
        let lines = lines.get(span).unwrap_or_default();
        match kind {
            Kind::Paragraph => blocks.extend(paragraph(lines, &mut links).map(|text| (kind, text))),
            Kind::List => {
                blocks.push((kind, String::new()));
                blocks.extend(list(lines, &mut links).into_iter().map(|text| (kind, text)));
            }
            // What is in these has no links.
            Kind::Code | Kind::Heading => blocks.push((kind, String::new())),
        }
    }
    if !matches!(blocks.first(), Some((Kind::Paragraph, _))) {
        return String::new();
    }
    // All of them are read: a link that is used anywhere is printed.
    let mut texts = Vec::new();
    for (_, text) in &blocks {
        texts.push(linked_text(text, &mut links));
    }
    let words: Vec<&str> =
        texts.first().map(|text| text.split_whitespace().collect()).unwrap_or_default();
    let mut out = words.join(" ") + "\n";
    if links.list.iter().any(|link| link.used) {
        out.push('\n');
        for link in links.list.iter().filter(|link| link.used) {
            let _ = writeln!(out, "[{}]: {}", link.text, link.url);
        }
    }
    out.trim().to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Heading,
    List,
    Paragraph,
}

fn leading_space(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t']);
    line.get(..line.len() - rest.len()).unwrap_or_default()
}

fn indented(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

/// Without the empty lines at both ends.
fn trimmed(mut lines: Vec<&str>) -> Vec<&str> {
    let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    lines.drain(..start);
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |end| end + 1);
    lines.truncate(end);
    lines
}

/// `unindent`
fn unindent(text: &str) -> Vec<&str> {
    let lines = trimmed(text.split('\n').collect());
    let spaces = lines.iter().filter(|line| !line.is_empty()).map(|line| leading_space(line));
    let common = spaces.reduce(|a, b| {
        let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        a.get(..same).unwrap_or_default()
    });
    let common = common.unwrap_or_default();
    let lines = lines.into_iter().map(|line| line.strip_prefix(common).unwrap_or(line));
    trimmed(lines.map(|line| if line.trim().is_empty() { "" } else { line }).collect())
}

/// `parseSpans`: what blocks of lines there are.
fn spans(lines: &[&str]) -> Vec<(Kind, std::ops::Range<usize>)> {
    let line = |index: usize| lines.get(index).copied().unwrap_or_default();
    let count = lines.len();
    let mut spans = Vec::new();
    let mut at = 0;
    let mut force_indent = 0;
    loop {
        while at < count && line(at).is_empty() {
            at += 1;
        }
        if at >= count {
            return spans;
        }
        let start = at;
        let mut end;
        let kind;
        if at < force_indent || indented(line(at)) {
            let mut list_ok = is_list(line(at)) && at < force_indent;
            at += 1;
            while at < count
                && (line(at).is_empty()
                    || at < force_indent
                    || indented(line(at))
                    || list_ok && is_list(line(at)))
            {
                list_ok &= !line(at).is_empty();
                at += 1;
            }
            end = at;
            while end > start && line(end - 1).is_empty() {
                end -= 1;
            }
            if end < count && line(end).starts_with('}') {
                end += 1;
            }
            kind = if is_list(line(start)) { Kind::List } else { Kind::Code };
        } else {
            at += 1;
            while at < count && !line(at).is_empty() && !indented(line(at)) {
                at += 1;
            }
            end = at;
            if at < count && !line(at).is_empty() && !is_list(line(at)) {
                if is_list(line(at - 1)) {
                    force_indent = end;
                    end -= 1;
                    while end > start && is_list(line(end - 1)) {
                        end -= 1;
                    }
                } else if line(at - 1).ends_with(['{', '\\']) {
                    force_indent = end;
                    end -= 1;
                }
                if start == end && force_indent > start {
                    at = start;
                    continue;
                }
            }
            let alone = end - start == 1;
            let heading = alone && (is_heading(line(start)) || is_old_heading(lines, start));
            kind = if heading { Kind::Heading } else { Kind::Paragraph };
        }
        spans.push((kind, start..end));
        at = end;
    }
}

fn is_heading(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(indented) && line.trim() != "#"
}

/// `isOldHeading`
fn is_old_heading(lines: &[&str], at: usize) -> bool {
    let empty = |index: usize| lines.get(index).is_some_and(|line| line.is_empty());
    let alone = at.checked_sub(1).is_some_and(empty) && empty(at + 1);
    if !alone || lines.get(at + 2).is_none_or(|line| indented(line)) {
        return false;
    }
    let line = lines.get(at).copied().unwrap_or_default().trim();
    let first = line.chars().next().unwrap_or_default();
    let last = line.chars().next_back().unwrap_or_default();
    if !(is_letter(first) && is_upper(first) && (is_letter(last) || is_digit(last))) {
        return false;
    }
    let possessive = |rest: &str| rest == "s" || rest.starts_with("s ");
    let within = |rest: &str| !rest.is_empty() && !rest.starts_with(' ');
    !line.contains(|c| ";:!?+*/=[]{}_^°&§~%#@<\">\\".contains(c))
        && line.match_indices('\'').all(|(at, _)| line.get(at + 1..).is_some_and(possessive))
        && line.match_indices('.').all(|(at, _)| line.get(at + 1..).is_some_and(within))
}

/// `parseDoc.paragraph`: None for lines that define links.
fn paragraph(lines: &[&str], links: &mut Links) -> Option<String> {
    let definitions: Option<Vec<_>> = lines.iter().map(|line| link_definition(line)).collect();
    match definitions {
        Some(definitions) => {
            definitions.into_iter().for_each(|(text, url)| links.define(text, url));
            None
        }
        None => Some(lines.join("\n")),
    }
}

/// `parseLink`: a line such as `[text]: https://example.com`.
fn link_definition(line: &str) -> Option<(&str, &str)> {
    let (text, url) = line.strip_prefix('[')?.split_once("]:")?;
    let url = url.strip_prefix([' ', '\t']).filter(|url| !url.is_empty())?.trim();
    let (scheme, _) = url.split_once("://")?;
    is_scheme(scheme).then_some((text, url))
}

/// `parseDoc.list`: the paragraphs of its items.
fn list(lines: &[&str], links: &mut Links) -> Vec<String> {
    let numbered =
        lines.first().and_then(|line| list_marker(line)).is_some_and(|(number, _)| number);
    let mut paragraphs = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    let mut flush = |text: &mut Vec<&str>| {
        paragraphs.extend(paragraph(text, links));
        text.clear();
    };
    for line in lines {
        let item = list_marker(line).filter(|(number, _)| *number == numbered);
        if item.is_some() {
            flush(&mut text);
        }
        match item.map_or(*line, |(_, rest)| rest).trim() {
            "" => flush(&mut text),
            line => text.push(line),
        }
    }
    flush(&mut text);
    paragraphs
}

/// `listMarker`: whether it is a number, and the rest of the line.
fn list_marker(line: &str) -> Option<(bool, &str)> {
    let line = line.trim();
    let (number, rest) = match line.strip_prefix(['•', '*', '+', '-']) {
        Some(rest) => (false, rest),
        None => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            (true, (rest.len() < line.len()).then(|| rest.strip_prefix(['.', ')']))??)
        }
    };
    (indented(rest) && !rest.trim().is_empty()).then_some((number, rest))
}

fn is_list(line: &str) -> bool {
    list_marker(line).is_some()
}
