//! Verifier keys and notes.

use crate::go;
use gosumdb::note::{Error, Note, Signature, Verifier, open};
use gosumdb::testkit::Signer;
use gosumdb::verify;
use serde_json::{Value, json};

const TEXT: &str = "If you can keep your head\n\nwhile all about you — é\n";

fn alice() -> Signer {
    Signer::new("alice.example.com", [1; 32]).unwrap()
}

fn bob() -> Signer {
    Signer::new("bob.example.com/log", [2; 32]).unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().cloned().unwrap_or_default();
    list.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// The text, the verified signatures, the others.
type Parts = (String, Vec<String>, Vec<String>);

/// What a note came to, in the form of Go's answer.
fn describe(result: Result<Note, Error>) -> (Option<String>, Option<Parts>) {
    let lines = |sigs: &[Signature]| {
        sigs.iter().map(|sig| format!("{} {}", sig.key, sig.base64)).collect::<Vec<_>>()
    };
    let parts = |note: &Note| (note.text.clone(), lines(&note.sigs), lines(&note.unverified_sigs));
    match result {
        Ok(note) => (None, Some(parts(&note))),
        Err(Error::Unverified(note)) => {
            (Some(Error::Unverified(note.clone()).to_string()), Some(parts(&note)))
        }
        Err(error) => (Some(error.to_string()), None),
    }
}

/// Opens each note here and in Go, and expects the same; says how many were accepted.
fn agree(notes: &[Vec<u8>], keys: &[String]) -> usize {
    let known: Vec<Verifier> = keys.iter().map(|key| Verifier::new(key).unwrap()).collect();
    let ask = |note: &Vec<u8>| json!({"Op": "open", "Keys": keys, "Data": go::base64(note)});
    let answers = go::ask(&notes.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for (note, answer) in notes.iter().zip(answers) {
        let (error, parts) = describe(open(note, &known));
        accepted += usize::from(error.is_none());
        let show = || format!("{:?}: {answer}", String::from_utf8_lossy(note));
        assert_eq!(error, go::error(&answer), "{}", show());
        let go_parts = answer.get("text").map(|text| {
            let text = text.as_str().unwrap().to_owned();
            (text, strings(&answer["sigs"]), strings(&answer["unverified"]))
        });
        assert_eq!(parts, go_parts, "{}", show());
    }
    accepted
}

#[test]
fn a_note_that_go_signed_is_verified() {
    let request =
        json!({"Op": "sign", "Name": "go.example.com", "Seed": go::base64(&[7; 32]), "Text": TEXT});
    let answer = &go::ask(&[request])[0];
    let vkey = answer["vkey"].as_str().unwrap();
    let message = go::bytes(&answer["data"]);
    let note = verify(vkey, &message).unwrap();
    assert_eq!(note.text, TEXT);
    assert_eq!(note.sigs.len(), 1);
    let signer = Signer::new("go.example.com", [7; 32]).unwrap();
    assert_eq!(signer.vkey(), vkey);
    assert_eq!(signer.sign(TEXT).as_bytes(), message);
}

#[test]
fn keys_are_read_as_go_reads_them() {
    let good = alice().vkey();
    let (name, hash, key) = {
        let mut parts = good.split('+');
        let mut next = || parts.next().unwrap();
        (next(), next(), good.splitn(3, '+').nth(2).unwrap())
    };
    let mut cases = vec![
        good.clone(),
        gosumdb::SUM_GOLANG_ORG.to_owned(),
        String::new(),
        "+".to_owned(),
        "++".to_owned(),
        name.to_owned(),
        format!("{name}+{hash}"),
        format!("{name}+{hash}+"),
        format!("{name}+{hash}+{key}+"),
        format!("{name}+{}+{key}", hash.to_uppercase()),
        format!("{name}+0{hash}+{key}"),
        format!("{name}+0x{hash}+{key}"),
        format!("{name}+-{}+{key}", &hash[1..]),
        format!("{name}+_{}+{key}", &hash[1..]),
        format!("{name}+00000000+{key}"),
        format!("other+{hash}+{key}"),
        format!("a b+{hash}+{key}"),
        format!("a\u{a0}b+{hash}+{key}"),
        format!("+{hash}+{key}"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{good}\r\n"),
        format!("{good} "),
        format!("{name}+{hash}+{}\n\r{}", &key[..9], &key[9..]),
        format!("{name}+{hash}+{}", key.trim_end_matches('=')),
        format!("{name}+{hash}+{key}="),
        format!("{name}+{hash}+{}", key.replace('A', "-")),
    ];
    // Keys of other algorithms and lengths whose hash is right.
    let with_hash = |name: &str, key: &[u8]| {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest([name.as_bytes(), b"\n", key].concat());
        let hash: String = digest[..4].iter().map(|b| format!("{b:02x}")).collect();
        format!("{name}+{hash}+{}", go::base64(key))
    };
    cases.push(with_hash(name, &[1]));
    cases.push(with_hash(name, &[0; 33]));
    cases.push(with_hash(name, &[2; 33]));
    cases.push(with_hash(name, &[1; 32]));
    cases.push(with_hash(name, &[1; 33]));
    cases.push(with_hash(name, &[1; 34]));
    // 0xff… is no point of the curve, but a key.
    cases.push(with_hash(name, &[[1].as_slice(), &[0xff; 31], &[0x7e]].concat()));
    cases.push(with_hash("\u{e9}\u{4e2d}", &[1; 33]));
    cases.push(with_hash("\u{85}", &[1; 33]));
    for at in 0..good.len() {
        for byte in [b'+', b'A', b'=', b'\n', b' '] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = byte;
            cases.push(String::from_utf8(bytes).unwrap());
        }
    }
    let ask = |case: &String| json!({"Op": "vkey", "Text": case});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for (case, answer) in cases.iter().zip(answers) {
        match Verifier::new(case) {
            Ok(key) => {
                accepted += 1;
                assert_eq!(answer["name"], key.name(), "{case:?}");
                assert_eq!(answer["hash"], key.id().hash, "{case:?}");
            }
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{case:?}"),
        }
    }
    assert!(accepted > 10, "{accepted}");
}

/// Each line: what it is, the note, what is wrong with it for one who knows only alice.
#[test]
fn notes_are_opened_by_the_rules() {
    let (a, b) = (alice().line(TEXT), bob().line(TEXT));
    let other = alice().line("another text\n");
    let malformed = Some("malformed note");
    let invalid =
        format!("invalid signature for key {}", Verifier::new(&alice().vkey()).unwrap().id());
    let unverified = Some("note has no verifiable signatures");
    let short = |base64: &str| format!("{TEXT}\n— alice.example.com {base64}\n");
    let cases: Vec<(&str, String, Option<&str>)> = vec![
        ("one signature", format!("{TEXT}\n{a}"), None),
        ("a known and an unknown key", format!("{TEXT}\n{b}{a}"), None),
        ("the same signature twice", format!("{TEXT}\n{a}{a}"), None),
        ("a second signature of the key is not looked at", format!("{TEXT}\n{a}{other}"), None),
        ("but the first one is", format!("{TEXT}\n{other}{a}"), Some(&invalid)),
        ("only an unknown key", format!("{TEXT}\n{b}"), unverified),
        ("signature of another text", format!("{TEXT}\n{other}"), Some(&invalid)),
        ("changed text", format!("x{TEXT}\n{a}"), Some(&invalid)),
        ("no text but a line end", format!("\n\n{}", alice().line("\n")), None),
        ("no text", format!("\n{a}"), malformed),
        ("nothing", String::new(), malformed),
        ("no signatures", format!("{TEXT}\n"), malformed),
        ("no blank line", format!("text\n{a}"), malformed),
        ("no line end behind the signature", format!("{TEXT}\n{}", a.trim_end()), malformed),
        ("a blank line behind the signature", format!("{TEXT}\n{a}\n"), malformed),
        ("a line that is no signature", format!("{TEXT}\n{a}x\n"), malformed),
        ("a hyphen for the dash", format!("{TEXT}\n{}", a.replace('—', "-")), malformed),
        ("no space behind the dash", format!("{TEXT}\n{}", a.replace("— ", "—")), malformed),
        (
            "two spaces behind the name",
            format!("{TEXT}\n{}", a.replace("com ", "com  ")),
            malformed,
        ),
        ("no name", format!("{TEXT}\n—  AAAAAAA=\n"), malformed),
        ("a name with a plus", format!("{TEXT}\n— a+b AAAAAAA=\n"), malformed),
        ("no base64", format!("{TEXT}\n— name\n"), malformed),
        ("empty base64", format!("{TEXT}\n— name \n"), malformed),
        ("four bytes", short("AAAAAA=="), malformed),
        ("five bytes", short("AAAAAAA="), unverified),
        ("bits behind the last byte", short("AAAAAAB="), unverified),
        ("URL base64", short("AAAAAA-_AAA="), malformed),
        ("no padding", short("AAAAAAA"), malformed),
        ("CRLF", format!("{TEXT}\n{a}").replace('\n', "\r\n"), malformed),
        ("a tab in the text", format!("a\tb\n\n{a}"), malformed),
        ("NUL in the text", format!("a\0b\n\n{a}"), malformed),
        ("DEL is no control character here", format!("a\x7f\n\n{}", alice().line("a\x7f\n")), None),
        ("C1 controls neither", format!("\u{85}\n\n{}", alice().line("\u{85}\n")), None),
        ("U+FFFD is a character", format!("\u{fffd}\n\n{}", alice().line("\u{fffd}\n")), None),
        ("a BOM is part of the text", format!("\u{feff}{TEXT}\n{a}"), Some(&invalid)),
        ("100 signatures", format!("{TEXT}\n{}{a}", b.repeat(99)), None),
        ("101 signatures", format!("{TEXT}\n{}{a}", b.repeat(100)), malformed),
        ("signature cut short", format!("{TEXT}\n{}AAA=\n", &a[..50]), Some(&invalid)),
    ];
    let key = alice().vkey();
    for (name, note, expected) in &cases {
        let error = verify(&key, note.as_bytes()).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), *expected, "{name}");
    }
    let mut notes: Vec<Vec<u8>> = cases.into_iter().map(|(_, note, _)| note.into_bytes()).collect();
    for bytes in [
        b"\xff\n\n".as_slice(),
        b"\xed\xa0\x80\n\n",
        b"\xc0\x80\n\n",
        b"\xf4\x90\x80\x80\n\n",
        b"\xe2\x82\n\n",
    ] {
        notes.push([bytes, alice().line("x\n").as_bytes()].concat());
    }
    assert_eq!(agree(&notes, std::slice::from_ref(&key)), 9);
    agree(&notes, &[key.clone(), bob().vkey()]);
    agree(&notes, &[key.clone(), key]);
    agree(&notes, &[]);
}

