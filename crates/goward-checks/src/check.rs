//! How a check is declared.

use goward_facts::{Fact, FactKey, Facts, ProbeError};
use goward_model::{Findings, Lang, SlaTier, Text};

/// A wording in both languages, in our own source.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Words {
    /// The wording in `lang`.
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.en, words.zh)
    }
}

/// What a group of checks is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Whether Go's own verification is switched on, everywhere the build passes.
    Environment,
    /// Whether what is built is what was reviewed.
    Integrity,
    /// Whether the modules fit together.
    Metadata,
    /// What goes into the image, and how.
    Container,
    /// Whether the release's preconditions are met.
    Admission,
    /// Whether the policy itself is in order.
    Policy,
}

impl Group {
    /// All groups, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Environment,
        Self::Integrity,
        Self::Metadata,
        Self::Container,
        Self::Admission,
        Self::Policy,
    ];

    /// The group's name on the command line and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Integrity => "integrity",
            Self::Metadata => "metadata",
            Self::Container => "container",
            Self::Admission => "admission",
            Self::Policy => "policy",
        }
    }
}

/// A check: metadata, documentation and a pure judgement.
pub struct Check {
    /// The stable identifier, in kebab case; the file has the same name.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// One line: what the check makes sure of.
    pub title: Words,
    /// The tier of a failure unless policy says otherwise.
    pub tier: SlaTier,
    /// The version that introduced the check.
    pub since: &'static str,
    /// The file that declares the check.
    pub file: &'static str,
    /// Checks that must have passed before this one makes sense.
    pub requires: &'static [&'static str],
    /// Why it matters, in Markdown.
    pub why: Words,
    /// How to fix it, in Markdown.
    pub fix: Words,
    /// Where the rule comes from.
    pub references: &'static [&'static str],
    /// Worlds (txtar) in which the check fails.
    pub closes: &'static [&'static str],
    /// Worlds in which it passes.
    pub opens: &'static [&'static str],
    /// The judgement.
    pub judge: &'static dyn Judge,
}

/// A pure judgement over facts. Its parameters are the facts it needs.
pub trait Judge: Sync {
    /// The facts the judgement needs.
    fn needs(&self) -> Vec<FactKey>;

    /// Judges. Fails only when a needed fact is missing.
    fn judge(&self, facts: &Facts, findings: &mut Findings) -> Result<(), ProbeError>;
}

macro_rules! judgements {
    ($($fact:ident)+) => {
        impl<$($fact: Fact),+> Judge for fn($(&$fact),+, &mut Findings) {
            fn needs(&self) -> Vec<FactKey> {
                vec![$(FactKey::of::<$fact>()),+]
            }

            fn judge(&self, facts: &Facts, findings: &mut Findings) -> Result<(), ProbeError> {
                self($(&*facts.get::<$fact>()?),+, findings);
                Ok(())
            }
        }
    };
}

judgements!(A);
judgements!(A B);
judgements!(A B C);
judgements!(A B C D);
judgements!(A B C D E);
