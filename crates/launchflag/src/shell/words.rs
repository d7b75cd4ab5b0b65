//! One shell word: its pieces, and what they expand to.

use std::collections::{HashMap, HashSet};

use super::lex::LexError;
use crate::place::{HOLE, Place, Word};

/// `${A:-${B:-…}}` and `"$(… "…" )"` may not nest deeper than this.
const MAX_DEPTH: usize = 24;
/// An expanded word, all its fields together, may not grow longer than this.
const MAX_EXPANSION: usize = 1 << 20;
/// With more variables than this, none is known.
const MAX_VARIABLES: usize = 4096;

/// A piece of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text; quoted text is never split into fields, and makes a field even if it is empty.
    Text { text: String, quoted: bool },
    /// `$name` or `${name…}`.
    Variable { name: String, op: Option<Operator>, quoted: bool },
    /// Command substitution or arithmetic: nothing is known about it.
    Unknown { what: String, quoted: bool },
}

/// `${name:-word}` and its relatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operator {
    /// `-`, `+`, `=`, `?`; any other operator (`#`, `%`, `/`, …) makes the result unknown.
    kind: char,
    /// A `:`: an empty value counts as unset.
    colon: bool,
    word: Vec<Piece>,
}

/// What is known about the variables of a script.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    /// `None`: it is set, or perhaps set, to something unknown.
    values: HashMap<String, Option<String>>,
    /// `$1`, `$2`, …; `None` if they are unknown.
    pub(crate) positional: Option<Vec<Word>>,
    /// `$0`
    zero: Option<String>,
    /// Those that a program started from here does not see.
    own: HashSet<String>,
    /// Whether field splitting is other than usual: `IFS` was set, or the shell is zsh.
    pub(crate) other_splitting: bool,
}

impl Variables {
    /// Sets a variable, to something unknown if `value` is `None`.
    pub(crate) fn set(&mut self, name: &str, value: Option<String>) {
        // One more than the bound is kept, as the mark that there were too many.
        if self.values.len() <= MAX_VARIABLES || self.values.contains_key(name) {
            self.values.insert(name.to_owned(), value);
        }
    }

    /// Sets a variable of the shell itself: a program sees it only if it saw it before.
    pub(crate) fn set_own(&mut self, name: &str, value: Option<String>) {
        if !self.values.contains_key(name) && self.own.len() <= MAX_VARIABLES {
            self.own.insert(name.to_owned());
        }
        self.set(name, value);
    }

    /// From now on programs see the variable, or all of them.
    pub(crate) fn export(&mut self, name: Option<&str>) {
        match name {
            Some(name) => _ = self.own.remove(name),
            None => self.own.clear(),
        }
    }

    /// What a program sees of these.
    pub(crate) fn for_program(&self) -> Self {
        let mut seen = self.clone();
        for name in std::mem::take(&mut seen.own) {
            seen.values.remove(&name);
        }
        seen.other_splitting = false;
        seen
    }

    /// The same variables with other positional parameters.
    pub(crate) fn with_arguments(self, zero: String, positional: Vec<Word>) -> Self {
        Self { zero: Some(zero), positional: Some(positional), ..self }
    }

    /// Forgets all values: something may have changed any of them.
    pub(crate) fn forget(&mut self) {
        self.values.clear();
        self.own.clear();
    }

    /// The value of a variable, if it is known.
    pub(crate) fn known(&self, name: &str) -> Option<&str> {
        self.get(name)
    }

    fn get(&self, name: &str) -> Option<&str> {
        if name == "0" {
            return self.zero.as_deref();
        }
        match name.parse::<usize>() {
            Ok(number) => match &self.positional {
                Some(words) => words.get(number.checked_sub(1)?).map_or(Some(""), Word::as_known),
                None => None,
            },
            Err(_) if self.values.len() > MAX_VARIABLES => None,
            Err(_) => self.values.get(name)?.as_deref(),
        }
    }
}

