//! Every format, held against snapshots, against the official schemas, and against hostile reports.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests read snapshots and schemas, and ask cargo and xmllint"
)]

mod arbitrary;
mod github;
mod human;
mod json;
mod junit;
mod markdown;
mod properties;
mod sample;
mod sarif;
mod schemas;
mod snapshots;
