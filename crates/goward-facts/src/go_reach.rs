//! What Go source reaches for, at a glance: init functions and imports that leave the process.

use std::collections::BTreeMap;

/// Imports that a reviewer of a new dependency wants to hear of.
const WATCHED: &[&str] = &["C", "net", "net/http", "os/exec", "plugin", "syscall", "unsafe"];

/// What the code of a module reaches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Files with an init function, and the line of the first.
    pub inits: Vec<(String, u32)>,
    /// Watched imports: how many files have each, and the first place.
    pub imports: BTreeMap<&'static str, (usize, String, u32)>,
    /// Go files that were looked at.
    pub files: usize,
}

/// Adds what one file reaches for.
pub(crate) fn look(path: &str, source: &[u8], reach: &mut Reach) {
    reach.files += 1;
    let source = String::from_utf8_lossy(source);
    let mut init = None;
    let mut imports = BTreeMap::new();
    let mut block = false;
    let mut code = Code::default();
    for (number, line) in (1_u32..).zip(source.lines()) {
        let outside = code == Code::Plain;
        let line = code.strip(line);
        let text = line.trim();
        if outside && line.starts_with("func init()") {
            init.get_or_insert(number);
        }
        // Imports stand in front of everything else (Go spec, "Source file organization").
        if !block && (line.starts_with("func ") || line.starts_with("type ")) {
            continue;
        }
        let specs = match text.strip_prefix("import") {
            Some(rest) if rest.trim_start().starts_with('(') => {
                block = !rest.contains(')');
                rest
            }
            Some(rest) if rest.starts_with([' ', '\t', '"', '`']) => rest,
            _ if block => {
                block = !text.starts_with(')');
                text
            }
            _ => continue,
        };
        for path in quoted(specs) {
            if let Some(watched) = WATCHED.iter().find(|watched| **watched == path) {
                imports.entry(*watched).or_insert(number);
            }
        }
    }
    reach.inits.extend(init.map(|line| (path.to_owned(), line)));
    for (name, line) in imports {
        let entry = reach.imports.entry(name).or_insert_with(|| (0, path.to_owned(), line));
        entry.0 += 1;
    }
}

/// The words in quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '`']).skip(1).step_by(2)
}

/// Where a line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Code {
    #[default]
    Plain,
    Comment,
    /// In a string of back quotes, which may have lines.
    Raw,
}

impl Code {
    /// The line without comments and without the rest of a raw string; this is then where it ends.
    fn strip(&mut self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        let mut quoted: Option<char> = None;
        while let Some(c) = rest.chars().next() {
            let step = match (*self, quoted) {
                (Self::Comment, _) if rest.starts_with("*/") => {
                    *self = Self::Plain;
                    2
                }
                (Self::Comment, _) => c.len_utf8(),
                (Self::Raw, _) => {
                    if c == '`' {
                        *self = Self::Plain;
                        out.push(c);
                    }
                    c.len_utf8()
                }
                (Self::Plain, Some(quote)) => {
                    out.push(c);
                    if c == quote {
                        quoted = None;
                    }
                    let escaped = if c == '\\' { rest.chars().nth(1) } else { None };
                    out.extend(escaped);
                    c.len_utf8() + escaped.map_or(0, char::len_utf8)
                }
                (Self::Plain, None) if rest.starts_with("//") => break,
                (Self::Plain, None) if rest.starts_with("/*") => {
                    *self = Self::Comment;
                    2
                }
                (Self::Plain, None) => {
                    out.push(c);
                    match c {
                        '"' | '\'' => quoted = Some(c),
                        // An import may be written so; only what goes over lines is left out.
                        '`' if !rest.get(1..).unwrap_or_default().contains('`') => {
                            *self = Self::Raw
                        }
                        '`' => quoted = Some('`'),
                        _ => {}
                    }
                    c.len_utf8()
                }
            };
            rest = rest.get(step..).unwrap_or_default();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_reaches_for() {
        let source = "// Package a does. import \"plugin\"\npackage a\n\nimport \"fmt\"\nimport (\n\tx \"net/http\" // \"unsafe\"\n\t_ `unsafe`\n\t/*\n\t\"os/exec\"\n\t*/\n)\n\nconst s = `\nfunc init() {}\nimport \"C\"\n`\n\nfunc init() { println(\"import \\\"syscall\\\"\") }\n";
        let mut reach = Reach::default();
        look("a.go", source.as_bytes(), &mut reach);
        assert_eq!(reach.inits, [("a.go".to_owned(), 18)]);
        let imports: Vec<_> =
            reach.imports.iter().map(|(name, (n, _, line))| (*name, *n, *line)).collect();
        assert_eq!(imports, [("net/http", 1, 6), ("unsafe", 1, 7)]);
    }

    #[test]
    fn nonsense_is_looked_at_all_the_same() {
        for source in
            ["", "import (", "import \"", "/*", "`", "'\\", "\u{feff}import\"C\"", "é\\é\"é"]
        {
            look("a.go", source.as_bytes(), &mut Reach::default());
        }
    }
}
