//! What a person writes, and no tool: sentences.

/// What tools tell in sentences after an error.
const TOOLS: &[&str] = &[
    "This download does NOT match",
    "The bits may have been replaced",
    "have intercepted the download",
    "For more information",
    "Confirm the import path was entered",
    "If this is a private repository",
    "Please make sure you have the correct access",
    "and the repository exists",
    "Perhaps you should add the directory",
    "to the PKG_CONFIG_PATH",
    "If reporting this issue",
    "The buildpack tracks",
    "it uses. Because the buildpack",
    "To find out more info",
    "The command ",
    "The module ",
    "The package ",
    "Package ",
    "No package ",
    "npm ",
    // Dart's analyzer.
    "info - ",
    "info • ",
    "warning - ",
    "warning • ",
    "error - ",
    "error • ",
    "An error occurred (",
    "WARNING",
    "WARN",
    "NOTE:",
    "NOTICE",
];

/// The longest of the small words.
const LONGEST: usize = 7;

/// Whether it is a word of sentences, which tools spare.
fn is_small(word: &[u8]) -> bool {
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    matches!(
        &*lower,
        b"the"
            | b"a"
            | b"an"
            | b"is"
            | b"are"
            | b"and"
            | b"that"
            | b"this"
            | b"it"
            | b"you"
            | b"we"
            | b"i"
            | b"was"
            | b"have"
            | b"has"
            | b"can"
            | b"my"
            | b"your"
            | b"which"
            | b"so"
            | b"do"
            | b"does"
            | b"will"
            | b"there"
            | b"they"
            | b"because"
            | b"then"
            | b"should"
            | b"would"
            | b"also"
            | b"if"
            | b"when"
            | b"but"
            | b"or"
            | b"be"
            | b"been"
    )
}

/// Whether a line is a person's sentence, or a part of one.
pub(crate) fn is_sentence(line: &[u8]) -> bool {
    if line.starts_with(b"    ") || line.starts_with(b"\t") {
        return false;
    }
    let text = unlisted(line.trim_ascii());
    let said = unspoken(text);
    let said = untitled(said);
    !is_named(said)
        && !is_of_tools(said)
        && (is_of_letters(said, said.len() < text.len()) || is_of_others(said))
        && !is_stamped(line)
}

/// Whether a runner stamped the line, behind the names of the job and the step:
/// `build<TAB>Run the tests<TAB>2026-07-15T10:59:03.7065008Z `. The names are words of sentences.
fn is_stamped(line: &[u8]) -> bool {
    let head = line.get(..300).unwrap_or(line);
    let Some(behind) = memchr::memrchr(b'\t', head).and_then(|_| memchr::memmem::find(head, b"Z "))
    else {
        return false;
    };
    let stamp = behind.checked_sub(27).and_then(|from| head.get(from..behind));
    stamp.is_some_and(|stamp| {
        stamp.iter().zip(b"0000-00-00T00:00:00.0000000").all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            _ => byte == form,
        })
    })
}

/// Sentences in a line that make a paragraph: no tool writes so many.
pub(crate) const PARAGRAPH: u64 = 3;

/// What a page puts where a name belongs.
const PLACES: &[&str] = &["package", "module", "path", "name", "version", "file", "import"];

/// Whether a person tells what is in the line: in a paragraph, or with a name to be put in.
pub(crate) fn is_told(line: &[u8]) -> bool {
    sentences(line) >= PARAGRAPH && small(line) > 3 || has_place(line) || is_record(line)
}

/// How many sentences are in a line.
pub(crate) fn sentences(line: &[u8]) -> u64 {
    let ends = memchr::memchr_iter(b' ', line).filter(|at| {
        let before = at.checked_sub(1).and_then(|at| line.get(at));
        // Some leave two spaces, and speak to somebody.
        let next = line.get(at + 1..).unwrap_or_default().trim_ascii_start().first();
        before.is_some_and(|byte| b".?!".contains(byte))
            && next.is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'@')
    });
    1 + ends.count() as u64
}

/// How many small words of sentences are in it.
pub(crate) fn small(line: &[u8]) -> usize {
    words(line).filter(|word| is_small(bare(word))).count()
}

