//! Characters, versions, module paths and patterns held against the installed Go.

use crate::ask::ask_go;
use crate::random::sample;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn printable_characters_are_those_of_go() {
    let edges = ask_go([("print", &b""[..])]).remove(0);
    let mut last = false;
    let mut ours = Vec::new();
    // A word of a go.mod may consist of printable characters other than these.
    for c in '\0'..=char::MAX {
        let known = [' ', '(', ')', '[', ']', '{', '}', ',', '"', '`', '/'];
        let printable = known.contains(&c)
            || gomod::parse_go_mod(format!("tool {c}")).is_ok_and(|f| !f.tool.is_empty());
        let printable = printable || c == '\'';
        if printable != last {
            last = printable;
            ours.push(u32::from(c));
        }
    }
    // The characters that are skipped between words, and surrogates, which are no characters.
    assert_eq!(json!(ours), edges);
}

fn compare_values(kind: &str, inputs: &[(String, String)], ours: impl Fn(&str, &str) -> Value) {
    let requests: Vec<String> = inputs.iter().map(|(a, b)| format!("{a}\0{b}")).collect();
    let theirs = ask_go(requests.iter().map(|request| (kind, request.as_bytes())));
    for ((left, right), theirs) in inputs.iter().zip(theirs) {
        assert_eq!(ours(left, right), theirs, "{kind} {left:?} {right:?}");
    }
}

fn pairs(words: &'static [&'static str], random: &'static str) -> Vec<(String, String)> {
    let word = prop_oneof![
        prop::sample::select(words).prop_map(str::to_owned),
        prop::string::string_regex(random).unwrap(),
    ];
    let word = word.boxed();
    let mut pairs = sample(20_000, (word.clone(), word));
    pairs.extend(
        words.iter().flat_map(|a| words.iter().map(|b| ((*a).to_owned(), (*b).to_owned()))),
    );
    pairs
}

#[test]
fn semantic_versions_are_those_of_go() {
    use gomod::semver;
    let words = &[
        "",
        "v",
        "v1",
        "v1.2",
        "v1.2.3",
        "v1.2.3-rc.1",
        "v1.2.3-rc.10",
        "v1.2.3-rc.9",
        "v1.2.3-0",
        "v1.2.3-00",
        "v1.2.3-a.b",
        "v1.2.3-a",
        "v1.2.3-A",
        "v1.2.3-1",
        "v1.2.3--",
        "v1.2.3+x",
        "v1.2.3-a+x.y",
        "v1.2.3+incompatible",
        "v2.0.0+incompatible",
        "v1.2.3+",
        "v1.2.3-",
        "v1.2-a",
        "v01.2.3",
        "1.2.3",
        "v1.2.3.4",
        "v1.2.x",
        "v99999999999999999999999.0.0",
        "v0.0.0-20240102150405-abcdefabcdef",
        "v1.2.3-é",
        "v1.10.0",
        "v1.9.0",
    ];
    compare_values(
        "semver",
        &pairs(words, "v?[0-2]{1,2}(\\.[0-2]{1,2}){0,3}([-+.][0-9a-bA-é.-]{0,4}){0,2}"),
        |v, w| {
            json!([
                semver::is_valid(v),
                semver::canonical(v).unwrap_or_default(),
                semver::major(v).unwrap_or_default(),
                semver::major_minor(v).unwrap_or_default(),
                semver::prerelease(v).unwrap_or_default(),
                semver::build(v).unwrap_or_default(),
                gomod::module_path::canonical_version(v).unwrap_or_default(),
                semver::compare(v, w) as i8,
            ])
        },
    );
}

#[test]
fn go_versions_are_those_of_go() {
    use gomod::go_version;
    let words = &[
        "",
        "1",
        "1.0",
        "1.20",
        "1.20.0",
        "1.20.1",
        "1.21",
        "1.21rc1",
        "1.21rc2",
        "1.21rc10",
        "1.21beta1",
        "1.21alpha1",
        "1.21rc",
        "1.21.0",
        "1.21.0rc1",
        "1.21.3",
        "1.24.11",
        "1.9",
        "1.10",
        "2",
        "2.0",
        "2.1",
        "0.1",
        "01.2",
        "1.02",
        "1.2.x",
        "1.99999999999999999999",
        "1.21é",
        "x",
    ];
    compare_values(
        "gover",
        &pairs(words, "[0-2]{1,2}(\\.[0-2]{1,2}){0,3}([a-cé]{0,2}[0-2]{0,2})"),
        |v, w| {
            json!([
                go_version::is_valid(v),
                go_version::lang(v).map(|lang| format!("go{lang}")).unwrap_or_default(),
                go_version::compare(v, w) as i8,
            ])
        },
    );
}

