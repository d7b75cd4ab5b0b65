//! A log is read to its end, and what broke is said on one screen.

use super::report;
use crate::cli::{ExplainArgs, Global};
use crate::console::Console;
use anyhow::{Context as _, bail};
use goward_causes::{Cause, Facts, Found, Outcome, Verdict, cause_of};
use goward_model::{ExitStatus, Lang};
use goward_report::{Format, render};
use std::fmt::Write as _;
use std::io::Read;

/// Of a long evidence line so much is shown.
const MAX_SHOWN: usize = 240;

pub(super) fn run(
    subject: &str,
    args: &ExplainArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    crate::check::refuse_formats(global)?;
    let verdict = read(subject, console.lang).with_context(|| format!("reading {subject}"))?;
    let verdict = if args.release { verdict.on_release_branch() } else { verdict };
    let json = json(&verdict, args.slo)? + "\n";
    let report = report::report(&verdict, if subject == "-" { "build.log" } else { subject });
    let text = |format, color| match format {
        Format::Human => human(&verdict, args.slo, console.lang),
        Format::Json => json.clone(),
        format => render(&report, format, &console.options(color)),
    };
    console.print(&text(global.format, console.color))?;
    let written = crate::check::written(global, console, &|format| text(format, false));
    Ok(match (verdict.is_explained(), written) {
        (false, _) => ExitStatus::Inconclusive,
        (true, false) => ExitStatus::Usage,
        (true, true) => ExitStatus::Open,
    })
}

#[expect(clippy::disallowed_methods, reason = "a log may be larger than what System::read takes")]
fn read(subject: &str, lang: Lang) -> anyhow::Result<Verdict> {
    let mut input: Box<dyn Read> = if subject == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(subject)?)
    };
    let mut head = vec![];
    input.by_ref().take(8).read_to_end(&mut head)?;
    if let Some((format, command)) = packed(&head) {
        bail!(match lang {
            Lang::En => format!(
                "it is packed ({format}); unpack it first: {command} {subject} | goward explain -"
            ),
            Lang::Zh =>
                format!("它是 {format} 压缩文件；请先解压：{command} {subject} | goward explain -"),
        });
    }
    let mut input = head.as_slice().chain(input);
    Ok(goward_causes::read(&mut input, &Facts::default())?)
}

