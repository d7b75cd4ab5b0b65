//! Links in doc comments, which print without their brackets: the inner half of go/doc/comment's parser.

use crate::text::slice;
use crate::unicode::{is_letter, is_punct, is_upper};
use std::collections::HashMap;

/// The links that a doc comment defines.
#[derive(Default)]
pub(crate) struct Links {
    pub(crate) list: Vec<Link>,
    by_text: HashMap<String, usize>,
}

/// `comment.LinkDef`
pub(crate) struct Link {
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) used: bool,
}

impl Links {
    pub(crate) fn define(&mut self, text: &str, url: &str) {
        self.by_text.entry(text.to_owned()).or_insert(self.list.len());
        self.list.push(Link { text: text.to_owned(), url: url.to_owned(), used: false });
    }

    /// Marks a link as used; whether it is defined.
    fn take(&mut self, text: &str) -> bool {
        let index = self.by_text.get(text);
        let link = index.and_then(|index| self.list.get_mut(*index));
        link.is_some_and(|link| {
            link.used = true;
            true
        })
    }
}

/// `parseLinkedText`, printed.
pub(crate) fn linked_text(text: &str, links: &mut Links) -> String {
    let mut out = String::with_capacity(text.len());
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let mut wrote = 0;
    let mut start = None;
    // What is within the brackets; Go does not start over at a second opening one.
    let mut name = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '[' => start = Some(at),
            ']' => {
                let name = std::mem::take(&mut name);
                let Some(open) = start.take() else { continue };
                let inner = part(open + 1, at);
                let (before, after) = (part(0, open), part(at + 1, text.len()));
                if links.take(&name) || is_doc_link(inner, before, after) {
                    plain_text(part(wrote, open), true, &mut out);
                    plain_text(inner, false, &mut out);
                    wrote = at + 1;
                }
            }
            '\n' | '\t' if start.is_some() => name.push(' '),
            c if start.is_some() => name.push(c),
            _ => {}
        }
    }
    plain_text(part(wrote, text.len()), true, &mut out);
    out
}

/// `parseDoc.docLink` of a package that is not known: only packages can be looked up.
fn is_doc_link(text: &str, before: &str, after: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| is_punct(c) || matches!(c, ' ' | '\t' | '\n'));
    if !edge(before.chars().next_back()) || !edge(after.chars().next()) {
        return false;
    }
    let text = text.strip_prefix('*').unwrap_or(text);
    let package = match before_name(text) {
        Some(package) => before_name(package).unwrap_or(package),
        None => text,
    };
    if package.contains('/') { is_import_path(package) } else { STANDARD.contains(&package) }
}

/// `splitDocName`: what is before the dot and a capitalized name.
fn before_name(text: &str) -> Option<&str> {
    let (before, name) = text.rsplit_once('.').unwrap_or(("", text));
    let capital = name.chars().next().is_some_and(is_upper);
    (capital && name_length(name) == name.len()).then_some(before)
}

/// `ident`: how long the identifier at the start is. Unlike in Go's language, it has no digits but the ASCII ones.
fn name_length(text: &str) -> usize {
    let in_name = |(at, c): (usize, char)| is_letter(c) || c == '_' || at > 0 && c.is_ascii_digit();
    text.char_indices().find(|one| !in_name(*one)).map_or(text.len(), |(at, _)| at)
}

/// `validImportPath`
fn is_import_path(path: &str) -> bool {
    let legal = |element: &str| {
        !(element.is_empty() || element.starts_with('.') || element.ends_with('.'))
            && element.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.~_+".contains(&b))
    };
    !path.starts_with('-') && path.split('/').all(legal)
}

/// `parseText`, printed: quotes written as `` and '' become real ones, but not in URLs.
fn plain_text(text: &str, auto_link: bool, out: &mut String) {
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let kept =
            if auto_link { url_length(rest).unwrap_or_else(|| name_length(rest)) } else { 0 };
        let (end, written) = match kept {
            0 if rest.starts_with("```") => (ticks_end(text, at), None),
            0 if rest.starts_with("``") => (at + 2, Some('“')),
            0 if rest.starts_with("''") => (at + 2, Some('”')),
            0 => (at + c.len_utf8(), None),
            kept => (at + kept, None),
        };
        match written {
            Some(written) => out.push(written),
            None => out.push_str(text.get(at..end).unwrap_or_default()),
        }
        at = end;
    }
}

/// Where Go takes three backquotes or more to end. It looks for more of them at the wrong place: as far behind these as
/// these are behind the start of the text.
fn ticks_end(text: &str, start: usize) -> usize {
    let mut end = start + 3;
    while text.as_bytes().get(start + end) == Some(&b'`') {
        end += 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// `autoURL`: how long the URL at the start is.
fn url_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let scheme = (3..=6).find(|at| bytes.get(*at) == Some(&b':')).filter(|_| bytes.len() >= 7)?;
    if slice(bytes, scheme, scheme + 3) != b"://" || !is_scheme(text.get(..scheme)?) {
        return None;
    }
    let host = scheme + 3;
    bytes.get(host).filter(|byte| is_host(**byte) && !is_punctuation(**byte))?;
    let mut end = host + 1;
    let in_host = bytes.iter().enumerate().skip(host).take_while(|(_, byte)| is_host(**byte));
    for (at, _) in in_host.filter(|(_, byte)| !is_punctuation(**byte)) {
        end = at + 1;
    }
    let mut open = Vec::new();
    for (at, byte) in bytes.iter().enumerate().skip(end) {
        match byte {
            byte if is_punctuation(*byte) => continue,
            byte if !is_path(*byte) => break,
            b'(' => open.push(b')'),
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b')' | b'}' | b']' if open.pop() != Some(*byte) => break,
            _ => {}
        }
        if open.is_empty() {
            end = at + 1;
        }
    }
    Some(end)
}

pub(crate) fn is_scheme(text: &str) -> bool {
    ["file", "ftp", "gopher", "http", "https", "mailto", "nntp"].contains(&text)
}

fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@-.[]:".contains(&byte)
}

fn is_punctuation(byte: u8) -> bool {
    b".,:;?!".contains(&byte)
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"$'()*+&#=@~_/-[]{}%".contains(&byte)
}

/// `stdPkgs`: the packages of the standard library without a slash, which a link may name.
const STANDARD: &[&str] = &[
    "bufio", "bytes", "cmp", "context", "crypto", "embed", "encoding", "errors", "expvar", "flag",
    "fmt", "hash", "html", "image", "io", "iter", "log", "maps", "math", "mime", "net", "os",
    "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings",
    "structs", "sync", "syscall", "testing", "time", "unicode", "unique", "unsafe", "weak",
];
