//! Makes the observer: the program of `crates/toolobserver`, static and at a fixed address, so that it
//! starts in a third of the time of a large program that must be relocated first. Where the machine
//! cannot link one, goward stands in front of the tools itself.

#![allow(clippy::disallowed_methods, reason = "a build script speaks with cargo and with the disk")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The cheapest to start first; the second needs no static C library.
const WAYS: [&str; 2] =
    ["-Crelocation-model=static -Ctarget-feature=+crt-static", "-Crelocation-model=static"];

fn main() -> std::io::Result<()> {
    for watched in
        ["../toolobserver/src", "../toolobserver/Cargo.toml", "../../Cargo.toml", "build.rs"]
    {
        println!("cargo::rerun-if-changed={watched}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let made = WAYS.iter().find_map(|flags| make(&out.join("target"), flags));
    if made.is_none() {
        println!(
            "cargo::warning=no small observer: goward build will start goward itself once per tool"
        );
    }
    fs::write(out.join("observer"), made.unwrap_or_default())
}

fn make(folder: &Path, flags: &str) -> Option<Vec<u8>> {
    let target = env::var("TARGET").ok()?;
    let mut cargo = Command::new(env::var_os("CARGO")?);
    cargo.args(["build", "--quiet", "--locked", "--offline", "--package", "toolobserver"]);
    cargo.args(["--profile", "observer", "--target", &target, "--target-dir"]).arg(folder);
    // What the outer build was told (coverage, sanitizers, lints as wrappers) is not for it.
    for (name, _) in env::vars_os() {
        let inherited = name.to_string_lossy();
        if ["CARGO_", "RUSTC_", "RUSTFLAGS", "CLIPPY_"].iter().any(|it| inherited.starts_with(it))
            && inherited != "CARGO_HOME"
        {
            cargo.env_remove(&name);
        }
    }
    cargo.env("RUSTFLAGS", flags);
    if !cargo.status().ok()?.success() {
        return None;
    }
    fs::read(folder.join(target).join("observer/toolobserver")).ok()
}
