//! Reading the words of the service's command line.
//!
//! | words | state | because |
//! |---|---|---|
//! | `--f=true`, `-f=T`, `--f=1` … | on | `strconv.ParseBool` |
//! | `--f` | on | a boolean flag needs no value |
//! | `--f true` | on | as value (kingpin, clap) or as bare flag with a positional word (Go) |
//! | `--f false` | off | Go's `flag` and pflag would read "on", others "off"; a gate must not pass on that |
//! | `--f off` | unknown | no boolean for Go, but a value for others |
//! | `--no-f` | off | kingpin, cobra conventions |
//! | `--f=yes`, `--f=` | off | refused: the program does not start, wherever else the flag stands |
//! | several | the last | every flag package overwrites |
//! | behind `--` | not counted | end of flags |
//! | `--message --f=true` | not counted | an option that can only hold text takes the next word |
//!
//! Go's `flag` stops at the first word that is no flag, pflag does not. Subcommands (`server run --f`) are common, so
//! words without dashes do not stop the reading.

use crate::flag::{Flag, Match, parse_bool};
use crate::place::{Word, shown_variable};
use crate::verdict::{State, Verdict, Why};

/// What a command line says about the flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    /// Whether the flag stands there; otherwise the verdict is about its absence.
    pub(crate) mentioned: bool,
}

impl Finding {
    /// The flag is decided by `word`.
    fn by(why: Why, word: &Word) -> Self {
        Self {
            verdict: Verdict { state: why.state(), why, span: word.place.span() },
            mentioned: true,
        }
    }

    /// Nothing can be said, or the flag is absent.
    pub(crate) fn without(why: Why, word: Option<&Word>) -> Self {
        let span = word.and_then(|word| word.place.span());
        Self { verdict: Verdict { state: why.state(), why, span }, mentioned: false }
    }
}

/// Options that never are boolean: the next word is their text, whatever it looks like.
const TEXT_OPTIONS: &[&str] = &[
    "message",
    "msg",
    "comment",
    "description",
    "title",
    "text",
    "note",
    "reason",
    "banner",
    "motd",
    "greeting",
    "label",
    "annotation",
];

/// Variables by such a name hold flags rather than a value.
const FLAG_VARIABLES: &[&str] = &["arg", "opt", "flag", "extra", "param", "cmd", "command"];

/// Reads the words of a program; the first is its name, unless it begins with a dash.
pub(crate) fn scan(words: &[Word], flag: &Flag) -> Finding {
    let mut last: Option<Finding> = None;
    let mut rest =
        words.iter().enumerate().skip(usize::from(starts_with_program(words))).peekable();
    while let Some((at, word)) = rest.next() {
        if word.open.is_some() {
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            if let Some(mut found) = unknown_word(word, before, flag) {
                found.mentioned |= last.as_ref().is_some_and(|last| last.mentioned);
                last = Some(found);
            }
            continue;
        }
        if word.text == "--" {
            break;
        }
        if takes_text(&word.text) {
            rest.next();
            continue;
        }
        let found = match flag.matches(&word.text) {
            Match::Other => continue,
            Match::Value(value) => value_of(value, word),
            Match::Negated => Finding::by(Why::Negated(word.text.clone()), word),
            Match::NegatedValue(value) => match parse_bool(value) {
                Some(true) => Finding::by(Why::Negated(word.text.clone()), word),
                Some(false) => Finding::by(Why::DoubleNegative(word.text.clone()), word),
                None => Finding::by(Why::NotBoolean(word.text.clone()), word),
            },
            Match::Bare => bare(word, rest.peek().map(|(_, next)| *next)),
        };
        // The program does not even start.
        if matches!(found.verdict.why, Why::NotBoolean(_)) {
            return found;
        }
        last = Some(found);
    }
    last.unwrap_or_else(|| Finding::without(Why::NotSet(flag.name().to_owned()), words.first()))
}

fn starts_with_program(words: &[Word]) -> bool {
    words.first().is_some_and(|first| !first.text.starts_with('-') && !first.text.is_empty())
}

fn value_of(value: &str, word: &Word) -> Finding {
    let shown = word.text.clone();
    Finding::by(
        match parse_bool(value) {
            Some(true) => Why::True(shown),
            Some(false) => Why::False(shown),
            None => Why::NotBoolean(shown),
        },
        word,
    )
}

/// `--flag`, followed by `next`.
fn bare(word: &Word, next: Option<&Word>) -> Finding {
    let Some(next) = next else { return Finding::by(Why::Bare(word.text.clone()), word) };
    let both = format!("{} {}", word.text, next.shown());
    if let Some(name) = &next.open {
        let dashed = next.text.starts_with('-');
        let why = if dashed {
            Why::Bare(word.text.clone())
        } else {
            Why::Variable(both, shown_variable(name))
        };
        return Finding::by(why, word);
    }
    let why = match (parse_bool(&next.text), next.text.to_ascii_lowercase().as_str()) {
        (Some(true), _) => Why::True(both),
        (Some(false), _) => Why::False(both),
        (None, "false" | "off" | "no" | "n" | "none" | "disable" | "disabled") => {
            Why::Ambiguous(both)
        }
        (None, _) => Why::Bare(word.text.clone()),
    };
    Finding::by(why, word)
}

fn takes_text(word: &str) -> bool {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
    name.is_some_and(|name| TEXT_OPTIONS.contains(&name))
}

/// What a word means that is not known to its end; `None` if it certainly is something else.
fn unknown_word(word: &Word, before: Option<&Word>, flag: &Flag) -> Option<Finding> {
    let name = word.open.as_deref().unwrap_or_default();
    if let Match::Value(_) | Match::NegatedValue(_) = flag.matches(&word.text) {
        return Some(Finding::by(Why::Variable(word.shown(), shown_variable(name)), word));
    }
    if !flag.may_begin(&word.text) {
        return None;
    }
    // `--port $PORT`: the value of the option before it, unless its name says that it holds flags.
    let lower = name.to_ascii_lowercase();
    let holds_flags =
        name.contains(['@', '*', '-']) || FLAG_VARIABLES.iter().any(|part| lower.contains(part));
    let is_value =
        before.is_some_and(|before| before.text.starts_with('-') && !before.text.contains('='));
    // A specifier of systemd, such as the instance's name, holds no flags.
    let is_name = name.starts_with('%');
    if word.text.is_empty() && (is_name || is_value && !holds_flags) {
        return None;
    }
    Some(Finding::without(Why::VariableWords(shown_variable(name)), Some(word)))
}

/// Sums up several command lines, such as the containers of a pod: those that mention the flag decide, off before unknown
/// before on. If none does, one that cannot be told makes the whole unknown; an image's own command line is asked last.
pub(crate) fn sum_up(findings: Vec<Finding>) -> Option<Finding> {
    let rank = |finding: &Finding| match (finding.mentioned, finding.verdict.state) {
        (true, State::Off) => 0,
        (true, State::Unknown) => 1,
        (true, State::On) => 2,
        (false, State::Unknown) if finding.verdict.why != Why::ImageDecides => 3,
        (false, State::Off | State::On) => 4,
        (false, State::Unknown) => 5,
    };
    findings.into_iter().min_by_key(rank)
}
