//! Foreign text made safe to show.
//!
//! Three forms: [`one_line`] for messages and names, [`lines`] for text that may have several, and
//! [`columns`] for quoted source, where every character keeps its column. All of them also break
//! up the workflow commands by which CI systems act on a log: `::name::` at the start of a line
//! (GitHub Actions), `##[name]` (GitHub, Azure), `##vso[…]` (Azure), `##teamcity[…]`.

/// Text longer than this (in characters) is cut: a message is not a log.
pub(crate) const MAX_TEXT: usize = 4_000;

/// Whether a character acts instead of showing: control characters, bidirectional controls
/// (Unicode Standard Annex 9; CVE-2021-42574), invisible ones, and what XML 1.0 cannot hold.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text as one line: what acts, line ends included, is shown as an escape (`\n`, `\u{1b}`).
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    line(clamp(text), false, &mut out);
    cut_mark(text, &mut out);
    defuse(&out)
}

/// The text with its line ends and tabs; everything else that acts is shown as an escape.
pub(crate) fn lines(text: &str) -> String {
    let text = text.trim_end();
    let mut out = String::with_capacity(text.len());
    for part in clamp(text).split('\n') {
        line(part.strip_suffix('\r').unwrap_or(part), true, &mut out);
        out.push('\n');
    }
    out.pop();
    cut_mark(text, &mut out);
    defuse(&out)
}

/// Appends a line that is none of GitHub's commands; those may stand after blanks.
fn line(text: &str, tabs: bool, out: &mut String) {
    if text.trim_start().starts_with("::") {
        out.push('\\');
    }
    for c in text.chars() {
        if tabs && c == '\t' { out.push(c) } else { escape(c, out) }
    }
}

/// Quoted source: as many characters as before, each in its column.
pub(crate) fn columns(source: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\t' => c,
        '\u{7f}' => '␡',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        c if acts(c) => '\u{fffd}',
        c => c,
    };
    defuse(&source.chars().map(visible).collect::<String>())
}

/// JSON in which no character acts when it is printed: they can stand only in strings, where
/// `\uXXXX` means the same.
pub(crate) fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    let mut before = '\n';
    for c in document.chars() {
        // The second `#` of a CI system's command.
        if (acts(c) && c != '\n') || (c == '#' && before == '#') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// At most the first `max` characters, with an ellipsis where there were more.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn clamp(text: &str) -> &str {
    text.char_indices().nth(MAX_TEXT).map_or(text, |(at, _)| &text[..at])
}

fn cut_mark(text: &str, out: &mut String) {
    if clamp(text).len() < text.len() {
        out.push('…');
    }
}

fn escape(c: char, out: &mut String) {
    match c {
        '\n' | '\r' | '\t' => out.extend(c.escape_default()),
        c if acts(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Replaces the bracket of `##[`, `##vso[` and the like by its full-width form.
fn defuse(text: &str) -> String {
    let mut hashes = 0_u8;
    let mut name = false;
    let calm = |c: char| {
        match c {
            '#' if !name => hashes = hashes.saturating_add(1),
            '#' => (hashes, name) = (1, false),
            '[' if hashes >= 2 => {
                (hashes, name) = (0, false);
                return '［';
            }
            c if hashes >= 2 && c.is_ascii_alphanumeric() => name = true,
            _ => (hashes, name) = (0, false),
        }
        c
    };
    text.chars().map(calm).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_shows_what_acts() {
        for (text, shown) in [
            ("plain 中文 ✔", "plain 中文 ✔"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("a\r\nb\tc", "a\\r\\nb\\tc"),
            ("x\u{202e}gpj.exe", "x\\u{202e}gpj.exe"),
            ("c1 \u{9b}31m", "c1 \\u{9b}31m"),
            ("tag \u{e0041}", "tag \\u{e0041}"),
            ("##[add-mask]x", "##［add-mask]x"),
            ("a ##vso[task.setvariable variable=x]y", "a ##vso［task.setvariable variable=x]y"),
            ("###teamcity[x]", "###teamcity［x]"),
            ("#[derive] ## [x] #a#[b", "#[derive] ## [x] #a#[b"),
            ("##a##[b", "##a##［b"),
            (" ::error::x", "\\ ::error::x"),
        ] {
            assert_eq!(one_line(text), shown);
        }
    }

    #[test]
    fn lines_keep_line_ends_and_tabs() {
        for (text, shown) in [
            ("a\r\n\tb\n", "a\n\tb"),
            ("a\rb", "a\\rb"),
            ("x\n ::set-output name=a::b", "x\n\\ ::set-output name=a::b"),
            ("::error::x", "\\::error::x"),
            ("a::b", "a::b"),
            ("\u{85}", ""),
            ("a\u{2028}b", "a\\u{2028}b"),
        ] {
            assert_eq!(lines(text), shown);
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let long = "长".repeat(MAX_TEXT + 1);
        assert_eq!(one_line(&long).chars().count(), MAX_TEXT + 1);
        assert!(lines(&long).ends_with('…') && !one_line(&long[3..]).ends_with('…'));
        assert_eq!(shorten("中文字", 2), "中文…");
        assert_eq!(shorten("中文", 2), "中文");
    }

    #[test]
    fn json_says_the_same_without_acting() {
        let value = serde_json::json!({ "##[x]": "\u{1b}\u{9b}\u{202e}\u{e0041}\u{7f}###\\#中" });
        let document = json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!document.chars().any(|c| acts(c) && c != '\n') && !document.contains("##"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&document).unwrap(), value);
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_acts_is_left(text: String) {
            proptest::prop_assert!(!one_line(&text).chars().any(acts));
            let rest = lines(&text) + &columns(&text);
            proptest::prop_assert!(!rest.chars().any(|c| acts(c) && !"\n\t".contains(c)));
        }

        #[test]
        fn quoted_source_keeps_every_column(text in r"([#\[a中\t\x00-\x1f\u{202e}]|##vso\[)*") {
            let (before, after) = (text.split('\n'), columns(&text));
            let count = |line: &str| line.chars().count();
            proptest::prop_assert!(before.map(count).eq(after.split('\n').map(count)));
        }
    }
}
