//! Patterns against `github.com/moby/patternmatcher`, all of its methods, and `path/filepath`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are parts of tests")]

mod common;

use buildcontext::{MatchInfo, Matcher, PatternError, clean, shell_match};
use common::{Random, ask_go, question, random_path, random_pattern};
use serde_json::{Value, json};

/// What `tests/go/main.go` reports of a path: the answers of three methods, 2 for an error.
fn answers(matcher: &Matcher, path: &[u8]) -> [u64; 3] {
    let code = |answer: Result<bool, PatternError>| answer.map_or(2, u64::from);
    let step = || {
        let (mut info, mut matched) = (MatchInfo::default(), false);
        for end in (0..=path.len()).filter(|end| *end == path.len() || path[*end] == b'/') {
            (matched, info) = matcher.matches_using_parent_results(&path[..end], &info)?;
        }
        Ok(matched)
    };
    [code(matcher.matches_or_parent_matches(path)), code(matcher.matches(path)), code(step())]
}

/// Holds lists of patterns, each with paths, against Go.
fn compare(cases: &[(Vec<String>, Vec<Vec<u8>>)]) {
    let ask = |(patterns, paths): &(Vec<String>, Vec<Vec<u8>>)| {
        question("match", patterns, &paths.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let questions: Vec<Value> = cases.iter().map(ask).collect();
    for ((patterns, paths), go) in cases.iter().zip(ask_go(&questions)) {
        let ours = Matcher::of(patterns);
        if let Some(error) = go["Error"].as_str() {
            let refused = ours.unwrap_err();
            assert!(refused.to_string().contains(error.trim_matches('"')), "{refused} / {error}");
            continue;
        }
        let ours = ours.unwrap_or_else(|error| panic!("Go accepts {patterns:?}: {error}"));
        for (path, go) in paths.iter().zip(go["Matches"].as_array().unwrap()) {
            let text = String::from_utf8_lossy(path);
            assert_eq!(json!(answers(&ours, path)), *go, "{patterns:?} for {text:?}");
        }
    }
}

fn case(patterns: &[&str], paths: &[&str]) -> (Vec<String>, Vec<Vec<u8>>) {
    let patterns = patterns.iter().map(|text| (*text).to_owned()).collect();
    (patterns, paths.iter().map(|path| path.as_bytes().to_vec()).collect())
}

/// Each is tried alone.
#[rustfmt::skip]
const PATTERNS: &[&str] = &[
    "foo", "/foo", "foo/", "./foo", "foo/bar", "foo/../bar", "../foo", "..", ".", "/", "!", "!!foo", "!/", "!foo",
    "! foo", "", " ", "*", "**", "***", "****", "**/", "**/foo", "**foo", "**/*foo", "foo**", "foo/**", "foo/**/",
    "foo/**/bar", "foo/*/bar", "**/foo/**", "**/foo/bar", "**/**/foo", "**/**", "*/**", "*.go", "**/*.go", "*.*",
    ".*", "**/.*", "a.b", "a?b", "a??", "?", "??/?", "[a-c]", "[^a-c]*", "[!a]*", "[a", "a]", "[]a]", "[a-]",
    "[-a]", "[a-c", "[^]", "[c-a]", "[\\]a]", "[\\-x]", "\\", "foo\\", "\\*", "\\a*", "\\*foo", "a\\[b", "a|b",
    "a|b*", "*|foo", "{foo,bar}", "*.{go,js}", "a{2}", "a{2}*", "a{2,}?", "a{1001}*", "a{1000}*", "a{2}{3}*",
    "a{,2}*", "a{02}*", "**{2}*", "*{2}", "^foo", "^foo*", "foo^*", "foo$", "foo$*", "(foo)*", "foo+*", "a.b*",
    "\\d*", "\\D*", "[\\d]*", "[\\D]", "\\s*", "\\w*x", "[[:alpha:]]*", "[[:foo:]]*", "[[:^digit:]]", "[:alpha:]*",
    "\\Qa.b\\E*", "\\Q*", "\\E*", "\\A*", "\\z*", "foo\\z*", "\\bfoo\\b*", "\\Boo*", "foo\\B*", "\\C*", "\\1*",
    "\\101*", "\\0*", "\\x61*", "\\x6", "\\x{61}*", "\\x{110000}*", "\\pL*", "\\p{Greek}*", "\\p{^L}*", "\\P{Lu}*",
    "\\pu*", "\\p{Alphabetic}*", "\\p{Any}*", "\\n*", "\\q*", "\\é*", "é*", "*é", "foo bar", " foo ", "foo\tbar",
    "[*]", "[**]", "[?]", "[*a]", "[**/]*", "[a?b]*", "[/]*", "foo[/]bar", "foo[^x]bar", "foo?bar", "\u{feff}foo",
    "\u{feff}foo*", "\u{feff}**/foo", "#foo", "~*", "**/a*a*a*b", "**/**/**/*a*a*a*b", "foo/.", "foo/./bar",
    "**/bar", "bar/**/", "**/b*/**", "*b*", "a*/b*", "a/**/**/b", "**/a/**/b", "**.b", "**/.b", "a**b", "a**/b",
    "a/**b", "**a**", "**/**/a", "\u{fffd}*", "a{0}b*", "a{0,0}*", "|*", "||*", "*||", "^*", "^{2}*", "$*",
    "a\\|b*", "a\\{2\\}*", "]*", "[]]*", "[[]*", "[a-\\]]*", "[^^]*", "[\\^]*", "[.]*", "[+-.]*", "[!-*]*",
];

#[rustfmt::skip]
const PATHS: &[&str] = &[
    "foo", "foo/bar", "foo/bar/baz", "bar", "bar/foo", "x/foo", "x/y/foo", "foo.go", "x/foo.go", "a", "b", "c",
    "d", "ab", "abc", "aab", "aa", "aaa", "a.b", "axb", "a/b", "a/x/b", "a/x/y/b", ".b", "x.b", "a|b", "{foo,bar}",
    "a.{go,js}", "a.go", "^foo", "foo^", "foo$", "(foo)", "foo+", "1", "12a", "a1", "-", "[", "]", "*", "\\", "é",
    "éa", "foo bar", "foo\tbar", "foo\nbar", "a\nb/foo", "\u{feff}foo", "#foo", "~x", "!foo", "..", "../foo", ".",
    "./foo", "/foo", "/foo/bar", "foo/", "foo//bar", "", "/", "aaaaaaaaaaaaaaaaaaaaaaaaaaaac", "aXaXaXb", "λ",
    "foo/bar.go", "b/a", "a/b/c/d", "\u{fffd}x", "foobar", "barfoo", "xfoo", "A", "Foo", "FOO",
];

/// Every pattern alone, against every path.
#[test]
fn single_patterns_match_as_in_go() {
    let (patterns, paths) = (PATTERNS, PATHS);
    let mut cases: Vec<_> = patterns.iter().map(|pattern| case(&[pattern], paths)).collect();
    for (_, paths) in &mut cases {
        paths.extend([
            b"\xff".to_vec(),
            b"a\xffb".to_vec(),
            b"\xe2\x82".to_vec(),
            b"\xc3\xa9x".to_vec(),
        ]);
    }
    // As exceptions from everything.
    cases.extend(patterns.iter().map(|pattern| case(&["*", &format!("!{pattern}")], paths)));
    compare(&cases);
}

#[test]
fn lists_match_as_in_go() {
    let paths: &[&str] = &[
        "foo",
        "foo/bar",
        "foo/bar/baz",
        "foo/baz",
        "bar",
        "bar/foo",
        "a/b/c",
        "a/b",
        "a",
        "a/b/d",
        "x.go",
        "x/x.go",
    ];
    compare(&[
        case(&["foo/bar", "!foo"], paths),
        case(&["foo", "!foo/bar"], paths),
        case(&["foo", "!foo/bar", "foo/bar/baz"], paths),
        case(&["*", "!foo", "!a/b"], paths),
        case(&["**", "!**/*.go"], paths),
        case(&["!foo", "foo"], paths),
        case(&["foo", "foo", "!foo", "!foo"], paths),
        case(&["a", "!a/b", "a/b/c", "!a/b/c"], paths),
        case(&["*", "!*/", "!x.go"], paths),
        case(&["\\1", "foo"], paths),
        case(&["foo", "!\\1"], paths),
        case(&["foo", "!foo", "!\\1", "\\1"], paths),
        case(&["!\\1"], paths),
        case(&[], paths),
        case(&["", " "], paths),
    ]);
}

#[test]
fn random_lists_match_as_in_go() {
    let mut random = Random(0x5eed_0001);
    let cases: Vec<_> = (0..6000)
        .map(|_| {
            let patterns = (0..=random.below(4)).map(|_| random_pattern(&mut random)).collect();
            let paths = (0..24).map(|_| random_path(&mut random).into_bytes()).collect();
            (patterns, paths)
        })
        .collect();
    compare(&cases);
}

#[test]
fn long_random_lists_match_as_in_go() {
    let mut random = Random(0x5eed_0007);
    let mut case = || {
        let patterns = (0..60).map(|_| random_pattern(&mut random));
        // One that is refused would spoil the list.
        let patterns = patterns.filter(|pattern| Matcher::of(&[pattern]).is_ok()).collect();
        let paths = (0..60).map(|_| random_path(&mut random).into_bytes()).collect();
        (patterns, paths)
    };
    compare(&(0..150).map(|_| case()).collect::<Vec<_>>());
}

#[test]
fn paths_are_cleaned_as_in_go() {
    let mut random = Random(0x5eed_0002);
    let pieces = ["/", "//", ".", "..", "a", "b.", "...", "é"];
    let paths: Vec<String> =
        (0..5000).map(|_| (0..random.below(8)).map(|_| random.one(&pieces)).collect()).collect();
    let bytes: Vec<&[u8]> = paths.iter().map(String::as_bytes).collect();
    let go = ask_go(&[question("clean", &[], &bytes)]);
    for (path, go) in paths.iter().zip(go[0]["Patterns"].as_array().unwrap()) {
        assert_eq!(clean(path), go.as_str().unwrap(), "{path:?}");
    }
}

#[test]
fn shell_patterns_match_as_in_go() {
    let mut random = Random(0x5eed_0003);
    let (patterns, paths): (Vec<String>, Vec<String>) =
        (0..40_000).map(|_| (random_pattern(&mut random), random_path(&mut random))).unzip();
    let bytes: Vec<&[u8]> = paths.iter().map(String::as_bytes).collect();
    let go = ask_go(&[question("shell", &patterns, &bytes)]);
    let go = go[0]["Matches"].as_array().unwrap();
    for ((pattern, path), go) in patterns.iter().zip(&paths).zip(go) {
        let ours = shell_match(pattern, path).map_or(2, u64::from);
        assert_eq!(json!([ours]), *go, "{pattern:?} for {path:?}");
    }
}
