//! golang.org/x/mod, asked.

use serde_json::json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// The Go program of `benches/hashdir`, built once.
static PROGRAM: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("hashdir");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/hashdir");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .env("GOFLAGS", "-mod=readonly -buildvcs=false")
        .current_dir(source)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (dir, program)
});

/// What the program says.
pub(crate) fn go(args: &[&str], input: &str) -> String {
    let mut child = Command::new(&PROGRAM.1)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// A zip of these files, made by Go.
pub(crate) fn zip(file: &Path, entries: &[(&str, &str)]) {
    let entries: Vec<_> =
        entries.iter().map(|(name, content)| json!({"Name": name, "Content": content})).collect();
    let said = go(&["make", file.to_str().unwrap()], &json!(entries).to_string());
    assert_eq!(said, "made");
}

/// Writes a file and the folders above it.
pub(crate) fn file(root: &Path, name: &str, content: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}
