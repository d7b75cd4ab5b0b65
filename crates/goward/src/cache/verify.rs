//! `goward cache verify`: what the library found, as a report with three outcomes.

use super::words;
use crate::cli::{CacheVerifyArgs, Global};
use crate::console::Console;
use gocache::{Harm, Problem, Verified};
use goward_model::{ExitStatus, Findings, Gate, Location, Outcome, SlaTier, Text};
use goward_report::render;
use goward_system::{OsSystem, System as _};
use std::path::Path;

/// What each outcome makes sure of, and what it costs where it is not so.
struct Check {
    id: &'static str,
    harm: Harm,
    tier: SlaTier,
    en: &'static str,
    zh: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        id: "integrity.build-cache",
        harm: Harm::Used,
        tier: SlaTier::P0,
        en: "nothing in the build cache was altered that go would use",
        zh: "构建缓存中没有会被 go 使用的篡改内容",
    },
    Check {
        id: "cache.corrupt",
        harm: Harm::Noticed,
        tier: SlaTier::P1,
        en: "nothing in the build cache is damaged",
        zh: "构建缓存没有损坏",
    },
    Check {
        id: "cache.leftover",
        harm: Harm::None,
        tier: SlaTier::P3,
        en: "index and objects belong together",
        zh: "索引与对象相互对应",
    },
];

/// With `--rebuild`.
const REBUILD: Check = Check {
    id: "integrity.cache-rebuild",
    harm: Harm::Used,
    tier: SlaTier::P0,
    en: "the build cache has what a build in a fresh one makes",
    zh: "构建缓存的内容与在全新缓存中构建的结果相同",
};

/// Findings of the last outcome that are told one by one: trimming leaves thousands.
const LEFTOVERS: usize = 5;

pub(super) fn run(
    args: &CacheVerifyArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let dir = super::place(args.dir.as_deref())?;
    let cache = super::open(&dir)?;
    let system = OsSystem::at(cache.dir());
    let cancel = system.cancel_token();
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, cancel.flag())?;
    }
    let started = (system.now(), system.unix_time());
    let listing = cache.list();
    let verified = gocache::verify(&cache, &listing, args.jobs, &|| cancel.is_cancelled());
    let since = |then| system.now().duration_since(then).as_secs_f64() * 1e3;
    let mut outcomes: Vec<Outcome> = CHECKS
        .iter()
        .map(|check| looked(check, &verified, cache.dir(), since(started.0)))
        .collect();
    if let Some(module) = args.rebuild.as_deref().filter(|_| !verified.stopped) {
        let from = system.now();
        let findings = super::rebuild::judge(module, &cache, &system)?;
        outcomes.push(outcome(&REBUILD, findings, since(from)));
    }
    let gate = Gate::of(outcomes.iter().filter(|it| it.tier.alerts()));
    let mut report =
        super::report::report(outcomes, gate, cache.dir(), started.1, since(started.0));
    if verified.stopped {
        report = report.interrupted();
    }
    console.print(&render(&report, global.format, &console.options(console.color)))?;
    let status = crate::check::to_files(&report, global, console);
    if !args.no_history
        && let Err(err) = crate::history::keep(&report, cache.dir(), Path::new("."))
    {
        console.warn(&err);
    }
    Ok(status)
}

/// What the look at the cache says to one check.
fn looked(check: &Check, verified: &Verified, cache: &Path, latency_ms: f64) -> Outcome {
    let mut findings = Findings::default();
    let mine = || verified.problems.iter().filter(|it| it.doubt.harm() == check.harm);
    match check.harm {
        Harm::None => leftovers(&mut findings, &mine().collect::<Vec<_>>(), cache),
        _ => mine().for_each(|problem| findings.report(words::finding(problem, cache))),
    }
    if check.harm != Harm::None || verified.stopped {
        unknown(&mut findings, verified);
    }
    if check.harm == Harm::Used {
        findings.note(words::coverage(&verified.coverage));
    }
    outcome(check, findings, latency_ms)
}

fn outcome(check: &Check, findings: Findings, latency_ms: f64) -> Outcome {
    let title = Text::new(check.en, check.zh);
    Outcome { latency_ms, ..Outcome::of(check.id, "cache", title, check.tier, findings) }
}

/// What is not known, and so cannot be good.
fn unknown(findings: &mut Findings, verified: &Verified) {
    if verified.stopped {
        findings.unknown(Text::new("it was interrupted", "已被中断"));
    }
    if verified.coverage.objects == 0 {
        findings.unknown(Text::new(
            "there is no object in this cache: nothing was checked",
            "缓存中没有对象：未检查任何内容",
        ));
    }
    if verified.more_problems > 0 {
        let more = verified.more_problems;
        findings.unknown(Text::new(
            format!("{more} problems more than are listed"),
            format!("另有 {more} 个问题未列出"),
        ));
    }
    for unchecked in &verified.unchecked {
        findings.unknown(words::unchecked(unchecked));
    }
    let untold = verified.coverage.unchecked - verified.unchecked.len();
    if untold > 0 {
        findings.unknown(Text::new(
            format!("{untold} more could not be checked"),
            format!("另有 {untold} 项无法检查"),
        ));
    }
}

/// The first few, and how many there are.
fn leftovers(findings: &mut Findings, problems: &[&Problem], cache: &Path) {
    problems
        .iter()
        .take(LEFTOVERS)
        .for_each(|problem| findings.report(words::finding(problem, cache)));
    let more = problems.len().saturating_sub(LEFTOVERS);
    if more > 0 {
        findings.report(goward_model::Finding::at(
            Location::whole("."),
            "more",
            Text::new(format!("{more} more like these"), format!("另有 {more} 项同类")),
            words::harmless(),
        ));
    }
}
