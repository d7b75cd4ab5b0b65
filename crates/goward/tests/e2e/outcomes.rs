//! Whatever a report names, `goward explain` explains.

use crate::world::{World, ran};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// All texts of the sources that stand right behind one of these words.
fn named(folder: &Path, words: &[&str], into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            named(&path, words, into);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        // Tests name what they like.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in words {
            for (at, _) in text.match_indices(word) {
                let rest = text[at + word.len()..].trim_start();
                let id = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                into.extend(id.map(str::to_owned));
            }
        }
    }
}

fn explained(world: &World, id: &str) {
    for (lang, words) in [("en", ["Why", "fix"]), ("zh", ["为什么", "修复"])] {
        let ran = world.run(&["explain", id, "--lang", lang]);
        assert_eq!(ran.status, 0, "{id}: {}", ran.stderr);
        // Differences and causes of repro have a form of their own.
        let is_page =
            words.iter().all(|word| ran.stdout.contains(word)) || ran.stdout.lines().count() >= 4;
        assert!(is_page, "{id}: {}", ran.stdout);
        let is_chinese = ran.stdout.chars().any(|c| c > '\u{4e00}');
        assert_eq!(is_chinese, lang == "zh", "{id}: {}", ran.stdout);
    }
}

#[test]
fn every_outcome_that_is_named_in_the_sources_is_explained() {
    let world = World::module();
    let mut ids = BTreeSet::new();
    let sources = crate::world::repository().join("crates/goward/src");
    let words = [
        "outcome(",
        "Outcome::of(",
        "Verdict::of(",
        "outcome::of(",
        "outcome::unknown(",
        "outcome::skipped(",
    ];
    for folder in ["inspect", "repro", "hook", "cache", "snapshot", "matrix", "diff", "build"] {
        named(&sources.join(folder), &words, &mut ids);
    }
    named(&sources.join("cache"), &["id:", "&str ="], &mut ids);
    ids.retain(|id| id.bytes().all(|it| it.is_ascii_lowercase() || b".-".contains(&it)));
    for expected in [
        "pdb-match",
        "integrity.build-cache",
        "cache.kept",
        "repro.bit-for-bit",
        "compile",
        "secret-history",
        "not-compiled",
        "change",
    ] {
        assert!(ids.contains(expected), "{expected} is not in {ids:?}");
    }
    ids.iter().for_each(|id| explained(&world, id));
    // What is made of several words.
    let made = [
        "matrix.go1.26.8.linux-amd64.nocgo",
        "build.compile",
        "build.env",
        "hook-files",
        "secret-staged",
        "conflict-marker",
    ];
    made.iter().for_each(|id| explained(&world, id));
}

#[test]
fn every_outcome_that_commands_print_is_explained() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    let mut go = Command::new("go");
    go.args(["build", "-buildvcs=false", "-o", "a", "."]).current_dir(world.root());
    assert_eq!(ran(go.env("CGO_ENABLED", "0").output().unwrap()).status, 0);
    let cache = world.path("cache");
    std::fs::create_dir_all(cache.join("00")).unwrap();
    std::fs::write(cache.join("trim.txt"), "0").unwrap();
    let cache = cache.display().to_string();
    let commands: [&[&str]; 7] = [
        &["inspect", "a", "--against", "a"],
        &["diff", "a", "a"],
        &["snapshot", "a", "-w", "s.json"],
        &["snapshot", ".", "-w", "t.json"],
        &["cache", "verify", &cache],
        &["repro", "--compare", "a", "a"],
        &["matrix", "--predict"],
    ];
    let mut ids = BTreeSet::new();
    for command in commands {
        let ran = world.run(&[command, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|err| panic!("{command:?}: {err} {}{}", ran.stdout, ran.stderr));
        let outcomes = report["outcomes"].as_array().unwrap();
        assert!(!outcomes.is_empty(), "{command:?}");
        ids.extend(outcomes.iter().map(|it| it["check"].as_str().unwrap().to_owned()));
    }
    let chaos = world.run(&["chaos", "list", "--format", "json"]);
    let scenarios: serde_json::Value = serde_json::from_str(&chaos.stdout).unwrap();
    let listed = scenarios.as_array().cloned().unwrap_or_default();
    ids.extend(listed.iter().filter_map(|it| it["id"].as_str()).map(str::to_owned));
    ids.iter().for_each(|id| explained(&world, id));
}
