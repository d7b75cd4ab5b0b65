//! `goward inspect`: a program against what it must serve.

use crate::world::{World, ran};
use std::process::Command;

/// A program of the runtime alone, linked with these flags.
fn program(world: &World, name: &str, flags: &[&str]) {
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    built(world, name, flags);
}

/// The module's program, linked with these flags.
fn built(world: &World, name: &str, flags: &[&str]) {
    let cache = Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    let mut command = Command::new("go");
    command.args(["build", "-o", name]).args(flags).arg(".").current_dir(world.root());
    command
        .env("GOCACHE", String::from_utf8(cache.stdout).unwrap().trim())
        .env("GOTOOLCHAIN", "local");
    command.env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "0");
    let output = ran(command.output().unwrap());
    assert_eq!(output.status, 0, "{}", output.stderr);
}

#[test]
fn a_program_is_judged_by_what_it_must_serve() {
    let world = World::module();
    program(&world, "whole", &[]);
    program(&world, "small", &["-ldflags=-s -w"]);
    for (args, status) in [
        (&["whole"][..], 0),
        (&["whole", "--need", "perf", "--need", "debug"], 0),
        (&["small"], 1),
        (&["small", "--need", "perf"], 1),
        (&["small", "--need", "trace"], 0),
        (&["whole", "small"], 1),
        (&["go.mod"], 2),
        (&["absent"], 2),
        (&["whole", "--min-percent", "101"], 2),
        (&["whole", "--output", "report.html"], 2),
        (&["/bin/true"], 3),
    ] {
        let mut all = vec!["inspect"];
        all.extend(args);
        let ran = world.run(&all);
        assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
    }
    for command in [&["inspect"][..], &["plumbing", "artifact"]] {
        let refused = world.run(&[command, &["go.mod"]].concat());
        assert!(refused.stderr.contains("go.mod: not an executable"), "{}", refused.stderr);
    }
    let small = world.run(&["inspect", "small"]);
    assert!(
        small.stdout.contains("none of") && small.stdout.contains("built with -ldflags=-s"),
        "{}",
        small.stdout
    );
    let chinese = world.run(&["inspect", "small", "--lang", "zh"]);
    assert!(chinese.stdout.contains("构建时使用了 -ldflags=-s"), "{}", chinese.stdout);
    // The first twenty are named, and no alert repeats them.
    let named: Vec<_> =
        small.stdout.lines().filter(|line| line.contains("missing first: ")).collect();
    assert_eq!(named.len(), 2, "{}", small.stdout);
    assert!(named.iter().all(|line| line.matches(", ").count() == 20), "{}", small.stdout);
    assert!(!named.iter().any(|line| line.contains("ALERT")), "{}", small.stdout);
}

#[test]
fn why_a_level_is_empty_is_told_by_the_flags_and_the_hash_of_the_file() {
    let world = World::module();
    let (flag_s, flag_w) = ("built with -ldflags=-s", "built with -ldflags=-w");
    let (later, linked) = ("stripped after the link", "linked without (-ldflags=-s or -w");
    for (name, flags, strip, why) in [
        ("twice", &["-ldflags=--s=true"][..], false, flag_s),
        ("dwarf", &["-ldflags=-w=1"], false, flag_w),
        // What is a value is no flag.
        ("value", &["-ldflags=-X main.text=-s"], true, later),
        ("quoted", &["-ldflags=-X 'main.text=a -w b'"], true, later),
        // -trimpath hides the flags; the file is as the linker wrote it.
        ("hidden", &["-trimpath", "-ldflags=-s"], false, linked),
        ("either", &["-trimpath"], true, "or stripped later"),
    ] {
        program(&world, name, flags);
        if strip {
            assert!(
                Command::new("strip")
                    .arg(world.path(&format!("m/{name}")))
                    .status()
                    .unwrap()
                    .success()
            );
        }
        let ran = world.run(&["inspect", "--no-history", name]);
        let debug = ran.stdout.lines().find(|line| line.starts_with("  debug  ")).unwrap();
        assert!(debug.contains(why), "{name}: {debug}");
    }
}

