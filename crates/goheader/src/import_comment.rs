//! `package x // import "path"`: `findImportComment` of go/build/build.go.

use crate::quote::unquote;
use crate::text::{decode, lossy, slice, tail, trim};
use crate::unicode::is_letter;
use memchr::{memchr, memmem};

/// The import path that a package asks to be imported by. The go command looks at it only without modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportComment {
    /// None if it is no string: `cannot parse import comment`.
    pub path: Option<String>,
    /// The 1-based line it is on. (Go says 1 for all of them.)
    pub line: usize,
}

pub(crate) fn import_comment(header: &[u8]) -> Option<ImportComment> {
    let (word, rest) = word(header);
    if word != b"package" {
        return None;
    }
    let (_, rest) = self::word(rest);
    let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))?;
    let text = tail(rest, start);
    let comment = if let Some(text) = text.strip_prefix(b"//") {
        slice(text, 0, memchr(b'\n', text).unwrap_or(text.len()))
    } else {
        let text = text.strip_prefix(b"/*")?;
        let comment = slice(text, 0, memmem::find(text, b"*/")?);
        if memchr(b'\n', comment).is_some() {
            return None;
        }
        comment
    };
    let (word, argument) = self::word(trim(comment));
    if word != b"import" {
        return None;
    }
    let before = slice(header, 0, header.len() - text.len());
    let path = unquote(trim(argument)).map(|path| lossy(&path));
    Some(ImportComment { path, line: 1 + memchr::memchr_iter(b'\n', before).count() })
}

/// `parseWord`: the word behind spaces and comments, and what follows; nothing at all where there is no word.
fn word(data: &[u8]) -> (&[u8], &[u8]) {
    let data = skip_space_or_comment(data);
    let mut end = 0;
    while let Some((c, width)) = decode(tail(data, end))
        && (is_letter(c) || c.is_ascii_digit() || c == '_')
    {
        end += width;
    }
    if end == 0 { (b"", b"") } else { data.split_at(end) }
}

/// `skipSpaceOrComment`
fn skip_space_or_comment(mut data: &[u8]) -> &[u8] {
    loop {
        let skip = match data {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => Some(1),
            [b'/', b'/', ..] => memchr(b'\n', data).map(|end| end + 1),
            [b'/', b'*', rest @ ..] => memmem::find(rest, b"*/").map(|end| end + 4),
            _ => return data,
        };
        let Some(skip) = skip else { return b"" };
        data = tail(data, skip);
    }
}
