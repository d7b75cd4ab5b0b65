//! Variable expansion as the builder does it for `ENV`, `ARG`, `FROM`, `WORKDIR` and their like.
//!
//! Rules: `frontend/dockerfile/shell/lex.go` of BuildKit: `$X`, `${X}`, `${X:-d}`, `${X-d}`, `${X:+d}`, `${X+d}`,
//! `${X:?m}`, `${X?m}`, `${X#p}`, `${X##p}`, `${X%p}`, `${X%%p}`, `${X/p/r}`, `${X//p/r}`, quotes and escapes.
//! An unset variable is empty. The exec form, `RUN`, `CMD` and `ENTRYPOINT` are *not* expanded by the builder.

use std::str::Chars;

use crate::pattern;

/// An expansion may not grow longer than this.
const MAX_EXPANSION: usize = 1 << 20;
/// `${A:-${B:-${C}}}` may not nest deeper than this.
const MAX_DEPTH: usize = 64;

/// Why a word cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A quote is never closed.
    #[error("unexpected end of statement while looking for matching {0}")]
    Unclosed(char),
    /// `${` that names nothing, such as `${}` or `${:x}`.
    #[error("bad substitution")]
    BadSubstitution,
    /// `${X` without its brace.
    #[error("missing '}}'")]
    MissingBrace,
    /// An operator that Dockerfiles do not know.
    #[error("unsupported modifier {0:?} in substitution")]
    Modifier(String),
    /// `${X:?message}` and X has no value.
    #[error("{name}: {message}")]
    Required {
        /// The variable.
        name: String,
        /// What the file says about it.
        message: String,
    },
    /// A pattern with an escape that means nothing.
    #[error("invalid pattern {0:?} in substitution")]
    Pattern(String),
    /// The result would be larger than a megabyte, or the substitutions nest too deeply.
    #[error("expansion too large")]
    TooLarge,
}

/// An expanded word, and the variables that it depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The text after expansion, without quotes.
    pub text: String,
    /// Variables that had a value, in order of use.
    pub used: Vec<String>,
    /// Variables that had none, in order of use.
    pub missing: Vec<String>,
}

/// Expands `word`; `escape` is the file's escape character and `lookup` gives the value of a variable.
///
/// # Errors
/// What BuildKit refuses as well (see [`ExpandError`]), and expansions larger than a megabyte.
///
/// ```
/// let lookup = |name: &str| (name == "GO").then(|| "1.26".to_owned());
/// let expanded = dockerfile::expand("golang:${GO}-${OS:-alpine}", '\\', &lookup)?;
/// assert_eq!(expanded.text, "golang:1.26-alpine");
/// assert_eq!(expanded.missing, ["OS"]);
/// # Ok::<(), dockerfile::ExpandError>(())
/// ```
pub fn expand(
    word: &str,
    escape: char,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Expansion, ExpandError> {
    let mut lexer = Lexer::new(word, escape, lookup);
    let (text, _) = lexer.until(None)?;
    Ok(Expansion { text, ..lexer.seen })
}

/// The words of a line as BuildKit cuts it when it looks for here-documents: quotes and escapes stay, variables too.
/// A line that cannot be cut has no words.
pub(crate) fn heredoc_words(line: &str) -> Vec<String> {
    words(line, true, true).unwrap_or_default()
}

/// The words of a here-document's name, with or without its quotes.
pub(crate) fn name_words(name: &str, raw_quotes: bool) -> Result<Vec<String>, ExpandError> {
    words(name, raw_quotes, false)
}

fn words(text: &str, raw_quotes: bool, raw_escapes: bool) -> Result<Vec<String>, ExpandError> {
    let mut lexer =
        Lexer { raw_quotes, raw_escapes, heredoc: true, ..Lexer::new(text, '\\', &|_| None) };
    Ok(lexer.until(None)?.1)
}

/// Collects words next to the whole text.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    current: String,
}

impl Words {
    fn add(&mut self, ch: char) {
        if !ch.is_whitespace() {
            self.current.push(ch);
        } else if !self.current.is_empty() {
            self.done.push(std::mem::take(&mut self.current));
        }
    }

    /// BuildKit shares one buffer between nesting levels: after a nested word the beginning of the outer one is gone.
    fn lose_start(&mut self) {
        self.current.clear();
    }

    fn finish(mut self) -> Vec<String> {
        if !self.current.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }
}

