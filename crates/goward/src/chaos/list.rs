//! `goward chaos list`.

use crate::cli::Global;
use crate::console::Console;
use anyhow::bail;
use goward_chaos::{Need, Stage, scenarios};
use goward_model::{ExitStatus, Lang};
use goward_report::Format;
use std::fmt::Write as _;

pub(super) fn run(global: &Global, console: &Console) -> anyhow::Result<ExitStatus> {
    match global.format {
        Format::Human => console.print(&human(console.lang))?,
        Format::Markdown => console.print(&markdown(console.lang))?,
        Format::Json => console.print(&(json()? + "\n"))?,
        _ => bail!("chaos list prints human, markdown or json"),
    }
    Ok(ExitStatus::Open)
}

fn needs(needs: &[Need], lang: Lang) -> String {
    let texts = needs.iter().map(|need| need.text()).map(|text| lang.pick(text.en, text.zh));
    texts.collect::<Vec<_>>().join(", ")
}

fn human(lang: Lang) -> String {
    let mut out = String::new();
    for stage in Stage::ALL {
        let _ = writeln!(out, "{}", stage.as_str());
        for s in scenarios().filter(|s| s.stage == stage) {
            let _ = writeln!(out, "  {:<24}{}", s.id, lang.pick(s.does.en, s.does.zh));
            let _ = writeln!(out, "  {:<24}→ {}", "", s.expected.join(" | "));
            if !s.needs().is_empty() {
                let word = lang.pick("needs: ", "需要：");
                let _ = writeln!(out, "  {:<24}{word}{}", "", needs(s.needs(), lang));
            }
        }
    }
    out
}

fn markdown(lang: Lang) -> String {
    let head = lang.pick(
        "| scenario | what it does | cause that must be reported | needs |",
        "| 场景 | 做什么 | 应报告的原因 | 需要 |",
    );
    let mut out = format!("{head}\n| --- | --- | --- | --- |\n");
    for s in scenarios() {
        let causes: Vec<String> = s.expected.iter().map(|id| format!("`{id}`")).collect();
        let (does, causes) = (lang.pick(s.does.en, s.does.zh), causes.join(", "));
        let _ = writeln!(out, "| `{}` | {does} | {causes} | {} |", s.id, needs(s.needs(), lang));
    }
    out
}

fn json() -> anyhow::Result<String> {
    let all: Vec<_> = scenarios()
        .map(|s| {
            serde_json::json!({
                "id": s.id,
                "stage": s.stage,
                "does": s.does,
                "expected": s.expected,
                "needs": s.needs(),
                "probability": s.probability,
                "own_module": s.own_module,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&all)?)
}
