//! The cache behind HTTP: `GET` and `PUT` of `/v1/entry/<action>` and `/v1/object/<output>`.
//!
//! It is not believed, and it may not hold up a build: every request has a limit, no redirect is followed, nothing
//! longer than was signed is read, and after three failures or slow answers in a row it is left alone.

use crate::{Event, Listener, MAX_SIGNED};
use gocache::Id;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// For a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// For an entry, all in all.
const ENTRY: Duration = Duration::from_secs(4);
/// An entry that takes longer is a strike: a build asks thousands of times.
const SLOW: Duration = Duration::from_secs(1);
/// For an object: this, and time for its bytes at the rate below.
const OBJECT: Duration = Duration::from_secs(5);
/// In bytes a second; what is slower is built faster.
const RATE: u64 = 1 << 20;
/// So many in a row, and it is left alone.
const STRIKES: u32 = 3;
const CHUNK: usize = 64 << 10;

/// A bearer token; printed nowhere.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// From a variable or file, without the white space around it.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        // RFC 6750, 2.1, taken loosely: what may stand in a header.
        let good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        good.then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

/// Why there can be no such remote.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Not a URL of HTTP.
    #[error("{0} is no address that begins with https:// or http://")]
    Scheme(String),
    /// It holds a password, which would be seen in process lists.
    #[error("the address holds a user name or password: put the token into a file or variable")]
    Userinfo,
    /// The token could be read on the way.
    #[error("a token would be sent to {0} in the clear: use https://, or say --plain-http")]
    Plain(String),
}

/// A remote cache.
pub struct Remote {
    agent: ureq::Agent,
    base: String,
    token: Option<Token>,
    strikes: AtomicU32,
    off: AtomicBool,
}

/// What came of an object.
pub(crate) enum Fetched {
    /// As much as was there, up to one byte more than was wanted.
    Body,
    /// It is not there, or the remote is away.
    Absent,
}

