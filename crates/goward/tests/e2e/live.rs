//! The audit switch of real processes, under the init processes of real containers.

use crate::world::{Ran, World};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with the test. What an init process put into a group of its own is not hit
/// by the signal: `./server` ends itself when the world's folder is gone.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// Starts `argv` in the world's folder; `./server` waits there, whatever its arguments. It holds no
/// pipe of ours: a test that is cut short would keep its caller waiting.
fn start(world: &World, argv: &[&str]) -> Process {
    world.file("m/server.sh", "#!/bin/sh\nwhile [ -e \"$0\" ]; do sleep 1; done\n");
    install(&world.path("m/server.sh"), &world.path("m/server"));
    let mut command = Command::new(argv[0]);
    command.args(&argv[1..]).current_dir(world.root()).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn();
    let process = Process(child.unwrap_or_else(|err| panic!("{} does not start: {err}", argv[0])));
    // Until the kernel has replaced our own image by the program's.
    let cmdline = format!("/proc/{}/cmdline", process.0.id());
    let started = Instant::now();
    while !std::fs::read_to_string(&cmdline).unwrap_or_default().contains(argv[argv.len() - 1]) {
        assert!(started.elapsed() < Duration::from_secs(10), "{argv:?} never ran");
        std::thread::sleep(Duration::from_millis(5));
    }
    process
}

/// Copies a program, by a process of its own: were the new file open for writing here, a process
/// that another test forks at that moment would hold it too, and its start fail with "text file busy".
fn install(from: &Path, to: &Path) {
    let status = Command::new("install").args(["-m", "755"]).arg(from).arg(to).status();
    assert!(status.unwrap().success(), "{} is not installed", to.display());
}

fn check(world: &World, pid: u32) -> Ran {
    let pid = pid.to_string();
    world.run(&["check", "--no-history", "--only", "audit-switch-live", "--pid", &pid])
}

#[test]
fn processes_are_judged_by_what_they_were_started_with() {
    const ON: &str = "--audit-log-enabled=true";
    const OFF: &str = "--audit-log-enabled=false";
    for (argv, status) in [
        (&["./server", ON][..], 0),
        (&["./server", "-audit-log-enabled", "true"], 0),
        (&["./server", ON, "--", "x"], 0),
        (&["./server", "--", ON], 1),
        (&["./server", ON, OFF], 1),
        (&["./server", "--port=80"], 1),
        (&["tini", "-s", "--", "./server", ON], 0),
        (&["tini", "-s", "--", "./server", OFF], 1),
        (&["dumb-init", "--", "./server", ON], 0),
        (&["dumb-init", "./server", "--no-audit-log-enabled"], 1),
        (&["sh", "-c", "./server --audit-log-enabled=true; true"], 0),
        (&["sh", "-c", "./server; true # --audit-log-enabled=true"], 1),
        (&["tini", "-s", "--", "sh", "-c", "./server \"$@\"; true", "sh", ON], 0),
    ] {
        let world = World::module();
        let process = start(&world, argv);
        let ran = check(&world, process.0.id());
        assert_eq!(ran.status, status, "{argv:?}: {}", ran.stdout);
    }
}

#[test]
fn who_is_not_the_service_is_no_answer() {
    let world = World::module();
    install(Path::new("/bin/sleep"), &world.path("pause"));
    let pause = world.path("pause").display().to_string();
    let process = start(&world, &[&pause, "600"]);
    let ran = check(&world, process.0.id());
    assert_eq!(ran.status, 3, "{}", ran.stdout);
    assert!(ran.stdout.contains("pause process"), "{}", ran.stdout);
    let gone = process.0.id();
    drop(process);
    assert_eq!(check(&world, gone).status, 3);
}
