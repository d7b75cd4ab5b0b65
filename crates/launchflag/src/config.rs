//! The service's own configuration: the key that has the same words as the flag.
//!
//! - `audit-log-enabled` is the key `audit.log.enabled`, nested or dotted, `audit_log_enabled`, `auditLogEnabled`,
//!   `AUDIT_LOG_ENABLED` …: the words count, not what separates them. Decoders of Go do not agree on separators and case.
//! - The key counts from the root of the document. `other.audit.log.enabled` is another key.
//! - YAML, JSON, TOML, INI, properties and env are told apart by their look. A ConfigMap (or a Secret's `stringData`) is
//!   looked into: its entries are variables, or files of such a format.
//! - `true` is on, `false` is off. The unquoted `yes`, `on`, `y` of YAML 1.1 are unknown: `yaml.v3` accepts them for a Go
//!   `bool` only, viper does not. A text `"true"` or a number 1 is unknown: typed decoders refuse it, viper takes it.
//! - In env, INI and properties every value is text: what `strconv.ParseBool` takes is on or off, `yes` and `on` are
//!   unknown, everything else is off.
//! - The key twice is unknown, unless both say the same. In env files the last one counts.
//! - Loaders read the first document only: a key in a later one is unknown.

mod lines;

use conftree::{Entry, Node, Style, Value};

use crate::argv::Finding;
use crate::flag::{Flag, parse_bool};
use crate::place::Word;
use crate::tree::{Tree, is_template};
use crate::verdict::{State, Verdict, Why};

