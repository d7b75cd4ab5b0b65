//! OTLP over gRPC. The only place with a runtime: it lives as long as one request.

use super::endpoint::Tls;
use super::{Endpoint, OtlpError, shown, taken};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use tonic::codec::CompressionEncoding;
use tonic::metadata::{MetadataKey, MetadataValue};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint as Channel, Identity};

pub(super) fn send(
    request: &ExportTraceServiceRequest,
    endpoint: &Endpoint,
) -> Result<(), OtlpError> {
    let failed =
        |reason: String| OtlpError::Network { endpoint: endpoint.shown(), reason: shown(&reason) };
    let Tls { authorities, client } = endpoint.tls.read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|err| failed(err.to_string()))?;
    let mut message = tonic::Request::new(request.clone());
    for (name, value) in &endpoint.headers {
        let key = MetadataKey::from_bytes(name.to_ascii_lowercase().as_bytes());
        let value = MetadataValue::try_from(value.as_str());
        let (Ok(key), Ok(value)) = (key, value) else {
            return Err(OtlpError::Setting(format!("the header {name} cannot be sent over gRPC")));
        };
        message.metadata_mut().insert(key, value);
    }
    let exchange = async {
        let mut channel =
            Channel::from_shared(endpoint.url.clone()).map_err(|err| failed(err.to_string()))?;
        if endpoint.url.starts_with("https://") {
            let mut tls = match authorities {
                None => ClientTlsConfig::new().with_native_roots(),
                Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
            };
            if let Some((chain, key)) = client {
                tls = tls.identity(Identity::from_pem(chain, key));
            }
            channel = channel.tls_config(tls).map_err(|err| failed(whole(&err)))?;
        }
        let channel = channel.connect().await.map_err(|err| failed(whole(&err)))?;
        let mut client =
            TraceServiceClient::new(channel).accept_compressed(CompressionEncoding::Gzip);
        if endpoint.gzip {
            client = client.send_compressed(CompressionEncoding::Gzip);
        }
        let answer = client.export(message).await.map_err(|status| OtlpError::Refused {
            endpoint: endpoint.shown(),
            reason: shown(&format!("{}: {}", status.code(), status.message())),
        })?;
        let partial = answer.into_inner().partial_success.unwrap_or_default();
        taken(partial.rejected_spans, &partial.error_message, endpoint)
    };
    let limited = async { tokio::time::timeout(endpoint.timeout, exchange).await };
    runtime
        .block_on(limited)
        .unwrap_or_else(|_| Err(failed(format!("no answer within {:?}", endpoint.timeout))))
}

/// "transport error" alone helps nobody.
fn whole(err: &dyn std::error::Error) -> String {
    let mut text = err.to_string();
    let mut next = err.source();
    while let Some(source) = next {
        text += &format!(": {source}");
        next = source.source();
    }
    text
}
