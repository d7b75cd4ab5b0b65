//! What the run made of the policy's waivers. Known only after the other checks have spoken, so
//! the engine puts it in instead of probing for it.

use crate::{Fact, ProbeError, World};
use goward_model::{Location, Text};
use std::sync::Arc;

/// One waiver after the run.
#[derive(Clone, Debug)]
pub struct ReviewedWaiver {
    /// The check it names.
    pub check: String,
    /// The fingerprint it names.
    pub fingerprint: String,
    /// Who answers for it.
    pub owner: String,
    /// Its last day, as written.
    pub expires: String,
    /// Where it was written.
    pub location: Location,
    /// The policy file's text, for quoting.
    pub source: Arc<str>,
    /// Days until its last day; `None` where that is past.
    pub days_left: Option<i64>,
    /// Whether the date could be read.
    pub readable_date: bool,
    /// Whether the run had a finding with this fingerprint.
    pub matched: bool,
    /// Whether the check came to a judgement, so that a missing match means something.
    pub judged: bool,
}

/// All waivers after the run.
#[derive(Clone, Debug, Default)]
pub struct WaiverReview {
    /// In the order of their declaration.
    pub waivers: Vec<ReviewedWaiver>,
}

impl Fact for WaiverReview {
    const NAME: &'static str = "waivers after the run";

    fn probe(_: &World<'_>) -> Result<Self, ProbeError> {
        Err(ProbeError::Unusable(Text::new("the run was not reviewed", "尚未复核本次运行的豁免")))
    }
}
