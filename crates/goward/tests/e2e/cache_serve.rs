//! `goward cache serve`: the real go command with goward as its cache, and what others put into that cache.

mod bad_input;
mod remote;

use crate::world::{Ran, World, ran};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use gocache::Id;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use signedcache::{Signed, Signer, Statement};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The first with `GOCACHEPROG`, one between, and the newest.
const TOOLCHAINS: [&str; 3] = ["go1.24.11", "go1.25.5", "local"];
const TEXT: &str = "what was compiled and reviewed";
const EVIL: &str = "what somebody else put in here";
/// Before the 32 bytes of a private and of a public key (RFC 8410).
const PRIVATE: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
const PUBLIC: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn pem(kind: &str, prefix: &[u8], bytes: &[u8]) -> String {
    let body = STANDARD.encode([prefix, bytes].concat());
    format!("-----BEGIN {kind} KEY-----\n{body}\n-----END {kind} KEY-----\n")
}

/// A module, keys, and the go commands that are run on it.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        let file = |name: &str, text: &str| {
            let path = place.path(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        file("m/go.mod", "module example.com/m\n\ngo 1.21\n");
        file("m/a/a.go", &format!("package a\n\nvar Text = \"{TEXT}\"\n"));
        file(
            "m/b/b.go",
            "package b\n\nvar Text = \"another package that is quite long as well\"\n",
        );
        let main = "package main\n\nimport (\n\t\"example.com/m/a\"\n\t\"example.com/m/b\"\n)\n\nfunc main() { println(a.Text, b.Text) }\n";
        file("m/main.go", main);
        for (name, seed) in [("mine", 1), ("other", 2)] {
            let key = key(seed);
            file(&format!("{name}.pem"), &pem("PRIVATE", PRIVATE, key.as_bytes()));
            file(&format!("{name}.pub"), &pem("PUBLIC", PUBLIC, key.verifying_key().as_bytes()));
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `goward cache serve` with these words; `{name}` is a path of this place.
    fn prog(&self, words: &str) -> String {
        let words = words.replace('{', &format!("{}/", self.dir.path().display())).replace('}', "");
        format!("{} cache serve {words}", env!("CARGO_BIN_EXE_goward"))
    }

    fn go(&self, toolchain: &str, prog: Option<&str>, words: &[&str]) -> Command {
        let mut command = Command::new("go");
        command.args(words).current_dir(self.path("m")).env_clear().stdin(Stdio::null());
        for name in ["PATH", "GOPATH", "GOMODCACHE"] {
            std::env::var_os(name).map(|value| command.env(name, value));
        }
        // The user's own module cache has the toolchains; nothing is downloaded.
        let modules = Command::new("go").args(["env", "GOMODCACHE"]).output().unwrap().stdout;
        command.env("GOMODCACHE", String::from_utf8(modules).unwrap().trim());
        command.env("HOME", self.path("home")).env("GOTOOLCHAIN", toolchain);
        command
            .env("GOFLAGS", "-buildvcs=false -trimpath")
            .env("GOPROXY", "off")
            .env("CGO_ENABLED", "0");
        // What go itself builds, to compare with, is compiled once and kept.
        let plain =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("go-cache-served-{toolchain}"));
        command.env("GOCACHE", plain);
        prog.map(|prog| command.env("GOCACHEPROG", prog));
        command
    }

    /// Builds with a cache program of these words.
    fn build(&self, words: &str) -> Built {
        self.build_with("local", Some(words))
    }

    fn build_with(&self, toolchain: &str, words: Option<&str>) -> Built {
        let program = self.path("program");
        let prog = words.map(|words| self.prog(words));
        let mut go =
            self.go(toolchain, prog.as_deref(), &["build", "-o", program.to_str().unwrap(), "."]);
        let build = ran(go.output().unwrap());
        assert_eq!(build.status, 0, "{}", build.stderr);
        let printed = ran(Command::new(&program).output().unwrap());
        let bytes = std::fs::read(&program).unwrap();
        Built { said: build.stderr, printed: printed.stderr, bytes }
    }

    /// A copy of a folder that a build with the first key filled: new files, so none is remembered as verified.
    fn filled(&self) -> Folder {
        static FILLED: OnceLock<(Place, PathBuf)> = OnceLock::new();
        let (_, dir) = FILLED.get_or_init(|| {
            let place = Self::new();
            place.build("--dir {d} --key {mine.pem}");
            let dir = place.path("d");
            (place, dir)
        });
        let copied = Command::new("cp").arg("-a").arg(dir).arg(self.dir.path()).status();
        assert!(copied.unwrap().success());
        Folder(self.path("d"))
    }
}