#[test]
fn it_makes_reports_and_is_kept() {
    let world = World::module();
    program(&world, "small", &["-ldflags=-s"]);
    let ran = world.run(&["inspect", "small", "--format", "json", "--output", "r.sarif"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |id: &str| outcomes.iter().find(|outcome| outcome["check"] == id).unwrap();
    assert_eq!(of("function-names")["verdict"], "pass");
    assert_eq!(of("symbol-table")["verdict"], "skip");
    assert_eq!(
        (&of("debug-lines")["verdict"], &of("debug-lines")["critical_threshold"]),
        (&"fail".into(), &95.0.into())
    );
    assert!(world.path("m/r.sarif").exists());
    assert!(world.run(&["history"]).stdout.contains("/small"));
    let line = world.run(&["plumbing", "artifact", "small"]);
    let artifact: serde_json::Value = serde_json::from_str(&line.stdout).unwrap();
    assert_eq!((&artifact["format"], &artifact["arch"]), (&"elf".into(), &"amd64".into()));
    assert_eq!(artifact["levels"][1]["reason"], "linker-flag-s");
    assert_eq!(world.run(&["plumbing", "artifact", "go.mod"]).status, 1);
}

/// Runs a script of the validators that `cargo xtask test` installs.
fn python(script: &str, args: &[&std::path::Path]) {
    let python = crate::world::repository().join("target/python/bin/python");
    let output = Command::new(python).arg("-c").arg(script).args(args).output();
    let ran = ran(output.expect("target/python is made by `cargo xtask test`"));
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
}

const CYCLONEDX: &str = r#"
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
assert wrong is None, wrong
"#;

const IN_TOTO: &str = r#"
import json, sys
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
text = json.load(open(sys.argv[1]))
Statement.copy_from_pb(json_format.ParseDict(text, statement_pb2.Statement())).validate()
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
predicate = json_format.ParseDict(text["predicate"], provenance_pb2.Provenance())
assert predicate.build_definition.build_type and predicate.run_details.builder.id
for resource in predicate.build_definition.resolved_dependencies:
    ResourceDescriptor.copy_from_pb(resource).validate()
"#;

#[test]
fn the_bill_of_materials_is_valid_and_names_what_go_names() {
    let example = crate::world::repository().join("examples/payments");
    let world = World::module();
    let program = world.path("m/payments");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg("./cmd/payments").current_dir(&example);
    assert!(go.status().unwrap().success());
    let args = ["inspect", "payments", "--sbom", "bom.json", "--provenance", "slsa.json"];
    assert_eq!(world.run(&args).status, 0);
    python(CYCLONEDX, &[&world.path("m/bom.json")]);
    python(IN_TOTO, &[&world.path("m/slsa.json")]);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(world.path(&format!("m/{name}"))).unwrap())
            .unwrap()
    };
    let (bom, slsa) = (read("bom.json"), read("slsa.json"));
    let listed = Command::new("go").args(["version", "-m"]).arg(&program).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let deps: Vec<&str> =
        listed.lines().filter_map(|line| line.trim_start().strip_prefix("dep\t")).collect();
    let components = bom["components"].as_array().unwrap();
    // And the standard library.
    assert_eq!((components.len(), deps.is_empty()), (deps.len() + 1, false));
    for dep in deps {
        let words: Vec<&str> = dep.split('\t').collect();
        let component = components.iter().find(|component| component["name"] == words[0]).unwrap();
        assert_eq!(component["version"], words[1]);
        assert_eq!(component["properties"][0]["value"], words[2]);
        assert!(component["hashes"].is_null(), "an h1: sum is no hash of a file");
    }
    let sum = Command::new("sha256sum").arg(&program).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(slsa["subject"][0]["digest"]["sha256"], sum.split(' ').next().unwrap());
    assert_eq!(
        bom["metadata"]["component"]["hashes"][0]["content"],
        sum.split(' ').next().unwrap()
    );
    // The same program, the same documents.
    let before = std::fs::read(world.path("m/bom.json")).unwrap();
    world.run(&args);
    assert_eq!(std::fs::read(world.path("m/bom.json")).unwrap(), before);
}