impl Remote {
    /// One at this address. A token over plain HTTP goes to this machine only, unless `plain`.
    ///
    /// # Errors
    /// See [`RemoteError`].
    pub fn new(url: &str, token: Option<Token>, plain: bool) -> Result<Self, RemoteError> {
        let base = url.trim_end_matches('/').to_owned();
        let http = base.strip_prefix("http://");
        let rest = base.strip_prefix("https://").or(http);
        let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
        let authority = authority.filter(|authority| !authority.is_empty());
        let Some(authority) = authority else { return Err(RemoteError::Scheme(base)) };
        if authority.contains('@') {
            return Err(RemoteError::Userinfo);
        }
        if http.is_some() && token.is_some() && !plain && !is_here(authority) {
            return Err(RemoteError::Plain(authority.to_owned()));
        }
        let roots = ureq::tls::RootCerts::PlatformVerifier;
        // As Go does: no proxy stands before this machine itself.
        let proxy = if is_here(authority) { None } else { ureq::Proxy::try_from_env() };
        let agent = ureq::Agent::config_builder()
            .proxy(proxy)
            .timeout_connect(Some(CONNECT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections_per_host(32)
            .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build())
            .user_agent(concat!("goward/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let (strikes, off) = (AtomicU32::new(0), AtomicBool::new(false));
        Ok(Self { agent, base, token, strikes, off })
    }

    /// Whether it is left alone.
    pub(crate) fn is_off(&self) -> bool {
        self.off.load(Ordering::Relaxed)
    }

    /// The bytes kept as an action's entry; a byte more than an entry has shows that it is too long.
    pub(crate) fn entry(&self, action: &Id, listener: &Listener) -> Option<Vec<u8>> {
        if self.is_off() {
            return None;
        }
        let begun = Instant::now();
        let mut bytes = vec![];
        let got = self.get(&entry_path(action), ENTRY, MAX_SIGNED as u64, &mut |part| {
            bytes.extend_from_slice(part);
        });
        let took = begun.elapsed();
        match &got {
            Err(why) => self.strike(why.clone(), listener),
            Ok(_) if took > SLOW => {
                self.strike(format!("it took {:.1} s for an entry", took.as_secs_f64()), listener);
            }
            Ok(_) => self.strikes.store(0, Ordering::Relaxed),
        }
        (got == Ok(true)).then_some(bytes)
    }

    /// An object of this size, piece by piece.
    pub(crate) fn object(
        &self,
        output: &Id,
        size: u64,
        each: &mut dyn FnMut(&[u8]),
        listener: &Listener,
    ) -> Fetched {
        if self.is_off() {
            return Fetched::Absent;
        }
        match self.get(&object_path(output), limit(size), size, each) {
            Ok(true) => Fetched::Body,
            Ok(false) => Fetched::Absent,
            Err(why) => {
                self.strike(why, listener);
                Fetched::Absent
            }
        }
    }

    /// Whether it is there. No more than one byte over `size` is read.
    fn get(
        &self,
        path: &str,
        limit: Duration,
        size: u64,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, String> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = request.config().timeout_global(Some(limit)).build();
        let answer = self.signed(request).call().map_err(|err| err.to_string())?;
        match answer.status().as_u16() {
            200 => {}
            // As module proxies say it, too.
            404 | 410 => return Ok(false),
            status => return Err(refused(status)),
        }
        let mut body = answer.into_body().into_reader().take(size.saturating_add(1));
        let mut buffer = vec![0; CHUNK];
        loop {
            match body.read(&mut buffer) {
                Ok(0) => return Ok(true),
                Ok(read) => each(buffer.get(..read).unwrap_or_default()),
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => return Err(err.to_string()),
            }
        }
    }

    fn signed<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {}", token.0)),
            None => request,
        }
    }

    /// Sends an object and then its entry, so that nobody reads an entry without its object.
    pub(crate) fn put(
        &self,
        output: &Id,
        object: &Path,
        action: &Id,
        entry: &str,
        listener: &Listener,
    ) -> Result<(), String> {
        let file = File::open(object).map_err(|err| err.to_string())?;
        let size = file.metadata().map_err(|err| err.to_string())?.len();
        let send = || {
            let request = self.agent.put(format!("{}{}", self.base, object_path(output)));
            let request = request.config().timeout_global(Some(limit(size))).build();
            taken(self.signed(request).send(file))?;
            let request = self.agent.put(format!("{}{}", self.base, entry_path(action)));
            let request = request.config().timeout_global(Some(ENTRY)).build();
            taken(self.signed(request).send(entry))
        };
        let sent = send();
        match &sent {
            Ok(()) => self.strikes.store(0, Ordering::Relaxed),
            // A full store can be read all the same.
            Err(why) if why == &refused(507) => {}
            Err(why) => self.strike(why.clone(), listener),
        }
        sent
    }

    fn strike(&self, why: String, listener: &Listener) {
        let strikes = self.strikes.fetch_add(1, Ordering::Relaxed) + 1;
        let hopeless = why == refused(401) || why == refused(403);
        if (strikes >= STRIKES || hopeless) && !self.off.swap(true, Ordering::Relaxed) {
            listener(Event::RemoteOff { why });
        }
    }
}

fn taken(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<(), String> {
    let mut answer = answer.map_err(|err| err.to_string())?;
    let status = answer.status().as_u16();
    // Read to its end, so that the connection can be used again.
    let _ = answer.body_mut().with_config().limit(4096).read_to_vec();
    if (200..300).contains(&status) { Ok(()) } else { Err(refused(status)) }
}

fn refused(status: u16) -> String {
    match status {
        300..=399 => format!("HTTP {status}: redirects are not followed"),
        401 | 403 => format!("HTTP {status}: the token is not taken"),
        507 => format!("HTTP {status}: its disk is full"),
        _ => format!("HTTP {status}"),
    }
}

/// Paths below the remote's address.
pub(crate) fn entry_path(action: &Id) -> String {
    format!("/v1/entry/{action}")
}

/// The same of an object.
pub(crate) fn object_path(output: &Id) -> String {
    format!("/v1/object/{output}")
}

fn limit(size: u64) -> Duration {
    OBJECT + Duration::from_secs(size / RATE)
}

/// Whether a host is this machine; names are not resolved.
fn is_here(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_this_machine_or_over_tls() {
        let token = || Token::new("secret\n");
        let refused = |url, plain| Remote::new(url, token(), plain).is_err();
        assert!(!refused("https://cache.example.com/", false));
        assert!(!refused("http://127.0.0.1:8080", false));
        assert!(!refused("http://[::1]:8080", false));
        assert!(refused("http://cache.example.com", false));
        assert!(!refused("http://cache.example.com", true));
        assert!(refused("http://127.0.0.1.example.com", false));
        assert!(refused("https://user:pw@cache.example.com", false));
        assert!(refused("ftp://cache.example.com", false) && refused("https://", false));
        assert!(Token::new(" \n").is_none() && Token::new("a b").is_none());
    }
}
