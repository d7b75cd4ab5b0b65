//! The tamper matrix: what Go's own tools and goward say of the same manipulation.
//!
//! `docs/tamper.md` is written by this test (`cargo xtask tamper`) and held against it.

use crate::world::{World, repository};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What an attacker's code says; it is in the binary, or it is not.
const MARK: &str = "shipped-by-the-attacker";

/// A manipulation: its name, the folder it is built in, and the shell that does it.
///
/// `$A` is the module in the cache as a folder, `$D` its files in `cache/download`, `$M` the module
/// without and `$V` the one with a vendor folder; `evil` writes an init function, `attack` is the
/// program beside this file.
struct Case {
    name: &'static str,
    dir: &'static str,
    script: &'static str,
}

const fn case(name: &'static str, dir: &'static str, script: &'static str) -> Case {
    Case { name, dir, script }
}

const CASES: &[Case] = &[
    case("nothing", "m", ":"),
    case("module cache: a file is edited", "m", "evil >> $A/uuid.go"),
    case("module cache: a file is added", "m", "(echo package uuid; evil) > $A/init.go"),
    case("module cache: a file is removed", "m", "rm $A/README.md"),
    case(
        "module cache: the zip is repacked, the folder is gone",
        "m",
        "evil >> $A/uuid.go; attack rezip $A $NAME $D/v1.6.0.zip; rm -rf $A",
    ),
    case("module cache: the zip's hash is another", "m", "echo $ZERO > $D/v1.6.0.ziphash"),
    case("module cache: the go.mod is another", "m", "echo '// x' >> $D/v1.6.0.mod"),
    case(
        "module cache: folder, zip and hash, all consistent",
        "m",
        "evil >> $A/uuid.go; attack rezip $A $NAME $D/v1.6.0.zip; attack h1 $D/v1.6.0.zip | tr -d '\\n' > $D/v1.6.0.ziphash",
    ),
    case(
        "module cache and go.sum, all consistent",
        "m",
        "evil >> $A/uuid.go; attack rezip $A $NAME $D/v1.6.0.zip; h=$(attack h1 $D/v1.6.0.zip); printf %s \"$h\" > $D/v1.6.0.ziphash; sed -i \"s#v1.6.0 h1:.*#v1.6.0 $h#\" $M/go.sum",
    ),
    case("go.sum: emptied", "m", ": > $M/go.sum"),
    case("go.sum: the go.mod's line is gone", "m", "sed -i '/go.mod h1/d' $M/go.sum"),
    case(
        "go.sum: a second sum for the same version",
        "m",
        "sed -i \"1s#\\(.*\\) h1:.*#&\\n\\1 $ZERO#\" $M/go.sum",
    ),
    case("go.sum: another sum", "m", "sed -i \"s#v1.6.0 h1:.*#v1.6.0 $ZERO#\" $M/go.sum"),
    case("vendor: a file is edited", "v", "evil >> $V/vendor/github.com/google/uuid/uuid.go"),
    case(
        "vendor: a file is added",
        "v",
        "(echo package uuid; evil) > $V/vendor/github.com/google/uuid/init.go",
    ),
    case("vendor: a file is removed", "v", "rm $V/vendor/github.com/google/uuid/version1.go"),
    case(
        "vendor: modules.txt names another version",
        "v",
        "sed -i 's/v1.6.0/v1.5.0/' $V/vendor/modules.txt",
    ),
    case("vendor: go.sum is emptied beside it", "v", ": > $V/go.sum"),
    case(
        "vendor: a file is edited, go.sum emptied",
        "v",
        "evil >> $V/vendor/github.com/google/uuid/uuid.go; : > $V/go.sum",
    ),
    case(
        "environment: the Dockerfile switches verification off",
        "m",
        "printf 'FROM scratch\\nENV GOSUMDB=off GOFLAGS=-mod=mod\\n' > $M/Dockerfile",
    ),
    case(
        "environment and module cache",
        "m",
        "evil >> $A/uuid.go; printf 'FROM scratch\\nENV GOSUMDB=off GOFLAGS=-mod=mod\\n' > $M/Dockerfile",
    ),
    case(
        "everything at once",
        "v",
        "evil >> $A/uuid.go; attack rezip $A $NAME $D/v1.6.0.zip; attack h1 $D/v1.6.0.zip | tr -d '\\n' > $D/v1.6.0.ziphash; evil >> $V/vendor/github.com/google/uuid/uuid.go; : > $V/go.sum; printf 'FROM scratch\\nENV GOSUMDB=off\\n' > $V/Dockerfile",
    ),
];

/// The clean state that every case begins with: `m`, `v`, `cache` and the attacker's program.
struct Base {
    world: World,
}

impl Base {
    fn new() -> Self {
        let world = World::module();
        for (dir, path) in [("m", "example.com/m"), ("v", "example.com/v")] {
            let go_mod = format!(
                "module {path}\n\ngo 1.24.0\n\ntoolchain go1.24.1\n\nrequire github.com/google/uuid v1.6.0\n"
            );
            let main = "package main\n\nimport \"github.com/google/uuid\"\n\nfunc main() { println(uuid.Nil.String()) }\n";
            world.file(&format!("{dir}/go.mod"), go_mod);
            world.file(&format!("{dir}/main.go"), main);
        }
        let base = Self { world };
        let root = base.world.path("");
        // The real proxy and checksum database, whose records stay in the cache.
        for (dir, args) in
            [("m", &["mod", "tidy"][..]), ("v", &["mod", "tidy"]), ("v", &["mod", "vendor"])]
        {
            good(&go(&root, dir, args).env_remove("GOPROXY").output().unwrap(), args);
        }
        let attack = repository().join("crates/goward/tests/e2e/tamper/attack.go");
        let build = ["build", "-o", "../attack", attack.to_str().unwrap()];
        good(&go(&root, "m", &build).output().unwrap(), &build);
        base
    }

