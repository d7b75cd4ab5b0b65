//! Private keys in any text: PEM files, and PEM within JSON, source code, .env files.
//!
//! The form is that of RFC 7468 (`-----BEGIN … PRIVATE KEY-----`, base64, `-----END`), with what other formats put
//! between the lines: `\n` in two characters, quotes, commas, plus signs. A label without a key behind it is a text about
//! keys.

use memchr::memmem;

/// A private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateKey<'a> {
    /// The line in which it begins, from 1.
    pub line: usize,
    /// The byte of that line at which it begins, from 1.
    pub column: usize,
    /// A line of the key itself, by which it is the same wherever it stands, and that nothing else has: the second where
    /// there is one, since all OpenSSH keys of a kind begin with the same line (`PROTOCOL.key` of OpenSSH); of an OpenPGP
    /// key one of its secret part.
    pub body: &'a [u8],
}

/// The first line of a key is longer; an Ed25519 key is one line of 64.
const LEAST_BODY: usize = 40;
/// Headers of an encrypted key come before its body (RFC 1421).
const MOST_BETWEEN: usize = 1024;
/// A key of 4096 bits with two others below it has 12 KiB.
const MOST_PGP: usize = 64 << 10;
/// What source code puts between two lines of a key: `\n" +`, a line end, tabs, a quote.
const MOST_TO_NEXT: usize = 32;
/// What somebody typed in place of a key has fewer different characters.
const LEAST_DIFFERENT: usize = 12;

/// All private keys of a text.
pub fn private_keys(content: &[u8]) -> Vec<PrivateKey<'_>> {
    let mut all = vec![];
    let (mut line, mut line_start, mut counted) = (1, 0, 0);
    for begin in memmem::find_iter(content, b"-----BEGIN ") {
        let Some(body) = body(content.get(begin + 11..).unwrap_or_default()) else { continue };
        for at in memchr::memchr_iter(b'\n', content.get(counted..begin).unwrap_or_default()) {
            line += 1;
            line_start = counted + at + 1;
        }
        counted = begin;
        all.push(PrivateKey { line, column: begin - line_start + 1, body });
    }
    all
}

/// A line of the key whose label begins here.
fn body(rest: &[u8]) -> Option<&[u8]> {
    let end = memmem::find(rest.get(..64.min(rest.len()))?, b"-----")?;
    let label = rest.get(..end)?;
    if !(label.ends_with(b"PRIVATE KEY") || label == b"PGP PRIVATE KEY BLOCK") {
        return None;
    }
    let rest = rest.get(end + 5..)?;
    if label.starts_with(b"PGP") {
        return pgp(rest);
    }
    let rest = rest.get(..(MOST_BETWEEN + 128).min(rest.len()))?;
    let rest = memmem::find(rest, b"-----").map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let (mut at, mut start) = (0, 0);
    while let Some(byte) = rest.get(at) {
        if is_base64(byte) {
            at += 1;
        } else {
            if is_key(rest.get(start..at)?) {
                break;
            }
            // `\n` is two characters, and none of the key.
            at += if *byte == b'\\' { 2 } else { 1 };
            start = at;
        }
    }
    let first = rest.get(start..at).filter(|body| is_key(body))?;
    // Between two lines are a line end, quotes, a plus sign.
    let behind = rest.get(at..).unwrap_or_default();
    let (mut at, mut second) = (0, None);
    while let Some(byte) = behind.get(at).filter(|_| at <= MOST_TO_NEXT) {
        let run = behind.get(at..).unwrap_or_default();
        let run =
            run.get(..run.iter().take_while(|byte| is_base64(byte)).count()).unwrap_or_default();
        if is_key(run) {
            second = Some(run);
            break;
        }
        at += if *byte == b'\\' { 2 } else { run.len().max(1) };
    }
    Some(second.unwrap_or(first))
}

/// A line of an OpenPGP key that its public half has not: that begins with the same modulus, and ends with the same
/// signature (RFC 9580, 5.5.3); a quarter behind the start is the secret.
fn pgp(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.get(..MOST_PGP.min(rest.len()))?;
    let rest = memmem::find(rest, b"-----").map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let runs: Vec<&[u8]> = rest.split(|byte| !is_base64(*byte)).filter(|run| is_key(run)).collect();
    runs.get((runs.len() / 4).max(1)).or_else(|| runs.first()).copied()
}

fn is_key(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in body {
        seen[usize::from(*byte)] = true;
    }
    body.len() >= LEAST_BODY && seen.iter().filter(|it| **it).count() >= LEAST_DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIAfWmZvCqTJ8Yn0sPqRb1XkLzHd3oE5tUuGi9VxFhKaW";

    fn lines(text: &str) -> Vec<(usize, usize)> {
        private_keys(text.as_bytes()).iter().map(|key| (key.line, key.column)).collect()
    }

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        for (text, at) in [
            (format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END"), (1, 1)),
            (
                format!("{{\n \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n{BODY}\\n\"}}"),
                (2, 18),
            ),
            (format!("const K = `-----BEGIN EC PRIVATE KEY-----\r\n{BODY}`"), (1, 12)),
            (format!("k := \"-----BEGIN RSA PRIVATE KEY-----\\n\" +\n\t\"{BODY}\\n\""), (1, 7)),
            (format!("\0\u{1}KEY=-----BEGIN PRIVATE KEY-----{BODY}"), (1, 7)),
            (
                format!(
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: A,0123\n\n{BODY}"
                ),
                (1, 1),
            ),
        ] {
            assert_eq!(lines(&text), [at], "{text}");
        }
    }

    #[test]
    fn a_text_about_keys_holds_none() {
        let typed = "X".repeat(64);
        for text in [
            "const begin = \"-----BEGIN PRIVATE KEY-----\"\nconst end = \"-----END PRIVATE KEY-----\"",
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            &format!("-----BEGIN PRIVATE KEY-----\n{typed}\n"),
            &format!("-----BEGIN CERTIFICATE-----\n{BODY}\n"),
            &format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n"),
        ] {
            assert_eq!(lines(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(parts in proptest::collection::vec(prop_oneof![
            Just(b"-----BEGIN ".to_vec()), Just(b"PRIVATE KEY-----".to_vec()), Just(b"\\".to_vec()),
            Just(BODY.as_bytes().to_vec()), proptest::collection::vec(any::<u8>(), 0..20),
        ], 0..12)) {
            let text = parts.concat();
            for key in private_keys(&text) {
                prop_assert!(key.line >= 1 && key.column >= 1 && is_key(key.body));
            }
        }
    }

    #[test]
    fn keys_that_begin_with_the_same_line_are_two() {
        let first = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
        let of = |second: &str| {
            format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{first}\n{second}\nAAAA\n-----END")
        };
        let (one, two) = (of(&BODY.replace('A', "b")), of(&BODY.replace('A', "c")));
        let body = |text: &str| private_keys(text.as_bytes())[0].body.to_vec();
        assert_ne!(body(&one), body(&two));
        // Within other formats it is the same one.
        assert_eq!(body(&one), body(&one.replace('\n', "\\n")));
        assert_eq!(body(&one), body(&one.replace('\n', "\\n\" +\n\t\"")));
    }
}
