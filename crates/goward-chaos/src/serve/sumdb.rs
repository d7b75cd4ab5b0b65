//! A checksum database on loopback, with a key that exists only for this run.

use super::{Answer, Respond, Server, Transport};
use crate::Sumdb;
use crate::modules::Published;
use gosumdb::testkit::{Log, Signer};
use std::io;

/// The name in its key. No host of that name is asked: GOSUMDB holds the address.
const NAME: &str = "sum.example.com";
/// The seeds of its keys. They protect nothing.
const KEY: [u8; 32] = [7; 32];
/// Another key of the same name.
const FORGED: [u8; 32] = [8; 32];

/// A database and what `GOSUMDB` must be for the go command to ask it.
pub(crate) struct Database {
    pub(crate) server: Server,
    pub(crate) gosumdb: String,
}

impl Database {
    /// Starts a database that misbehaves about a module.
    pub(crate) fn start(how: Sumdb, module: &Published) -> io::Result<Self> {
        let signer = Signer::new(NAME, KEY).map_err(io::Error::other)?;
        let signing =
            if how == Sumdb::Forged { Signer::new(NAME, FORGED) } else { Signer::new(NAME, KEY) };
        let signing = signing.map_err(io::Error::other)?;
        let mut log = Log::default();
        let mut add = |path: &str, version: &str, text: &str| {
            log.add(path, version, text).map(drop).map_err(io::Error::other)
        };
        add("example.com/other", "v1.0.0", "example.com/other v1.0.0 h1:x=\n")?;
        let sum = if how == Sumdb::OtherSum {
            crate::modules::tampered().sum
        } else {
            module.sum.clone()
        };
        if how != Sumdb::Missing {
            add(&module.path, &module.version, &sum)?;
        }
        let signed = log.signed(log.size(), &signing).map_err(io::Error::other)?;
        let respond: Box<Respond> = Box::new(move |path, _| {
            log.answer(path, log.size(), &signed).map_or_else(
                || (Answer::Body(404, b"not found\n".to_vec()), true),
                |body| (Answer::Body(200, body), true),
            )
        });
        let server = Server::start(Transport::Plain, respond)?;
        let gosumdb = format!("{} {}", signer.vkey(), server.url());
        Ok(Self { server, gosumdb })
    }
}
