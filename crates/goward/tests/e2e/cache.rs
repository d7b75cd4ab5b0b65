//! `goward cache`: caches that the real go command made, changed in every way that it does not notice,
//! and in those that it does.

mod clean;

use crate::world::{Ran, World, ran};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const NEW: &str = "local";
/// The first that keeps programs.
const OLD: &str = "go1.24.11";

/// A text in a package, and what somebody makes of it.
const TEXT: &[u8] = b"what was compiled and reviewed";
const EVIL: &[u8] = b"what somebody else put in here";

/// A module that imports nothing but its own packages, and the cache of its build; in the target
/// folder, so that the runtime is compiled once and not in every run.
struct Built {
    dir: PathBuf,
    toolchain: &'static str,
}

impl Built {
    /// Compiling the runtime takes seconds, so each toolchain does it once for all tests.
    fn with(toolchain: &'static str) -> &'static Self {
        static NEW_ONE: OnceLock<Built> = OnceLock::new();
        static OLD_ONE: OnceLock<Built> = OnceLock::new();
        let one = if toolchain == NEW { &NEW_ONE } else { &OLD_ONE };
        one.get_or_init(|| {
            let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("go-cache-{toolchain}"));
            let built = Self { dir, toolchain };
            let file = |name: &str, text: &str| {
                let path = built.dir.join("m").join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            };
            let text = std::str::from_utf8(TEXT).unwrap();
            file("go.mod", "module example.com/m\n\ngo 1.21\n");
            file("a/a.go", &format!("package a\n\nvar Text = \"{text}\"\n"));
            file("b/b.go", "package b\n\nvar Text = \"another package\"\n");
            let main = "package main\n\nimport (\n\t\"example.com/m/a\"\n\t\"example.com/m/b\"\n)\n\nfunc main() { println(a.Text, b.Text) }\n";
            file("main.go", main);
            let cache = built.dir.join("cache");
            assert!(built.build(&cache).contains(text));
            // A program that is kept: Go 1.24 and later.
            let run = built.go(&cache, &["run", "."]).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            built
        })
    }

    /// A copy of the cache that a test may do anything to.
    fn cache(&self) -> Cache {
        let dir = tempfile::tempdir().unwrap();
        let copied =
            Command::new("cp").arg("-a").arg(self.dir.join("cache")).arg(dir.path()).status();
        assert!(copied.unwrap().success());
        Cache { dir }
    }

    fn go(&self, cache: &Path, words: &[&str]) -> Command {
        let mut command = Command::new("go");
        command.args(words).current_dir(self.dir.join("m")).env_clear().stdin(Stdio::null());
        // The user's own module cache has the toolchain; nothing is downloaded.
        for name in ["PATH", "HOME", "GOPATH", "GOMODCACHE"] {
            std::env::var_os(name).map(|value| command.env(name, value));
        }
        command.env("GOCACHE", cache).env("GOTOOLCHAIN", self.toolchain);
        command.env("GOFLAGS", "-buildvcs=false").env("GOPROXY", "off").env("CGO_ENABLED", "0");
        command
    }

    /// Builds the program with a cache, and runs it: what it prints.
    fn build(&self, cache: &Path) -> String {
        let program = tempfile::tempdir().unwrap().keep().join("program");
        let output =
            self.go(cache, &["build", "-o", program.to_str().unwrap(), "."]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let printed = Command::new(&program).output().unwrap();
        std::fs::remove_dir_all(program.parent().unwrap()).unwrap();
        String::from_utf8(printed.stderr).unwrap()
    }
}

struct Cache {
    dir: TempDir,
}

impl Cache {
    fn path(&self) -> PathBuf {
        self.dir.path().join("cache")
    }

    /// All files whose name ends so, with what is in them.
    fn files(&self, suffix: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = vec![];
        for folder in std::fs::read_dir(self.path()).unwrap().flatten() {
            for file in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                if file.file_name().to_string_lossy().ends_with(suffix) && file.path().is_file() {
                    files.push((file.path(), std::fs::read(file.path()).unwrap()));
                }
            }
        }
        files
    }

    /// The compiled package that holds this text.
    fn package(&self, text: &[u8]) -> (PathBuf, Vec<u8>) {
        let holds = |bytes: &[u8]| {
            bytes.starts_with(b"!<arch>") && memchr::memmem::find(bytes, text).is_some()
        };
        self.files("-d").into_iter().find(|(_, bytes)| holds(bytes)).unwrap()
    }

