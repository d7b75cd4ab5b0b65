//! TCP connections and HTTP requests, each within a limit, name look-up included.

use crate::{Connection, HttpAnswer, SystemError};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::{LazyLock, mpsc};
use std::time::{Duration, Instant};

/// As much as is kept of a body.
const BODY_LIMIT: u64 = 64 << 10;

pub(super) fn connect(address: &str, limit: Duration) -> Result<Box<dyn Connection>, SystemError> {
    let deadline = Instant::now() + limit;
    let left = || match deadline.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(SystemError::TimedOut(limit)),
        left => Ok(left),
    };
    let mut last = SystemError::NotFound(format!("an address of {address}"));
    for candidate in resolve(address, left()?)? {
        match TcpStream::connect_timeout(&candidate, left()?) {
            Ok(stream) => {
                let left = Some(left()?);
                stream
                    .set_read_timeout(left)
                    .and_then(|()| stream.set_write_timeout(left))
                    .map_err(|err| SystemError::of_io(address, &err))?;
                return Ok(Box::new(stream));
            }
            Err(err) if err.kind() == std::io::ErrorKind::TimedOut => {
                last = SystemError::TimedOut(limit);
            }
            Err(err) => last = SystemError::Failed(format!("{address}: {err}")),
        }
    }
    Err(last)
}

/// The system's resolver knows no limit, so it works on a thread that we stop waiting for.
fn resolve(address: &str, limit: Duration) -> Result<Vec<SocketAddr>, SystemError> {
    let (send, receive) = mpsc::channel();
    let wanted = address.to_owned();
    std::thread::spawn(move || {
        // The receiver may have given up: then nobody wants the answer.
        let _ = send.send(wanted.to_socket_addrs().map(Iterator::collect::<Vec<_>>));
    });
    match receive.recv_timeout(limit) {
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(err)) => Err(SystemError::Failed(format!("{address}: {err}"))),
        Err(_) => Err(SystemError::TimedOut(limit)),
    }
}

pub(super) fn http_get(url: &str, limit: Duration) -> Result<HttpAnswer, SystemError> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // A reachability item asks the host it names, whatever HTTP_PROXY says.
        .proxy(None)
        .user_agent(concat!("goward/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let answer = agent.get(url).call().map_err(|err| match err {
        ureq::Error::Timeout(_) => SystemError::TimedOut(limit),
        other => SystemError::Failed(format!("{url}: {other}")),
    })?;
    let status = answer.status().as_u16();
    let mut bytes = vec![];
    let mut body = std::io::Read::take(answer.into_body().into_reader(), BODY_LIMIT);
    std::io::Read::read_to_end(&mut body, &mut bytes)
        .map_err(|err| SystemError::Failed(format!("{url}: {err}")))?;
    Ok(HttpAnswer { status, body: String::from_utf8_lossy(&bytes).into_owned() })
}

/// Keeps connections open between downloads: a checksum database is asked a thousand times.
static DOWNLOADS: LazyLock<ureq::Agent> = LazyLock::new(|| {
    let roots = ureq::tls::RootCerts::PlatformVerifier;
    let config = ureq::Agent::config_builder()
        .max_idle_connections_per_host(32)
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build())
        .user_agent(concat!("goward/", env!("CARGO_PKG_VERSION")))
        .build();
    let connector = ureq::unversioned::transport::DefaultConnector::default();
    ureq::Agent::with_parts(config, connector, super::resolve::Remembering::default())
});

/// A URL as it may be shown: without the password that a GOPROXY may hold.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => {
            let name = user.split(':').next().unwrap_or_default();
            let after = rest.get(user.len()..).unwrap_or_default();
            format!("{scheme}://{name}:xxxxx{after}")
        }
        None => url.to_owned(),
    }
}

pub(super) fn download(
    url: &str,
    into: &mut dyn std::io::Write,
    bytes: u64,
    limit: Duration,
) -> Result<(), SystemError> {
    let request = DOWNLOADS.get(url).config().timeout_global(Some(limit)).build();
    let answer = request.call().map_err(|err| match err {
        ureq::Error::Timeout(_) => SystemError::TimedOut(limit),
        // A module proxy says both for what it does not have (Go's GOPROXY protocol).
        ureq::Error::StatusCode(404 | 410) => SystemError::NotFound(shown(url)),
        other => SystemError::Failed(format!("{}: {other}", shown(url))),
    })?;
    let mut body = std::io::Read::take(answer.into_body().into_reader(), bytes.saturating_add(1));
    let read = std::io::copy(&mut body, into).map_err(|err| match err.kind() {
        std::io::ErrorKind::TimedOut => SystemError::TimedOut(limit),
        _ => SystemError::Failed(format!("{}: {err}", shown(url))),
    })?;
    if read > bytes {
        return Err(SystemError::TooLarge { path: shown(url), limit: bytes });
    }
    Ok(())
}
