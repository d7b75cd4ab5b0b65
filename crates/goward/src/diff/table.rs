//! What differs, by risk, for a person.

use super::judge::{Policy, change, subject, why};
use crate::printable::printable;
use gosnapshot::{Comparison, Difference, RULES, Risk, Snapshot};
use goward_model::{Gate, Lang, Report};
use std::fmt::Write as _;

/// So many of one kind are written out; JSON has them all.
const SHOWN: usize = 8;

fn paint(text: &str, code: &str, color: bool) -> String {
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

const fn code(risk: Risk) -> &'static str {
    match risk {
        Risk::Extreme | Risk::High => "1;91",
        Risk::Medium => "33",
        Risk::Low => "2",
    }
}

pub(super) fn table(
    a: &[Snapshot],
    b: &[Snapshot],
    comparison: &Comparison,
    policy: &Policy,
    report: &Report,
    lang: Lang,
    color: bool,
) -> String {
    let mut out = String::new();
    for (side, snapshot) in [("A", a), ("B", b)] {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{side}  {}", line(snapshot, lang));
    }
    for risk in Risk::ALL {
        let rules: Vec<_> = RULES.iter().filter(|rule| policy.risk(rule) == risk).collect();
        let mut section = String::new();
        for rule in rules {
            let found: Vec<&Difference> =
                comparison.differences.iter().filter(|it| it.rule == rule.id).collect();
            if found.is_empty() {
                continue;
            }
            for difference in found.iter().take(SHOWN) {
                let (subject, change) = (subject(difference), change(difference));
                let text = format!("{}  {}", subject.in_lang(lang), change.in_lang(lang));
                let _ = writeln!(section, "  {:<20}  {}", rule.id, printable(text.trim_end()));
            }
            if let Some(more @ 1..) = found.len().checked_sub(SHOWN) {
                let more = match lang {
                    Lang::En => format!("and {more} more (see --format json)"),
                    Lang::Zh => format!("另有 {more} 项(见 --format json)"),
                };
                let _ = writeln!(section, "  {:<20}  {more}", "");
            }
            let pick = |[en, zh]: [&'static str; 2]| lang.pick(en, zh);
            let _ = writeln!(section, "  {:<20}    {}", "", pick(rule.consequence));
            let _ = writeln!(section, "  {:<20}    → {}", "", pick(rule.fix));
        }
        if !section.is_empty() {
            let name = lang.pick(risk.as_str(), risk.zh());
            let _ = write!(out, "\n{}\n{section}", paint(name, code(risk), color));
        }
    }
    out += &unknown(comparison, policy, lang, color);
    out += &conclusion(comparison, policy, report, lang, color);
    out
}

/// One side in a line; of a universal file its first program, and the processors of all.
fn line(side: &[Snapshot], lang: Lang) -> String {
    use gosnapshot::Kind;
    let Some(snapshot) = side.first() else { return String::new() };
    let kind = match snapshot.source.kind {
        Kind::Checkout => lang.pick("sources", "源码"),
        Kind::Binary => lang.pick("program", "程序"),
        Kind::Build => lang.pick("program and sources", "程序与源码"),
        Kind::Process => lang.pick("process", "进程"),
        Kind::Core => lang.pick("core file", "core 文件"),
    };
    let mut parts = vec![format!("{} ({kind})", snapshot.source.name)];
    if let Some(program) = &snapshot.program {
        parts.push(program.go_version.clone());
        let setting = |key| program.setting(key).unwrap_or("?");
        let archs = side.iter().filter_map(|it| it.program.as_ref()?.setting("GOARCH"));
        let archs = archs.collect::<Vec<_>>().join(", ");
        let archs = if archs.is_empty() { "?" } else { &archs };
        parts.push(format!("{}/{archs}", setting("GOOS")));
        if let Some(mode) = program.setting("-buildmode") {
            parts.push(mode.to_owned());
        }
    }
    if let Some(modules) = &snapshot.modules {
        let used = modules.iter().filter(|it| it.used).count();
        parts.push(match lang {
            Lang::En => format!("{used} modules"),
            Lang::Zh => format!("{used} 个模块"),
        });
    }
    printable(&parts.join(" · "))
}

/// What could not be compared.
fn unknown(comparison: &Comparison, policy: &Policy, lang: Lang, color: bool) -> String {
    let mut out = String::new();
    if comparison.gaps.is_empty() {
        return out;
    }
    let _ = write!(out, "\n{}\n", paint(lang.pick("unknown", "未知"), "1;33", color));
    for rule in RULES {
        let gaps: Vec<_> = comparison.gaps.iter().filter(|it| it.rule == rule.id).collect();
        let Some(first) = gaps.first() else { continue };
        let risk = policy.risk(rule);
        let hides = match (policy.accepts_unknown(rule.id), lang) {
            (true, Lang::En) => "accepted".to_owned(),
            (true, Lang::Zh) => "已接受".to_owned(),
            (false, Lang::En) => format!("could hide: {risk}"),
            (false, Lang::Zh) => format!("可能掩盖:{}", risk.zh()),
        };
        let why = |it: &gosnapshot::Gap| printable(why(it).in_lang(lang));
        let _ = writeln!(out, "  {:<20}  {} ({hides})", rule.id, why(first));
        for gap in gaps.iter().take(SHOWN).skip(1) {
            let _ = writeln!(out, "  {:<20}  {}", "", why(gap));
        }
        if let Some(more @ 1..) = gaps.len().checked_sub(SHOWN) {
            let _ = match lang {
                Lang::En => writeln!(out, "  {:<20}  and {more} more", ""),
                Lang::Zh => writeln!(out, "  {:<20}  另有 {more} 项", ""),
            };
        }
    }
    let hint = lang.pick(
        "record that side where it is built (`goward snapshot DIR --binary FILE`) or runs (`--pid`, `--here`), or accept it (diff.accept_unknown)",
        "在构建处(`goward snapshot DIR --binary FILE`)或运行处(`--pid`、`--here`)记录该侧,或接受它(diff.accept_unknown)",
    );
    let _ = writeln!(out, "  {:<20}    → {hint}", "");
    out
}

/// What neither side tells; counts, the gate, the exit status.
fn conclusion(
    comparison: &Comparison,
    policy: &Policy,
    report: &Report,
    lang: Lang,
    color: bool,
) -> String {
    let mut out = String::from("\n");
    for (rule, why) in &comparison.skipped {
        let gap = comparison.gaps.iter().any(|it| it.rule == *rule);
        if !gap {
            let words = lang.pick("not compared", "未比较");
            let why = lang.pick(&why.en, &why.zh);
            let _ = writeln!(out, "{words}: {rule}: {why}");
        }
    }
    let count = |risk: Risk| {
        let of = |it: &&Difference| {
            gosnapshot::rule(it.rule).is_some_and(|rule| policy.risk(rule) == risk)
        };
        comparison.differences.iter().filter(of).count()
    };
    let counted = Risk::ALL.map(|risk| (count(risk), lang.pick(risk.as_str(), risk.zh())));
    let mut counts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    if counts.is_empty() {
        counts.push(lang.pick("no difference", "没有差异").to_owned());
    }
    let unknown = comparison.gaps.len();
    if unknown > 0 {
        counts.push(format!("{unknown} {}", lang.pick("unknown", "未知")));
    }
    let equal = comparison
        .compared
        .iter()
        .filter(|rule| !comparison.differences.iter().any(|it| it.rule == **rule))
        .count();
    let equal = match lang {
        Lang::En => format!("{equal} kinds compared without a difference"),
        Lang::Zh => format!("{equal} 类比较后无差异"),
    };
    let (gate, style) = match report.gate {
        Gate::Open => (lang.pick("gate OPEN", "门禁:放行"), "1;32"),
        Gate::Inconclusive => (lang.pick("gate INCONCLUSIVE", "门禁:无法判定"), "1;33"),
        Gate::Closed => (lang.pick("gate CLOSED", "门禁:关闭"), "1;91"),
    };
    let fails = match (policy.fail_on, lang) {
        (Some(risk), Lang::En) => format!("closes at {risk}"),
        (Some(risk), Lang::Zh) => format!("自“{}”起关闭", risk.zh()),
        (None, Lang::En) => "never closes".to_owned(),
        (None, Lang::Zh) => "从不关闭".to_owned(),
    };
    let exit = lang.pick("exit status", "退出码");
    let _ = writeln!(
        out,
        "{} · {} · {equal} · {fails} · {exit} {}",
        paint(gate, style, color),
        counts.join(", "),
        report.exit_status
    );
    out
}
