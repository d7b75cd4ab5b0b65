//! go.sum files: what is read, what is refused, and what a hash is told.

use gomod::{EMPTY_GO_MOD_HASH, HashProblem, SumError, SumMatch, hash_problem, parse_go_sum};
use proptest::prelude::*;
use serde_json::json;

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

const A: &str = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const B: &str = "h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

#[test]
fn problems_inside_of_a_file_are_found() {
    let cases: &[(&str, &str, &str)] = &[
        ("good", "a v1 A\na v1/go.mod B\nb v1 A\n", ""),
        ("unsorted", "b v1 A\na v2 A\na v1 A\n", ""),
        ("contradiction", "a v1 A\nb v1 A\na v1 B\n", "3 contradicts line 1"),
        ("contradiction of a go.mod", "a v1/go.mod A\na v1/go.mod B\n", "2 contradicts line 1"),
        ("zip and go.mod do not contradict", "a v1 A\na v1/go.mod B\n", ""),
        ("versions do not contradict", "a v1 A\na v1.0.0 B\n", ""),
        ("paths in two cases do not contradict", "a v1 A\nA v1 B\n", ""),
        ("three", "a v1 A\na v1 B\na v1 A\n", "2 contradicts line 1; 3 repeats line 1"),
        (
            "both wrong and repeated",
            "a v1 A\na v1 B\na v1 B\n",
            "2 contradicts line 1; 3 contradicts line 1; 3 repeats line 2",
        ),
        ("duplicate", "a v1 A\na   v1\tA\r\n", "2 repeats line 1"),
        (
            "another algorithm",
            "a v1 h2:x\na v1 A\n",
            "1 no h1 hash, which the go command passes over",
        ),
        ("too short", "a v1 h1:AAAA\n", "1 a hash of 4 instead of 44 characters"),
        ("empty hash", "a v1 h1:\n", "1 a hash of 0 instead of 44 characters"),
    ];
    for (name, text, want) in cases {
        let text = text.replace(" A\n", &format!(" {A}\n")).replace(" B\n", &format!(" {B}\n"));
        let text = text.replace("\tA\r", &format!("\t{A}\r"));
        let sum = parse_go_sum(&text).unwrap();
        let found = sum.problems();
        let found = found.iter().map(|one| format!("{} {}", one.line.line, one.problem));
        assert_eq!(found.collect::<Vec<_>>().join("; "), *want, "{name}");
    }
}

#[test]
fn hashes_that_can_be_of_nothing_are_told() {
    let cases = [
        (A.to_owned(), None),
        (B.to_owned(), None),
        (EMPTY_GO_MOD_HASH.to_owned(), None),
        ("H1:".to_owned() + &A[3..], Some(HashProblem::Algorithm)),
        (A[3..].to_owned(), Some(HashProblem::Algorithm)),
        (A.to_owned() + "=", Some(HashProblem::Length(45))),
        (A.replace('=', ""), Some(HashProblem::Length(43))),
        (A.replace('=', "A"), Some(HashProblem::Character('A'))),
        (A.replacen("AAAA", "AA=A", 1), Some(HashProblem::Character('='))),
        (A.replacen("AAAA", "A_-A", 1), Some(HashProblem::Character('_'))),
        (A.replacen("AAAA", "AéAA", 1), Some(HashProblem::Character('é'))),
        (A.replace("A=", "é="), Some(HashProblem::Character('é'))),
        (A.replace("A=", "B="), Some(HashProblem::TrailingBits)),
        (A.replace("A=", "/="), Some(HashProblem::TrailingBits)),
    ];
    for (hash, want) in cases {
        assert_eq!(hash_problem(&hash), want, "{hash}");
    }
}

#[test]
fn the_json_form_is_the_documented_one() {
    let sum = parse_go_sum(format!("b v1 {A}\n\na v1/go.mod {B}\n")).unwrap();
    let want = json!([
        { "Path": "b", "Version": "v1", "GoMod": false, "Hash": A, "Line": 1 },
        { "Path": "a", "Version": "v1", "GoMod": true, "Hash": B, "Line": 3 },
    ]);
    assert_eq!(sum.to_json(), want);
    assert_eq!(parse_go_sum("").unwrap().to_json(), json!([]));
}

#[test]
fn hostile_sizes_are_read() {
    let same = format!("a v1 {A}\n").repeat(100_000);
    assert_eq!(parse_go_sum(same).unwrap().problems().len(), 99_999);
    let other: String = (0..50_000).map(|n| format!("a v1 h1:{n}\n")).collect();
    let sum = parse_go_sum(other).unwrap();
    assert_eq!(sum.problems().len(), 2 * 50_000 - 1);
    assert!(parse_go_sum("a ".repeat(1_000_000)).is_err());
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
