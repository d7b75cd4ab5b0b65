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

fn error_text<E: ToString>(result: Result<(), E>) -> String {
    result.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn paths_with_versions_are_checked_as_in_go() {
    let words = &[
        "",
        "a",
        "example.com/a",
        "example.com/a/v2",
        "example.com/a/v1",
        "gopkg.in/yaml.v3",
        "gopkg.in/check.v1",
        "gopkg.in/a.v2-unstable",
        "v1.0.0",
        "v1",
        "v2.0.0",
        "v2.0.0+incompatible",
        "v3.0.1",
        "master",
        "v1.0.0-",
        "v0.0.0-20161208181325-20d25e280405",
        "A.b/c",
        "v02.0.0",
    ];
    compare_values("version", &pairs(words, "(a\\.b/)?[av/.0-2+-]{1,6}"), |path, version| {
        json!(error_text(gomod::module_path::check_version(path, version)))
    });
}

#[test]
fn file_paths_are_checked_as_in_go() {
    let words = &[
        "",
        "a",
        "-a",
        "a/-b",
        "a//b",
        "/a",
        "a/",
        "a/..",
        "a/.b",
        ".gitignore",
        "a.",
        "a b/c d.go",
        "a+b",
        "x~1",
        "x~1.go",
        "CON",
        "a/con.txt",
        "com1.go",
        "com0",
        "a:b",
        "a\\b",
        "a*b",
        "a?b",
        "a\"b",
        "a'b",
        "a`b",
        "a<b",
        "a|b",
        "a;b",
        "!#$%&()+,-.=@[]^_{}~",
        "é",
        "模块/文件.go",
        "a\u{301}",
        "²",
        "a\u{200b}",
        "🚀",
        "ªº",
        "a\tb",
        "a\nb",
        "a\u{7f}",
    ];
    compare_values("file", &pairs(words, "[a./ ~1é²~:;+=-]{1,6}"), |path, _| {
        json!(error_text(gomod::module_path::check_file(path)))
    });
}

#[test]
fn letters_are_those_of_go() {
    let edges = ask_go([("letters", &b""[..])]).remove(0);
    let mut last = false;
    let mut ours = Vec::new();
    for c in '\0'..=char::MAX {
        // Of what a file name may hold, these are no letters.
        let other = c.is_ascii_digit() || "!#$%&()+,-.=@[]^_{}~ /".contains(c);
        let letter = !other && gomod::module_path::check_file(&format!("a{c}b")).is_ok();
        if letter != last {
            last = letter;
            ours.push(u32::from(c));
        }
    }
    assert_eq!(json!(ours), edges);
}

#[test]
fn pseudo_versions_are_those_of_go() {
    use gomod::pseudo;
    let words = &[
        "",
        "v1.2.3",
        "v0.0.0-20240102150405-abcdefabcdef",
        "v2.0.0-20240102150405-abcdefabcdef+incompatible",
        "v1.2.4-0.20240102150405-abcdefabcdef",
        "v1.2.0-0.20240102150405-abcdefabcdef",
        "v1.0.0-0.20240102150405-abcdefabcdef",
        "v1.0.100-0.20240102150405-abcdefabcdef",
        "v1.0.10-0.20240102150405-abcdefabcdef",
        "v2.0.1-0.20240102150405-abcdefabcdef+incompatible",
        "v1.2.3-pre.0.20240102150405-abcdefabcdef",
        "v1.2.3-pre.1.0.20240102150405-abcdefabcdef+incompatible",
        "v1.2.3-pre-x.0.20240102150405-abcdefabcdef",
        "v1.2.3-0.0.20240102150405-abcdefabcdef",
        "v1.2.3-pre.20240102150405-abcdefabcdef",
        "v1.2.3-20240102150405-abcdefabcdef",
        "v1.0.0-20240102150405-abcdefabcdef",
        "v1.0.0-20240102150405-abc-def",
        "v1.0.0-20240102150405-",
        "v1.0.0-2024010215040-abcdefabcdef",
        "v1.0.0-202401021504055-abcdefabcdef",
        "v0.0.0-20240230150405-abcdefabcdef",
        "v0.0.0-20240229150405-abcdefabcdef",
        "v0.0.0-20230229150405-abcdefabcdef",
        "v0.0.0-19000229150405-abcdefabcdef",
        "v0.0.0-20000229150405-abcdefabcdef",
        "v0.0.0-20241302150405-abcdefabcdef",
        "v0.0.0-20240100150405-abcdefabcdef",
        "v0.0.0-20240102240405-abcdefabcdef",
        "v0.0.0-20240102156005-abcdefabcdef",
        "v0.0.0-20240102150460-abcdefabcdef",
        "v0.0.0-00000101000000-abcdefabcdef",
        "v0.0.0-00010101000000-000000000000",
        "v3.0.0-00010101000000-000000000000",
        "v0.0.0-20240102150405-ABCDEF+meta.x",
        "v0.0.0-20240102150405-é",
        "0.0.0-20240102150405-abcdefabcdef",
    ];
    let random = "v[0-2]\\.[0-2]\\.(0|1|9|10|99)-(0\\.|a\\.0\\.|-|a-b\\.0\\.|1\\.)?2024[01][0-9][0-3][0-9]150405-[a-f]{2}(\\+incompatible)?";
    compare_values("pseudo", &pairs(words, random), |version, _| {
        let (time, rev, base) =
            (pseudo::time(version), pseudo::rev(version), pseudo::base(version));
        let zero = pseudo::zero(gomod::semver::major(version).unwrap_or_default());
        json!([
            pseudo::is_pseudo(version),
            pseudo::is_zero(version),
            zero,
            time.as_ref().map(ToString::to_string).unwrap_or_default(),
            error_text(time.map(|_| ())),
            rev.clone().unwrap_or_default(),
            error_text(rev.map(|_| ())),
            base.clone().unwrap_or_default(),
            error_text(base.map(|_| ())),
        ])
    });
}

#[test]
fn pseudo_versions_are_made_as_in_go() {
    let words = &[
        "",
        "v0",
        "v1",
        "v2",
        "v1.2.3",
        "v1.2.9",
        "v1.2.99",
        "v1.2.0",
        "v1",
        "v1.2",
        "v1.2.3-pre",
        "v1.2.3-pre.1+meta",
        "v2.0.0+incompatible",
        "x",
        "v1.2.3-0",
    ];
    compare_values(
        "newpseudo",
        &pairs(words, "v[0-9]\\.[0-9]\\.[0-9]{1,3}(-a)?"),
        |older, major| json!(gomod::pseudo::of(major, older, "20240102150405", "abcdefabcdef")),
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
