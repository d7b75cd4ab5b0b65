//! Commits that say themselves that their tree was judged.

use crate::hook::{FINE, add, go_cache, world};
use crate::world::{Ran, World};
use std::fs;

/// By git itself, with the hooks.
fn commit_by_git(world: &World, args: &[&str]) -> Ran {
    let mut command = std::process::Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q"]);
    command.args(args).current_dir(world.root()).env("GOCACHE", go_cache());
    crate::world::ran(command.output().unwrap())
}

#[test]
fn a_commit_says_itself_that_it_was_judged_where_the_policy_wants_it() {
    for record in ["trailer", "note"] {
        let world = world();
        world.file("m/goward.toml", format!("[hook]\nrecord = \"{record}\"\n"));
        add(&world, "goward.toml");
        let installed = world.run(&["hook", "install"]);
        assert_eq!(installed.status, 0, "{}", installed.stderr);
        world.file("m/a/a.go", format!("{FINE}\n// once\n"));
        add(&world, "a");
        let done = commit_by_git(&world, &["-m", "judged"]);
        assert_eq!(done.status, 0, "{}", done.stderr);
        world.file("m/a/a.go", format!("{FINE}\n// twice\n"));
        add(&world, "a");
        // Its message is that of the one before, trailer and all.
        commit_by_git(&world, &["--no-verify", "-C", "HEAD"]);
        // On another machine.
        fs::remove_dir_all(world.path("m/.git/goward")).unwrap();
        let audit = world.run(&["hook", "audit", "HEAD~2..HEAD"]);
        let told = audit.stdout.lines().count();
        assert!(
            audit.status == 1 && told == 2 && audit.stdout.contains("1 of 2 commits"),
            "{record}: {}{}",
            audit.stdout,
            audit.stderr
        );
        let audit = world.run(&["hook", "audit", "HEAD~2..HEAD~1"]);
        assert_eq!(audit.status, 0, "{record}: {}", audit.stdout);
        // Whose policy believes neither, knows nothing.
        world.file("m/goward.toml", "");
        assert_eq!(world.run(&["hook", "audit", "HEAD~2..HEAD~1"]).status, 1);
        assert_eq!(world.run(&["hook", "uninstall"]).status, 0);
        for name in ["commit-msg", "post-commit", "pre-commit"] {
            assert!(!world.path(&format!("m/.git/hooks/{name}")).exists(), "{name}");
        }
    }
}
