//! What we judge. One file per check; this file is the catalogue.

mod check;
pub mod custom;
mod policy;

pub use check::{Check, Group, Judge, Words};

/// Every check, ordered by group, then identifier. The order is the order of reports.
pub static CATALOGUE: &[&Check] = &[
    &policy::waiver_expired::CHECK,
    &policy::waiver_expiring::CHECK,
    &policy::waiver_unmatched::CHECK,
];

/// Finds a check by its identifier.
pub fn find(id: &str) -> Option<&'static Check> {
    CATALOGUE.iter().find(|check| check.id == id).copied()
}
