//! Prints the packages of a directory as `go list -e -deps -test -json` does, a line each; or only the time it took.
//!
//! `cargo run --release -p gopackages --example packages -- DIR [--time N] [--no-test]`
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "an example that drives the real go command"
)]

use buildlist::GoWorkSetting;
use gopackages::{Options, Tags};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

fn go(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("go").args(args).current_dir(dir).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = PathBuf::from(&args[0]).canonicalize().unwrap();
    let tests = !args.contains(&"--no-test".to_owned());
    let names = ["GOROOT", "GOMODCACHE", "GOOS", "GOARCH", "CGO_ENABLED", "GOWORK"];
    let env = go(&dir, &[&["env"][..], &names].concat());
    let env: Vec<&str> = env.split('\n').chain([""]).collect();
    let context = go(
        &dir,
        &[
            "list",
            "-e",
            "-f",
            "{{join context.ToolTags \" \"}}|{{join context.ReleaseTags \" \"}}|{{join context.BuildTags \" \"}}",
            "unsafe",
        ],
    );
    let context: Vec<BTreeSet<String>> = context
        .split('|')
        .map(|tags| tags.split_whitespace().map(str::to_owned).collect())
        .collect();
    let tags = Tags {
        goos: env[2].into(),
        goarch: env[3].into(),
        cgo: env[4] == "1",
        compiler: "gc".into(),
        build_tags: context[2].clone(),
        tool_tags: context[0].clone(),
        release_tags: context[1].clone(),
        any: false,
    };
    let gomodcache = PathBuf::from(env[1]);
    let modules = buildlist::Options {
        gomodcache: gomodcache.clone(),
        gowork: GoWorkSetting::from_env(if env[5].is_empty() { "off" } else { env[5] }),
        ..buildlist::Options::default()
    };
    let options = Options {
        goroot: env[0].into(),
        gomodcache,
        cwd: dir.clone(),
        tags,
        tests,
        spares_tests: false,
        threads: 0,
        profile: gopackages::Profile::Auto,
        overlay: std::sync::Arc::default(),
        index: None,
        go_index: None,
    };
    if let Some(at) = args.iter().position(|arg| arg == "--time") {
        for _ in 0..args[at + 1].parse::<usize>().unwrap() {
            let begun = Instant::now();
            let list = buildlist::load(&dir, &modules).unwrap();
            let listed = begun.elapsed();
            let packages = gopackages::load(&list, &["./..."], &options).unwrap();
            println!(
                "{} packages: {:?}, of that {listed:?} modules",
                packages.iter().count(),
                begun.elapsed()
            );
        }
        return;
    }
    let list = buildlist::load(&dir, &modules).unwrap();
    let packages = gopackages::load(&list, &["./..."], &options).unwrap();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for package in packages.to_json(&list) {
        std::io::Write::write_all(&mut out, format!("{package}\n").as_bytes()).unwrap();
    }
}
