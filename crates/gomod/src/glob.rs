//! `path.Match`: the patterns of `GOPRIVATE` and its kin.

/// A malformed pattern, such as `[a` or `a\`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct BadPattern;

/// One element of a pattern.
#[derive(Debug)]
enum Element {
    /// `*`: any run of characters other than `/`.
    Star,
    /// `?`: one character other than `/`.
    Any,
    /// One character.
    Literal(char),
    /// `[a-z]`, or negated `[^a-z]`.
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Element {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Star => false,
            Self::Any => c != '/',
            Self::Literal(literal) => c == *literal,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

/// Whether `pattern` matches all of `name`.
///
/// Time is bounded by the product of the two lengths. Go looks at the pattern only as far as it must, so it may accept
/// what is malformed further on; this does not.
///
/// # Errors
/// The pattern is malformed.
pub fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let elements = parse(pattern)?;
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut pos) = (0, 0);
    // Where to go on when a literal fails: behind the last star, which then takes one character more.
    let mut retry: Option<(usize, usize)> = None;
    while pos < name.len() || at < elements.len() {
        match (elements.get(at), name.get(pos)) {
            (Some(Element::Star), _) => {
                at += 1;
                retry = Some((at, pos));
            }
            (Some(element), Some(c)) if element.accepts(*c) => {
                at += 1;
                pos += 1;
            }
            _ => match retry {
                Some((star, from)) if name.get(from).is_some_and(|c| *c != '/') => {
                    (at, pos) = (star, from + 1);
                    retry = Some((star, from + 1));
                }
                _ => return Ok(false),
            },
        }
    }
    Ok(true)
}

fn parse(pattern: &str) -> Result<Vec<Element>, BadPattern> {
    let mut elements = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        elements.push(match c {
            // Several in a row are one, and cost as one.
            '*' if matches!(elements.last(), Some(Element::Star)) => continue,
            '*' => Element::Star,
            '?' => Element::Any,
            '\\' => Element::Literal(rest.next().ok_or(BadPattern)?),
            '[' => class(&mut rest)?,
            _ => Element::Literal(c),
        });
    }
    Ok(elements)
}

fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Element, BadPattern> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.next_if_eq(&']').is_some() {
            return Ok(Element::Class { negated, ranges });
        }
        let low = class_char(rest)?;
        let high = if rest.next_if_eq(&'-').is_some() { class_char(rest)? } else { low };
        ranges.push((low, high));
    }
}

fn class_char(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, BadPattern> {
    let c = match rest.next() {
        None | Some('-' | ']') => return Err(BadPattern),
        Some('\\') => rest.next().ok_or(BadPattern)?,
        Some(c) => c,
    };
    // Go wants something to follow, at least the closing bracket.
    if rest.peek().is_none() { Err(BadPattern) } else { Ok(c) }
}
