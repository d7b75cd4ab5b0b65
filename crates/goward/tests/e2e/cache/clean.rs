//! `goward cache clean` and `status`, and what only a fresh cache shows.

use super::{Built, Cache, EVIL, NEW, OLD, TEXT, Verified, replaced};
use crate::world::{Ran, World, ran};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::process::Command;

impl Cache {
    /// `goward cache clean` of it, with the module cache and GOBIN of a world.
    fn clean(&self, world: &World, words: &[&str]) -> Ran {
        let mut command = world.command(&["cache", "clean"]);
        command.arg(self.path()).args(words).env("GOMODCACHE", world.path("mod"));
        ran(command.env("GOBIN", world.path("bin")).output().unwrap())
    }

    /// How many objects and entries there are.
    fn count(&self) -> usize {
        let find = Command::new("find")
            .arg(self.path())
            .args(["-mindepth", "2", "-maxdepth", "2"])
            .output();
        find.unwrap().stdout.split(|byte| *byte == b'\n').count() - 1
    }
}

#[test]
fn a_cleaning_is_a_dry_run_until_it_is_told_otherwise() {
    let built = Built::with(NEW);
    let (cache, world) = (built.cache(), World::module());
    let all = cache.count();
    let outside = cache.dir.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let name = "dd".repeat(32);
    std::fs::write(outside.join(format!("{name}-d")), "kept").unwrap();
    std::fs::remove_dir_all(cache.path().join("dd")).unwrap();
    std::os::unix::fs::symlink(&outside, cache.path().join("dd")).unwrap();
    std::os::unix::fs::symlink(&outside, cache.path().join(format!("aa/{}-d", "aa".repeat(32))))
        .unwrap();
    std::fs::write(cache.path().join("ff/notes.txt"), "kept").unwrap();
    let before = cache.count();
    let dry = cache.clean(&world, &["--cache"]);
    assert_eq!((dry.status, cache.count()), (0, before));
    assert!(
        dry.stdout.contains("would delete")
            && dry.stdout.contains("MiB")
            && dry.stdout.contains("--yes deletes"),
        "{}",
        dry.stdout
    );
    let real = cache.clean(&world, &["--cache", "--yes"]);
    assert_eq!(real.status, 0, "{}{}", real.stdout, real.stderr);
    // The link and the note are none of ours.
    assert!(all > 50 && cache.count() == 2, "{}", cache.count());
    assert!(outside.join(format!("{name}-d")).exists());
    std::fs::remove_file(cache.path().join("dd")).unwrap();
    // Go goes on with what is left.
    assert!(built.build(&cache.path()).contains(std::str::from_utf8(TEXT).unwrap()));
}

#[test]
fn only_what_is_corrupt_goes_and_go_builds_it_again() {
    let built = Built::with(NEW);
    let (cache, world) = (built.cache(), World::module());
    let (path, bytes) = cache.package(TEXT);
    let (swapped, text) = cache.entry(&cache.package(b"another package").0);
    std::fs::write(&path, replaced(&bytes, TEXT, EVIL)).unwrap();
    std::fs::write(&swapped, &text[..50]).unwrap();
    let all = cache.count();
    let ran = cache.clean(&world, &["--corrupt", "--yes"]);
    assert!(ran.stdout.starts_with("deleted 3 objects and entries of "), "{}", ran.stdout);
    assert_eq!((ran.status, cache.count()), (0, all - 3));
    assert!(!path.exists() && !swapped.exists());
    assert_eq!(cache.verify().status, 0);
    let printed = built.build(&cache.path());
    assert!(printed.contains(std::str::from_utf8(TEXT).unwrap()), "{printed}");
}

