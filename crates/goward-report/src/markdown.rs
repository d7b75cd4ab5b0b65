//! GitHub-flavoured Markdown, for comments of pull requests and `$GITHUB_STEP_SUMMARY`.
//!
//! Foreign text is either escaped or stands in a fenced block whose fence is longer than any run of
//! backticks in it. A comment holds 65,536 characters; what does not fit is told.

use crate::FINDINGS_SHOWN;
use crate::diagnostic::Diagnostics;
use crate::text::{lines, one_line, shorten};
use crate::words::{self, Mark};
use goward_model::{Gate, Lang, Outcome, Report, Verdict};
use std::cmp::Reverse;

/// The most that is written, in characters.
const MAX_CHARS: usize = 60_000;
/// What the table may take of it, so that details have a place.
const TABLE_CHARS: usize = 30_000;
/// What is kept for notices and the last lines.
const RESERVED: usize = 5_000;
/// Longer names are cut in the last line; escaping makes twelve characters of one at most.
const NAME_CHARS: usize = 80;
/// Longer messages are cut in the table; the details have all of them.
const CELL_CHARS: usize = 200;

pub(crate) fn render(report: &Report, lang: Lang) -> String {
    let mut page = Page { out: String::new(), chars: 0, lang };
    page.push(&headline(report, lang));
    // What is left out for want of room is the least severe.
    let mut shown: Vec<&Outcome> = report
        .outcomes
        .iter()
        .filter(|o| Mark::of(o).bad() || Mark::of(o) == Mark::Waived)
        .collect();
    shown.sort_by_key(|outcome| (!Mark::of(outcome).bad(), Reverse(outcome.tier)));
    page.table(&shown);
    page.details(&shown);
    page.push(&footer(report, lang));
    page.out
}

fn headline(report: &Report, lang: Lang) -> String {
    let symbol = match report.gate {
        Gate::Open => Mark::Pass.symbol(),
        Gate::Inconclusive => Mark::Inconclusive.symbol(),
        Gate::Closed => Mark::Fail.symbol(),
    };
    let gate = words::gate(report.gate, lang);
    let all = words::conclusion(report, lang);
    let rest = all.strip_prefix(gate).and_then(|rest| rest.strip_prefix(" · ")).unwrap_or_default();
    format!("## {symbol} goward: {gate}\n\n{rest}\n")
}

struct Page {
    out: String,
    chars: usize,
    lang: Lang,
}

impl Page {
    fn push(&mut self, text: &str) {
        self.chars += text.chars().count();
        self.out.push_str(text);
    }

    /// Appends the text if it fits under `limit`.
    fn fits(&mut self, text: &str, limit: usize) -> bool {
        let fits = self.chars + text.chars().count() <= limit;
        if fits {
            self.push(text);
        }
        fits
    }

    /// What failed, could not be judged or is waived.
    fn table(&mut self, outcomes: &[&Outcome]) {
        if outcomes.is_empty() {
            return;
        }
        let lang = self.lang;
        self.push(lang.pick(
            "\n| result | tier | check | what | latency |\n|---|---|---|---|---:|\n",
            "\n| 结果 | 级别 | 检查项 | 说明 | 耗时 |\n|---|---|---|---|---:|\n",
        ));
        for (at, outcome) in outcomes.iter().enumerate() {
            if !self.fits(&row(outcome, lang), TABLE_CHARS) {
                let left = words::more(outcomes.len() - at, lang);
                return self.push(&format!("\n{left}\n"));
            }
        }
    }

    /// The findings of each check, folded.
    fn details(&mut self, outcomes: &[&Outcome]) {
        let limit = MAX_CHARS - RESERVED;
        for (at, outcome) in outcomes.iter().enumerate() {
            if outcome.findings().is_empty() && long_reason(outcome, self.lang).is_none() {
                continue;
            }
            let summary = summary(outcome, self.lang);
            // Room for the closing tag and a word on what was left out.
            if !self.fits(&summary, limit - 500) {
                return self.cut(outcomes.len() - at);
            }
            self.folded(outcome, limit - 500);
            self.push("\n</details>\n");
        }
    }

    fn folded(&mut self, outcome: &Outcome, limit: usize) {
        let lang = self.lang;
        let diagnostics = Diagnostics::new(lang, false);
        let findings = outcome.findings();
        let mut shown = 0;
        for finding in findings.iter().take(FINDINGS_SHOWN) {
            if !self.fits(&fenced(&diagnostics.render(outcome, finding)), limit) {
                break;
            }
            shown += 1;
        }
        if let Some(more @ 1..) = findings.len().checked_sub(shown) {
            self.push(&format!("\n{}\n", words::more(more, lang)));
        }
        if let Some(reason) = long_reason(outcome, lang) {
            self.fits(&fenced(&lines(&reason)), limit);
        }
    }

