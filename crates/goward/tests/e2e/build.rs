//! `goward build`: nobody can tell that go was watched, but for what goward says after it.

use crate::world::{Ran, World, ran};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A module of a program, a package that does not compile, and a test that fails.
pub(crate) fn module() -> World {
    let world = World::module();
    // Unique text: what the cache has from another run would hide what happens.
    world.file("m/go.mod", format!("module example.com/m{}\n\ngo 1.21\n", std::process::id()));
    world.file("m/main.go", MAIN);
    world.file("m/bad/bad.go", "package bad\n\nfunc F() int { return undefinedThing }\n");
    world.file("m/t/t_test.go", TEST);
    world.file(
        "m/v/v.go",
        "package v\n\nimport \"fmt\"\n\nfunc F() { fmt.Printf(\"%d\\n\", \"x\") }\n",
    );
    world
}

const MAIN: &str = r#"package main

import (
	"fmt"
	"os"
)

func main() {
	info, _ := os.Stdout.Stat()
	fmt.Println("terminal:", info.Mode()&os.ModeCharDevice != 0, os.Args[1:])
	fmt.Fprintln(os.Stderr, "on standard error")
	if len(os.Args) > 1 {
		os.Exit(3)
	}
}
"#;

const TEST: &str = r#"package t

import "testing"

func TestIt(t *testing.T) { t.Fatal("it fails") }
"#;

