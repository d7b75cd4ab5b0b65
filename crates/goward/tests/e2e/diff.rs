//! `goward diff`: documents, signatures, policy, reports, and checkouts.

use crate::snapshot::{build, goward};
use crate::world::{World, ran};
use serde_json::Value;
use std::process::Command;

const MAIN: &str = "package main\n\nfunc main() { println(1) }\n";

/// Two programs that differ in their tags and in what the linker was told.
fn programs() -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n").file("m/main.go", MAIN);
    let off = [("CGO_ENABLED", "0")];
    build(&world, "m", "m/a", &[], &off);
    build(&world, "m", "m/tagged", &["-tags=netgo", "-ldflags=-s"], &off);
    build(
        &world,
        "m",
        "m/v3",
        &[],
        &[("CGO_ENABLED", "0"), ("GOAMD64", "v3"), ("GOARCH", "amd64")],
    );
    build(&world, "m", "m/trimmed", &["-trimpath"], &off);
    world
}

#[test]
fn the_gate_closes_at_the_risk_that_is_asked_for() {
    let world = programs();
    for (args, status) in [
        (&["a", "a"][..], 0),
        (&["a", "tagged"], 0),
        (&["a", "tagged", "--fail-on", "medium"], 1),
        (&["a", "v3"], 1),
        (&["a", "v3", "--fail-on", "extreme"], 0),
        (&["v3", "a"], 0),
        (&["a", "trimmed", "--fail-on", "extreme"], 1),
        (&["a", "trimmed", "--fail-on", "never"], 0),
        (&["a", "v3", "--set", "diff.regrade.arch-level-raised=low"], 0),
        (&["a", "tagged", "--set", "diff.regrade.tags=extreme"], 1),
        (&["a", "v3", "--set", "diff.regrade.no-such=low"], 2),
        (&["a", "v3", "--fail-on", "sometimes"], 2),
        (&["a", "absent"], 2),
        (&["a", "/bin/true"], 3),
        (&["a", "/bin/true", "--set", "diff.accept_unknown=[\"build-info\"]"], 3),
        (&["a", "pid:x"], 2),
    ] {
        let ran = world.run(&[&["diff"], args].concat());
        assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
    }
    let table = world.run(&["diff", "a", "v3"]).stdout;
    assert!(table.contains("high\n  arch-level-raised     GOAMD64  v1 → v3"), "{table}");
    assert!(table.contains("gate CLOSED · 1 high"), "{table}");
    let chinese = world.run(&["diff", "a", "v3", "--lang", "zh"]).stdout;
    assert!(chinese.contains("门禁:关闭 · 1 高") && chinese.contains("非法指令"), "{chinese}");
}

#[test]
fn the_program_that_was_recorded_is_no_difference_from_its_record() {
    let world = programs();
    let recorded = goward(&world, &["snapshot", ".", "--binary", "a", "-w", "a.json"], &[]);
    assert_eq!(recorded.status, 0, "{}", recorded.stderr);
    // It is of one link, so that what the program does not tell, its toolchain, is the recorded one.
    let same = goward(&world, &["diff", "a.json", "a"], &[]);
    assert_eq!(same.status, 0, "{}", same.stdout);
    let other = goward(&world, &["diff", "a.json", "tagged"], &[]);
    assert!(other.status == 3 && other.stdout.contains("toolchain-identity"), "{}", other.stdout);
}

#[test]
fn policy_regrades_with_provenance_and_locks() {
    let world = programs();
    world.file(
        "m/goward.toml",
        "version = 1\n[diff]\nfail_on = \"medium\"\nregrade = { arch-level-raised = \"low\" }\n",
    );
    assert_eq!(world.run(&["diff", "a", "v3"]).status, 0);
    assert_eq!(world.run(&["diff", "a", "tagged"]).status, 1);
    let explained = world.run(&["config", "explain", "diff"]).stdout;
    assert!(
        explained
            .contains("diff.regrade.arch-level-raised = \"low\"    # repository: goward.toml:4"),
        "{explained}"
    );
    world.file("org.toml", "version = 1\nlocked = [\"diff.regrade\"]\n");
    let mut locked = world.command(&["diff", "a", "v3"]);
    let locked = ran(locked.env("GOWARD_POLICY", world.path("org.toml")).output().unwrap());
    assert_eq!(locked.status, 2);
    assert!(
        locked.stderr.contains("`diff.regrade.arch-level-raised` is locked"),
        "{}",
        locked.stderr
    );
    world.file("m/goward.toml", "version = 1\n[diff]\nregrade = { go-pach = \"low\" }\n");
    let misspelt = world.run(&["diff", "a", "a"]);
    assert!(misspelt.stderr.contains("did you mean `go-patch`"), "{}", misspelt.stderr);
}

