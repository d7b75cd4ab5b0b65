//! Modules, module caches and build contexts that are broken, hostile or huge: a clear answer with
//! file and line, a documented exit status, bounded memory and time.

use crate::world::{Checked, World};
use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::process::Command;

const HEAD: &str = "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n";

/// A run in an environment of its own: its module cache is `cache`.
fn check(world: &World, args: &[&str]) -> Checked {
    let mut command = world.command(&["check", "--no-history", "--format", "json"]);
    command.args(args).env("GOMODCACHE", world.path("cache")).env("GOTOOLCHAIN", "local");
    command.env("GOPROXY", "off").env("GOPATH", world.path("gopath"));
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}", String::from_utf8_lossy(&output.stderr)));
    Checked { status: output.status.code().unwrap(), report }
}

/// Whether the go command refuses the module (or workspace), offline.
fn go_refuses(world: &World) -> bool {
    let mut command = Command::new("go");
    command.args(["list", "-m", "all"]).current_dir(world.root()).env("GOPROXY", "off");
    command.env("GOMODCACHE", world.path("cache")).env("GOTOOLCHAIN", "local");
    !command.output().unwrap().status.success()
}

/// A check fails with these words at this line, Go refuses the same, and the exit status is 1.
fn refused(world: &World, id: &str, place: (&str, u64), words: &str) {
    let checked = check(world, &[]);
    assert_eq!(checked.status, 1, "{:?}", checked.bad());
    assert_eq!(checked.verdict(id), "fail", "{:?}", checked.bad());
    let finding = &checked.outcome(id)["findings"][0];
    let message = finding["message"]["en"].as_str().unwrap();
    assert!(message.contains(words), "{words:?} is not in {message:?}");
    let location = &finding["location"];
    let found = (location["path"].as_str().unwrap(), location["line"].as_u64().unwrap());
    assert_eq!(found, place, "{message}");
    assert!(go_refuses(world), "Go takes it: {message}");
}

#[test]
fn what_go_refuses_in_go_mod_is_named_with_its_line() {
    let world = World::module();
    for (text, line, words) in [
        (&b"module example.com/m\n\nrequire (\n\texample.com/a v1.0"[..], 4, "unterminated block"),
        (b"\xef\xbb\xbfmodule example.com/m\n", 1, "unexpected input character"),
        (b"module example.com/m\xff\n\ngo 1.24.0\n", 1, "malformed import path"),
        (b"module example.com/m\r\n\r\nrequire example.com/a 1\r\n", 3, "invalid"),
    ] {
        world.file("m/go.mod", text);
        refused(&world, "go-mod-valid", ("go.mod", line), words);
    }
}

#[test]
fn what_go_takes_in_go_mod_is_taken() {
    let world = World::module();
    for text in [
        &b"module example.com/m\r\n\r\ngo 1.24.0\r\n\r\ntoolchain go1.24.1\r\n"[..],
        b"module example.com/m // \xff\xfe\n\ngo 1.24.0\n\ntoolchain go1.24.1\n",
    ] {
        world.file("m/go.mod", text);
        let checked = check(&world, &["--group", "integrity"]);
        assert_eq!((checked.status, checked.bad()), (0, vec![]));
        assert!(!go_refuses(&world));
    }
}

#[test]
fn what_go_refuses_in_a_workspace_is_named_with_its_line() {
    let world = World::module();
    for (text, place, words) in [
        (&b"go 1.24.0\nuse (\n"[..], ("go.work", 3), "unterminated block"),
        (b"go 1.24.0\nuse .\nuse ./gone\n", ("go.work", 3), "there is no gone/go.mod"),
        (b"go 1.23.0\nuse .\n", ("go.mod", 3), "go.work lists go 1.23.0"),
        (b"go 1.24.0\nuse .\n\xff\n", ("go.work", 3), "unknown directive"),
        (b"go 1.24.0\nuse .\nuse .\n", ("go.mod", 1), "appears multiple times"),
    ] {
        world.file("m/go.work", text);
        refused(&world, "go-work-valid", place, words);
    }
}

#[test]
fn sums_that_cannot_be_read_close_the_gate() {
    let world = World::module();
    world.file("m/go.sum", "example.com/a v1.0.0 h1:x\nexample.com/a v1.0.0");
    let checked = check(&world, &[]);
    assert_eq!(checked.verdict("go-sum-valid"), "fail");
    assert_eq!(checked.outcome("go-sum-valid")["findings"][0]["location"]["line"], 2);
    world.file("m/go.sum", "");
    world.file("m/go.work", "go 1.24.0\n\nuse .\n");
    world.file("m/go.work.sum", "example.com/a\n");
    let checked = check(&world, &[]);
    let location = &checked.outcome("go-sum-valid")["findings"][0]["location"];
    assert_eq!(location["path"], "go.work.sum");
}

