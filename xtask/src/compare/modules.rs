//! Module caches, build lists and build contexts against Go's own tools and a bare walk.

use super::{Side, compare, goward, side};
use crate::shell::{command, root};
use anyhow::{Result, ensure};
use std::process::Command;

/// An example of a crate, built for speed.
pub(super) fn example(package: &str, name: &str) -> Result<String> {
    let build = ["build", "--release", "--quiet", "--package", package, "--example", name];
    ensure!(command("cargo", &build).status()?.success(), "building {name} failed");
    Ok(root().join("target/release/examples").join(name).display().to_string())
}

/// `go list -m all` answered: a line for each module of a target.
fn go_lines(dir: &str, args: &[&str]) -> Result<Vec<String>> {
    let output = Command::new("go").args(args).current_dir(dir).output()?;
    ensure!(output.status.success(), "go {} in {dir} failed", args.join(" "));
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

/// The same folders hashed by us, by x/mod, and read and hashed with nothing else; then
/// `go mod verify`.
pub(super) fn modcache(dir: &str) -> Result<()> {
    let ours = example("modcache", "hashdir")?;
    let work = tempfile::tempdir()?;
    let theirs = work.path().join("hashdir").display().to_string();
    let source = root().join("crates/modcache/benches/hashdir");
    let built =
        Command::new("go").args(["build", "-o", &theirs, "."]).current_dir(source).status()?;
    ensure!(built.success(), "building the Go program failed");
    let cache = go_lines(dir, &["env", "GOMODCACHE"])?.concat();
    let folders = go_lines(dir, &["list", "-m", "-f", "{{.Dir}}", "all"])?;
    let folders: Vec<String> =
        folders.into_iter().filter(|folder| folder.starts_with(&cache)).collect();
    let list = work.path().join("folders");
    std::fs::write(&list, folders.join("\n") + "\n")?;
    let fed = |name, program: &str, more: &str| {
        let line = format!("exec {program} {more} < {}", list.display());
        side(name, &["sh", "-c", &line])
    };
    let sums = |program: &str| -> Result<Vec<u8>> {
        let input = std::fs::File::open(&list)?;
        Ok(Command::new(program).stdin(input).output()?.stdout)
    };
    ensure!(sums(&ours)? == sums(&theirs)?, "the sums differ");
    compare(
        &format!("{} module folders of {dir}", folders.len()),
        &[
            fed("goward's hash_dirs", &ours, ""),
            fed("x/mod dirhash.HashDir", &theirs, ""),
            fed("floor: read and SHA-256", &ours, "floor"),
        ],
        "the same sums, all verified to be equal; x/mod and the floor use one thread",
    )?;
    let goward = goward();
    let only = ["--no-history", "--format", "json", "--only", "module-cache-modified"];
    let mut check = vec![goward.as_str(), "check", dir];
    check.extend(only);
    let verify = format!("cd {dir} && exec go mod verify");
    compare(
        &format!("the module cache of {dir}"),
        &[
            side("goward module-cache-modified", &check),
            side("go mod verify", &["sh", "-c", &verify]),
        ],
        "different work: go mod verify hashes the zips as well, and holds both against the .ziphash files; goward hashes \
         the folders, every go.mod and the zips that are not unpacked, and holds them against go.sum",
    )
}

/// The build list, by us and by Go.
pub(super) fn build_list(dir: &str) -> Result<()> {
    let ours = example("buildlist", "list")?;
    let go = format!("cd {dir} && exec go list -m all");
    let graph = format!("cd {dir} && exec go mod graph");
    compare(
        &format!("the build list of {dir}"),
        &[
            side("goward's buildlist", &[&ours, dir]),
            side("go list -m all", &["sh", "-c", &go]),
            side("go mod graph", &["sh", "-c", &graph]),
        ],
        "the same lines; Go also reads its own configuration and .info files",
    )
}

/// 100,000 files and 200 patterns, and a bare walk of the same tree.
pub(super) fn context() -> Result<()> {
    let walk = example("buildcontext", "walk")?;
    let work = tempfile::tempdir()?;
    for folder in 0..1000 {
        let path = work.path().join(format!("d{}/e{folder}", folder % 20));
        std::fs::create_dir_all(&path)?;
        for file in 0..100 {
            std::fs::write(path.join(format!("f{file}.go")), "x")?;
        }
    }
    let patterns: String = (0..200).map(|n| format!("**/f{n}.tmp\nd{n}/x{n}\n")).collect();
    let patterns: Vec<&str> = patterns.lines().take(200).collect();
    std::fs::write(work.path().join(".dockerignore"), patterns.join("\n") + "\n")?;
    let dir = work.path().display().to_string();
    let ignore = format!("{dir}/.dockerignore");
    let sides: [Side; 2] = [
        side("goward's context", &[&walk, &dir, &ignore]),
        side("goward's bare walk", &[&walk, &dir, "--bare"]),
    ];
    compare(
        "100,000 files, 200 patterns",
        &sides,
        "the bare walk is parallel, too, and judges nothing",
    )
}
