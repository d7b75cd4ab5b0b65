//! How a log ends of which no word is known.

use crate::clean::clean;
use crate::level::{Level, level};
use crate::prose::{bare, is_one_of, is_sentence, is_told};
use crate::quote::without_quotes;
use crate::says::is_warning;

/// So many lines before the end tell how it ended.
const LAST: usize = 12;

/// Words of who gives up.
const TROUBLE: &str = "error errors failed fail failure fatal cannot refused denied exception killed aborted panic unable \
    unauthorized unauthorizedoperation forbidden crashed errored err crashloopbackoff invalid unknown couldn't can't";

/// Words of who is content.
const CONTENT: &str = "ok pass passed success succeeded successful successfully done complete completed finished listening \
    ready started uploaded";

/// Beginnings of lines that complain of nothing that matters.
const CALM: &[&str] = &[
    "W: ",
    "// ",
    "packagefile ",
    "warning",
    "Warning",
    "WARN",
    "Cache is not found",
    "Restore cache failed",
    "Failed to restore",
    "-",
    "=== RUN",
    "--- PASS",
];

/// The last line that complains, if nothing behind it is content, and so many lines before the end
/// it stands: 0 is the last.
pub(crate) fn trouble(tail: &[u8]) -> Option<(u64, String)> {
    let text = tail.strip_suffix(b"\n").unwrap_or(tail);
    let lines = text.rsplit(|byte| *byte == b'\n').zip(0..);
    for (line, back) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()).take(LAST) {
        let clean = clean(line.get(..2000).unwrap_or(line));
        let text = without_quotes(&clean.text);
        let warns = is_warning(line, &text);
        if counts_failed(&text) && !warns {
            let shown = String::from_utf8_lossy(line.get(..500).unwrap_or(line).trim_ascii_end());
            return Some((back, shown.into_owned()));
        }
        // What failed above was not needed.
        if has_word(&text, CONTENT) && !denies(&text) || warns && has_word(&text, TROUBLE) {
            return None;
        }
        if !warns && !is_calm(line, &text) && complains(line, &text) {
            let shown = line.get(..500).unwrap_or(line);
            let shown = String::from_utf8_lossy(shown.strip_suffix(b"\r").unwrap_or(shown));
            return Some((back, shown.into_owned()));
        }
    }
    None
}

/// Whether the last that was run is asked how it ended, and ended well: `$ echo $?`, `0`.
pub(crate) fn is_zero(tail: &[u8]) -> bool {
    let mut lines =
        tail.rsplit(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    lines.next() == Some(b"0") && lines.next().is_some_and(|line| line.ends_with(b"echo $?"))
}

/// Whether it complains of nothing, whatever its words: a service goes on, and a person tells.
fn is_calm(raw: &[u8], text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    matches!(level(raw), Some(Level::Quiet | Level::Loud))
        // A column of Kubernetes' events, which tell what fails.
        || !text.starts_with(b"Warning  ")
            && CALM.iter().any(|beginning| text.starts_with(beginning.as_bytes()))
        || holds(text, b": warning: ")
        || is_sentence(text)
        || is_told(text)
}

fn complains(raw: &[u8], text: &[u8]) -> bool {
    level(raw) == Some(Level::Last)
        || holds(raw, b"##[error]")
        || raw.starts_with(b"::error")
        || has_word(text, TROUBLE)
        || is_exception(text)
        || holds(text, b"not found")
        || holds(text, b"no such ")
        || holds(text, b"undefined reference")
}

/// `ModuleNotFoundError: No module named 'x'`, `java.io.IOException: Stream closed`
fn is_exception(text: &[u8]) -> bool {
    let name = text
        .split(|byte| *byte == b' ')
        .next()
        .and_then(|word| word.strip_suffix(b":"))
        .unwrap_or_default();
    name.len() > 9 && (name.ends_with(b"Error") || name.ends_with(b"Exception"))
}

/// `did not complete successfully`
fn denies(text: &[u8]) -> bool {
    holds(text, b"n't ") || holds(text, b" not ")
}

fn holds(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words))
}

/// Whether tests are counted, and some of them failed: `1 failed, 10 passed in 0.11s`.
fn counts_failed(text: &[u8]) -> bool {
    let mut before: &[u8] = b"";
    let mut failed = false;
    for word in text.split(|byte| matches!(byte, b' ' | b'\t' | b',' | b':')).map(bare) {
        let some = !before.is_empty()
            && before.iter().all(u8::is_ascii_digit)
            && before.iter().any(|byte| *byte != b'0');
        failed |= some && is_one_of(word, "failed failures failure failing");
        before = word;
    }
    failed && has_word(text, "passed passing examples total tests")
}

/// Whether it has one of these words; `0 errors` and `no error` do not count, nor do parts of names.
fn has_word(text: &[u8], words: &str) -> bool {
    let mut before: &[u8] = b"";
    let parts = text.split(|byte| matches!(byte, b' ' | b'\t' | b'=' | b'"' | b':' | b','));
    for word in parts.filter(|word| !word.is_empty()) {
        let none = matches!(before, b"0" | b"no" | b"No" | b"without");
        if !none && is_one_of(bare(word), words) {
            return true;
        }
        before = word;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_asked_how_it_ended() {
        assert!(is_zero(b"go: x\n$ go build\n$ echo $?\n0\n\n"));
        assert!(!is_zero(b"$ echo $?\n1\n") && !is_zero(b"0\n") && !is_zero(b""));
    }

    #[test]
    fn a_log_s_end_complains_or_not() {
        for (tail, wanted) in [
            ("a\nError from server: dial tcp: lookup x: no such host\n\n", Some(1)),
            ("F0515 09:31:28.1 1 kubelet.go:58] not reached\n", Some(0)),
            ("E0515 09:31:28.1 1 kubelet.go:58] connection refused\n", None),
            ("x: line 1: 40 Killed   docker-compose up -d", Some(0)),
            ("::error file=ui/x.go,line=7,col=2::x\n", Some(0)),
            ("error: x\nall tests passed\n", None),
            ("==== 1 failed, 10 passed in 0.11s ====\n", Some(0)),
            ("Tests:       0 failed, 10 passed, 10 total\n", None),
            ("compiled with 0 errors, 3 warnings\n", None),
            ("go: downloading github.com/pkg/errors v0.9.1\n", None),
            (
                "tar: Exiting with failure status\nWarning: Failed to restore: x\nCache is not found\n",
                None,
            ),
            ("{\"level\":\"warn\",\"msg\":\"request failed\"}\n", None),
            ("", None),
        ] {
            assert_eq!(trouble(tail.as_bytes()).map(|(back, _)| back), wanted, "{tail:?}");
        }
    }
}
