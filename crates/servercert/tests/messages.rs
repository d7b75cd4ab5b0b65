//! What the problems say, in both languages, and where they point.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is all test code")]

mod common;

use common::{DAY, Shop, cases, fixtures};
use servercert::{FileKind, Input, Problem, describe, judge, testkit};

fn problems(
    cert: &str,
    key: Option<&str>,
    ca: Option<&str>,
    hosts: &[&str],
    now: i64,
) -> Vec<Problem> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    judge(&Input {
        cert_pem: cert.as_bytes(),
        key_pem: key.map(str::as_bytes),
        key_mode: Some(0o100_644),
        ca_pem: ca.map(str::as_bytes),
        hosts: &hosts,
        min_days: 30,
        now_unix: now,
    })
}

const NOW: i64 = 1_700_000_000;

#[test]
fn messages_carry_what_was_measured() {
    let root = testkit::Authority::root(NOW, "Example root", 3650).unwrap();
    let middle = root.intermediate("Example middle", 3650).unwrap();
    let pair = middle.issue(&["api.example.test", "192.0.2.10"], 12).unwrap();
    let other = testkit::self_signed(NOW, &["x.example.test"], 90).unwrap();
    let alone = &pair.cert_pem[..pair.cert_pem.find("-----END").unwrap() + 27];
    let found = problems(
        &format!("a comment\n{alone}"),
        Some(&other.key_pem),
        Some(&root.cert_pem()),
        &["www.example.test"],
        NOW,
    );
    let said: Vec<_> =
        found.iter().map(|p| (p.id.as_str(), p.to_string(), p.detail.zh())).collect();
    let expected = [
        (
            "tls-chain-invalid",
            "neither the certificate file nor the CA file holds its issuer, CN=Example middle",
            "证书文件和 CA 文件中都没有其签发者 CN=Example middle",
        ),
        (
            "tls-expires-soon",
            "expires in 12 days, at 2023-11-26T22:13:20Z; at least 30 are required",
            "将于 2023-11-26T22:13:20Z 过期，剩余 12 天，要求至少 30 天",
        ),
        (
            "tls-key-mismatch",
            "the private key (ECDSA P-256) does not belong to the certificate (ECDSA P-256)",
            "私钥（ECDSA P-256）与证书（ECDSA P-256）不匹配",
        ),
        (
            "tls-key-perm",
            "key file is open to everyone (mode 0644)",
            "私钥文件对所有用户开放（权限 0644）",
        ),
        (
            "tls-name-mismatch",
            "does not cover www.example.test; it is for api.example.test, 192.0.2.10",
            "未覆盖 www.example.test；证书仅适用于 api.example.test, 192.0.2.10",
        ),
    ]
    .map(|(id, english, chinese)| (id, english.to_owned(), chinese.to_owned()));
    assert_eq!(said, expected);
    let first = &found[0];
    assert_eq!((first.file, first.line), (FileKind::Certificate, Some(2)));
    let certificate = first.certificate.as_ref().unwrap();
    assert_eq!((certificate.number, certificate.subject.as_str()), (1, "CN=api.example.test"));
}

#[test]
fn weak_certificates_of_the_kit_are_weak() {
    let ids = |pem| servercert::ids(&problems(pem, None, None, &["weak.example.test"], NOW));
    assert_eq!(ids(testkit::WEAK_KEY_PEM), ["tls-key-perm", "tls-weak-key"]);
    assert_eq!(ids(testkit::WEAK_SIGNATURE_PEM), ["tls-key-perm", "tls-weak-sig"]);
    let expired = testkit::expired(NOW, &["x.example.test"]).unwrap();
    assert_eq!(ids(&expired.cert_pem), ["tls-expired", "tls-key-perm", "tls-name-mismatch"]);
    let later = testkit::not_yet_valid(NOW, &["weak.example.test"]).unwrap();
    assert_eq!(ids(&later.cert_pem), ["tls-expired", "tls-key-perm"]);
}

