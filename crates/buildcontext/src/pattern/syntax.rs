//! The regular expression that Go makes of a pattern, read the way Go's `regexp/syntax` reads it.
//!
//! `patternmatcher` translates a pattern into an expression, and some characters slip through unescaped: `{`, `|`, `}`,
//! `^`, and everything within brackets and behind a backslash. So `a|b*`, `x{2}*` and `\d*` have the meaning they have
//! as regular expressions. Flags are those of `regexp.Compile` (Perl, one line).

use std::iter::Peekable;
use std::vec::IntoIter;

use super::set::{Group, Item, Set};

/// Counted repetitions larger than this are refused by Go.
const MAX_REPEAT: u32 = 1000;

/// An expression that Go refuses: `filepath.ErrBadPattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// What an expression is made of.
#[derive(Debug, Clone)]
pub(crate) enum Atom {
    /// One character out of a set.
    One(Set),
    /// `(.*/)?`: nothing, or anything that ends with a slash.
    Folders,
    /// The beginning of the text.
    Begin,
    /// The end of the text.
    End,
    /// `\b` if true, `\B` if false.
    Boundary(bool),
}

/// An atom and how often it may occur.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) atom: Atom,
    pub(crate) least: u32,
    /// `None`: without limit.
    pub(crate) most: Option<u32>,
}

/// The alternatives of an expression. Only the patterns' own `(.*/)?` are groups.
pub(crate) fn read(expression: &str) -> Result<Vec<Vec<Term>>, Refused> {
    let mut reader = Reader { rest: expression.chars().collect::<Vec<_>>().into_iter().peekable() };
    let mut alternatives = vec![Vec::new()];
    let mut repeated = false;
    while let Some(ch) = reader.rest.next() {
        let terms = alternatives.last_mut().ok_or(Refused)?;
        let was_repeated = std::mem::take(&mut repeated);
        match ch {
            '|' => alternatives.push(Vec::new()),
            '*' | '?' | '{' => match reader.repetition(ch) {
                Some(Err(refused)) => return Err(refused),
                Some(Ok((least, most))) => {
                    // A `?` behind it only means "lazy".
                    reader.rest.next_if_eq(&'?');
                    if was_repeated {
                        return Err(Refused);
                    }
                    repeat(terms.last_mut().ok_or(Refused)?, least, most);
                    repeated = true;
                }
                None => terms.push(once(Atom::One(Set::Char('{')))),
            },
            '(' => {
                reader.folders()?;
                terms.push(once(Atom::Folders));
                repeated = true;
            }
            '\\' => reader.escape(terms)?,
            '^' => terms.push(once(Atom::Begin)),
            '$' => terms.push(once(Atom::End)),
            '.' => terms.push(once(Atom::One(Set::NotNewline))),
            '[' => terms.push(once(Atom::One(reader.class()?))),
            _ => terms.push(once(Atom::One(Set::Char(ch)))),
        }
    }
    Ok(alternatives)
}

fn once(atom: Atom) -> Term {
    Term { atom, least: 1, most: Some(1) }
}

fn repeat(term: &mut Term, least: u32, most: Option<u32>) {
    match term.atom {
        Atom::One(_) | Atom::Folders => (term.least, term.most) = (least, most),
        // Something without width is the same however often it is asked for.
        _ => term.least = least.min(1),
    }
}

struct Reader {
    rest: Peekable<IntoIter<char>>,
}

