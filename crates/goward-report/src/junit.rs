//! JUnit XML as Jenkins, GitLab and GitHub's test reporters read it.
//!
//! There is no standard. The form is that of `docs/schema/junit.xsd`, which follows the rules of
//! Jenkins' `junit-10.xsd`: a suite per group, a case per check; a check that could not be judged is
//! an error, one that does not apply is skipped, one that is all waived passes and says so.

use crate::FINDINGS_SHOWN;
use crate::sarif::is_utc;
use crate::text::{lines, one_line};
use crate::words::{self, Mark};
use goward_model::{Finding, Lang, Outcome, Report, Verdict};

pub(crate) fn render(report: &Report, lang: Lang) -> String {
    let groups = words::groups(report);
    let all: Vec<&Outcome> = report.outcomes.iter().collect();
    let mut xml = Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into() };
    let Tally { failures, errors, time, .. } = Tally::of(&all);
    let tests = all.len().to_string();
    xml.open(
        "testsuites",
        &[
            ("name", "goward"),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", &errors),
            ("time", &time),
        ],
    );
    for (group, outcomes) in groups {
        suite(&mut xml, report, group, &outcomes, lang);
    }
    xml.close("testsuites");
    xml.out
}

/// The numbers of a suite.
struct Tally {
    failures: String,
    errors: String,
    skipped: String,
    time: String,
}

impl Tally {
    fn of(outcomes: &[&Outcome]) -> Self {
        let count = |mark| outcomes.iter().filter(|o| Mark::of(o) == mark).count().to_string();
        Self {
            failures: count(Mark::Fail),
            errors: count(Mark::Inconclusive),
            skipped: count(Mark::Skip),
            time: seconds(outcomes.iter().fold(0.0, |sum, o| sum + sane(o.latency_ms))),
        }
    }
}

fn suite(xml: &mut Xml, report: &Report, group: &str, outcomes: &[&Outcome], lang: Lang) {
    let Tally { failures, errors, skipped, time } = Tally::of(outcomes);
    let (name, tests) = (format!("goward.{group}"), outcomes.len().to_string());
    let mut attributes = vec![
        ("name", name.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("skipped", &skipped),
        ("time", &time),
    ];
    if is_utc(&report.identity.started_at) {
        attributes.push(("timestamp", &report.identity.started_at));
    }
    xml.open("testsuite", &attributes);
    xml.open("properties", &[]);
    for (name, value) in properties(report) {
        xml.empty("property", &[("name", name), ("value", &value)]);
    }
    xml.close("properties");
    for outcome in outcomes {
        case(xml, outcome, &name, lang);
    }
    xml.close("testsuite");
}

fn properties(report: &Report) -> Vec<(&'static str, String)> {
    let id = &report.identity;
    let mut all = vec![
        ("goward.gate", report.gate.as_str().to_owned()),
        ("goward.exit_status", report.exit_status.to_string()),
        ("goward.interrupted", report.interrupted.to_string()),
        ("goward.version", id.goward_version.clone()),
        ("goward.run_id", id.run_id.clone()),
        ("goward.target", id.target.clone()),
        ("goward.policy", id.policy.join(", ")),
    ];
    let known = [
        ("go.module", id.module.clone()),
        ("git.commit", id.commit.clone()),
        ("git.dirty", id.dirty.map(|dirty| dirty.to_string())),
        ("go.version", id.go_version.clone()),
        ("go.flags", id.goflags.clone()),
    ];
    all.extend(known.into_iter().filter_map(|(name, value)| Some((name, value?))));
    all
}

fn case(xml: &mut Xml, outcome: &Outcome, class: &str, lang: Lang) {
    let time = seconds(sane(outcome.latency_ms));
    let attributes = [("name", outcome.check.as_str()), ("classname", class), ("time", &time)];
    let tier = outcome.tier.as_str();
    let error = outcome.error();
    let said = [("message", error.in_lang(lang)), ("type", tier)];
    match (&outcome.verdict, Mark::of(outcome)) {
        (Verdict::Pass, _) => return xml.empty("testcase", &attributes),
        (_, Mark::Waived) => {
            xml.open("testcase", &attributes);
            xml.text("system-out", &[], &body(outcome, lang));
        }
        (Verdict::Fail(_), _) => {
            xml.open("testcase", &attributes);
            xml.text("failure", &said, &body(outcome, lang));
        }
        (Verdict::Inconclusive(why), _) => {
            xml.open("testcase", &attributes);
            xml.text("error", &said, why.in_lang(lang));
        }
        (Verdict::Skip(why), _) => {
            xml.open("testcase", &attributes);
            // Readers differ on whether the reason is the attribute or the text.
            let why = why.in_lang(lang);
            xml.text("skipped", &[("message", why)], why);
        }
    }
    xml.close("testcase");
}

/// The findings in words.
fn body(outcome: &Outcome, lang: Lang) -> String {
    let findings = outcome.findings();
    let mut said: Vec<String> =
        findings.iter().take(FINDINGS_SHOWN).map(|finding| told(finding, lang)).collect();
    if let Some(more @ 1..) = findings.len().checked_sub(FINDINGS_SHOWN) {
        said.push(words::more(more, lang));
    }
    if let Some(why) = &outcome.unknown {
        said.push(format!("{}{}", words::unjudged(lang), why.in_lang(lang)));
    }
    said.join("\n")
}

fn told(finding: &Finding, lang: Lang) -> String {
    let message = finding.message.in_lang(lang);
    let mut said = one_line(&format!("{}: {message}", finding.location));
    let mut add = |name: &str, text: &str| {
        if !text.is_empty() {
            said += &format!("\n  {name}{}", one_line(text));
        }
    };
    add(lang.pick("help: ", "处理："), finding.help.in_lang(lang));
    for related in finding.related.iter().take(FINDINGS_SHOWN) {
        let there = format!("{}: {}", related.location, related.message.in_lang(lang));
        add(lang.pick("note: ", "另见："), &there);
    }
    if let Some(note) = &finding.waiver {
        add(lang.pick("waiver: ", "豁免："), &words::waiver(note, lang));
    }
    add(lang.pick("fingerprint: ", "指纹："), &finding.fingerprint.0);
    said
}

/// Times that no clock shows do not spoil the sums.
fn sane(ms: f64) -> f64 {
    if ms.is_finite() { ms.clamp(0.0, 1e12) } else { 0.0 }
}

fn seconds(ms: f64) -> String {
    format!("{:.3}", ms / 1e3)
}

/// Writes XML, an element a line.
struct Xml {
    out: String,
}

impl Xml {
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escape(&one_line(value))));
        }
        self.out.push_str(end);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes, ">");
        self.out.push_str(&escape(&lines(text)));
        self.close(name);
    }

    fn close(&mut self, name: &str) {
        self.out.push_str(&format!("</{name}>\n"));
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}