#[test]
fn files_without_end_are_not_read() {
    let world = World::module();
    for (file, id) in [("go.mod", "go-mod-valid"), ("go.sum", "go-sum-valid")] {
        let world = World::module();
        std::fs::File::create(world.path(&format!("m/{file}"))).unwrap().set_len(1 << 34).unwrap();
        let checked = check(&world, &["--only", id]);
        assert_eq!((checked.status, checked.verdict(id)), (3, "inconclusive"), "{file}");
        assert!(checked.error(id).contains(&format!("{file} is larger than")), "{file}");
    }
    world.file("m/vendor/modules.txt", "# example.com/a v1.0.0\n".repeat(200_000));
    let checked = check(&world, &["--only", "vendor-modules-txt"]);
    let outcome = checked.outcome("vendor-modules-txt");
    assert_eq!(outcome["verdict"], "fail");
    assert_eq!(outcome["findings"].as_array().unwrap().len(), 10_000);
}

#[test]
fn circles_of_requirements_and_replacements_end() {
    let world = World::module();
    let replaced = "require example.com/a v1.0.0\n\nreplace example.com/a => ./a\n\nreplace example.com/b => ./b\n";
    world.file("m/go.mod", format!("{HEAD}\n{replaced}"));
    world.file("m/a/go.mod", "module example.com/a\n\ngo 1.24.0\n\nrequire example.com/b v1.0.0\n");
    world.file(
        "m/b/go.mod",
        "module example.com/b\n\ngo 1.24.0\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/m v1.0.0\n)\n",
    );
    let checked = check(&world, &["--only", "build-list"]);
    assert_eq!(checked.verdict("build-list"), "pass", "{}", checked.error("build-list"));
    let crossed = "require example.com/a v1.0.0\n\nreplace example.com/a => example.com/b v1.0.0\n\nreplace example.com/b => example.com/a v1.0.0\n";
    world.file("m/go.mod", format!("{HEAD}\n{crossed}"));
    world.file("m/m.go", "package m\n\nimport _ \"example.com/a\"\n");
    let checked = check(&world, &["--only", "build-list"]);
    // Nothing is downloaded, so it cannot be said; but it is said soon.
    assert_eq!(checked.verdict("build-list"), "inconclusive");
    world.file(
        "m/go.mod",
        format!("{HEAD}\nrequire example.com/a v1.0.0\n\nreplace example.com/a => ./\n"),
    );
    assert_eq!(check(&world, &["--only", "build-list"]).verdict("build-list"), "pass");
}

/// A module that requires example.com/a v1.0.0, as `go mod download` leaves it.
struct Cached {
    world: World,
}

const DOWNLOAD: &str = "cache/cache/download/example.com/a/@v/v1.0.0";
const UNPACKED: &str = "cache/example.com/a@v1.0.0";

impl Cached {
    fn new() -> Self {
        let world = World::module();
        world.file("m/go.mod", format!("{HEAD}\nrequire example.com/a v1.0.0\n"));
        let go_mod = "module example.com/a\n";
        world.file(&format!("{DOWNLOAD}.mod"), go_mod);
        world.file(&format!("{UNPACKED}/go.mod"), go_mod);
        world.file(&format!("{UNPACKED}/a.go"), "package a\n");
        world.file("gomod/go.mod", go_mod);
        let h1 = |dir: &str, prefix: &str| {
            world.run(&["plumbing", "h1", dir, "--prefix", prefix]).stdout.trim_end().to_owned()
        };
        let content = h1(&format!("../{UNPACKED}"), "example.com/a@v1.0.0");
        // The sum of a go.mod is that of a folder that has nothing else.
        let of_mod = h1("../gomod", "");
        world.file(
            "m/go.sum",
            format!("example.com/a v1.0.0 {content}\nexample.com/a v1.0.0/go.mod {of_mod}\n"),
        );
        let cached = Self { world };
        assert_eq!(cached.ask().0, "pass", "{:?}", cached.ask());
        cached
    }

    fn ask(&self) -> (String, String) {
        let checked = check(&self.world, &["--only", "module-cache-modified"]);
        let id = "module-cache-modified";
        (checked.verdict(id).to_owned(), checked.error(id).to_owned())
    }

    /// Runs a shell in the world's folder.
    fn sh(&self, script: &str) -> &Self {
        let mut command = Command::new("sh");
        let output = command.args(["-ec", script]).current_dir(self.world.path("")).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self
    }
}

