//! The protocol between the go command and a `GOCACHEPROG`: lines of JSON, and bodies as JSON strings in base64.
//!
//! Bounded whoever speaks: a request is at most [`MAX_LINE`] bytes, a body is decoded piece by piece and
//! no more of it is passed on than was announced.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use gocache::Id;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, BufRead, Write};

/// A request in bytes; Go's have about 150.
pub const MAX_LINE: usize = 16 << 10;
/// Encoded bytes that are decoded at once; a multiple of four.
const CHUNK: usize = 64 << 10;

const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// What the go command wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// What did this action make?
    Get {
        /// The request.
        id: i64,
        /// The action.
        action: Id,
    },
    /// This action made this; the body follows unless it is empty: [`read_body`].
    Put {
        /// The request.
        id: i64,
        /// The action.
        action: Id,
        /// The SHA-256 of the body, as it says.
        output: Id,
        /// The size of the body in bytes, as it says.
        size: u64,
    },
    /// Finish.
    Close {
        /// The request.
        id: i64,
    },
    /// A request that cannot be done; its body, if it has one, was read. It must be answered with an error.
    Refused {
        /// The request.
        id: i64,
        /// Why.
        why: &'static str,
    },
}

/// Why the other side cannot be understood any more.
#[derive(Debug, thiserror::Error)]
pub enum ProtocolError {
    /// Reading failed.
    #[error("reading a request: {0}")]
    Io(#[from] io::Error),
    /// It ended within a request.
    #[error("the input ended within a request")]
    Half,
    /// Too long.
    #[error("a request of more than {MAX_LINE} bytes")]
    Long,
    /// Not JSON, or not that of a request.
    #[error("no request of the protocol: {0}")]
    Form(serde_json::Error),
    /// A body that is no string.
    #[error("a body that does not begin with a quotation mark")]
    Body,
    /// A body that does not end.
    #[error("a body that is longer than announced")]
    Endless,
}

/// `cmd/go/internal/cacheprog.Request`. Go 1.24 still fills `ObjectID`, and it is not needed.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(rename = "ID")]
    id: i64,
    #[serde(rename = "Command", borrow)]
    command: Cow<'a, str>,
    #[serde(rename = "ActionID", borrow)]
    action: Option<Cow<'a, str>>,
    #[serde(rename = "OutputID", borrow)]
    output: Option<Cow<'a, str>>,
    #[serde(rename = "BodySize", default)]
    size: i64,
}

/// `cmd/go/internal/cacheprog.Response`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    /// The request that is answered; 0 for the first words.
    #[serde(rename = "ID")]
    pub id: i64,
    /// Why it could not be done.
    #[serde(rename = "Err", skip_serializing_if = "Option::is_none")]
    pub err: Option<String>,
    /// What we know to do; in the first words only.
    #[serde(rename = "KnownCommands", skip_serializing_if = "<[_]>::is_empty")]
    pub known: &'static [&'static str],
    /// Nothing is there.
    #[serde(rename = "Miss", skip_serializing_if = "std::ops::Not::not")]
    pub miss: bool,
    /// The output, in base64.
    #[serde(rename = "OutputID", skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Its size in bytes.
    #[serde(rename = "Size", skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When it was made (RFC 3339).
    #[serde(rename = "Time", skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The file that has it.
    #[serde(rename = "DiskPath", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Response {
    /// The first words.
    pub fn hello() -> Self {
        Self { known: &["get", "put", "close"], ..Self::default() }
    }

    /// Nothing is there.
    pub fn miss(id: i64) -> Self {
        Self { id, miss: true, ..Self::default() }
    }

    /// Done.
    pub fn done(id: i64) -> Self {
        Self { id, ..Self::default() }
    }

    /// It could not be done.
    pub fn refused(id: i64, why: impl Into<String>) -> Self {
        Self { id, err: Some(why.into()), ..Self::default() }
    }

    /// An identifier as it is written here.
    pub fn encode(id: &Id) -> String {
        STANDARD.encode(id.0)
    }

    /// Writes it as a line.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        to.write_all(&line)?;
        to.flush()
    }
}