#[test]
fn a_signed_statement_is_verified_by_openssl() {
    let world = World::module();
    program(&world, "whole", &[]);
    let openssl = |args: &[&str]| {
        let ran =
            ran(Command::new("openssl").args(args).current_dir(world.root()).output().unwrap());
        assert_eq!(ran.status, 0, "openssl {args:?}: {}{}", ran.stdout, ran.stderr);
    };
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", "ed.pem"]);
    openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "ec.pem",
    ]);
    for (key, flags) in [("ed.pem", &["-rawin"][..]), ("ec.pem", &["-rawin", "-digest", "sha256"])]
    {
        let ran =
            world.run(&["inspect", "whole", "--provenance", "signed.json", "--sign-key", key]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let text = std::fs::read_to_string(world.path("m/signed.json")).unwrap();
        let envelope: serde_json::Value = serde_json::from_str(&text).unwrap();
        let decode = |value: &serde_json::Value, name: &str| {
            world.file(&format!("m/{name}.b64"), value.as_str().unwrap());
            openssl(&["base64", "-d", "-A", "-in", &format!("{name}.b64"), "-out", name]);
            std::fs::read(world.path(&format!("m/{name}"))).unwrap()
        };
        let payload = decode(&envelope["payload"], "payload");
        decode(&envelope["signatures"][0]["sig"], "sig");
        let kind = envelope["payloadType"].as_str().unwrap();
        let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
        message.extend(&payload);
        world.file("m/message", &message);
        openssl(&["pkey", "-in", key, "-pubout", "-out", "public.pem"]);
        let mut verify = vec![
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "public.pem",
            "-in",
            "message",
            "-sigfile",
            "sig",
        ];
        verify.extend(flags);
        openssl(&verify);
        let statement: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
    }
    assert_eq!(
        world.run(&["inspect", "whole", "--provenance", "x", "--sign-key", "go.mod"]).status,
        2
    );
}

