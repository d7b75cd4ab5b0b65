//! A build's trace at receivers that decode what comes, as a collector does.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests speak to servers of their own"
)]

use goward_build::{Build, DownloadTime, Failure, Span, StageTime};
use goward_sinks::otlp::{Endpoint, OtlpError, Protocol, TlsFiles, TraceParent, send, trace};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span as Sent;
use prost::Message as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn build() -> Build {
    let stage = |stage: &str, start_ms, end_ms, failed| StageTime {
        stage: stage.into(),
        wall_ms: end_ms - start_ms,
        start_ms,
        end_ms,
        failed,
        ..StageTime::default()
    };
    Build {
        run_id: "20261130T060000Z-00000001".into(),
        started_at: "2026-11-30T06:00:00Z".into(),
        command: vec!["build".into(), "./...".into()],
        wall_ms: 100.0,
        exit_status: Some(1),
        branch: Some("main".into()),
        failure: Some(Failure {
            cause: "source.undefined".into(),
            owner: "developer".into(),
            ..Failure::default()
        }),
        stages: vec![stage("list", 0.0, 10.0, false), stage("compile", 10.0, 90.0, true)],
        spans: vec![Span {
            stage: "compile".into(),
            name: "example.com/m".into(),
            start_ms: 20.0,
            end_ms: 80.0,
            failed: true,
            ..Span::default()
        }],
        downloads: vec![DownloadTime { module: "example.com/x".into(), ..DownloadTime::default() }],
        ..Build::default()
    }
}

fn endpoint(url: String, protocol: Protocol) -> Endpoint {
    Endpoint {
        url,
        protocol,
        headers: vec![("authorization".into(), "Bearer x".into())],
        timeout: Duration::from_secs(5),
        gzip: false,
        tls: TlsFiles::default(),
    }
}

fn spans(request: &ExportTraceServiceRequest) -> &[Sent] {
    &request.resource_spans[0].scope_spans[0].spans
}

fn value(span: &Sent, key: &str) -> String {
    let found = span.attributes.iter().find(|pair| pair.key == key);
    found
        .map(|pair| format!("{:?}", pair.value.as_ref().unwrap().value.as_ref().unwrap()))
        .unwrap_or_default()
}

#[test]
fn a_build_is_a_trace_of_stages_and_packages() {
    let parent =
        TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
    let request = trace(&build(), Some(parent), &[("service.name".into(), "payments".into())]);
    let all = spans(&request);
    let named = |name: &str| all.iter().find(|span| span.name == name).unwrap();
    let root = named("BUILD go build");
    assert_eq!(
        (root.trace_id.as_slice(), root.parent_span_id.as_slice()),
        (&parent.trace_id[..], &parent.span_id[..])
    );
    assert_eq!(value(root, "cicd.pipeline.result"), "StringValue(\"failure\")");
    assert_eq!(value(root, "error.type"), "StringValue(\"source.undefined\")");
    let (stage, package) = (named("compile"), named("compile example.com/m"));
    assert_eq!((&stage.parent_span_id, &package.parent_span_id), (&root.span_id, &stage.span_id));
    assert_eq!(package.end_time_unix_nano - package.start_time_unix_nano, 60_000_000);
    assert_eq!(trace(&build(), Some(parent), &[]), trace(&build(), Some(parent), &[]));
    let ids: std::collections::BTreeSet<_> = all.iter().map(|span| &span.span_id).collect();
    assert_eq!(ids.len(), all.len());
    let resource = &request.resource_spans[0].resource.as_ref().unwrap().attributes;
    assert_eq!(resource.iter().filter(|pair| pair.key == "service.name").count(), 1);
}

/// One HTTP exchange: answers `status` and `body`; gives head and body of the request.
fn receive(
    status: &'static str,
    body: Vec<u8>,
) -> (String, std::thread::JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || exchange(listener.accept().unwrap().0, status, &body));
    (url, thread)
}

