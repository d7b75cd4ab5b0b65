//! As much HTTP as the go command needs of a proxy. One request for each connection.

use super::{Answer, Shared};
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A longer request is refused.
const MAX_REQUEST: usize = 16 << 10;

pub(super) fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let Some(path) = request(&mut stream)? else {
        return stream.write_all(&head(400, 0));
    };
    let attempt = u32::try_from(shared.attempt.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
    let (answer, is_fault) = (shared.respond)(&path, attempt);
    if is_fault {
        shared.strike();
    }
    match answer {
        Answer::Body(status, body) => {
            consume(&mut stream)?;
            stream.write_all(&head(status, body.len()))?;
            stream.write_all(&body)
        }
        Answer::Drip(body) => {
            consume(&mut stream)?;
            stream.write_all(&head(200, body.len() + 10_000))?;
            for byte in body.iter().chain(std::iter::repeat_n(&b' ', 10_000)) {
                if !shared.wait(Duration::from_millis(100)) {
                    break;
                }
                stream.write_all(&[*byte])?;
            }
            Ok(())
        }
        Answer::Stall => {
            consume(&mut stream)?;
            shared.wait(Duration::from_secs(600));
            Ok(())
        }
        Answer::Reset(body) => {
            stream.write_all(&head(200, body.len()))?;
            stream.write_all(body.get(..body.len() / 2).unwrap_or_default())?;
            // The half shall arrive before the reset does.
            std::thread::sleep(Duration::from_millis(50));
            // Closing a socket with unread bytes in it resets the connection: the request is only peeked at.
            Ok(())
        }
    }
}

fn head(status: u16, length: usize) -> Vec<u8> {
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    };
    format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )
    .into_bytes()
}

/// The path of a request, which stays unread; none where it is none or too long.
fn request(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut seen = vec![0; MAX_REQUEST];
    for _ in 0..1000 {
        let count = stream.peek(&mut seen)?;
        let Some(text) = seen.get(..count) else { return Ok(None) };
        if text.windows(4).any(|four| four == b"\r\n\r\n") {
            return Ok(path(text));
        }
        if count == 0 || count == MAX_REQUEST {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(None)
}

/// The path in `GET PATH HTTP/1.1`.
fn path(request: &[u8]) -> Option<String> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    (words.next()? == "GET").then(|| words.next().map(str::to_owned)).flatten()
}

/// Reads what was only peeked at.
fn consume(stream: &mut TcpStream) -> io::Result<()> {
    let mut all = vec![0; MAX_REQUEST];
    stream.read(&mut all).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::{Server, Transport};
    use super::*;
    use std::time::Instant;

    fn ask(server: &Server, request: &[u8]) -> io::Result<String> {
        let address = server.url().replace("http://", "");
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_millis(700)))?;
        stream.write_all(request)?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    }

    fn server(answer: Answer) -> Server {
        Server::start(Transport::Plain, Box::new(move |_, _| (answer.clone(), true))).unwrap()
    }

    const GET: &[u8] = b"GET /a/@v/list HTTP/1.1\r\nhost: x\r\n\r\n";

    #[test]
    fn a_body_comes_whole_and_is_counted() {
        let server = Server::start(
            Transport::Plain,
            Box::new(|path, attempt| (Answer::Body(200, format!("{path} {attempt}").into()), true)),
        )
        .unwrap();
        assert!(ask(&server, GET).unwrap().ends_with("\r\n\r\n/a/@v/list 0"));
        assert_eq!(server.strikes().0, 1);
        server.attempt(3);
        assert_eq!(server.strikes(), (0, None));
        assert!(ask(&server, GET).unwrap().ends_with(" 3"));
    }

    #[test]
    fn a_reset_comes_in_the_middle() {
        let err = ask(&server(Answer::Reset(vec![b'x'; 100])), GET).unwrap_err();
        assert_eq!(err.kind(), io::ErrorKind::ConnectionReset, "{err}");
    }

    #[test]
    fn who_stalls_says_nothing_and_who_drips_never_ends() {
        for answer in [Answer::Stall, Answer::Drip(b"abc".to_vec())] {
            let started = Instant::now();
            let mut stream =
                TcpStream::connect(server(answer.clone()).url().replace("http://", "")).unwrap();
            // The server is gone already: its connections end with it.
            let _ = stream.write_all(GET);
            let _ = stream.read_to_end(&mut vec![]);
            assert!(started.elapsed() < Duration::from_secs(5), "{answer:?}");
        }
        let err = ask(&server(Answer::Stall), GET).unwrap_err();
        assert!(matches!(err.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut), "{err}");
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let server = server(Answer::Body(200, vec![]));
        for request in [&b"POST / HTTP/1.1\r\n\r\n"[..], b"\xff\xfe\r\n\r\n", &[b'x'; MAX_REQUEST]]
        {
            let text = ask(&server, request).unwrap_or_default();
            assert!(text.is_empty() || text.starts_with("HTTP/1.1 400"), "{text}");
        }
        assert!(path(b"GET  HTTP/1.1\r\n").is_some_and(|path| path.is_empty()));
    }
}