#[test]
fn a_module_cache_that_is_half_there_is_never_a_pass_for_what_is_wrong() {
    let cached = Cached::new();
    // Truncated, and nothing of it unpacked: Go would try to use the zip.
    cached.sh(&format!("rm -r {UNPACKED}; printf PK > {DOWNLOAD}.zip"));
    let (verdict, error) = cached.ask();
    assert_eq!(verdict, "inconclusive");
    assert!(error.contains("go clean -modcache"), "{error}");
    cached.sh(&format!("rm {DOWNLOAD}.zip"));
    assert_eq!(cached.ask().0, "pass", "only the go.mod is there, and it is right");
    let cached = Cached::new();
    cached.sh(&format!(": > {DOWNLOAD}.mod"));
    assert_eq!(cached.ask().0, "fail");
}

#[test]
fn locks_and_permissions_of_the_module_cache_do_not_matter() {
    let cached = Cached::new();
    cached.sh(&format!(": > {DOWNLOAD}.lock; : > {DOWNLOAD}.partial; chmod -R a-w cache"));
    let lock = std::fs::File::open(cached.world.path(&format!("{DOWNLOAD}.lock"))).unwrap();
    lock.lock().unwrap();
    assert_eq!(cached.ask().0, "pass", "{:?}", cached.ask());
    cached.sh("chmod -R u+w cache");
}

#[test]
fn a_module_cache_that_is_not_there_or_no_folder_is_said() {
    let cached = Cached::new();
    cached.sh("rm -r cache");
    assert_eq!(cached.ask().0, "skip");
    cached.sh(": > cache");
    let (verdict, error) = cached.ask();
    assert_eq!(verdict, "inconclusive");
    assert!(error.contains("ot a directory"), "{error}");
}

#[test]
fn links_pipes_and_giants_in_the_module_cache_are_no_files_of_a_module() {
    for (script, verdict) in [
        ("ln -s /etc/passwd $A/link", "fail"),
        ("mkfifo $A/pipe", "inconclusive"),
        ("rm $A/a.go; ln -s /dev/zero $A/a.go", "inconclusive"),
        ("truncate -s 300M $A/zeroes", "fail"),
    ] {
        let cached = Cached::new();
        cached.sh(&format!("A={UNPACKED}; {script}"));
        let (found, error) = cached.ask();
        assert_eq!(found, verdict, "{script}: {error}");
    }
}

#[test]
fn what_docker_refuses_is_named_with_its_line() {
    let world = World::module();
    for (text, line, words) in [
        ("FROM scratch\nRUN <<EOF\nnever ends\n", 2, "unterminated heredoc"),
        ("FROM scratch\nFOO bar\n", 2, "unknown instruction: FOO"),
        ("RUN true\n", 1, "FROM"),
        ("# escape=x\nFROM scratch\n", 1, "escape"),
        ("FROM scratch\nONBUILD FROM x\n", 2, "ONBUILD trigger"),
    ] {
        world.file("m/Dockerfile", text);
        let checked = check(&world, &["--group", "container"]);
        assert_eq!(checked.status, 1, "{text}: {:?}", checked.bad());
        let finding = &checked.outcome("dockerfile-valid")["findings"][0];
        assert!(finding["message"]["en"].as_str().unwrap().contains(words), "{finding}");
        assert_eq!(finding["location"]["line"], line, "{text}");
    }
    let good = "# syntax=docker/dockerfile:1\n# escape=`\nFROM scratch\nCOPY <<\"A\" <<B /x/\nfoo $X\nA\nbar\nB\nONBUILD COPY . /y\n";
    world.file("m/Dockerfile", good);
    assert_eq!(check(&world, &["--only", "dockerfile-valid"]).status, 0);
}

#[test]
fn a_dockerignore_that_docker_refuses_or_that_is_huge_is_judged() {
    let world = World::module();
    world.file("m/Dockerfile", "FROM scratch\nCOPY . .\n");
    let long = "a".repeat(70_000);
    for (text, line, words) in [
        (format!("node_modules\n{long}\n"), 2, "65,536 bytes"),
        ("x\n\n[a-\n".to_owned(), 3, "syntax error in pattern"),
        ("x\n!\n".to_owned(), 2, "illegal exclusion pattern"),
    ] {
        world.file("m/.dockerignore", text);
        let checked = check(&world, &["--group", "container"]);
        let finding = &checked.outcome("dockerignore-valid")["findings"][0];
        assert!(finding["message"]["en"].as_str().unwrap().contains(words), "{finding}");
        assert_eq!(finding["location"]["line"], line, "{finding}");
        assert_eq!(checked.status, 1);
    }
    let mut huge = String::new();
    for n in 0..100_000 {
        let _ = writeln!(huge, "path{n}/**/x*");
    }
    world.file("m/.dockerignore", huge);
    let checked = check(&world, &["--group", "container"]);
    assert_eq!((checked.status, checked.verdict("dockerignore-valid")), (0, "pass"));
}

