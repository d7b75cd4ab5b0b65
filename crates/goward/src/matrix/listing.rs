//! What the go command itself lists for a cell, where a setting asks for what our own graph does not model.

use super::graph::{Key, Packages, Problem};
use anyhow::Context as _;
use goward_causes::{Verdict, classify};
use goward_system::{Command, Ended, OsSystem, System as _};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;

/// A cold cache on a slow disk.
const LIMIT: Duration = Duration::from_secs(300);
/// Kubernetes has 4,000 packages, each of some 200 bytes here.
const MAX_OUTPUT: usize = 64 << 20;
/// Flags that change neither which packages are built nor which of them need C; `-tags` our own graph knows.
const HARMLESS: [&str; 12] = [
    "a", "asmflags", "buildvcs", "gcflags", "json", "n", "pgo", "tags", "trimpath", "v", "work",
    "x",
];

/// The first flag of go build that may change what is built, or whether C is needed.
pub(super) fn decisive(flags: &[String]) -> Option<&String> {
    flags.iter().find(|flag| match name(flag) {
        "ldflags" => flag.contains("linkmode"),
        name => !HARMLESS.contains(&name),
    })
}

fn name(flag: &str) -> &str {
    flag.trim_start_matches('-').split('=').next().unwrap_or_default()
}

/// A package as `go list -json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Listed {
    import_path: String,
    dep_only: bool,
    cgo_files: Vec<String>,
    error: Option<ListError>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ListError {
    err: String,
}

/// Asks the go command `go`, with the environment that the cell is built in.
pub(super) fn ask(
    go: &Path,
    dir: &Path,
    key: &Key,
    patterns: &[String],
    flags: &[String],
) -> anyhow::Result<Packages> {
    let words = ["list", "-e", "-deps", "-json=ImportPath,DepOnly,CgoFiles,Error"];
    let decides = |flag: &&String| name(flag) == "tags" || !HARMLESS.contains(&name(flag));
    let words = words.into_iter().chain(flags.iter().filter(decides).map(String::as_str));
    let words = words.chain(["--"]).chain(patterns.iter().map(String::as_str));
    let command = Command::new(go.to_str().context("a path that is no text")?, words)
        .without("GOROOT")
        .env("GOTOOLCHAIN", "local")
        .env("GOOS", &key.platform.os)
        .env("GOARCH", &key.platform.arch)
        .env("CGO_ENABLED", if key.cgo { "1" } else { "0" })
        .limit(LIMIT)
        .keep(MAX_OUTPUT);
    let output = OsSystem::at(dir).run(&command)?;
    if let Ended::Code(status) = output.ended
        && status != 0
    {
        return Ok(refused(&output.stderr.text()));
    }
    packages(&output.success(&command)?)
}

/// It refuses to list: `go: -race requires cgo`.
fn refused(said: &str) -> Packages {
    let line = said.lines().find(|line| !line.starts_with("go: downloading")).unwrap_or_default();
    Packages { error: Some(problem(line.to_owned())), ..Packages::default() }
}

fn problem(message: String) -> Problem {
    let verdict: Verdict = classify(message.as_bytes());
    let cause = verdict.causes.first().map(|cause| cause.id);
    Problem { cause, message }
}

fn packages(printed: &str) -> anyhow::Result<Packages> {
    let mut found = Packages::default();
    for package in serde_json::Deserializer::from_str(printed).into_iter::<Listed>() {
        let package = package.context("go list -json")?;
        if let Some(error) = package.error.filter(|_| found.error.is_none()) {
            found.error = Some(problem(error.err));
        }
        if !package.cgo_files.is_empty() {
            found.needs_c.push(package.import_path.clone());
        }
        if !package.dep_only {
            found.matched.insert(package.import_path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(flags: &str) -> Option<String> {
        let flags: Vec<String> = flags.split(' ').map(str::to_owned).collect();
        decisive(&flags).cloned()
    }

    #[test]
    fn flags_that_may_need_c_are_asked_about() {
        for flag in [
            "-race",
            "--msan",
            "-buildmode=c-shared",
            "-ldflags=-linkmode=external",
            "-modfile=x.mod",
            "-nonsense",
        ] {
            assert_eq!(first(flag).as_deref(), Some(flag));
        }
        assert_eq!(first("-trimpath --tags=a,b -ldflags=-s -gcflags=all=-N -v -pgo=off"), None);
    }

    #[test]
    fn what_go_lists_is_read_with_its_error() {
        let found = packages(
            r#"{"ImportPath": "runtime/cgo", "DepOnly": true, "CgoFiles": ["cgo.go"]}
               {"ImportPath": "m", "Error": {"ImportStack": [], "Pos": "", "Err": "-buildmode=c-shared requires external (cgo) linking, but cgo is not enabled"}}"#,
        );
        let found = found.unwrap();
        assert_eq!((found.needs_c.len(), found.matched.len()), (1, 1));
        assert_eq!(found.error.and_then(|it| it.cause), Some("cgo.disabled"));
        assert!(packages("no JSON").is_err());
        let race = refused(
            "go: downloading x\ngo: -race requires cgo; enable cgo by setting CGO_ENABLED=1\n",
        );
        assert_eq!(race.error.and_then(|it| it.cause), Some("cgo.disabled"));
    }
}