#[test]
fn facts_are_those_of_openssl() {
    let facts = describe(testkit::WEAK_KEY_PEM.as_bytes());
    let [fact] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!((fact.number, fact.line, fact.is_ca), (1, 1, false));
    assert_eq!(
        (fact.subject.as_str(), fact.issuer.as_str()),
        ("CN=weak.example.test", "CN=weak.example.test")
    );
    assert_eq!(fact.dns_names, ["weak.example.test"]);
    assert_eq!((fact.not_before, fact.not_after), (1_577_836_800, 4_733_510_400));
    assert_eq!((fact.key.as_str(), fact.key_bits), ("RSA 1024", Some(1024)));
    assert_eq!(fact.signature, "SHA-256 with RSA");
    // openssl x509 -noout -fingerprint -sha256
    assert_eq!(fact.sha256, "96f0fb065385d59d14d280ccff06e144bbef0700f1fb9d8b75c9b5f69147e565");
}

/// Names come from strangers: they must not steer a terminal.
#[test]
fn names_are_safe_to_print() {
    let pair = testkit::self_signed(NOW, &["x\u{1b}[31m\u{7f}.example.test"], 90).unwrap();
    let found = problems(&pair.cert_pem, None, None, &["a\u{202e}b.example.test"], NOW);
    let text = found.iter().map(|p| p.to_string() + &p.detail.zh()).collect::<String>();
    assert!(text.contains("\\u{1b}") && text.contains("\\u{202e}"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?}");
}

#[test]
fn every_problem_of_the_table_is_said_in_both_languages() {
    let shop = Shop::open();
    fixtures::stock(&shop);
    let mut details = Vec::new();
    for case in cases::all() {
        let file = |names: &str| (names != "-").then(|| shop.cat(names));
        let days = case.option("day").next().map_or(0, |day| day.parse::<i64>().unwrap());
        let found = judge(&Input {
            cert_pem: &shop.cat(case.cert),
            key_pem: file(case.key).as_deref(),
            key_mode: None,
            ca_pem: file(case.ca).as_deref(),
            hosts: &case.option("host").map(str::to_owned).collect::<Vec<_>>(),
            min_days: 0,
            now_unix: shop.now() + days * DAY,
        });
        details.extend(found.into_iter().map(|problem| problem.detail));
    }
    for detail in &details {
        let (english, chinese) = (detail.to_string(), detail.zh());
        assert!(english.is_ascii() && !english.ends_with('.'), "{english}");
        assert!(chinese.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c)), "{chinese}");
    }
    // Hints that save an hour of searching.
    let english: Vec<_> = details.iter().map(ToString::to_string).collect();
    for hint in [
        "certificate file: is DER, and Go reads only PEM (openssl x509 or pkey -inform der converts)",
        "certificate file: is UTF-16 text; PEM must be ASCII",
        "certificate file: CERTIFICATE block: a byte order mark stands before BEGIN, so Go does not see it",
        "certificate file: CERTIFICATE block: its BEGIN line is indented, so Go does not see it",
        "certificate file: CERTIFICATE block: its END line is missing; the file may be cut off",
        "certificate file: CERTIFICATE block: its line ends are written as \\n instead of being line ends",
        "certificate file: holds a private key (PRIVATE KEY); are certificate and key switched?",
        "certificate file: holds a certificate request, which a CA has yet to sign",
        "certificate file: Go passes over a TRUSTED CERTIFICATE block; its label must be CERTIFICATE, without headers",
        "certificate file: has a negative serial number, which Go refuses since 1.23",
        "key file: the private key is encrypted; Go reads only unencrypted ones (openssl pkey decrypts)",
        "key file: holds a certificate; are certificate and key switched?",
        "key file: holds a public key only",
        "key file: is DER, and Go reads only PEM (openssl x509 or pkey -inform der converts)",
        "is signed by MD5 with RSA, which is broken",
        "RSA key has 1024 bits; at least 2048 are required",
        "the server's certificate is number 3 in the file and must be the first",
        "does not issue the certificate before it, which wants O=Example, CN=int here",
        "the name constraints of O=Example, CN=not-api forbid api.example.test",
        "O=Example, CN=path0 allows 0 intermediate certificates below it, and there are 1",
    ] {
        assert!(english.iter().any(|said| said == hint), "nobody says: {hint}");
    }
}
