//! Asks the golang.org/x/mod that comes with the installed Go.

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
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/program");
    for name in ["main.go", "vendor.go"] {
        fs::copy(programs.join(name), dir.path().join(name)).unwrap();
    }
    fs::write(dir.path().join("vendorlist.go"), vendor_list(&root)).unwrap();
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

/// The functions of the go command that read vendor/modules.txt, which no other program can call.
fn vendor_list(root: &Path) -> String {
    let modload = root.join("src/cmd/go/internal/modload");
    let vendor = fs::read_to_string(modload.join("vendor.go")).unwrap();
    let start = vendor.find("var (\n\tvendorOnce").expect("the variables of vendor.go");
    let end = vendor.find("// checkVendorConsistency").expect("the function behind the reader");
    let init = fs::read_to_string(modload.join("init.go")).unwrap();
    let mark = init.find("func modulesTextIsForWorkspace").expect("the reader of the mark");
    let mark_end = mark + init[mark..].find("\n}\n").unwrap() + 3;
    let head = "package main\n\nimport (\n\"errors\"\n\"io\"\n\"io/fs\"\n\"os\"\n\"path/filepath\"\n\"strings\"\n\
                \"sync\"\n\n\"golang.org/x/mod/module\"\n\"golang.org/x/mod/semver\"\n)\n\n";
    let body = [&vendor[start..end], &init[mark..mark_end]].concat();
    let body = body.replace("&gover.TooNewError", "&tooNewError").replace("fsys.Open", "os.Open");
    format!("{head}{body}")
}

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

/// Runs go in a directory, without the settings of the machine; standard output if it succeeds, else standard error.
pub(crate) fn go(dir: &Path, args: &[&str]) -> Result<String, String> {
    let mut go = Command::new("go");
    go.args(args).current_dir(dir);
    go.env("GOTOOLCHAIN", "local").env("GOFLAGS", "").env("GOPROXY", "off").env_remove("GOWORK");
    let output = go.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// The version of the installed Go, such as `1.26.1`.
pub(crate) fn running() -> String {
    go(Path::new("/"), &["env", "GOVERSION"]).unwrap().trim().trim_start_matches("go").to_owned()
}

/// A directory with files, named without links.
pub(crate) fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (dir, root)
}
