//! What we know about a target. One file per fact: its type and its probe.
//!
//! A fact is gathered at most once a run, on a thread of its own, when the first check asks for
//! it. Settings are facts too: what policy says about the target is evidence like any other.

mod bag;
mod error;
pub mod item;
mod scan;
mod waiver_review;
pub mod settings;

pub use bag::{Fact, FactKey, Facts, World};
pub use error::ProbeError;
pub use waiver_review::{ReviewedWaiver, WaiverReview};