/// Reads a word from the start of `text`; gives its pieces and its length in bytes.
pub(crate) fn read(text: &str, depth: usize) -> Result<(Vec<Piece>, usize), LexError> {
    let mut reader = Reader { text, at: 0, depth, pieces: Vec::new() };
    reader.until(
        |ch| matches!(ch, ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')'),
        false,
    )?;
    Ok((reader.pieces, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let ch = self.peek()?;
        self.at += ch.len_utf8();
        Some(ch)
    }

    fn push(&mut self, ch: char, quoted: bool) {
        match self.pieces.last_mut() {
            Some(Piece::Text { text, quoted: same }) if *same == quoted => text.push(ch),
            _ => self.pieces.push(Piece::Text { text: ch.to_string(), quoted }),
        }
    }

    /// Reads up to a character that `stop` accepts, or to the end. `quoted`: within double quotes.
    fn until(&mut self, stop: impl Fn(char) -> bool, quoted: bool) -> Result<(), LexError> {
        while let Some(ch) = self.peek() {
            if stop(ch) {
                // `<(…)` in front of nothing else is a process substitution.
                if !quoted
                    && matches!(ch, '<' | '>')
                    && self.text.get(self.at + 1..).is_some_and(|rest| rest.starts_with('('))
                {
                    self.at += 2;
                    self.skip_brackets()?;
                    self.pieces.push(Piece::Unknown {
                        what: "process substitution".to_owned(),
                        quoted: true,
                    });
                    continue;
                }
                return Ok(());
            }
            self.next();
            match ch {
                HOLE => self.hole(quoted),
                '\\' => self.backslash(quoted),
                '\'' if !quoted => self.single()?,
                '"' if !quoted => self.double()?,
                '`' => {
                    self.skip_backquote()?;
                    self.pieces
                        .push(Piece::Unknown { what: "command substitution".to_owned(), quoted });
                }
                '$' => self.dollar(quoted)?,
                _ => self.push(ch, quoted),
            }
        }
        Ok(())
    }

    /// A hole of the script's text, behind its first NUL.
    fn hole(&mut self, quoted: bool) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (name, length) =
            rest.split_once(HOLE).map_or((rest, rest.len()), |(name, _)| (name, name.len() + 1));
        self.pieces.push(Piece::Unknown { what: name.to_owned(), quoted });
        self.at += length;
    }

    fn backslash(&mut self, quoted: bool) {
        match self.peek() {
            None => self.push('\\', true),
            Some('\n') => {
                self.next();
            }
            Some(ch) if !quoted || matches!(ch, '$' | '`' | '"' | '\\') => {
                self.next();
                self.push(ch, true);
            }
            Some(_) => self.push('\\', true),
        }
    }

    fn single(&mut self) -> Result<(), LexError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find('\'').ok_or(LexError::Unclosed('\''))?;
        self.pieces.push(Piece::Text {
            text: rest.get(..end).unwrap_or_default().to_owned(),
            quoted: true,
        });
        self.at += end + 1;
        Ok(())
    }

    fn double(&mut self) -> Result<(), LexError> {
        // Even "" makes a field.
        self.pieces.push(Piece::Text { text: String::new(), quoted: true });
        self.deeper(|reader| reader.until(|ch| ch == '"', true))?;
        if self.next() == Some('"') { Ok(()) } else { Err(LexError::Unclosed('"')) }
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), LexError>,
    ) -> Result<(), LexError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(LexError::TooLarge);
        }
        read(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn dollar(&mut self, quoted: bool) -> Result<(), LexError> {
        match self.peek() {
            Some('(') => {
                self.next();
                self.skip_brackets()?;
                self.pieces
                    .push(Piece::Unknown { what: "command substitution".to_owned(), quoted });
            }
            Some('{') => {
                self.next();
                return self.braces(quoted);
            }
            // bash: $'…' with escapes, $"…" for translations. Other shells keep the dollar.
            Some('\'') if !quoted => {
                self.next();
                let from = self.pieces.len();
                self.single()?;
                self.pieces.truncate(from);
                self.pieces.push(Piece::Unknown { what: "$'…'".to_owned(), quoted: true });
            }
            Some(ch @ ('@' | '*' | '#' | '?' | '-' | '$' | '!' | '0'..='9')) => {
                self.next();
                self.pieces.push(Piece::Variable { name: ch.to_string(), op: None, quoted });
            }
            Some(ch) if ch == '_' || ch.is_ascii_alphabetic() => {
                let name = self.name();
                self.pieces.push(Piece::Variable { name, op: None, quoted });
            }
            _ => self.push('$', quoted),
        }
        Ok(())
    }

    fn name(&mut self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end =
            rest.find(|ch: char| !(ch == '_' || ch.is_ascii_alphanumeric())).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().to_owned()
    }

    /// Behind `${`.
    fn braces(&mut self, quoted: bool) -> Result<(), LexError> {
        let mut name = self.name();
        if let (true, Some(special @ ('@' | '*'))) = (name.is_empty(), self.peek()) {
            self.next();
            name = special.to_string();
        }
        if self.peek() == Some('}') && !name.is_empty() {
            self.next();
            self.pieces.push(Piece::Variable { name, op: None, quoted });
            return Ok(());
        }
        let colon = self.peek() == Some(':');
        if colon {
            self.next();
        }
        let kind = self.next().ok_or(LexError::Unclosed('{'))?;
        let mut inner =
            Reader { text: self.text, at: self.at, depth: self.depth, pieces: Vec::new() };
        inner.deeper(|reader| reader.until(|ch| ch == '}', quoted))?;
        self.at = inner.at;
        self.next().ok_or(LexError::Unclosed('{'))?;
        let op =
            Operator { kind: if name.is_empty() { '?' } else { kind }, colon, word: inner.pieces };
        match name.is_empty() {
            true => self.pieces.push(Piece::Unknown { what: "${…}".to_owned(), quoted }),
            false => self.pieces.push(Piece::Variable { name, op: Some(op), quoted }),
        }
        Ok(())
    }

    /// Behind `$(`: skips to the partner of the bracket, over quotes and nested brackets.
    fn skip_brackets(&mut self) -> Result<(), LexError> {
        // For each open bracket: whether we stand within double quotes.
        let mut levels = vec![false];
        let mut dollar = false;
        while let Some(ch) = self.next() {
            let after_dollar = std::mem::replace(&mut dollar, ch == '$');
            let Some(quoted) = levels.last_mut() else { break };
            match ch {
                '\\' => {
                    self.next();
                }
                '"' => *quoted = !*quoted,
                '\'' if !*quoted => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    self.at += rest.find('\'').ok_or(LexError::Unclosed('\''))? + 1;
                }
                '(' if !*quoted || after_dollar => levels.push(false),
                ')' if !*quoted => {
                    levels.pop();
                    if levels.is_empty() {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(LexError::Unclosed('('))
    }

    fn skip_backquote(&mut self) -> Result<(), LexError> {
        while let Some(ch) = self.next() {
            match ch {
                '\\' => {
                    self.next();
                }
                '`' => return Ok(()),
                _ => {}
            }
        }
        Err(LexError::Unclosed('`'))
    }
}

/// Fields under construction.
struct Fields<'p> {
    done: Vec<Word>,
    /// The current field with its holes.
    current: Option<String>,
    place: &'p Place,
    length: usize,
}

impl Fields<'_> {
    fn add(&mut self, text: &str) {
        if self.length > MAX_EXPANSION {
            return self.open("a very long value");
        }
        self.length = self.length.saturating_add(text.len());
        self.current.get_or_insert_default().push_str(text);
    }

    /// What is set elsewhere.
    fn open(&mut self, name: &str) {
        if self.length <= MAX_EXPANSION || self.current.is_none() {
            self.length = self.length.saturating_add(name.len());
            Word::push_hole(self.current.get_or_insert_default(), name);
        }
    }

    fn finish(&mut self) {
        let done = self.current.take().map(|text| Word::with_holes(text, self.place.clone()));
        self.done.extend(done);
    }

    /// A value outside of quotes: blanks in it separate fields.
    fn split(&mut self, value: &str) {
        for (index, part) in value.split([' ', '\t', '\n']).enumerate() {
            if index > 0 {
                self.finish();
            }
            if self.length > MAX_EXPANSION {
                return self.open("a very long value");
            }
            if !part.is_empty() {
                self.add(part);
            }
        }
    }

    /// Each of these words becomes a field of its own; the first and the last join their neighbours.
    fn list(&mut self, words: &[Word]) {
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                self.finish();
            }
            self.length = self.length.saturating_add(size_of::<Word>());
            if self.length > MAX_EXPANSION {
                return self.open("a very long list");
            }
            self.add(word.with_its_holes());
        }
    }
}