/// Reads the next request, over empty lines; none at the end.
///
/// # Errors
/// See [`ProtocolError`]: after any of them the rest of the input means nothing.
pub fn read_request(from: &mut impl BufRead) -> Result<Option<Request>, ProtocolError> {
    let mut line = vec![];
    loop {
        line.clear();
        let mut bounded = io::Read::take(&mut *from, MAX_LINE as u64 + 1);
        bounded.read_until(b'\n', &mut line)?;
        match line.last() {
            None => return Ok(None),
            Some(b'\n') => {}
            Some(_) if line.len() > MAX_LINE => return Err(ProtocolError::Long),
            Some(_) => return Err(ProtocolError::Half),
        }
        if !line.trim_ascii().is_empty() {
            break;
        }
    }
    let wire: Wire<'_> = serde_json::from_slice(&line).map_err(ProtocolError::Form)?;
    let id = wire.id;
    let refused = |why| Ok(Some(Request::Refused { id, why }));
    let size = u64::try_from(wire.size).ok().filter(|size| *size <= crate::MAX_OBJECT);
    let (action, output) =
        (wire.action.as_deref().and_then(decode), wire.output.as_deref().and_then(decode));
    match (&*wire.command, action, output, size) {
        ("get", Some(action), _, _) => Ok(Some(Request::Get { id, action })),
        ("get", ..) => refused("get without an ActionID of 32 bytes"),
        ("put", Some(action), Some(output), Some(size)) => {
            Ok(Some(Request::Put { id, action, output, size }))
        }
        ("put", _, _, None) => {
            // Whether a body follows nobody knows.
            Err(ProtocolError::Endless)
        }
        ("put", _, _, Some(size)) => {
            read_body(from, size, &mut |_| {})?;
            refused("put without an ActionID and an OutputID of 32 bytes")
        }
        ("close", ..) => Ok(Some(Request::Close { id })),
        _ => {
            if wire.size > 0 {
                read_body(from, size.ok_or(ProtocolError::Endless)?, &mut |_| {})?;
            }
            refused("unknown command")
        }
    }
}

fn decode(text: &str) -> Option<Id> {
    Some(Id(STANDARD.decode(text).ok()?.try_into().ok()?))
}

/// Whether a body is what was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// As long as announced.
    Whole,
    /// So many bytes, fewer than announced.
    Short(u64),
    /// Not base64; it was read to its end.
    NotBase64,
}

/// Reads the body of a put of this size, and passes it on piece by piece. Of an empty one nothing is read.
///
/// # Errors
/// See [`ProtocolError`].
pub fn read_body(
    from: &mut impl BufRead,
    size: u64,
    each: &mut dyn FnMut(&[u8]),
) -> Result<Body, ProtocolError> {
    if size == 0 {
        return Ok(Body::Whole);
    }
    opening(from)?;
    // Four letters for each three bytes that were begun.
    let mut left = size.div_ceil(3) * 4;
    let (mut encoded, mut plain) = (Vec::with_capacity(CHUNK), vec![0; CHUNK]);
    // Padding is the end: nothing may follow it.
    let (mut good, mut padded, mut read) = (true, false, 0);
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Err(ProtocolError::Half);
        }
        let room = buffer.len().min(CHUNK - encoded.len());
        let part = buffer.get(..room).unwrap_or_default();
        let end = part.iter().position(|letter| *letter == b'"');
        let part = part.get(..end.unwrap_or(room)).unwrap_or_default();
        left = left.checked_sub(part.len() as u64).ok_or(ProtocolError::Endless)?;
        encoded.extend_from_slice(part);
        let used = part.len() + usize::from(end.is_some());
        from.consume(used);
        if encoded.len() == CHUNK || end.is_some() {
            good &= !padded || encoded.is_empty();
            match STANDARD.decode_slice(&encoded, &mut plain) {
                Ok(length) if good => {
                    read += length as u64;
                    if read > size {
                        return Err(ProtocolError::Endless);
                    }
                    each(plain.get(..length).unwrap_or_default());
                }
                _ => good = false,
            }
            padded = encoded.last() == Some(&b'=');
            encoded.clear();
        }
        if end.is_some() {
            return Ok(match good {
                false => Body::NotBase64,
                true if read < size => Body::Short(read),
                true => Body::Whole,
            });
        }
    }
}

