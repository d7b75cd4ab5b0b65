//! The words that several formats share, in both languages.

use crate::text::one_line;
use goward_model::{
    Gate, Lang, Outcome, Report, SlaTier, Summary, Verdict, WaiverNote, WaiverState,
};

/// What an outcome looks like to a person: its verdict, where a failure that is all waived stands
/// apart from one that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Pass,
    Fail,
    Waived,
    Skip,
    Inconclusive,
}

impl Mark {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        match outcome.verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail(_) if outcome.status() => Self::Waived,
            Verdict::Fail(_) => Self::Fail,
            Verdict::Skip(_) => Self::Skip,
            Verdict::Inconclusive(_) => Self::Inconclusive,
        }
    }

    /// Whether somebody has to look at it.
    pub(crate) const fn bad(self) -> bool {
        matches!(self, Self::Fail | Self::Inconclusive)
    }

    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Pass => "✔",
            Self::Fail => "✘",
            Self::Waived => "~",
            Self::Skip => "–",
            Self::Inconclusive => "?",
        }
    }

    pub(crate) const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Pass => lang.pick("pass", "通过"),
            Self::Fail => lang.pick("FAIL", "失败"),
            Self::Waived => lang.pick("waived", "已豁免"),
            Self::Skip => lang.pick("skip", "跳过"),
            Self::Inconclusive => lang.pick("inconclusive", "无法判定"),
        }
    }
}

/// `gate CLOSED`.
pub(crate) fn gate(gate: Gate, lang: Lang) -> &'static str {
    match gate {
        Gate::Open => lang.pick("gate OPEN", "门禁：放行"),
        Gate::Inconclusive => lang.pick("gate INCONCLUSIVE", "门禁：无法判定"),
        Gate::Closed => lang.pick("gate CLOSED", "门禁：关闭"),
    }
}

/// `2 failed, 1 inconclusive, 14 passed`: what there is none of is left out.
pub(crate) fn counts(summary: &Summary, lang: Lang) -> String {
    let all = [
        (summary.fail, "failed", "失败"),
        (summary.inconclusive, "inconclusive", "无法判定"),
        (summary.waived, "waived", "豁免"),
        (summary.skip, "skipped", "跳过"),
        (summary.pass, "passed", "通过"),
    ];
    let some = all.into_iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> = match lang {
        Lang::En => some.map(|(count, en, _)| format!("{count} {en}")).collect(),
        Lang::Zh => some.map(|(count, _, zh)| format!("{zh} {count} 项")).collect(),
    };
    match said.as_slice() {
        [] => lang.pick("nothing was checked", "没有检查任何项").to_owned(),
        said => said.join(lang.pick(", ", "，")),
    }
}

/// The last line of a report: gate, counts, time, exit status.
pub(crate) fn conclusion(report: &Report, lang: Lang) -> String {
    let (counts, took) = (counts(&report.summary, lang), duration(report.latency_ms));
    let (gate, exit) = (gate(report.gate, lang), lang.pick("exit status", "退出码"));
    let cut = match (report.interrupted, lang) {
        (false, _) => "",
        (true, Lang::En) => " · interrupted: what is missing was not judged",
        (true, Lang::Zh) => " · 运行被中断：缺少的项未经判定",
    };
    format!("{gate} · {counts} · {took} · {exit} {}{cut}", report.exit_status)
}

/// The first twelve characters of a commit's name, as git abbreviates it.
pub(crate) fn commit(name: &str) -> String {
    one_line(&name.chars().take(12).collect::<String>())
}

/// Milliseconds, or seconds from one second on.
pub(crate) fn duration(ms: f64) -> String {
    if ms.abs() < 999.95 { format!("{ms:.1} ms") } else { format!("{:.2} s", ms / 1e3) }
}

/// `and 980 more (see --format json)`.
pub(crate) fn more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("and {count} more (see --format json)"),
        Lang::Zh => format!("另有 {count} 项（见 --format json）"),
    }
}

/// Who accepted a finding until when and why; or that nobody does any more. To be made safe.
pub(crate) fn waiver(note: &WaiverNote, lang: Lang) -> String {
    let WaiverNote { reason, owner, expires, state } = note;
    match (state, lang) {
        (WaiverState::Active, Lang::En) => format!("waived until {expires} by {owner}: {reason}"),
        (WaiverState::Active, Lang::Zh) => format!("{owner} 豁免至 {expires}：{reason}"),
        (WaiverState::Expired, Lang::En) => {
            format!("the waiver of {owner} EXPIRED ({expires}), so this counts again: {reason}")
        }
        (WaiverState::Expired, Lang::Zh) => {
            format!("{owner} 的豁免已过期（{expires}），此问题重新计入：{reason}")
        }
    }
}

/// What could not be judged beside the findings.
pub(crate) fn unjudged(lang: Lang) -> &'static str {
    lang.pick("could not be judged: ", "无法判定：")
}

/// How loud a failure of this tier is: the levels of SARIF and of GitHub's annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loudness {
    Error,
    Warning,
    Note,
}

impl Loudness {
    pub(crate) const fn of(tier: SlaTier) -> Self {
        match tier {
            SlaTier::P0 | SlaTier::P1 => Self::Error,
            SlaTier::P2 => Self::Warning,
            SlaTier::P3 => Self::Note,
        }
    }
}

/// The outcomes by group, groups and outcomes in the order in which they first appear.
pub(crate) fn groups(report: &Report) -> Vec<(&str, Vec<&Outcome>)> {
    let mut groups: Vec<(&str, Vec<&Outcome>)> = vec![];
    let mut index = std::collections::HashMap::new();
    for outcome in &report.outcomes {
        let at = *index.entry(outcome.group.as_str()).or_insert_with(|| {
            groups.push((&outcome.group, vec![]));
            groups.len() - 1
        });
        if let Some((_, outcomes)) = groups.get_mut(at) {
            outcomes.push(outcome);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (ms, shown) in
            [(0.04, "0.0 ms"), (12.34, "12.3 ms"), (999.99, "1.00 s"), (61_500.0, "61.50 s")]
        {
            assert_eq!(duration(ms), shown);
        }
    }

    #[test]
    fn counts_leave_out_what_there_is_none_of() {
        let summary = Summary { pass: 14, fail: 2, ..Summary::default() };
        assert_eq!(counts(&summary, Lang::En), "2 failed, 14 passed");
        assert_eq!(counts(&summary, Lang::Zh), "失败 2 项，通过 14 项");
        assert_eq!(counts(&Summary::default(), Lang::En), "nothing was checked");
    }
}
