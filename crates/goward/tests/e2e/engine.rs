//! Custom items: assertions, timeouts that truly end the work, requirements, thresholds.

use crate::world::World;
use std::time::Instant;

#[test]
fn every_item_has_status_latency_and_error() {
    let world = World::policy(
        "[[custom]]\nid = \"good\"\ncommand = [\"true\"]\n\
         [[custom]]\nid = \"bad\"\ncommand = \"echo no table >&2; exit 3\"\n",
    );
    let checked = world.check(&[]);
    assert_eq!(checked.status, 1);
    for outcome in checked.report["outcomes"].as_array().unwrap() {
        assert!(outcome["status"].is_boolean(), "{outcome}");
        assert!(outcome["latency_ms"].is_number(), "{outcome}");
        assert!(outcome["error"].is_string(), "{outcome}");
    }
    assert_eq!(checked.outcome("good")["status"], true);
    assert_eq!(checked.error("bad"), "exited with 3: no table");
    let finding = &checked.outcome("bad")["findings"][0];
    assert_eq!(finding["location"]["path"], "goward.toml");
    assert_eq!(finding["location"]["line"], 4);
    assert_eq!(checked.report["alerts"][0]["check"], "bad");
}

#[test]
fn a_timeout_is_inconclusive_and_leaves_nobody_behind() {
    let world = World::policy(
        "[[custom]]\nid = \"stuck\"\ntimeout_ms = 300\n\
         command = \"trap '' TERM; sleep 61 & setsid sleep 62 & echo $$ > pids; jobs -p >> pids; wait\"\n",
    );
    let started = Instant::now();
    let checked = world.check(&["--only", "stuck"]);
    assert!(started.elapsed().as_secs() < 20, "the timeout did not end it");
    assert_eq!(checked.verdict("stuck"), "inconclusive");
    assert_eq!(checked.error("stuck"), "timed out after 300 ms");
    assert_eq!(checked.status, 3);
    for pid in std::fs::read_to_string(world.path("m/pids")).unwrap().lines() {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(stat.is_empty() || stat.contains(") Z "), "{pid} lives on: {stat}");
    }
}

#[test]
fn an_item_whose_requirement_failed_is_blocked_not_failed() {
    let world = World::policy(
        "[[custom]]\nid = \"c\"\ncommand = [\"true\"]\nrequires = [\"b\"]\n\
         [[custom]]\nid = \"b\"\ncommand = [\"true\"]\nrequires = [\"a\"]\n\
         [[custom]]\nid = \"a\"\ncommand = [\"false\"]\n\
         [[custom]]\nid = \"d\"\ncommand = [\"true\"]\n",
    );
    let checked = world.check(&["--group", "custom"]);
    assert_eq!(checked.verdict("a"), "fail");
    assert_eq!(checked.error("b"), "blocked by a");
    assert_eq!(checked.outcome("b")["blocked_by"], "a");
    assert_eq!(checked.error("c"), "blocked by b, itself blocked by a");
    assert_eq!(checked.verdict("c"), "inconclusive");
    assert_eq!(checked.verdict("d"), "pass");
    // The order of the report is that of the policy, whatever was done first.
    let ids: Vec<_> =
        checked.report["outcomes"].as_array().unwrap().iter().map(|o| o["check"].clone()).collect();
    assert_eq!(ids, ["c", "b", "a", "d"]);
}

#[test]
fn a_value_over_its_critical_threshold_fails_with_the_value() {
    let world = World::policy(
        "[[custom]]\nid = \"slow\"\ncommand = \"sleep 0.2\"\ncritical_threshold = 50\n\
         [[custom]]\nid = \"lag\"\ncommand = \"echo '{\\\"status\\\": true, \\\"lag\\\": 7.5}'\"\n\
         measure = \"lag\"\ncritical_threshold = 5\n\
         [[custom]]\nid = \"fine\"\ncommand = \"echo '{\\\"lag\\\": 5}'\"\nmeasure = \"lag\"\ncritical_threshold = 5\n",
    );
    let checked = world.check(&["--group", "custom"]);
    let slow = checked.error("slow");
    assert!(
        slow.starts_with("latency_ms is ") && slow.ends_with("over the critical threshold 50"),
        "{slow}"
    );
    assert_eq!(checked.error("lag"), "lag is 7.5, over the critical threshold 5");
    assert_eq!(checked.outcome("lag")["measured"]["value"], 7.5);
    assert_eq!(checked.verdict("fine"), "pass");
}