/// Expands a word to its fields.
pub(crate) fn expand(pieces: &[Piece], place: &Place, variables: &Variables) -> Vec<Word> {
    let mut fields = Fields { done: Vec::new(), current: None, place, length: 0 };
    add_pieces(pieces, variables, &mut fields, false);
    fields.finish();
    fields.done
}

/// Expands a word to one text, without field splitting, as in an assignment.
pub(crate) fn expand_one(pieces: &[Piece], place: &Place, variables: &Variables) -> Word {
    let mut fields = Fields { done: Vec::new(), current: Some(String::new()), place, length: 0 };
    add_pieces(pieces, variables, &mut fields, true);
    fields.finish();
    // `$@` makes several fields even here; a shell joins them.
    let texts: Vec<&str> = fields.done.iter().map(Word::with_its_holes).collect();
    Word::with_holes(texts.join(" "), place.clone())
}

fn add_pieces(pieces: &[Piece], variables: &Variables, fields: &mut Fields<'_>, all_quoted: bool) {
    for piece in pieces {
        match piece {
            Piece::Text { text, quoted: false } if !all_quoted => fields.split(text),
            Piece::Text { text, .. } => fields.add(text),
            Piece::Unknown { what, .. } => fields.open(what),
            Piece::Variable { name, op, quoted } => {
                variable(name, op.as_ref(), *quoted || all_quoted, variables, fields);
            }
        }
    }
}

