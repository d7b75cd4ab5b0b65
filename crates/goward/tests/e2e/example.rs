//! The README's example: as committed it passes, and each break is found by the check it is for.

use crate::world::{World, repository};
use std::process::Command;

/// Break → the checks that must not be content, and the exit status.
const BREAKS: &[(&str, &[&str], i32)] = &[];

#[test]
fn the_example_passes_as_committed() {
    let world = World::module();
    let example = repository().join("examples/payments");
    let checked = world.check(&[example.to_str().unwrap()]);
    assert_eq!(checked.bad(), [""; 0]);
    assert_eq!(checked.status, 0);
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
    for (name, checks, status) in BREAKS {
        let world = World::module();
        let dir = world.path("broken");
        let made = Command::new("sh").arg(&script).arg(name).arg(&dir).output().unwrap();
        assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
        let mut args = vec!["check", "--format", "json", "--no-history", dir.to_str().unwrap()];
        let root = dir.join("tls/out");
        if root.is_dir() {
            args.extend(["--root", "tls/out"]);
        }
        let ran = world.run(&args);
        assert_eq!(ran.status, *status, "{name}: {}{}", ran.stdout, ran.stderr);
        for check in *checks {
            assert!(
                ran.stdout.contains(check) || ran.stderr.contains(check),
                "{name}: no word of {check}"
            );
        }
    }
}
