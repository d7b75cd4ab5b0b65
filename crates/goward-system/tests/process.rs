//! A command's end is truly its end: limits, grandchildren, floods, interruption. Real processes.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests of real processes")]

use goward_system::{Command, Ended, OsSystem, Output, System, SystemError};
use std::time::{Duration, Instant};

fn sh(script: &str, limit_ms: u64) -> (Output, Duration) {
    let command = Command::new("sh", ["-c", script]).limit(Duration::from_millis(limit_ms));
    let started = Instant::now();
    let output = OsSystem::at("/").run(&command).unwrap();
    (output, started.elapsed())
}

/// Whether the process whose number a script printed is gone (or a zombie that init will reap).
fn gone(pid: &str) -> bool {
    let deadline = Instant::now() + Duration::from_secs(2);
    while Instant::now() < deadline {
        match std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())) {
            Err(_) => return true,
            Ok(stat) if stat.contains(") Z ") => return true,
            Ok(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    false
}

#[test]
fn an_exit_code_and_both_outputs_are_kept() {
    let (output, _) = sh("echo out; echo err >&2; exit 7", 5_000);
    assert_eq!(output.ended, Ended::Code(7));
    assert_eq!((output.stdout.text().as_str(), output.stderr.text().as_str()), ("out\n", "err\n"));
    assert!(!output.leaked);
}

#[test]
fn a_command_is_ended_at_its_limit() {
    let (output, elapsed) = sh("sleep 30", 200);
    assert_eq!(output.ended, Ended::TimedOut);
    assert!(elapsed < Duration::from_secs(10), "the limit did not end it: {elapsed:?}");
}

#[test]
fn a_command_that_ignores_term_is_killed() {
    let (output, _) = sh("trap '' TERM; echo $$; while :; do sleep 1; done", 200);
    assert_eq!(output.ended, Ended::TimedOut);
    assert!(gone(&output.stdout.text()));
}

#[test]
fn a_grandchild_that_holds_the_pipe_is_ended_with_it() {
    let (output, elapsed) = sh("sleep 31 & echo $!; wait", 200);
    assert_eq!(output.ended, Ended::TimedOut);
    assert!(gone(&output.stdout.text()));
    assert!(elapsed < Duration::from_secs(10));
}

#[test]
fn a_grandchild_left_behind_does_not_hold_up_the_answer_and_is_ended() {
    let (output, elapsed) = sh("sleep 32 & echo $!", 20_000);
    assert_eq!(output.ended, Ended::Code(0));
    assert!(output.leaked);
    assert!(gone(&output.stdout.text()));
    assert!(elapsed < Duration::from_secs(10));
}

#[test]
fn a_daemon_that_left_the_group_is_found_and_ended() {
    for script in ["setsid sleep 33 & echo $!; wait", "setsid sh -c 'echo $$; exec sleep 34' &"] {
        let (output, _) = sh(script, 300);
        assert!(gone(output.stdout.text().lines().next().unwrap()), "{script}");
    }
}

#[test]
fn a_flood_is_counted_but_not_kept() {
    let (output, _) = sh("head -c 50000000 /dev/zero; echo end", 30_000);
    assert_eq!(output.ended, Ended::Code(0));
    assert_eq!(output.stdout.total(), 50_000_004);
    assert!(output.stdout.text().len() < 200_000);
    assert!(output.stdout.text().ends_with("end\n"));
}

#[test]
fn an_endless_flood_ends_at_the_limit() {
    let (output, elapsed) = sh("yes", 200);
    assert_eq!(output.ended, Ended::TimedOut);
    assert!(elapsed < Duration::from_secs(10));
}

#[test]
fn a_signal_is_told_apart_from_an_exit_code() {
    assert_eq!(sh("kill -9 $$", 5_000).0.ended, Ended::Signal(9));
}

#[test]
fn a_missing_program_is_named() {
    let err = OsSystem::at("/").run(&Command::new("no-such-program", [""; 0])).unwrap_err();
    assert_eq!(err, SystemError::NotFound("the program no-such-program".into()));
}

#[test]
fn standard_input_is_closed_and_the_locale_is_c() {
    assert_eq!(sh("cat; echo $LC_ALL", 5_000).0.stdout.text(), "C\n");
}

#[test]
fn an_interruption_ends_a_running_command() {
    let system = OsSystem::at("/");
    let cancel = system.cancel_token();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(150));
        cancel.cancel();
    });
    let command = Command::new("sleep", ["35"]).limit(Duration::from_secs(60));
    assert_eq!(system.run(&command).unwrap().ended, Ended::Cancelled);
    assert_eq!(system.run(&command).unwrap_err(), SystemError::Cancelled);
    canceller.join().unwrap();
}