    fn cut(&mut self, left: usize) {
        let notice = match self.lang {
            Lang::En => {
                format!("\nToo long for a comment: the details of {left} checks are left out.\n")
            }
            Lang::Zh => format!("\n内容超出评论长度上限：省略了 {left} 项检查的详情。\n"),
        };
        self.push(&notice);
    }
}

fn row(outcome: &Outcome, lang: Lang) -> String {
    let mark = Mark::of(outcome);
    let what = match (mark, outcome.error()) {
        (Mark::Waived, _) => {
            outcome.findings().first().map(|f| f.message.clone()).unwrap_or_default()
        }
        (_, error) => error,
    };
    format!(
        "| {} {} | {} | <code>{}</code> | {} | {} |\n",
        mark.symbol(),
        mark.word(lang),
        outcome.tier,
        escape(&shorten(&outcome.check, CELL_CHARS)),
        escape(&shorten(what.in_lang(lang), CELL_CHARS)),
        words::duration(outcome.latency_ms),
    )
}

fn summary(outcome: &Outcome, lang: Lang) -> String {
    let count = match (outcome.findings().len(), lang) {
        (0, _) => String::new(),
        (1, Lang::En) => ": 1 finding".into(),
        (n, Lang::En) => format!(": {n} findings"),
        (n, Lang::Zh) => format!("：{n} 项"),
    };
    let (mark, check) = (Mark::of(outcome), escape(&shorten(&outcome.check, CELL_CHARS)));
    format!(
        "\n<details><summary>{} {} <code>{check}</code>{count}</summary>\n",
        mark.symbol(),
        outcome.tier
    )
}

/// A reason that the table does not show in full.
fn long_reason(outcome: &Outcome, lang: Lang) -> Option<String> {
    let reason = match &outcome.verdict {
        Verdict::Inconclusive(why) => why.in_lang(lang),
        _ => {
            return outcome
                .unknown
                .as_ref()
                .map(|why| format!("{}{}", words::unjudged(lang), why.in_lang(lang)));
        }
    };
    let long = reason.contains('\n') || reason.chars().count() > CELL_CHARS;
    long.then(|| reason.to_owned())
}

/// Text as it is, in a block that it cannot leave.
fn fenced(text: &str) -> String {
    let (mut longest, mut run) = (0_usize, 0_usize);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    format!("\n{fence}text\n{text}\n{fence}\n")
}

fn footer(report: &Report, lang: Lang) -> String {
    let id = &report.identity;
    let dirty = match id.dirty {
        Some(true) => lang.pick(" (dirty)", "（有未提交的修改）"),
        _ => "",
    };
    let code = |text: &str| format!("<code>{}</code>", escape(&shorten(text, NAME_CHARS)));
    let mut parts = vec![format!("goward {}", escape(&shorten(&id.goward_version, 40)))];
    parts.extend(Some(&id.target).into_iter().chain(&id.module).map(|part| code(part)));
    parts.extend(id.commit.iter().map(|commit| code(&words::commit(commit)) + dirty));
    parts.extend(id.go_version.iter().map(|version| code(version)));
    format!("\n<sub>{}</sub>\n", parts.join(" · "))
}

/// Foreign text that GitHub shows as it is: no Markdown (every ASCII punctuation character that
/// means something may be escaped by a backslash, CommonMark 2.4), no HTML, no mention of people or
/// issues, no link made of a bare address, no formula.
fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            // A zero-width space parts what GitHub would link after Markdown is done.
            '@' => out.push_str("@&#8203;"),
            '#' => out.push_str("\\#&#8203;"),
            ':' if text[at..].starts_with("://") => out.push_str(":&#8203;"),
            '.' if ends_with_www(&text[..at]) => out.push_str("&#8203;."),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    text.len()
        .checked_sub(3)
        .and_then(|at| text.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_has_no_meaning() {
        for (text, safe) in [
            ("a|b", "a\\|b"),
            ("`x` **b** _i_ ~s~", "\\`x\\` \\*\\*b\\*\\* \\_i\\_ \\~s\\~"),
            ("<img src=x onerror=1>&amp;", "&lt;img src=x onerror=1&gt;&amp;amp;"),
            ("![x](javascript:1)", "\\!\\[x\\](javascript:1)"),
            ("@org/team fixes #12", "@&#8203;org/team fixes \\#&#8203;12"),
            ("https://evil.example.com www.x", "https:&#8203;//evil.example.com www&#8203;.x"),
            ("$x$", "&#36;x&#36;"),
            ("a\nb\u{1b}", "a\\\\nb\\\\u\\{1b\\}"),
            ("中文。www", "中文。www"),
        ] {
            assert_eq!(escape(text), safe);
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("x"), "\n```text\nx\n```\n");
        assert_eq!(fenced("````\n</details>"), "\n`````text\n````\n</details>\n`````\n");
    }
}
