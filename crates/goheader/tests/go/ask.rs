//! Asks the installed Go.

use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// A question to the program: what kind, a name and bytes.
pub(crate) struct Request<'a> {
    pub(crate) kind: &'static str,
    pub(crate) name: &'a str,
    pub(crate) data: &'a [u8],
}

pub(crate) static GOROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Command::new("go").args(["env", "GOROOT"]).output().expect("go is installed");
    PathBuf::from(String::from_utf8(root.stdout).unwrap().trim())
});

/// The program of `tests/oracle`, built once, with the functions of the go command that no program can import.
pub(crate) static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    for entry in fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
    }
    let read = |name: &str| fs::read_to_string(GOROOT.join("src").join(name)).unwrap();
    let reader =
        read("cmd/go/internal/modindex/build_read.go").replace("package modindex", "package main");
    fs::write(dir.path().join("read.go"), reader).unwrap();
    let index = read("cmd/go/internal/modindex/build.go");
    let types = between(&index, "// fileInfo records", "var errNonSource");
    let constraints = between(&index, "var (\n\tbSlashSlash", "// saveCgo saves");
    let scan = read("cmd/go/internal/modindex/scan.go");
    let directives = scan.find("// extractCgoDirectives filters").expect("Go's source has changed");
    let directives = &scan[directives..];
    let build = read("go/build/build.go");
    let comment = between(&build, "func findImportComment", "// MatchFile reports");
    let imports = [
        "bytes",
        "errors",
        "go/ast",
        "go/build",
        "go/build/constraint",
        "go/token",
        "strings",
        "unicode",
        "unicode/utf8",
    ];
    let imports: String = imports.iter().map(|path| format!("import {path:?}\n")).collect();
    let lib = format!("package main\n\n{imports}\n{types}{constraints}{comment}{directives}");
    fs::write(dir.path().join("lib.go"), lib).unwrap();
    let program = dir.path().join("oracle");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(dir.path());
    build.env("GOWORK", "off").env("GOFLAGS", "-mod=mod").env("GOTOOLCHAIN", "local");
    let built = build.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    (dir, program)
});

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect("Go's source has changed");
    let length = text[start..].find(to).expect("Go's source has changed");
    &text[start..start + length]
}

/// The answers of Go, one for each request.
pub(crate) fn ask_go<'a>(requests: impl IntoIterator<Item = Request<'a>>) -> Vec<Value> {
    let mut input = Vec::new();
    let mut count = 0;
    for Request { kind, name, data } in requests {
        writeln!(input, "{kind} {} {}", Value::from(name), data.len()).unwrap();
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
    let answers: Vec<Value> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(answers.len(), count);
    answers
}
