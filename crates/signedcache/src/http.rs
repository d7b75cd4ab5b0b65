//! As much of HTTP/1.1 as the server needs: a head with a length or none, within bounds.

use crate::Token;
use sha2::{Digest as _, Sha256};
use std::io::{self, BufRead, Write};
use subtle::ConstantTimeEq as _;

/// A head in bytes.
pub(crate) const MAX_HEAD: usize = 16 << 10;
/// Headers in a head.
const MAX_HEADERS: usize = 64;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `PUT`.
    Put,
    /// Anything else.
    Other,
}

/// The head of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What is asked.
    pub method: Method,
    /// The path, as it came.
    pub path: String,
    /// The length of the body, if one was given.
    pub length: Option<u64>,
    /// Whether the connection goes on.
    pub keep: bool,
    /// Whether the other side waits to be told to go on (`Expect: 100-continue`).
    pub expects: bool,
    token: Option<String>,
}

impl Head {
    /// Reads a head that ends with an empty line.
    ///
    /// # Errors
    /// The status to answer with. Whatever two readers could understand in two ways is refused: a body that is not
    /// announced by exactly one length (RFC 9112, 6.3 and 11.2).
    pub fn parse(bytes: &[u8]) -> Result<Self, u16> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(bytes) {
            Ok(httparse::Status::Complete(_)) => {}
            Ok(httparse::Status::Partial) => return Err(400),
            Err(httparse::Error::TooManyHeaders) => return Err(431),
            Err(_) => return Err(400),
        }
        let mut head = Self {
            method: match request.method {
                Some("GET") => Method::Get,
                Some("HEAD") => Method::Head,
                Some("PUT") => Method::Put,
                _ => Method::Other,
            },
            path: request.path.unwrap_or_default().to_owned(),
            length: None,
            keep: request.version == Some(1),
            expects: false,
            token: None,
        };
        for header in request.headers {
            let value = std::str::from_utf8(header.value).map_err(|_| 400_u16)?.trim();
            match &*header.name.to_ascii_lowercase() {
                "content-length" => {
                    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                    let length = value.parse().ok().filter(|_| digits).ok_or(400_u16)?;
                    if head.length.replace(length).is_some() {
                        return Err(400);
                    }
                }
                "transfer-encoding" => return Err(501),
                "connection" => head.keep &= !value.eq_ignore_ascii_case("close"),
                "expect" => head.expects = value.eq_ignore_ascii_case("100-continue"),
                "authorization" => {
                    let token = value
                        .split_once(' ')
                        .filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
                    head.token = token.map(|(_, token)| token.trim().to_owned());
                }
                _ => {}
            }
        }
        Ok(head)
    }

    /// Whether it has the token; how long the comparison takes tells nothing of it, nor of its length.
    pub(crate) fn has(&self, token: &Token) -> bool {
        let hash = |text: &str| -> [u8; 32] { Sha256::digest(text.as_bytes()).into() };
        let given = hash(self.token.as_deref().unwrap_or_default());
        let same: bool = given.ct_eq(&hash(token.secret())).into();
        same && self.token.is_some()
    }
}

/// The bytes of the next head; none where the connection ended before one began. `late` ends what comes byte by byte.
pub(crate) fn read_head(
    from: &mut impl BufRead,
    late: &dyn Fn() -> bool,
) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![];
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return if bytes.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        let line = buffer.iter().position(|byte| *byte == b'\n').map_or(buffer.len(), |at| at + 1);
        bytes.extend_from_slice(buffer.get(..line).unwrap_or_default());
        from.consume(line);
        if late() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if bytes.len() > MAX_HEAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a head that is too long"));
        }
        if bytes.ends_with(b"\r\n\r\n") || bytes.ends_with(b"\n\n") {
            return Ok(Some(bytes));
        }
        // Empty lines before a request mean nothing (RFC 9112, 2.2).
        if bytes == b"\r\n" || bytes == b"\n" {
            bytes.clear();
        }
    }
}

/// Writes the head of an answer.
pub(crate) fn write_head(
    to: &mut impl Write,
    status: u16,
    length: u64,
    keep: bool,
) -> io::Result<()> {
    let reason = match status {
        200 => "OK",
        201 => "Created",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        503 => "Service Unavailable",
        507 => "Insufficient Storage",
        _ => "Error",
    };
    let ask = if status == 401 { "www-authenticate: Bearer\r\n" } else { "" };
    let keep = if keep { "" } else { "connection: close\r\n" };
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-length: {length}\r\ncontent-type: application/octet-stream\r\n{ask}{keep}\r\n"
    );
    to.write_all(head.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let parse =
            |lines: &str| Head::parse(format!("PUT /v1/x HTTP/1.1\r\n{lines}\r\n").as_bytes());
        assert_eq!(parse("Content-Length: 5\r\n").unwrap().length, Some(5));
        assert_eq!(parse("Content-Length: 5\r\nContent-Length: 5\r\n"), Err(400));
        assert_eq!(parse("Content-Length: +5\r\n"), Err(400));
        assert_eq!(parse("Content-Length: 5, 5\r\n"), Err(400));
        assert_eq!(parse("Transfer-Encoding: chunked\r\n"), Err(501));
        assert_eq!(Head::parse(b"hello\r\n\r\n"), Err(400));
        assert!(!parse("Connection: close\r\n").unwrap().keep);
    }

    #[test]
    fn only_the_token_itself_is_the_token() {
        let token = Token::new("secret").unwrap();
        let has = |line: &str| {
            Head::parse(format!("GET / HTTP/1.1\r\n{line}\r\n").as_bytes()).unwrap().has(&token)
        };
        assert!(
            has("Authorization: Bearer secret\r\n") && has("authorization: bearer  secret\r\n")
        );
        assert!(
            !has("")
                && !has("Authorization: Bearer \r\n")
                && !has("Authorization: Basic secret\r\n")
        );
        assert!(
            !has("Authorization: Bearer secre\r\n") && !has("Authorization: Bearer secrets\r\n")
        );
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>) {
            let _ = Head::parse(&bytes);
            let _ = read_head(&mut &bytes[..], &|| false);
        }
    }
}
