//! A build as an OpenTelemetry trace: a span for the build, below it one per stage, below these one per
//! package; named by the semantic conventions for CI/CD where these have a name, else `go.build.*`.
//!
//! Sources: <https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/>,
//! <https://opentelemetry.io/docs/specs/otlp/>,
//! <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>.

mod convert;
mod endpoint;
mod grpc;
mod http;
mod ids;

pub use convert::{NAMES, trace};
pub use endpoint::{Endpoint, Protocol, TlsFiles};
pub use ids::TraceParent;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;

/// A collector did not take it.
#[derive(Debug, thiserror::Error)]
pub enum OtlpError {
    /// The settings are wrong.
    #[error("{0}")]
    Setting(String),
    /// It could not be reached, or broke off.
    #[error("{endpoint}: {reason}")]
    Network {
        /// The collector.
        endpoint: String,
        /// Why.
        reason: String,
    },
    /// It refused all or some of the spans.
    #[error("{endpoint} refused the trace: {reason}")]
    Refused {
        /// The collector.
        endpoint: String,
        /// Why.
        reason: String,
    },
    /// It cannot be written as JSON.
    #[error("writing the trace as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The trace in OTLP's JSON: what a collector's file receiver reads, one request.
///
/// # Errors
/// [`OtlpError::Json`].
pub fn json(request: &ExportTraceServiceRequest) -> Result<String, OtlpError> {
    Ok(serde_json::to_string(request)?)
}

/// Sends it.
///
/// # Errors
/// [`OtlpError`]; nothing is tried twice, a build does not wait for its telemetry.
pub fn send(request: &ExportTraceServiceRequest, endpoint: &Endpoint) -> Result<(), OtlpError> {
    match endpoint.protocol {
        Protocol::Grpc => grpc::send(request, endpoint),
        Protocol::HttpProtobuf | Protocol::HttpJson => http::send(request, endpoint),
    }
}

/// A collector may take some and refuse others.
fn taken(rejected: i64, message: &str, endpoint: &Endpoint) -> Result<(), OtlpError> {
    if rejected == 0 {
        return Ok(());
    }
    let reason = format!("{rejected} spans: {}", shown(message));
    Err(OtlpError::Refused { endpoint: endpoint.shown(), reason })
}

/// What a collector says, for a terminal: short, and nothing that acts on it.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