/// `module providing package <package_name>`.
fn has_place(line: &[u8]) -> bool {
    memchr::memchr_iter(b'<', line).any(|at| {
        let inside = line.get(at + 1..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'>', inside.get(..40).unwrap_or(inside)) else {
            return false;
        };
        let inside = inside.get(..end).unwrap_or_default();
        inside.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
            && PLACES.iter().any(|word| memchr::memmem::find(inside, word.as_bytes()).is_some())
    })
}

/// `"signature": "go: …",`: a field of a document that is no tool's output.
fn is_record(line: &[u8]) -> bool {
    const OUTPUT: &[&str] = &[
        "err", "out", "msg", "message", "log", "reason", "text", "body", "line", "detail",
        "result", "cause", "stack",
    ];
    let Some(rest) = line.trim_ascii().strip_prefix(b"\"") else { return false };
    let Some(end) = memchr::memmem::find(rest, b"\": \"") else { return false };
    let key = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
    !key.is_empty()
        && key.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
        && !OUTPUT.iter().any(|word| memchr::memmem::find(&key, word.as_bytes()).is_some())
}

fn is_of_tools(text: &[u8]) -> bool {
    TOOLS.iter().any(|words| text.starts_with(words.as_bytes()))
}

/// Whether it goes on with the paragraph of a person.
pub(crate) fn is_part(line: &[u8]) -> bool {
    let (all, plain) = words(line).fold((0, 0), |(all, plain), word| {
        (all + 1, plain + usize::from(bare(word).iter().all(u8::is_ascii_alphabetic)))
    });
    let begins =
        line.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'`' | b'"'));
    begins && !is_named(line) && !is_of_tools(line) && plain * 2 >= all
}

/// Without the marks of what a mail quotes.
pub(crate) fn unquoted(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(b"> ").or_else(|| line.strip_prefix(b">")) {
        line = rest;
    }
    line
}

/// A word without what stands around it.
pub(crate) fn bare(word: &[u8]) -> &[u8] {
    let is_edge = |byte: &u8| byte.is_ascii_punctuation();
    let start = word.iter().position(|byte| !is_edge(byte)).unwrap_or(word.len());
    let end = word.iter().rposition(|byte| !is_edge(byte)).map_or(start, |at| at + 1);
    word.get(start..end).unwrap_or_default()
}

/// Whether one of the words, told with spaces between, is this.
pub(crate) fn is_one_of(word: &[u8], words: &str) -> bool {
    words.split_ascii_whitespace().any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b' ').filter(|word| !word.is_empty())
}

/// Whether a tool's name stands in front: `ld: `.
fn is_named(text: &[u8]) -> bool {
    words(text).next().is_some_and(|word| word.ends_with(b":"))
}

fn is_of_letters(text: &[u8], in_chat: bool) -> bool {
    // A time, a path, a prompt; a number may stand where the line was wrapped.
    let first = words(text).next().unwrap_or_default();
    let text = text.strip_prefix(b"**").unwrap_or(text);
    let number = first.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let quote = text.strip_prefix(b"`").unwrap_or(text);
    if !number && !quote.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    // An error that tells of an error, or begins in the middle.
    let parts = memchr::memmem::find_iter(text, b": ").count();
    if parts > 1 || parts > 0 && text.first().is_some_and(u8::is_ascii_lowercase) {
        return false;
    }
    let (mut all, mut plain, mut small) = (0, 0, 0);
    for word in words(text).map(bare) {
        all += 1;
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'-');
        plain += usize::from(!word.is_empty() && word.iter().all(is_letter));
        small += usize::from(is_small(word));
    }
    let enough = if in_chat { all >= 4 && small >= 1 } else { all >= 6 && small >= 2 };
    enough && plain * 10 >= all * 7
}

/// Chinese and others: long, and hardly a letter of ASCII.
fn is_of_others(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let (mut others, mut letters) = (0, 0);
    for letter in text.chars() {
        others += usize::from(!letter.is_ascii() && letter.is_alphabetic());
        letters += usize::from(letter.is_alphanumeric());
    }
    others >= 15 || others >= 8 && others * 2 >= letters
}

