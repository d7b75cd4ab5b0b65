//! The nouns: what is built, what is expected of it, what came of it.

use super::versions::Version;
use goward_model::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// GOOS and GOARCH.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Platform {
    pub(super) os: String,
    pub(super) arch: String,
}

impl Platform {
    pub(super) fn new(os: &str, arch: &str) -> Self {
        Self { os: os.into(), arch: arch.into() }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.arch)
    }
}

/// One build of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Cell {
    /// Of the toolchain.
    pub(super) go: Version,
    pub(super) platform: Platform,
    pub(super) cgo: bool,
}

impl Cell {
    /// `matrix.go1.24.11.linux-arm64.cgo`.
    pub(super) fn id(&self) -> String {
        let Platform { os, arch } = &self.platform;
        format!("matrix.{}.{os}-{arch}.{}", self.go, self.kind())
    }

    /// `cgo` or `nocgo`.
    pub(super) fn kind(&self) -> &'static str {
        if self.cgo { "cgo" } else { "nocgo" }
    }
}

/// Whether a cell builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Pass,
    Fail,
    /// It was not found out.
    Unknown,
}

/// What is expected of a cell before anything is built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Prediction {
    pub(super) verdict: Verdict,
    /// The cause of the failure that is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<Text>,
    /// Packages that need a C compiler: the first ones in the order of the build.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) needs_c: Vec<String>,
    /// Packages that other cells build and this one leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<String>,
}

impl Prediction {
    pub(super) fn pass() -> Self {
        Self { verdict: Verdict::Pass, cause: None, why: None, needs_c: vec![], left_out: vec![] }
    }

    pub(super) fn fail(cause: &str, why: Text) -> Self {
        let (cause, why) = (Some(cause.into()), Some(why));
        Self { verdict: Verdict::Fail, cause, why, ..Self::pass() }
    }

    pub(super) fn unknown(why: Text) -> Self {
        Self { verdict: Verdict::Unknown, why: Some(why), ..Self::pass() }
    }
}

/// What came of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) verdict: Verdict,
    /// Why it failed, by its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
    /// What the log alone says, where the compiler's probe knows better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) log_says: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tier: Option<String>,
    /// The lines that prove it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) evidence: Vec<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<Text>,
    pub(super) wall_ms: u64,
    /// The most memory that its processes held at once.
    pub(super) peak_bytes: u64,
    pub(super) attempts: u32,
    /// It is that of an earlier run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) resumed: bool,
}

/// A cell with all that is known of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Known {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) cell: Cell,
    /// The C compiler that it is built with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cc: Option<String>,
    /// It may fail.
    pub(super) allowed: bool,
    pub(super) predicted: Prediction,
    /// `None` where it was not built.
    pub(super) measured: Option<Measured>,
}

impl Known {
    /// What was measured, else what is predicted.
    pub(super) fn verdict(&self) -> Verdict {
        self.measured.as_ref().map_or(self.predicted.verdict, |measured| measured.verdict)
    }

    pub(super) fn cause(&self) -> Option<&str> {
        match &self.measured {
            Some(measured) => measured.cause.as_deref(),
            None => self.predicted.cause.as_deref(),
        }
    }

    /// Whether the prediction was wrong; `None` where there was none, or no measurement.
    pub(super) fn surprises(&self) -> Option<bool> {
        let measured = self.measured.as_ref()?.verdict;
        let known = [measured, self.predicted.verdict];
        (!known.contains(&Verdict::Unknown)).then(|| measured != self.predicted.verdict)
    }
}
