//! OTLP over HTTP.

use super::endpoint::Tls;
use super::{Endpoint, OtlpError, Protocol, shown, taken};
use flate2::Compression;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message as _;
use std::io::Write as _;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

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
        .tls_config(tls(endpoint)?)
        .timeout_global(Some(endpoint.timeout))
        .http_status_as_error(false)
        .build()
        .new_agent();
    let failed = |err: ureq::Error| OtlpError::Network {
        endpoint: endpoint.shown(),
        reason: shown(&err.to_string()),
    };
    let mut post = agent.post(&endpoint.url).header("content-type", kind);
    let body = if endpoint.gzip {
        post = post.header("content-encoding", "gzip");
        packed(&body).map_err(|err| failed(err.into()))?
    } else {
        body
    };
    for (name, value) in &endpoint.headers {
        post = post.header(name, value);
    }
    let mut answer = post.send(&body[..]).map_err(failed)?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(failed)?;
    if !(200..300).contains(&status) {
        let said = shown(&String::from_utf8_lossy(&text));
        return Err(OtlpError::Refused {
            endpoint: endpoint.shown(),
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

fn packed(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(vec![], Compression::default());
    packed.write_all(body)?;
    packed.finish()
}

/// Whom it trusts, and who it says it is: the machine's certificate authorities, or those of
/// `OTEL_EXPORTER_OTLP_CERTIFICATE`.
fn tls(endpoint: &Endpoint) -> Result<TlsConfig, OtlpError> {
    let Tls { authorities, client } = endpoint.tls.read()?;
    let roots = match &authorities {
        None => RootCerts::PlatformVerifier,
        Some(pem) => RootCerts::new_with_certs(&certificates(pem)),
    };
    let client = client
        .map(|(chain, key)| {
            let key = PrivateKey::from_pem(&key).map_err(|err| OtlpError::Setting(err.to_string()));
            Ok::<_, OtlpError>(ClientCert::new_with_certs(&certificates(&chain), key?))
        })
        .transpose()?;
    Ok(TlsConfig::builder().root_certs(roots).client_cert(client).build())
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let items = parse_pem(pem).flatten();
    let certificate = |item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    };
    items.filter_map(certificate).collect()
}
