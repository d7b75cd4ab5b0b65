//! Whether what is built is what was reviewed.

pub(crate) mod go_mod_valid;
pub(crate) mod go_sum_direct;
pub(crate) mod go_sum_valid;
pub(crate) mod replace_local;
pub(crate) mod replace_outside;

use goward_model::Location;

/// A span of go.mod as a location.
pub(crate) fn span(span: &gomod::Span) -> Location {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let at = |place: gomod::Position| (small(place.line), small(place.column));
    Location::span("go.mod", at(span.start), at(span.end))
}
