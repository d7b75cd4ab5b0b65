//! Small modules with everything that can be wrong, and what `go list -e -deps -test -json` says of them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests drive the real go command"
)]

mod broken;
mod patterns;

use buildlist::{BuildList, GoWorkSetting};
use gopackages::{GoIndex, Options, Tags};
use overlay::Overlay;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

/// The fields that are compared; `GoFiles` of a test's main program is a file in Go's cache.
const FIELDS: [&str; 31] = [
    "Doc",
    "Dir",
    "ImportPath",
    "Name",
    "ForTest",
    "Standard",
    "DepOnly",
    "Incomplete",
    "GoFiles",
    "CgoFiles",
    "IgnoredGoFiles",
    "InvalidGoFiles",
    "IgnoredOtherFiles",
    "CFiles",
    "CXXFiles",
    "MFiles",
    "HFiles",
    "FFiles",
    "SFiles",
    "SwigFiles",
    "SwigCXXFiles",
    "SysoFiles",
    "TestGoFiles",
    "XTestGoFiles",
    "EmbedPatterns",
    "EmbedFiles",
    "Imports",
    "ImportMap",
    "Deps",
    "TestImports",
    "XTestImports",
];

/// What the go command says of itself.
struct Go {
    goroot: PathBuf,
    gomodcache: PathBuf,
    index: GoIndex,
}

static GO: LazyLock<Go> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let env = go(dir.path(), &[], &["env", "GOROOT", "GOMODCACHE", "GOCACHE", "GOVERSION"]);
    let [goroot, gomodcache, cache, version] =
        env.lines().collect::<Vec<_>>().try_into().unwrap_or_else(|lines| panic!("{lines:?}"));
    let index = GoIndex { cache: cache.into(), version: version.to_owned() };
    Go { goroot: goroot.into(), gomodcache: gomodcache.into(), index }
});

fn go(dir: &Path, env: &[(&str, &str)], args: &[&str]) -> String {
    let mut command = Command::new("go");
    command.args(args).current_dir(dir).env("GOTOOLCHAIN", "local").env("GOPROXY", "off");
    command.env("GOFLAGS", "").env_remove("GOWORK").env("PWD", dir).envs(env.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// What a build is for.
struct Target {
    goos: &'static str,
    goarch: &'static str,
    cgo: bool,
    tags: &'static str,
    /// Of the go command, in `GOFLAGS`.
    flag: &'static str,
}

/// Everything that is worked on.
const ALL: [&str; 1] = ["./..."];

const HERE: Target = Target { goos: "linux", goarch: "amd64", cgo: true, tags: "", flag: "" };

impl Target {
    fn env(&self) -> Vec<(&str, &str)> {
        let cgo = if self.cgo { "1" } else { "0" };
        vec![
            ("GOOS", self.goos),
            ("GOARCH", self.goarch),
            ("CGO_ENABLED", cgo),
            ("GOFLAGS", self.flag),
        ]
    }

    fn tags(&self) -> Tags {
        let dir = tempfile::tempdir().unwrap();
        let format = "{{join context.ToolTags \" \"}}\n{{join context.ReleaseTags \" \"}}";
        let tags = go(dir.path(), &self.env(), &["list", "-e", "-f", format, "unsafe"]);
        let mut tags = tags.lines().map(|line| line.split(' ').map(str::to_owned).collect());
        let build_tags = self.tags.split(',').filter(|tag| !tag.is_empty());
        Tags {
            goos: self.goos.to_owned(),
            goarch: self.goarch.to_owned(),
            cgo: self.cgo,
            compiler: "gc".to_owned(),
            build_tags: build_tags.map(str::to_owned).collect(),
            tool_tags: tags.next().unwrap(),
            release_tags: tags.next().unwrap(),
            any: false,
        }
    }
}

/// The packages as the go command lists them.
fn theirs(
    dir: &Path,
    target: &Target,
    overlay: &Overlay,
    patterns: &[&str],
) -> Vec<Map<String, Value>> {
    let tags = format!("-tags={}", target.tags);
    let mut args = vec!["list", "-e", "-deps", "-test", &tags, "-json"];
    args.extend(patterns);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), overlay.to_json().to_string()).unwrap();
    let flag = format!("-overlay={}", file.path().display());
    if !overlay.is_empty() {
        args.insert(1, &flag);
    }
    let text = go(dir, &target.env(), &args);
    let packages = serde_json::Deserializer::from_str(&text).into_iter::<Map<String, Value>>();
    packages.map(Result::unwrap).collect()
}

