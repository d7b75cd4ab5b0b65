//! `.dockerignore` files against `ignorefile.ReadAll`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are parts of tests")]

mod common;

use buildcontext::{MAX_LINE, ParseError, parse};
use common::{Random, ask_go, base64};
use proptest::prelude::*;
use serde_json::{Value, json};

fn compare(files: &[Vec<u8>]) {
    let questions: Vec<Value> =
        files.iter().map(|file| json!({ "Op": "read", "Data": base64(file) })).collect();
    for (file, go) in files.iter().zip(ask_go(&questions)) {
        let text = String::from_utf8_lossy(file.get(..200).unwrap_or(file));
        let ours = match parse(file) {
            Ok(patterns) => patterns,
            Err(ParseError::LineTooLong { .. }) => {
                assert_eq!(go["Error"], "bufio.Scanner: token too long", "{text:?}");
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        assert_eq!(go["Error"], Value::Null, "{text:?}");
        let ours: Vec<&str> = ours.iter().map(|pattern| pattern.text.as_str()).collect();
        let go = go["Patterns"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(
            ours,
            go.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>(),
            "{text:?}"
        );
    }
}

#[test]
fn files_are_read_as_in_go() {
    let files: &[&[u8]] = &[
        b"",
        b"\n\n",
        b"foo",
        b"foo\nbar\n",
        b"foo\r\nbar\r\n\r\n",
        b"foo\r\r\n",
        b"foo\rbar",
        b"#c\n #not a comment\n\t# nor this\n",
        b"\xef\xbb\xbf# comment\nfoo",
        b"\xef\xbb\xbffoo",
        b"\xef\xbb\xbf\xef\xbb\xbffoo",
        b"foo\n\xef\xbb\xbfbar",
        b"\xef\xbb\xbf\n\xef\xbb\xbf#x",
        b" \xef\xbb\xbffoo",
        b"  foo  \n\tbar\t\n",
        b"foo bar",
        b"foo # no comment",
        b"!foo\n! foo\n !foo\n!\tfoo\n!  \n!\n! !foo\n!!foo",
        b"!/foo\n!//foo\n!/\n!.\n!..\n!../x\n!./x/",
        b"/\n//\n/.\n/..\n/../x\n///x//y//\n",
        b"./\n.\n..\n../..\n./foo\nfoo/./bar\nfoo/../bar\nfoo/../../bar",
        b"foo\nfoo\n!foo\nfoo",
        b"\\#foo\n\\!foo\n\\ foo\n",
        b"#",
        b"!#foo",
        b"foo\0bar",
        b"\xff\xfe\n!\xff",
        b"\xc2\xa0foo\xc2\xa0\n\xe2\x80\x83bar\xe3\x80\x80\n\xc2\x85baz",
        b"\xa0foo\x85",
        b"\x0b\x0cfoo\x0b",
        b"\xe2\x80\x8bfoo",
        b"**/*.go\n*.{a,b}\n[ab]\n",
    ];
    compare(&files.iter().map(|file| file.to_vec()).collect::<Vec<_>>());
}

#[test]
fn long_lines_are_refused_as_in_go() {
    let mut files = Vec::new();
    for length in [MAX_LINE - 2, MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, 3 * MAX_LINE] {
        for (before, after) in
            [("", ""), ("", "\n"), ("", "\r\n"), ("a\n", "\nb"), ("#", "\n"), ("\u{feff}", "\n")]
        {
            let line = "x".repeat(length - before.trim_end_matches("a\n").len());
            files.push(format!("{before}{line}{after}").into_bytes());
        }
    }
    compare(&files);
    let error = parse(format!("a\n{}\nb", "x".repeat(MAX_LINE))).unwrap_err();
    assert_eq!(error, ParseError::LineTooLong { line: 2 });
}

#[test]
fn random_files_are_read_as_in_go() {
    const PIECES: &[&[u8]] = &[
        b"a",
        b"foo",
        b"/",
        b"/",
        b".",
        b"..",
        b"!",
        b"#",
        b" ",
        b"\t",
        b"\n",
        b"\n",
        b"\r",
        b"*",
        b"**",
        b"\\",
        b"\xef\xbb\xbf",
        b"\xc2\xa0",
        b"\xff",
        b"\0",
        b"\xc3\xa9",
        b"\xe2\x80",
        b"[",
        b"]",
        b"?",
    ];
    let mut random = Random(0x5eed_0005);
    let file = |random: &mut Random| -> Vec<u8> {
        (0..random.below(24)).flat_map(|_| random.one(PIECES).to_vec()).collect()
    };
    compare(&(0..8000).map(|_| file(&mut random)).collect::<Vec<_>>());
}

#[test]
fn a_hundred_thousand_lines_keep_order_and_numbers() {
    let text: String = (0..100_000).map(|number| format!("dir{number}/**\n\n")).collect();
    let patterns = parse(&text).unwrap();
    assert_eq!(patterns.len(), 100_000);
    assert_eq!((patterns[99_999].text.as_str(), patterns[99_999].line), ("dir99999/**", 199_999));
}

#[test]
fn patterns_know_where_they_are_written() {
    let patterns = parse("é\n  ! /foo/ \n").unwrap();
    let places: Vec<_> =
        patterns.iter().map(|one| (one.line, one.column, one.written.as_str())).collect();
    assert_eq!(places, [(1, 1, "é"), (2, 3, "! /foo/")]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let lines = bytes.split(|byte| *byte == b'\n').count();
        for pattern in parse(&bytes).unwrap() {
            prop_assert!(pattern.line >= 1 && pattern.line <= lines);
            prop_assert_eq!(pattern.negated, pattern.text.starts_with('!') && pattern.written.starts_with('!'));
        }
    }
}