    /// The index entry that leads to this object.
    fn entry(&self, object: &Path) -> (PathBuf, String) {
        let name = object.file_name().unwrap().to_str().unwrap()[..64].to_owned();
        let entries = self.files("-a").into_iter();
        let mut texts = entries.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()));
        texts.find(|(_, text)| text[68..132] == name).unwrap()
    }

    /// Puts bytes where an object of their hash belongs.
    fn put(&self, bytes: &[u8]) -> (PathBuf, String) {
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.path().join(&hash[..2]).join(format!("{hash}-d"));
        std::fs::write(&path, bytes).unwrap();
        (path, hash)
    }

    fn verify(&self) -> Verified {
        let world = World::module();
        let dir = self.path();
        let words = ["cache", "verify", dir.to_str().unwrap(), "--format", "json"];
        let ran = world.run(&words);
        let report = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|err| panic!("{err}: {}\n{}", ran.stdout, ran.stderr));
        Verified { status: ran.status, report }
    }

    fn name(&self, path: &Path) -> String {
        path.strip_prefix(self.path()).unwrap().to_str().unwrap().to_owned()
    }
}

struct Verified {
    status: i32,
    report: Value,
}

impl Verified {
    fn outcome(&self, check: &str) -> &Value {
        self.report["outcomes"].as_array().unwrap().iter().find(|it| it["check"] == check).unwrap()
    }

    /// Check, file and message of each finding.
    fn findings(&self) -> Vec<(String, String, String)> {
        let outcomes = self.report["outcomes"].as_array().unwrap().iter();
        let each = |outcome: &Value| {
            let check = outcome["check"].as_str().unwrap().to_owned();
            let findings = outcome["findings"].as_array().cloned().unwrap_or_default();
            let text = |of: &Value| of.as_str().unwrap().to_owned();
            findings.into_iter().map(move |it| {
                (check.clone(), text(&it["location"]["path"]), text(&it["message"]["en"]))
            })
        };
        outcomes.flat_map(|outcome| each(outcome).collect::<Vec<_>>()).collect()
    }

