//! Ctrl-C: 130, a partial report, nobody left behind.

use crate::world::{World, ran};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn an_interrupted_run_leaves_130_and_a_partial_report() {
    let world = World::policy(
        "[[custom]]\nid = \"quick\"\ncommand = [\"true\"]\n\
         [[custom]]\nid = \"slow\"\nrequires = [\"quick\"]\ntimeout_ms = 60000\ncommand = \"echo $$ > pid; exec sleep 63\"\n\
         [[custom]]\nid = \"later\"\ncommand = [\"true\"]\nrequires = [\"slow\"]\n",
    );
    let child = world
        .command(&["check", "--group", "custom", "--format", "json", "--output", "report.sarif"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid_file = world.path("m/pid");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !std::fs::read_to_string(&pid_file).is_ok_and(|pid| pid.ends_with('\n')) {
        assert!(Instant::now() < deadline, "the slow item did not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.status, 130, "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["exit_status"], 130);
    let outcome = |id: &str| {
        let outcomes = report["outcomes"].as_array().unwrap();
        outcomes.iter().find(|o| o["check"] == id).unwrap().clone()
    };
    assert_eq!(outcome("quick")["verdict"], "pass");
    assert_eq!(outcome("slow")["error"], "interrupted");
    assert_eq!(outcome("later")["verdict"], "inconclusive");
    assert!(world.path("m/report.sarif").exists());
    let slept = std::fs::read_to_string(&pid_file).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", slept.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "the command lives on: {stat}");
}
