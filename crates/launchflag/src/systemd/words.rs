//! The words of `ExecStart=`: quotes, escapes, specifiers, variables.

use std::ops::Range;

use super::Environment;
use crate::place::Word;

/// A command line may not grow longer than this by its variables.
const MAX_EXPANDED: usize = 4 << 20;

/// A word before specifiers and variables.
struct Raw {
    text: String,
    range: Range<usize>,
    /// `;` without quotes or a backslash separates commands.
    plain: bool,
}

/// Cuts `text` at blanks, takes off quotes and decodes escapes; an escape that means nothing stays as it is.
fn raw(text: &str) -> Result<Vec<Raw>, &'static str> {
    let mut words = Vec::new();
    let mut current: Option<Raw> = None;
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        if quote.is_none() && ch.is_whitespace() {
            words.extend(current.take());
            continue;
        }
        let word =
            current.get_or_insert_with(|| Raw { text: String::new(), range: at..at, plain: true });
        match (quote, ch) {
            (None, '"' | '\'') => {
                quote = Some(ch);
                word.plain = false;
            }
            (Some(open), ch) if open == ch => quote = None,
            (_, '\\') => {
                word.plain = false;
                let rest = text.get(at + 1..).unwrap_or_default();
                let (decoded, length) = escape(rest);
                word.text.push_str(&decoded);
                let end = at + 1 + length;
                while chars.next_if(|(at, _)| *at < end).is_some() {}
            }
            (_, ch) => word.text.push(ch),
        }
        word.range.end = chars.peek().map_or(text.len(), |(at, _)| *at);
    }
    if quote.is_some() {
        return Err("unbalanced quoting");
    }
    words.extend(current);
    Ok(words)
}

/// What the escape behind a backslash stands for, and how many bytes it takes.
fn escape(rest: &str) -> (String, usize) {
    let Some(ch) = rest.chars().next() else { return ("\\".to_owned(), 0) };
    let simple = match ch {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        's' => ' ',
        '\\' | '"' | '\'' | ';' => ch,
        'x' | 'u' | 'U' | '0'..='7' => {
            return number(rest, ch).unwrap_or_else(|| (format!("\\{ch}"), ch.len_utf8()));
        }
        _ => return (format!("\\{ch}"), ch.len_utf8()),
    };
    (simple.to_string(), 1)
}

/// `\xHH`, `\uHHHH`, `\UHHHHHHHH`, `\OOO`
fn number(rest: &str, kind: char) -> Option<(String, usize)> {
    let (from, length, radix) = match kind {
        'x' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        _ => (0, 3, 8),
    };
    let digits = rest.get(from..from + length)?;
    let valid = digits.chars().all(|digit| digit.is_digit(radix));
    let ch = char::from_u32(u32::from_str_radix(digits, radix).ok().filter(|_| valid)?)
        .filter(|ch| *ch != '\0')?;
    Some((ch.to_string(), from + length))
}

/// The words of a value such as `Environment=`.
pub(crate) fn split(value: &Word) -> Result<Vec<Word>, &'static str> {
    let words = raw(&value.text)?;
    Ok(words
        .into_iter()
        .map(|word| Word::known(word.text, value.place.part(&value.text, word.range)))
        .collect())
}

/// Expands `%%`; any other specifier leaves a hole, because the unit's name, host or user decide.
pub(crate) fn specifiers(word: &Word) -> Word {
    let mut text = String::new();
    let mut chars = word.text.chars().peekable();
    while let Some(ch) = chars.next() {
        match chars.next_if(|next| ch == '%' && (*next == '%' || next.is_ascii_alphabetic())) {
            None => text.push(ch),
            Some('%') => text.push('%'),
            Some(letter) => Word::push_hole(&mut text, &format!("%{letter}")),
        }
    }
    Word::with_holes(text, word.place.clone())
}

/// The command lines of one `ExecStart=` value: lone `;` words separate them.
pub(crate) fn commands(
    value: &Word,
    environment: &Environment,
) -> Result<Vec<Vec<Word>>, &'static str> {
    let mut commands = Vec::new();
    let words = raw(&value.text)?;
    for words in words.split(|word| word.plain && word.text == ";") {
        let Some((program, rest)) = words.split_first() else { continue };
        let mut path = program.text.as_str();
        let (mut own_name, mut literal) = (false, false);
        while let Some(prefix @ ('@' | '-' | ':' | '+' | '!' | '|')) = path.chars().next() {
            own_name |= prefix == '@';
            literal |= prefix == ':';
            path = path.get(1..).unwrap_or_default();
        }
        if path.is_empty() {
            return Err("no program");
        }
        if path.contains('/') && !path.starts_with(['/', '%']) {
            return Err("the program is neither a name nor an absolute path");
        }
        let (mut expanded, mut counted) = (0, 1);
        let place = |range: &Range<usize>| value.place.part(&value.text, range.clone());
        let mut out = vec![specifiers(&Word::known(path, place(&program.range)))];
        // With "@" the second word is what the process calls itself.
        for word in rest.iter().skip(usize::from(own_name)) {
            let word = specifiers(&Word::known(word.text.clone(), place(&word.range)));
            match literal {
                true => out.push(word),
                false => variables(&word, environment, &mut out),
            }
            expanded += out
                .get(counted..)
                .unwrap_or_default()
                .iter()
                .map(|word| word.text.len() + 32)
                .sum::<usize>();
            counted = out.len();
            if expanded > MAX_EXPANDED {
                return Err("too large");
            }
        }
        commands.push(out);
    }
    Ok(commands)
}

/// Expands variables: `$NAME` as a word of its own is split at blanks, `${NAME}` anywhere is not, `$$` is a dollar, and
/// `$NAME` within a word stays as it is.
fn variables(word: &Word, environment: &Environment, out: &mut Vec<Word>) {
    let alone = word
        .text
        .strip_prefix('$')
        .filter(|rest| !rest.starts_with(['{', '$']) && !rest.is_empty());
    if let Some(name) = alone.filter(|_| word.open.is_none()) {
        match environment.get(name) {
            Ok(value) => {
                let parts = raw(value).unwrap_or_default().into_iter();
                out.extend(parts.map(|part| Word::known(part.text, word.place.clone())));
            }
            Err(()) => out.push(Word::open("", name, word.place.clone())),
        }
        return;
    }
    let mut text = String::new();
    let mut rest = word.with_its_holes();
    let mut closes = true;
    while let Some((before, behind)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(behind) = behind.strip_prefix('$') {
            text.push('$');
            rest = behind;
            continue;
        }
        let inner = behind.strip_prefix('{').filter(|_| closes);
        let braced = inner.and_then(|inner| inner.split_once('}'));
        // If one reference is not closed, no later one is.
        closes &= inner.is_none() || braced.is_some();
        let Some((name, behind)) = braced else {
            text.push('$');
            rest = behind;
            continue;
        };
        match environment.get(name) {
            Ok(value) if text.len() < MAX_EXPANDED => text.push_str(value),
            _ => Word::push_hole(&mut text, name),
        }
        rest = behind;
    }
    text.push_str(rest);
    out.push(Word::with_holes(text, word.place.clone()));
}