/// Whether it matters how a value is cut into fields.
fn may_split(value: &str) -> bool {
    value.is_empty()
        || value.contains(|ch: char| !(ch.is_alphanumeric() || matches!(ch, '-' | '_')))
}

fn variable(
    name: &str,
    op: Option<&Operator>,
    quoted: bool,
    variables: &Variables,
    fields: &mut Fields<'_>,
) {
    if name == "@" || name == "*" {
        return match (op, variables.positional.clone()) {
            (None, Some(words)) if words.is_empty() => {}
            (None, Some(words)) if name == "@" || !quoted => fields.list(&words),
            (None, Some(words)) if words.iter().all(|word| word.open.is_none()) => {
                fields.add(
                    &words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
                );
            }
            _ => fields.open(name),
        };
    }
    let value = variables.get(name).map(str::to_owned);
    let Some(op) = op else {
        return match value {
            Some(value) if quoted => fields.add(&value),
            Some(value) if variables.other_splitting && may_split(&value) => fields.open(name),
            Some(value) => fields.split(&value),
            None => fields.open(name),
        };
    };
    let set = value.filter(|value| !(op.colon && value.is_empty()));
    match (op.kind, set) {
        ('-' | '=' | '?', Some(value)) if quoted => fields.add(&value),
        ('-' | '=' | '?', Some(value)) if variables.other_splitting && may_split(&value) => {
            fields.open(name);
        }
        ('-' | '=' | '?', Some(value)) => fields.split(&value),
        // Whether a variable that is known to be empty counts as set depends on the colon; an unknown one may be anything.
        ('-', None) if variables.get(name).is_some() => {
            add_pieces(&op.word, variables, fields, quoted)
        }
        ('+', Some(_)) => add_pieces(&op.word, variables, fields, quoted),
        ('+', None) if variables.get(name).is_some() => {}
        // `${X:+--flag}`: what comes from elsewhere may be a flag, whatever the variable is called.
        _ if matches!(op.word.first(), Some(Piece::Text { text, .. }) if text.starts_with('-')) => {
            fields.open(&format!("${{{name}{}{}-…}}", if op.colon { ":" } else { "" }, op.kind));
        }
        _ => fields.open(name),
    }
}
