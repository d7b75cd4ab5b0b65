//! Whatever the bytes are: no panic, an answer, and the same answer again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is all test code")]

use proptest::prelude::*;
use servercert::{Input, Problem, ProblemId, describe, ids, judge, testkit};
use std::sync::LazyLock;

const NOW: i64 = 1_700_000_000;

static CHAIN: LazyLock<[String; 4]> = LazyLock::new(|| {
    let root = testkit::Authority::root(NOW, "root", 3650).unwrap();
    let upper = root.intermediate("upper", 3650).unwrap();
    let lower = upper.intermediate("lower", 3650).unwrap();
    let pair = lower.issue(&["api.example.test", "192.0.2.10"], 365).unwrap();
    let [leaf, rest] = split_once(&pair.cert_pem);
    assert_eq!(rest, lower.cert_pem() + &upper.cert_pem());
    [leaf, lower.cert_pem(), upper.cert_pem(), root.cert_pem()]
});

fn split_once(pem: &str) -> [String; 2] {
    const END: &str = "-----END CERTIFICATE-----\n";
    let (first, rest) = pem
        .replace("\r\n", "\n")
        .split_once(END)
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    [first + END, rest]
}

fn all_of(cert: &[u8], key: &[u8], ca: &[u8], host: &str) -> Vec<Problem> {
    let hosts = [host.to_owned()];
    let input = Input {
        cert_pem: cert,
        key_pem: Some(key),
        key_mode: Some(0o600),
        ca_pem: Some(ca),
        hosts: &hosts,
        min_days: 30,
        now_unix: NOW,
    };
    let problems = judge(&input);
    for problem in &problems {
        assert!(!problem.to_string().is_empty() && !problem.detail.zh().is_empty());
        assert!(!problem.to_string().chars().any(char::is_control), "{problem}");
        if problem.file == servercert::FileKind::Certificate {
            let lines = cert.split(|b| *b == b'\n').count();
            assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem:?}");
        }
    }
    assert!(problems.is_sorted_by_key(|problem| problem.id));
    assert_eq!(problems, judge(&input));
    assert!(describe(cert).len() <= servercert::MAX_CERTIFICATES);
    problems
}

fn wrapped(label: &str, der: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes()
}

fn der_of(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(cert: Vec<u8>, key: Vec<u8>, ca: Vec<u8>, host: String) {
        let problems = all_of(&cert, &key, &ca, &host);
        prop_assert_eq!(ids(&problems), ["tls-parse"]);
    }

    #[test]
    fn any_der(cert: Vec<u8>, key: Vec<u8>) {
        let problems = all_of(&wrapped("CERTIFICATE", &cert), &wrapped("PRIVATE KEY", &key), b"", "x");
        prop_assert_eq!(ids(&problems), ["tls-parse"]);
    }

    #[test]
    fn pem_like_text(text in "(-----(BEGIN|END) (CERTIFICATE|EC PRIVATE KEY)-----|[ :A-Za-z=\u{feff}]{0,9}|\n|\r\n){0,40}") {
        all_of(text.as_bytes(), text.as_bytes(), text.as_bytes(), &text);
    }

    #[test]
    fn changed_der(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut der = der_of(&CHAIN[0]);
        for (at, byte) in changes {
            let at = at.index(der.len());
            der[at] = byte;
        }
        if let Some(cut) = cut {
            der.truncate(cut.index(der.len()));
        }
        let cert = wrapped("CERTIFICATE", &der);
        all_of(&cert, b"", CHAIN[3].as_bytes(), "api.example.test");
        all_of(CHAIN[0].as_bytes(), b"", &cert, "api.example.test");
    }

    /// A chain is in order only in its own order, whatever stands elsewhere; the root may be left out.
    #[test]
    fn only_one_order_is_in_order(order in Just(vec![0, 1, 2, 3]).prop_shuffle(), with_root: bool) {
        let order: Vec<usize> = order.into_iter().filter(|at| with_root || *at != 3).collect();
        let file: String = order.iter().map(|at| CHAIN[*at].as_str()).collect();
        let input = Input {
            cert_pem: file.as_bytes(),
            key_pem: None,
            key_mode: None,
            ca_pem: Some(CHAIN[3].as_bytes()),
            hosts: &["api.example.test".to_owned()],
            min_days: 30,
            now_unix: NOW,
        };
        let expected: &[&str] = if order.is_sorted() { &[] } else { &["tls-chain-order"] };
        prop_assert_eq!(ids(&judge(&input)), expected);
    }

    /// The dates decide exactly: to the second, both ends included.
    #[test]
    fn days_left_are_exact(left in -100_000_i64..10_000_000, min_days in 0_u32..100) {
        let pair = testkit::self_signed_between(&["x.example.test"], NOW - 86_400, NOW + left).unwrap();
        let input = Input {
            cert_pem: pair.cert_pem.as_bytes(),
            key_pem: Some(pair.key_pem.as_bytes()),
            key_mode: None,
            ca_pem: None,
            hosts: &[],
            min_days,
            now_unix: NOW,
        };
        let expected: &[&str] = match left {
            ..0 => &["tls-expired"],
            _ if left < i64::from(min_days) * 86_400 => &["tls-expires-soon"],
            _ => &[],
        };
        // Before its own start a certificate is expired too; here the start is a day ago.
        prop_assume!(left >= -86_400);
        prop_assert_eq!(ids(&judge(&input)), expected);
    }
}

/// Each of these would take minutes or gigabytes if something were quadratic or recursive.
#[test]
fn large_files_are_answered() {
    let mib = servercert::MAX_BYTES;
    let certificate = CHAIN[0].as_bytes();
    let same_name: String =
        (0..100).map(|_| testkit::Authority::root(NOW, "same", 30).unwrap().cert_pem()).collect();
    let nested: Vec<u8> = [0x30, 0x80].into_iter().cycle().take(mib / 2).collect();
    for (name, file) in [
        ("begins", b"-----BEGIN CERTIFICATE-----\n".repeat(mib / 28)),
        ("begins on one line", b"-----BEGIN CERTIFICATE-----".repeat(mib / 27)),
        (
            "blanks and begins",
            [vec![b' '; mib / 2], b"-----BEGIN A-----".repeat(mib / 34)].concat(),
        ),
        ("ends", b"\n-----END CERTIFICATE-----".repeat(mib / 27)),
        (
            "headers",
            [&b"-----BEGIN CERTIFICATE-----\n"[..], &b"a:\n-----END a:\n".repeat(mib / 16)]
                .concat(),
        ),
        ("one line", vec![b'A'; mib]),
        ("nested", wrapped("CERTIFICATE", &nested)),
        ("too large", certificate.repeat(mib / certificate.len() + 1)),
        ("too many", certificate.repeat(101)),
        ("hundred of one name", same_name.into_bytes()),
    ] {
        let problems = all_of(&file, &file, &file, "x");
        assert!(problems.iter().any(|problem| problem.id == ProblemId::Parse), "{name}");
    }
}