    /// The only finding; the gate is closed.
    fn only(&self, check: &str) -> (String, String) {
        let findings = self.findings();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((findings[0].0.as_str(), self.status), (check, 1), "{findings:?}");
        (findings[0].1.clone(), findings[0].2.clone())
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = bytes.to_vec();
    for at in memchr::memmem::find_iter(bytes, from) {
        out[at..at + to.len()].copy_from_slice(to);
    }
    assert_ne!(out, bytes);
    out
}

#[test]
fn a_cache_of_go_is_what_go_stored() {
    for toolchain in [NEW, OLD] {
        let verified = Built::with(toolchain).cache().verify();
        assert_eq!((verified.status, verified.findings()), (0, vec![]), "{}", verified.report);
        let note = verified.outcome("integrity.build-cache")["note"]["en"].as_str().unwrap();
        assert!(note.contains(" packages held against their action and content, "), "{note}");
        assert!(!note.contains(" 0 packages") && !note.contains(" 0 programs"), "{note}");
        assert!(note.contains(" 0 not checked"), "{note}");
    }
}

#[test]
fn go_ships_what_was_altered_and_goward_tells() {
    for toolchain in [NEW, OLD] {
        let built = Built::with(toolchain);
        let cache = built.cache();
        let (path, bytes) = cache.package(TEXT);
        std::fs::write(&path, replaced(&bytes, TEXT, EVIL)).unwrap();
        // What this is about: go neither notices nor compiles again.
        assert!(built.build(&cache.path()).contains(std::str::from_utf8(EVIL).unwrap()));
        let verified = cache.verify();
        let (file, message) = verified.only("integrity.build-cache");
        assert_eq!(file, cache.name(&path));
        assert!(message.starts_with(&format!("altered: its {} bytes", bytes.len())), "{message}");
        assert!(message.contains("; package example.com/m/a; built by go1.2"), "{message}");
        let action = cache.name(&cache.entry(&path).0)[3..15].to_owned();
        assert!(message.contains(&format!("; action {action}…")), "{message}");
        assert_eq!(verified.report["alerts"][0]["tier"], "P0");
    }
}

#[test]
fn an_altered_program_is_told() {
    let cache = Built::with(NEW).cache();
    let programs =
        Command::new("find").arg(cache.path()).args(["-mindepth", "3", "-type", "f"]).output();
    let program = PathBuf::from(String::from_utf8(programs.unwrap().stdout).unwrap().trim());
    let bytes = std::fs::read(&program).unwrap();
    std::fs::write(&program, replaced(&bytes, TEXT, EVIL)).unwrap();
    let (file, message) = cache.verify().only("integrity.build-cache");
    assert_eq!(file, cache.name(program.parent().unwrap()));
    assert!(message.starts_with("altered"), "{message}");
    std::fs::write(&program, bytes).unwrap();
    std::fs::write(program.with_file_name("second"), "x").unwrap();
    assert!(cache.verify().only("cache.corrupt").1.contains("2 files"));
}

#[test]
fn swapped_packages_are_told() {
    let cache = Built::with(NEW).cache();
    let (of_a, _) = cache.package(TEXT);
    let (of_b, bytes) = cache.package(b"another package");
    let (entry, text) = cache.entry(&of_a);
    let other = &of_b.file_name().unwrap().to_str().unwrap()[..64];
    let swapped = format!("{} {other} {:>20}{}", &text[..67], bytes.len(), &text[153..]);
    assert_eq!(swapped.len(), text.len());
    std::fs::write(&entry, swapped).unwrap();
    let (file, message) = cache.verify().only("integrity.build-cache");
    assert_eq!(file, cache.name(&entry));
    assert!(message.starts_with("swapped: ") && message.contains("example.com/m/b"), "{message}");
}

#[test]
fn a_name_that_was_made_to_fit_is_told_and_go_ships_it() {
    let built = Built::with(NEW);
    let cache = built.cache();
    let (path, bytes) = cache.package(TEXT);
    let (entry, text) = cache.entry(&path);
    let (new, hash) = cache.put(&replaced(&bytes, TEXT, EVIL));
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&entry, format!("{} {hash}{}", &text[..67], &text[132..])).unwrap();
    assert!(built.build(&cache.path()).contains(std::str::from_utf8(EVIL).unwrap()));
    let (file, message) = cache.verify().only("integrity.build-cache");
    assert_eq!(file, cache.name(&new));
    assert!(message.starts_with("altered, and renamed to fit: its build ID"), "{message}");
}

#[test]
fn what_go_notices_is_told_as_damage() {
    let cache = Built::with(NEW).cache();
    let (path, bytes) = cache.package(TEXT);
    for (content, word) in [
        (&bytes[..bytes.len() / 2], "truncated: "),
        (&[&bytes[..], b"more"].concat(), "grown: "),
        (&[], "emptied: "),
    ] {
        std::fs::write(&path, content).unwrap();
        let (file, message) = cache.verify().only("cache.corrupt");
        assert_eq!(file, cache.name(&path));
        assert!(message.starts_with(word), "{message}");
    }
    std::fs::write(&path, &bytes).unwrap();
    let (entry, text) = cache.entry(&path);
    let (_, other) = cache.entry(&cache.package(b"another package").0);
    for (content, word) in [
        (other.clone(), "an index entry of another action: it names "),
        (text[..100].to_owned(), "an index entry that go cannot read: it has 100 bytes"),
        (String::new(), "an index entry that go cannot read: it is empty"),
        (
            text.replace("v1 ", "v2 "),
            "an index entry that go cannot read: it does not have the form",
        ),
        (format!("{}{:>20}{}", &text[..133], 5, &text[153..]), "an index entry that says 5 bytes"),
    ] {
        std::fs::write(&entry, content).unwrap();
        let (file, message) = cache.verify().only("cache.corrupt");
        assert_eq!(file, cache.name(&entry));
        assert!(message.starts_with(word), "{message}");
    }
}

