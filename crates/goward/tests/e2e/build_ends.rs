//! `goward build`: how a build ends, and who is told. Slow readers, what is left running, signals between two
//! attempts, a go that is goward again.

use crate::build::{go, goward, module, script, wait_for};
use crate::world::{World, ran};
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A go command that is a script.
fn scripted(world: &World, flags: &[&str], words: &[&str], text: &str) -> Command {
    let go = script(world, text);
    world.file("tmp/keep", "");
    let mut command = goward(world, flags, words);
    command.env("GOWARD_GO", go).env("TMPDIR", world.path("tmp"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn kill(signal: &str, child: &std::process::Child) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

fn temporary(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(world.path("tmp")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const ERROR: &str = "./x.go:3:4: undefined: foo";

#[test]
fn a_slow_reader_gets_all_of_it() {
    let world = module();
    // More than the two pipes hold, so that the end is still to be written when go has ended.
    let text = format!("yes '{ERROR}' | head -c 100000 >&2; exit 1\n");
    let mut child = scripted(&world, &["--silent"], &["build"], &text).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(600));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((said.len(), child.wait().unwrap().code()), (100_000, Some(1)));
}

#[test]
fn what_is_left_running_neither_holds_the_build_nor_hides_its_cause() {
    let world = module();
    let text = format!("echo '{ERROR}' >&2\nsleep 61 &\necho $! > ../left\nexit 1\n");
    let begun = Instant::now();
    let child = scripted(&world, &[], &["build"], &text).stdout(Stdio::null()).spawn().unwrap();
    // The pipe stays open as long as what is left running.
    let mut child = child;
    let status = child.wait().unwrap();
    let left = std::fs::read_to_string(world.path("left")).unwrap();
    Command::new("kill").arg(left.trim()).status().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("source.undefined"), "{said}");
}

#[test]
fn who_reads_no_more_is_no_failure_of_the_build() {
    let world = module();
    let mut child =
        scripted(&world, &[], &["test"], "while :; do echo line; done\n").spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 5]).unwrap();
    drop(child.stdout.take());
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.status, -13, "{}", ran.stderr);
    assert!(ran.stderr.contains("none.other-failure"), "{}", ran.stderr);
}

/// `go test` fails where it cannot write, other commands do not look.
#[test]
fn an_output_that_is_full_ends_no_build() {
    let world = module();
    for (verb, status) in [("build", 0), ("test", 1)] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = scripted(&world, &["--silent"], &[verb], "echo ok; echo done >&2\n");
        let ran = ran(command.stdout(full).output().unwrap());
        assert_eq!((ran.status, ran.stderr.as_str()), (status, "done\n"), "{verb}");
    }
}

const TIMEOUT: &str = "go: example.com/x@v1.0.0: Get \"https://proxy.example.com/example.com/x/@v/v1.0.0.mod\": dial tcp 192.0.2.1:443: i/o timeout";

#[test]
fn a_signal_between_two_attempts_ends_it() {
    let world = module();
    let text = format!("echo x >> ../count; echo '{TIMEOUT}' >&2; exit 1\n");
    let flags = ["--retry-infra", "9", "--output", "r.json"];
    let mut child = scripted(&world, &flags, &["build"], &text).spawn().unwrap();
    let count = || std::fs::read_to_string(world.path("count")).unwrap_or_default().len();
    // Two attempts: the pause before the third is 2 s.
    wait_for(|| count() == 4);
    std::thread::sleep(Duration::from_millis(300));
    let told = Instant::now();
    kill("-TERM", &child);
    wait_for(|| child.try_wait().unwrap().is_some());
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!((ran.status, count()), (-15, 4), "{}", ran.stderr);
    assert!(told.elapsed() < Duration::from_secs(20) && ran.stderr.contains("infra.runner"));
    // And it is said what went before.
    assert!(ran.stderr.contains("an attempt before failed"), "{}", ran.stderr);
    assert!(world.path("m/r.json").exists());
    assert_eq!(temporary(&world), ["keep"]);
}