impl Reader {
    /// The limits of a repetition whose first character was taken. `None` if `{` is a plain character.
    fn repetition(&mut self, ch: char) -> Option<Result<(u32, Option<u32>), Refused>> {
        match ch {
            '*' => return Some(Ok((0, None))),
            '?' => return Some(Ok((0, Some(1)))),
            _ => {}
        }
        let mut ahead = self.rest.clone();
        let least = number(&mut ahead)?;
        let most = if ahead.next_if_eq(&',').is_none() {
            Some(least)
        } else if ahead.peek() == Some(&'}') {
            None
        } else {
            Some(number(&mut ahead)?)
        };
        ahead.next_if_eq(&'}')?;
        self.rest = ahead;
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT || most < least) {
            return Some(Err(Refused));
        }
        Some(Ok((least, most)))
    }

    /// `.*/)?` behind its parenthesis.
    fn folders(&mut self) -> Result<(), Refused> {
        ".*/)?".chars().try_for_each(|ch| self.rest.next_if_eq(&ch).map(|_| ()).ok_or(Refused))
    }

    /// What follows a backslash outside of brackets.
    fn escape(&mut self, terms: &mut Vec<Term>) -> Result<(), Refused> {
        let atom = match self.rest.peek() {
            Some('A') => Atom::Begin,
            Some('z') => Atom::End,
            Some('b') => Atom::Boundary(true),
            Some('B') => Atom::Boundary(false),
            Some('Q') => return self.quoted(terms),
            _ => {
                let item = self.escaped_item()?;
                terms.push(once(Atom::One(Set::of(vec![item], false))));
                return Ok(());
            }
        };
        self.rest.next();
        terms.push(once(atom));
        Ok(())
    }

    /// `\Q` up to `\E` or the end.
    fn quoted(&mut self, terms: &mut Vec<Term>) -> Result<(), Refused> {
        self.rest.next();
        while let Some(ch) = self.rest.next() {
            if ch == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return Ok(());
            }
            terms.push(once(Atom::One(Set::Char(ch))));
        }
        Ok(())
    }

    /// A class or a character behind a backslash.
    fn escaped_item(&mut self) -> Result<Item, Refused> {
        let ch = *self.rest.peek().ok_or(Refused)?;
        if let Some((group, negated)) = Group::perl(ch) {
            self.rest.next();
            return Ok(Item::Group(group, negated));
        }
        if matches!(ch, 'p' | 'P') {
            self.rest.next();
            return self.unicode(ch == 'P');
        }
        let ch = self.escaped_char()?;
        Ok(Item::Range(ch, ch))
    }

    /// The name behind `\p` or `\P`.
    fn unicode(&mut self, negated: bool) -> Result<Item, Refused> {
        let first = self.rest.next().ok_or(Refused)?;
        let mut name = String::new();
        if first == '{' {
            loop {
                match self.rest.next().ok_or(Refused)? {
                    '}' => break,
                    ch => name.push(ch),
                }
            }
        } else {
            name.push(first);
        }
        let inverted = name.strip_prefix('^').map(str::to_owned);
        let negated = negated != inverted.is_some();
        let group = Group::unicode(&inverted.unwrap_or(name)).ok_or(Refused)?;
        Ok(Item::Group(group, negated))
    }

    /// A single character behind a backslash.
    fn escaped_char(&mut self) -> Result<char, Refused> {
        let ch = self.rest.next().ok_or(Refused)?;
        match ch {
            '0'..='7' => self.octal(ch),
            'x' => self.hex(),
            'a' => Ok('\x07'),
            'f' => Ok('\x0c'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\x0b'),
            _ if ch.is_ascii() && !ch.is_ascii_alphanumeric() => Ok(ch),
            _ => Err(Refused),
        }
    }

    fn octal(&mut self, first: char) -> Result<char, Refused> {
        let mut value = first.to_digit(8).ok_or(Refused)?;
        let mut digits = 1;
        while digits < 3 {
            let Some(digit) = self.rest.next_if(|ch| ch.is_digit(8)) else { break };
            value = value * 8 + digit.to_digit(8).ok_or(Refused)?;
            digits += 1;
        }
        // `\1` would be a reference back.
        if digits == 1 && first != '0' {
            Err(Refused)
        } else {
            char::from_u32(value).ok_or(Refused)
        }
    }

    fn hex(&mut self) -> Result<char, Refused> {
        let digit = |rest: &mut Peekable<IntoIter<char>>| {
            rest.next().and_then(|ch| ch.to_digit(16)).ok_or(Refused)
        };
        if self.rest.next_if_eq(&'{').is_none() {
            let value = digit(&mut self.rest)? * 16 + digit(&mut self.rest)?;
            return char::from_u32(value).ok_or(Refused);
        }
        let mut value = digit(&mut self.rest)?;
        while self.rest.next_if_eq(&'}').is_none() {
            value = value.saturating_mul(16).saturating_add(digit(&mut self.rest)?);
            if value > 0x10_ffff {
                return Err(Refused);
            }
        }
        // A surrogate is a number like another to Go, but no text contains one.
        Ok(char::from_u32(value).unwrap_or('\u{10ffff}'))
    }

    /// A bracket expression behind its bracket.
    fn class(&mut self) -> Result<Set, Refused> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut items = Vec::new();
        loop {
            if !items.is_empty() && self.rest.next_if_eq(&']').is_some() {
                return Ok(Set::of(items, negated));
            }
            let item = match self.named()? {
                Some(item) => item,
                None => self.class_item()?,
            };
            items.push(item);
        }
    }

    /// `[:alpha:]` and its like.
    fn named(&mut self) -> Result<Option<Item>, Refused> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('[') || ahead.next() != Some(':') {
            return Ok(None);
        }
        let mut name = String::new();
        while let Some(ch) = ahead.next() {
            if ch == ':' && ahead.next_if_eq(&']').is_some() {
                self.rest = ahead;
                let (inner, negated) =
                    name.strip_prefix('^').map_or((name.as_str(), false), |name| (name, true));
                let group = Group::posix(inner).ok_or(Refused)?;
                return Ok(Some(Item::Group(group, negated)));
            }
            name.push(ch);
        }
        Ok(None)
    }

    fn class_item(&mut self) -> Result<Item, Refused> {
        let low = match self.class_char()? {
            Item::Range(low, _) => low,
            group @ Item::Group(..) => return Ok(group),
        };
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|ch| ch != ']');
        if !is_range {
            return Ok(Item::Range(low, low));
        }
        self.rest.next();
        let high = match self.rest.next().ok_or(Refused)? {
            '\\' => self.escaped_char()?,
            ch => ch,
        };
        if high < low { Err(Refused) } else { Ok(Item::Range(low, high)) }
    }

    fn class_char(&mut self) -> Result<Item, Refused> {
        match self.rest.next().ok_or(Refused)? {
            '\\' => self.escaped_item(),
            ch => Ok(Item::Range(ch, ch)),
        }
    }
}

/// Digits without a leading zero. Too large a number is as good as one above the limit.
fn number(rest: &mut Peekable<IntoIter<char>>) -> Option<u32> {
    let first = rest.next_if(char::is_ascii_digit)?;
    if first == '0' && rest.peek().is_some_and(char::is_ascii_digit) {
        return None;
    }
    let mut value = first.to_digit(10)?;
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add(digit.to_digit(10)?);
    }
    Some(value)
}