/// The quotation mark, after white space.
fn opening(from: &mut impl BufRead) -> Result<(), ProtocolError> {
    let mut blanks = 0;
    loop {
        let buffer = from.fill_buf()?;
        let first = *buffer.first().ok_or(ProtocolError::Half)?;
        from.consume(1);
        blanks += 1;
        match first {
            b'"' => return Ok(()),
            b' ' | b'\t' | b'\r' | b'\n' if blanks < MAX_LINE => {}
            _ => return Err(ProtocolError::Body),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn put(body: &[u8], announced: i64) -> Vec<u8> {
        let id = STANDARD.encode([7; 32]);
        let head = format!(
            "{{\"ID\":3,\"Command\":\"put\",\"ActionID\":\"{id}\",\"OutputID\":\"{id}\",\"BodySize\":{announced}}}\n\n"
        );
        format!("{head}\"{}\"\n", STANDARD.encode(body)).into_bytes()
    }

    fn body(text: &str, size: u64) -> Result<(Body, Vec<u8>), ProtocolError> {
        let mut all = vec![];
        let read = read_body(&mut text.as_bytes(), size, &mut |part| all.extend_from_slice(part))?;
        Ok((read, all))
    }

    #[test]
    fn a_body_is_what_was_announced_or_is_refused() {
        assert_eq!(body("\n\"aGk=\"\n", 2).unwrap(), (Body::Whole, b"hi".to_vec()));
        assert_eq!(body("\"aGk=\"", 3).unwrap().0, Body::Short(2));
        assert_eq!(body("\"a?==\"", 3).unwrap().0, Body::NotBase64);
        assert!(matches!(body("\"aGlqa2w=\"", 2), Err(ProtocolError::Endless)));
        assert!(matches!(body("\"aGk=", 2), Err(ProtocolError::Half)));
        assert!(matches!(body("x", 2), Err(ProtocolError::Body)));
    }

    #[test]
    fn what_is_no_request_is_told_apart() {
        let read = |text: &str| read_request(&mut text.as_bytes());
        assert!(read("").unwrap().is_none());
        assert!(read("\n\n").unwrap().is_none());
        assert!(matches!(read("hello\n"), Err(ProtocolError::Form(_))));
        assert!(matches!(read("{\"ID\":1"), Err(ProtocolError::Half)));
        assert!(matches!(read(&"x".repeat(MAX_LINE + 1)), Err(ProtocolError::Long)));
        let unknown = read("{\"ID\":4,\"Command\":\"get2\"}\n").unwrap();
        assert_eq!(unknown, Some(Request::Refused { id: 4, why: "unknown command" }));
        let short = read("{\"ID\":4,\"Command\":\"get\",\"ActionID\":\"aGk=\"}\n").unwrap();
        assert!(matches!(short, Some(Request::Refused { id: 4, .. })));
        let negative = read(&String::from_utf8(put(b"x", -1)).unwrap());
        assert!(matches!(negative, Err(ProtocolError::Endless)));
    }

    #[test]
    fn an_answer_is_what_go_reads() {
        let mut out = vec![];
        Response::hello().write(&mut out).unwrap();
        Response::miss(2).write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "{\"ID\":0,\"KnownCommands\":[\"get\",\"put\",\"close\"]}\n{\"ID\":2,\"Miss\":true}\n"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_body_is_read_however_the_bytes_come(
            bytes in prop::collection::vec(any::<u8>(), 1..150_000),
            buffer in 1usize..9000,
        ) {
            let text = put(&bytes, i64::try_from(bytes.len()).unwrap());
            let mut from = io::BufReader::with_capacity(buffer, &text[..]);
            let request = read_request(&mut from).unwrap().unwrap();
            let Request::Put { size, .. } = request else { panic!("{request:?}") };
            let mut all = vec![];
            let read = read_body(&mut from, size, &mut |part| all.extend_from_slice(part)).unwrap();
            prop_assert_eq!(read, Body::Whole);
            prop_assert_eq!(all, bytes);
            prop_assert!(read_request(&mut from).unwrap().is_none());
        }

    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_or_pass_on_more(
            bytes in prop::collection::vec(any::<u8>(), 0..600),
            announced in 0i64..700,
            cut in 0usize..900,
        ) {
            let mut text = put(&bytes, announced);
            text.truncate(cut);
            let mut from = &text[..];
            while let Ok(Some(request)) = read_request(&mut from) {
                let Request::Put { size, .. } = request else { continue };
                let mut seen = 0;
                let read = read_body(&mut from, size, &mut |part| seen += part.len() as u64);
                prop_assert!(seen <= size);
                if read.is_err() { break }
            }
        }
    }
}