#[test]
fn the_deadline_is_of_all_attempts_together() {
    let world = module();
    let text = format!("echo x >> ../count; echo '{TIMEOUT}' >&2; exit 1\n");
    let flags = ["--retry-infra", "9", "--deadline", "2s"];
    let ran = ran(scripted(&world, &flags, &["build"], &text).output().unwrap());
    // The pauses would be 1, 2, 4 … s.
    let count = std::fs::read_to_string(world.path("count")).unwrap().len() / 2;
    assert_eq!((ran.status, count), (1, 2), "{}", ran.stderr);
    assert!(ran.stderr.contains("network.timeout"), "{}", ran.stderr);
}

#[test]
fn whenever_the_signal_comes_nothing_is_left() {
    let world = module();
    for delay in 0..24 {
        let flags = ["--isolated", "--no-history"];
        let child = scripted(&world, &flags, &["build"], "sleep 0.02\n").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        kill("-TERM", &child);
        child.wait_with_output().unwrap();
        assert_eq!(temporary(&world), ["keep"], "after {delay} ms");
    }
}

#[test]
fn a_test_that_was_cancelled_did_not_fail() {
    let world = module();
    let text = "trap 'echo \"FAIL example.com/m 1.2s\"; exit 1' INT\ntouch ../ready\nwhile :; do sleep 0.05; done\n";
    let child = scripted(&world, &["--format", "json"], &["test"], text).spawn().unwrap();
    wait_for(|| world.path("ready").exists());
    kill("-INT", &child);
    let ran = ran(child.wait_with_output().unwrap());
    let json = ran.stdout.split_once("\n{").map(|(_, json)| format!("{{{json}")).unwrap();
    let build: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((ran.status, &build["failure"]["cause"]), (1, &"infra.runner".into()), "{json}");
}

/// Go writes no graph of a build that is killed; the processes tell where it was.
#[test]
fn a_deadline_names_the_stage_that_was_at_work() {
    let world = module();
    let text = "cp /bin/sleep it.test && ./it.test 61\n";
    let flags = ["--deadline", "1s", "--format", "json"];
    let ran = ran(scripted(&world, &flags, &["test"], text).output().unwrap());
    let build: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let failure = &build["failure"];
    assert_eq!(
        (&failure["cause"], &failure["stage"]),
        (&"resource.timeout".into(), &"test".into())
    );
}

/// Somebody puts `exec goward build -- go "$@"` before the real go.
#[test]
fn a_go_that_is_goward_again_steps_aside() {
    use std::os::unix::fs::PermissionsExt as _;
    let goward_itself = env!("CARGO_BIN_EXE_goward");
    for line in [
        format!("exec {goward_itself} build -- go \"$@\""),
        format!("exec {goward_itself} build -- \"$@\""),
        format!("{goward_itself} build --no-history -- \"$@\"; exit $?"),
    ] {
        let world = module();
        world.file("own/go", format!("#!/bin/sh\necho x >> \"$HOME/starts\"\n{line}\n"));
        world.file("home/starts", "");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(world.path("own/go"), mode).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let mut path: Vec<_> = std::env::split_paths(&path).collect();
        path.insert(0, world.path("own"));
        let path = std::env::join_paths(path).unwrap();
        let mut command = goward(&world, &["--format", "json"], &["build", "-o", "out", "."]);
        let ran_it = ran(command.env("PATH", &path).output().unwrap());
        assert_eq!(ran_it.status, 0, "{}", ran_it.stderr);
        let build: serde_json::Value = serde_json::from_str(&ran_it.stdout).unwrap();
        assert!(build["packages"]["total"].as_u64().unwrap() > 10, "it is observed: {build}");
        assert!(world.path("m/out").exists());
        assert_eq!(std::fs::read_to_string(world.path("home/starts")).unwrap(), "x\n");
        // Where there is no other it says so, and does not start itself for ever.
        let mut alone = goward(&world, &[], &["build", "."]);
        alone.env("PATH", world.path("own")).env("GOWARD_GO", world.path("own/go"));
        let alone = ran(alone.output().unwrap());
        assert_eq!(alone.status, 2);
        assert!(alone.stderr.contains("is goward again"), "{}", alone.stderr);
    }
}

