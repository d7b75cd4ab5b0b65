//! SARIF, held against the OASIS schema and against what GitHub code scanning demands.

use crate::arbitrary::report;
use crate::sample::{fine, many, options, rendered, sample};
use crate::schemas::{assert_valid, in_crate, validator};
use goward_model::{Lang, Report};
use goward_report::{Format, Options, RuleHelp, render};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::LazyLock;

static OASIS: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = std::fs::read_to_string(in_crate("serde-sarif", "src/schema.json")).unwrap();
    // The standard's own slip: `]?` closes nothing, which strict readers of patterns refuse.
    let slip = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(schema.contains(slip), "the schema was put right: drop this");
    let schema = schema.replace(slip, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(schema["$id"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    assert!(schema["definitions"].as_object().unwrap().len() > 40);
    validator(&schema)
});

fn document(report: &Report) -> Value {
    serde_json::from_str(&rendered(report, Format::Sarif, Lang::En)).unwrap()
}

/// The demands of GitHub's documentation that the schema does not make.
fn github_takes(document: &Value) {
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: HashSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "every rule once");
    for rule in rules {
        for name in ["id", "name"] {
            let chars = rule[name].as_str().unwrap().chars().count();
            assert!((1..=255).contains(&chars), "{rule}");
        }
        for text in ["shortDescription", "fullDescription"] {
            let chars = rule[text]["text"].as_str().unwrap().chars().count();
            assert!((1..=1024).contains(&chars), "{rule}");
        }
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 20);
    }
    let results = run["results"].as_array().unwrap();
    assert!(results.len() <= 5_000);
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let locations = result["locations"].as_array().unwrap();
        assert_eq!(locations.len(), 1);
        located(&locations[0]);
        result["relatedLocations"].as_array().into_iter().flatten().for_each(located);
        assert!(result["partialFingerprints"]["gowardFingerprint/v1"].is_string());
    }
}

fn located(location: &Value) {
    let physical = &location["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
    assert!(!uri.is_empty() && !uri.contains([' ', '\\', '%']) || uri.contains('%'), "{uri}");
    let based = physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%";
    assert_eq!(based, !uri.starts_with("file:///") && !uri.starts_with("../"), "{uri}");
    let region = &physical["region"];
    let number = |name: &str| region[name].as_u64().unwrap();
    let start = (number("startLine"), number("startColumn"));
    assert!(start.0 >= 1 && start.1 >= 1 && (number("endLine"), number("endColumn")) >= start);
}

#[test]
fn samples_are_valid_and_github_takes_them() {
    for report in [sample(), fine(), many(40, 30), sample().interrupted()] {
        let document = document(&report);
        assert_valid(&OASIS, &document);
        github_takes(&document);
    }
}

#[test]
fn the_schema_is_not_toothless() {
    let good = document(&sample());
    for (place, bad) in [
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b")),
        ("/runs/0/invocations/0/startTimeUtc", json!("yesterday")),
        ("/runs/0/tool/driver/name", json!(1)),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(place).expect(place) = bad;
        assert!(!OASIS.is_valid(&document), "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_report_is_valid(report in report(), help in any::<(String, String, Option<String>)>()) {
        let (why, fix, url) = help;
        let rule_help = move |_: &str| Some(RuleHelp { why: why.clone(), fix: fix.clone(), url: url.clone() });
        let options = Options { rule_help: &rule_help, ..options(Lang::Zh) };
        let document = serde_json::from_str(&render(&report, Format::Sarif, &options)).unwrap();
        assert_valid(&OASIS, &document);
        github_takes(&document);
    }
}

#[test]
fn what_the_sample_says() {
    let document = document(&sample());
    let run = &document["runs"][0];
    for (place, value) in [
        ("/automationDetails/id", json!("goward/services/pay/20250131T235959Z-0badcafe")),
        ("/invocations/0/executionSuccessful", json!(true)),
        ("/invocations/0/exitCode", json!(1)),
        ("/results/0/ruleId", json!("replace-outside")),
        ("/results/0/level", json!("error")),
        (
            "/results/0/locations/0/physicalLocation/artifactLocation",
            json!({ "uri": "services/pay/go.mod", "uriBaseId": "%SRCROOT%" }),
        ),
        (
            "/results/0/locations/0/physicalLocation/region",
            json!({ "startLine": 5, "startColumn": 28, "endLine": 5, "endColumn": 40 }),
        ),
        (
            "/results/0/relatedLocations/0/physicalLocation/artifactLocation/uri",
            json!("services/go.work"),
        ),
        ("/results/0/suppressions", json!([])),
        ("/tool/driver/rules/1/helpUri", json!("https://go.dev/ref/mod#go-mod-file-replace")),
        ("/tool/driver/rules/1/properties/security-severity", json!("9.5")),
        ("/tool/driver/rules/1/properties/tags", json!(["P0", "integrity", "security"])),
    ] {
        assert_eq!(run.pointer(place), Some(&value), "{place}");
    }
    let results = run["results"].as_array().unwrap();
    let last = results.last().unwrap();
    assert_eq!(last["suppressions"][0]["kind"], "external", "what is waived comes last");
    let expired = results.iter().find(|result| result["ruleId"] == "tls-age-old").unwrap();
    assert_eq!(expired["suppressions"], json!([]));
    assert!(expired["message"]["text"].as_str().unwrap().contains("EXPIRED"));
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let of = |note: &Value| (note["associatedRule"]["id"].clone(), note["level"].clone());
    let all: Vec<_> = notes.iter().map(of).collect();
    assert_eq!(
        all,
        [(json!("go-sum-direct"), json!("warning")), (json!("go-sum-match"), json!("error"))]
    );
}

#[test]
fn of_too_many_results_the_most_severe_are_kept() {
    let document = document(&many(40, 200));
    assert_valid(&OASIS, &document);
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    let levels: Vec<&str> =
        results.iter().map(|r| r["properties"]["tier"].as_str().unwrap()).collect();
    let of = |tier| levels.iter().filter(|level| **level == tier).count();
    assert_eq!((of("P0"), of("P1"), of("P2"), of("P3")), (2_000, 2_000, 1_000, 0));
    let note = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(note, "and 3000 more (see --format json)");
}
