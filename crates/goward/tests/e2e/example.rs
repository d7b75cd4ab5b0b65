//! The README's example: as committed it passes, and each break is found by the check it is for.

use crate::world::{Checked, World, repository};
use std::process::Command;

/// Break → what must be found (a check, or words of a message) and the exit status. A break that
/// finds nothing is one that must not disturb.
const BREAKS: &[(&str, Option<&str>, i32)] = &[
    ("audit-commented-k8s", Some("audit-switch"), 1),
    ("audit-missing-dockerfile", Some("audit-switch"), 1),
    ("audit-off-k8s", Some("audit-switch"), 1),
    ("audit-overridden-k8s", Some("audit-switch"), 1),
    ("audit-reset-systemd", Some("audit-switch"), 1),
    ("cert-chain-broken", Some("tls-chain-invalid"), 1),
    ("cert-expired", Some("tls-expired"), 1),
    ("cert-expires-soon", Some("tls-expires-soon"), 1),
    ("cert-key-mismatch", Some("tls-key-mismatch"), 1),
    ("cert-key-readable", Some("tls-key-perm"), 1),
    ("cert-rsa-1024", Some("tls-weak-key"), 1),
    ("cert-sha1", Some("tls-weak-sig"), 1),
    ("cert-wrong-san", Some("tls-name-mismatch"), 1),
    ("config-crlf-bom", None, 0),
    ("go-line-newer", Some("toolchain-too-old"), 1),
    ("goflags-mod-makefile", Some("goflags-mod-mod"), 1),
    ("goinsecure-gitlab", Some("goinsecure"), 1),
    ("gomod-syntax", Some("go-mod-valid"), 1),
    ("goprivate-all-workflow", Some("goprivate-wide"), 1),
    ("goproxy-direct-dockerfile", Some("goproxy-direct"), 0),
    ("goproxy-pipe-workflow", Some("goproxy-pipe"), 0),
    ("gosum-direct-missing", Some("go-sum-direct"), 1),
    ("gosum-missing", Some("go-sum-valid"), 1),
    ("placeholder-lowercase", Some("placeholder-lower-case"), 1),
    ("placeholder-unknown", Some("placeholder-unknown"), 1),
    ("placeholder-unrendered", Some("placeholder-left"), 1),
    ("policy-unknown-key", Some("unknown key `tlz`"), 2),
    ("replace-inside", Some("replace-local"), 0),
    ("replace-outside", Some("replace-outside"), 1),
    ("sumdb-off-dockerfile", Some("gosumdb-off"), 1),
    ("symlink-loop", None, 0),
    ("tls-path-dotdot", Some("tls-path-absolute"), 1),
    ("tls-path-extension", Some("tls-path-extension"), 1),
    ("tls-path-relative", Some("tls-path-absolute"), 1),
    ("tls-path-tmp", Some("tls-path-volatile"), 1),
    ("toolchain-missing", Some("toolchain-pinned"), 0),
    ("waiver-expired", Some("waiver-expired"), 0),
    ("waiver-unmatched", Some("waiver-unmatched"), 0),
    ("yaml-bomb", Some("cannot be parsed"), 3),
    ("yaml-broken", Some("cannot be parsed"), 3),
];

/// The machine's module cache, with the example's modules.
fn modules() -> String {
    let go = |args: &[&str]| {
        let mut command = Command::new("go");
        let output =
            command.args(args).current_dir(repository().join("examples/payments")).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    go(&["mod", "download"]);
    go(&["env", "GOMODCACHE"])
}

#[test]
fn the_example_passes_as_committed() {
    let world = World::module();
    let example = repository().join("examples/payments");
    let args = ["check", "--format", "json", "--no-history", example.to_str().unwrap()];
    let ran =
        crate::world::ran(world.command(&args).env("GOMODCACHE", modules()).output().unwrap());
    let checked =
        Checked { status: ran.status, report: serde_json::from_str(&ran.stdout).unwrap() };
    assert_eq!(checked.bad(), [""; 0]);
    assert_eq!(checked.status, 0);
    // As it comes from git nobody knows what its modules import.
    let checked = world.check(&[example.to_str().unwrap()]);
    assert_eq!((checked.status, checked.verdict("import-missing")), (3, "inconclusive"));
}

#[test]
fn every_break_is_found() {
    let script = repository().join("examples/break.sh");
    let listed = Command::new("sh").arg(&script).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> =
        listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let known: Vec<&str> = BREAKS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, known, "the table of this test and break.sh differ");
    let modules = modules();
    for (name, wanted, status) in BREAKS {
        let world = World::module();
        let dir = world.path("broken");
        let made = Command::new("sh").arg(&script).arg(name).arg(&dir).output().unwrap();
        assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
        let (dir, root) = (dir.to_str().unwrap().to_owned(), dir.join("tls/out"));
        let mut args = vec!["check", "--format", "json", "--no-history", &dir];
        if root.is_dir() {
            args.extend(["--root", root.to_str().unwrap()]);
        }
        let mut command = world.command(&args);
        let ran = crate::world::ran(command.env("GOMODCACHE", &modules).output().unwrap());
        assert_eq!(ran.status, *status, "{name}: {}{}", ran.stdout, ran.stderr);
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        let outcomes = report["outcomes"].as_array().cloned().unwrap_or_default();
        let bad: Vec<String> = outcomes
            .iter()
            .filter(|outcome| outcome["status"] == false)
            .map(|outcome| format!("{}: {}", outcome["check"], outcome["error"]))
            .collect();
        match wanted {
            None => assert_eq!(bad, [""; 0], "{name}"),
            Some(wanted) => {
                let found =
                    bad.iter().any(|bad| bad.contains(wanted)) || ran.stderr.contains(wanted);
                assert!(found, "{name}: no word of {wanted}: {bad:#?} {}", ran.stderr);
            }
        }
    }
}