    /// A copy in which the case's script has run.
    fn tampered(&self, case: &Case) -> World {
        let world = World::module();
        let copy = format!("cp -a {}/. .", self.world.path("").display());
        let module = "cache/github.com/google/uuid@v1.6.0";
        let prelude = format!(
            "set -e; W=$PWD; A=$W/{module}; D=$W/cache/cache/download/github.com/google/uuid/@v; M=$W/m; V=$W/v; \
             NAME=github.com/google/uuid@v1.6.0; ZERO=h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=; \
             evil() {{ echo 'func init() {{ println(\"{MARK}\") }}'; }}; attack() {{ $W/attack \"$@\"; }}; \
             chmod -R u+w cache"
        );
        let script = format!("{copy}; {prelude}; {}", case.script);
        let output =
            Command::new("sh").args(["-c", &script]).current_dir(world.path("")).output().unwrap();
        good(&output, &[case.name]);
        world
    }
}

/// A go command in a folder of the world, offline.
fn go(world: &Path, dir: &str, args: &[&str]) -> Command {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.join(dir)).stdin(Stdio::null());
    command.env("GOMODCACHE", world.join("cache")).env("GOFLAGS", "-modcacherw");
    // There Go keeps the latest head of the checksum database.
    command.env("GOPATH", world.join("gopath"));
    command.env("GOPROXY", "off").env("GOWORK", "off").env("GOTOOLCHAIN", "local");
    command
}

fn good(output: &Output, what: &[&str]) {
    assert!(output.status.success(), "{what:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// `refused`, or what the command let through.
fn said(output: &Output) -> &'static str {
    if output.status.success() { "passes" } else { "refuses" }
}

/// The case's row.
fn row(base: &Base, case: &Case) -> String {
    let world = base.tampered(case);
    let root = world.path("");
    let build = go(&root, case.dir, &["build", "-o", "bin", "."]).output().unwrap();
    let bin = std::fs::read(root.join(case.dir).join("bin")).unwrap_or_default();
    let shipped = memchr::memmem::find(&bin, MARK.as_bytes()).is_some();
    let build = if shipped { "**ships it**" } else { said(&build) };
    let vet = go(&root, case.dir, &["vet", "."]).output().unwrap();
    let verify = go(&root, case.dir, &["mod", "verify"]).output().unwrap();
    let mut command = world.command(&["check", "--no-history", "--format", "json"]);
    command.current_dir(root.join(case.dir)).env("GOMODCACHE", root.join("cache"));
    command.env("GOPATH", root.join("gopath"));
    let output = command.env("GOFLAGS", "-modcacherw").output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let bad = report["outcomes"].as_array().unwrap().iter().filter(|outcome| {
        outcome["status"] == false && matches!(outcome["tier"].as_str(), Some("P0" | "P1"))
    });
    let bad: Vec<_> =
        bad.map(|outcome| format!("`{}`", outcome["check"].as_str().unwrap())).collect();
    let gate = report["gate"].as_str().unwrap();
    let goward =
        if bad.is_empty() { gate.to_owned() } else { format!("{gate}: {}", bad.join(" ")) };
    format!("| {} | {build} | {} | {} | {goward} |\n", case.name, said(&vet), said(&verify))
}

fn document(base: &Base) -> String {
    let mut text = String::from(
        "<!-- written by `cargo xtask tamper`; do not edit -->\n\
         # The tamper matrix\n\n\
         Each row is a manipulation of a clean module that requires github.com/google/uuid v1.6.0, and what\n\
         Go's own tools and goward say of it, offline (`GOPROXY=off`). *Ships it* means that the attacker's init\n\
         function is in the binary and `go build` exited with 0. `cargo xtask tamper` makes this page anew on\n\
         your machine; a test holds it against what is written here. goward names its checks of tiers P0 and P1.\n\n\
         | manipulation | `go build` | `go vet` | `go mod verify` | `goward check` |\n\
         |---|---|---|---|---|\n",
    );
    for case in CASES {
        text += &row(base, case);
    }
    text += "\n## How each was done\n\n\
             `$A` is the module's folder in the module cache, `$D` its files in `cache/download`, `$M` and `$V` the\n\
             modules without and with a vendor folder; `evil` prints an init function, `attack` packs a folder as a\n\
             module zip (`crates/goward/tests/e2e/tamper/attack.go`).\n";
    for case in CASES {
        let _ = write!(
            text,
            "\n**{}**\n\n```sh\n{}\n```\n",
            case.name,
            case.script.replace("; ", "\n")
        );
    }
    text
}

fn page() -> PathBuf {
    repository().join("docs/tamper.md")
}

#[test]
fn the_tamper_matrix_is_as_documented() {
    let text = document(&Base::new());
    if std::env::var_os("GOWARD_WRITE_TAMPER").is_some() {
        std::fs::write(page(), &text).unwrap();
    }
    let there = std::fs::read_to_string(page()).unwrap_or_default();
    assert_eq!(there, text, "docs/tamper.md is not what happens; run `cargo xtask tamper`");
    let attacks = text.lines().filter(|line| line.contains("**ships it**"));
    for line in attacks {
        assert!(line.contains("closed"), "an attack passes goward: {line}");
    }
}
