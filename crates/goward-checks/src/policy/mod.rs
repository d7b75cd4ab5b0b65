//! Whether the policy itself is in order.

pub(crate) mod waiver_expired;
pub(crate) mod waiver_expiring;
pub(crate) mod waiver_unmatched;