/// The packages as this library lists them.
fn ours(
    dir: &Path,
    target: &Target,
    overlay: &Overlay,
    patterns: &[&str],
) -> Vec<Map<String, Value>> {
    let overlay = Arc::new(overlay.clone());
    let options = buildlist::Options {
        gomodcache: GO.gomodcache.clone(),
        gowork: GoWorkSetting::Auto,
        overlay: Arc::clone(&overlay),
        ..buildlist::Options::default()
    };
    let modules = options;
    let options = Options {
        goroot: GO.goroot.clone(),
        gomodcache: GO.gomodcache.clone(),
        cwd: dir.to_owned(),
        tags: target.tags(),
        tests: true,
        spares_tests: false,
        threads: 2,
        profile: gopackages::Profile::Auto,
        overlay,
        index: None,
        go_index: None,
    };
    let all = |_: &BuildList| patterns.iter().map(|one| (*one).to_owned()).collect();
    let (list, packages) = gopackages::load_lazily(dir, &modules, &all, &options).unwrap();
    // go list has just run, and left its own index of the module cache: that says the same as the files.
    let believing = Options { go_index: Some(GO.index.clone()), ..options.clone() };
    let (known, again) = gopackages::load_lazily(dir, &modules, &all, &believing).unwrap();
    assert!(packages.to_json(&list).eq(again.to_json(&known)), "{patterns:?}");
    // Who imports what is the same without the tests of others.
    let sparing = Options { spares_tests: true, ..options.clone() };
    let (_, again) = gopackages::load_lazily(dir, &modules, &all, &sparing).unwrap();
    assert_eq!(imports(&packages), imports(&again), "{patterns:?}");
    // By the whole requirement graph they are the same.
    if let Ok(whole) = buildlist::load(dir, &modules) {
        let again = gopackages::load(&whole, patterns, &options).unwrap();
        assert!(packages.to_json(&list).eq(again.to_json(&whole)));
    }
    let objects = packages.to_json(&list).map(|package| match package {
        Value::Object(object) => object,
        other => panic!("{other}"),
    });
    objects.collect()
}

/// The packages, what each imports, and what is wrong with it.
fn imports(packages: &gopackages::Packages) -> Vec<(String, Vec<String>, Option<String>)> {
    let ids = |ids: &[gopackages::PackageId]| -> Vec<String> {
        ids.iter().filter_map(|id| packages.get(*id)).map(gopackages::Package::id).collect()
    };
    let said = |package: &gopackages::Package| {
        let error = package.error.as_ref().map(|error| error.message.clone());
        (package.id(), ids(&package.dependencies), error)
    };
    packages.iter().map(|(_, package)| said(package)).collect()
}

/// A requires a later B than go.mod does; whether anybody imports A decides whether Go looks.
const DISAGREEMENT: &str = r#"-- go.mod --
module example.com/m

go 1.24

require (
	example.com/a v1.0.0
	example.com/b v1.0.0
)

replace (
	example.com/a => ./a
	example.com/b => ./b
)
-- m.go --
package m

import _ "example.com/b"
-- a/go.mod --
module example.com/a

go 1.24

require example.com/b v1.1.0
-- a/a.go --
package a
-- b/go.mod --
module example.com/b

go 1.24
-- b/b.go --
package b
"#;

