//! What a line quotes is not said here: `code` in Markdown, a comment, a patch, a program's text.

use crate::prose::small;
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A name in quotes is shorter.
const SHORT: usize = 10;

/// Lines that the go command itself begins as a comment.
const OF_GO: &[&str] = &["# cd ", "# get ", "# pkg-config ", "# [pkg-config "];

/// Beginnings of what no tool prints of itself: a command that the shell tells, a patch's new line, a comment.
const BEGINNINGS: &[&str] = &["+", "# ", "// ", "//\t", "/// ", "//! ", "/* ", "<!--"];

/// What a test printed, in a report of JUnit.
const PRINTED: &[&str] = &["<testcase ", "<testsuite", "<system-out>", "<system-err>"];

/// What a script of the go command's own tests expects of one.
const EXPECTED: &[&str] = &[
    "stderr '",
    "stdout '",
    "! stderr '",
    "! stdout '",
    "stderr -count=",
    "stdout -count=",
    "! go ",
];

/// Files that programs do not compile.
const DOCUMENTS: &[&str] =
    &["md", "rst", "adoc", "html", "json", "yml", "yaml", "py", "js", "ts", "tsx", "rb", "java"];

/// A program's source: a text is assigned, or given to a function; a script looks for it.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parts = r#" := [`"]|\[\]string\{|\.(?:Errorf|Fatalf)\("|fmt\.Printf\("|errors\.New\("|assert_eq!\(|grep (?:["']|-q)"#;
    Regex::new(parts).ok()
});

/// Whether the line only quotes what it holds.
pub(crate) fn is_quoted(line: &[u8]) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word.as_bytes()));
    let line = line.trim_ascii();
    let begun = match line.first() {
        // Set off it is a comment where a person writes it.
        Some(b'#') if line.starts_with(b"# ") && small(line) > 2 => true,
        // A string of Java or JavaScript goes on.
        Some(b'+') if line.starts_with(b"+ \"") => true,
        Some(b'<') if is_printed(line) => true,
        Some(b'+' | b'#' | b'/' | b'<') => begins(BEGINNINGS) && !begins(OF_GO),
        Some(b'`') => is_fence(line),
        Some(b's' | b'!') => begins(EXPECTED),
        Some(b'|') => is_row(line),
        Some(b'0'..=b'9' | b'a'..=b'f') => is_title(line),
        _ => false,
    };
    begun
        || is_found(line)
        || is_pattern(line)
        || memchr::memchr3(b'`', b'"', b'{', line).is_some() && is_code(line)
}

/// Whether a report of JUnit tells what a test printed, and no failure.
fn is_printed(line: &[u8]) -> bool {
    let holds = |word: &[u8]| memchr::memmem::find(line, word).is_some();
    PRINTED.iter().any(|tag| line.starts_with(tag.as_bytes()))
        && !holds(b"<failure")
        && !holds(b"<error")
}

/// `let text = """`, `output: """`, `check("""`: a literal begins at the end of a line of code.
pub(crate) fn begins_literal(line: &[u8]) -> bool {
    let before = line.trim_ascii_end().strip_suffix(b"\"\"\"").map(<[u8]>::trim_ascii_end);
    before.and_then(<[u8]>::last).is_some_and(|byte| b"=:(,".contains(byte))
}

/// "```bash text": the ends of a page's lines were lost.
fn is_fence(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"```") else { return false };
    let end = rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(0);
    end > 0 && rest.get(end) == Some(&b' ')
}

fn is_code(line: &[u8]) -> bool {
    line.ends_with(b"\",") && is_field(line)
        || line.ends_with(b"\";") && memchr::memmem::find(line, b" = \"").is_some()
        || CODE.as_ref().is_some_and(|code| code.is_match(line))
}

/// `name='one|other'`: what a shell looks for.
fn is_pattern(line: &[u8]) -> bool {
    if !line.ends_with(b"'") {
        return false;
    }
    let end = line.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    let rest = line.get(end.unwrap_or(0)..).unwrap_or_default();
    rest.starts_with(b"='") && memchr::memchr(b'|', rest).is_some()
}

/// `name: "text",`: a field of a literal; JSON's are in quotes.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').and_then(|at| line.get(..at));
    name.is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric))
        && line
            .get(name.map_or(0, <[u8]>::len) + 1..)
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
}

/// How many lines follow `@@ -10,3 +10,5 @@`, or the head of a patch, and belong to it at most.
pub(crate) fn patch_lines(text: &[u8]) -> Option<u64> {
    if text.starts_with(b"diff --git ") {
        return Some(5);
    }
    let ranges =
        std::str::from_utf8(text.strip_prefix(b"@@ -")?.get(..40.min(text.len() - 4))?).ok()?;
    let counts =
        ranges.split(' ').take(2).filter_map(|range| range.split_once(',')?.1.parse().ok());
    counts.max().or(Some(1))
}

/// `| a | b |`
fn is_row(line: &[u8]) -> bool {
    line.starts_with(b"|") && line.ends_with(b"|") && memchr::memchr_iter(b'|', line).count() > 2
}

/// `4f2c1d9 title of a commit`
fn is_title(line: &[u8]) -> bool {
    let hash = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    (7..=12).contains(&hash.len())
        && hash.len() < line.len()
        && hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && hash.iter().any(u8::is_ascii_digit)
        && hash.iter().any(u8::is_ascii_alphabetic)
}

