//! Sets of characters, as Go's regular expressions know them.

/// One character out of these.
#[derive(Debug, Clone)]
pub(crate) enum Set {
    /// This one.
    Char(char),
    /// Any but `/`.
    NotSlash,
    /// Any but a newline: `.`
    NotNewline,
    /// Any at all.
    Any,
    /// What is listed, or what is not.
    Listed(Box<[Item]>, bool),
}

/// A part of a bracket expression.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// From one character to another.
    Range(char, char),
    /// A named group; negated if true.
    Group(Group, bool),
}

/// A named group of characters.
#[derive(Debug, Clone)]
pub(crate) enum Group {
    /// Of ASCII.
    Ascii(fn(u8) -> bool),
    /// Of Unicode: an expression that matches one character of it.
    Unicode(Box<regex::Regex>),
}

impl Group {
    /// `\d`, `\s`, `\w` and their opposites.
    pub(crate) fn perl(ch: char) -> Option<(Self, bool)> {
        let group = match ch.to_ascii_lowercase() {
            'd' => Self::Ascii(|byte| byte.is_ascii_digit()),
            's' => Self::Ascii(|byte| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')),
            'w' => Self::Ascii(is_word),
            _ => return None,
        };
        Some((group, ch.is_ascii_uppercase()))
    }

    /// The name between `[:` and `:]`.
    pub(crate) fn posix(name: &str) -> Option<Self> {
        Some(Self::Ascii(match name {
            "alnum" => |byte| byte.is_ascii_alphanumeric(),
            "alpha" => |byte| byte.is_ascii_alphabetic(),
            "ascii" => |byte| byte.is_ascii(),
            "blank" => |byte| matches!(byte, b'\t' | b' '),
            "cntrl" => |byte| byte.is_ascii_control(),
            "digit" => |byte| byte.is_ascii_digit(),
            "graph" => |byte| byte.is_ascii_graphic(),
            "lower" => |byte| byte.is_ascii_lowercase(),
            "print" => |byte| matches!(byte, b' '..=b'~'),
            "punct" => |byte| byte.is_ascii_punctuation(),
            "space" => |byte| matches!(byte, b'\t'..=b'\r' | b' '),
            "upper" => |byte| byte.is_ascii_uppercase(),
            "word" => is_word,
            "xdigit" => |byte| byte.is_ascii_hexdigit(),
            _ => return None,
        }))
    }

    /// The name behind `\p`: a general category or a script.
    pub(crate) fn unicode(name: &str) -> Option<Self> {
        let plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | ' ');
        if name.is_empty() || !name.chars().all(plain) {
            return None;
        }
        let special = ["any", "assigned", "ascii"].contains(&name.to_ascii_lowercase().as_str());
        let forms = if special { vec![""] } else { vec!["gc=", "sc="] };
        let compiled = forms
            .iter()
            .find_map(|kind| regex::Regex::new(&format!(r"(?s)\A\p{{{kind}{name}}}\z")).ok())?;
        Some(Self::Unicode(Box::new(compiled)))
    }

    fn contains(&self, ch: char) -> bool {
        match self {
            Self::Ascii(test) => u8::try_from(ch).is_ok_and(|byte| byte.is_ascii() && test(byte)),
            Self::Unicode(one) => one.is_match(ch.encode_utf8(&mut [0; 4])),
        }
    }
}

/// What `\w` and `\b` take for a part of a word.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Set {
    /// The set of a bracket expression, in its simplest form.
    pub(crate) fn of(items: Vec<Item>, negated: bool) -> Self {
        match (items.as_slice(), negated) {
            ([Item::Range(low, high)], false) if low == high => Self::Char(*low),
            ([Item::Range('/', '/')], true) => Self::NotSlash,
            _ => Self::Listed(items.into_boxed_slice(), negated),
        }
    }

    /// Whether both certainly contain the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Char(one), Self::Char(two)) => one == two,
            (Self::NotSlash, Self::NotSlash)
            | (Self::NotNewline, Self::NotNewline)
            | (Self::Any, Self::Any) => true,
            _ => false,
        }
    }

    /// Whether the set contains `ch`.
    pub(crate) fn contains(&self, ch: char) -> bool {
        match self {
            Self::Char(one) => *one == ch,
            Self::NotSlash => ch != '/',
            Self::NotNewline => ch != '\n',
            Self::Any => true,
            Self::Listed(items, negated) => {
                *negated
                    != items.iter().any(|item| match item {
                        Item::Range(low, high) => (*low..=*high).contains(&ch),
                        Item::Group(group, inverted) => group.contains(ch) != *inverted,
                    })
            }
        }
    }
}
