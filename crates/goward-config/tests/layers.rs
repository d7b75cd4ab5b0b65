//! Layers, provenance, locks, and errors that name file, line and fix.

use goward_config::{Layer, Policy, PolicyText, Sources, load};

fn text(path: &str, text: &str) -> Option<PolicyText> {
    Some(PolicyText { path: path.into(), text: text.into() })
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn repository(policy: &str) -> Result<Policy, Vec<String>> {
    let sources = Sources { repository: text("goward.toml", policy), ..Sources::default() };
    load(&sources).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[test]
fn a_higher_layer_wins_and_every_value_knows_its_origin() {
    let sources = Sources {
        organisation: text("/etc/org.toml", "[tls]\nmin_days = 60\nhosts = [\"a\"]\n"),
        repository: text("goward.toml", "[tls]\nmin_days = 45\n"),
        environment: pairs(&[
            ("GOWARD_TLS__MIN_DAYS", "20"),
            ("GOWARD_GATE__INCONCLUSIVE", "open"),
            ("HOME", "/x"),
            ("GOWARD_LANG", "zh"),
        ]),
        flags: vec![("--root".into(), "tls.root".into(), "/mnt".into())],
    };
    let policy = load(&sources).unwrap();
    assert_eq!(policy.file.tls.min_days, 20);
    assert_eq!(policy.file.tls.hosts, ["a"]);
    assert_eq!(policy.file.tls.root.as_deref(), Some("/mnt"));
    let days = policy.explained.iter().find(|e| e.key == "tls.min_days").unwrap();
    assert_eq!(days.origin.to_string(), "GOWARD_TLS__MIN_DAYS");
    let below: Vec<_> = days.overridden.iter().map(|(o, v)| format!("{o} {v}")).collect();
    assert_eq!(below, ["default 30", "/etc/org.toml:2:1 60", "goward.toml:2:1 45"]);
    assert_eq!(policy.origin("gate.closes").layer, Layer::Default);
}

#[test]
fn a_locked_key_is_refused_in_every_layer_above() {
    let sources = Sources {
        organisation: text("/etc/org.toml", "locked = [\"gate\", \"waiver\"]\n"),
        repository: text(
            "goward.toml",
            "[gate]\ninconclusive = \"open\"\n[[waiver]]\ncheck = \"waiver-expired\"\n\
             fingerprint = \"f\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-01-01\n",
        ),
        flags: vec![("--set gate.closes".into(), "gate.closes".into(), "[\"P0\"]".into())],
        ..Sources::default()
    };
    let errors: Vec<_> = load(&sources).unwrap_err().iter().map(ToString::to_string).collect();
    for start in [
        "goward.toml:2:1: `gate.inconclusive` is locked by /etc/org.toml:1:1",
        "goward.toml:3:1: `waiver` is locked by /etc/org.toml:1:1",
        "--set gate.closes: `gate.closes` is locked by /etc/org.toml:1:1",
    ] {
        assert!(errors.iter().any(|error| error.starts_with(start)), "{start}\n{errors:#?}");
    }
}

#[test]
fn mistakes_name_the_line_and_the_fix() {
    let cases = [
        (
            "[tls]\nmin_dayz = 3\n",
            "goward.toml:2:1: unknown key `min_dayz`; did you mean `min_days`?",
        ),
        ("[tlz]\n", "goward.toml:1:2: unknown key `tlz`; did you mean `tls`?"),
        (
            "version = 2\n",
            "goward.toml:1:1: policy version 2 is not one this goward reads; write `version = 1`",
        ),
        (
            "\n[[waiver]]\ncheck = \"waiver-expired\"\nfingerprint = \"f\"\nreason = \"\"\nowner = \"o\"\nexpires = \"x\"\n",
            "goward.toml:2:1: the waiver's `reason` is empty",
        ),
        (
            "[checks.waiver-expird]\ntier = \"P0\"\n",
            "goward.toml:2:1: no check is called `waiver-expird`; did you mean `waiver-expired`?",
        ),
        (
            "[run]\ntimeout_ms = 0\n",
            "goward.toml:2:1: `run.timeout_ms` is 0, not between 1 and 86400000",
        ),
        ("[tree]\nexclude = [\"a[\"]\n", "goward.toml:2:1: `tree.exclude`: \"a[\""),
        (
            "[[custom]]\nid = \"x\"\n",
            "goward.toml:1:1: custom check \"x\" must have exactly one of command,",
        ),
        (
            "[[custom]]\nid = \"a\"\ntcp = \"h:1\"\nrequires = [\"b\"]\n[[custom]]\nid = \"b\"\ntcp = \"h:1\"\nrequires = [\"a\"]\n",
            "goward.toml:1:1: custom checks require each other in a circle: a, b",
        ),
        (
            "[[custom]]\nid = \"a\"\ntcp = \"h:1\"\nrequires = [\"c\"]\n",
            "goward.toml:1:1: `a` requires `c`, which does not exist",
        ),
    ];
    for (policy, wanted) in cases {
        let errors = repository(policy).unwrap_err();
        assert!(errors.iter().any(|error| error.starts_with(wanted)), "{wanted}\n{errors:#?}");
    }
}

#[test]
fn a_waiver_without_an_owner_is_refused() {
    let errors = repository(
        "[[waiver]]\ncheck = \"x\"\nfingerprint = \"f\"\nreason = \"r\"\nexpires = 2026-01-01\n",
    );
    assert!(errors.unwrap_err()[0].contains("owner"));
}

#[test]
fn a_date_and_a_string_say_the_same() {
    let policy = |expires: &str| {
        let text = format!(
            "[[waiver]]\ncheck = \"waiver-expired\"\nfingerprint = \"f\"\nreason = \"r\"\nowner = \"o\"\nexpires = {expires}\n"
        );
        repository(&text).unwrap().waivers[0].waiver.expires.clone()
    };
    assert_eq!(policy("2026-12-31"), policy("\"2026-12-31\""));
}

proptest::proptest! {
    #[test]
    fn loading_never_panics(policy in "[a-z\\[\\]\"= \n.0-9]{0,80}", value: String) {
        let sources = Sources {
            repository: text("goward.toml", &policy),
            flags: vec![("--set".into(), "tls.min_days".into(), value)],
            ..Sources::default()
        };
        let _ = load(&sources);
    }
}