#[test]
fn sizes_are_shown_compared_and_judged() {
    let world = World::module();
    program(&world, "small", &["-ldflags=-s -w"]);
    program(&world, "whole", &[]);
    let sizes = world.run(&["inspect", "whole", "--sizes", "--html", "map.html"]);
    assert_eq!(sizes.status, 0, "{}", sizes.stderr);
    for wanted in ["kinds", "pclntab", "modules", "std", "packages", "runtime"] {
        assert!(sizes.stdout.contains(wanted), "{wanted}: {}", sizes.stdout);
    }
    let page = std::fs::read_to_string(world.root().join("map.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("runtime"), "{page}");
    for (args, status) in [
        (&["whole", "--against", "small"][..], 0),
        (&["whole", "--against", "small", "--max-growth", "5"], 1),
        (&["whole", "--against", "whole", "--max-growth", "0"], 0),
        (&["whole", "--against", "absent"], 2),
        (&["whole", "--max-growth", "5"], 2),
        (&["whole", "--against", "small", "--max-growth", "NaN"], 2),
        (&["whole", "small", "--against", "small"], 2),
    ] {
        let ran = world.run(&[&["inspect"], args].concat());
        assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
    }
    let grown = world.run(&["inspect", "whole", "--against", "small", "--max-growth", "5"]);
    assert!(grown.stdout.contains("(debug information)"), "{}", grown.stdout);
    assert!(grown.stdout.contains("it grew from"), "{}", grown.stdout);
    let json = world.run(&["plumbing", "artifact", "whole", "--sizes"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["sizes"]["file"], value["size"]);
    // Without cgo there is no C: what names no package is of a file of assembly.
    let packages = value["sizes"]["packages"].as_array().unwrap();
    let has = |name: &str| packages.iter().any(|it| it["package"] == name);
    assert!(has("(assembly)") && !has("(C)"), "{packages:?}");
}

#[test]
fn the_policy_says_what_a_program_must_have() {
    let world = World::module();
    program(&world, "small", &["-ldflags=-s -w"]);
    assert_eq!(world.run(&["inspect", "small"]).status, 1);
    world.file("m/goward.toml", "version = 1\n[inspect]\nneed = [\"trace\"]\n");
    assert_eq!(world.run(&["inspect", "small"]).status, 0);
    assert_eq!(world.run(&["inspect", "small", "--need", "perf"]).status, 1);
    for (text, why) in [
        ("min_percent = 101.0", "no share"),
        ("need = [\"everything\"]", "everything"),
        ("max_growth_percent = -1.0", "no share"),
    ] {
        world.file("m/goward.toml", format!("version = 1\n[inspect]\n{text}\n"));
        let refused = world.run(&["inspect", "small"]);
        assert_eq!(refused.status, 2, "{text}: {}", refused.stdout);
        assert!(refused.stderr.contains(why), "{text}: {}", refused.stderr);
    }
}

#[test]
fn what_the_organisation_locks_no_flag_opens() {
    let world = World::module();
    program(&world, "small", &["-ldflags=-s -w"]);
    world.file("org.toml", "locked = [\"inspect\"]\n[inspect]\nneed = [\"debug\"]\n");
    let inspect = |args: &[&str]| {
        let mut command = world.command(&[&["inspect", "small", "--no-history"], args].concat());
        ran(command.env("GOWARD_POLICY", world.path("org.toml")).output().unwrap())
    };
    assert_eq!(inspect(&[]).status, 1);
    for flags in [
        &["--need", "trace"][..],
        &["--min-percent", "0"],
        &["--set", "inspect.min_percent=0"],
        &["--against", "small", "--max-growth", "90"],
        &["--forbid-source-prefix", "/x"],
    ] {
        let refused = inspect(flags);
        assert_eq!(refused.status, 2, "{flags:?}: {}", refused.stdout);
        let said = format!("{}: `inspect.", flags[flags.len() - 2..].join(" "));
        assert!(
            refused.stderr.contains(&said) && refused.stderr.contains("is locked by"),
            "{flags:?}: {}",
            refused.stderr
        );
    }
    // Without a lock they are the topmost layer, and the report names the files below.
    world.file("m/own.toml", "[inspect]\nneed = [\"debug\"]\n");
    let ran = world.run(&[
        "inspect",
        "small",
        "--policy",
        "own.toml",
        "--set",
        "inspect.need=[\"trace\"]",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, &report["identity"]["policy"][0]), (0, &"own.toml".into()));
}

#[test]
fn several_programs_make_one_report_with_all_that_is_in_them() {
    let world = World::module();
    program(&world, "whole", &[]);
    built(&world, "small", &["-ldflags=-s"]);
    let ran = world.run(&[
        "inspect", "whole", "small", "--format", "json", "--output", "r.xml", "--output", "r.json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, &report["gate"]), (1, &"closed".into()));
    assert_eq!(report["identity"]["target"], "whole, small");
    let artifacts = report["artifacts"].as_array().unwrap();
    let debug: Vec<bool> =
        artifacts.iter().map(|it| it["levels"][2]["known"].as_u64() > Some(0)).collect();
    assert_eq!(debug, [true, false]);
    assert_eq!(artifacts[1]["levels"][2]["missing"].as_array().unwrap().len(), 20);
    assert_eq!(artifacts[0]["build_info"]["path"], "example.com/m");
    let file: serde_json::Value =
        serde_json::from_slice(&std::fs::read(world.path("m/r.json")).unwrap()).unwrap();
    assert_eq!(file["artifacts"], report["artifacts"]);
    // A case of JUnit is one program's.
    let junit = std::fs::read_to_string(world.path("m/r.xml")).unwrap();
    for program in ["whole", "small"] {
        let case = format!("name=\"debug-lines\" classname=\"goward.artifact {program}\"");
        assert!(junit.contains(&case), "{junit}");
    }
    // Each is kept by itself.
    let history = world.run(&["history"]).stdout;
    assert!(history.contains("/whole") && history.contains("/small"), "{history}");
}

#[test]
fn how_it_was_built_is_told_as_go_tells_it() {
    let world = World::module();
    world.file("m/dep/go.mod", "module example.com/dep\n\ngo 1.21\n");
    world.file("m/dep/dep.go", "package dep\n\nfunc F() int { return 1 }\n");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.21\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep => ./dep\n",
    );
    world.file(
        "m/main.go",
        "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.F()) }\n",
    );
    built(&world, "app", &["-tags=a,b", "-ldflags=-X 'main.v=a b'"]);
    let mut go = Command::new("go");
    go.args(["version", "-m", "-json", "app"]).current_dir(world.root());
    let go = ran(go.output().unwrap()).stdout;
    let ours = world.run(&["plumbing", "build-info", "app"]);
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!((ours.status, json(&ours.stdout)), (0, json(&go)));
    for (file, why) in [("/bin/true", "no build info"), ("go.mod", "not an executable")] {
        let refused = world.run(&["plumbing", "build-info", file]);
        assert!(refused.status == 1 && refused.stderr.contains(why), "{}", refused.stderr);
    }
    let card = world.run(&["inspect", "app", "--verbose"]).stdout;
    assert!(card.contains("  example.com/dep v1.2.3\n    => ./dep"), "{card}");
    assert!(card.contains("  -tags=a,b\n"), "{card}");
}

#[test]
fn programs_that_hide_what_they_are_are_named_and_never_a_pass() {
    let world = World::module();
    program(&world, "whole", &[]);
    // What garble does to the table (real builds of v0.16 were looked at): a mark of its own.
    let mut garbled = std::fs::read(world.path("m/whole")).unwrap();
    let mark = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
    let at = garbled.windows(8).position(|window| window == mark).unwrap();
    garbled[at] ^= 0x55;
    world.file("m/garbled", garbled);
    let ran = world.run(&["inspect", "garbled"]);
    assert_eq!(ran.status, 3);
    assert!(ran.stdout.contains("it looks obfuscated (garble)"), "{}", ran.stdout);
    assert!(world.run(&["inspect", "garbled", "--lang", "zh"]).stdout.contains("疑似经过混淆"));
    // Packages with hashed names, the table intact.
    let mut main = String::from("package main\n\nimport (\n");
    for at in 0..40 {
        let package = format!("kZan4Md{at}");
        let mut text = format!("package {package}\n");
        for function in 0..40 {
            text += &format!(
                "\n//go:noinline\nfunc F{function}(x int) int {{ return x + {function} }}\n"
            );
        }
        world.file(&format!("m/{package}/a.go"), text);
        main += &format!("\t\"example.com/m/{package}\"\n");
    }
    main += ")\n\nvar sink int\n\nfunc main() {\n";
    for at in 0..40 {
        for function in 0..40 {
            main += &format!("\tsink += kZan4Md{at}.F{function}(sink)\n");
        }
    }
    main += "}\n";
    let hashed = |world: &World| {
        let line = world.run(&["plumbing", "artifact", "whole"]).stdout;
        serde_json::from_str::<serde_json::Value>(&line).unwrap()["obfuscated"].clone()
    };
    assert_eq!(hashed(&world), serde_json::json!([]));
    world.file("m/main.go", main);
    built(&world, "whole", &[]);
    assert_eq!(hashed(&world), serde_json::json!(["hashed-names"]));
    let ran = world.run(&["inspect", "whole"]);
    assert!(ran.status == 0 && ran.stdout.contains("packages have hashed names"), "{}", ran.stdout);
    // UPX: the loader's headers, and its mark behind them.
    let mut packed = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 3];
    packed.resize(16, 0);
    packed.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    packed.extend([0; 8]);
    packed.extend(64_u64.to_le_bytes());
    packed.resize(52, 0);
    packed.extend([64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0]);
    packed.extend([0; 56 + 4]);
    packed.extend(b"UPX!");
    packed.resize(8192, 0x90);
    world.file("m/packed", packed);
    let ran = world.run(&["inspect", "packed"]);
    assert!(
        ran.status == 3 && ran.stdout.contains("it is packed (UPX)"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert!(world.run(&["inspect", "packed", "--lang", "zh"]).stdout.contains("已被 UPX 加壳"));
}

#[test]
fn what_is_no_program_is_refused_with_its_name() {
    let world = World::module();
    let mut core = std::fs::read("/bin/true").unwrap();
    core[16] = 4;
    world.file("m/core", core);
    let fifo = Command::new("mkfifo").arg(world.path("m/pipe")).status().unwrap();
    assert!(fifo.success());
    for (file, words) in [
        ("core", "it is a core file; name the program that dumped it"),
        ("pipe", "not a regular file"),
        (".", "not a regular file"),
        ("/dev/null", "not a regular file"),
        ("absent", "no such file"),
        ("go.mod", "not an executable"),
    ] {
        let ran = world.run(&["inspect", file]);
        assert!(ran.status == 2 && ran.stderr.contains(words), "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains(file), "{file}: {}", ran.stderr);
    }
    // As a debug file or a PDB, too.
    program(&world, "small", &["-ldflags=-s -w"]);
    assert_eq!(world.run(&["inspect", "small", "--debug-file", "pipe"]).status, 2);
    assert_eq!(world.run(&["inspect", "small", "--pdb", "pipe"]).status, 2);
}

#[test]
fn how_it_was_built_is_on_the_card() {
    let world = World::module();
    program(&world, "covered", &["-cover", "-pgo=off"]);
    let ran = world.run(&["inspect", "covered"]);
    assert!(ran.stdout.contains("-cover=true"), "{}", ran.stdout);
}
