//! Asks the golang.org/x/mod that comes with the installed Go.

#![expect(clippy::disallowed_methods, reason = "the tests run a Go program and read files")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are parts of tests")]

pub(crate) mod files;
pub(crate) mod random;

use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The program, built once. The library is the go command's own copy, so no network is needed and the versions agree.
static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let root = Command::new("go").args(["env", "GOROOT"]).output().expect("go is installed");
    let root = PathBuf::from(String::from_utf8(root.stdout).unwrap().trim());
    let vendored = root.join("src/cmd/vendor/golang.org/x/mod");
    for package in ["modfile", "module", "semver", "internal/lazyregexp"] {
        copy(&vendored.join(package), &dir.path().join("mod").join(package));
    }
    fs::write(dir.path().join("mod/go.mod"), "module golang.org/x/mod\n\ngo 1.24.0\n").unwrap();
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/main.go");
    fs::copy(main, dir.path().join("main.go")).unwrap();
    let file = "module ask.example.test\n\ngo 1.24.0\n\nrequire golang.org/x/mod v0.0.0\n\n\
                replace golang.org/x/mod => ./mod\n";
    fs::write(dir.path().join("go.mod"), file).unwrap();
    let program = dir.path().join("ask");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(dir.path());
    build.env("GOWORK", "off").env("GOFLAGS", "-mod=mod").env("GOPROXY", "off");
    let built = build.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    (dir, program)
});

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The answers of Go, one for each request.
pub(crate) fn ask_go<'a>(requests: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<Value> {
    let mut input = Vec::new();
    let mut count = 0;
    for (kind, data) in requests {
        writeln!(input, "{kind} {}", data.len()).unwrap();
        input.extend_from_slice(data);
        count += 1;
    }
    let mut child =
        Command::new(&PROGRAM.1).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), count);
    answers
}

/// The files with an extension, such as `mod`, of the module cache, and of the directories that `GOMOD_CORPUS` lists (`:`-separated).
pub(crate) fn corpus(extension: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let cache = Command::new("go").args(["env", "GOMODCACHE"]).output().unwrap();
    let cache = PathBuf::from(String::from_utf8(cache.stdout).unwrap().trim());
    let mut pending = vec![cache.join("cache/download")];
    let more = std::env::var("GOMOD_CORPUS").unwrap_or_default();
    pending.extend(more.split(':').filter(|dir| !dir.is_empty()).map(PathBuf::from));
    let mut files = Vec::new();
    while let Some(dir) = pending.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|ext| ext == extension) {
                files.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
    }
    files
}

/// What `go mod edit` or `go work edit` prints for a file with a flag, or says when it refuses the file.
pub(crate) fn go_edit_text(name: &str, text: &str, flag: &str) -> Result<Vec<u8>, String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), text).unwrap();
    let verb = if name == "go.mod" { "mod" } else { "work" };
    let mut go = Command::new("go");
    go.args([verb, "edit", flag, name]).current_dir(dir.path());
    // An environment setting keeps go from looking into the file for a toolchain.
    go.env("GOTOOLCHAIN", "local").env("GOWORK", "off").env("GOFLAGS", "");
    let output = go.output().unwrap();
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(String::from_utf8(output.stderr).unwrap())
}
