//! Name look-ups that are made once a minute: where a resolver drops questions for IPv6, each
//! costs seconds, and a thousand downloads ask for the same host.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How long an answer is used again: short enough for a daemon to follow a host that moves.
const LIFE: Duration = Duration::from_secs(60);

/// Remembers the addresses of each host, and that it has none.
#[derive(Default)]
pub(super) struct Remembering {
    resolver: DefaultResolver,
    hosts: Mutex<HashMap<String, Arc<Mutex<Known>>>>,
}

/// What is known of a host: when it was asked for, and the addresses if it has any.
type Known = Option<(Instant, Option<Vec<SocketAddr>>)>;

impl std::fmt::Debug for Remembering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remembering")
    }
}

impl Resolver for Remembering {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = format!("{:?} {:?}", uri.scheme(), uri.authority());
        let host = Arc::clone(locked(&self.hosts).entry(host).or_default());
        // Held while asking, so that of many requests to a host only the first asks.
        let mut known = locked(&host);
        let addresses = match known.take() {
            Some((asked, addresses)) if asked.elapsed() < LIFE => known.insert((asked, addresses)),
            _ => {
                let found = self.resolver.resolve(uri, config, timeout);
                let found = found.ok().map(|found| found.iter().copied().collect());
                known.insert((Instant::now(), found))
            }
        };
        let Some(addresses) = &addresses.1 else { return Err(ureq::Error::HostNotFound) };
        let mut found = self.empty();
        addresses.iter().for_each(|address| found.push(*address));
        Ok(found)
    }
}

/// What a lock guards: a panic while it was held leaves nothing half done here.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
