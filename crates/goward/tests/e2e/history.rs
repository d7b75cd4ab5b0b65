//! Runs are kept, listed and shown; nothing acknowledged is lost.

use crate::world::World;
use std::process::Stdio;

fn db(world: &World) -> std::path::PathBuf {
    world.path("home/.local/state/goward/history.db")
}

fn runs(world: &World) -> Vec<serde_json::Value> {
    let listed = world.run(&["history", "list", "--format", "json", "-n", "1000"]);
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    serde_json::from_str(&listed.stdout).unwrap()
}

#[test]
fn a_run_is_kept_listed_and_shown_as_it_was_reported() {
    let world = World::policy("[[custom]]\nid = \"x\"\ncommand = [\"false\"]\n");
    let reported = world.run(&["check", "--format", "json"]);
    assert_eq!(reported.status, 1);
    assert_eq!(runs(&world).len(), 1);
    let shown = world.run(&["history", "show", "--format", "json"]);
    assert_eq!(shown.stdout, reported.stdout);
    assert!(world.run(&["history"]).stdout.contains("closed"));
    assert_eq!(world.run(&["history", "show", "nonsense"]).status, 2);
}

#[test]
fn runs_of_other_folders_do_not_mix() {
    let world = World::module();
    world.file("m/other/go.mod", "module example.com/other\n\ngo 1.24.0\n");
    for dir in [".", "other", "other/"] {
        let ran = world.run(&["check", dir]);
        assert_eq!(ran.status, 0, "{} {}", ran.stdout, ran.stderr);
    }
    let of = |dir: &str| {
        let listed = world.run(&["history", "list", "--format", "json", "--target", dir]);
        serde_json::from_str::<Vec<serde_json::Value>>(&listed.stdout).unwrap()
    };
    assert_eq!((of(".").len(), of("other").len()), (1, 2));
    let named = of("other")[0]["target"].as_str().unwrap().to_owned();
    assert!(std::path::Path::new(&named).is_absolute() && named.ends_with("/other"), "{named}");
}

#[test]
fn no_history_keeps_nothing() {
    let world = World::module();
    assert_eq!(world.run(&["check", "--no-history"]).status, 0);
    assert!(!db(&world).exists());
    let ran = world.run(&["history"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("run `goward check`"), "{}", ran.stderr);
}

#[test]
fn runs_at_the_same_time_are_all_kept() {
    let world = World::module();
    let children: Vec<_> =
        (0..12).map(|_| world.command(&["check"]).stdout(Stdio::null()).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(runs(&world).len(), 12);
}

#[test]
fn a_run_killed_at_any_moment_corrupts_nothing() {
    let world = World::module();
    assert_eq!(world.run(&["check"]).status, 0);
    let mut acknowledged = 1;
    for i in 0..40_u64 {
        let mut child = world.command(&["check"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(i * 1500));
        child.kill().unwrap();
        // A child that was quicker than the signal has acknowledged its run by its exit status.
        acknowledged += usize::from(child.wait().unwrap().success());
    }
    let kept = runs(&world).len();
    assert!((acknowledged..=41).contains(&kept), "{kept} of at least {acknowledged}");
    assert_eq!(world.run(&["check"]).status, 0);
    assert_eq!(runs(&world).len(), kept + 1);
}

#[test]
fn a_history_that_cannot_be_written_is_told_and_changes_no_verdict() {
    let world = World::module();
    world.file("home/.local/state/goward/history.db", "this is no database, leave it alone");
    let ran = world.run(&["check", "-q"]);
    assert_eq!(ran.status, 0);
    assert!(ran.stderr.contains("history.db"), "{}", ran.stderr);
    let ran = world.run(&["check", "-q", "--lang", "zh"]);
    assert!(ran.stderr.contains("不是 goward 的历史数据库"), "{}", ran.stderr);
    assert_eq!(std::fs::read(db(&world)).unwrap(), b"this is no database, leave it alone");
}