/// A Makefile and a script in place of go call it in any way, also in none that goward knows.
#[test]
fn behind_go_stands_whatever_go_is_given() {
    let world = module();
    for words in
        [&[][..], &["-h"], &["nosuchverb", "./..."], &["-C", "v", "nosuchverb"], &["./..."]]
    {
        let bare = ran(go(&world, words).output().unwrap());
        let all = [&["go"], words].concat();
        let observed = ran(goward(&world, &["--silent"], &all).output().unwrap());
        assert_eq!(bare, observed, "{words:?}");
    }
    let lone = ran(goward(&world, &[], &["nosuchverb"]).output().unwrap());
    assert_eq!(lone.status, 2);
    assert!(lone.stderr.contains("go nosuchverb: unknown command"), "{}", lone.stderr);
    assert!(lone.stderr.contains("config.flags"), "{}", lone.stderr);
    // What builds nothing is asked often in a Makefile: nothing is said of it, and it is no build to keep.
    let told = ran(goward(&world, &[], &["env", "GOOS"]).output().unwrap());
    assert_eq!((told.stdout.as_str(), told.stderr.as_str()), ("linux\n", ""));
    let kept = ran(world.command(&["history", "build"]).output().unwrap());
    assert!(!kept.stdout.contains("go env"), "{}", kept.stdout);
}

/// The command behind a script that mounts something at `place`; the mount ends with it.
fn in_a_namespace(command: &Command, script: &str, place: &std::path::Path) -> Command {
    let mut inside = Command::new("unshare");
    inside.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(place);
    inside.arg(command.get_program()).args(command.get_args()).env_clear();
    inside.current_dir(command.get_current_dir().unwrap());
    inside.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    inside
}

/// With nothing to build go needs no room; that it is watched must not need any either.
#[test]
fn a_full_temporary_folder_fails_no_build() {
    let world = module();
    assert_eq!(ran(go(&world, &["build", "-o", "out", "."]).output().unwrap()).status, 0);
    world.file("full/keep", "");
    let command = goward(&world, &["--format", "json"], &["build", "-o", "out", "."]);
    let script = "mount -t tmpfs -o size=256k full \"$0\" && head -c 240k /dev/zero > \"$0/x\" && TMPDIR=$0 exec \"$@\"";
    let built = ran(in_a_namespace(&command, script, &world.path("full")).output().unwrap());
    assert_eq!(built.status, 0, "{}", built.stderr);
    let build: serde_json::Value = serde_json::from_str(&built.stdout).unwrap();
    assert!(build["unobserved"][0].as_str().unwrap().contains("is full"), "{build}");
}

/// A program that stands in for the build cache is a cache, too.
#[test]
fn an_isolated_build_asks_no_program_for_its_cache() {
    let world = module();
    world.file("goenv", "GOCACHEPROG=/nonexistent/of-the-file\nGOFLAGS=-buildvcs=false\n");
    let mut command = goward(&world, &["--isolated"], &["build", "internal/goarch"]);
    command.env("GOENV", world.path("goenv")).env("GOCACHEPROG", "/nonexistent/of-the-environment");
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn a_report_that_cannot_be_is_refused_before_anything_is_built() {
    let world = module();
    let mut command =
        scripted(&world, &["--output", "report.toml"], &["build"], "touch ../started\n");
    let refused = ran(command.output().unwrap());
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("report.toml: the extension must be"), "{}", refused.stderr);
    assert!(!world.path("started").exists());
    // A folder may be made by the build; where it is not there afterwards, it is named.
    let mut command = scripted(&world, &["--output", "absent/r.json"], &["build"], "exit 0\n");
    let ran = ran(command.output().unwrap());
    assert!(ran.stderr.contains("there is no folder absent"), "{}", ran.stderr);
    assert_eq!(ran.status, 0);
}

/// On a file system that nobody may write there is no room either, and that is not why.
#[test]
fn a_read_only_disk_is_not_full() {
    let world = module();
    world.file("ro/keep", "");
    let command = goward(&world, &[], &["build", "."]);
    let script = "mount -t tmpfs -o ro,size=4k ro \"$0\" && TMPDIR=$0 exec \"$@\"";
    let built = ran(in_a_namespace(&command, script, &world.path("ro")).output().unwrap());
    assert_eq!(built.status, 1, "{}", built.stderr);
    assert!(built.stderr.contains("\nresource.permission: "), "{}", built.stderr);
}

