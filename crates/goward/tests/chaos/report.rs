//! What is reported: chance, retries, formats, what strace sees.

use crate::world::{World, repository};
use crate::{chaos, report};
use serde_json::Value;

#[test]
fn retries_help_against_what_passes() {
    let world = World::module();
    let args = ["run", "resolve-500", "--probability", "0.6", "--repeat", "4", "--seed", "3"];
    let more = ["--retry-infra", "9", "--format", "json"];
    let ran = chaos(&world, &[&args[..], &more[..]].concat());
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    let score = &report(&ran)["chaos"]["score"];
    assert_eq!(score["runs"], 4);
    assert!(score["with_retries"].as_f64() > score["without_retries"].as_f64(), "{score}");
    assert_eq!(score["with_retries"], 1.0);
}

#[test]
fn what_a_retry_does_not_help_is_not_retried() {
    let world = World::module();
    let ran = chaos(
        &world,
        &["run", "resolve-403", "resolve-429", "--retry-infra", "2", "--format", "json"],
    );
    let report = report(&ran);
    let attempts =
        |n: usize| report["chaos"]["scenarios"][n]["runs"][0]["attempts"].as_array().unwrap().len();
    assert_eq!((attempts(0), attempts(1)), (1, 3));
}

#[test]
fn every_format_carries_the_judgement() {
    let world = World::module();
    let one = |format: &str| chaos(&world, &["run", "list-proxy-off", "--format", format]).stdout;
    assert!(one("human").contains("network.disabled"));
    assert!(
        one("markdown").contains("| `list-proxy-off` | `network.disabled` | `network.disabled` |")
    );
    assert!(one("junit").contains("<testcase name=\"list-proxy-off\""), "{}", one("junit"));
    let json: Value = serde_json::from_str(&one("json")).unwrap();
    assert!(json["chaos"]["scenarios"][0]["runs"][0]["attempts"][0]["memory"].is_array());
    let ran = chaos(&world, &["run", "list-proxy-off", "--output", "r.json", "--output", "r.md"]);
    assert_eq!(ran.status, 0);
    let text = std::fs::read_to_string(world.path("m/r.json")).unwrap();
    assert!(text.contains("\"chaos\": {"));
    assert!(chaos(&world, &["list", "--lang", "zh"]).stdout.contains("编译器被杀死"));
}

#[test]
fn what_the_compiler_is_started_as_is_seen_by_strace() {
    let world = World::module();
    let ran = chaos(&world, &["run", "compile-killed", "--strace", "--format", "json"]);
    let execs = &report(&ran)["chaos"]["scenarios"][0]["runs"][0]["attempts"][0]["execs"];
    assert!(execs["started"]["goward"].as_u64() > Some(1), "{execs}");
    assert!(execs["killed"]["SIGKILL"].as_u64() >= Some(1), "{execs}");
}

#[test]
fn the_documentation_names_every_scenario() {
    let world = World::module();
    let table = chaos(&world, &["list", "--format", "markdown"]).stdout;
    let page = std::fs::read_to_string(repository().join("docs/chaos.md")).unwrap();
    assert!(page.ends_with(&table), "goward chaos list --format markdown belongs to docs/chaos.md");
}