/// How a file is packed, by its first bytes, and what unpacks it. CIs give logs as gzip and zip.
fn packed(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const FORMATS: &[(&[u8], &str, &str)] = &[
        (b"\x1f\x8b", "gzip", "gzip -dc"),
        (b"PK\x03\x04", "zip", "unzip -p"),
        (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"),
        (b"\xfd7zXZ\0", "xz", "xz -dc"),
        (b"BZh", "bzip2", "bzip2 -dc"),
    ];
    let found = FORMATS.iter().find(|(mark, ..)| head.starts_with(mark))?;
    Some((found.1, found.2))
}

/// The verdict, with the words of its first cause.
fn json(verdict: &Verdict, slo: bool) -> anyhow::Result<String> {
    let mut value = serde_json::to_value(verdict)?;
    if let (Some(object), Some(cause)) = (value.as_object_mut(), cause_of(verdict.id())) {
        object.insert("schema".to_owned(), "goward.verdict/v1".into());
        object.insert("id".to_owned(), cause.id.into());
        object.insert("meaning".to_owned(), serde_json::to_value(cause.meaning)?);
        object.insert("why".to_owned(), serde_json::to_value(cause.why)?);
        object.insert("fix".to_owned(), serde_json::to_value(cause.fix)?);
        object.insert("command".to_owned(), serde_json::to_value(cause.command)?);
        if slo {
            object.insert("budget".to_owned(), serde_json::to_value(cause.owner.budget())?);
        }
    }
    Ok(serde_json::to_string_pretty(&value)?)
}

/// The verdict on one screen.
pub(crate) fn human(verdict: &Verdict, slo: bool, lang: Lang) -> String {
    let chinese = lang == Lang::Zh;
    let mut out = String::new();
    let Some(cause) = cause_of(verdict.id()) else { return out };
    let _ = writeln!(out, "{}: {}", cause.id, cause.meaning.get(chinese));
    let root = verdict.causes.first();
    if let Some(root) = root {
        let _ = writeln!(out, "{}", terms(root, lang));
    }
    let evidence = root.map_or(&verdict.evidence, |root| &root.evidence);
    for line in evidence {
        let text = printable(&line.text);
        match line.line {
            Some(number) => {
                let _ = writeln!(out, "  {number:>6} | {text}");
            }
            None => {
                let _ = writeln!(out, "       - | {text}");
            }
        }
    }
    let shown = evidence.len() as u64;
    if let Some(more) = root.map(|root| root.count.saturating_sub(shown)).filter(|more| *more > 0) {
        let _ = writeln!(
            out,
            "{}",
            match lang {
                Lang::En => format!("         … {more} more lines say so"),
                Lang::Zh => format!("         … 另有 {more} 行同样如此"),
            }
        );
    }
    if verdict.followers > 0 {
        let (errors, followers) = (verdict.errors, verdict.followers);
        let _ = writeln!(
            out,
            "{}",
            match lang {
                Lang::En => format!("  {followers} of {errors} errors only follow from it"),
                Lang::Zh => format!("  {errors} 个错误中有 {followers} 个只是其连带结果"),
            }
        );
    }
    for other in verdict.causes.iter().skip(1).filter(|other| other.follows.is_none()) {
        let place = other.evidence.first().and_then(|line| line.line).unwrap_or(0);
        let _ = writeln!(
            out,
            "{}",
            match lang {
                Lang::En => format!("  besides: {} (line {place})", other.id),
                Lang::Zh => format!("  此外:{}(第 {place} 行)", other.id),
            }
        );
    }
    if verdict.outcome == Outcome::Unknown && !verdict.text {
        let _ = writeln!(out, "{}", no_text(verdict.bytes, lang));
        return out;
    }
    advice(&mut out, cause, verdict.outcome, lang);
    if slo {
        let _ = writeln!(out, "{}", budget(cause, lang));
    }
    out
}

/// What there was in place of a log.
fn no_text(bytes: u64, lang: Lang) -> &'static str {
    match (bytes, lang) {
        (0, Lang::En) => "note: the log is empty",
        (0, Lang::Zh) => "提示：日志为空",
        (_, Lang::En) => "note: the log holds no text; is it packed, or another file?",
        (_, Lang::Zh) => "提示：日志中没有文本；它是否被压缩，或者是别的文件？",
    }
}

fn terms(found: &Found, lang: Lang) -> String {
    let (stage, owner) = (found.stage.as_str(), found.owner.as_str());
    let (retry, tier) = (found.retry.as_str(), found.tier.as_str());
    let percent = (found.confidence * 100.0).round();
    match lang {
        Lang::En => format!(
            "  stage {stage} · owner {owner} · retry {retry} · tier {tier} · confidence {percent} %"
        ),
        Lang::Zh => format!(
            "  阶段 {stage} · 负责 {owner} · 重试 {retry} · 等级 {tier} · 可信度 {percent} %"
        ),
    }
}

fn advice(out: &mut String, cause: &Cause, outcome: Outcome, lang: Lang) {
    let chinese = lang == Lang::Zh;
    let _ = writeln!(out, "{}: {}", lang.pick("why", "原因"), cause.why.get(chinese));
    if outcome == Outcome::Success {
        return;
    }
    let _ = writeln!(out, "{}: {}", lang.pick("fix", "修复"), cause.fix.get(chinese));
    if let Some(command) = cause.command {
        let _ = writeln!(out, "  $ {command}");
    }
}

fn budget(cause: &Cause, lang: Lang) -> String {
    match (cause.owner.budget(), lang) {
        (Some(name), Lang::En) => format!("slo: burns the {name} budget"),
        (Some(name), Lang::Zh) => format!("slo: 消耗 {name} 的预算"),
        (None, Lang::En) => "slo: burns no budget".to_owned(),
        (None, Lang::Zh) => "slo: 不消耗预算".to_owned(),
    }
}

/// What a log holds may move the cursor; here it is only shown.
fn printable(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                // A colour ends at its letter.
                if letters.as_str().starts_with('[') {
                    letters.by_ref().skip(1).find(|end| ('@'..='~').contains(end));
                }
            }
            '\t' => out.push_str("    "),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
        if out.len() > MAX_SHOWN {
            out.push('…');
            break;
        }
    }
    out
}
