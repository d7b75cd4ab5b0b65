//! go.mod against what `go mod tidy` would make of it, mistake by mistake, with the real go command as the judge.

use crate::world::{Checked, World, repository};
use std::fs;
use std::process::Command;

const IDS: [&str; 5] = [
    "requirement-unused",
    "requirement-missing",
    "requirement-indirect",
    "import-missing",
    "build-list",
];

/// The example, with go.mod as it is given.
fn with(go_mod: &str) -> World {
    let world = World::module();
    copy(&repository().join("examples/payments"), &world.root());
    world.file("m/go.mod", go_mod);
    world
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn go(world: &World, args: &[&str]) -> (bool, String) {
    let output = Command::new("go").args(args).current_dir(world.root()).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether `go mod tidy` would change go.mod, or cannot make one.
fn drifts(world: &World) -> bool {
    let (fine, diff) = go(world, &["mod", "tidy", "-diff"]);
    diff.contains("diff current/go.mod") || (!fine && diff.is_empty())
}

fn found(world: &World) -> Vec<String> {
    let mut args = vec!["check", "--format", "json", "--no-history"];
    args.extend(IDS.iter().flat_map(|id| ["--only", *id]));
    let mut command = world.command(&args);
    command.env("GOMODCACHE", go(world, &["env", "GOMODCACHE"]).1.trim());
    let ran = crate::world::ran(command.output().unwrap());
    let report = serde_json::from_str(&ran.stdout).unwrap();
    let checked = Checked { status: ran.status, report };
    for id in &IDS[..3] {
        // Where go.mod itself is refused there is nothing to look at.
        let judged = checked.verdict(id) != "skip" || !checked.bad().is_empty();
        assert!(judged, "{id} knows nothing: {}", checked.outcome(id));
    }
    checked.bad()
}

#[test]
fn requirements_drift_where_go_mod_tidy_says_so() {
    let text = fs::read_to_string(repository().join("examples/payments/go.mod")).unwrap();
    let world = with(&text);
    assert!(go(&world, &["mod", "download"]).0);
    assert!(go(&world, &["mod", "download", "rsc.io/quote@v1.5.2"]).0);
    let lines: Vec<&str> = text.lines().collect();
    let is_required = |line: &str| line.starts_with('\t') && line.contains(" v");
    let mut mutants = vec![("as it is".to_owned(), text.clone())];
    // Every fourth: a whole round takes half a minute in a debug build.
    let required = lines.iter().enumerate().filter(|(_, line)| is_required(line));
    for (at, line) in required.step_by(4) {
        let changed = match line.strip_suffix(" // indirect") {
            Some(direct) => direct.to_owned(),
            None => format!("{line} // indirect"),
        };
        let mut other = lines.clone();
        other[at] = &changed;
        mutants.push((format!("comment of {line}"), other.join("\n") + "\n"));
        other.remove(at);
        mutants.push((format!("without {line}"), other.join("\n") + "\n"));
    }
    for comment in ["", " // indirect"] {
        mutants.push((
            format!("with a useless one{comment}"),
            format!("{text}\nrequire rsc.io/quote v1.5.2{comment}\n"),
        ));
    }
    for (name, go_mod) in mutants {
        world.file("m/go.mod", go_mod);
        // Go first: without a requirement another version is chosen, which it downloads.
        let drifts = drifts(&world);
        let found = found(&world);
        assert_eq!(!found.is_empty(), drifts, "{name}: {found:?}");
    }
}
