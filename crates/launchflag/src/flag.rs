//! The flag's name, and how one word of a command line relates to it.

/// What `strconv.ParseBool` of Go accepts; `None` is what it refuses.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The name of a boolean flag, without dashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    name: String,
}

/// How a word relates to the flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match<'w> {
    /// It is another word.
    Other,
    /// `--flag`
    Bare,
    /// `--flag=value`
    Value(&'w str),
    /// `--no-flag`
    Negated,
    /// `--no-flag=value`
    NegatedValue(&'w str),
}

impl Flag {
    /// The flag called `name`, with or without its dashes. `None` is no name that a Go flag package would accept.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let bare = name.strip_prefix("--").or_else(|| name.strip_prefix('-')).unwrap_or(name);
        let odd = |ch: char| ch == '=' || ch.is_whitespace() || ch.is_control();
        let valid = !bare.is_empty() && !bare.starts_with('-') && !bare.contains(odd);
        valid.then(|| Self { name: bare.to_owned() })
    }

    /// The name without dashes.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Compares a whole word. One and two dashes are the same, as in Go's `flag`; the case is not, nor are `-` and `_`.
    pub(crate) fn matches<'w>(&self, word: &'w str) -> Match<'w> {
        let Some(body) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
            return Match::Other;
        };
        let (name, value) =
            body.split_once('=').map_or((body, None), |(name, value)| (name, Some(value)));
        if name == self.name {
            return value.map_or(Match::Bare, Match::Value);
        }
        match name.strip_prefix("no-") {
            Some(positive) if positive == self.name => {
                value.map_or(Match::Negated, Match::NegatedValue)
            }
            _ => Match::Other,
        }
    }

    /// Whether a word that begins with `known` and goes on in an unknown way may be this flag.
    pub(crate) fn may_begin(&self, known: &str) -> bool {
        let forms = ["--", "-", "--no-", "-no-"];
        forms.iter().any(|dashes| {
            let Some((head, rest)) = known.split_at_checked(known.len().min(dashes.len())) else {
                return false;
            };
            match dashes.strip_prefix(head) {
                Some("") => {
                    self.name.starts_with(rest)
                        || rest.split_once('=').is_some_and(|(name, _)| name == self.name)
                }
                Some(_) => rest.is_empty(),
                None => false,
            }
        })
    }
}
