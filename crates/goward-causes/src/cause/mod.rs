//! The causes: what can break a Go build, whose it is, and what to do about it.
//!
//! The identifiers are a contract: never renamed, only added. A test holds this table against it.

mod build;
mod machine;
mod module;
mod network;
mod source;
mod toolchain;

use serde::Serialize;

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

impl Text {
    /// In Chinese, or in English.
    pub fn get(self, chinese: bool) -> &'static str {
        if chinese { self.zh } else { self.en }
    }
}

/// Who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// Who wrote the change.
    Developer,
    /// Who maintains a module that is used.
    Dependency,
    /// Who runs the CI, the network and the images.
    Platform,
    /// Who answers for the supply chain.
    Security,
    /// Nobody: nothing failed, or not a build.
    None,
}

impl Owner {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Owner::Developer => "developer",
            Owner::Dependency => "dependency",
            Owner::Platform => "platform",
            Owner::Security => "security",
            Owner::None => "none",
        }
    }

    /// Whose error budget a failure burns: a change that does not compile burns none.
    pub fn budget(self) -> Option<&'static str> {
        match self {
            Owner::Platform => Some("platform"),
            Owner::Dependency => Some("dependency"),
            Owner::Security => Some("security"),
            Owner::Developer | Owner::None => None,
        }
    }
}

/// Whether the same command, unchanged, would likely succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Retry {
    /// Nothing changes by itself.
    Never,
    /// It may.
    Maybe,
    /// It likely would.
    Yes,
}

impl Retry {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::Maybe => "maybe",
            Retry::Yes => "yes",
        }
    }
}

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Tier {
    /// Page somebody now.
    P0,
    /// The release is blocked; act within the hour.
    P1,
    /// The author's own work.
    P2,
    /// Notice.
    P3,
}

impl Tier {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::P0 => "P0",
            Tier::P1 => "P1",
            Tier::P2 => "P2",
            Tier::P3 => "P3",
        }
    }

    /// One step more urgent, as on a release branch.
    #[must_use]
    pub fn up(self) -> Tier {
        match self {
            Tier::P0 | Tier::P1 => Tier::P0,
            Tier::P2 => Tier::P1,
            Tier::P3 => Tier::P2,
        }
    }
}

/// Where in a build it struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Flags, environment, Go itself.
    Env,
    /// Packages are found and parsed.
    List,
    /// Module versions, downloads, verification.
    Resolve,
    /// gc, asm, cgo.
    Compile,
    /// The linker.
    Link,
    /// go vet.
    Vet,
    /// Tests run.
    Test,
    /// What was built is written.
    Output,
}

impl Stage {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Env => "env",
            Stage::List => "list",
            Stage::Resolve => "resolve",
            Stage::Compile => "compile",
            Stage::Link => "link",
            Stage::Vet => "vet",
            Stage::Test => "test",
            Stage::Output => "output",
        }
    }

    /// The stage of that name.
    pub fn of(name: &str) -> Option<Stage> {
        let all = [
            Stage::Env,
            Stage::List,
            Stage::Resolve,
            Stage::Compile,
            Stage::Link,
            Stage::Vet,
            Stage::Test,
            Stage::Output,
        ];
        all.into_iter().find(|stage| stage.as_str() == name)
    }
}

/// One cause.
#[derive(Debug)]
pub struct Cause {
    /// `domain.name`; `unknown` has no name.
    pub id: &'static str,
    /// Who can do something about it.
    pub owner: Owner,
    /// Whether a retry helps.
    pub retry: Retry,
    /// How urgent it is, before the branch and the fleet are looked at.
    pub tier: Tier,
    /// What it is, in a line.
    pub meaning: Text,
    /// How it comes about.
    pub why: Text,
    /// What to do.
    pub fix: Text,
    /// What to type, where something can be typed.
    pub command: Option<&'static str>,
}

impl Cause {
    /// What stands before the dot.
    pub fn domain(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(domain, _)| domain)
    }
}

/// Owner, retry and tier, as the contract groups them.
type Terms = (Owner, Retry, Tier);

const DEVELOPER: Terms = (Owner::Developer, Retry::Never, Tier::P2);
const DEVELOPER_BLOCKS: Terms = (Owner::Developer, Retry::Never, Tier::P1);
const DEPENDENCY: Terms = (Owner::Dependency, Retry::Never, Tier::P2);
const SECURITY: Terms = (Owner::Security, Retry::Never, Tier::P0);
const PLATFORM: Terms = (Owner::Platform, Retry::Never, Tier::P1);
const PLATFORM_MAYBE: Terms = (Owner::Platform, Retry::Maybe, Tier::P1);
const PLATFORM_RETRY: Terms = (Owner::Platform, Retry::Yes, Tier::P1);
const NOBODY: Terms = (Owner::None, Retry::Never, Tier::P3);

const fn cause(
    id: &'static str,
    terms: Terms,
    meaning: (&'static str, &'static str),
    why: (&'static str, &'static str),
    fix: (&'static str, &'static str),
    command: &'static str,
) -> Cause {
    let (owner, retry, tier) = terms;
    Cause {
        id,
        owner,
        retry,
        tier,
        meaning: Text { en: meaning.0, zh: meaning.1 },
        why: Text { en: why.0, zh: why.1 },
        fix: Text { en: fix.0, zh: fix.1 },
        command: if command.is_empty() { None } else { Some(command) },
    }
}

/// Every cause, in the order of the contract.
pub fn causes() -> impl Iterator<Item = &'static Cause> {
    [
        source::CAUSES,
        module::CAUSES,
        network::CAUSES,
        toolchain::CAUSES,
        build::CAUSES,
        machine::CAUSES,
    ]
    .into_iter()
    .flatten()
}

/// The cause with that identifier.
pub fn cause_of(id: &str) -> Option<&'static Cause> {
    causes().find(|cause| cause.id == id)
}