#[test]
fn module_paths_are_those_of_go() {
    use gomod::module_path as path;
    let words = &[
        "",
        "a",
        "example.com",
        "example.com/a",
        "example.com/a/v2",
        "example.com/a/v1",
        "example.com/a/v0",
        "example.com/a/v02",
        "example.com/a/v1.2",
        "example.com/av2",
        "/v2",
        "v2",
        "example.com/v2",
        "-a",
        "a//b",
        "a/",
        "/a",
        "a/../b",
        "a/.b",
        "a/b.",
        "a.b/con",
        "a.b/CON.go",
        "a.b/com1",
        "a.b/com0",
        "a.b/COM10",
        "a.b/x~1",
        "a.b/x~1.go",
        "a.b/x~",
        "a.b/~a1",
        "A.b",
        "a.b/C",
        "a.b/!c",
        "a.b/!C",
        "a.b/c!",
        "a.b/é",
        "a.b/c+d",
        "a.b/c@d",
        "gopkg.in/yaml.v3",
        "gopkg.in/yaml",
        "gopkg.in/yaml.v0",
        "gopkg.in/yaml.v01",
        "gopkg.in/yaml.v0-unstable",
        "gopkg.in/yaml.v2-unstable",
        "gopkg.in/yaml.v-unstable",
        "gopkg.in/yaml.v",
        "gopkg.in/v3",
        "gopkg.in/",
        "gopkg.in/.v1",
        "github.com/Azure/sdk",
        "v1.0.0",
        "v1.0.0-RC.1",
        "v1.0.0/go.mod",
        "..",
        "a b",
    ];
    compare_values(
        "path",
        &pairs(words, "(gopkg\\.in/)?[aA.v0-2/~!-]{1,9}(-unstable)?"),
        |p, _| {
            let split = path::split_path_version(p);
            let (prefix, major) = split.unwrap_or((p, ""));
            json!([
                path::check(p).err().map(|e| e.to_string()).unwrap_or_default(),
                path::check_import(p).err().map(|e| e.to_string()).unwrap_or_default(),
                split.is_some(),
                prefix,
                major,
                path::escape(p).unwrap_or_default(),
                path::unescape(p).unwrap_or_default(),
                path::escape_version(p).unwrap_or_default(),
            ])
        },
    );
}

#[test]
fn versions_go_with_paths_as_in_go() {
    let words = &[
        "",
        "/v2",
        "/v3",
        ".v1",
        ".v2",
        ".v0",
        ".v1-unstable",
        "/v2-unstable",
        "v0.1.0",
        "v1.0.0",
        "v2.0.0",
        "v2.0.0+incompatible",
        "v3.0.0+x",
        "v0.0.0-20161208181325-20d25e280405",
        "v1",
        "x",
    ];
    compare_values("major", &pairs(words, "[/.v]{1,2}[0-2]"), |version, major| {
        json!(
            gomod::module_path::check_path_major(version, major)
                .err()
                .map(|e| e.to_string())
                .unwrap_or_default()
        )
    });
}

#[test]
fn globs_match_as_in_go() {
    let words = &[
        "",
        "*",
        "**",
        "?",
        "*.com",
        "*.example.com",
        "git.example.com",
        "example.com/a",
        "example.com/a/b",
        "example.com/*",
        "*/a",
        "a/",
        "/a",
        "[a-c]",
        "[^a]",
        "[]a]",
        "[a",
        "a]",
        "[a-]",
        "[-a]",
        "\\*",
        "\\",
        "a\\",
        "*[/]*b",
        "x/y/b",
        "*a*b",
        "xab",
        "a,b",
        ",",
        ",,a,",
        "a*",
        "*a",
        "中",
        "[中-丮]",
        "*b*c*d*e",
        "abcde",
    ];
    compare_values("glob", &pairs(words, "[ab*?/,\\]\\[^\\\\-]{0,6}"), |pattern, name| {
        let matched = gomod::glob::matches(pattern, name);
        json!([
            matched.unwrap_or(false),
            matched.is_ok(),
            gomod::module_path::match_prefix_patterns(pattern, name),
        ])
    });
}
