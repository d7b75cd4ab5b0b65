//! Asks the golang.org/x/mod/sumdb that comes with the installed Go.

#![expect(clippy::disallowed_methods, reason = "the tests run a Go program")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The program, built once. The library is the go command's own copy, so no network is needed and the versions agree.
static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let root = Command::new("go").args(["env", "GOROOT"]).output().expect("go is installed");
    let root = PathBuf::from(String::from_utf8(root.stdout).unwrap().trim());
    let vendored = root.join("src/cmd/vendor/golang.org/x/mod");
    let packages = ["module", "semver", "internal/lazyregexp", "sumdb", "sumdb/note", "sumdb/tlog"];
    for package in packages {
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
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The answers of Go, one for each request.
pub(crate) fn ask(requests: &[Value]) -> Vec<Value> {
    let input: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let mut child =
        Command::new(&PROGRAM.1).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        use std::io::Write as _;
        stdin.write_all(input.as_bytes()).unwrap();
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), requests.len());
    answers
}

/// Bytes as Go's JSON has them.
pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Such bytes.
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    match value.as_str() {
        Some(text) => base64::engine::general_purpose::STANDARD.decode(text).unwrap(),
        None => Vec::new(),
    }
}

/// What Go says is wrong; `None` if nothing is.
pub(crate) fn error(answer: &Value) -> Option<String> {
    if let Some(panic) = answer.get("panic") {
        return Some(format!("panic: {panic}"));
    }
    answer.get("error").map(|error| String::from_utf8_lossy(&bytes(error)).into_owned())
}
