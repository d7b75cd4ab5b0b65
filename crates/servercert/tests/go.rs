//! The table held against Go: what Go loads, verifies and shakes hands with must be what the ids say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is all test code")]
#![expect(clippy::disallowed_methods, reason = "the test runs a Go program")]

mod common;

use common::{DAY, Shop, cases, fixtures};
use serde_json::json;
use servercert::{Detail, Fault, Input, ids, judge};
use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn go_accepts_what_the_ids_accept() {
    let shop = Shop::open();
    fixtures::stock(&shop);
    let text = |names: &str| latin1(&shop.cat(names));
    // Without a CA, Go says nothing about dates, names and chains.
    let cases: Vec<_> =
        cases::all().into_iter().filter(|case| case.key != "-" && case.ca != "-").collect();
    assert!(cases.len() > 30);
    let input: Vec<_> = cases
        .iter()
        .map(|case| {
            let days = case.option("day").next().map_or(0, |day| day.parse::<i64>().unwrap());
            json!({
                "Cert": text(case.cert),
                "Key": text(case.key),
                "CA": text(case.ca),
                "Hosts": case.option("host").collect::<Vec<_>>(),
                "Now": shop.now() + days * DAY,
            })
        })
        .collect();
    let verdicts = ask_go(&json!(input).to_string());
    assert_eq!(verdicts.len(), cases.len());
    let mut wrong = Vec::new();
    for (case, verdict) in cases.iter().zip(&verdicts) {
        if case.go_accepts() != verdict.is_empty() {
            wrong.push(format!("{}: [{}], and Go says: {verdict}", case.name, case.ids));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Go and this crate agree on what can be read at all, for files that were damaged at random: in the text, and
/// inside the DER.
#[test]
fn go_reads_what_this_crate_reads() {
    let shop = Shop::open();
    fixtures::stock(&shop);
    let mut dice = Dice(0x5eed);
    let mut mutants: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for (cert, key) in MUTATED {
        let (cert, key) = (shop.cat(cert), shop.cat(key));
        for _ in 0..MUTANTS {
            let mutant = match dice.roll(4) {
                0 => (dice.damage(&cert), key.clone()),
                1 => (cert.clone(), dice.damage(&key)),
                2 => (dice.damage_der(&shop, &cert), key.clone()),
                _ => (cert.clone(), dice.damage_der(&shop, &key)),
            };
            mutants.push(mutant);
        }
    }
    let input: Vec<_> = mutants
        .iter()
        .map(|(cert, key)| json!({ "Cert": latin1(cert), "Key": latin1(key), "LoadOnly": true }))
        .collect();
    let verdicts = ask_go(&json!(input).to_string());
    let mut wrong = Vec::new();
    let mut unreadable = 0;
    for ((cert, key), verdict) in mutants.iter().zip(&verdicts) {
        unreadable += usize::from(verdict.starts_with("load"));
        if let Some(said) = disagreement(cert, key, verdict, shop.now()) {
            wrong.push(format!("{verdict}\n  {said}\n{}\n{}", latin1(cert), latin1(key)));
        }
    }
    assert!(unreadable > mutants.len() / 4, "the damage is too mild: {unreadable}");
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), mutants.len(), wrong.join("\n"));
}

/// What this crate says, where it is not what Go says.
fn disagreement(cert: &[u8], key: &[u8], verdict: &str, now_unix: i64) -> Option<String> {
    let problems = judge(&Input {
        cert_pem: cert,
        key_pem: Some(key),
        key_mode: None,
        ca_pem: None,
        hosts: &[],
        min_days: 0,
        now_unix,
    });
    // Keys that Go does not read because of their kind have an id of their own.
    let kind_here = problems.iter().any(|problem| match &problem.detail {
        Detail::KeyMismatch { private, .. } => {
            private == "Ed448"
                || private.starts_with("DSA")
                || private.strip_prefix("ECDSA ").is_some_and(|curve| !curve.starts_with('P'))
        }
        _ => false,
    });
    let kind_there = ["unsupported elliptic curve", "unknown public key"];
    if kind_here || kind_there.iter().any(|kind| verdict.contains(kind)) {
        return None;
    }
    let go_reads = verdict.is_empty() || verdict.contains("does not match");
    // Go's encoding/asn1 overlooks damage in the optional parts of a private key; nobody else has to.
    let lax = go_reads
        && problems.iter().any(|problem| {
            matches!(problem.detail, Detail::Parse { fault: Fault::KeyMalformed, .. })
        });
    let same = go_reads != ids(&problems).contains(&"tls-parse");
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    (!lax && !same).then(|| format!("{said:?}"))
}

const MUTANTS: usize = 300;
const MUTATED: [(&str, &str); 6] = [
    ("direct.pem", "direct.key"),
    ("rsa.pem", "rsa.pkcs1"),
    ("rsa.pem", "rsa.key"),
    ("ed-key.pem", "ed-key.key"),
    ("for-example.pem", "for-example.key"),
    ("direct.pem", "direct.sec1"),
];

/// Damage that is the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's MMIX generator; the upper bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.roll(3) {
            let at = self.roll(bytes.len());
            match self.roll(5) {
                0 => bytes[at] ^= 1 << self.roll(8),
                1 => bytes[at] = u8::try_from(self.roll(256)).unwrap(),
                2 => drop(bytes.remove(at)),
                3 => bytes.insert(at, b"\n\r\t -:=A\0"[self.roll(9)]),
                _ => {
                    let end = (at + self.roll(8)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        bytes
    }

    /// Changes bytes of the first block's contents, mostly without changing their number.
    fn damage_der(&mut self, shop: &Shop, pem: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(pem);
        let begin = text.lines().find(|line| line.starts_with("-----BEGIN")).unwrap();
        let body: String = text
            .lines()
            .skip_while(|line| *line != begin)
            .skip(1)
            .take_while(|line| !line.starts_with('-'))
            .collect();
        shop.write("body.b64", format!("{body}\n").as_bytes());
        shop.openssl("base64 -d -A -in body.b64 -out body.der");
        let mut der = shop.fresh("body.der");
        for _ in 0..=self.roll(2) {
            let at = self.roll(der.len());
            match self.roll(4) {
                0 => der[at] ^= 1 << self.roll(8),
                1 => der[at] = der[at].wrapping_add(1),
                2 => der[at] = 0,
                _ => der[at] = u8::try_from(self.roll(256)).unwrap(),
            }
        }
        shop.write("body.der", &der);
        shop.openssl("base64 -in body.der -out body.b64");
        let body = String::from_utf8(shop.fresh("body.b64")).unwrap();
        format!("{begin}\n{body}{}\n", begin.replace("BEGIN", "END")).into_bytes()
    }
}

/// Bytes as text, one code point each.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// What Go has against each case; nothing where it accepts.
fn ask_go(input: &str) -> Vec<String> {
    let go = if std::path::Path::new("/usr/local/go/bin/go").exists() {
        "/usr/local/go/bin/go"
    } else {
        "go"
    };
    let mut child = Command::new(go)
        .args(["run", "."])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go"))
        .env_remove("GODEBUG")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("go must be installed for the tests of servercert");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