struct Built {
    said: String,
    printed: String,
    bytes: Vec<u8>,
}

impl Built {
    /// The numbers of the line that `--verbose` prints, by the word after them.
    fn count(&self, word: &str) -> u64 {
        let before = self.said.split(word).next().filter(|before| before.len() < self.said.len());
        let number = before.and_then(|before| before.split_whitespace().last());
        number
            .and_then(|number| number.parse().ok())
            .unwrap_or_else(|| panic!("no {word}: {}", self.said))
    }
}

/// A cache's folder.
struct Folder(PathBuf);

impl Folder {
    fn files(&self, suffix: &str) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(&self.0).unwrap().flatten();
        let files =
            folders.flat_map(|it| std::fs::read_dir(it.path()).into_iter().flatten().flatten());
        let named = files.map(|file| file.path());
        named.filter(|path| path.to_str().unwrap().ends_with(suffix)).collect()
    }

    /// The compiled package that holds this text.
    fn package(&self, text: &str) -> PathBuf {
        let holds = |path: &PathBuf| {
            let bytes = std::fs::read(path).unwrap();
            bytes.starts_with(b"!<arch>") && memchr::memmem::find(&bytes, text.as_bytes()).is_some()
        };
        self.files("-d").into_iter().find(holds).unwrap()
    }

    /// The signed entry that leads to this object.
    fn entry(&self, object: &Path) -> (PathBuf, Signed) {
        let output = id(object);
        let read = |path: PathBuf| {
            let signed = Signed::parse(&std::fs::read(&path).unwrap()).unwrap();
            (path, signed)
        };
        self.files("-s")
            .into_iter()
            .map(read)
            .find(|(_, it)| it.statement.output == output)
            .unwrap()
    }

    /// Puts bytes where an object of their hash belongs.
    fn put(&self, bytes: &[u8]) -> Id {
        let id = Id(Sha256::digest(bytes).into());
        write(&self.0.join(gocache::place(&id, 'd')), bytes);
        id
    }
}

/// What a file of the cache is named for.
fn id(path: &Path) -> Id {
    Id::from_hex(&path.file_name().unwrap().as_encoded_bytes()[..64]).unwrap()
}

/// Over a file that nobody may write.
fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, bytes).unwrap();
}

/// With the text changed, and all sizes as they were.
fn poisoned(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let at = memchr::memmem::find(&bytes, TEXT.as_bytes()).unwrap();
    bytes[at..at + EVIL.len()].copy_from_slice(EVIL.as_bytes());
    bytes
}