/// `-work` is there to look at what was made, wherever it was said.
#[test]
fn the_folder_that_was_asked_for_stays() {
    for (goflags, words) in
        [("-buildvcs=false -work", &["build"][..]), ("-buildvcs=false", &["build", "-work"])]
    {
        let world = module();
        world.file("tmp/keep", "");
        let mut command = goward(&world, &["--silent"], words);
        command.env("GOFLAGS", goflags).env("TMPDIR", world.path("tmp"));
        let said = ran(command.output().unwrap()).stderr;
        let folder = said.lines().find_map(|line| line.strip_prefix("WORK=")).unwrap();
        assert!(std::path::Path::new(folder).is_dir(), "{folder}");
    }
}

/// Go's runtime takes no notice of them (os/signal).
#[test]
fn signals_that_mean_nothing_to_go_end_no_build() {
    let world = module();
    let text = "echo > ../begun\nwhile [ ! -e ../go-on ]; do sleep 0.01; done\n";
    let child = scripted(&world, &[], &["build"], text).spawn().unwrap();
    wait_for(|| world.path("begun").exists());
    for signal in ["-USR1", "-USR2", "-ALRM", "-VTALRM", "-IO", "-XCPU"] {
        kill(signal, &child);
    }
    world.file("go-on", "");
    let built = ran(child.wait_with_output().unwrap());
    assert_eq!(built.status, 0, "{}", built.stderr);
    assert_eq!(temporary(&world), ["keep"]);
}

/// A link in front of the real go on the PATH does what the script of docs/build.md does.
#[test]
fn by_the_name_of_go_it_is_go() {
    let world = module();
    world.file("own/keep", "");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_goward"), world.path("own/go")).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let mut path: Vec<_> = std::env::split_paths(&path).collect();
    path.insert(0, world.path("own"));
    let path = std::env::join_paths(path).unwrap();
    let like_go = |words: &[&str]| {
        let mut command = go(&world, words);
        let mut linked = Command::new(world.path("own/go"));
        linked.args(words).env_clear().stdin(Stdio::null()).current_dir(world.path("m"));
        linked.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let bare = ran(command.output().unwrap());
        (bare, ran(linked.env("PATH", &path).output().unwrap()))
    };
    let (bare, linked) = like_go(&["version"]);
    assert_eq!(bare, linked);
    let (bare, linked) = like_go(&["vet", "./v"]);
    assert_eq!((bare.status, &bare.stdout), (linked.status, &linked.stdout));
    assert!(linked.stderr.starts_with(&bare.stderr), "{}", linked.stderr);
    assert!(linked.stderr.contains("source.vet"), "{}", linked.stderr);
    // By any other name it is no go.
    let mut named = goward(&world, &[], &["version"]);
    let named = ran(named.env("GOWARD_GO", env!("CARGO_BIN_EXE_goward")).output().unwrap());
    assert_eq!(named.status, 2);
    assert!(named.stderr.contains("is goward itself"), "{}", named.stderr);
}

/// Which Go built is told by the tools, however short the build is and whichever toolchain go switched to.
#[test]
fn the_version_is_of_the_go_that_built() {
    let world = module();
    for toolchain in ["go1.24.11", "go1.23.12"] {
        for _ in 0..2 {
            let mut command = goward(
                &world,
                &["--format", "json", "--no-history"],
                &["build", "unsafe", "internal/goarch"],
            );
            let built = ran(command.env("GOTOOLCHAIN", toolchain).output().unwrap());
            let build: serde_json::Value = serde_json::from_str(&built.stdout).unwrap();
            assert_eq!(build["go_version"], toolchain, "{}", built.stderr);
        }
    }
}

/// Who ends the server that `go run` started has not lost a CI runner.
#[test]
fn a_program_that_is_ended_is_no_build_that_failed() {
    let world = module();
    let serve = "package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc main() {\n\tfmt.Println(\"ready\")\n\ttime.Sleep(time.Minute)\n}\n";
    world.file("m/s/s.go", serve);
    let mut command = goward(&world, &[], &["run", "./s"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = [0; 5];
    child.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
    kill("-INT", &child);
    let ended = ran(child.wait_with_output().unwrap());
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("\nnone.other-failure: "), "{}", ended.stderr);
}
