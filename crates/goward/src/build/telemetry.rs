//! The build as an OpenTelemetry trace: into a file, to a collector.

use crate::cli::ObserveArgs;
use goward_build::Build;
use goward_sinks::otlp::{self, Endpoint, TraceParent};

/// Writes and sends what was asked for.
#[expect(clippy::disallowed_methods, reason = "OpenTelemetry's own variables")]
pub(super) fn tell(build: &Build, args: &ObserveArgs) -> anyhow::Result<()> {
    let variable = |name: &str| std::env::var(name).ok();
    let endpoint = Endpoint::of(args.otlp.as_deref(), &variable)?;
    if endpoint.is_none() && args.otlp_file.is_none() {
        return Ok(());
    }
    let parent = variable("TRACEPARENT").and_then(|text| TraceParent::parse(&text));
    let trace = otlp::trace(build, parent, &Endpoint::resource(&variable)?);
    if let Some(file) = &args.otlp_file {
        super::write(file, &(otlp::json(&trace)? + "\n"))?;
    }
    if let Some(endpoint) = endpoint {
        otlp::send(&trace, &endpoint)?;
    }
    Ok(())
}