/// `docs/faq.md:12: text`, as grep prints it.
fn is_found(line: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', line) else { return false };
    let (path, behind) = line.split_at(colon);
    let Some(end) = behind.iter().skip(1).position(|byte| !byte.is_ascii_digit()) else {
        return false;
    };
    if end == 0 || behind.get(end + 1) != Some(&b':') {
        return false;
    }
    let extension = path.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    DOCUMENTS.iter().any(|one| one.as_bytes() == extension) && !path.contains(&b' ')
}

/// The line without what its words quote between backticks.
pub(crate) fn without_quotes(text: &[u8]) -> Cow<'_, [u8]> {
    match memchr::memchr2(b'`', b'"', text) {
        None => return Cow::Borrowed(text),
        Some(_) if memchr::memchr(b'`', text).is_none() => return without_phrases(text),
        Some(_) => {}
    }
    let mut out = Vec::with_capacity(text.len());
    let trimmed = text.trim_ascii_start();
    let listed = matches!(trimmed, [b'-' | b'*', b' ', ..] | [b'*', b'*', ..]);
    if let (true, Some(first), Some(last)) =
        (listed, memchr::memchr(b'`', text), memchr::memrchr(b'`', text))
        && last - first > SHORT
    {
        out.extend_from_slice(text.get(..=first).unwrap_or_default());
        out.extend_from_slice(text.get(last..).unwrap_or_default());
        return Cow::Owned(out);
    }
    let mut parts = text.split(|byte| *byte == b'`');
    out.extend_from_slice(parts.next().unwrap_or_default());
    let mut removed = false;
    while let Some(inside) = parts.next() {
        let Some(behind) = parts.next() else {
            out.push(b'`');
            out.extend_from_slice(inside);
            break;
        };
        // GNU's tools quote `so'.
        let quotes = inside.len() >= SHORT && !inside.contains(&b'\'') && tells(&out, behind);
        out.push(b'`');
        if quotes {
            removed = true;
        } else {
            out.extend_from_slice(inside);
        }
        out.push(b'`');
        out.extend_from_slice(behind);
    }
    if removed { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

/// The line without what a person's sentence quotes: `The build stopped on "pattern x: no matching files" and`.
fn without_phrases(text: &[u8]) -> Cow<'_, [u8]> {
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let open = from + open;
        let inside = text.get(open + 1..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'"', inside) else { break };
        let before = text.get(..open).unwrap_or_default();
        let phrase = memchr::memchr_iter(b' ', inside.get(..end).unwrap_or_default()).count() > 1;
        if phrase && before.ends_with(b" ") && small(before) > 1 {
            let behind = text.get(open + 1 + end..).unwrap_or_default();
            return Cow::Owned([before, b"\"", behind].concat());
        }
        from = open + end + 2;
    }
    Cow::Borrowed(text)
}

/// Whether words around it tell about what is between.
fn tells(before: &[u8], behind: &[u8]) -> bool {
    let before = before.trim_ascii_start();
    let marked = matches!(before, [b'-' | b'*' | b'|' | b'#', ..]);
    let words = |text: &[u8]| {
        let all = text.split(|byte| matches!(byte, b' ' | b'\t'));
        all.filter(|word| word.len() > 1 && word.iter().take(3).all(u8::is_ascii_alphabetic))
            .count()
    };
    let around = words(before);
    // The cell of a table.
    let cell = behind.trim_ascii_start().starts_with(b"|");
    marked || cell || around >= 4 || around > 0 && words(behind) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_lines_only_quote() {
        for line in [
            "+ echo go: x",
            "+    go: updates to go.mod needed",
            "# the old image said: go: updates to go.mod needed",
            "// ./main.go:5:2: undefined: x",
            "//\t{\"error\": \"signal: killed\"}",
            "| go: x | y |",
            "  pattern='missing go.sum entry|permission denied'",
            "4f2c1d9 docs: explain go: x",
            "! stderr '^./main.go:7:2: duplicate method Close$'",
            "docs/faq.md:12:    ./main.go:5:2: undefined: x",
            "\tlog := `./main.go:5:2: undefined: x`",
        ] {
            assert!(is_quoted(line.as_bytes()), "{line}");
        }
        for line in [
            "./main.go:5:2: undefined: x",
            "# cd .; git clone https://example.com/x",
            "# pkg-config --cflags  -- x",
            "go: x",
            "deadbeef",
            "accede to it",
            "app-1 | go: x",
            "//a:b FAILED",
        ] {
            assert!(!is_quoted(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_patch_tells_how_long_it_is() {
        for (text, lines) in [
            ("@@ -10,3 +10,5 @@ func x() {", Some(5)),
            ("@@ -1 +1 @@", Some(1)),
            ("@@ -", Some(1)),
            ("diff --git a/x b/x", Some(5)),
            ("x", None),
        ] {
            assert_eq!(patch_lines(text.as_bytes()), lines, "{text}");
        }
    }

    #[test]
    fn quotes_are_left_out() {
        for (text, wanted) in [
            ("Fixing `exec: \"gcc\": not there` on Alpine", "Fixing `` on Alpine"),
            ("| `go: go.mod file not found` | wrong folder |", "| `` | wrong folder |"),
            ("`go: go.mod file not found` | wrong folder |", "`` | wrong folder |"),
            ("**Error:** `undefined: SomeFunc`", "**Error:** ``"),
            ("`go: updates to go.mod needed`", "`go: updates to go.mod needed`"),
            ("a.go:1:2: undeclared name: `yaml`", "a.go:1:2: undeclared name: `yaml`"),
            (
                "/usr/bin/ld: a.o: in function `main.something': undefined reference to `deflate_it'",
                "/usr/bin/ld: a.o: in function `main.something': undefined reference to `deflate_it'",
            ),
            ("go: x `y", "go: x `y"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_quotes(text.as_bytes())), wanted);
        }
    }
}
