//! `postgres` and `postgres-ping`: logs in, and asks (PostgreSQL frontend/backend protocol 3.0).
//! No TLS: a server that insists on it says so, and that is the finding.

use super::address::Address;
use super::{Answer, Evidence, broken, refused};
use crate::ProbeError;
use goward_model::Text;
use goward_system::{Connection, System};
use postgres_protocol::authentication::{md5_hash, sasl};
use postgres_protocol::message::{backend, frontend};
use std::io;
use std::time::Duration;

/// A login needs a dozen messages; a peer that sends thousands is no PostgreSQL.
const MAX_MESSAGES: usize = 1000;
/// The largest message we read.
const MAX_MESSAGE: usize = 1 << 20;

pub(super) fn connect(
    url: &str,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    talk(url, system, limit, None)
}

pub(super) fn ping(
    url: &str,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    talk(url, system, limit, Some("SELECT 1"))
}

fn talk(
    url: &str,
    system: &dyn System,
    limit: Duration,
    query: Option<&str>,
) -> Result<Evidence, ProbeError> {
    let address = Address::parse(url, &["postgres", "postgresql"], 5432)?;
    let connection = match system.connect(&address.host, limit) {
        Ok(connection) => connection,
        Err(err) => return refused(err),
    };
    let mut session = Session { connection, input: bytes::BytesMut::new() };
    let result = session.login(&address).and_then(|()| match query {
        Some(query) => session.ask(query),
        None => Ok(()),
    });
    match result {
        Ok(()) => {
            session.farewell();
            Ok(Evidence::Answer(Answer::default()))
        }
        Err(Failure::Said(why)) => {
            Ok(Evidence::Refused(Text::same(format!("{}: {why}", address.host))))
        }
        Err(Failure::Io(err)) => broken(&address.host, &err, limit),
    }
}

/// Why a session did not get where it should.
enum Failure {
    /// The server said so, or spoke another protocol.
    Said(String),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(err: io::Error) -> Self {
        match err.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Said(format!("does not speak PostgreSQL: {err}"))
            }
            _ => Self::Io(err),
        }
    }
}

struct Session {
    connection: Box<dyn Connection>,
    input: bytes::BytesMut,
}

impl Session {
    fn login(&mut self, address: &Address) -> Result<(), Failure> {
        use backend::Message;
        let user = address.user.as_deref().unwrap_or("postgres");
        let password = address.password.as_deref().unwrap_or_default().as_bytes();
        let name = address.name.as_deref().unwrap_or(user);
        let parameters = [("user", user), ("database", name), ("application_name", "goward")];
        self.send(|out| frontend::startup_message(parameters, out))?;
        let mut scram = None;
        for _ in 0..MAX_MESSAGES {
            match self.receive()? {
                Message::AuthenticationOk => {}
                Message::AuthenticationCleartextPassword => {
                    self.send(|out| frontend::password_message(password, out))?;
                }
                Message::AuthenticationMd5Password(body) => {
                    let hash = md5_hash(user.as_bytes(), password, body.salt());
                    self.send(|out| frontend::password_message(hash.as_bytes(), out))?;
                }
                Message::AuthenticationSasl(_) => {
                    let binding = sasl::ChannelBinding::unsupported();
                    let client = sasl::ScramSha256::new(password, binding);
                    let first = client.message().to_vec();
                    self.send(|out| {
                        frontend::sasl_initial_response(sasl::SCRAM_SHA_256, &first, out)
                    })?;
                    scram = Some(client);
                }
                Message::AuthenticationSaslContinue(body) => {
                    let Some(client) = &mut scram else { return Err(out_of_turn()) };
                    client.update(body.data())?;
                    let answer = client.message().to_vec();
                    self.send(|out| frontend::sasl_response(&answer, out))?;
                }
                Message::AuthenticationSaslFinal(body) => {
                    let Some(client) = &mut scram else { return Err(out_of_turn()) };
                    client.finish(body.data())?;
                }
                Message::ReadyForQuery(_) => return Ok(()),
                Message::ErrorResponse(body) => return Err(said(&body)),
                _ => {}
            }
        }
        Err(out_of_turn())
    }

    fn ask(&mut self, query: &str) -> Result<(), Failure> {
        self.send(|out| frontend::query(query, out))?;
        let mut rows = 0;
        for _ in 0..MAX_MESSAGES {
            match self.receive()? {
                backend::Message::DataRow(_) => rows += 1,
                backend::Message::ErrorResponse(body) => return Err(said(&body)),
                backend::Message::ReadyForQuery(_) if rows == 1 => return Ok(()),
                backend::Message::ReadyForQuery(_) => break,
                _ => {}
            }
        }
        Err(Failure::Said(format!("{query} gave no row")))
    }

    /// So that the server logs no broken connection; if it is gone already, all the better.
    fn farewell(&mut self) {
        let mut out = bytes::BytesMut::new();
        frontend::terminate(&mut out);
        let _ = self.connection.write_all(&out);
    }

    fn send(
        &mut self,
        write: impl FnOnce(&mut bytes::BytesMut) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = bytes::BytesMut::new();
        write(&mut out)?;
        Ok(self.connection.write_all(&out)?)
    }

    fn receive(&mut self) -> Result<backend::Message, Failure> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(message) = backend::Message::parse(&mut self.input)? {
                return Ok(message);
            }
            if self.input.len() > MAX_MESSAGE {
                return Err(Failure::Said("sent a message of over 1 MiB".into()));
            }
            match self.connection.read(&mut chunk)? {
                0 => return Err(Failure::Io(io::ErrorKind::UnexpectedEof.into())),
                n => self.input.extend_from_slice(&chunk[..n]),
            }
        }
    }
}

fn out_of_turn() -> Failure {
    Failure::Said("the login made no sense".into())
}

/// The server's own words: SQLSTATE and message.
fn said(body: &backend::ErrorResponseBody) -> Failure {
    use fallible_iterator::FallibleIterator as _;
    let (mut code, mut message) = (String::new(), String::new());
    let mut fields = body.fields();
    while let Ok(Some(field)) = fields.next() {
        let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'C' => code = value,
            b'M' => message = value,
            _ => {}
        }
    }
    Failure::Said(format!("{message} (SQLSTATE {code})"))
}
