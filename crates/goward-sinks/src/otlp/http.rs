//! OTLP over HTTP.

use super::{Endpoint, OtlpError, Protocol, taken};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message as _;

/// An answer is small.
const MAX_ANSWER: u64 = 1 << 20;

pub(super) fn send(
    request: &ExportTraceServiceRequest,
    endpoint: &Endpoint,
) -> Result<(), OtlpError> {
    let json = endpoint.protocol == Protocol::HttpJson;
    let (body, kind) = if json {
        (super::json(request)?.into_bytes(), "application/json")
    } else {
        (request.encode_to_vec(), "application/x-protobuf")
    };
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(endpoint.timeout))
        .http_status_as_error(false)
        .build()
        .new_agent();
    let failed = |err: ureq::Error| OtlpError::Network {
        endpoint: endpoint.url.clone(),
        reason: err.to_string(),
    };
    let mut post = agent.post(&endpoint.url).header("content-type", kind);
    for (name, value) in &endpoint.headers {
        post = post.header(name, value);
    }
    let mut answer = post.send(&body[..]).map_err(failed)?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(failed)?;
    if !(200..300).contains(&status) {
        let said: String =
            String::from_utf8_lossy(&text).chars().filter(|c| !c.is_control()).take(200).collect();
        return Err(OtlpError::Refused {
            endpoint: endpoint.url.clone(),
            reason: format!("HTTP {status} {said}"),
        });
    }
    // An answer that cannot be read is no refusal.
    let answer = if json {
        serde_json::from_slice(&text).unwrap_or_default()
    } else {
        ExportTraceServiceResponse::decode(&text[..]).unwrap_or_default()
    };
    let partial = answer.partial_success.unwrap_or_default();
    taken(partial.rejected_spans, &partial.error_message, endpoint)
}