fn exchange(
    stream: impl std::io::Read + std::io::Write,
    status: &str,
    body: &[u8],
) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "it hung up");
    }
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut sent = vec![0; length.trim().parse().unwrap()];
    reader.read_exact(&mut sent).unwrap();
    let stream = reader.get_mut();
    let length = body.len();
    let head_of_answer =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head_of_answer.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    (head, sent)
}

#[test]
fn http_receivers_get_protobuf_or_json() {
    let request = trace(&build(), None, &[]);
    let (url, receiver) = receive("200 OK", vec![]);
    send(&request, &endpoint(url, Protocol::HttpProtobuf)).unwrap();
    let (head, body) = receiver.join().unwrap();
    assert!(
        head.starts_with("post /v1/traces")
            && head.contains("application/x-protobuf")
            && head.contains("authorization: bearer x"),
        "{head}"
    );
    assert_eq!(ExportTraceServiceRequest::decode(&body[..]).unwrap(), request);
    let (url, receiver) = receive("200 OK", b"{}".to_vec());
    send(&request, &endpoint(url, Protocol::HttpJson)).unwrap();
    let (head, body) = receiver.join().unwrap();
    assert!(head.contains("application/json"));
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let span = &json["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    // OTLP JSON has identifiers in hexadecimal and 64-bit numbers as text.
    assert_eq!(span["traceId"].as_str().unwrap().len(), 32);
    assert!(span["startTimeUnixNano"].is_string(), "{span}");
    assert_eq!(serde_json::from_slice::<ExportTraceServiceRequest>(&body).unwrap(), request);
}

#[test]
fn a_receiver_that_refuses_is_told_apart_from_one_that_is_not_there() {
    let request = trace(&build(), None, &[]);
    let (url, receiver) = receive("401 Unauthorized", b"no token".to_vec());
    let refused = send(&request, &endpoint(url, Protocol::HttpProtobuf)).unwrap_err();
    assert!(
        matches!(&refused, OtlpError::Refused { reason, .. } if reason == "HTTP 401 no token"),
        "{refused}"
    );
    receiver.join().unwrap();
    let partial = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 2,
            error_message: "too old".into(),
        }),
    };
    let (url, receiver) = receive("200 OK", partial.encode_to_vec());
    let refused = send(&request, &endpoint(url, Protocol::HttpProtobuf)).unwrap_err();
    assert!(refused.to_string().contains("2 spans: too old"), "{refused}");
    receiver.join().unwrap();
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let absent = send(&request, &endpoint(format!("http://{closed}"), protocol)).unwrap_err();
        assert!(matches!(&absent, OtlpError::Network { .. }), "{absent}");
    }
}