#[test]
fn the_shape_of_a_health_answer_is_understood() {
    let world = World::policy(
        "[[custom]]\nid = \"up\"\ncommand = [\"echo\", '{\"status\": true, \"latency_ms\": 1.2, \"error\": \"\"}']\n\
         assert = { json = { status = true, latency_ms = { max = 5 }, error = \"\" } }\n\
         [[custom]]\nid = \"down\"\ncommand = [\"echo\", '{\"status\": false, \"latency_ms\": 1.2, \"error\": \"lag\"}']\n",
    );
    let checked = world.check(&["--group", "custom"]);
    assert_eq!(checked.verdict("up"), "pass");
    assert_eq!(checked.error("down"), "reports status false: lag");
}

#[test]
fn a_flood_of_output_does_not_cost_its_size() {
    let world = World::policy(
        "[[custom]]\nid = \"flood\"\ncommand = \"head -c 300000000 /dev/zero; exit 1\"\ntimeout_ms = 60000\n",
    );
    // Address space for threads and all, but not for a flood that is kept twice.
    let goward = env!("CARGO_BIN_EXE_goward");
    let script =
        format!("ulimit -v 300000; exec {goward} check --only flood --no-history --format json");
    let command = world.command(&[]);
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(world.root())
        .env_clear()
        // One heap for all threads: the limit is on address space, which further heaps reserve.
        .env("MALLOC_ARENA_MAX", "1")
        .envs(command.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))))
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["outcomes"][0]["verdict"], "fail", "{report}");
    assert!(output.stdout.len() < 20_000);
}

#[test]
fn a_missing_program_is_inconclusive() {
    let world = World::policy("[[custom]]\nid = \"x\"\ncommand = [\"no-such-program\"]\n");
    let checked = world.check(&["--only", "x"]);
    assert_eq!((checked.status, checked.verdict("x")), (3, "inconclusive"));
    assert_eq!(checked.error("x"), "the program no-such-program not found");
}

#[test]
fn policy_decides_what_closes_the_gate() {
    let items = "[[custom]]\nid = \"x\"\ncommand = [\"false\"]\ntier = \"P2\"\n\
                 [[custom]]\nid = \"y\"\ncommand = [\"no-such-program\"]\n";
    let status = |policy: &str| {
        World::policy(&format!("{policy}\n{items}")).check(&["--group", "custom"]).status
    };
    assert_eq!(status(""), 3);
    assert_eq!(status("[gate]\ninconclusive = \"open\""), 0);
    assert_eq!(status("[gate]\ncloses = [\"P0\", \"P1\", \"P2\"]"), 1);
    assert_eq!(status("[checks.x]\ntier = \"P0\""), 1);
    assert_eq!(status("[checks.y]\nenabled = false"), 0);
}

#[test]
fn files_are_looked_at() {
    let world = World::policy(
        "[[custom]]\nid = \"there\"\nfile = \"go.mod\"\nassert = { contains = \"module\", max_mode = \"0644\" }\n\
         [[custom]]\nid = \"absent\"\nfile = \".env\"\nassert = { exists = false }\n\
         [[custom]]\nid = \"missing\"\nfile = \"none\"\n\
         [[custom]]\nid = \"open\"\nfile = \"secret\"\nassert = { max_mode = \"0600\" }\n",
    );
    world.file("m/secret", "x");
    let checked = world.check(&["--group", "custom"]);
    assert_eq!(checked.verdict("there"), "pass");
    assert_eq!(checked.verdict("absent"), "pass");
    assert_eq!(checked.error("missing"), "none does not exist");
    assert_eq!(checked.error("open"), "secret has mode 0644, wider than 0600");
}
