//! Workflow commands of GitHub Actions: annotations in the diff of a pull request.
//!
//! Syntax and escaping: "Workflow commands for GitHub Actions" and `command.ts` of
//! `actions/toolkit`: `%`, CR and LF in a message; also `:` and `,` in a property. GitHub shows ten
//! errors, ten warnings and ten notices a step, so the most severe come first. What is waived or
//! fine is not annotated.

use crate::place::Place;
use crate::text::{lines, one_line};
use crate::words::{self, Loudness};
use goward_model::{Finding, Lang, Location, Outcome, Report, Text, Verdict};
use std::cmp::Reverse;

/// More annotations than this are not written: the rest of them would only fill the log.
const MAX_ANNOTATIONS: usize = 100;

pub(crate) fn render(report: &Report, lang: Lang) -> String {
    let mut all: Vec<Annotation<'_>> = report.outcomes.iter().flat_map(annotations).collect();
    all.sort_by_key(|annotation| Reverse(annotation.outcome.tier));
    let mut out = String::new();
    for annotation in all.iter().take(MAX_ANNOTATIONS) {
        out += &annotation.command(&report.identity.prefix, lang);
    }
    let mut summary = words::conclusion(report, lang);
    if let Some(more @ 1..) = all.len().checked_sub(MAX_ANNOTATIONS) {
        summary += &format!(" · {}", words::more(more, lang));
    }
    out + &command("notice", &[("title", "goward".into())], &summary)
}

/// What is annotated: a finding, or what could not be judged.
struct Annotation<'a> {
    outcome: &'a Outcome,
    said: Result<&'a Finding, &'a Text>,
}

fn annotations(outcome: &Outcome) -> impl Iterator<Item = Annotation<'_>> {
    let unknown = match &outcome.verdict {
        Verdict::Inconclusive(why) => Some(why),
        _ => outcome.unknown.as_ref(),
    };
    let counting = outcome.findings().iter().filter(|finding| finding.counts());
    counting.map(Ok).chain(unknown.map(Err)).map(move |said| Annotation { outcome, said })
}

impl Annotation<'_> {
    fn command(&self, prefix: &str, lang: Lang) -> String {
        let outcome = self.outcome;
        let name = match Loudness::of(outcome.tier) {
            Loudness::Error => "error",
            Loudness::Warning => "warning",
            Loudness::Note => "notice",
        };
        let title = format!("{} {}", outcome.tier, outcome.check);
        let (mut properties, message) = match self.said {
            Err(why) => (vec![], format!("{}{}", words::unjudged(lang), why.in_lang(lang))),
            Ok(finding) => annotated(finding, prefix, lang),
        };
        properties.push(("title", title));
        command(name, &properties, &message)
    }
}

fn annotated(finding: &Finding, prefix: &str, lang: Lang) -> (Vec<(&'static str, String)>, String) {
    let mut message = finding.message.in_lang(lang).to_owned();
    let place = match Place::of(prefix, &finding.location.path) {
        Place::Inside(path) if path != "." => region(path, &finding.location),
        // GitHub knows only files of the repository.
        _ => {
            message = format!("{}: {message}", finding.location);
            vec![]
        }
    };
    let help = finding.help.in_lang(lang);
    if !help.is_empty() {
        message += &format!("\n{}{help}", lang.pick("help: ", "处理："));
    }
    if let Some(note) = &finding.waiver {
        message += &format!("\n{}", one_line(&words::waiver(note, lang)));
    }
    (place, message)
}

/// Columns may be given only within one line; the last one is inclusive.
fn region(path: String, location: &Location) -> Vec<(&'static str, String)> {
    let (line, end_line) = (location.line.max(1), location.end_line.max(location.line.max(1)));
    let mut all =
        vec![("file", path), ("line", line.to_string()), ("endLine", end_line.to_string())];
    if line == end_line {
        let column = location.column.max(1);
        let end = location.end_column.saturating_sub(1).max(column);
        all.extend([("col", column.to_string()), ("endColumn", end.to_string())]);
    }
    all
}

fn command(name: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    format!("::{name} {}::{}\n", properties.join(","), data(&lines(message)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&one_line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_command() {
        let hostile = "100%\r\n::set-output name=x::y";
        assert_eq!(
            command("error", &[("file", "a,b:c\n::x".into()), ("title", hostile.into())], hostile),
            "::error file=a%2Cb%3Ac\\n%3A%3Ax,title=100%25\\r\\n%3A%3Aset-output name=x%3A%3Ay\
             ::100%25%0A\\::set-output name=x::y\n"
        );
    }

    #[test]
    fn columns_stay_within_one_line() {
        let all = |location| {
            region("f".into(), &location)
                .into_iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (location, said) in [
            (Location::span("", (3, 5), (3, 9)), "file=f line=3 endLine=3 col=5 endColumn=8"),
            (Location::point("", 3, 5), "file=f line=3 endLine=3 col=5 endColumn=5"),
            (Location::span("", (3, 5), (4, 1)), "file=f line=3 endLine=4"),
        ] {
            assert_eq!(all(location), said);
        }
    }
}
