//! `goward config`: provenance, schema, init.

use crate::world::World;

#[test]
fn every_value_is_explained() {
    let world = World::policy("[tls]\nmin_days = 45\n");
    world.file("org.toml", "locked = [\"gate\"]\n[tls]\nmin_days = 60\n");
    let mut command = world.command(&["config", "explain", "tls.min"]);
    let output = command
        .env("GOWARD_POLICY", "../org.toml")
        .env("GOWARD_TLS__MIN_DAYS", "20")
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "tls.min_days = 20    # environment: GOWARD_TLS__MIN_DAYS\n    \
         overrides 45    # goward.toml:2:1\n    \
         overrides 60    # ../org.toml:3:1\n    \
         overrides 30    # default\n"
    );
}

#[test]
fn a_locked_key_says_who_locked_it() {
    let world = World::policy("[gate]\ninconclusive = \"open\"\n");
    world.file("org.toml", "locked = [\"gate\"]\n");
    let output = world.command(&["check"]).env("GOWARD_POLICY", "../org.toml").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("goward.toml:2:1: `gate.inconclusive` is locked by ../org.toml:1:1"),
        "{said}"
    );
}

#[test]
fn the_policy_is_found_above_within_the_repository() {
    let world = World::policy("[tls]\nmin_days = 45\n");
    world.file("m/sub/go.mod", "module example.com/sub\n\ngo 1.24.0\n");
    let explain = |dir: &str| world.run(&["config", "explain", "tls.min", "--dir", dir]).stdout;
    assert!(explain("sub").contains("# repository: ../goward.toml:2:1"), "{}", explain("sub"));
    std::fs::create_dir(world.path("m/sub/.git")).unwrap();
    assert!(explain("sub").contains("# default"), "{}", explain("sub"));
}

#[test]
fn init_writes_a_policy_and_never_overwrites() {
    let world = World::module();
    assert_eq!(world.run(&["config", "init"]).status, 0);
    assert_eq!(world.run(&["check", "--no-history", "-q"]).status, 0);
    let before = std::fs::read(world.path("m/goward.toml")).unwrap();
    assert_eq!(world.run(&["config", "init"]).status, 2);
    assert_eq!(std::fs::read(world.path("m/goward.toml")).unwrap(), before);
}

#[test]
fn the_schema_accepts_what_goward_accepts() {
    let world = World::module();
    let schema = serde_json::from_str(&world.run(&["config", "schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = serde_json::json!({
        "version": 1,
        "tls": {"min_days": 3},
        "custom": [{"id": "x", "command": ["true"], "assert": {"status": 0}}],
        "waiver": [{"check": "a", "fingerprint": "f", "reason": "r", "owner": "o", "expires": "2026-01-01"}]
    });
    assert!(validator.is_valid(&good));
    assert!(!validator.is_valid(&serde_json::json!({"tls": {"min_dayz": 3}})));
}

#[test]
fn explain_documents_every_check_in_both_languages() {
    let world = World::module();
    let listed = world.run(&["explain"]).stdout;
    assert!(listed.lines().count() > 20);
    for line in listed.lines() {
        let id = line.split_whitespace().nth(2).unwrap();
        assert!(world.run(&["explain", id]).stdout.contains("## How to fix it"), "{id}");
        assert!(world.run(&["explain", id, "--lang", "zh"]).stdout.contains("## 如何修复"), "{id}");
    }
    let ran = world.run(&["explain", "tls-expird"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("did you mean `tls-expired`?"));
}

/// What the documentation shows is what goward reads.
#[test]
fn the_policies_of_the_documentation_are_valid() {
    let path = crate::world::repository().join("docs/policy.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> =
        text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 6, "{}", blocks.len());
    for block in blocks {
        let world = World::policy(block);
        let ran = world.run(&["config", "explain"]);
        assert_eq!(ran.status, 0, "{block}\n{}", ran.stderr);
    }
}