/// Check and message of each finding of a report.
fn findings(report: &Value) -> Vec<(String, String)> {
    let outcomes = report["outcomes"].as_array().unwrap().iter();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    let each = |outcome: &Value| {
        let found = outcome["findings"].as_array().cloned().unwrap_or_default();
        let check = text(&outcome["check"]);
        found.into_iter().map(|it| (check.clone(), text(&it["message"]["en"]))).collect::<Vec<_>>()
    };
    outcomes.flat_map(each).collect()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn what_is_built_with_it_is_what_is_built_without() {
    for toolchain in TOOLCHAINS {
        let place = Place::new();
        let plain = place.build_with(toolchain, None);
        let words = Some("--dir {d} --key {mine.pem} --verbose");
        let cold = place.build_with(toolchain, words);
        let warm = place.build_with(toolchain, words);
        let read = place
            .build_with(toolchain, Some("--dir {d} --verify-key {mine.pub} --verbose --reread"));
        for built in [&cold, &warm, &read] {
            assert!(built.bytes == plain.bytes, "{toolchain}: other bytes");
        }
        assert!(warm.printed.contains(TEXT));
        // The program itself is not kept by go; all that is compiled is. Its index of a folder go keeps when its
        // files are two seconds old (`cmd/go/internal/modindex`, `modTimeCutoff`): a few of those come late.
        assert!(cold.count(" puts") > 30 && warm.count(" puts") < 8, "{}{}", cold.said, warm.said);
        assert!(
            warm.count(" verified before") > 30 && read.count(" read and verified") > 30,
            "{}",
            read.said
        );
        let world = World::module();
        let dir = place.path("d");
        let verified = world.run(&["cache", "verify", dir.to_str().unwrap()]);
        assert_eq!(verified.status, 0, "{}", verified.stdout);
    }
}

#[test]
fn what_somebody_changed_is_built_again_and_told() {
    type Change = fn(&Folder);
    let cases: [(&str, &str, Change); 9] = [
        ("integrity.cache-object", "altered: its bytes hash to", |folder| {
            let object = folder.package(TEXT);
            write(&object, poisoned(&object));
        }),
        ("integrity.cache-object", "truncated: 100 bytes of", |folder| {
            let object = folder.package(TEXT);
            let bytes = std::fs::read(&object).unwrap();
            write(&object, &bytes[..100]);
        }),
        ("integrity.cache-object", "longer than the", |folder| {
            let object = folder.package(TEXT);
            let bytes = std::fs::read(&object).unwrap();
            write(&object, [&bytes[..], b"more"].concat());
        }),
        ("integrity.cache-object", "no regular file", |folder| {
            let object = folder.package(TEXT);
            let elsewhere = folder.0.join("elsewhere");
            std::fs::rename(&object, &elsewhere).unwrap();
            std::os::unix::fs::symlink(elsewhere, object).unwrap();
        }),
        // The entry of one package leads to another's object: swapped.
        ("integrity.cache-entry", "its signature by key", |folder| {
            let (path, signed) = folder.entry(&folder.package(TEXT));
            let other = folder.package("another package");
            let text = signed
                .text()
                .replace(&signed.statement.output.to_string(), &id(&other).to_string());
            write(&path, text);
        }),
        ("integrity.cache-entry", "it is the entry of another action", |folder| {
            let (path, _) = folder.entry(&folder.package(TEXT));
            let (_, other) = folder.entry(&folder.package("another package"));
            write(&path, other.text());
        }),
        // Everything fits, and the signature is true: it is somebody else's.
        ("integrity.cache-entry", "which is not trusted here", |folder| {
            let object = folder.package(TEXT);
            let bytes = poisoned(&object);
            let (path, signed) = folder.entry(&object);
            let output = folder.put(&bytes);
            let statement = Statement { output, ..signed.statement };
            write(&path, Signer::new(key(2)).sign(statement).text());
        }),
        ("integrity.cache-entry", "does not have the form", |folder| {
            let (path, _) = folder.entry(&folder.package(TEXT));
            write(&path, "what?");
        }),
        ("integrity.cache-entry", "does not have the form", |folder| {
            let (path, signed) = folder.entry(&folder.package(TEXT));
            write(&path, signed.text().repeat(1000));
        }),
    ];
    for (check, message, change) in cases {
        let place = Place::new();
        change(&place.filled());
        let words = "--dir {d} --key {mine.pem} --output {r.json} --output {r.sarif}";
        let built = place.build(words);
        assert!(built.printed.contains(TEXT), "{message}: {}", built.printed);
        let line = format!("goward cache: {check}: ");
        assert!(
            built.said.contains(&line) && built.said.contains(message),
            "{message}: {}",
            built.said
        );
        let report = read_json(&place.path("r.json"));
        let found = findings(&report);
        assert_eq!((found.len(), report["gate"].as_str()), (1, Some("closed")), "{found:?}");
        assert!(found[0].0 == check && found[0].1.contains(message), "{found:?}");
        assert!(std::fs::read_to_string(place.path("r.sarif")).unwrap().contains(check));
        // What go built took its place.
        let healed = place.build(words);
        assert_eq!(
            (healed.said.as_str(), findings(&read_json(&place.path("r.json")))),
            ("", vec![])
        );
    }
}

#[test]
fn an_edit_in_place_shows_even_if_its_time_is_put_back() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let words = "--dir {d} --key {mine.pem} --verbose";
    place.build(words);
    assert!(place.build(words).count(" verified before") > 30);
    let object = Folder(place.path("d")).package(TEXT);
    let (evil, before) = (poisoned(&object), std::fs::metadata(&object).unwrap());
    std::fs::set_permissions(&object, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(&object, evil).unwrap();
    let file = std::fs::File::options().write(true).open(&object).unwrap();
    file.set_modified(before.modified().unwrap()).unwrap();
    std::fs::set_permissions(&object, before.permissions()).unwrap();
    let built = place.build(words);
    assert!(
        built.printed.contains(TEXT) && built.said.contains("altered: its bytes"),
        "{}",
        built.said
    );
}

#[test]
fn a_session_that_found_something_is_kept_and_one_that_did_not_is_not() {
    let place = Place::new();
    let folder = place.filled();
    place.build("--dir {d} --key {mine.pem}");
    let history = |world: &World| {
        let mut command = world.command(&["history"]);
        ran(command.env("HOME", place.path("home")).output().unwrap())
    };
    let world = World::module();
    assert!(history(&world).stderr.contains("no run was kept"));
    let object = folder.package(TEXT);
    write(&object, poisoned(&object));
    let said = place.build("--dir {d} --key {mine.pem} --lang zh").said;
    assert!(said.contains("被篡改"), "{said}");
    assert!(history(&world).stdout.contains("/d"));
}

#[test]
fn what_a_reader_builds_is_for_its_session_only() {
    let place = Place::new();
    let folder = place.filled();
    let before = folder.files("");
    std::fs::write(place.path("m/a/a.go"), "package a\n\nvar Text = \"a reader's own\"\n").unwrap();
    for words in [
        "--dir {d} --verify-key {mine.pub} --verbose",
        "--dir {d} --key {mine.pem} --read-only --verbose",
    ] {
        let built = place.build(words);
        assert!(built.printed.contains("a reader's own"));
        assert!(built.count(" puts") > 0, "{}", built.said);
        let after = folder.files("");
        assert!(before.iter().all(|path| after.contains(path)) && after.len() == before.len());
    }
    // go vet and go list want to know where files are.
    let prog = place.prog("--dir {d} --verify-key {mine.pub} --read-only");
    for words in [&["vet", "."][..], &["list", "-export", "-deps", "-f", "{{.Export}}", "."]] {
        let done = ran(place.go("local", Some(&prog), words).output().unwrap());
        assert_eq!(done.status, 0, "{words:?}: {}", done.stderr);
    }
}

#[test]
fn another_key_is_believed_where_it_is_named() {
    let place = Place::new();
    let folder = place.filled();
    let foreign = place.build("--dir {d} --key {other.pem} --verify-key {mine.pub} --verbose");
    assert!(foreign.count(" read and verified") > 30, "{}", foreign.said);
    // Go would build everything again: it is enough to ask for it.
    let mut input = String::new();
    for (number, path) in folder.files("-s").iter().enumerate() {
        let action = STANDARD.encode(id(path).0);
        input += &format!("{{\"ID\":{number},\"Command\":\"get\",\"ActionID\":\"{action}\"}}\n");
    }
    let alone = speak(&place, "--dir {d} --verify-key {other.pub} --verbose", input.as_bytes());
    // But for the few that the other signed above.
    let entries = folder.files("-s");
    let of_other = entries.iter().filter(|path| {
        let signed = Signed::parse(&std::fs::read(path).unwrap()).unwrap();
        signed.key == Signer::new(key(2)).sign(signed.statement).key
    });
    let of_mine = entries.len() - of_other.count();
    assert_eq!((alone.status, alone.stdout.matches("Miss").count()), (1, of_mine));
    assert_eq!(alone.stderr.matches("which is not trusted here").count(), 10, "{}", alone.stderr);
    assert!(alone.stderr.contains(&format!("{} more findings", of_mine - 10)), "{}", alone.stderr);
}

#[test]
fn the_folder_is_cleaned_as_gos_own_is() {
    let place = Place::new();
    let folder = place.filled();
    let world = World::module();
    let dir = folder.0.to_str().unwrap();
    let cleaned = world.run(&["cache", "clean", dir, "--cache", "--yes"]);
    assert_eq!(cleaned.status, 0, "{}", cleaned.stderr);
    assert_eq!(folder.files("-s").len() + folder.files("-a").len() + folder.files("-d").len(), 0);
}

/// The binary alone, with this input.
fn speak(place: &Place, words: &str, input: &[u8]) -> Ran {
    use std::io::Write as _;
    let prog = place.prog(words);
    let mut words = prog.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).env_clear().env("HOME", place.path("home"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may have ended before it has read all.
    let _ = child.stdin.take().unwrap().write_all(input);
    ran(child.wait_with_output().unwrap())
}