#[test]
fn the_requirement_graph_is_read_where_go_reads_it() {
    same("nobody imports it", DISAGREEMENT, &HERE);
    let text = DISAGREEMENT.replace("import _ \"example.com/b\"", "import _ \"example.com/a\"");
    let dir = world(&text);
    let root = dir.path().canonicalize().unwrap();
    let go = Command::new("go").args(["list", "-e", "./..."]).current_dir(&root).output().unwrap();
    let said = String::from_utf8(go.stderr).unwrap();
    assert!(said.contains("updates to go.mod needed"), "{said}");
    let modules = buildlist::Options { gowork: GoWorkSetting::Off, ..Default::default() };
    let options = Options {
        goroot: GO.goroot.clone(),
        gomodcache: GO.gomodcache.clone(),
        cwd: root.clone(),
        tags: HERE.tags(),
        tests: true,
        spares_tests: false,
        threads: 2,
        profile: gopackages::Profile::Auto,
        overlay: Arc::default(),
        index: None,
        go_index: None,
    };
    let all = |_: &BuildList| vec!["./...".to_owned()];
    let err = gopackages::load_lazily(&root, &modules, &all, &options).unwrap_err();
    assert!(err.to_string().contains("go.mod"), "{err}");
}

/// Errors at one package stand in any order: Go sorts what it takes out of a map, and only by the package.
fn ordered(value: Option<&Value>) -> Option<Value> {
    let mut value = value?.clone();
    if let Value::Array(errors) = &mut value
        && errors.iter().all(Value::is_object)
    {
        errors.sort_by_key(ToString::to_string);
    }
    Some(value)
}

/// Each difference in words.
fn differences(dir: &Path, target: &Target, overlay: &Overlay, patterns: &[&str]) -> Vec<String> {
    let theirs = theirs(dir, target, overlay, patterns);
    let ours = ours(dir, target, overlay, patterns);
    let names = |all: &[Map<String, Value>]| -> Vec<String> {
        all.iter().map(|one| one["ImportPath"].as_str().unwrap().to_owned()).collect()
    };
    let mut said = vec![];
    if names(&theirs) != names(&ours) {
        let (theirs, ours): (BTreeSet<_>, BTreeSet<_>) =
            (names(&theirs).into_iter().collect(), names(&ours).into_iter().collect());
        let (lack, more) = (theirs.difference(&ours), ours.difference(&theirs));
        said.push(format!(
            "packages: missing {:?}, too many {:?}, or in another order",
            lack.collect::<Vec<_>>(),
            more.collect::<Vec<_>>()
        ));
    }
    let ours: BTreeMap<String, &Map<String, Value>> = names(&ours).into_iter().zip(&ours).collect();
    for theirs in &theirs {
        let name = theirs["ImportPath"].as_str().unwrap();
        let Some(ours) = ours.get(name) else { continue };
        for field in FIELDS.iter().chain(&["Error", "DepsErrors"]) {
            if *field == "GoFiles" && name.ends_with(".test") {
                continue;
            }
            let (their, our) = (ordered(theirs.get(*field)), ordered(ours.get(*field)));
            if their != our {
                said.push(format!("{name} {field}\n    Go: {their:?}\n  ours: {our:?}"));
            }
        }
        let module = |one: &Map<String, Value>| {
            let module = one.get("Module")?;
            Some((module["Path"].clone(), module["Version"].clone(), module["Main"].clone()))
        };
        if module(theirs) != module(ours) {
            said.push(format!("{name} Module: {:?} {:?}", module(theirs), module(ours)));
        }
    }
    said
}

/// Writes the files of a txtar-like text: `-- name --` lines between them; `a -> b` links.
fn world(text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for part in text.split("\n-- ").map(|part| part.trim_start_matches("-- ")) {
        let Some((name, content)) = part.split_once(" --\n") else { continue };
        if let Some((link, to)) = name.split_once(" -> ") {
            std::os::unix::fs::symlink(to, dir.path().join(link)).unwrap();
            continue;
        }
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let content = content.replace("\\xff", "\u{1}");
        let bytes: Vec<u8> =
            content.bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
        std::fs::write(path, [bytes.as_slice(), b"\n"].concat()).unwrap();
    }
    // What was written in the last two seconds Go reads in another way, with other messages, than what its module
    // index knows.
    Command::new("find")
        .arg(dir.path())
        .args(["-exec", "touch", "-h", "-d", "2020-01-01", "{}", "+"])
        .status()
        .unwrap();
    dir
}

