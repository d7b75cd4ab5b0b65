//! The stages, in order: plan, gather and judge, grade.
//!
//! [`plan`] decides what is tried, [`attempt_all`] tries it (facts are gathered when first needed,
//! judgements are pure), [`grade`] applies policy: thresholds, waivers, the gate.

mod attempt;
mod grade;
mod plan;
mod schedule;

pub use grade::{Graded, grade};
pub use plan::{Item, Plan, PlanError, Selection, Work, plan, plan_of};
pub use schedule::{Observer, Quiet, attempt_all};
