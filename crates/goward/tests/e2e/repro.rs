//! `goward repro`: each cause is made for real with the real tools, and must be named, alone and first.

use crate::world::{World, ran};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small program of the runtime alone.
const MAIN: &str = "package main\n\nvar version = \"dev\"\n\nfunc main() { println(version) }\n";
const MOD: &str = "module example.com/m\n\ngo 1.24\n";

/// How a program is built.
#[derive(Clone, Default)]
struct Recipe {
    files: Vec<(String, Vec<u8>)>,
    flags: Vec<String>,
    env: Vec<(String, String)>,
    /// The folder, where it is another.
    folder: Option<&'static str>,
    /// What runs in the folder before the build.
    before: Option<&'static str>,
    /// What runs on the program behind the build; `$1`.
    after: Option<&'static str>,
}

/// The program of [`MAIN`].
fn plain() -> Recipe {
    Recipe::default().file("go.mod", MOD).file("main.go", MAIN)
}

impl Recipe {
    fn file(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.retain(|(other, _)| other != name);
        self.files.push((name.into(), text.as_ref().to_vec()));
        self
    }
    fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.into());
        self
    }
    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }
    fn folder(mut self, folder: &'static str) -> Self {
        self.folder = Some(folder);
        self
    }
    fn before(mut self, script: &'static str) -> Self {
        self.before = Some(script);
        self
    }
    fn after(mut self, script: &'static str) -> Self {
        self.after = Some(script);
        self
    }
    fn trim(self) -> Self {
        self.flag("-trimpath")
    }
    fn cgo(self) -> Self {
        self.env("CGO_ENABLED", "1").file("main.go", CGO)
    }
}

const CGO: &str = "package main\n\n// static int twice(int x) { return 2 * x; }\nimport \"C\"\n\nfunc main() { println(C.twice(2)) }\n";

