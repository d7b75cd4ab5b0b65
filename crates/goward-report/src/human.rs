//! For a person at a terminal.

use crate::diagnostic::Diagnostics;
use crate::text::{lines, one_line};
use crate::words::{self, Mark};
use crate::{FINDINGS_SHOWN, Options};
use annotate_snippets::renderer::{AnsiColor, Style};
use goward_model::{Gate, Lang, Outcome, Report, Verdict};
use std::collections::HashSet;

/// Identifiers longer than this do not widen the table.
const ID_WIDTH: usize = 32;

pub(crate) fn render(report: &Report, options: &Options<'_>) -> String {
    let mut page = Page {
        out: String::new(),
        report,
        options,
        diagnostics: Diagnostics::new(options.lang, options.color),
        id_width: report.outcomes.iter().map(|o| o.check.chars().count()).max().unwrap_or(0),
        reasons: HashSet::new(),
    };
    page.id_width = page.id_width.min(ID_WIDTH);
    if !options.quiet {
        page.header();
    }
    for (group, outcomes) in words::groups(report) {
        page.group(group, &outcomes);
    }
    page.alerts();
    page.conclusion();
    page.out
}

struct Page<'a> {
    out: String,
    report: &'a Report,
    options: &'a Options<'a>,
    diagnostics: Diagnostics,
    id_width: usize,
    /// The reasons for skipping that were given already.
    reasons: HashSet<String>,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// One blank line, unless there is one or this is the top.
    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Text with several lines, every one after `indent` blanks.
    fn indented(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn lang(&self) -> Lang {
        self.options.lang
    }

    fn header(&mut self) {
        let (id, lang) = (&self.report.identity, self.lang());
        let dirty = match id.dirty {
            Some(true) => lang.pick(" (dirty)", "（有未提交的修改）"),
            _ => "",
        };
        let commit = id.commit.as_ref().map(|commit| words::commit(commit) + dirty);
        let mut parts =
            vec![format!("goward {}", one_line(&id.goward_version)), one_line(&id.target)];
        parts.extend([&id.module, &id.go_version].into_iter().flatten().map(|part| one_line(part)));
        parts.insert(parts.len().min(3), commit.unwrap_or_default());
        parts.retain(|part| !part.is_empty());
        self.line(&self.paint(Style::new().bold(), &parts.join(" · ")));
        if !id.policy.is_empty() {
            let files: Vec<String> = id.policy.iter().map(|file| one_line(file)).collect();
            self.line(&format!("{}{}", lang.pick("policy: ", "策略："), files.join(", ")));
        }
        if !id.selection.is_empty() {
            let flags: Vec<String> = id.selection.iter().map(|flag| one_line(flag)).collect();
            let words = lang.pick("not the whole checklist: ", "并非全部检查：");
            self.line(&format!("{words}{}", flags.join(" ")));
        }
        if let Some(flags) = id.goflags.as_ref().filter(|flags| !flags.is_empty()) {
            self.line(&format!("GOFLAGS: {}", one_line(flags)));
        }
    }

    fn group(&mut self, group: &str, outcomes: &[&Outcome]) {
        if !self.options.quiet {
            let heading = self.paint(Style::new().bold(), &one_line(group));
            self.gap();
            self.line(&heading);
        }
        for outcome in outcomes {
            if !self.options.quiet || Mark::of(outcome).bad() {
                self.outcome(outcome);
            }
        }
    }

    fn outcome(&mut self, outcome: &Outcome) {
        let (mark, lang) = (Mark::of(outcome), self.lang());
        // Chinese characters take two columns each; the longest word is `inconclusive` or 无法判定.
        let word = mark.word(lang);
        let (wide, columns) = match lang {
            Lang::En => (word.len(), 12),
            Lang::Zh => (word.chars().count() * 2, 8),
        };
        let verdict = self.paint(color(mark), &format!("{} {word}", mark.symbol()));
        let pad = columns - wide.min(columns);
        self.line(&format!(
            "  {verdict}{:pad$}  {}  {:<ids$}  {:>9}",
            "",
            outcome.tier,
            one_line(&outcome.check),
            words::duration(outcome.latency_ms),
            ids = self.id_width,
        ));
        if self.options.verbose {
            self.indented(6, &lines(outcome.title.in_lang(lang)));
        }
        match &outcome.verdict {
            Verdict::Pass => {}
            Verdict::Inconclusive(why) => self.indented(6, &lines(why.in_lang(lang))),
            // A dozen checks skipped for one reason need it once.
            Verdict::Skip(why) if self.reasons.insert(why.en.clone()) => {
                self.indented(6, &lines(why.in_lang(lang)));
            }
            Verdict::Skip(_) => {}
            Verdict::Fail(_) => self.failure(outcome),
        }
        if let Some(note) = &outcome.note {
            let note = self.paint(Style::new().dimmed(), &lines(note.in_lang(lang)));
            self.indented(6, &note);
        }
    }

    fn failure(&mut self, outcome: &Outcome) {
        let lang = self.lang();
        let (counting, waived): (Vec<_>, Vec<_>) =
            outcome.findings().iter().partition(|finding| finding.counts());
        for finding in counting.iter().take(FINDINGS_SHOWN) {
            let text = self.diagnostics.render(outcome, finding);
            self.indented(0, &text);
            self.gap();
        }
        if let Some(more @ 1..) = counting.len().checked_sub(FINDINGS_SHOWN) {
            self.indented(6, &words::more(more, lang));
        }
        if let Some(why) = &outcome.unknown {
            self.indented(6, &lines(&format!("{}{}", words::unjudged(lang), why.in_lang(lang))));
        }
        if !self.options.quiet {
            self.waived(outcome, &waived);
        }
        if self.options.verbose && !counting.is_empty() {
            self.documentation(outcome);
        }
    }

    /// Waived findings in a line each; in full where the user wants everything.
    fn waived(&mut self, outcome: &Outcome, waived: &[&goward_model::Finding]) {
        let lang = self.lang();
        for finding in waived.iter().take(FINDINGS_SHOWN) {
            if self.options.verbose {
                let text = self.diagnostics.render(outcome, finding);
                self.indented(0, &text);
                self.gap();
            } else {
                let note = finding.waiver.as_ref().map(|note| words::waiver(note, lang));
                let (place, message) =
                    (finding.location.to_string(), finding.message.in_lang(lang));
                self.indented(6, &one_line(&format!("~ {place}: {message}")));
                self.indented(8, &one_line(&note.unwrap_or_default()));
            }
        }
        if let Some(more @ 1..) = waived.len().checked_sub(FINDINGS_SHOWN) {
            self.indented(6, &words::more(more, lang));
        }
    }

    fn documentation(&mut self, outcome: &Outcome) {
        let lang = self.lang();
        let Some(help) = (self.options.rule_help)(&outcome.check) else { return };
        self.indented(6, &format!("{}{}", lang.pick("why: ", "原因："), lines(&help.why)));
        self.indented(6, &format!("{}{}", lang.pick("fix: ", "修复："), lines(&help.fix)));
        if let Some(url) = &help.url {
            self.indented(6, &format!("{}{}", lang.pick("see: ", "参见："), one_line(url)));
        }
    }

    fn alerts(&mut self) {
        if self.report.alerts.is_empty() {
            return;
        }
        self.gap();
        for alert in &self.report.alerts {
            let word = self.lang().pick("ALERT", "告警");
            let word = self.paint(color(Mark::Fail), &format!("{word} {}", alert.tier));
            let (check, message) = (one_line(&alert.check), alert.message.in_lang(self.lang()));
            self.line(&format!("{word} {check}: {}", one_line(message)));
        }
    }

    fn conclusion(&mut self) {
        let style = match self.report.gate {
            Gate::Open => color(Mark::Pass),
            Gate::Inconclusive => color(Mark::Inconclusive),
            Gate::Closed => color(Mark::Fail),
        };
        let gate = words::gate(self.report.gate, self.lang());
        let all = words::conclusion(self.report, self.lang());
        let rest = all.strip_prefix(gate).unwrap_or_default();
        if !self.options.quiet {
            self.gap();
        }
        self.line(&format!("{}{rest}", self.paint(style.bold(), gate)));
    }
}

/// The colour of a mark.
fn color(mark: Mark) -> Style {
    match mark {
        Mark::Pass => AnsiColor::Green.on_default(),
        Mark::Fail => AnsiColor::BrightRed.on_default().bold(),
        Mark::Waived => AnsiColor::Cyan.on_default(),
        Mark::Skip => Style::new().dimmed(),
        Mark::Inconclusive => AnsiColor::Yellow.on_default().bold(),
    }
}
