//! Markdown: within the limit, and closed whatever it quotes.

use crate::arbitrary::report;
use crate::sample::{many, rendered, sample};
use goward_model::Lang;
use goward_report::Format;
use proptest::prelude::*;

/// The lines outside of fenced blocks.
fn unfenced(text: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut lines = vec![];
    for line in text.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None => match line
                .strip_suffix("text")
                .filter(|ticks| ticks.len() >= 3 && ticks.bytes().all(|b| b == b'`'))
            {
                Some(ticks) => fence = Some(ticks),
                None => lines.push(line),
            },
        }
    }
    assert_eq!(fence, None, "a fence is left open\n{text}");
    lines
}

fn closed(text: &str) {
    let lines = unfenced(text);
    let count = |tag: &str| lines.iter().map(|line| line.matches(tag).count()).sum::<usize>();
    for tag in ["details", "summary", "code", "sub"] {
        assert_eq!(count(&format!("<{tag}>")), count(&format!("</{tag}>")), "{tag}\n{text}");
    }
    let known = ["details", "summary", "code", "sub"];
    for line in lines {
        let tags = line.split('<').skip(1).map(|tag| tag.trim_start_matches('/'));
        for tag in tags {
            let name = tag.split('>').next().unwrap();
            assert!(known.contains(&name), "{name:?} in {line:?}");
        }
        // Cells: pipes that are not escaped.
        if line.starts_with("| ") {
            let plain = line.replace("\\\\", "").replace("\\|", "");
            assert_eq!(plain.matches('|').count(), 6, "{line}");
        }
    }
}

#[test]
fn a_comment_takes_it_whatever_was_found() {
    for (checks, findings) in [(1, 0), (1, 1_000), (30, 30), (1_000, 3), (3_000, 1)] {
        let text = rendered(&many(checks, findings), Format::Markdown, Lang::En);
        assert!(text.chars().count() <= 60_000, "{checks} × {findings}: {}", text.chars().count());
        closed(&text);
    }
    let text = rendered(&many(1_000, 3), Format::Markdown, Lang::En);
    assert!(text.contains("more (see --format json)") && text.contains("are left out"), "{text}");
}

#[test]
fn long_messages_do_not_break_the_limit() {
    let mut report = many(50, 2);
    let id = &mut report.identity;
    for name in [&mut id.target, &mut id.goward_version] {
        *name = "\u{1b}#".repeat(5_000);
    }
    for name in [&mut id.module, &mut id.commit, &mut id.go_version] {
        *name = Some("\u{e0041}@".repeat(5_000));
    }
    for outcome in &mut report.outcomes {
        outcome.check = "|".repeat(5_000);
        if let goward_model::Verdict::Fail(findings) = &mut outcome.verdict {
            findings.iter_mut().for_each(|f| f.help = goward_model::Text::same("`".repeat(50_000)));
        }
    }
    let text = rendered(&report, Format::Markdown, Lang::Zh);
    assert!((50_000..=60_000).contains(&text.chars().count()), "{}", text.chars().count());
    closed(&text);
}

#[test]
fn people_and_issues_are_not_mentioned() {
    let text = rendered(&sample(), Format::Markdown, Lang::En);
    for line in unfenced(&text) {
        assert!(!line.contains("@team") && !line.contains("https://"), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_report_is_closed(report in report()) {
        closed(&rendered(&report, Format::Markdown, Lang::En));
    }
}
