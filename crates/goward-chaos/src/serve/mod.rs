//! A server on loopback that misbehaves: threads, bounded requests, and an end with its owner.

mod http;
mod proxy;
mod sumdb;
mod tls;

pub(crate) use proxy::{Honest, proxy};
pub(crate) use sumdb::Database;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A connection without a word is closed after this.
const PATIENCE: Duration = Duration::from_secs(30);
/// More connections at once are closed.
const MAX_CONNECTIONS: usize = 64;
/// How often the end is looked for.
const TICK: Duration = Duration::from_millis(10);

/// What a request gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This status and body.
    Body(u16, Vec<u8>),
    /// A byte every 100 ms of what would be the body.
    Drip(Vec<u8>),
    /// Nothing, and the connection stays open.
    Stall,
    /// Some bytes of what would be the body, then a reset.
    Reset(Vec<u8>),
}

/// What a connection is like before there is a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// HTTP in the clear.
    Plain,
    /// TLS with a certificate that nobody but itself has signed.
    SelfSigned,
    /// A TLS handshake is answered with something else.
    NoTls,
    /// A TLS handshake is never answered.
    Stalled,
}

/// How to answer a path; the number is the attempt at the build.
pub type Respond = dyn Fn(&str, u32) -> (Answer, bool) + Send + Sync;

/// What all threads of a server know.
struct Shared {
    respond: Box<Respond>,
    transport: Transport,
    tls: Option<Arc<rustls::ServerConfig>>,
    stop: AtomicBool,
    attempt: AtomicUsize,
    connections: AtomicUsize,
    strikes: AtomicU64,
    first: Mutex<Option<Instant>>,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn strike(&self) {
        self.strikes.fetch_add(1, Ordering::Relaxed);
        self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
    }

    /// Waits as long as the server lives and `limit` is not over; gives whether it still lives.
    fn wait(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        while !self.stopped() && Instant::now() < until {
            std::thread::sleep(TICK.min(limit));
        }
        !self.stopped()
    }
}

/// A server on a port of its own. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts it. `respond` says what a path gets, and whether that is the fault.
    ///
    /// # Errors
    /// There is no port, or no certificate can be made.
    pub fn start(transport: Transport, respond: Box<Respond>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let tls = (transport == Transport::SelfSigned).then(tls::self_signed).transpose()?;
        let shared = Arc::new(Shared {
            respond,
            transport,
            tls,
            stop: AtomicBool::new(false),
            attempt: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            strikes: AtomicU64::new(0),
            first: Mutex::new(None),
        });
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &ours));
        Ok(Self { address, shared })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        let scheme = if self.shared.transport == Transport::Plain { "http" } else { "https" };
        format!("{scheme}://{}", self.address)
    }

    /// Another attempt at the build begins: chance is asked anew, strikes are counted anew.
    pub fn attempt(&self, number: u32) {
        self.shared.attempt.store(number as usize, Ordering::Relaxed);
        self.shared.strikes.store(0, Ordering::Relaxed);
        *self.shared.first.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How often the fault struck in this attempt, and when first.
    pub fn strikes(&self) -> (u64, Option<Instant>) {
        let first = *self.shared.first.lock().unwrap_or_else(PoisonError::into_inner);
        (self.shared.strikes.load(Ordering::Relaxed), first)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    while !shared.stopped() {
        match listener.accept() {
            Ok((stream, _)) if shared.connections.load(Ordering::Relaxed) < MAX_CONNECTIONS => {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let shared = Arc::clone(shared);
                std::thread::spawn(move || {
                    // A client that has enough of us closes the connection: no error of ours.
                    let _ = connection(stream, &shared);
                    shared.connections.fetch_sub(1, Ordering::Relaxed);
                });
            }
            Ok(_) => {}
            Err(_) => std::thread::sleep(TICK),
        }
    }
}

fn connection(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    use std::io::{Read as _, Write as _};
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match shared.transport {
        Transport::Plain => http::serve(stream, shared),
        Transport::SelfSigned => {
            shared.strike();
            let config = shared.tls.clone().ok_or(io::ErrorKind::InvalidInput)?;
            tls::serve(config, stream)
        }
        Transport::NoTls => {
            shared.strike();
            let _ = stream.read(&mut [0; 512])?;
            stream.write_all(b"220 mail.example.com ESMTP ready\r\n")
        }
        Transport::Stalled => {
            shared.strike();
            shared.wait(Duration::from_secs(600));
            Ok(())
        }
    }
}
