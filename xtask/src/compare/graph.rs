//! The package graph against `go list`, and the hook against what it runs and what others run.

use super::{compare, goward, side};
use crate::shell::command;
use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The fields that most tools need.
const FIELDS: &str = "-json=ImportPath,Dir,GoFiles,CgoFiles,Imports,Module,Standard,Error";

/// First whether the packages are the same, field by field; then what either costs.
pub(super) fn graph(dir: &str) -> Result<()> {
    let goward = goward();
    let same = Command::new(&goward).args(["graph", "verify", dir]).status()?;
    ensure!(same.success(), "the packages differ from those of go list");
    let in_dir = |name, line: String| side(name, &["sh", "-c", &format!("cd '{dir}' && {line}")]);
    let cache = command("go", &["env", "GOCACHE"]).output()?;
    let cache = format!("GOCACHE={}", String::from_utf8(cache.stdout)?.trim());
    let cycles = [goward.as_str(), "graph", "cycles", dir];
    // What is kept for the next run is kept there.
    let nothing_kept = [&["env", &cache, "XDG_CACHE_HOME=/dev/null"], &cycles[..]].concat();
    compare(
        &format!("packages of {dir} and all that they import"),
        &[
            side("goward, without its index", &nothing_kept),
            side("goward, with its index", &cycles),
            side("go list, 8 fields", &["go", "-C", dir, "list", "-e", "-deps", FIELDS, "./..."]),
            side(
                "go list, all fields",
                &["go", "-C", dir, "list", "-e", "-deps", "-json", "./..."],
            ),
        ],
        "goward loads and looks for cycles, for which it leaves the tests of other modules unread; both have the go command's own index in GOCACHE; all fields include staleness",
    )?;
    let empty = tempfile::tempdir()?;
    let empty_cache = format!("$(mktemp -d -p {})", empty.path().display());
    compare(
        "the same on a machine that has no caches",
        &[
            in_dir(
                "goward, no index at all",
                format!(
                    "GOCACHE={empty_cache} XDG_CACHE_HOME=/dev/null exec '{goward}' graph cycles"
                ),
            ),
            in_dir(
                "go list, 8 fields, GOCACHE empty",
                format!("GOCACHE={empty_cache} exec go list -e -deps {FIELDS} ./..."),
            ),
            in_dir(
                "go list, all fields, GOCACHE empty",
                format!("GOCACHE={empty_cache} exec go list -e -deps -json ./..."),
            ),
        ],
        "as on a CI runner",
    )
}

/// A line is added to a file of a clone and staged; then the hook, what it runs, and the usual hook.
pub(super) fn hook(repo: &str, file: &str) -> Result<()> {
    let goward = goward();
    let clone = tempfile::tempdir()?;
    let dir = clone.path().display().to_string();
    let git = |args: &[&str]| -> Result<()> {
        ensure!(
            Command::new("git").args(args).status()?.success(),
            "git {} failed",
            args.join(" ")
        );
        Ok(())
    };
    git(&["clone", "--quiet", repo, &dir])?;
    let path = Path::new(&dir).join(file);
    let mut text = std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
    text.push_str("\n// changed\n");
    std::fs::write(&path, text)?;
    git(&["-C", &dir, "add", file])?;
    let affected = |kind: &str| -> Result<BTreeSet<String>> {
        let args = ["graph", "affected", "--staged", "--dir", &dir, "--kind", kind];
        let output = Command::new(&goward).args(args).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
    };
    let packages: BTreeSet<String> =
        affected("packages")?.union(&affected("tests")?).cloned().collect();
    let packages = packages.into_iter().collect::<Vec<_>>().join(" ");
    let in_dir = |name, line: String| side(name, &["sh", "-c", &format!("cd '{dir}' && {line}")]);
    let bare = format!(
        "exec go list -test -export -e -buildvcs=false -json=ImportPath,Error,DepsErrors -- {packages}"
    );
    // Both sides find everything compiled.
    ensure!(
        command("sh", &["-c", &format!("cd '{dir}' && {bare} > /dev/null && go vet ./... ; true")])
            .status()?
            .success(),
        "compiling failed"
    );
    compare(
        &format!("{file} of {repo} is staged"),
        &[
            in_dir(
                "goward hook run --deep",
                format!("exec '{goward}' hook run --deep --budget 600"),
            ),
            in_dir("bare go list -test -export", bare),
            in_dir("go build && go vet ./...", "go build ./... && exec go vet ./...".to_owned()),
        ],
        "build caches are warm; the last looks at the worktree and at all packages, as the usual hooks do",
    )
}
