//! Where the collector is and how to speak to it, as OpenTelemetry's environment variables say.

use super::OtlpError;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The specification's own (`OTEL_EXPORTER_OTLP_TIMEOUT`).
const TIMEOUT: Duration = Duration::from_secs(10);

/// More is no certificate.
const MAX_PEM: u64 = 4 << 20;

/// How it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// gRPC.
    Grpc,
    /// Protobuf over HTTP.
    HttpProtobuf,
    /// JSON over HTTP.
    HttpJson,
}

/// A collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// For HTTP with the path, for gRPC without.
    pub url: String,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Names and values that go with each request: tokens, most often.
    pub headers: Vec<(String, String)>,
    /// No longer.
    pub timeout: Duration,
    /// Whether what is sent is packed (`OTEL_EXPORTER_OTLP_COMPRESSION`).
    pub gzip: bool,
    /// Whom it trusts, and who it says it is.
    pub tls: TlsFiles,
}

/// The PEM files of `OTEL_EXPORTER_OTLP_CERTIFICATE`, `…_CLIENT_CERTIFICATE` and `…_CLIENT_KEY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate authorities in place of the machine's.
    pub authorities: Option<PathBuf>,
    /// The client's own certificate and its key.
    pub client: Option<(PathBuf, PathBuf)>,
}

/// What they hold.
pub(super) struct Tls {
    pub(super) authorities: Option<Vec<u8>>,
    pub(super) client: Option<(Vec<u8>, Vec<u8>)>,
}

impl TlsFiles {
    pub(super) fn read(&self) -> Result<Tls, OtlpError> {
        let authorities = self.authorities.as_deref().map(pem).transpose()?;
        let client = match &self.client {
            Some((chain, key)) => Some((pem(chain)?, pem(key)?)),
            None => None,
        };
        Ok(Tls { authorities, client })
    }
}

fn pem(file: &Path) -> Result<Vec<u8>, OtlpError> {
    let mut text = vec![];
    let open = std::fs::File::open(file);
    let read = open.and_then(|it| it.take(MAX_PEM).read_to_end(&mut text));
    read.map_err(|err| OtlpError::Setting(format!("{}: {err}", file.display())))?;
    let begun = text.windows(11).any(|it| it == b"-----BEGIN ");
    let wrong = || OtlpError::Setting(format!("{}: it is no PEM file", file.display()));
    begun.then_some(text).ok_or_else(wrong)
}

impl Endpoint {
    /// Its address for a message: a name and a password in it are nobody's to read.
    pub(super) fn shown(&self) -> String {
        without_password(&self.url)
    }