#[test]
fn by_age_by_toolchain_and_tests() {
    let built = Built::with(NEW);
    let (cache, world) = (built.cache(), World::module());
    let (path, _) = cache.package(TEXT);
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(9 * 24 * 3600);
    for path in [&path, &cache.entry(&path).0] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    assert!(cache.clean(&world, &["--older-than", "10d"]).stdout.contains("would delete 0 "));
    assert!(cache.clean(&world, &["--older-than", "8d", "--yes"]).stdout.contains("deleted 2 "));
    assert!(!path.exists());
    assert!(cache.clean(&world, &["--go", "go1.2.3", "--yes"]).stdout.contains("deleted 0 "));
    let version = built.go(&cache.path(), &["env", "GOVERSION"]).output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let ran = cache.clean(&world, &["--go", version.trim(), "--yes"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(!cache.files("-d").iter().any(|(_, bytes)| bytes.starts_with(b"!<arch>\n__.PKGDEF")));
    assert_eq!(cache.clean(&world, &["--tests", "--yes"]).status, 0);
    let expires = std::fs::read_to_string(cache.path().join("testexpire.txt")).unwrap();
    assert!(expires.trim().parse::<u64>().unwrap() > 1_700_000_000_000_000_000);
}

#[test]
fn a_thorough_cleaning_takes_modules_and_go_programs_and_nothing_else() {
    let built = Built::with(NEW);
    let (cache, world) = (built.cache(), World::module());
    world.file("mod/cache/download/example.com/x/@v/v1.0.0.mod", "module example.com/x\n");
    world.file("mod/example.com/x@v1.0.0/x.go", "package x\n");
    world.file("bin/script", "#!/bin/sh\n");
    let program = world.path("bin/program");
    let output = built.go(&cache.path(), &["build", "-o", program.to_str().unwrap(), "."]).output();
    assert!(output.unwrap().status.success());
    let dry = cache.clean(&world, &["--thorough"]);
    assert!(
        dry.stdout.contains("would delete 1 program ") && program.exists(),
        "{}{}",
        dry.stdout,
        dry.stderr
    );
    let ran = cache.clean(&world, &["--thorough", "--yes", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let parts: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(parts.as_array().unwrap().len(), 3, "{parts}");
    assert_eq!((cache.count(), program.exists()), (0, false));
    assert!(world.path("bin/script").exists() && !world.path("mod/example.com").exists());
    // Where nothing is left there is nothing to do.
    assert!(world.path("mod").exists());
    let again = cache.clean(&world, &["--thorough", "--yes"]);
    assert_eq!(again.status, 0, "{}{}", again.stdout, again.stderr);
    // What is no module cache is not emptied, and nothing else is deleted before that is known.
    world.file("mod/precious", "x");
    let output = built.go(&cache.path(), &["build", "-o", program.to_str().unwrap(), "."]).output();
    assert!(output.unwrap().status.success());
    for tier in ["--modules", "--thorough"] {
        let ran = cache.clean(&world, &[tier, "--yes"]);
        assert!(ran.status == 2 && world.path("mod/precious").exists(), "{}", ran.stdout);
        assert!(cache.count() > 0 && program.exists(), "{tier}: {}", ran.stderr);
    }
    let root = world.root();
    let none = world.run(&["cache", "clean", root.to_str().unwrap(), "--cache", "--yes"]);
    assert!(none.status == 2 && root.join("go.mod").exists());
    assert_eq!(world.run(&["cache", "clean"]).status, 2);
}

#[test]
fn a_build_in_a_fresh_cache_settles_it() {
    let built = Built::with(NEW);
    let cache = built.cache();
    let (path, bytes) = cache.package(TEXT);
    let (entry, text) = cache.entry(&path);
    // Everything recomputed: the content ID, the name, the entry.
    let altered = replaced(&bytes, TEXT, EVIL);
    let at = memchr::memmem::find(&altered, b"build id \"").unwrap() + 10;
    let id = altered[at..at + 41].to_vec();
    let zeroed = replaced(&altered, &id, &[0; 41]);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let content: Vec<u8> = Sha256::digest(&zeroed)[..15]
        .chunks(3)
        .flat_map(|three| {
            let all = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| letters[(all >> shift & 63) as usize])
        })
        .collect();
    let (new, hash) = cache.put(&replaced(&altered, &id, &[&id[..21], &content].concat()));
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&entry, format!("{} {hash}{}", &text[..67], &text[132..])).unwrap();
    assert_eq!(cache.verify().status, 0);
    let world = World::module();
    let verify = |module: &Path| {
        let mut command = world.command(&["cache", "verify", "--format", "json", "--rebuild"]);
        command.arg(module).arg("--").arg(cache.path());
        command.env("GOFLAGS", "-buildvcs=false").env("GOPROXY", "off").env("CGO_ENABLED", "0");
        ran(command.env("GOTOOLCHAIN", "local").output().unwrap())
    };
    let ran = verify(&built.dir.join("m"));
    let report =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr));
    let verified = Verified { status: ran.status, report };
    let (file, message) = verified.only("integrity.cache-rebuild");
    assert_eq!(file, cache.name(&new));
    assert!(message.contains("of package example.com/m/a: "), "{message}");
}