/// Without the word that names a part of a page: `Abstract: `. A tool's name is small, and its errors say so.
fn untitled(text: &[u8]) -> &[u8] {
    let Some(end) = memchr::memmem::find(text, b": ") else { return text };
    let name = text.get(..end).unwrap_or_default();
    let title = matches!(name, [b'A'..=b'Z', rest @ ..] if rest.iter().all(u8::is_ascii_lowercase));
    let tools = ["Error", "Warning", "Fatal", "Failed", "Panic", "Hint", "Note", "Debug", "Info"];
    let rest = text.get(end + 2..).unwrap_or_default();
    if title && !tools.iter().any(|tool| name == tool.as_bytes()) && rest.ends_with(b".") {
        rest
    } else {
        text
    }
}

/// Who says the line of a chat: `[10:02] ann: text`.
pub(crate) fn speaker(line: &[u8]) -> Option<&[u8]> {
    let text = line.trim_ascii();
    let bare = text.strip_prefix(b"[").unwrap_or(text);
    let [b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', rest @ ..] = bare else {
        return None;
    };
    let said = rest.strip_prefix(b"]").unwrap_or(rest).strip_prefix(b" ")?;
    let name = said.split(|byte| *byte == b' ').next()?.strip_suffix(b":")?;
    (!name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)))
    .then_some(name)
}

/// Without who said it in a chat, and when: `[10:02] ann: `, `10:02 ann: `.
fn unspoken(text: &[u8]) -> &[u8] {
    // Who has seconds in it is a machine.
    if let [b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', b' ', said @ ..] = text {
        let name = said.iter().position(|byte| *byte == b' ');
        let said = name.and_then(|at| said.get(at + 1..)).filter(|_| is_named(said));
        return said.unwrap_or(text);
    }
    let Some(rest) = text.strip_prefix(b"[") else { return text };
    let end = rest.iter().position(|byte| !(byte.is_ascii_digit() || matches!(byte, b':' | b' ')));
    let Some(said) = end.and_then(|end| rest.get(end..)?.strip_prefix(b"] ")) else { return text };
    let name = said.iter().position(|byte| *byte == b' ').and_then(|at| said.get(at + 1..));
    if is_named(said) || said.starts_with(b"<") { name.unwrap_or(text) } else { text }
}

/// Without the mark of a list.
fn unlisted(text: &[u8]) -> &[u8] {
    for mark in [b"- ", b"* "] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest;
        }
    }
    let digits = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(0);
    match text.get(digits..) {
        Some([b'.' | b')', b' ', rest @ ..]) if digits > 0 => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_a_person_s() {
        for line in [
            "then the C compiler is not installed in the builder stage. The Alpine",
            "I use 1.9 as in the README.",
            "- You have to copy the file into the folder first",
            "3. set the variable to off when you build the image",
            "10 minutes to complete. This is close to the timeout of the",
            "10:02 ann: does anybody know why it is red again?",
            "[10:02] ann: does anybody know why the pipeline is red?",
            "这类错误直接阻断构建流程,且往往在不同环境间表现出不一致性",
        ] {
            assert!(is_sentence(line.as_bytes()), "{line}");
        }
        for line in [
            "go: updates to go.mod needed; to update it:",
            "    have intercepted the download attempt on the way to you",
            "The bits may have been replaced on the origin server, or an attacker may",
            "make: *** [Makefile:3: build] Error 1",
            "./main.go:5:2: cannot use x (variable of type int) as string value in argument to f",
            "/usr/bin/ld: cannot find -lz: No such file or directory",
            "2024-05-01T12:00:00Z the server is not ready to accept a connection",
            "make: *** [Makefile:3：build] 错误 1",
            "gcc: 致命错误：没有输入文件",
            "Error from server: dial tcp: lookup that on 10.0.0.1:53: no such host",
            "no required module provides package x: working directory is not part of a module",
        ] {
            assert!(!is_sentence(line.as_bytes()), "{line}");
        }
    }
}
