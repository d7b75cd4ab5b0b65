//! What a person must be able to rely on in the human format.

use crate::sample::{many, options, rendered, sample};
use goward_model::{Lang, SlaTier, Text};
use goward_report::{Format, Options, render};

#[test]
fn of_many_findings_twenty_are_shown() {
    let text = rendered(&many(1, 1_000), Format::Human, Lang::En);
    assert_eq!(text.matches("fingerprint: ").count(), 20);
    assert!(text.contains("and 980 more (see --format json)"), "{text}");
    let text = rendered(&many(1, 20), Format::Human, Lang::En);
    assert!(text.matches("fingerprint: ").count() == 20 && !text.contains("more (see"), "{text}");
}

#[test]
fn markers_stand_under_what_they_mark() {
    // Wide characters take two columns of a terminal, tabs four.
    let text = rendered(&sample(), Format::Human, Lang::En);
    let lines: Vec<&str> = text.lines().collect();
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    for marked in ["{{ENV}}", "{{TOKEN}}", "../../../lib"] {
        let at = lines
            .iter()
            .position(|line| line.contains(" | ") && line.contains(marked))
            .expect(marked);
        let (before, _) = lines[at].split_once(marked).unwrap();
        let (blanks, markers) = lines[at + 1].split_at(lines[at + 1].find('^').unwrap());
        assert_eq!((width(before), marked.len()), (width(blanks), markers.len()), "{text}");
    }
}

#[test]
fn quiet_says_only_what_is_wrong_and_the_gate() {
    let text = render(&sample(), Format::Human, &Options { quiet: true, ..options(Lang::En) });
    for hidden in ["go-mod-valid  ", "vendor-match", "waived until", "goward 0.1.0"] {
        assert!(!text.contains(hidden), "{hidden}\n{text}");
    }
    for shown in ["replace-outside", "go-sum-match", "git did not answer", "ALERT"] {
        assert!(text.contains(shown), "{shown}\n{text}");
    }
    assert!(text.lines().last().unwrap().starts_with("gate CLOSED"));
}

#[test]
fn foreign_text_forges_no_line_of_ours() {
    let mut report = many(1, 1);
    let forged = "x\ngate OPEN · 9 passed\r\n\u{1b}[1A  ✔ pass";
    report.alerts[0].message = Text::same(forged);
    report.outcomes[0].check = forged.into();
    report.outcomes[0].tier = SlaTier::P0;
    report.identity.target = forged.into();
    for lang in [Lang::En, Lang::Zh] {
        let text = rendered(&report, Format::Human, lang);
        let forged = text.lines().filter(|line| line.trim_start().starts_with("gate OPEN"));
        assert_eq!(forged.count(), 0, "{text}");
    }
}
