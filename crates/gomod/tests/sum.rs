//! go.sum files: what is read, what is refused, and what a hash is told.

use gomod::{EMPTY_GO_MOD_HASH, SumError, SumMatch, parse_go_sum};
use proptest::prelude::*;

/// Name, text, and the lines read as `LINE path version kind hash`, or `error LINE FIELDS`.
const CASES: &[(&str, &str, &str)] = &[
    ("empty", "", ""),
    ("blank lines", "\n \n\t\r\n", ""),
    ("module", "a v1.0.0 h1:x=\n", "1 a v1.0.0 zip h1:x="),
    ("go.mod", "a v1.0.0/go.mod h1:x=\n", "1 a v1.0.0 mod h1:x="),
    ("without line end", "a v1.0.0 h1:x=", "1 a v1.0.0 zip h1:x="),
    ("CRLF", "a v1.0.0 h1:x=\r\nb v1.0.0 h1:y=\r\n", "1 a v1.0.0 zip h1:x=; 2 b v1.0.0 zip h1:y="),
    ("tabs and many blanks", "\ta\t v1.0.0   h1:x= \n", "1 a v1.0.0 zip h1:x="),
    ("no-break space parts words", "a\u{a0}v1.0.0\u{2003}h1:x=\n", "1 a v1.0.0 zip h1:x="),
    ("zero-width space does not", "a\u{200b}v1.0.0 h1:x=\n", "error 1 2"),
    (
        "blank lines between",
        "\na v1.0.0 h1:x=\n\n\nb v1.0.0 h1:y=\n",
        "2 a v1.0.0 zip h1:x=; 5 b v1.0.0 zip h1:y=",
    ),
    (
        "the order and doubles stay",
        "b v1 h1:x\na v1 h1:x\nb v1 h1:x\n",
        "1 b v1 zip h1:x; 2 a v1 zip h1:x; 3 b v1 zip h1:x",
    ),
    ("versions and hashes are not looked at", "A/../ latest zzz\n", "1 A/../ latest zip zzz"),
    ("only the last /go.mod is cut off", "a v1/go.mod/go.mod h1:x\n", "1 a v1/go.mod mod h1:x"),
    ("one word", "a\n", "error 1 1"),
    ("two words", "a v1.0.0\n", "error 1 2"),
    ("four words", "a v1.0.0 h1:x= y\n", "error 1 4"),
    ("comment", "a v1.0.0 h1:x=\n// comment\n", "error 2 2"),
    ("merge conflict", "a v1.0.0 h1:x=\n<<<<<<< HEAD\n", "error 2 2"),
    ("separator of a merge conflict", "=======\n", "error 1 1"),
    ("NUL", "a v1.0.0\0h1:x=\n", "error 1 2"),
];

fn shown(text: &[u8]) -> String {
    match parse_go_sum(text) {
        Ok(sum) => {
            let kind = |go_mod| if go_mod { "mod" } else { "zip" };
            let lines = sum.lines().iter().map(|line| {
                let kind = kind(line.go_mod);
                format!("{} {} {} {kind} {}", line.line, line.path, line.version, line.hash)
            });
            lines.collect::<Vec<_>>().join("; ")
        }
        Err(SumError { line, fields }) => format!("error {line} {fields}"),
    }
}

#[test]
fn lines_are_read_as_by_the_go_command() {
    for (name, text, want) in CASES {
        assert_eq!(shown(text.as_bytes()), *want, "{name}");
    }
}

#[test]
fn the_hash_of_nothing_is_passed_over() {
    let text = format!("a v1.0.0/go.mod {EMPTY_GO_MOD_HASH}\na v1.0.0 h1:x=\n");
    assert_eq!(shown(text.as_bytes()), "2 a v1.0.0 zip h1:x=");
}

#[test]
fn bytes_that_are_no_utf8_are_letters() {
    assert_eq!(shown(b"a\xff v1 h1:\xe4\xb8"), "1 a\u{fffd} v1 zip h1:\u{fffd}\u{fffd}");
}

#[test]
fn a_hash_is_verified_by_the_first_line_that_decides() {
    let sum = parse_go_sum(
        "a v1 h2:new\na v1 h1:one\na v1 h1:two\na v1/go.mod h1:mod\nb v1 h2:only\nc v1 h1:two\nc v1 h1:one\n",
    )
    .unwrap();
    let verify = |path, version, go_mod, hash| match sum.verify(path, version, go_mod, hash) {
        SumMatch::Verified => "verified".to_owned(),
        SumMatch::Missing => "missing".to_owned(),
        SumMatch::Mismatch(line) => format!("mismatch {}", line.line),
    };
    let cases = [
        ("a", "v1", false, "h1:one", "verified"),
        // Go stops at the first h1 line that differs, though the next one is equal.
        ("a", "v1", false, "h1:two", "mismatch 2"),
        ("c", "v1", false, "h1:two", "verified"),
        ("c", "v1", false, "h1:one", "mismatch 6"),
        ("a", "v1", false, "h2:new", "verified"),
        ("a", "v1", true, "h1:mod", "verified"),
        ("a", "v1", true, "h1:one", "mismatch 4"),
        ("a", "v2", false, "h1:one", "missing"),
        ("b", "v1", false, "h1:one", "missing"),
        ("d", "v1", false, "h1:one", "missing"),
    ];
    for (path, version, go_mod, hash, want) in cases {
        assert_eq!(verify(path, version, go_mod, hash), want, "{path} {version} {go_mod} {hash}");
    }
    assert!(sum.has("a", "v1", false) && sum.has("a", "v1", true));
    assert!(!sum.has("b", "v1", false), "a hash of another algorithm does not count");
    assert!(!sum.has("b", "v1", true));
    assert_eq!(sum.lookup("a", "v1", false).map(|line| line.line).collect::<Vec<_>>(), [1, 2, 3]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_go_sum(&bytes);
    }

    #[test]
    fn lookup_finds_what_a_search_finds(words in prop::collection::vec(("[ab]", "v[12]", any::<bool>()), 0..30)) {
        let mut text = String::new();
        for (path, version, go_mod) in &words {
            text += &format!("{path} {version}{} h1:x\n", if *go_mod { "/go.mod" } else { "" });
        }
        let sum = parse_go_sum(&text).unwrap();
        for (path, version, go_mod) in &words {
            let found: Vec<_> = sum.lookup(path, version, *go_mod).collect();
            let wanted: Vec<_> = sum
                .lines()
                .iter()
                .filter(|l| (&l.path, &l.version, &l.go_mod) == (path, version, go_mod))
                .collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
