//! A store behind HTTP. It believes nobody either: what is put must hash to its name, and where it knows keys an entry
//! must be signed with one of them.

use crate::http::{Head, Method, read_head, write_head};
use crate::{Event, Listener, MAX_OBJECT, MAX_SIGNED, Signed, Store, Token, Trusted};
use gocache::Id;
use sha2::{Digest as _, Sha256};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Connections at once; more are told to come again.
const MAX_CONNECTIONS: usize = 128;
/// How often a connection that waits looks whether it is to stop.
const TICK: Duration = Duration::from_millis(500);
/// How long an answered connection is listened to that should end.
const LINGER: Duration = Duration::from_secs(2);
/// A connection that says nothing for so long is closed.
const IDLE: Duration = Duration::from_secs(60);
/// For a head that has begun, and for each piece of a body.
const PATIENCE: Duration = Duration::from_secs(20);
/// A body must come at this rate at least, in bytes a second, beside the patience.
const RATE: u64 = 64 << 10;
/// How long the end waits for requests that were begun.
const GRACE: Duration = Duration::from_secs(10);
/// How often it looks whether there is something to delete.
const HOUR: Duration = Duration::from_secs(3600);
const CHUNK: usize = 128 << 10;

/// Why a server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Others could come, and there is no token to tell them from friends.
    #[error(
        "{0} can be reached from other machines: name a token (--token-file, --token-env), or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    /// The address cannot be used.
    #[error("listening on {0}: {1}")]
    Bind(SocketAddr, #[source] io::Error),
}

/// Ends a server from elsewhere.
#[derive(Clone, Debug)]
pub struct Stop {
    stop: Arc<AtomicBool>,
    address: SocketAddr,
}

impl Stop {
    /// No new connection is taken, and requests that were begun are finished.
    pub fn now(&self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes who waits for a connection.
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                [127, 0, 0, 1].into()
            } else {
                std::net::Ipv6Addr::LOCALHOST.into()
            });
        }
        let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
    }
}

/// A server.
pub struct Server {
    store: Store,
    trusted: Trusted,
    token: Option<Token>,
    trim_after: Duration,
    listener: TcpListener,
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    busy: AtomicUsize,
}

