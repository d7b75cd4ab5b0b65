//! `cargo xtask guards`: each lint of the workspace catches a violation that is planted for it.
//! A guard that catches nothing guards nothing.

use crate::shell::{command, root};
use anyhow::{Context as _, Result, ensure};
use std::fs;

/// A violation, and the lint that must refuse it.
const PLANTED: &[(&str, &str)] = &[
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::read(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::read_to_string(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::read_dir(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::write(\"x\", \"\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::File::open(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::fs::metadata(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::env::var(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::env::var_os(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::process::Command::new(\"x\"); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::net::TcpStream::connect(\"x:1\"); }"),
    (
        "clippy::disallowed_methods",
        "pub fn f(a: std::net::SocketAddr) { \
         let _ = std::net::TcpStream::connect_timeout(&a, std::time::Duration::ZERO); }",
    ),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::time::Instant::now(); }"),
    ("clippy::disallowed_methods", "pub fn f() { let _ = std::time::SystemTime::now(); }"),
    ("clippy::unwrap_used", "pub fn f(x: Option<u8>) -> u8 { x.unwrap() }"),
    ("clippy::expect_used", "pub fn f(x: Option<u8>) -> u8 { x.expect(\"x\") }"),
    ("clippy::panic", "pub fn f() { panic!() }"),
    ("clippy::todo", "pub fn f() { todo!() }"),
    ("clippy::unimplemented", "pub fn f() { unimplemented!() }"),
    ("clippy::dbg_macro", "pub fn f(x: u8) -> u8 { dbg!(x) }"),
    ("clippy::print_stdout", "pub fn f() { println!() }"),
    ("clippy::print_stderr", "pub fn f() { eprintln!() }"),
    ("clippy::exit", "pub fn f() { std::process::exit(0) }"),
    ("clippy::allow_attributes_without_reason", "#[allow(dead_code)]\nfn f() {}"),
    ("unsafe_code", "pub fn f(p: *const u8) -> u8 { unsafe { *p } }"),
    ("missing_docs", "pub mod m { pub struct Undocumented; }"),
    ("unreachable_pub", "mod m { pub fn f() {} }\npub fn g() { m::f() }"),
];

pub fn run() -> Result<()> {
    let banned = fs::read_to_string(root().join("clippy.toml"))?;
    let banned: Vec<&str> = banned.lines().filter_map(|line| line.split('"').nth(1)).collect();
    for path in banned.iter().filter(|path| path.starts_with("std::")) {
        let planted = PLANTED.iter().any(|(_, code)| code.contains(path));
        ensure!(planted, "clippy.toml bans {path}, but no violation is planted for it");
    }
    let caught = plant()?;
    for (i, (lint, code)) in PLANTED.iter().enumerate() {
        let file = format!("planted{i}.rs");
        let hit = caught.lines().any(|line| line.contains(&file) && line.contains(lint));
        ensure!(hit, "{lint} did not catch its planted violation:\n{code}\n\n{caught}");
    }
    println!("==> guards hold ({} planted violations are caught)", PLANTED.len());
    Ok(())
}

/// Builds a crate of violations under the workspace's own lints; gives `file lint` lines.
fn plant() -> Result<String> {
    let dir = tempfile::tempdir()?;
    let src = dir.path().join("src");
    fs::create_dir(&src)?;
    fs::copy(root().join("clippy.toml"), dir.path().join("clippy.toml"))?;
    let workspace = fs::read_to_string(root().join("Cargo.toml"))?;
    let lints = workspace.split_once("[workspace.lints.rust]").context("no lints")?.1;
    let lints = lints.split_once("[profile").context("no profile")?.0;
    fs::write(
        dir.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"planted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [lints]\nworkspace = true\n[workspace]\n[workspace.lints.rust]{}",
            // Forbidden code would stop the others from being looked at.
            lints.replace("\"forbid\"", "\"warn\"")
        ),
    )?;
    let mut lib = String::from("//! planted\n");
    for (i, (_, code)) in PLANTED.iter().enumerate() {
        lib += &format!("#[doc = \"planted\"]\npub mod planted{i};\n");
        fs::write(src.join(format!("planted{i}.rs")), format!("//! planted\n{code}\n"))?;
    }
    fs::write(src.join("lib.rs"), lib)?;
    let mut clippy =
        command("cargo", &["clippy", "--quiet", "--message-format=json", "--", "--cap-lints=warn"]);
    clippy.current_dir(dir.path()).env("CARGO_TARGET_DIR", dir.path().join("target"));
    let output = clippy.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line)?;
        let message = &message["message"];
        let lint = message["code"]["code"].as_str().unwrap_or_default();
        let file = message["spans"][0]["file_name"].as_str().unwrap_or_default();
        found += &format!("{file} {lint}\n");
    }
    Ok(found)
}