#[test]
fn a_note_without_known_signature_is_in_the_error() {
    let note = bob().sign(TEXT);
    let Err(Error::Unverified(note)) = verify(&alice().vkey(), note.as_bytes()) else { panic!() };
    assert_eq!(note.text, TEXT);
    assert_eq!(note.unverified_sigs[0].key.name, "bob.example.com/log");
}

#[test]
fn each_changed_byte_is_judged_as_go_judges_it() {
    let note = format!("{TEXT}\n{}{}", bob().line(TEXT), alice().line(TEXT)).into_bytes();
    let mut notes = Vec::new();
    for at in 0..note.len() {
        for change in [1, 0x80] {
            let mut changed = note.clone();
            changed[at] ^= change;
            notes.push(changed);
        }
        for byte in *b"\n =" {
            let mut changed = note.clone();
            changed[at] = byte;
            notes.push(changed.clone());
            changed.insert(at, note[at]);
            notes.push(changed);
        }
        notes.push([&note[..at], &note[at + 1..]].concat());
        notes.push(note[..at].to_vec());
        notes.push([&note[..at], b"\n\n", &note[at..]].concat());
    }
    let accepted = agree(&notes, &[alice().vkey()]);
    assert!(accepted > 0 && accepted < notes.len() / 4, "{accepted} of {}", notes.len());
}

#[test]
fn a_long_note_takes_linear_time() {
    // Go has no limit for notes either; a million blank lines and as many signs of a signature must not hurt.
    let text = "\n— \n\n".repeat(1_000_000);
    let note = alice().sign(&text);
    assert_eq!(verify(&alice().vkey(), note.as_bytes()).unwrap().text, text);
}