impl Server {
    /// Begins to listen. Without keys every well-formed entry is kept: who reads it verifies it.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub fn bind(
        address: SocketAddr,
        store: Store,
        trusted: Trusted,
        token: Option<Token>,
        trim_after: Duration,
    ) -> Result<Self, ServerError> {
        if token.is_none() && !address.ip().is_loopback() {
            return Err(ServerError::Open(address));
        }
        let failed = |err| ServerError::Bind(address, err);
        let listener = TcpListener::bind(address).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, busy) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
        Ok(Self { store, trusted, token, trim_after, listener, address, stop, busy })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it.
    pub fn stop(&self) -> Stop {
        Stop { stop: Arc::clone(&self.stop), address: self.address }
    }

    /// Answers until it is stopped.
    pub fn run(self, listener: &Arc<Listener>) {
        let server = Arc::new(self);
        let mut looked = None;
        while !server.is_stopped() {
            let Ok((stream, _)) = server.listener.accept() else {
                // Out of descriptors, most often: what is open must end first.
                std::thread::sleep(Duration::from_millis(50));
                continue;
            };
            if looked.is_none_or(|at: Instant| at.elapsed() > HOUR) {
                looked = Some(Instant::now());
                let (store, unused) = (server.store.clone(), server.trim_after);
                // What is not trimmed now is trimmed in an hour.
                let trim = move || store.trim(unused, SystemTime::now());
                let _ = std::thread::Builder::new().spawn(trim);
            }
            let (server, listener) = (Arc::clone(&server), Arc::clone(listener));
            if server.busy.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
                let _ = stream.set_write_timeout(Some(TICK));
                let _ = write_head(&mut &stream, 503, 0, false);
                server.busy.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let spawned = std::thread::Builder::new().name("cache-connection".into());
            let busy = Arc::clone(&server);
            let spawned = spawned.spawn(move || {
                let _done = Done(&server.busy);
                // A connection that fails is the other side's to open again.
                let _ = server.connection(&stream, &*listener);
            });
            if spawned.is_err() {
                busy.busy.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let deadline = Instant::now() + GRACE;
        while server.busy.load(Ordering::Relaxed) > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn connection(&self, stream: &TcpStream, listener: &Listener) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut from = BufReader::with_capacity(CHUNK, stream);
        loop {
            if !self.wait(stream, &mut from)? {
                return Ok(());
            }
            stream.set_read_timeout(Some(PATIENCE))?;
            let begun = Instant::now();
            let late = || begun.elapsed() > PATIENCE;
            let Some(head) = read_head(&mut from, &late)? else { return Ok(()) };
            let head = match Head::parse(&head) {
                Ok(head) => head,
                Err(status) => return write_head(&mut &*stream, status, 0, false),
            };
            if !self.answer(&head, &mut from, stream, listener)? || !head.keep || self.is_stopped()
            {
                return Ok(());
            }
        }
    }

    /// Until something comes; false where the connection is to end.
    fn wait(&self, stream: &TcpStream, from: &mut BufReader<&TcpStream>) -> io::Result<bool> {
        use io::BufRead as _;
        stream.set_read_timeout(Some(TICK))?;
        let begun = Instant::now();
        loop {
            match from.fill_buf() {
                Ok(buffer) => return Ok(!buffer.is_empty()),
                Err(err) if matches!(err.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if self.is_stopped() || begun.elapsed() > IDLE {
                        return Ok(false);
                    }
                }
                Err(err) if err.kind() == ErrorKind::Interrupted => {}
                Err(err) => return Err(err),
            }
        }
    }

    /// Answers one request; whether the connection can go on.
    fn answer(
        &self,
        head: &Head,
        from: &mut BufReader<&TcpStream>,
        stream: &TcpStream,
        listener: &Listener,
    ) -> io::Result<bool> {
        let mut to = stream;
        let mut say = |status| write_head(&mut to, status, 0, head.keep).map(|()| true);
        if self.token.as_ref().is_some_and(|token| !head.has(token)) {
            return end(stream, 401);
        }
        let place = place(&head.path);
        match (head.method, place) {
            (Method::Other, _) => end(stream, 405),
            (Method::Get | Method::Head, _) if head.length.unwrap_or(0) > 0 => end(stream, 400),
            (Method::Get | Method::Head, Some(place)) => self.get(head, place, stream),
            (Method::Get | Method::Head, None) => say(404),
            (Method::Put, None) => end(stream, 404),
            (Method::Put, Some(place)) => {
                let Some(length) = head.length else { return end(stream, 411) };
                let most =
                    if matches!(place, Place::Entry(_)) { MAX_SIGNED as u64 } else { MAX_OBJECT };
                if length > most {
                    return end(stream, 413);
                }
                if head.expects {
                    (&*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
                }
                let limit = Instant::now() + PATIENCE + Duration::from_secs(length / RATE);
                let mut body = Within { from: from.take(length), limit };
                let status = match place {
                    Place::Entry(action) => self.put_entry(&action, &mut body, listener)?,
                    Place::Object(output) => {
                        self.put_object(&output, length, &mut body, listener)?
                    }
                };
                // What was not read would be taken for the next request.
                if body.from.limit() > 0 {
                    return end(stream, status);
                }
                say(status)
            }
        }
    }

    fn get(&self, head: &Head, place: Place, mut to: &TcpStream) -> io::Result<bool> {
        let opened = match place {
            Place::Entry(action) => gocache::open_regular(&self.store.path(&action, 's')),
            Place::Object(output) => self.store.object(&output),
        };
        let Ok((file, found)) = opened else {
            return write_head(&mut to, 404, 0, head.keep).map(|()| true);
        };
        if let Place::Entry(action) = place {
            self.note_use(&action, &file);
        }
        write_head(&mut to, 200, found.len(), head.keep)?;
        if head.method == Method::Get {
            let sent = io::copy(&mut file.take(found.len()), &mut to)?;
            return Ok(sent == found.len());
        }
        Ok(true)
    }

    /// Of an entry and its object.
    fn note_use(&self, action: &Id, entry: &std::fs::File) {
        let Ok((bytes, ..)) = self.store.entry(action) else { return };
        let Ok(signed) = Signed::parse(&bytes) else { return };
        if let Ok((object, _)) = self.store.object(&signed.statement.output) {
            self.store.note_use(action, [entry, &object], SystemTime::now());
        }
    }

    fn put_entry(&self, action: &Id, body: &mut impl Read, listener: &Listener) -> io::Result<u16> {
        let mut bytes = vec![];
        body.read_to_end(&mut bytes)?;
        let Some(signed) = Signed::parse(&bytes).ok().filter(|it| it.statement.action == *action)
        else {
            return Ok(422);
        };
        if !self.trusted.is_empty() && self.trusted.check(action, &signed).is_err() {
            return Ok(403);
        }
        Ok(self.kept(self.store.keep_entry(&signed), listener))
    }

    fn put_object(
        &self,
        output: &Id,
        length: u64,
        body: &mut impl Read,
        listener: &Listener,
    ) -> io::Result<u16> {
        let mut file = match self.store.unfinished() {
            Ok(file) => file,
            Err(err) => return Ok(self.kept(Err(err), listener)),
        };
        let (mut hash, mut buffer, mut size) = (Sha256::new(), vec![0; CHUNK], 0_u64);
        loop {
            let read = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(err) if err.kind() == ErrorKind::Interrupted => continue,
                Err(err) => return Err(err),
            };
            let part = buffer.get(..read).unwrap_or_default();
            hash.update(part);
            size += read as u64;
            if let Err(err) = file.write_all(part) {
                return Ok(self.kept(Err(err), listener));
            }
        }
        if size != length || Id(hash.finalize().into()) != *output {
            return Ok(422);
        }
        let kept = self.store.keep_object(file.into_temp_path(), output);
        Ok(self.kept(kept.map(drop).map_err(|(err, _)| err), listener))
    }

    fn kept(&self, kept: io::Result<()>, listener: &Listener) -> u16 {
        match kept {
            Ok(()) => 201,
            Err(err) => {
                listener(Event::NotKept { why: err.to_string() });
                507
            }
        }
    }
}

/// A connection less.
struct Done<'a>(&'a AtomicUsize);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Reads until a moment.
struct Within<R> {
    from: R,
    limit: Instant,
}