    /// The one that `named` or the environment names; none where neither does, or where telemetry is
    /// switched off.
    ///
    /// # Errors
    /// [`OtlpError::Setting`] names the variable.
    pub fn of(
        named: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, OtlpError> {
        let get = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let both = |name: &str| {
            get(&format!("OTEL_EXPORTER_OTLP_TRACES_{name}"))
                .or_else(|| get(&format!("OTEL_EXPORTER_OTLP_{name}")))
        };
        let off = get("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
            || get("OTEL_TRACES_EXPORTER").is_some_and(|value| value == "none");
        if named.is_none() && off {
            return Ok(None);
        }
        let protocol = match both("PROTOCOL").as_deref() {
            None | Some("http/protobuf") => Protocol::HttpProtobuf,
            Some("grpc") => Protocol::Grpc,
            Some("http/json") => Protocol::HttpJson,
            Some(other) => {
                let what = format!(
                    "OTEL_EXPORTER_OTLP_PROTOCOL={other}: write grpc, http/protobuf or http/json"
                );
                return Err(OtlpError::Setting(what));
            }
        };
        let general = named.map(str::to_owned).or_else(|| get("OTEL_EXPORTER_OTLP_ENDPOINT"));
        let exact = get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").filter(|_| named.is_none());
        let Some(url) = exact.clone().or(general) else { return Ok(None) };
        let url = url.trim().trim_end_matches('/').to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(OtlpError::Setting(format!(
                "{}: a collector's address begins with http:// or https://",
                without_password(&url)
            )));
        }
        // Only the variable for traces is the whole address.
        let whole = protocol == Protocol::Grpc || exact.is_some() || url.ends_with("/v1/traces");
        let url = if whole { url } else { url + "/v1/traces" };
        let headers = both("HEADERS")
            .map_or_else(|| Ok(vec![]), |text| pairs("OTEL_EXPORTER_OTLP_HEADERS", &text))?;
        let timeout = match both("TIMEOUT") {
            None => TIMEOUT,
            Some(text) => text.trim().parse().map(Duration::from_millis).map_err(|_| {
                OtlpError::Setting(format!("OTEL_EXPORTER_OTLP_TIMEOUT={text}: write milliseconds"))
            })?,
        };
        let gzip = match both("COMPRESSION").as_deref() {
            None | Some("none") => false,
            Some("gzip") => true,
            Some(other) => {
                let what = format!("OTEL_EXPORTER_OTLP_COMPRESSION={other}: write gzip or none");
                return Err(OtlpError::Setting(what));
            }
        };
        let file = |name| both(name).map(PathBuf::from);
        let client = match (file("CLIENT_CERTIFICATE"), file("CLIENT_KEY")) {
            (Some(chain), Some(key)) => Some((chain, key)),
            (None, None) => None,
            _ => {
                let what = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and …_CLIENT_KEY belong together";
                return Err(OtlpError::Setting(what.to_owned()));
            }
        };
        let tls = TlsFiles { authorities: file("CERTIFICATE"), client };
        Ok(Some(Self { url, protocol, headers, timeout, gzip, tls }))
    }

    /// What the environment says of the service.
    ///
    /// # Errors
    /// [`OtlpError::Setting`] names the variable.
    pub fn resource(
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<(String, String)>, OtlpError> {
        let text = variable("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
        let mut all = pairs("OTEL_RESOURCE_ATTRIBUTES", &text)?;
        if let Some(name) = variable("OTEL_SERVICE_NAME").filter(|name| !name.is_empty()) {
            all.retain(|(key, _)| key != "service.name");
            all.push(("service.name".to_owned(), name));
        }
        Ok(all)
    }
}

fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let Some((_, host)) = host.rsplit_once('@') else { return url.to_owned() };
    let between = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{between}{host}{path}")
}

/// `name=value,name=value` with percent escapes, as W3C baggage has it.
fn pairs(variable: &str, text: &str) -> Result<Vec<(String, String)>, OtlpError> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_owned(), decode(value.trim())?))
    };
    // The value may be a token: it is not said.
    let wrong = || OtlpError::Setting(format!("{variable} is no list of name=value,name=value"));
    parts.map(|part| pair(part).ok_or_else(wrong)).collect()
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(named: Option<&str>, variables: &[(&str, &str)]) -> Result<Option<Endpoint>, OtlpError> {
        let get = |name: &str| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Endpoint::of(named, &get)
    }

    #[test]
    fn the_environment_means_what_the_specification_says() {
        assert_eq!(of(None, &[]).unwrap(), None);
        let general = of(None, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c.example.com:4318/")])
            .unwrap()
            .unwrap();
        assert_eq!(general.url, "http://c.example.com:4318/v1/traces");
        assert_eq!(general.protocol, Protocol::HttpProtobuf);
        let exact = of(None, &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://c.example.com/in")])
            .unwrap()
            .unwrap();
        assert_eq!(exact.url, "https://c.example.com/in");
        let grpc = of(
            Some("http://c.example.com:4317"),
            &[
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x,a=b"),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", "2500"),
            ],
        );
        let grpc = grpc.unwrap().unwrap();
        assert_eq!(grpc.url, "http://c.example.com:4317");
        assert_eq!(grpc.headers[0], ("authorization".to_owned(), "Bearer x".to_owned()));
        assert_eq!(grpc.timeout, Duration::from_millis(2500));
        let bank = of(
            Some("https://c.example.com"),
            &[
                ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/etc/bank/ca.pem"),
                ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/etc/bank/ci.pem"),
                ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/etc/bank/ci.key"),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ],
        );
        let bank = bank.unwrap().unwrap();
        assert!(bank.gzip);
        assert_eq!(bank.tls.authorities, Some("/etc/bank/ca.pem".into()));
        assert_eq!(bank.tls.client, Some(("/etc/bank/ci.pem".into(), "/etc/bank/ci.key".into())));
        let off = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c.example.com"),
            ("OTEL_SDK_DISABLED", "true"),
        ];
        assert_eq!(of(None, &off).unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_named_and_no_token_is_said() {
        for variables in [
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "c.example.com"), ("X", "")],
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://u:secret@c.example.com"), ("X", "")],
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "u:secret@c"), ("X", "")],
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
            ],
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
                ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/x"),
            ],
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke")],
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon")],
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "secret%zz"),
            ],
        ] {
            let err = of(None, &variables).unwrap_err().to_string();
            assert!(!err.contains("secret"), "{err}");
        }
        let named = of(Some("https://u:secret@c.example.com:4318"), &[]).unwrap().unwrap();
        assert_eq!(named.shown(), "https://c.example.com:4318/v1/traces");
    }
}