/// Whoever takes traces may be anybody: what it says must not act on a terminal, nor may a password be said.
#[test]
fn what_a_receiver_says_is_only_shown() {
    let request = trace(&build(), None, &[]);
    let partial = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 1,
            error_message: "\u{1b}]0;x\u{7}old\n".into(),
        }),
    };
    for (status, body) in
        [("400 Bad Request", b"\x1b]0;x\x07old\n".to_vec()), ("200 OK", partial.encode_to_vec())]
    {
        let (url, receiver) = receive(status, body);
        let url = url.replacen("http://", "http://ci:hunter2@", 1);
        let refused = send(&request, &endpoint(url, Protocol::HttpProtobuf)).unwrap_err();
        receiver.join().unwrap();
        let said = refused.to_string();
        assert!(said.ends_with("]0;xold") && !said.contains(char::is_control), "{said:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// A server's TLS by an authority that no machine knows, as inside a bank.
fn of_the_bank(dir: &std::path::Path) -> (TlsFiles, servercert::testkit::Pair) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    let bank = servercert::testkit::Authority::root(now, "the bank", 2).unwrap();
    let file = dir.join("ca.pem");
    std::fs::write(&file, bank.cert_pem()).unwrap();
    let server = bank.issue(&["127.0.0.1"], 2).unwrap();
    (TlsFiles { authorities: Some(file), client: None }, server)
}

#[test]
fn an_authority_of_the_banks_own_is_trusted_where_it_is_named() {
    use rustls::pki_types::pem::PemObject as _;
    let dir = tempfile::tempdir().unwrap();
    let (trusted, server) = of_the_bank(dir.path());
    let request = trace(&build(), None, &[]);
    let certificate =
        rustls::pki_types::CertificateDer::from_pem_slice(server.cert_pem.as_bytes()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(server.key_pem.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1/traces", listener.local_addr().unwrap());
    let receiver = std::thread::spawn(move || {
        // The first caller does not trust it, and hangs up.
        let (stranger, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stranger = rustls::StreamOwned::new(connection, stranger);
        assert!(stranger.read(&mut [0; 1]).is_err());
        let (stream, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(config).unwrap();
        exchange(rustls::StreamOwned::new(connection, stream), "200 OK", &[])
    });
    let mut endpoint = endpoint(url, Protocol::HttpProtobuf);
    let strange = send(&request, &endpoint).unwrap_err().to_string();
    assert!(strange.contains("certificate"), "{strange}");
    endpoint.tls = trusted;
    endpoint.gzip = true;
    send(&request, &endpoint).unwrap();
    let (head, sent) = receiver.join().unwrap();
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let mut plain = vec![];
    flate2::read::GzDecoder::new(&sent[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(ExportTraceServiceRequest::decode(&plain[..]).unwrap(), request);
    endpoint.tls.authorities = Some(dir.path().join("absent.pem"));
    let absent = send(&request, &endpoint).unwrap_err().to_string();
    assert!(absent.contains("absent.pem"), "{absent}");
}

#[test]
fn nobody_waits_for_a_receiver_that_hangs() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let mut endpoint = endpoint(url.clone(), protocol);
        endpoint.timeout = Duration::from_millis(300);
        let hangs = send(&trace(&build(), None, &[]), &endpoint).unwrap_err();
        assert!(matches!(&hangs, OtlpError::Network { .. }), "{hangs}");
    }
}

/// A receiver for gRPC.
struct Receiver(Arc<Mutex<Vec<(String, ExportTraceServiceRequest)>>>);

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        let token = request.metadata().get("authorization").unwrap().to_str().unwrap().to_owned();
        self.0.lock().unwrap().push((token, request.into_inner()));
        Ok(tonic::Response::new(ExportTraceServiceResponse::default()))
    }
}

#[test]
fn a_grpc_receiver_gets_the_same_trace() {
    let received = Arc::new(Mutex::new(vec![]));
    let service = TraceServiceServer::new(Receiver(Arc::clone(&received)))
        .accept_compressed(tonic::codec::CompressionEncoding::Gzip);
    let dir = tempfile::tempdir().unwrap();
    let (trusted, server) = of_the_bank(dir.path());
    let identity = tonic::transport::Identity::from_pem(server.cert_pem, server.key_pem);
    let tls = tonic::transport::ServerTlsConfig::new().identity(identity);
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(
                tonic::transport::Server::builder()
                    .tls_config(tls)
                    .unwrap()
                    .add_service(service)
                    .serve(address),
            )
            .unwrap();
    });
    let request = trace(&build(), None, &[]);
    let mut endpoint = endpoint(format!("https://{address}"), Protocol::Grpc);
    endpoint.tls = trusted;
    endpoint.gzip = true;
    let until = std::time::Instant::now() + Duration::from_secs(20);
    // The server needs a moment to listen.
    while let Err(err) = send(&request, &endpoint) {
        assert!(std::time::Instant::now() < until, "{err}");
        std::thread::sleep(Duration::from_millis(20));
    }
    let received = received.lock().unwrap();
    assert_eq!((received[0].0.as_str(), &received[0].1), ("Bearer x", &request));
}
