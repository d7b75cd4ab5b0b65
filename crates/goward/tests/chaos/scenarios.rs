//! Every scenario against the real go.

use crate::world::{World, ran};
use crate::{chaos, report};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

/// What the classifier does not know yet: scenario, and what it says instead. A line goes when it learns it.
const GAPS: &[(&str, &str)] = &[];

/// Runs all scenarios of a stage.
fn stage(name: &str) {
    let world = World::module();
    let ran = chaos(&world, &["run", "--stage", name, "--format", "json", "--seed", "5"]);
    let report = report(&ran);
    let mut wrong = vec![];
    for (outcome, record) in report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .zip(report["chaos"]["scenarios"].as_array().unwrap())
    {
        let id = record["id"].as_str().unwrap();
        let gap = GAPS.iter().find(|(gap, _)| *gap == id).map(|(_, detected)| *detected);
        let detected = record["runs"][0]["attempts"][0]["detected"].as_str();
        match (outcome["verdict"].as_str().unwrap(), gap) {
            ("pass", None) => {}
            ("skip", _) => {
                let reason = outcome["reason"]["en"].as_str().unwrap();
                assert!(reason.starts_with("needs "), "{id}: {reason}");
                // Past the harness, so that it is seen; the test itself is no skipped one.
                let mut out = std::io::stdout();
                writeln!(out, "\n{id} does not run here: it {reason}").unwrap();
            }
            ("fail", Some(gap)) if detected == Some(gap) => {}
            (verdict, _) => {
                wrong.push(format!("{id}: {verdict} {detected:?} {}", outcome["error"]))
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn scenarios_of_the_listing() {
    stage("list");
}

#[test]
fn scenarios_of_the_resolution() {
    stage("resolve");
}

#[test]
fn scenarios_of_the_compiler() {
    stage("compile");
}

#[test]
fn scenarios_of_the_linker() {
    stage("link");
}

#[test]
fn scenarios_of_the_cache() {
    stage("cache");
}

#[test]
fn scenarios_of_the_environment() {
    stage("env");
}

#[test]
fn nobody_needs_no_rights_where_the_kernel_allows_namespaces() {
    let world = World::module();
    let root = std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    let free = std::fs::read_to_string("/proc/sys/user/max_user_namespaces").unwrap_or_default();
    if !root || free.trim() == "0" {
        // Then the scenarios themselves have shown it.
        return;
    }
    // Somewhere that nobody may go.
    let open = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let home = world.path("nobody");
    std::fs::create_dir(&home).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_goward"), world.path("goward")).unwrap();
    open(world.path("m").parent().unwrap(), 0o755);
    open(&home, 0o777);
    open(&world.path("goward"), 0o755);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(world.path("goward"));
    command.args(["chaos", "run", "compile-disk-full", "compile-memory-cgroup", "cache-read-only"]);
    command.args(["env-unreadable", "env-process-limit", "--format", "json"]);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("HOME", &home).env("TMPDIR", &home).current_dir(&home);
    let ran = ran(command.output().unwrap());
    let report = report(&ran);
    let verdicts: Vec<_> = report["outcomes"].as_array().unwrap().iter().collect();
    for outcome in verdicts {
        let (id, verdict) = (&outcome["check"], outcome["verdict"].as_str().unwrap());
        let expected = if id == "compile-memory-cgroup" { "skip" } else { "pass" };
        assert_eq!(verdict, expected, "{outcome}");
    }
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}
