//! What a waiver did to a finding.

use serde::{Deserialize, Serialize};

/// The waiver that covers a finding, quoted in the report so that nobody has to look it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaiverNote {
    /// Why the finding is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day (inclusive, UTC) on which it holds, as written.
    pub expires: String,
    /// Whether it still holds.
    pub state: WaiverState,
}

/// Whether a waiver holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WaiverState {
    /// The finding does not count.
    Active,
    /// The day is past or unreadable: the finding counts again, and says so.
    Expired,
}