#[test]
fn what_trimming_and_killed_builds_leave_does_not_close_the_gate() {
    let cache = Built::with(NEW).cache();
    let (path, bytes) = cache.package(TEXT);
    std::fs::remove_file(&path).unwrap();
    let verified = cache.verify();
    let findings = verified.findings();
    assert_eq!((verified.status, findings.len()), (0, 1), "{findings:?}");
    assert_eq!(
        (findings[0].0.as_str(), &findings[0].1),
        ("cache.leftover", &cache.name(&cache.entry(&path).0))
    );
    // Half written, before its entry.
    std::fs::remove_file(cache.entry(&path).0).unwrap();
    std::fs::write(&path, &bytes[..1000]).unwrap();
    let verified = cache.verify();
    assert_eq!((verified.status, verified.findings()[0].1.clone()), (0, cache.name(&path)));
}

#[test]
fn what_cannot_be_checked_is_inconclusive_and_never_followed() {
    let cache = Built::with(NEW).cache();
    let outside = cache.dir.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let named = |digits: &str, suffix: &str| {
        cache.path().join(digits).join(format!("{}{suffix}", digits.repeat(32)))
    };
    std::os::unix::fs::symlink("/dev/zero", named("aa", "-d")).unwrap();
    let fifo = Command::new("mkfifo").args([named("bb", "-d"), named("bb", "-a")]).status();
    assert!(fifo.unwrap().success());
    std::fs::create_dir(named("cc", "-a")).unwrap();
    std::fs::remove_dir_all(cache.path().join("dd")).unwrap();
    std::os::unix::fs::symlink(&outside, cache.path().join("dd")).unwrap();
    // Sparse: larger than any object.
    std::fs::File::create(named("ee", "-d")).unwrap().set_len(1 << 40).unwrap();
    // Names that go does not look at are nobody's business.
    std::fs::write(cache.path().join("ff/notes.txt"), "x").unwrap();
    let verified = cache.verify();
    assert_eq!(verified.status, 3, "{}", verified.report);
    let outcome = verified.outcome("integrity.build-cache");
    assert_eq!(outcome["verdict"], "inconclusive");
    assert!(outcome["note"]["en"].as_str().unwrap().contains(" 6 not checked"), "{outcome}");
}

#[test]
fn every_format_and_file_has_it() {
    let cache = Built::with(NEW).cache();
    let (path, bytes) = cache.package(TEXT);
    std::fs::write(&path, replaced(&bytes, TEXT, EVIL)).unwrap();
    let world = World::module();
    let dir = cache.path();
    let run = |words: &[&str]| -> Ran {
        ran(world.command(&["cache", "verify"]).args(words).env("GOCACHE", &dir).output().unwrap())
    };
    for format in ["human", "json", "sarif", "junit", "github", "markdown"] {
        let ran = run(&["--format", format]);
        assert_eq!(ran.status, 1, "{}", ran.stderr);
        // The command names this very cache.
        let name = dir.file_name().unwrap().to_str().unwrap();
        let (_, rest) = ran.stdout.split_once("goward cache clean ").unwrap();
        let (place, _) = rest.split_once(" --corrupt").unwrap();
        assert!(place.ends_with(name), "{format}: {}", ran.stdout);
    }
    assert!(run(&["--lang", "zh"]).stdout.contains("已被篡改"));
    run(&["--output", "r.sarif", "--output", "r.xml"]);
    assert!(
        std::fs::read_to_string(world.root().join("r.sarif"))
            .unwrap()
            .contains("integrity.build-cache")
    );
    assert!(world.root().join("r.xml").exists());
}

#[test]
fn what_is_no_cache_is_refused() {
    let world = World::module();
    let of = |dir: &Path| world.run(&["cache", "verify", dir.to_str().unwrap()]);
    let ran = of(&world.root());
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("is no Go build cache"), "{}", ran.stderr);
    assert_eq!(of(&world.path("absent")).status, 2);
    // A cache that go has just made: there is nothing to check.
    let empty = world.path("empty");
    for n in 0..256 {
        std::fs::create_dir_all(empty.join(format!("{n:02x}"))).unwrap();
    }
    let ran = of(&empty);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stdout.contains("nothing was checked"), "{}", ran.stdout);
    // It is kept, as every run is.
    let kept = world.run(&["history", "list"]).stdout;
    assert!(kept.contains(empty.canonicalize().unwrap().to_str().unwrap()), "{kept}");
    let unkept = ["cache", "verify", world.path("empty").to_str().unwrap(), "--no-history"]
        .map(str::to_owned);
    world.run(&unkept.each_ref().map(String::as_str));
    assert_eq!(world.run(&["history", "list"]).stdout, kept);
}