/// The user's own caches: a build of std for every test would take minutes.
fn caches(command: &mut Command) -> &mut Command {
    let output = Command::new("go").args(["env", "GOCACHE", "GOMODCACHE"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    command.env("GOCACHE", lines.next().unwrap()).env("GOMODCACHE", lines.next().unwrap());
    command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false")
}

pub(crate) fn go(world: &World, words: &[&str]) -> Command {
    let mut command = Command::new("go");
    command.args(words).current_dir(world.root()).env_clear().stdin(Stdio::null());
    command.env("HOME", world.path("home")).env("PATH", std::env::var_os("PATH").unwrap());
    caches(&mut command);
    command
}

pub(crate) fn goward(world: &World, flags: &[&str], words: &[&str]) -> Command {
    let mut all = vec!["build"];
    all.extend(flags);
    all.push("--");
    all.extend(words);
    let mut command = world.command(&all);
    caches(&mut command);
    command
}

/// Both streams, and one that both go to; times of tests left out.
fn heard(command: &mut Command, together: bool) -> (i32, String, String) {
    let heard = if together {
        let file = tempfile::NamedTempFile::new().unwrap();
        // One open file for both, as a shell's 2>&1 has it.
        let one = file.reopen().unwrap();
        command.stdout(one.try_clone().unwrap()).stderr(one);
        let status = command.status().unwrap().code().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        Ran { status, stdout: text, stderr: String::new() }
    } else {
        ran(command.output().unwrap())
    };
    let timeless = |text: &str| {
        let lines = text.lines().map(|line| match line.rsplit_once(['\t', '(']) {
            Some((rest, last))
                if last.trim_end_matches(')').ends_with('s')
                    && last.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                rest
            }
            _ if line.contains("\"Time\":") => "an event",
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    (heard.status, timeless(&heard.stdout), timeless(&heard.stderr))
}

#[test]
fn what_go_says_and_how_it_ends_is_unchanged() {
    let world = module();
    for words in [
        &["build", "-o", "out", "."][..],
        &["build", "./..."],
        &["build", "-n", "-o", "out", "."],
        &["vet", "./v"],
        &["test", "./t", "./bad"],
        &["test", "-json", "./bad"],
        &["run", "."],
        &["run", ".", "3"],
        &["list", "-f", "{{.ImportPath}}", "./..."],
        &["-C", "t", "list"],
        &["build", "-C", "t", "."],
        &["env", "GOOS"],
        &["build", "-nonsense"],
        &["build", "./absent"],
        &["build", "-debug-actiongraph=own.json", "./bad"],
    ] {
        for together in [false, true] {
            let plain = heard(&mut go(&world, words), together);
            let watched =
                heard(&mut goward(&world, &["--silent", "--no-history"], words), together);
            assert_eq!(watched, plain, "go {words:?}, together: {together}");
        }
    }
    assert!(world.path("m/own.json").exists());
}

#[test]
fn goward_says_what_broke_below_what_go_said() {
    let world = module();
    let ran = ran(goward(&world, &[], &["build", "./bad"]).output().unwrap());
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    let (go_said, goward_said) = ran.stderr.split_once("\n\ngoward: ").unwrap();
    assert!(go_said.ends_with("bad/bad.go:3:23: undefined: undefinedThing"), "{go_said}");
    for part in [
        "exit status 1",
        "source.undefined",
        "stage compile · owner developer · retry never · tier P2",
        "bad/bad.go:3:23",
        "fix:",
    ] {
        assert!(goward_said.contains(part), "{part}: {goward_said}");
    }
    let ok = self::ran(goward(&world, &[], &["build", "-o", "out", "."]).output().unwrap());
    assert_eq!(ok.status, 0);
    assert!(ok.stderr.starts_with("goward: ") && ok.stderr.lines().count() == 1, "{}", ok.stderr);
    let bare = self::ran(
        caches(&mut world.command(&["build", "--lang", "zh", "./bad"])).output().unwrap(),
    );
    assert!(bare.stderr.contains("阶段 compile · 负责 developer"), "{}", bare.stderr);
}

#[test]
fn a_program_that_fails_is_no_build_that_failed() {
    let world = module();
    let ran = ran(goward(&world, &[], &["run", ".", "3"]).output().unwrap());
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("none.other-failure"), "{}", ran.stderr);
}

#[test]
fn every_report_can_be_read() {
    let world = module();
    let flags = [
        "--html", "b.html", "--trace", "b.json", "--output", "r.json", "--output", "r.sarif",
        "--output", "r.xml",
    ];
    let ran = ran(goward(&world, &flags, &["build", "./..."]).output().unwrap());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let read = |name: &str| std::fs::read_to_string(world.path(&format!("m/{name}"))).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&read("b.json")).unwrap();
    assert!(trace["traceEvents"].as_array().unwrap().iter().any(|event| event["cat"] == "compile"));
    assert!(read("b.html").contains("source.undefined"));
    let report: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert_eq!(report["build"]["schema"], "goward.build/v1");
    let outcomes = report["outcomes"].as_array().unwrap();
    let compile = outcomes.iter().find(|outcome| outcome["check"] == "build.compile").unwrap();
    assert_eq!(
        (&compile["verdict"], &compile["findings"][0]["location"]["line"]),
        (&"fail".into(), &3.into())
    );
    assert!(read("r.sarif").contains("build.compile") && read("r.xml").contains("build.compile"));
    let document =
        self::ran(goward(&world, &["--format", "json"], &["build", "./bad"]).output().unwrap());
    assert!(document.stderr.ends_with("undefined: undefinedThing\n"), "{}", document.stderr);
    let build: serde_json::Value = serde_json::from_str(&document.stdout).unwrap();
    assert_eq!(build["schema"], "goward.build/v1");
    assert_eq!(build["failure"]["cause"], "source.undefined");
    let compile =
        build["tools"].as_array().unwrap().iter().find(|tool| tool["tool"] == "compile").unwrap();
    assert!(compile["peak_rss"].as_u64().unwrap() > 1 << 20 && compile["failed"] == 1, "{compile}");
    let run = build["runs"].as_array().unwrap().iter().find(|run| run["exit_status"] != 0).unwrap();
    assert!(
        run["tool"] == "compile" && run["package"].as_str().unwrap().ends_with("/bad"),
        "{run}"
    );
    assert!(run["wall_ms"].as_f64().unwrap() > 0.0 && run["peak_rss"].as_u64().unwrap() > 1 << 20);
    let spans = build["spans"].as_array().unwrap();
    assert!(spans.iter().any(|span| span["action_id"].is_string()), "{spans:?}");
}

/// Of events a person reads what they say, and the report finds the place in it.
#[test]
fn events_are_read_as_text() {
    let world = module();
    let flags = ["--output", "r.json"];
    let ran = ran(goward(&world, &flags, &["test", "-json", "./bad"]).output().unwrap());
    assert!(ran.stderr.contains(" | bad/bad.go:3:23: undefined: undefinedThing"), "{}", ran.stderr);
    let report = std::fs::read_to_string(world.path("m/r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let failed = outcomes.iter().find(|outcome| outcome["verdict"] == "fail").unwrap();
    assert_eq!(failed["findings"][0]["location"]["path"], "bad/bad.go", "{failed}");
}

#[test]
fn builds_are_kept_and_compared() {
    let world = module();
    for _ in 0..2 {
        goward(&world, &[], &["build", "-o", "out", "."]).output().unwrap();
    }
    goward(&world, &[], &["build", "./bad"]).output().unwrap();
    let listed = world.run(&["history", "build", "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&listed.stdout).unwrap();
    let causes: Vec<&serde_json::Value> = rows.iter().map(|row| &row["cause"]).collect();
    assert_eq!(
        causes,
        [&"source.undefined".into(), &serde_json::Value::Null, &serde_json::Value::Null]
    );
    assert!(world.run(&["history", "build"]).stdout.contains("go build -o out ."));
    for wrong in
        [&["history", "build", "--format", "junit"][..], &["history", "--output", "h.json"]]
    {
        let ran = world.run(wrong);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(ran.stderr.contains("human or json"), "{}", ran.stderr);
    }
    let ok = ["build", "-o", "out", "."];
    goward(&world, &["--silent"], &ok).output().unwrap();
    let zh = world.run(&["history", "build", "--lang", "zh"]).stdout;
    assert!(zh.contains("无需构建") && !zh.contains("nothing"), "{zh}");
    let before = world.run(&["history", "build"]).stdout;
    let silent = ["--silent", "--no-history"];
    goward(&world, &silent, &["build", "./bad"]).output().unwrap();
    assert_eq!(world.run(&["history", "build"]).stdout, before);
}

/// The build's own result is what it is, whatever becomes of the history.
#[test]
fn a_history_that_cannot_be_written_changes_nothing() {
    let world = module();
    world.file("home/.local", "a file where a folder should be");
    let ran = ran(goward(&world, &[], &["build", "-o", "out", "."]).output().unwrap());
    assert_eq!(ran.status, 0);
    assert!(ran.stderr.contains("this build is not in the history"), "{}", ran.stderr);
}

/// A go command that is a script: what it says and does is known.
pub(crate) fn script(world: &World, text: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    world.file("go.sh", format!("#!/bin/sh\n{text}"));
    let path = world.path("go.sh");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

const TIMEOUT: &str = "go: example.com/x@v1.0.0: Get \"https://proxy.example.com/example.com/x/@v/v1.0.0.mod\": dial tcp 192.0.2.1:443: i/o timeout";

#[test]
fn only_what_passes_by_itself_is_tried_again_and_it_is_counted() {
    let world = module();
    let flaky = script(
        &world,
        &format!(
            "if [ ! -e tried ]; then touch tried; echo '{TIMEOUT}' >&2; exit 1; fi\necho built\n"
        ),
    );
    let ran = ran(goward(&world, &["--retry-infra", "2"], &["build"])
        .env("GOWARD_GO", &flaky)
        .output()
        .unwrap());
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "built\n"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("network.timeout: it may pass by itself; attempt 1 of 2"),
        "{}",
        ran.stderr
    );
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&world.run(&["history", "build", "--format", "json"]).stdout).unwrap();
    assert_eq!((&rows[0]["retries"], rows.len()), (&1.into(), 1));
    // Without the flag, and for a cause that stays, there is one attempt.
    for (text, flags) in
        [(TIMEOUT, &[][..]), ("./main.go:5:2: undefined: x", &["--retry-infra", "3"][..])]
    {
        let counting = script(
            &world,
            &format!("echo x >> count; echo '# example.com/m' >&2; echo '{text}' >&2; exit 1\n"),
        );
        let _ = std::fs::remove_file(world.path("m/count"));
        let ran = self::ran(
            goward(&world, flags, &["build"]).env("GOWARD_GO", &counting).output().unwrap(),
        );
        assert_eq!(ran.status, 1);
        assert_eq!(std::fs::read_to_string(world.path("m/count")).unwrap(), "x\n", "{text}");
    }
}

/// A build whose compiler sleeps. Gives the process, and waits until the compiler runs.
fn sleeping(world: &World, flags: &[&str]) -> std::process::Child {
    script(
        world,
        "case \"$*\" in *-V=full*) ;; */compile*) echo $$ > \"$MARK\"; exec sleep 61;; esac\nexec \"$@\"\n",
    );
    let wrapper = world.path("go.sh");
    let mark = world.path("mark");
    let command = goward(world, flags, &["build", "-toolexec", wrapper.to_str().unwrap(), "./u"]);
    let child = heeding_hangups(&command)
        .env("TMPDIR", world.path("tmp"))
        .env("MARK", &mark)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if !flags.contains(&"--deadline") {
        wait_for(|| std::fs::read_to_string(&mark).is_ok_and(|pid| pid.ends_with('\n')));
    }
    child
}

/// The same where the tests themselves were started by `nohup`.
fn heeding_hangups(command: &Command) -> Command {
    let mut heeding = Command::new("env");
    heeding.arg("--default-signal=HUP").arg(command.get_program()).args(command.get_args());
    heeding.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    heeding.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
    heeding
}

pub(crate) fn wait_for(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "it took too long");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn unique() -> World {
    let world = module();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    world.file("m/u/u.go", format!("package u\n\nconst At = {}\n", now.as_nanos()));
    world.file("tmp/keep", "");
    world
}

/// The compiler is gone, and so is all that was temporary.
fn nothing_is_left(world: &World) {
    let pid = std::fs::read_to_string(world.path("mark")).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "the compiler lives on: {stat}");
    let left: Vec<_> =
        std::fs::read_dir(world.path("tmp")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["keep"]);
}

#[test]
fn a_signal_ends_the_children_too_and_the_report_is_written() {
    for (signal, number) in [("-TERM", -15), ("-HUP", -1)] {
        let world = unique();
        let child = sleeping(&world, &["--output", "r.json"]);
        assert!(
            Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let ran = ran(child.wait_with_output().unwrap());
        assert_eq!(ran.status, number, "{}", ran.stderr);
        assert!(world.path("m/r.json").exists());
        nothing_is_left(&world);
    }
    // Whoever cancels a build is no failure of it.
    let world = unique();
    let child = sleeping(&world, &[]);
    assert!(
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success()
    );
    let ran = ran(child.wait_with_output().unwrap());
    assert!(ran.stderr.contains("infra.runner"), "{}", ran.stderr);
    nothing_is_left(&world);
}

#[test]
fn a_deadline_ends_it_and_says_so() {
    let world = unique();
    let begun = Instant::now();
    let ran = ran(sleeping(&world, &["--deadline", "4s"]).wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("resource.timeout") && ran.stderr.contains("its deadline passed"),
        "{}",
        ran.stderr
    );
    nothing_is_left(&world);
}

#[test]
fn too_much_memory_ends_it_and_says_so() {
    let world = unique();
    let hungry = script(
        &world,
        "echo $$ > ../mark; head -c 400000000 /dev/zero | tail -c 399999999 > /dev/null & wait; sleep 61\n",
    );
    let ran = ran(goward(&world, &["--max-rss", "100MiB"], &["build"])
        .env("GOWARD_GO", &hungry)
        .env("TMPDIR", world.path("tmp"))
        .output()
        .unwrap());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("resource.memory"), "{}", ran.stderr);
    nothing_is_left(&world);
}

#[test]
fn a_users_own_toolexec_is_called_and_may_fail() {
    let world = unique();
    let own = script(&world, "echo ran >> \"$MARK\"; exec \"$@\"\n");
    let flag = format!("-toolexec={}", own.display());
    let mut words = vec!["build", &flag, "./u"];
    let ran = ran(goward(&world, &[], &words).env("MARK", world.path("mark")).output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(std::fs::read_to_string(world.path("mark")).unwrap().lines().count() >= 2);
    let through_goflags = self::ran(
        goward(&world, &[], &["build", "./u"])
            .env("MARK", world.path("mark2"))
            .env("GOFLAGS", &flag)
            .output()
            .unwrap(),
    );
    assert_eq!(through_goflags.status, 0);
    assert!(world.path("mark2").exists());
    for absent in ["-toolexec=/nonexistent/tool", "-toolexec=no-such-tool -x"] {
        words[1] = absent;
        let bare = self::ran(go(&world, &words).output().unwrap());
        let missing = self::ran(goward(&world, &[], &words).output().unwrap());
        assert_eq!(missing.status, 1);
        assert!(missing.stderr.starts_with(&bare.stderr), "{} {}", bare.stderr, missing.stderr);
        assert!(missing.stderr.contains("config.toolexec"), "{}", missing.stderr);
    }
}

#[test]
fn a_killed_tool_is_named_as_go_names_it() {
    let world = unique();
    let killer =
        script(&world, "case \"$*\" in *-V=full*) ;; */compile*) kill -9 $$;; esac\nexec \"$@\"\n");
    let words = ["build", "-toolexec", killer.to_str().unwrap(), "./u"];
    let plain = ran(go(&world, &words).output().unwrap());
    let watched = ran(goward(&world, &["--silent"], &words).output().unwrap());
    // Go names the first word of -toolexec; behind us that is the user's own one, as the tool stands behind it.
    assert_eq!(plain.status, watched.status);
    assert!(
        plain.stderr.contains("signal: killed") && watched.stderr.contains("signal: killed"),
        "{} {}",
        plain.stderr,
        watched.stderr
    );
    assert!(!watched.stderr.contains("goward"), "{}", watched.stderr);
}

#[test]
fn a_terminal_stays_a_terminal() {
    let world = module();
    let goward = env!("CARGO_BIN_EXE_goward");
    let line = format!("stty cols 97 2>/dev/null; {goward} build --silent --no-history -- run . a");
    let mut command = Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(world.root())
        .env_clear()
        .stdin(Stdio::null());
    command
        .env("HOME", world.path("home"))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("TERM", "xterm");
    let ran = ran(caches(&mut command).output().unwrap());
    assert_eq!(ran.stdout, "terminal: true [a]\r\non standard error\r\nexit status 3\r\n");
    assert_eq!(ran.status, 1);
}

#[test]
fn a_reader_that_goes_away_ends_the_build_as_it_would_have() {
    let world = module();
    let endless = script(&world, "while :; do echo line; done\n");
    let mut child = goward(&world, &["--silent"], &["test"])
        .env("GOWARD_GO", &endless)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = [0; 5];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    drop(child.stdout.take());
    wait_for(|| child.try_wait().unwrap().is_some());
}

#[test]
fn a_go_that_cannot_be_run_is_named_with_what_to_do() {
    let world = module();
    let folder = world.path("m");
    for go in ["/nonexistent/go", folder.to_str().unwrap()] {
        let ran = ran(goward(&world, &[], &["build"]).env("GOWARD_GO", go).output().unwrap());
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains(go) && ran.stderr.contains("GOWARD_GO"), "{}", ran.stderr);
    }
    for wrong in [&["build", "--deadline", "soon"][..], &["build", "--max-rss", "lots"]] {
        assert_eq!(world.run(wrong).status, 2);
    }
}

/// The other toolchains that this is asserted with; they come through the module proxy.
const TOOLCHAINS: [&str; 3] = ["go1.21.13", "go1.24.11", "local"];

const CGO: &str = "package main\n\n// static int two(void) { return 2; }\nimport \"C\"\n\nfunc main() { println(int(C.two())) }\n";

#[test]
fn a_warm_cache_stays_warm_and_the_output_is_the_same_to_the_bit() {
    for toolchain in TOOLCHAINS {
        let world = unique();
        world.file("m/c/main.go", CGO);
        let with =
            |command: &mut Command| ran(command.env("GOTOOLCHAIN", toolchain).output().unwrap());
        let first = with(&mut go(&world, &["build", "-o", "plain", "./c"]));
        assert_eq!(first.status, 0, "{toolchain}: {}", first.stderr);
        let watched =
            with(&mut goward(&world, &["--silent"], &["build", "-v", "-o", "watched", "./c"]));
        assert_eq!((watched.status, watched.stderr.as_str()), (0, ""), "{toolchain}: recompiled");
        let bytes = |name: &str| std::fs::read(world.path(&format!("m/{name}"))).unwrap();
        assert_eq!(bytes("plain"), bytes("watched"), "{toolchain}");
        // And what goward built first, go finds built.
        let watched = with(&mut goward(&world, &["--silent"], &["build", "-v", "./u"]));
        assert!(watched.stderr.trim_end().ends_with("/u"), "{toolchain}: {}", watched.stderr);
        let plain = with(&mut go(&world, &["build", "-v", "./u"]));
        assert_eq!((plain.status, plain.stderr.as_str()), (0, ""), "{toolchain}: recompiled");
    }
}

#[test]
fn a_trace_can_be_written_without_any_server() {
    let world = module();
    let mut command = goward(&world, &["--otlp-file", "t.json"], &["build", "./bad"]);
    command.env("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let text = std::fs::read_to_string(world.path("m/t.json")).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&text).unwrap();
    let spans = trace["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
    assert!(spans.iter().all(|span| span["traceId"] == "0af7651916cd43dd8448eb211c80319c"));
    assert!(
        spans.iter().any(|span| span["name"] == "compile" && span["status"]["code"] == 2),
        "{text}"
    );
    // A collector that is not there is said, and changes nothing.
    let absent = self::ran(
        goward(&world, &["--otlp", "http://127.0.0.1:9"], &["build", "-o", "out", "."])
            .output()
            .unwrap(),
    );
    assert_eq!(absent.status, 0);
    assert!(absent.stderr.contains("not in the traces"), "{}", absent.stderr);
}

#[test]
fn an_isolated_build_takes_nothing_from_the_cache() {
    let world = unique();
    world.file("tmp/keep", "");
    // What comes before GOCACHE, by the environment and by `go env -w`.
    let asked = world.path("asked");
    world.file("cache", format!("#!/bin/sh\ntouch {}\n", asked.display()));
    let program = world.path("cache");
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    world.file("env", format!("GOCACHEPROG={}\n", program.display()));
    let mut command =
        goward(&world, &["--isolated"], &["build", "-v", "unsafe", "internal/goarch"]);
    command.env("GOCACHEPROG", &program).env("GOENV", world.path("env"));
    let ran = ran(command.env("TMPDIR", world.path("tmp")).output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(!asked.exists(), "another cache was asked");
    assert!(ran.stderr.contains("internal/goarch"), "{}", ran.stderr);
    assert_eq!(std::fs::read_dir(world.path("tmp")).unwrap().count(), 1);
}