impl<R: Read> Read for Within<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.limit {
            return Err(ErrorKind::TimedOut.into());
        }
        self.from.read(buffer)
    }
}

/// Answers, and ends the connection: what follows may be a body that nobody reads.
fn end(mut to: &TcpStream, status: u16) -> io::Result<bool> {
    write_head(&mut to, status, 0, false)?;
    to.shutdown(std::net::Shutdown::Write)?;
    // The other side should read the answer before it hears that nobody listens (RFC 9112, 9.6).
    to.set_read_timeout(Some(TICK))?;
    // Not for long: who sends a byte now and then would keep the place of another.
    let until = Instant::now() + LINGER;
    let mut rest = [0; 4096];
    while Instant::now() < until && matches!(to.read(&mut rest), Ok(1..)) {}
    Ok(false)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Entry(Id),
    Object(Id),
}

/// `/v1/entry/<64 hex>` and `/v1/object/<64 hex>`, in small letters; nothing else is a path here.
fn place(path: &str) -> Option<Place> {
    let (kind, hex) = path.strip_prefix("/v1/")?.split_once('/')?;
    let id = Id::from_hex(hex.as_bytes()).filter(|id| id.to_string() == hex)?;
    match kind {
        "entry" => Some(Place::Entry(id)),
        "object" => Some(Place::Object(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_store() {
        let hex = "ab".repeat(32);
        assert_eq!(place(&format!("/v1/entry/{hex}")), Some(Place::Entry(Id([0xab; 32]))));
        assert_eq!(place(&format!("/v1/object/{hex}")), Some(Place::Object(Id([0xab; 32]))));
        for bad in ["/v1/entry/../../etc/passwd", "/", "/v1/object/", "/v1/x/y"] {
            assert_eq!(place(bad), None);
        }
        assert_eq!(place(&format!("/v1/object/{}", hex.to_uppercase())), None);
        assert_eq!(place(&format!("/v1/object/{hex}?x")), None);
    }
}
