//! Who hears of a build: OpenTelemetry collectors.
//!
//! A sink that fails never changes what was judged; it says why it failed.
#![allow(
    clippy::disallowed_methods,
    reason = "what talks to collectors reads their settings from the environment"
)]

pub mod otlp;
