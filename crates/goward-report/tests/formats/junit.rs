//! JUnit XML, held against two schemas: ours, which follows Jenkins' junit-10.xsd, and Jenkins'
//! older junit-4.xsd, which a crate ships.

use crate::arbitrary::report;
use crate::sample::{fine, many, rendered, sample};
use crate::schemas::{in_crate, xmllint};
use goward_model::{Lang, Report};
use goward_report::Format;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static OURS: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/junit.xsd"));
static JENKINS: LazyLock<PathBuf> = LazyLock::new(|| in_crate("junit-report", "tests/JUnit.xsd"));

fn document(report: &Report) -> String {
    rendered(report, Format::Junit, Lang::En)
}

fn assert_valid(document: &str) {
    assert_eq!(xmllint(&OURS, document), "");
    // The older schema knows no reason as an attribute of `skipped`.
    let older: Vec<String> = document.lines().map(without_reason).collect();
    assert_eq!(xmllint(&JENKINS, &older.join("\n")), "");
}

fn without_reason(line: &str) -> String {
    match line.strip_prefix("<skipped message=\"").and_then(|rest| rest.split_once('"')) {
        Some((_, rest)) => format!("<skipped{rest}"),
        None => line.to_owned(),
    }
}

#[test]
fn samples_are_valid() {
    for report in [sample(), fine(), many(3, 30), sample().interrupted()] {
        assert_valid(&document(&report));
    }
    assert_valid(&rendered(&sample(), Format::Junit, Lang::Zh));
}

#[test]
fn the_schema_is_not_toothless() {
    let good = document(&sample());
    for (from, to) in [
        ("<testcase name=", "<testcase nom="),
        ("errors=\"1\"", "errors=\"one\""),
        ("<failure ", "<defeat "),
        ("time=\"0.012\"", "time=\"12 ms\""),
    ] {
        let bad = good
            .replace(from, to)
            .replace("</failure>", if to.contains("defeat") { "</defeat>" } else { "</failure>" });
        assert_ne!(bad, good, "{from}");
        assert_ne!(xmllint(&OURS, &bad), "", "{from}");
    }
}

#[test]
fn times_that_no_clock_shows_do_not_spoil_the_sums() {
    let mut report = many(5, 1);
    let odd = [f64::NAN, f64::INFINITY, -1.0, 1e300, 1_500.0];
    report.outcomes.iter_mut().zip(odd).for_each(|(outcome, ms)| outcome.latency_ms = ms);
    let xml = document(&report);
    assert_valid(&xml);
    assert!(xml.contains("time=\"1000000001.500\""), "{xml}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_report_is_valid(report in report()) {
        assert_valid(&document(&report));
    }
}

#[test]
fn verdicts_become_what_a_test_pane_knows() {
    let xml = document(&sample());
    let case = |check: &str| {
        let start = xml.find(&format!("<testcase name=\"{check}\"")).expect(check);
        let case = &xml[start..];
        // A case without children ends at once.
        let end = case.find('\n').unwrap();
        if case[..end].ends_with("/>") {
            &case[..end]
        } else {
            &case[..case.find("</testcase>").unwrap()]
        }
    };
    for (check, said) in [
        ("go-mod-valid", "classname=\"goward.integrity\" time=\"0.012\"/>"),
        (
            "replace-outside",
            "<failure message=\"the replacement lies outside the repository\" type=\"P0\">go.mod:5:28: ",
        ),
        (
            "vendor-match",
            "<skipped message=\"there is no vendor folder\">there is no vendor folder</skipped>",
        ),
        (
            "go-sum-match",
            "<error message=\"git did not answer\\nwithin 3 s\" type=\"P0\">git did not answer\nwithin 3 s</error>",
        ),
        ("tls-age", "<system-out>a.pem:1:1: the certificate is valid for 20 years"),
        ("tls-age-old", "EXPIRED (2025-12-31)"),
    ] {
        assert!(case(check).contains(said), "{check}: {}", case(check));
    }
    assert!(
        xml.contains("<testsuites name=\"goward\" tests=\"10\" failures=\"6\" errors=\"1\""),
        "{xml}"
    );
}