#[test]
fn the_status_tells_what_is_there() {
    let built = Built::with(NEW);
    let (cache, world) = (built.cache(), World::module());
    world.file("mod/cache/download/example.com/x/@v/v1.0.0.mod", "module example.com/x\n");
    world.file("mod/example.com/x@v1.0.0/x.go", "package x\n");
    let program = world.path("bin/program");
    let output = Built::with(OLD)
        .go(&Built::with(OLD).dir.join("cache"), &["build", "-o", program.to_str().unwrap(), "."])
        .output();
    assert!(output.unwrap().status.success());
    // A build that goward observed: everything was in the cache.
    let mut build = world.command(&["build", "--", "-o", "/dev/null", "."]);
    build.current_dir(built.dir.join("m")).env("GOCACHE", cache.path()).env("CGO_ENABLED", "0");
    build.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false").env("GOPROXY", "off");
    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let status_of = |words: &[&str], gocache: &Path| {
        let mut command = world.command(&["cache", "status"]);
        command.arg(cache.path()).args(words).env("GOMODCACHE", world.path("mod"));
        command.env("GOCACHE", gocache);
        command.env("GOTOOLCHAIN", "local").env("GOBIN", world.path("bin"));
        ran(command.output().unwrap())
    };
    let status = |words: &[&str]| status_of(words, &cache.path());
    // Builds are of go's own cache: of another folder they tell nothing.
    let other = status_of(&["--format", "json"], &world.path("elsewhere")).stdout;
    assert!(other.contains("\"hit_rate\": null"), "{other}");
    let ran = status(&["--format", "json"]);
    let json: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr));
    assert!(json["kinds"]["package"]["count"].as_u64().unwrap() > 5, "{json}");
    assert_eq!(json["kinds"]["program"]["count"], 1);
    assert_eq!(json["modules"]["example.com/m"]["count"], 2, "{json}");
    assert!(json["modules"]["std"]["bytes"].as_u64().unwrap() > 1 << 20);
    assert_eq!(json["module_cache_content"]["writable_names"], serde_json::json!(["x@v1.0.0"]));
    assert_eq!(json["hit_rate"]["builds"], 1, "{json}");
    assert_eq!(json["hit_rate"]["percent"], 100.0, "{json}");
    assert_eq!(json["programs"][0]["go_version"], "go1.24.11");
    assert_eq!(json["programs"][0]["stale_toolchain"], true);
    let text = status(&[]).stdout;
    for part in [
        "by kind",
        "by toolchain",
        "std ",
        "trimming (",
        "(another toolchain)",
        "1 of them can be written",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(status(&["--lang", "zh"]).stdout.contains("按工具链"));
    // Every format and file, as of every check.
    let junit = status(&["--format", "junit"]).stdout;
    for id in ["cache.usage", "cache.toolchains", "cache.modules-writable", "cache.programs"] {
        assert!(junit.contains(id), "{id}: {junit}");
        assert_eq!(world.run(&["explain", id]).status, 0, "{id}");
    }
    let ran = status(&["--format", "github", "--output", "s.sarif", "--output", "s.json"]);
    assert!(ran.status == 0 && ran.stdout.contains("::notice"), "{}{}", ran.stdout, ran.stderr);
    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(world.root().join(name)).unwrap()).unwrap()
    };
    let results = read("s.sarif")["runs"][0]["results"].to_string();
    assert!(results.contains("cache.programs") && results.contains("go1.24.11"), "{results}");
    assert_eq!(read("s.json")["schema"], "goward.cache-status/v1");
}

#[test]
fn a_cleaning_is_a_report_too() {
    let built = Built::with(OLD);
    let (cache, world) = (built.cache(), World::module());
    let clean = |words: &[&str]| {
        let mut command = world.command(&["cache", "clean"]);
        command.arg(cache.path()).args(words);
        ran(command.output().unwrap())
    };
    let dry = clean(&["--cache", "--format", "junit", "--output", "c.txt", "--output", "c.sarif"]);
    assert!(dry.status == 0 && dry.stdout.contains("cache.clean"), "{}{}", dry.stdout, dry.stderr);
    let text = std::fs::read_to_string(world.root().join("c.txt")).unwrap();
    assert!(text.contains("would delete") && world.root().join("c.sarif").exists(), "{text}");
    assert_eq!(world.run(&["explain", "cache.clean"]).status, 0);
    // A version is one, with or without `go`; what is none is refused.
    let version = OLD.trim_start_matches("go");
    let (with, without) = (clean(&["--go", OLD]).stdout, clean(&["--go", version]).stdout);
    assert!(with == without && !with.contains("would delete 0 "), "{with}{without}");
    for wrong in ["nonsense", "", "2.0", "go1"] {
        let refused = clean(&["--go", wrong]);
        assert_eq!(refused.status, 2, "{wrong}: {}", refused.stdout);
        assert!(refused.stderr.contains("write go1.24.11"), "{}", refused.stderr);
    }
    assert_eq!(clean(&["--go", OLD, "--yes"]).status, 0);
    let history = world.run(&["history"]).stdout;
    assert!(history.contains(cache.path().to_str().unwrap()), "{history}");
    let absent = world.run(&["cache", "verify", "/nowhere/at/all"]);
    assert_eq!(absent.stderr.matches("No such file").count(), 1, "{}", absent.stderr);
}