/// The words of a key or a flag without what separates them, in lower case.
fn normal(key: &str) -> String {
    key.chars()
        .filter(|ch| !matches!(ch, '-' | '_' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let wanted = normal(flag.name());
    let found = match any_format(text, &wanted, true) {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    choose(found)
        .unwrap_or_else(|| Finding::without(Why::NoKey(flag.name().replace(['-', '_'], ".")), None))
}

/// A value of the key.
struct Hit {
    finding: Finding,
    /// Several of these in one text: the last one counts.
    overrides: bool,
    /// In which document it stands.
    document: usize,
}

impl Hit {
    fn new(why: Why, word: &Word, document: usize) -> Self {
        let verdict = Verdict { state: why.state(), why, span: word.place.span() };
        Self { finding: Finding { verdict, mentioned: true }, overrides: false, document }
    }
}

/// One answer out of all places where the key stands.
fn choose(mut hits: Vec<Hit>) -> Option<Finding> {
    let last = hits.pop()?;
    let agree = hits.iter().all(|hit| {
        hit.finding.verdict.state == last.finding.verdict.state || (hit.overrides && last.overrides)
    });
    let first_document = hits.iter().chain([&last]).any(|hit| hit.document == 0);
    let Verdict { state, span, .. } = last.finding.verdict;
    let why = match (agree, first_document) {
        (true, true) => return Some(last.finding),
        (true, false) if state == State::Off => return Some(last.finding),
        (true, false) => Why::LaterDocument,
        (false, _) => Why::Duplicate(last.finding.verdict.why.to_string()),
    };
    Some(Finding { verdict: Verdict { state: why.state(), why, span }, mentioned: true })
}

/// Tells the format apart by its look. `outermost`: the text may be a ConfigMap.
fn any_format(text: &str, wanted: &str, outermost: bool) -> Result<Vec<Hit>, Finding> {
    let tree = match lines::looks_like(text) {
        false => Tree::parse(text)?,
        true => match Tree::toml(text) {
            Some(tree) => tree,
            None => return Ok(lines::hits(text, wanted)),
        },
    };
    let mut hits = Vec::new();
    for (number, document) in tree.documents.iter().enumerate() {
        match config_map(document).filter(|_| outermost) {
            Some(entries) => {
                entries.iter().for_each(|entry| config_map_entry(&tree, entry, wanted, &mut hits));
            }
            None => search(&tree, document, number, wanted, &mut hits),
        }
    }
    Ok(hits)
}

/// Looks for the key from the root of a document.
fn search(tree: &Tree<'_>, document: &Node, number: usize, wanted: &str, hits: &mut Vec<Hit>) {
    // How many bytes of `wanted` the keys so far make up.
    let mut open: Vec<(usize, &Node)> = vec![(0, document)];
    while let Some((matched, node)) = open.pop() {
        let missing = wanted.get(matched..).unwrap_or_default();
        let from = open.len();
        for entry in node.as_map().unwrap_or_default() {
            let key = normal(entry.key.as_str().unwrap_or_default());
            if key.is_empty() {
                continue;
            }
            if key == missing && entry.value.as_map().is_none() {
                hits.push(typed(tree, entry, number));
            } else if missing.starts_with(&key) {
                open.push((matched + key.len(), &entry.value));
            }
        }
        if let Some(below) = open.get_mut(from..) {
            below.reverse();
        }
    }
}

/// The entries of a ConfigMap, or of a Secret's plain text.
fn config_map(document: &Node) -> Option<&[Entry]> {
    document.get("apiVersion")?;
    let data = match document.get("kind")?.as_str()? {
        "ConfigMap" => document.get("data"),
        "Secret" => document.get("stringData"),
        _ => return None,
    };
    Some(data.and_then(Node::as_map).unwrap_or_default())
}

/// An entry is a variable of that name, or a file.
fn config_map_entry(tree: &Tree<'_>, entry: &Entry, wanted: &str, hits: &mut Vec<Hit>) {
    let key = entry.key.as_str().unwrap_or_default();
    let value = tree.word(&entry.value);
    let lower = key.to_ascii_lowercase();
    if [".md", ".txt", ".example", ".sample", ".sh"].iter().any(|end| lower.ends_with(end))
        || lower.contains(".example.")
        || lower.contains(".sample.")
    {
        return;
    }
    if normal(key) == wanted {
        hits.push(plain(key, &value, 0));
    } else if value.text.contains(['\n', ':', '=']) {
        // A script or a template is no configuration, and not an error either.
        let inner = any_format(value.with_its_holes(), wanted, false).unwrap_or_default();
        for mut hit in inner {
            // Lines of the inner text are not lines of the file.
            hit.finding.verdict.span = tree.inner_span(&entry.value, hit.finding.verdict.span);
            hits.push(hit);
        }
    }
}

/// A value that the format gives a type.
fn typed(tree: &Tree<'_>, entry: &Entry, document: usize) -> Hit {
    let word = tree.word(&entry.value);
    let shown = format!("{}: {}", entry.key.as_str().unwrap_or_default(), word.shown());
    let text = word.text.as_str();
    let why = match (&entry.value.value, entry.value.style) {
        _ if is_template(&entry.value) => Why::Template,
        (Value::Bool(true), _) => Why::True(shown),
        (Value::Bool(false), _) => Why::False(shown),
        (Value::String(_), Style::Plain)
            if matches!(text, "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") =>
        {
            Why::TextValue(shown)
        }
        (Value::String(_), _) if text.contains("${") => Why::Variable(shown, text.to_owned()),
        (Value::String(_), Style::Plain)
            if matches!(text, "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") =>
        {
            Why::False(shown)
        }
        (Value::String(_) | Value::Number(_), _) => match parse_bool(text) {
            Some(true) => Why::TextValue(shown),
            Some(false) => Why::False(shown),
            None => Why::ConfigNotBoolean(shown),
        },
        _ => Why::ConfigNotBoolean(shown),
    };
    Hit::new(why, &word, document)
}

/// A value of a format that knows only text.
fn plain(key: &str, value: &Word, document: usize) -> Hit {
    let shown = format!("{key}={}", value.shown());
    let why = match (parse_bool(value.text.trim()), value.text.trim().to_ascii_lowercase().as_str())
    {
        _ if value.open.is_some() || value.text.contains("{{") => Why::Template,
        (Some(true), _) => Why::True(shown),
        (Some(false), _) => Why::False(shown),
        (None, text) if text.starts_with('$') => Why::Variable(key.to_owned(), value.text.clone()),
        (None, "yes" | "y" | "on" | "enable" | "enabled") => Why::TextValue(shown),
        _ => Why::ConfigNotBoolean(shown),
    };
    Hit::new(why, value, document)
}
