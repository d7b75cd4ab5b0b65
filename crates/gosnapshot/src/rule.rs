//! What a kind of difference is: its risk, its words.

use crate::RULES;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a difference may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Known and harmless; recorded.
    Low,
    /// It may behave otherwise; look at it.
    Medium,
    /// It will behave otherwise in ways that nothing checks at run time.
    High,
    /// It will not load, will not start, or runs code that nobody can name.
    Extreme,
}

impl Risk {
    /// All, the worst first.
    pub const ALL: [Self; 4] = [Self::Extreme, Self::High, Self::Medium, Self::Low];

    /// `low`, `medium`, `high` or `extreme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Extreme => "extreme",
        }
    }

    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Low => "低",
            Self::Medium => "中",
            Self::High => "高",
            Self::Extreme => "极高",
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Risk {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|risk| risk.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not one of low, medium, high, extreme"))
    }
}

/// A sentence in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Words {
    /// Both wordings.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// A kind of difference.
#[derive(Debug)]
pub struct Rule {
    /// Names it in reports, policy and documentation.
    pub id: &'static str,
    /// Its risk, unless policy says otherwise.
    pub risk: Risk,
    /// What holds where there is no such difference: English, Chinese.
    pub title: [&'static str; 2],
    /// What comes of it.
    pub consequence: [&'static str; 2],
    /// What to do.
    pub fix: [&'static str; 2],
}

/// The rule with this identifier.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The table of all kinds, each with an example of a real build.
const TABLE: &str = include_str!("../../../docs/diff.md");

/// The example of a kind, as Markdown; the second column of its row.
fn example(id: &str) -> Option<&'static str> {
    let row = TABLE.lines().find_map(|line| line.strip_prefix(&format!("| `{id}` | ")))?;
    row.split(" |").next().map(str::trim)
}

/// Its documentation, as Markdown.
pub fn page(rule: &Rule, zh: bool) -> String {
    let pick = |[en, cn]: [&'static str; 2]| if zh { cn } else { en };
    let (risk, colon) = match zh {
        true => (format!("风险:{}", rule.risk.zh()), ":"),
        false => (format!("risk: {}", rule.risk), ": "),
    };
    let words = [["what comes of it", "后果"], ["what to do", "处理"], ["example", "例子"]];
    let [why, fix, shown] = words.map(pick);
    let example = example(rule.id).map(|it| format!("\n{shown}{colon}{it}\n"));
    format!(
        "# {}\n\n{} ({risk}, `goward diff`)\n\n{why}{colon}{}\n\n{fix}{colon}{}\n{}",
        rule.id,
        pick(rule.title),
        pick(rule.consequence),
        pick(rule.fix),
        example.unwrap_or_default()
    )
}
