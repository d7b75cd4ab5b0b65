//! GOSUMDB.

use gosumdb::testkit::Signer;
use gosumdb::{Setting, join};

/// Name and address, or what is wrong.
type Answer = Result<(String, Option<String>), String>;

fn read(value: &str) -> Answer {
    match Setting::parse(value) {
        Ok(Setting::Off) => Ok(("off".to_owned(), None)),
        Ok(Setting::On(database)) => Ok((database.name().to_owned(), database.url)),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn values_are_read_by_the_rules_of_the_go_command() {
    let key = |name: &str| Signer::new(name, [1; 32]).unwrap().vkey();
    let own = key("db.example.com");
    let ok = |name: &str, url: Option<&str>| Ok((name.to_owned(), url.map(str::to_owned)));
    let no = |error: &str| Err(error.to_owned());
    let name = |name: &str| no(&format!("invalid sumdb name (must be host[/path]): {name}"));
    let cases: Vec<(String, Answer)> = vec![
        ("off".into(), ok("off", None)),
        ("sum.golang.org".into(), ok("sum.golang.org", None)),
        (gosumdb::SUM_GOLANG_ORG.into(), ok("sum.golang.org", None)),
        ("sum.golang.google.cn".into(), ok("sum.golang.org", Some("https://sum.golang.google.cn"))),
        (
            "sum.golang.org https://mirror.example.com/x".into(),
            ok("sum.golang.org", Some("https://mirror.example.com/x")),
        ),
        (own.clone(), ok("db.example.com", None)),
        (
            format!("  {own}\t http://127.0.0.1:8080 \n"),
            ok("db.example.com", Some("http://127.0.0.1:8080")),
        ),
        (key("db.example.com:8443/a/b"), ok("db.example.com:8443/a/b", None)),
        (String::new(), no("missing GOSUMDB")),
        (" \u{a0}\t".into(), no("missing GOSUMDB")),
        ("Off".into(), no("invalid GOSUMDB: malformed verifier id")),
        (" off".into(), no("invalid GOSUMDB: malformed verifier id")),
        ("sum.golang.google.cn https://x".into(), no("invalid GOSUMDB: malformed verifier id")),
        ("example.com".into(), no("invalid GOSUMDB: malformed verifier id")),
        (format!("{own} a b"), no("invalid GOSUMDB: too many fields")),
        ("off off off".into(), no("invalid GOSUMDB: too many fields")),
        (
            gosumdb::SUM_GOLANG_ORG.replace("033de0ae", "033de0af"),
            no("invalid GOSUMDB: invalid verifier hash"),
        ),
        (key("db.example.com/"), name("db.example.com/")),
        (key("/a"), name("/a")),
        (key(".."), name("..")),
        (key("db.example.com/../../a"), name("db.example.com/../../a")),
        (key("db.example.com//a"), name("db.example.com//a")),
        (key("user@db.example.com"), name("user@db.example.com")),
        (key("db.example.com?a"), name("db.example.com?a")),
        (key("db.example.com/a?b"), name("db.example.com/a?b")),
        (key("db.example.com/%2e%2e"), name("db.example.com/%2e%2e")),
        (key("db.example.com:port"), name("db.example.com:port")),
        (key("db.example.com\\a"), name("db.example.com\\a")),
        (format!("{own} :x"), no("invalid GOSUMDB URL: missing protocol scheme")),
        (
            format!("{own} http://a\x01"),
            no("invalid GOSUMDB URL: net/url: invalid control character in URL"),
        ),
    ];
    for (value, expected) in cases {
        assert_eq!(read(&value), expected, "{value:?}");
    }
}

#[test]
fn addresses_are_put_together() {
    let Ok(Setting::On(database)) = Setting::parse("sum.golang.org") else { panic!() };
    assert_eq!(database.direct_url(), "https://sum.golang.org");
    let proxied = database.proxied_url("https://proxy.example.com/go/");
    assert_eq!(proxied, "https://proxy.example.com/go/sumdb/sum.golang.org");
    assert_eq!(join(&proxied, "/supported"), format!("{proxied}/supported"));
    let lookup = "/lookup/example.com/!a@v1.0.0+incompatible";
    assert_eq!(join(&proxied, lookup), format!("{proxied}{lookup}"));
    assert_eq!(join("http://x/", "/lookup/a@v 1#?%é"), "http://x/lookup/a@v%201%23%3F%25%C3%A9");
}