struct Lexer<'a> {
    rest: Chars<'a>,
    escape: char,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    /// Quotes stay in the result.
    raw_quotes: bool,
    /// Escapes stay in the result.
    raw_escapes: bool,
    /// Cutting words for here-documents: unset variables stay as they are written.
    heredoc: bool,
    depth: usize,
    seen: Expansion,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, escape: char, lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let seen = Expansion::default();
        Lexer {
            rest: text.chars(),
            escape,
            lookup,
            raw_quotes: false,
            raw_escapes: false,
            heredoc: false,
            depth: 0,
            seen,
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Everything up to `stop`, or to the end.
    fn until(&mut self, stop: Option<char>) -> Result<(String, Vec<String>), ExpandError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ExpandError::TooLarge);
        }
        let mut out = String::new();
        let mut words = Words::default();
        while let Some(ch) = self.peek() {
            if stop == Some(ch) {
                self.rest.next();
                self.depth -= 1;
                return Ok((out, words.finish()));
            }
            let from = out.len();
            match ch {
                '$' => {
                    if self.dollar(&mut out)? {
                        words.lose_start();
                    }
                    out.get(from..).unwrap_or_default().chars().for_each(|ch| words.add(ch));
                }
                '\'' | '"' => {
                    if self.quoted(ch, &mut out)? {
                        words.lose_start();
                    }
                    words.current.push_str(out.get(from..).unwrap_or_default());
                }
                '<' => {
                    self.angle(&mut out);
                    words.current.push_str(out.get(from..).unwrap_or_default());
                }
                _ => self.plain(ch, &mut out, &mut words),
            }
            if out.len() > MAX_EXPANSION {
                return Err(ExpandError::TooLarge);
            }
        }
        self.depth -= 1;
        match stop {
            Some(_) => Err(ExpandError::MissingBrace),
            None => Ok((out, words.finish())),
        }
    }

    fn plain(&mut self, ch: char, out: &mut String, words: &mut Words) {
        self.rest.next();
        if ch != self.escape {
            out.push(ch);
            return words.add(ch);
        }
        if self.raw_escapes {
            out.push(ch);
            words.current.push(ch);
        }
        if let Some(escaped) = self.rest.next() {
            out.push(escaped);
            words.current.push(escaped);
        }
    }

    /// `<` or `<<` with the blanks behind it, which belong to the word.
    fn angle(&mut self, out: &mut String) {
        self.rest.next();
        out.push('<');
        if self.peek() == Some('<') {
            self.rest.next();
            out.push('<');
            while let Some(blank @ ('\t' | '\r' | ' ')) = self.peek() {
                self.rest.next();
                out.push(blank);
            }
        }
    }

    /// A quoted stretch; tells whether a nested word was read.
    fn quoted(&mut self, quote: char, out: &mut String) -> Result<bool, ExpandError> {
        let mut nested = false;
        self.rest.next();
        if self.raw_quotes {
            out.push(quote);
        }
        loop {
            match self.peek().ok_or(ExpandError::Unclosed(quote))? {
                close if close == quote => {
                    self.rest.next();
                    if self.raw_quotes {
                        out.push(quote);
                    }
                    return Ok(nested);
                }
                '$' if quote == '"' => nested |= self.dollar(out)?,
                ch => {
                    self.rest.next();
                    if quote == '"' && ch == self.escape {
                        self.escape_in_quotes(out);
                    } else {
                        out.push(ch);
                    }
                }
            }
            if out.len() > MAX_EXPANSION {
                return Err(ExpandError::TooLarge);
            }
        }
    }

    /// Behind an escape within double quotes: only `"`, `$` and the escape itself can be escaped.
    fn escape_in_quotes(&mut self, out: &mut String) {
        if self.raw_escapes {
            out.push(self.escape);
        }
        match self.peek() {
            Some(ch) if ch == '"' || ch == '$' || ch == self.escape => {
                self.rest.next();
                out.push(ch);
            }
            Some(_) => out.push(self.escape),
            None => {}
        }
    }

    /// A `$`; tells whether a nested word was read.
    fn dollar(&mut self, out: &mut String) -> Result<bool, ExpandError> {
        self.rest.next();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                out.push('$');
            } else {
                let value = self.value(&name);
                self.put(out, value, || format!("${name}"));
            }
            return Ok(false);
        }
        self.rest.next();
        match self.peek() {
            None => return Err(ExpandError::MissingBrace),
            Some('{' | '}' | ':') => return Err(ExpandError::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        match self.rest.next() {
            Some('}') => {
                let value = self.value(&name);
                self.put(out, value, || format!("${{{name}}}"));
                Ok(false)
            }
            Some('/') => self.replace(&name, out).map(|()| true),
            Some(':') => match self.rest.next() {
                Some(op @ ('-' | '+' | '?')) => self.operator(&name, op, true, out).map(|()| true),
                op => Err(ExpandError::Modifier(format!(
                    ":{}",
                    op.map(String::from).unwrap_or_default()
                ))),
            },
            Some(op @ ('-' | '+' | '?' | '#' | '%')) => {
                self.operator(&name, op, false, out).map(|()| true)
            }
            Some(op) => Err(ExpandError::Modifier(op.to_string())),
            None => Err(ExpandError::MissingBrace),
        }
    }

    /// Adds a value; while looking for here-documents, an unset variable stays as it is written.
    fn put(&self, out: &mut String, value: Option<String>, written: impl FnOnce() -> String) {
        match value {
            Some(value) => out.push_str(&value),
            None if self.heredoc => out.push_str(&written()),
            None => {}
        }
    }

    /// `${name` + operator + word + `}`; `colon` makes an empty value count as unset.
    fn operator(
        &mut self,
        name: &str,
        op: char,
        colon: bool,
        out: &mut String,
    ) -> Result<(), ExpandError> {
        let raw = std::mem::replace(&mut self.raw_escapes, matches!(op, '#' | '%'));
        let word = self.until(Some('}'));
        self.raw_escapes = raw;
        let (word, _) = word?;
        let value = self.value(name);
        if self.heredoc && value.is_none() {
            let colon = if colon { ":" } else { "" };
            out.push_str(&format!("${{{name}{colon}{op}{word}}}"));
            return Ok(());
        }
        let value = value.filter(|value| !(colon && value.is_empty()));
        match (op, value) {
            ('-', Some(value)) | ('?', Some(value)) => out.push_str(&value),
            ('-', None) | ('+', Some(_)) => out.push_str(&word),
            ('?', None) => {
                let message =
                    if word.is_empty() { "is not allowed to be unset".to_owned() } else { word };
                return Err(ExpandError::Required { name: name.to_owned(), message });
            }
            ('#' | '%', value) => {
                let value = value.unwrap_or_default();
                let (greedy, pattern) =
                    word.strip_prefix(op).map_or((false, word.as_str()), |rest| (true, rest));
                out.push_str(pattern::trim(&value, pattern, op == '%', greedy)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// `${name/pattern/replacement}`, with `//` every match.
    fn replace(&mut self, name: &str, out: &mut String) -> Result<(), ExpandError> {
        let all = self.peek() == Some('/');
        if all {
            self.rest.next();
        }
        let raw = std::mem::replace(&mut self.raw_escapes, true);
        let parts =
            self.until(Some('/')).and_then(|(pattern, _)| Ok((pattern, self.until(Some('}'))?.0)));
        self.raw_escapes = raw;
        let (pattern, replacement) = parts?;
        let value = self.value(name);
        if self.heredoc && value.is_none() {
            out.push_str(&format!("${{{name}/{pattern}/{replacement}}}"));
            return Ok(());
        }
        out.push_str(&pattern::replace(&value.unwrap_or_default(), &pattern, &replacement, all)?);
        Ok(())
    }

    fn value(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name);
        let list = if value.is_some() { &mut self.seen.used } else { &mut self.seen.missing };
        if !list.iter().rev().take(16).any(|known| known == name) {
            list.push(name.to_owned());
        }
        value
    }

    /// A variable's name: letters, digits and `_`; or digits only; or one special parameter.
    fn name(&mut self) -> String {
        let mut name = String::new();
        let digits = self.peek().is_some_and(|ch| ch.is_numeric());
        if let Some(ch @ ('@' | '*' | '#' | '?' | '-' | '$' | '!')) = self.peek() {
            self.rest.next();
            return ch.to_string();
        }
        while let Some(ch) = self.peek() {
            let belongs = if digits { ch.is_numeric() } else { ch.is_alphanumeric() || ch == '_' };
            if !belongs {
                break;
            }
            self.rest.next();
            name.push(ch);
        }
        name
    }
}
