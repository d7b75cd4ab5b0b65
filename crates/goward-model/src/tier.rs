//! How much a failure costs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The tier of the service-level agreement that a failure falls under.
///
/// Ordered by severity: `P3 < P2 < P1 < P0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SlaTier {
    /// Notice: recorded, never blocks.
    P3,
    /// The author's own work: warned about, does not block unless policy says so.
    P2,
    /// The release is blocked; act within the hour.
    P1,
    /// Blocked; page someone now.
    P0,
}

impl SlaTier {
    /// All tiers, most severe first.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// Whether a failure of this tier raises an alert (P0 and P1).
    pub const fn alerts(self) -> bool {
        matches!(self, Self::P0 | Self::P1)
    }

    /// `P0` … `P3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P0 => "P0",
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
        }
    }
}

impl fmt::Display for SlaTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SlaTier {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|tier| tier.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("{text:?} is not one of P0, P1, P2, P3"))
    }
}