#[test]
fn links_out_of_the_context_are_told_from_what_is_excluded() {
    let world = World::module();
    world.file("m/Dockerfile", "FROM scratch\nCOPY etc /e\n");
    for (link, target) in [("etc", "/etc"), ("up", "../../"), ("loop", "loop")] {
        symlink(target, world.path(&format!("m/{link}"))).unwrap();
    }
    let checked = check(&world, &["--group", "container"]);
    assert!(checked.error("copy-missing").contains("leads to nothing"), "{:?}", checked.bad());
    assert_eq!(checked.verdict("copy-excluded"), "pass");
}

#[test]
fn each_dockerfile_is_judged_with_the_context_that_policy_gives_it() {
    let pairs = [("a/Dockerfile", "a"), ("build/b.image", "./b/"), ("gone", ".")];
    let build = |(file, folder): (&str, &str)| {
        format!("[[container.build]]\ndockerfile = \"{file}\"\ncontext = \"{folder}\"\n")
    };
    let world = World::policy(&pairs.map(build).concat());
    world
        .file("m/a/Dockerfile", "FROM scratch\nCOPY . /src\nCOPY x /\n")
        .file("m/a/.env", "KEY=1\n");
    world.file("m/build/b.image", "FROM scratch\nCOPY y /\n").file("m/b/y", "").file("m/x", "");
    let checked = check(&world, &["--group", "container"]);
    assert!(
        checked.error("dockerfile-valid").contains("policy builds gone"),
        "{:?}",
        checked.bad()
    );
    world.file("m/gone", "FROM scratch\n");
    let checked = check(&world, &["--group", "container"]);
    assert!(checked.error("copy-missing").contains("x is copied, but the context (a)"));
    assert!(checked.error("context-secret").contains("a/Dockerfile sends a/.env"));
    assert_eq!(checked.outcome("copy-missing")["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn a_module_cache_that_go_filled_for_a_build_is_enough_for_its_packages() {
    let cached = Cached::new();
    let world = &cached.world;
    // What example.com/a requires is not imported, so Go never asked for it (lazy loading).
    let go_mod = "module example.com/a\n\ngo 1.16\n\nrequire example.com/b v1.0.0\n";
    world.file(&format!("{DOWNLOAD}.mod"), go_mod);
    world.file("m/m.go", "package m\n\nimport _ \"example.com/a\"\n");
    let only = ["--only", "import-missing,build-list"];
    let checked = check(world, &only);
    assert_eq!(checked.verdict("build-list"), "pass", "{:?}", checked.bad());
    assert_eq!(checked.verdict("import-missing"), "pass", "{:?}", checked.bad());
    world.file("m/m.go", "package m\n\nimport _ \"example.com/b\"\n");
    let checked = check(world, &only);
    assert_eq!((checked.status, checked.verdict("import-missing")), (3, "inconclusive"));
    assert!(checked.error("import-missing").contains("example.com/b"), "{:?}", checked.bad());
}

#[test]
fn faults_of_the_package_graph_name_file_and_line() {
    let world = World::module();
    world.file(
        "m/a/a.go",
        "package a\n\nimport (\n\t_ \"example.com/m/b\"\n\t_ \"example.com/m/gone\"\n)\n",
    );
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    world.file("m/c/c.go", "<<<<<<< HEAD\npackage c\n");
    let checked = check(&world, &["--group", "metadata"]);
    assert_eq!(checked.status, 1);
    let place = |id: &str| {
        let location = &checked.outcome(id)["findings"][0]["location"];
        (location["path"].as_str().unwrap().to_owned(), location["line"].as_u64().unwrap())
    };
    assert_eq!(place("import-cycle"), ("b/b.go".to_owned(), 3));
    assert_eq!(place("import-missing"), ("a/a.go".to_owned(), 5));
    assert_eq!(place("package-invalid"), ("c/c.go".to_owned(), 1));
    let cycle = checked.error("import-cycle");
    let way = "example.com/m/a → example.com/m/b → example.com/m/a";
    assert!(cycle.contains(way), "{cycle}");
    let report = checked.report.to_string();
    assert!(!report.contains(&world.path("").display().to_string()), "{report}");
}
