//! `goward chaos`: every scenario against the real go, and what may go wrong around it. A program of its own, because
//! builds from cold caches take all the cores, and other tests look at the clock.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests drive the real binary on real files and processes"
)]

#[path = "../e2e/world.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod world;

mod input;
mod program;
mod report;
mod scenarios;

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use world::{Ran, World, ran};

/// goward with a temporary folder that is looked at afterwards.
fn command(world: &World, args: &[&str]) -> Command {
    std::fs::create_dir_all(world.path("tmp")).unwrap();
    let mut command = world.command(&[&["chaos"], args].concat());
    command.env("TMPDIR", world.path("tmp"));
    command
}

fn chaos(world: &World, args: &[&str]) -> Ran {
    let ran = ran(command(world, args).output().unwrap());
    assert_eq!(left(world), Vec::<PathBuf>::new(), "{args:?} left something: {}", ran.stderr);
    ran
}

/// What is left of scenarios.
fn left(world: &World) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(world.path("tmp")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr))
}