#[test]
fn reports_have_an_outcome_for_each_kind_of_difference() {
    let world = programs();
    let files = ["r.json", "r.sarif", "r.xml", "r.md", "r.txt"];
    let mut args = vec!["diff", "a", "v3", "--format", "json"];
    args.extend(files.iter().flat_map(|file| ["--output", *file]));
    let made = world.run(&args);
    let report: Value = serde_json::from_str(&made.stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |id: &str| outcomes.iter().find(|it| it["check"] == id).unwrap();
    let raised = of("arch-level-raised");
    assert_eq!(
        (&raised["verdict"], &raised["tier"], &raised["group"]),
        (&"fail".into(), &"P1".into(), &"high".into())
    );
    let finding = &raised["findings"][0];
    assert!(finding["message"]["en"].as_str().unwrap().starts_with("GOAMD64 v1 → v3: "));
    assert!(finding["help"]["zh"].as_str().unwrap().contains("GOAMD64"));
    assert_eq!(of("go-minor")["verdict"], "pass");
    assert_eq!(of("toolchain-identity")["verdict"], "skip");
    for file in files {
        let text = std::fs::read_to_string(world.path(&format!("m/{file}"))).unwrap();
        assert!(text.contains("arch-level-raised"), "{file}: {text}");
    }
    let listed = world.run(&["history"]).stdout;
    assert!(listed.contains("/v3"), "{listed}");
    let page = world.run(&["explain", "arch-level-raised"]).stdout;
    assert!(page.contains("risk: high") && page.contains("illegal instruction"), "{page}");
}

#[test]
fn a_document_that_is_damaged_or_of_a_later_version_is_refused() {
    let world = programs();
    let taken = world.run(&["snapshot", "a", "--no-history"]);
    assert_eq!(taken.status, 0, "{}", taken.stderr);
    let text = taken.stdout;
    assert_eq!(world.file("m/s.json", &text).run(&["diff", "s.json", "a"]).status, 0);
    for (name, damaged, wanted) in [
        ("later", text.replace("goward.snapshot/v1", "goward.snapshot/v2"), "version \"v2\""),
        ("other", text.replace("goward.snapshot/v1", "goward.report/v1"), "no snapshot"),
        (
            "edited",
            text.replace("\"GOAMD64\": \"v1\"", "\"GOAMD64\": \"v3\""),
            "changed after it was written",
        ),
        ("cut off", text[..text.len() / 2].to_owned(), "damaged"),
        ("empty", String::new(), "damaged"),
        ("text", "hello".to_owned(), "damaged"),
    ] {
        let refused = world.file("m/s.json", damaged).run(&["diff", "s.json", "a"]);
        assert_eq!(refused.status, 2, "{name}: {}", refused.stdout);
        assert!(
            refused.stderr.contains(wanted) && refused.stderr.contains("s.json"),
            "{name}: {}",
            refused.stderr
        );
    }
}

#[test]
fn a_signature_is_checked_where_a_key_is_named() {
    let world = programs();
    let openssl = |args: &[&str]| {
        let done =
            ran(Command::new("openssl").args(args).current_dir(world.root()).output().unwrap());
        assert_eq!(done.status, 0, "openssl {args:?}: {}", done.stderr);
    };
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", "ed25519.pem"]);
    openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "p256.pem",
    ]);
    for key in ["ed25519", "p256"] {
        openssl(&["pkey", "-in", &format!("{key}.pem"), "-pubout", "-out", &format!("{key}.pub")]);
        let (name, private) = (format!("{key}.json"), format!("{key}.pem"));
        let made = world.run(&["snapshot", "a", "-w", &name, "--sign-key", &private]);
        assert_eq!(made.status, 0, "{}", made.stderr);
    }
    world.run(&["snapshot", "a", "-w", "plain.json"]);
    let text = std::fs::read_to_string(world.path("m/ed25519.json")).unwrap();
    // Another letter of the payload.
    let at = text.find("payload\": \"").unwrap() + 40;
    let letter = if &text[at..=at] == "A" { "B" } else { "A" };
    world.file("m/altered.json", format!("{}{letter}{}", &text[..at], &text[at + 1..]));
    for (args, status, wanted) in [
        (&["ed25519.json", "a", "--verify-key", "ed25519.pub"][..], 0, ""),
        (&["p256.json", "a", "--verify-key", "p256.pub"], 0, ""),
        (&["ed25519.json", "a"], 0, ""),
        (
            &[
                "ed25519.json",
                "p256.json",
                "--verify-key",
                "p256.pub",
                "--verify-key",
                "ed25519.pub",
            ],
            0,
            "",
        ),
        (&["ed25519.json", "p256.json", "--verify-key", "p256.pub"], 2, "no signature of this key"),
        (&["ed25519.json", "a", "--verify-key", "p256.pub"], 2, "no signature of this key holds"),
        (
            &["altered.json", "a", "--verify-key", "ed25519.pub"],
            2,
            "no signature of this key holds",
        ),
        (&["altered.json", "a"], 2, ""),
        (&["plain.json", "a", "--verify-key", "ed25519.pub"], 2, "it is not signed"),
        (&["a", "a", "--verify-key", "ed25519.pub"], 2, "nothing is signed"),
        (&["ed25519.json", "a", "--verify-key", "ed25519.pem"], 2, "public key"),
    ] {
        let ran = world.run(&[&["diff"], args].concat());
        assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(wanted), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn checkouts_are_compared_by_what_the_go_command_would_build() {
    let world = World::module();
    let module = |dir: &str, go: &str, fork: &str| {
        let require = "require example.com/dep v1.0.0\n";
        let go_mod = format!(
            "module example.com/m\n\ngo {go}\n\n{require}\nreplace example.com/dep => {fork}\n"
        );
        world.file(&format!("{dir}/go.mod"), go_mod);
        let main = "package main\n\nimport \"example.com/dep\"\n\nfunc main() { dep.F() }\n";
        world.file(&format!("{dir}/main.go"), main);
    };
    for (fork, body) in [("fork", ""), ("same", ""), ("changed", "println(2)")] {
        world.file(&format!("{fork}/go.mod"), "module example.com/dep\n\ngo 1.21\n");
        world.file(&format!("{fork}/dep.go"), format!("package dep\n\nfunc F() {{ {body} }}\n"));
    }
    let diff = |a: &str, b: &str, more: &[&str]| {
        let (a, b) = (format!("../{a}"), format!("../{b}"));
        let args = [&["diff", a.as_str(), b.as_str(), "--no-history"], more].concat();
        let ran = goward(&world, &args, &[]);
        (ran.status, ran.stdout + &ran.stderr)
    };
    module("m", "1.24", "../fork");
    let (status, text) = diff("m", "m", &[]);
    assert_eq!(status, 0, "{text}");
    module("n", "1.24", "../same");
    let (status, text) = diff("m", "n", &["--fail-on", "extreme"]);
    assert!(
        status == 1 && text.contains("replace-local         example.com/dep  ../fork → ../same"),
        "{text}"
    );
    // The same folder's name with other content under it.
    module("n", "1.24", "../fork");
    world.file("other/n/go.mod", std::fs::read(world.path("n/go.mod")).unwrap());
    world.file("other/n/main.go", std::fs::read(world.path("n/main.go")).unwrap());
    world.file("other/fork/go.mod", "module example.com/dep\n\ngo 1.21\n");
    world.file("other/fork/dep.go", std::fs::read(world.path("changed/dep.go")).unwrap());
    let (status, text) = diff("n", "other/n", &[]);
    assert!(
        status == 1 && text.contains("replace-local         example.com/dep  ../fork h1:"),
        "{text}"
    );
    // A newer go line changes the defaults of GODEBUG, and says so.
    module("n", "1.21", "../fork");
    let (status, text) = diff("n", "m", &[]);
    assert!(status == 1 && text.contains("godebug-default") && text.contains("go-line"), "{text}");
    // Without -trimpath the folders are in the program, with it they are not.
    let (_, text) = diff("n", "m", &["--", "-trimpath"]);
    assert!(!text.contains("source-root"), "{text}");
}
