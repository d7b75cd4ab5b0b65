//! Variable expansion, with cases after BuildKit's `envVarTest`.

use dockerfile::expand;

#[test]
fn expansions() {
    let lookup = |name: &str| {
        Some(
            match name {
                "PWD" => "/home",
                "SHELL" => "bash",
                "KOREAN" => "한국어",
                "NULL" => "",
                "PATHS" => "a/b/c",
                _ => return None,
            }
            .to_owned(),
        )
    };
    let cases: &[(&str, Option<&str>)] = &[
        ("hello", Some("hello")),
        ("he'll'o", Some("hello")),
        ("he'llo", None),
        ("he\\'llo", Some("he'llo")),
        ("he\"llo", None),
        ("\"abc\\\\d\"", Some("abc\\d")),
        ("\"abc\\d\"", Some("abc\\d")),
        ("'abc\\d'", Some("abc\\d")),
        ("he\\$PWD", Some("he$PWD")),
        ("he\\\\$PWD", Some("he\\/home")),
        ("'$PWD'", Some("$PWD")),
        ("\"$PWD\"", Some("/home")),
        ("$", Some("$")),
        ("he$PWD.", Some("he/home.")),
        ("he$UNSETx", Some("he")),
        ("${PWD}x", Some("/homex")),
        ("${UNSET}x", Some("x")),
        ("${", None),
        ("${}", None),
        ("${{PWD}}", None),
        ("${PWD", None),
        ("${PWD:-a}", Some("/home")),
        ("${UNSET:-a b}", Some("a b")),
        ("${UNSET-a}", Some("a")),
        ("${NULL:-a}", Some("a")),
        ("${NULL-a}", Some("")),
        ("${UNSET:-${NOPE:-$PWD}}", Some("/home")),
        ("${PWD:+a}", Some("a")),
        ("${UNSET:+a}", Some("")),
        ("${NULL:+a}", Some("")),
        ("${NULL+a}", Some("a")),
        ("${UNSET:?no}", None),
        ("${NULL?no}", Some("")),
        ("${PWD:=a}", None),
        ("${PWD=a}", None),
        ("${PATHS#*/}", Some("b/c")),
        ("${PATHS##*/}", Some("c")),
        ("${PATHS%/*}", Some("a/b")),
        ("${PATHS%%/*}", Some("a")),
        ("${PATHS#x}", Some("a/b/c")),
        ("${PATHS/\\//-}", Some("a-b/c")),
        ("${PATHS//\\//-}", Some("a-b-c")),
        ("${PATHS//?/x}", Some("xxxxx")),
        ("${KOREAN%?}", Some("한국")),
        ("$1$@x", Some("x")),
        ("$KOREAN", Some("한국어")),
    ];
    for (word, expected) in cases {
        let found = expand(word, '\\', &lookup).ok().map(|expansion| expansion.text);
        assert_eq!(found.as_deref(), *expected, "{word}");
    }
    assert_eq!(
        expand("a`$PWD\\b", '`', &lookup).map(|expansion| expansion.text).as_deref(),
        Ok("a$PWD\\b")
    );
}

#[test]
fn names_are_reported() {
    let expanded =
        expand("$A${B:-$C}$A", '\\', &|name| (name == "A").then(String::new)).expect("valid");
    assert_eq!(
        (expanded.used, expanded.missing),
        (vec!["A".to_owned()], vec!["C".to_owned(), "B".to_owned()])
    );
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}{}", "${A:-".repeat(100_000), "}".repeat(100_000));
    assert!(expand(&deep, '\\', &|_| None).is_err());
}
