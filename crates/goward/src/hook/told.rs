//! What the hook says: nothing more than is needed to commit again.

use super::hooked::{Hooked, Step};
use super::outcome;
use super::words::counted;
use crate::cli::HookRunArgs;
use crate::console::Console;
use goward_model::{Finding, Gate, Lang, Outcome, Verdict};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

/// Findings that are shown; all are counted.
const SHOWN: usize = 10;

pub(super) fn tell(
    hooked: &Hooked,
    latency: Duration,
    args: &HookRunArgs,
    ci: &str,
    console: &Console,
) -> anyhow::Result<()> {
    let lang = console.lang;
    let mut text = String::new();
    let bad: Vec<&Outcome> = hooked.outcomes.iter().filter(|outcome| !outcome.status()).collect();
    let what = match (args.push, &args.since) {
        (true, _) => lang.pick("push", "推送"),
        (false, Some(_)) => lang.pick("change", "更改"),
        (false, None) => lang.pick("commit", "提交"),
    };
    if hooked.gate != Gate::Open || !console.is_quiet() {
        text += &verdict(hooked, what, latency.as_secs_f64(), lang);
    }
    // What closes the gate comes before what never does, which is only counted there.
    let (beside, bad): (Vec<&Outcome>, Vec<&Outcome>) = bad
        .into_iter()
        .partition(|outcome| hooked.gate != Gate::Open && hooked.beside.contains(&outcome.check));
    findings(&bad, hooked.gate, lang, &mut text);
    let count = beside.iter().flat_map(|outcome| outcome.findings()).filter(|it| it.counts());
    if let count @ 1.. = count.count() {
        let names: BTreeSet<&str> = beside.iter().map(|outcome| outcome.check.as_str()).collect();
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        text += &match lang {
            Lang::En => format!("  besides, and not blocking: {count} of {names}\n"),
            Lang::Zh => format!("  此外还有不阻止提交的：{names} 共 {count} 项\n"),
        };
    }
    noted(hooked, lang, &mut text);
    if !hooked.left.is_empty() {
        let names: Vec<&str> = hooked.left.iter().map(|step: &Step| step.name(lang)).collect();
        let names = names.join(", ");
        text += &match lang {
            Lang::En => format!("  left to CI, the time was not enough: {names}\n"),
            Lang::Zh => format!("  时间不够，留给 CI：{names}\n"),
        };
    }
    if hooked.gate != Gate::Open && args.since.is_none() {
        text += &match lang {
            Lang::En => format!(
                "  CI judges the same: {ci} --since BRANCH; git's own way past a hook is --no-verify\n"
            ),
            Lang::Zh => format!(
                "  CI 会做同样的评判：{ci} --since 分支；git 自己绕过钩子的方式是 --no-verify\n"
            ),
        };
    }
    // Git shows both outputs of a hook; what is not asked for belongs on standard error.
    console.refuse(text.trim_end_matches('\n'));
    Ok(())
}

/// The first line.
fn verdict(hooked: &Hooked, what: &str, seconds: f64, lang: Lang) -> String {
    let count = counted(hooked.compiled);
    let count = count.in_lang(lang);
    match (hooked.gate, lang, hooked.left.is_empty()) {
        (Gate::Open, Lang::En, true) => {
            format!("goward: {what} is good: {count} compiled with their tests, {seconds:.1} s\n")
        }
        (Gate::Open, Lang::Zh, true) => {
            format!("goward：{what}通过：编译了 {count}及其测试，{seconds:.1} 秒\n")
        }
        // What was left to CI is not known to be good.
        (Gate::Open, Lang::En, false) => {
            format!("goward: {what} goes on, judged in part: {count} compiled, {seconds:.1} s\n")
        }
        (Gate::Open, Lang::Zh, false) => {
            format!("goward：{what}继续，仅部分评判：编译了 {count}，{seconds:.1} 秒\n")
        }
        (Gate::Closed, Lang::En, _) => format!("goward: {what} blocked, {seconds:.1} s\n"),
        (Gate::Closed, Lang::Zh, _) => format!("goward：{what}被阻止，{seconds:.1} 秒\n"),
        (Gate::Inconclusive, Lang::En, _) => {
            format!("goward: {what} could not be judged, {seconds:.1} s\n")
        }
        (Gate::Inconclusive, Lang::Zh, _) => format!("goward：无法评判{what}，{seconds:.1} 秒\n"),
    }
}

/// What was not looked at, and what else is to be known of a verdict.
fn noted(hooked: &Hooked, lang: Lang, text: &mut String) {
    for outcome in &hooked.outcomes {
        // What the hook itself did not look at; a check of the catalogue that does not apply is no news.
        let is_told = outcome.group == outcome::GROUP;
        if let (Verdict::Skip(why), true) = (&outcome.verdict, is_told) {
            let _ = writeln!(text, "  {}", why.in_lang(lang));
        }
        // That only a part of the history was looked at.
        if let ("secret-history", Some(note)) = (outcome.check.as_str(), &outcome.note) {
            let _ = writeln!(text, "  {}", note.in_lang(lang));
        }
    }
}

/// Each with its place, and its fix below; the same fix only once.
fn findings(bad: &[&Outcome], gate: Gate, lang: Lang, text: &mut String) {
    let counting = |outcome: &&Outcome| -> Vec<(String, Finding)> {
        let findings = outcome.findings().iter().filter(|finding| finding.counts());
        findings.map(|finding| (outcome.check.clone(), finding.clone())).collect()
    };
    let all: Vec<(String, Finding)> = bad.iter().flat_map(counting).collect();
    for (index, (check, finding)) in all.iter().take(SHOWN).enumerate() {
        let mut lines = finding.message.in_lang(lang).lines();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(text, "  {}: {first} [{check}]", finding.location);
        for line in lines {
            let _ = writeln!(text, "      {line}");
        }
        let next = all.get(index + 1).filter(|_| index + 1 < SHOWN);
        if next.is_none_or(|(_, next)| next.help != finding.help) {
            let _ = writeln!(
                text,
                "    {} {}",
                lang.pick("fix:", "修复："),
                finding.help.in_lang(lang)
            );
        }
    }
    if all.len() > SHOWN {
        let more = all.len() - SHOWN;
        let _ = match lang {
            Lang::En => writeln!(text, "  and {more} more"),
            Lang::Zh => writeln!(text, "  另有 {more} 项"),
        };
    }
    // One cause may keep many checks from knowing.
    let mut unknown: Vec<(&str, usize, &str)> = vec![];
    for outcome in bad.iter().filter(|_| gate != Gate::Open) {
        if let Verdict::Inconclusive(why) = &outcome.verdict
            && !outcome.check.starts_with("hook-")
            && outcome.blocked_by.is_none()
        {
            let why = why.in_lang(lang);
            match unknown.iter_mut().find(|(.., known)| *known == why) {
                Some((_, more, _)) => *more += 1,
                None => unknown.push((&outcome.check, 0, why)),
            }
        }
    }
    for (check, more, why) in unknown {
        let _ = match (lang, more) {
            (_, 0) => writeln!(text, "  {check}: {why}"),
            (Lang::En, _) => writeln!(text, "  {check} and {more} more: {why}"),
            (Lang::Zh, _) => writeln!(text, "  {check} 及另外 {more} 项：{why}"),
        };
    }
}
