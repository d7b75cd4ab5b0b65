//! The service's own configuration: the key that has the same words as the flag.
//!
//! - `audit-log-enabled` is the key `audit.log.enabled`, nested or dotted, `audit_log_enabled`, `auditLogEnabled`,
//!   `AUDIT_LOG_ENABLED` …: the words count, not what separates them. Decoders of Go do not agree on separators and case.
//! - The key counts from the root of the document. `other.audit.log.enabled` is another key.
//! - YAML, JSON, TOML, INI, properties and env are told apart by their look. A ConfigMap (or a Secret's `stringData`) is
//!   looked into: its entries are variables, or files of such a format.
//! - `true` is on, `false` is off. In YAML also the unquoted `yes`, `on`, `y` of YAML 1.1, which `yaml.v3` accepts for a
//!   Go `bool`. A text `"true"` or a number 1 is unknown: typed decoders refuse it, viper takes it.
//! - In env, INI and properties every value is text: what `strconv.ParseBool` takes is on or off, `yes` and `on` are
//!   unknown, everything else is off.
//! - The key twice is unknown, unless both say the same. In env files the last one counts.
//! - Loaders read the first document only: a key in a later one is unknown.

mod lines;

use crate::argv::Finding;
use crate::flag::{Flag, parse_bool};
use crate::place::{Place, Word};
use crate::tree::{self, Node, Scalar};
use crate::verdict::{State, Verdict, Why};

/// A document with more nodes is not judged.
const MAX_NODES: usize = 1 << 20;

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

/// Tells the format apart by its look.
fn any_format(text: &str, wanted: &str, outermost: bool) -> Result<Vec<Hit>, Finding> {
    let lines_only = lines::looks_like(text);
    if lines_only {
        return match tree::toml(text) {
            Some(root) => search(std::slice::from_ref(&root), wanted, outermost),
            None => Ok(lines::hits(text, wanted)),
        };
    }
    search(&tree::documents(text)?, wanted, outermost)
}

/// Looks for the key in parsed documents.
fn search(documents: &[Node], wanted: &str, outermost: bool) -> Result<Vec<Hit>, Finding> {
    let mut hits = Vec::new();
    let mut visited = 0_usize;
    for (number, document) in documents.iter().enumerate() {
        if let Some(data) = config_map(document).filter(|_| outermost) {
            for (key, value) in data {
                config_map_entry(key, value, wanted, &mut hits)?;
            }
            continue;
        }
        let mut open: Vec<(String, &Node)> = vec![(String::new(), document)];
        while let Some((path, node)) = open.pop() {
            visited += 1;
            if visited > MAX_NODES {
                return Err(Finding::without(Why::TooLarge, None));
            }
            let mut below: Vec<(String, &Node)> = Vec::new();
            for (key, value) in tree::entries(node) {
                let path = path.clone() + &normal(&tree::word(key).text);
                if path == wanted && !tree::is_map(value) {
                    hits.push(typed(key, value, number));
                } else if wanted.starts_with(&path) {
                    below.push((path, value));
                }
            }
            open.extend(below.into_iter().rev());
        }
    }
    Ok(hits)
}

/// The entries of a ConfigMap, or of a Secret's plain text.
fn config_map(document: &Node) -> Option<Vec<(&Node, &Node)>> {
    let kind = tree::word(tree::child(document, "kind")?).text;
    tree::child(document, "apiVersion")?;
    let data = match kind.as_str() {
        "ConfigMap" => tree::child(document, "data"),
        "Secret" => tree::child(document, "stringData"),
        _ => return None,
    };
    Some(data.map(tree::entries).unwrap_or_default())
}

/// An entry is a variable of that name, or a file.
fn config_map_entry(
    key: &Node,
    value: &Node,
    wanted: &str,
    hits: &mut Vec<Hit>,
) -> Result<(), Finding> {
    let text = tree::word(value);
    if normal(&tree::word(key).text) == wanted {
        hits.push(plain(&tree::word(key).text, &text, 0));
        return Ok(());
    }
    if !text.text.contains(['\n', ':', '=']) {
        return Ok(());
    }
    // A script or a template is no configuration, and not an error either.
    let inner = any_format(&text.text, wanted, false).unwrap_or_default();
    for mut hit in inner {
        // Lines of the inner text are not lines of the file.
        hit.finding.verdict.span = tree::inner_span(value, hit.finding.verdict.span);
        hits.push(hit);
    }
    Ok(())
}

/// A value that the format gives a type.
fn typed(key: &Node, value: &Node, document: usize) -> Hit {
    let word = tree::word(value);
    let shown = format!("{}: {}", tree::word(key).text, word.text);
    let why = match tree::scalar(value) {
        _ if tree::is_template(value) => Why::Template,
        Some(Scalar::Bool(true)) => Why::True(shown),
        Some(Scalar::Bool(false)) => Why::False(shown),
        Some(Scalar::Plain(text)) => match text.as_str() {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Why::True(shown),
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Why::False(shown),
            _ if parse_bool(&text) == Some(true) => Why::TextValue(shown),
            _ => Why::ConfigNotBoolean(shown),
        },
        Some(Scalar::Text(text) | Scalar::Number(text)) if parse_bool(&text) == Some(true) => {
            Why::TextValue(shown)
        }
        Some(Scalar::Text(text) | Scalar::Number(text)) if parse_bool(&text) == Some(false) => {
            Why::False(shown)
        }
        _ => Why::ConfigNotBoolean(shown),
    };
    let word = if word.place == Place::Nowhere { tree::word(key) } else { word };
    Hit::new(why, &word, document)
}

/// A value of a format that knows only text.
fn plain(key: &str, value: &Word, document: usize) -> Hit {
    let shown = format!("{key}={}", value.text);
    let why = match (parse_bool(value.text.trim()), value.text.trim().to_ascii_lowercase().as_str())
    {
        _ if value.text.contains("{{") => Why::Template,
        (Some(true), _) => Why::True(shown),
        (Some(false), _) => Why::False(shown),
        (None, text) if text.starts_with('$') => Why::Variable(key.to_owned(), value.text.clone()),
        (None, "yes" | "y" | "on" | "enable" | "enabled") => Why::TextValue(shown),
        _ => Why::ConfigNotBoolean(shown),
    };
    Hit::new(why, value, document)
}
