//! Report JSON v1: read back equal, and valid by the published schema.

use crate::arbitrary::report;
use crate::sample::{fine, many, rendered, sample};
use crate::schemas::{assert_valid, validator};
use crate::snapshots::same;
use goward_model::{Lang, Report};
use goward_report::{Format, report_schema};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document(report: &Report) -> Value {
    serde_json::from_str(&rendered(report, Format::Json, Lang::En)).unwrap()
}

#[test]
fn the_published_schema_is_the_generated_one() {
    let schema = serde_json::to_string_pretty(&report_schema()).unwrap() + "\n";
    same("../../docs/schema/report-v1.json", &schema);
}

#[test]
fn rendered_reports_are_valid() {
    let validator = validator(report_schema().as_value());
    for report in [sample(), fine(), many(2, 3), sample().interrupted()] {
        assert_valid(&validator, &document(&report));
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let validator = validator(report_schema().as_value());
    let good = document(&sample());
    for (place, bad) in [
        ("/schema", json!("goward.report/v2")),
        ("/gate", json!("ajar")),
        ("/exit_status", json!(256)),
        ("/outcomes/0/verdict", json!("maybe")),
        ("/outcomes/0/tier", json!("P4")),
        ("/outcomes/1/findings/0/location", json!(null)),
        ("/outcomes/1/findings/0/location/line", json!("1")),
        ("/identity", json!({})),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(place).unwrap() = bad;
        assert!(!validator.is_valid(&document), "{place}");
    }
}

#[test]
fn the_language_does_not_matter() {
    let json = |lang| rendered(&sample(), Format::Json, lang);
    assert_eq!(json(Lang::En), json(Lang::Zh));
}

// The model rounds latencies to microseconds when it writes.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_report_is_read_back_equal(report in report()) {
        let text = rendered(&report, Format::Json, Lang::En);
        prop_assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
}
