//! The nouns of goward. Plain data: no I/O, no threads, no clock.
//!
//! The types serialise as **report JSON v1**; what is written today is read by every later goward.

mod finding;
mod location;
mod outcome;
mod report;
mod text;
mod tier;
mod waiver;

pub use finding::{Finding, Findings, Fingerprint, Related};
pub use location::{Location, Snippet};
pub use outcome::{Measured, Outcome, Verdict};
pub use report::{Alert, ExitStatus, Gate, Identity, REPORT_SCHEMA, Report, Summary};
pub use text::{Lang, Text};
pub use tier::SlaTier;
pub use waiver::{WaiverNote, WaiverState};
