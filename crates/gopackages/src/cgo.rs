//! The `#cgo` lines of a file: a port of `Context.saveCgo` of cmd/go/internal/modindex/build.go, as far as it refuses.

use goheader::Tags;
use std::path::Path;

/// What may stand in an argument, beside what is no ASCII (`safeString`).
const SAFE: &str = "+-.,/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz:$@%! ~^";
const VERBS: [&str; 6] = ["CFLAGS", "CPPFLAGS", "CXXFLAGS", "FFLAGS", "LDFLAGS", "pkg-config"];

/// What Go says of the first line that it does not take: of those that are for this build, and those that nobody can
/// read.
pub(crate) fn wrong_line(name: &str, dir: &Path, lines: &[&str], tags: &Tags) -> Option<String> {
    // For all builds together there is no line that counts (`imports.ScanDir` looks at none).
    let counted = if tags.any { &[] } else { lines };
    counted.iter().find_map(|line| wrong(name, dir, line, tags))
}

fn wrong(name: &str, dir: &Path, line: &str, tags: &Tags) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if matches!(words.as_slice(), [_, "nocallback" | "noescape", _]) {
        return None;
    }
    let invalid = || Some(format!("{name}: invalid #cgo line: {line}"));
    let Some((head, arguments)) = line.strip_prefix("#cgo").and_then(|it| it.split_once(':'))
    else {
        return invalid();
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let Some((verb, conditions)) = words.split_last() else { return invalid() };
    let holds = |condition: &&str| tags.matches_auto(condition);
    if !conditions.is_empty() && !conditions.iter().any(holds) {
        return None;
    }
    let Some(arguments) = split_quoted(arguments) else { return invalid() };
    let dir = dir.to_string_lossy();
    for argument in arguments {
        if !expands(&argument, &dir) {
            let argument = argument.replace("${SRCDIR}", &dir);
            return Some(format!("{name}: malformed #cgo argument: {argument}"));
        }
    }
    (!VERBS.contains(verb)).then(|| format!("{name}: invalid #cgo verb: {line}"))
}

/// Whether an argument is one that the shell may see (`expandSrcDir`).
fn expands(argument: &str, dir: &str) -> bool {
    if !argument.contains("${SRCDIR}") {
        return is_safe(argument);
    }
    let mut chunks = argument.split("${SRCDIR}");
    chunks.all(|chunk| chunk.is_empty() || is_safe(chunk)) && is_safe(dir)
}

/// `safeCgoName`
fn is_safe(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_ascii() || SAFE.contains(c))
}

/// The words, in quotes or not; `None` where a quote or an escape is left open.
fn split_quoted(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word) = (vec![], String::new());
    let (mut is_escaped, mut is_quoted, mut quote) = (false, false, None);
    for c in text.chars() {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
            continue;
        } else if let Some(open) = quote {
            if c == open {
                quote = None;
                continue;
            }
        } else if matches!(c, '"' | '\'') {
            (is_quoted, quote) = (true, Some(c));
            continue;
        } else if c.is_whitespace() {
            if is_quoted || !word.is_empty() {
                is_quoted = false;
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        word.push(c);
    }
    if is_quoted || !word.is_empty() {
        words.push(word);
    }
    (quote.is_none() && !is_escaped).then_some(words)
}