/// Shared by all tests, and by what else is built on this machine.
fn cache() -> String {
    let output = Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn build(world: &World, name: &str, recipe: &Recipe) -> PathBuf {
    let dir = world.path(recipe.folder.unwrap_or("src"));
    let _ = std::fs::remove_dir_all(&dir);
    for (file, text) in &recipe.files {
        let path = dir.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let program = world.path(name);
    let run = |command: &mut Command| {
        command.current_dir(&dir).env("GOCACHE", cache()).env("GOTOOLCHAIN", "local");
        command
            .env("GOFLAGS", "-buildvcs=false -mod=mod")
            .env("CGO_ENABLED", "0")
            .env("GOPROXY", "off");
        command.env("GONOSUMDB", "*").env("GOWORK", "off");
        command.envs(recipe.env.iter().map(|(name, value)| (name, value)));
        let ran = ran(command.output().unwrap());
        assert_eq!(ran.status, 0, "{name}: {}{}", ran.stdout, ran.stderr);
    };
    if let Some(script) = recipe.before {
        run(Command::new("sh").args(["-ec", script]));
    }
    run(Command::new("go").args(["build", "-o"]).arg(&program).args(&recipe.flags).arg("."));
    if let Some(script) = recipe.after {
        run(Command::new("sh").args(["-ec", script, "sh"]).arg(&program));
    }
    program
}

fn compare(world: &World, a: &Path, b: &Path) -> (i32, Value) {
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let ran = world.run(&["repro", "--no-history", "--format", "json", "--compare", a, b]);
    let value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}{}", ran.stdout, ran.stderr));
    (ran.status, value)
}

/// The identifiers of the causes, without `repro.`.
fn causes(report: &Value) -> Vec<String> {
    let found = report["repro"]["comparison"]["causes"].as_array().unwrap();
    let id = |it: &Value| it["cause"].as_str().unwrap().trim_start_matches("repro.").to_owned();
    found.iter().map(id).collect()
}

/// Builds both of each row and expects these causes, no others, in this order; both ways round.
fn table(rows: &[(&str, Recipe, Recipe)]) {
    let world = World::module();
    let mut wrong = vec![];
    for (expected, first, second) in rows {
        let (a, b) = (build(&world, "a", first), build(&world, "b", second));
        for (a, b) in [(&a, &b), (&b, &a)] {
            let (status, report) = compare(&world, a, b);
            let found = causes(&report).join(" ");
            if found != *expected || status != 1 {
                let evidence = &report["repro"]["comparison"]["causes"];
                wrong
                    .push(format!("expected {expected:?}, found {found:?} ({status}): {evidence}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_go_command_was_asked_for() {
    let other = "package main\n\nfunc extra() {}\n";
    table(&[
        ("build-path", plain(), plain().folder("elsewhere/deep")),
        ("trimpath", plain(), plain().trim()),
        ("ldflags-x", plain(), plain().flag("-ldflags=-X main.version=1.0")),
        ("ldflags-x", plain().trim(), plain().trim().flag("-ldflags=-X main.version=1.0")),
        (
            "ldflags-x",
            plain().trim().flag("-ldflags=-s -w -X main.version=2026-01-01T00:00:00Z"),
            plain().trim().flag("-ldflags=-s -w -X main.version=2026-01-01T00:00:09Z"),
        ),
        ("strip-at-link", plain(), plain().flag("-ldflags=-s")),
        ("strip-at-link", plain().trim(), plain().trim().flag("-ldflags=-w")),
        ("strip-after-link", plain(), plain().after("strip \"$1\"")),
        ("strip-after-link", plain().trim(), plain().trim().after("strip -g \"$1\"")),
        ("cpu-level", plain(), plain().env("GOAMD64", "v3")),
        (
            "tags",
            plain().trim(),
            plain()
                .trim()
                .flag("-tags=extra")
                .file("extra.go", format!("//go:build extra\n\n{other}")),
        ),
        ("pgo", plain(), plain().file("default.pgo", "")),
        ("experiment", plain().trim(), plain().trim().env("GOEXPERIMENT", "nodwarf5")),
        ("ldflags", plain(), plain().flag("-ldflags=-compressdwarf=false")),
        ("debug-info", plain().trim(), plain().trim().flag("-ldflags=-compressdwarf=false")),
        ("package", plain(), plain().file("go.mod", "module example.com/other\n\ngo 1.24\n")),
        ("gcflags", plain(), plain().flag("-gcflags=-N")),
        ("buildmode", plain().trim(), plain().trim().flag("-buildmode=pie")),
        ("build-id", plain().trim(), plain().trim().flag("-ldflags=-buildid=x")),
        ("cgo-enabled", plain().env("CGO_ENABLED", "1"), plain()),
        ("race", plain().env("CGO_ENABLED", "1"), plain().env("CGO_ENABLED", "1").flag("-race")),
        ("cover", plain(), plain().flag("-cover")),
        ("fips", plain(), plain().env("GOFIPS140", "v1.0.0")),
        (
            "toolchain",
            plain().env("GOTOOLCHAIN", "go1.25.5"),
            plain().env("GOTOOLCHAIN", "go1.25.14"),
        ),
        ("go-line", plain(), plain().file("go.mod", "module example.com/m\n\ngo 1.22\n")),
        ("after-link", plain(), plain().after("printf x >> \"$1\"")),
        // Several at once are all named.
        (
            "cpu-level build-path ldflags-x",
            plain(),
            plain().folder("elsewhere").env("GOAMD64", "v2").flag("-ldflags=-X main.version=2"),
        ),
    ]);
}

#[test]
fn what_the_repository_says() {
    let commit = "git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm x --date=2020-01-01T00:00:00Z";
    let stamped = || plain().trim().flag("-buildvcs=true");
    table(&[
        (
            "vcs-stamp",
            stamped().before("git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm x"),
            stamped().before(
                "git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm other && echo >> main.go",
            ),
        ),
        ("vcs-stamp", stamped().before(commit), plain().trim()),
    ]);
}

#[test]
fn what_it_was_built_from() {
    let uses = |version: &str| {
        plain()
            .trim()
            .file("go.mod", format!("module example.com/m\n\ngo 1.25.0\n\nrequire golang.org/x/sync {version}\n"))
            .file("main.go", "package main\n\nimport \"golang.org/x/sync/singleflight\"\n\nfunc main() { var g singleflight.Group; g.Forget(\"x\") }\n")
    };
    let local = "package singleflight\n\ntype Group struct{ n int }\n\nfunc (g *Group) Forget(key string) { g.n += len(key) }\n";
    let with_local = |recipe: Recipe| {
        recipe
            .file("lib/go.mod", "module golang.org/x/sync\n\ngo 1.24\n")
            .file("lib/singleflight/s.go", local)
    };
    let replaced = uses("v0.19.0").file(
        "go.mod",
        "module example.com/m\n\ngo 1.25.0\n\nrequire golang.org/x/sync v0.19.0\n\nreplace golang.org/x/sync => ./lib\n",
    );
    table(&[
        ("module-version", uses("v0.19.0"), uses("v0.22.0")),
        ("replace", uses("v0.19.0"), with_local(replaced)),
        (
            "vendor",
            uses("v0.19.0"),
            uses("v0.19.0")
                .before("go mod tidy && go mod vendor")
                .flag("-mod=vendor")
                .env("GOFLAGS", "-buildvcs=false"),
        ),
        (
            "workspace",
            uses("v0.19.0").env("GOFLAGS", "-buildvcs=false").before("go mod tidy"),
            with_local(uses("v0.19.0"))
                .file("go.work", "go 1.25.0\n\nuse (\n\t.\n\t./lib\n)\n")
                .env("GOWORK", "")
                .env("GOFLAGS", "-buildvcs=false"),
        ),
    ]);
}

#[test]
fn what_a_generator_wrote() {
    let constant = |value: &str| {
        plain()
            .trim()
            .file(
                "gen.go",
                format!("package main\n\nconst built = {value}\n\nfunc init() {{ show(built) }}\n"),
            )
            .file("show.go", "package main\n\n//go:noinline\nfunc show(x any) { println(x) }\n")
    };
    let number = |value: &str| {
        plain().trim().file("gen.go", format!("package main\n\nfunc init() {{ show({value}) }}\n\n//go:noinline\nfunc show(x int) {{ println(x) }}\n"))
    };
    let functions = |order: [&str; 3]| {
        let text: Vec<String> = order
            .iter()
            .map(|name| format!("//go:noinline\nfunc {name}() {{ println(\"{name}\") }}\n"))
            .collect();
        plain().trim().file(
            "gen.go",
            format!(
                "package main\n\nfunc init() {{ One(); Two(); Three() }}\n\n{}",
                text.join("\n")
            ),
        )
    };
    let numbers = |values: &str| {
        plain().trim().file(
            "gen.go",
            format!("package main\n\nvar table = []int{{{values}}}\n\nfunc init() {{ for i := range table {{ table[i]++; println(table[i]) }} }}\n"),
        )
    };
    let list = |values: &str| {
        plain().trim().file("gen.go", format!("package main\n\nvar list = []string{{{values}}}\n\nfunc init() {{ for _, x := range list {{ println(x) }} }}\n"))
    };
    table(&[
        ("constant", constant("\"2026-01-02T03:04:05Z\""), constant("\"2026-01-02T03:04:06Z\"")),
        ("constant", constant("\"/home/alice/src\""), constant("\"/build/src\"")),
        ("constant", number("1767323045"), number("1767323046")),
        (
            "constant",
            plain().trim(),
            plain().trim().file("main.go", MAIN.replace("dev", "2026-05-06")),
        ),
        ("constant", numbers("1, 2, 3, 4, 5"), numbers("1, 2, 3, 4, 6")),
        ("order", functions(["One", "Two", "Three"]), functions(["Three", "One", "Two"])),
        ("order", list("\"alpha\", \"beta\", \"gamma\""), list("\"gamma\", \"alpha\", \"beta\"")),
        (
            "lines",
            plain().trim(),
            plain().trim().file("main.go", format!("// made by hand\n\n{MAIN}")),
        ),
        (
            "code",
            plain().trim(),
            plain().trim().file("more.go", "package main\n\nfunc init() { println(\"more\") }\n"),
        ),
    ]);
}

#[test]
fn what_is_embedded() {
    let folder = |content: &[u8]| {
        plain().trim().file("data/a.bin", content).file("data/b.txt", "the same").file(
            "main.go",
            "package main\n\nimport \"embed\"\n\n//go:embed data\nvar content embed.FS\n\nfunc main() { b, _ := content.ReadFile(\"data/a.bin\"); println(len(b)) }\n",
        )
    };
    let text = |content: &[u8]| {
        plain().trim().file("a.bin", content).file(
            "main.go",
            "package main\n\nimport _ \"embed\"\n\n//go:embed a.bin\nvar content []byte\n\nfunc main() { println(len(content), content[0]) }\n",
        )
    };
    let world = World::module();
    let zip = |time: &str| {
        let script = format!(
            "rm -rf z z.zip; mkdir z; echo one > z/1; echo two > z/2; touch -d '{time}' z/1 z/2; zip -q -r z.zip z"
        );
        assert!(
            Command::new("sh")
                .args(["-ec", &script])
                .current_dir(world.root())
                .status()
                .unwrap()
                .success()
        );
        std::fs::read(world.path("m/z.zip")).unwrap()
    };
    let (old, new) = (zip("2020-01-01 00:00:00"), zip("2021-02-03 04:05:06"));
    let stripped = |recipe: Recipe| recipe.flag("-ldflags=-s -w");
    table(&[
        ("embedded-file", folder(b"one\n"), folder(b"two and more\n")),
        ("embedded-file", stripped(folder(b"one\n")), stripped(folder(b"two and more\n"))),
        ("embedded-file", folder(b"one\n").file("data/c.txt", "more"), folder(b"one\n")),
        ("archive-times", folder(&old), folder(&new)),
        ("archive-times", stripped(folder(&old)), stripped(folder(&new))),
        ("archive-times", text(&old), text(&new)),
        ("embedded-file", text(b"one\n"), text(b"another\n")),
    ]);
}

#[test]
fn what_c_brings_with_it() {
    let c = || plain().trim().cgo();
    let date = CGO.replace("{ return 2 * x; }", "{ return __TIME__[x]; }");
    table(&[
        ("c-compiler", c(), c().env("CC", "clang-19")),
        ("cgo-flags", c(), c().env("CGO_CFLAGS", "-O1 -g")),
        ("cgo-flags", c(), c().env("CGO_LDFLAGS", "-Wl,-rpath,/opt/of/mine/lib")),
        (
            "linkmode",
            plain().trim().env("CGO_ENABLED", "1"),
            plain().trim().env("CGO_ENABLED", "1").flag("-ldflags=-linkmode=external"),
        ),
        ("c-linker", c(), c().flag("-ldflags=-extldflags=-fuse-ld=gold")),
        ("build-path", plain().cgo(), plain().cgo().folder("elsewhere/deep")),
        (
            "c-date",
            // Another definition, so that the cache has no object of it; -trimpath keeps it out of build info.
            c().file("main.go", &date).env("SOURCE_DATE_EPOCH", "0").env("CGO_CPPFLAGS", "-DONE=1"),
            c().file("main.go", &date)
                .env("SOURCE_DATE_EPOCH", "86399")
                .env("CGO_CPPFLAGS", "-DONE=2"),
        ),
    ]);
}

#[test]
fn other_formats_and_processors() {
    let mac = || plain().trim().env("GOOS", "darwin").env("GOARCH", "arm64");
    let windows = || plain().trim().env("GOOS", "windows");
    let linked = |time: &str| {
        let flag = "-ldflags=-linkmode=external -extldflags=-Wl,--insert-timestamp";
        let cc = windows().cgo().env("CC", "x86_64-w64-mingw32-gcc").flag(flag);
        cc.env("SOURCE_DATE_EPOCH", time)
    };
    let arm = || plain().trim().env("GOARCH", "arm64");
    let constant = |recipe: Recipe| {
        recipe.file("main.go", MAIN.replace("println(version)", "println(version, \"2026-01-01\")"))
    };
    let changed = |recipe: Recipe| {
        recipe.file("main.go", MAIN.replace("println(version)", "println(version, \"2026-01-02\")"))
    };
    let x = |recipe: Recipe| recipe.flag("-ldflags=-X main.version=1.2.3");
    table(&[
        ("ldflags-x", mac(), x(mac())),
        ("ldflags-x", windows(), x(windows())),
        ("ldflags-x", arm(), x(arm())),
        ("constant", constant(mac()), changed(mac())),
        ("constant", constant(windows()), changed(windows())),
        ("constant", constant(arm()), changed(arm())),
        ("strip-at-link", mac(), mac().flag("-ldflags=-s -w")),
        ("strip-at-link", windows(), windows().flag("-ldflags=-s -w")),
        ("build-id", mac(), mac().flag("-ldflags=-buildid=x")),
        ("pe-timestamp", linked("86400"), linked("172800")),
        ("platform", plain(), windows()),
        ("platform", plain(), arm()),
    ]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let world = World::module();
    let whole = build(&world, "whole", &plain());
    let bytes = std::fs::read(&whole).unwrap();
    world.file("m/cut", &bytes[..bytes.len() / 3]).file("m/head", &bytes[..100]);
    world.file("m/text", "text").file("m/empty", "");
    let damaged: Vec<u8> = bytes
        .iter()
        .enumerate()
        .map(|(at, byte)| if at % 997 == 0 { !byte } else { *byte })
        .collect();
    world.file("m/damaged", [&bytes[..64], &damaged[64..]].concat());
    let ran = Command::new("mkfifo").arg(world.path("m/fifo")).status().unwrap();
    assert!(ran.success());
    let whole = whole.to_str().unwrap();
    for (other, status) in [
        (whole, 0),
        ("text", 2),
        ("empty", 2),
        ("head", 2),
        ("fifo", 2),
        ("absent", 2),
        (".", 2),
        ("damaged", 1),
        ("/bin/true", 2),
    ] {
        for pair in [[whole, other], [other, whole]] {
            let ran = world.run(&[&["repro", "--no-history", "--compare"][..], &pair].concat());
            assert_eq!(ran.status, status, "{other}: {}{}", ran.stdout, ran.stderr);
            if status == 2 {
                let name = if other == "." { "." } else { other };
                assert!(ran.stderr.contains(name), "{other}: {}", ran.stderr);
            }
        }
    }
    // Cut off behind the headers: refused by its name, or compared as far as it goes; never the same.
    let ran = world.run(&["repro", "--no-history", "--compare", whole, "cut"]);
    assert!([1, 2].contains(&ran.status), "{}{}", ran.stdout, ran.stderr);
    for wrong in [
        &["repro", "--compare", whole][..],
        &["repro", "--compare", whole, whole, "--prove"],
        &["repro", "--", "-o", "x"],
    ] {
        assert_eq!(world.run(wrong).status, 2);
    }
}

#[test]
fn a_comparison_makes_reports_in_both_languages_and_is_kept() {
    let world = World::module();
    let a = build(&world, "a", &plain());
    let b = build(&world, "b", &plain().flag("-ldflags=-X main.version=2026-01-01"));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let all = ["repro", "--compare", a, b, "--output", "r.sarif", "--output", "r.md"];
    let ran = world.run(&all);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    for word in [
        "sha256 ",
        "repro.ldflags-x",
        "main.version: \"dev\" → \"2026-01-01\" (date)",
        "nothing is left unexplained",
    ] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
    let chinese = world.run(&["repro", "--compare", a, b, "--lang", "zh", "--no-history"]);
    assert!(chinese.stdout.contains("-X 设置的值不同"), "{}", chinese.stdout);
    let sarif: Value =
        serde_json::from_slice(&std::fs::read(world.path("m/r.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "repro.ldflags-x");
    assert!(world.run(&["history"]).stdout.contains("/b"));
}

#[test]
fn two_builds_in_isolation_are_compared_and_the_cause_is_proved() {
    let world = World::module();
    world.file("m/main.go", MAIN).file("m/lib/x.txt", "x");
    let before: Vec<_> =
        std::fs::read_dir(world.root()).unwrap().map(|it| it.unwrap().file_name()).collect();
    let tmp = world.path("tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let run = |args: &[&str]| {
        let mut all = vec!["repro", "--no-history", "--format", "json"];
        all.extend(args);
        let mut command = world.command(&all);
        command.env("TMPDIR", &tmp).env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
        let ran = ran(command.output().unwrap());
        let value: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|err| panic!("{err}: {}{}", ran.stdout, ran.stderr));
        assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0, "something is left behind");
        (ran.status, value)
    };
    let (status, report) = run(&["--prove"]);
    assert_eq!((status, causes(&report)), (1, vec!["build-path".to_owned()]), "{report}");
    let proof = &report["repro"]["proofs"][0];
    assert_eq!((&proof["knob"], &proof["same"]), (&"-trimpath".into(), &true.into()));
    let (status, report) = run(&["--classic", "--keep", "kept", "--", "-trimpath"]);
    assert_eq!(status, 0, "{report}");
    assert_eq!(report["repro"]["sha256"][0], report["repro"]["sha256"][1]);
    let kept = std::fs::read(world.path("m/kept/a")).unwrap();
    assert!(kept == std::fs::read(world.path("m/kept/b")).unwrap());
    let mode = std::fs::metadata(world.path("m/kept/a")).unwrap().permissions();
    assert_ne!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o111, 0, "a program can be run");
    std::fs::remove_dir_all(world.path("m/kept")).unwrap();
    let after: Vec<_> =
        std::fs::read_dir(world.root()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(before.len(), after.len(), "the work tree is not touched");
    // What cannot be built is not known to be the same.
    world.file("m/main.go", "package main\n\nfunc main() { undefined() }\n");
    let (status, report) = run(&[]);
    assert_eq!(status, 3, "{report}");
    assert!(report["outcomes"][0]["error"].as_str().unwrap().contains("undefined"), "{report}");
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let world = World::module();
    world.file("m/main.go", MAIN);
    // In the tree itself: the copy must not copy itself.
    let tmp = world.path("m/tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let mut command = world.command(&["repro", "--no-history"]);
    command.env("TMPDIR", &tmp).env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("first build"), "{line}");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0, "something is left behind");
}

#[test]
fn a_generator_that_takes_the_time_is_found() {
    let world = World::module();
    world.file("m/main.go", "package main\n\n//go:generate sh -c \"printf 'package main\\n\\nconst built = \\\"%s\\\"\\n' $TZ-$(date +%s%N) > gen.go\"\n\nfunc main() { println(built) }\n");
    let mut command = world.command(&[
        "repro",
        "--no-history",
        "--format",
        "json",
        "--generate",
        "--vary",
        "zone",
        "--",
        "-trimpath",
    ]);
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    let ran = ran(command.output().unwrap());
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr));
    assert_eq!((ran.status, causes(&report)), (1, vec!["constant".to_owned()]), "{report}");
    assert!(!world.path("m/gen.go").exists());
}

#[test]
fn the_documentation_names_every_cause() {
    let text = std::fs::read_to_string(crate::world::repository().join("docs/repro.md")).unwrap();
    for cause in gorepro::CAUSES {
        assert!(
            text.contains(&format!("`{}`", cause.id)) && text.contains(cause.title[0]),
            "{}",
            cause.id
        );
    }
    let world = World::module();
    let page = world.run(&["explain", "repro.build-path"]);
    assert!(page.status == 0 && page.stdout.contains("-trimpath"), "{}", page.stdout);
}