fn same(name: &str, text: &str, target: &Target) {
    let dir = world(text);
    let root = dir.path().canonicalize().unwrap();
    let said = differences(&root, target, &Overlay::default(), &ALL);
    assert!(said.is_empty(), "{name}:\n{}", said.join("\n"));
}

/// Where the small modules are: a txtar archive each, whose first line says what it is.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/cases")
}

/// Their names and archives.
fn cases() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 24, "cases are gone: {files:?}");
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).unwrap();
        (text.lines().next().unwrap().to_owned(), text)
    };
    files.iter().map(read).collect()
}

#[test]
fn small_modules_are_listed_as_by_go() {
    let mut wrong = vec![];
    for (name, text) in &cases() {
        let dir = world(text);
        let root = dir.path().canonicalize().unwrap();
        let said = differences(&root, &HERE, &Overlay::default(), &ALL);
        if !said.is_empty() {
            wrong.push(format!("## {name}\n{}", said.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn other_platforms_and_tags_choose_other_files() {
    for target in [
        Target { goos: "windows", goarch: "arm64", cgo: false, tags: "", ..HERE },
        Target { goos: "darwin", goarch: "arm64", cgo: false, tags: "integration,x", ..HERE },
        Target { goos: "js", goarch: "wasm", cgo: false, tags: "", ..HERE },
        Target { goos: "linux", goarch: "amd64", cgo: false, tags: "integration", ..HERE },
        Target { goos: "android", goarch: "arm64", cgo: false, tags: "", ..HERE },
        // Programs of these are linked by another linker, which needs cgo.
        Target { goos: "android", goarch: "arm", cgo: false, tags: "", ..HERE },
        Target { goos: "ios", goarch: "arm64", cgo: true, tags: "", ..HERE },
        Target { goos: "linux", goarch: "arm", cgo: false, tags: "", ..HERE },
        Target { flag: "-race", ..HERE },
        Target { flag: "-msan", ..HERE },
        Target { flag: "-asan", ..HERE },
    ] {
        let name = format!("{}/{} {}", target.goos, target.goarch, target.tags);
        for case in ["constraints", "a-program-with-a-package-and-tests"] {
            let text = std::fs::read_to_string(folder().join(format!("{case}.txtar"))).unwrap();
            same(&name, &text, &target);
        }
    }
}

/// Every second file stands in for one that is not there, and every fifth of the disk is hidden.
#[test]
fn files_stand_in_for_others_as_in_go() {
    let mut wrong = vec![];
    for (name, text) in cases().iter().filter(|(_, text)| !text.contains(" -> ")) {
        let (kept, dir) = (world(text), world(text));
        let (kept, root) =
            (kept.path().canonicalize().unwrap(), dir.path().canonicalize().unwrap());
        let mut overlay = Overlay::default();
        for (index, file) in files(&root).into_iter().enumerate() {
            let below = file.strip_prefix(&root).unwrap();
            // Go itself reads modules.txt, and the `ignore` directive, from the disk.
            let of_disk =
                below.ends_with("vendor/modules.txt") || name.contains("ignore directive");
            if of_disk {
                continue;
            }
            let is_mod = below.ends_with("go.mod") || below.ends_with("go.work");
            if index % 5 == 4 && !is_mod {
                overlay.hide(&file);
            } else if index % 2 == 0 {
                overlay.replace(&file, kept.join(below));
                std::fs::remove_file(&file).unwrap();
                // The folder is gone, too, if nothing else is there.
                let _ = std::fs::remove_dir(file.parent().unwrap());
            }
        }
        let said = differences(&root, &HERE, &overlay, &ALL);
        if !said.is_empty() {
            wrong.push(format!("## {name}\n{}", said.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The files below a folder, sorted.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = vec![];
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path),
        }
    }
    all.sort();
    all
}
