//! Documentation and schemas that are derived: written, or held against what is committed.

use crate::shell::{command, root};
use anyhow::{Context as _, Result, bail};
use goward_checks::{CATALOGUE, list, page};
use goward_model::Lang;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// `docs/checks`: a page per check in both languages, and an index.
pub fn checks(check: bool) -> Result<()> {
    let mut files = BTreeMap::new();
    for (lang, folder, title) in [(Lang::En, "en", "The checks"), (Lang::Zh, "zh", "检查一览")]
    {
        let mut index = format!(
            "<!-- written by `cargo xtask docs`; do not edit -->\n# {title}\n\n```text\n{}```\n\n",
            list(lang)
        );
        for item in CATALOGUE {
            let id = item.id;
            index += &format!("- [{id}]({id}.md): {}\n", item.title.in_lang(lang));
            let text = format!(
                "<!-- written by `cargo xtask docs`; do not edit -->\n{}",
                page(item, lang)
            );
            files.insert(format!("{folder}/{id}.md"), text);
        }
        files.insert(format!("{folder}/README.md"), index);
    }
    settle(&root().join("docs/checks"), &files, check, "docs")
}

/// `docs/causes`: a page per cause, with what real tools said, an index, and how often the classifier
/// is right; the pages and the index in Chinese, too.
pub fn causes(check: bool) -> Result<()> {
    let mut files = BTreeMap::new();
    let written = "<!-- written by `cargo xtask docs`; do not edit -->\n";
    let mut english = format!(
        "{written}# Why builds fail\n\n`goward explain LOG` names one of these ([中文](zh/README.md)). How often it is \
         right on our own transcripts: [accuracy](accuracy.md).\n\n| cause | what it is | owner | retry | tier |\n|---|---|---|---|---|\n"
    );
    let mut chinese = format!(
        "{written}# 构建为什么失败\n\n`goward explain LOG` 给出下列原因之一（[English](../README.md)）。在我们自己的日志上有多准确：\
         [accuracy](../accuracy.md)。\n\n| 原因 | 含义 | 负责 | 重试 | 等级 |\n|---|---|---|---|---|\n"
    );
    let transcripts = crate::transcripts::read()?;
    for cause in goward_causes::causes() {
        let id = cause.id;
        // The newest real one; a made one where there is none.
        let mut own =
            transcripts.iter().filter(|transcript| transcript.cause == id).collect::<Vec<_>>();
        own.sort_by_key(|transcript| {
            (transcript.made, transcript.log.len() > 1500, transcript.name.clone())
        });
        let sample = own.first().map(|transcript| shortened(&transcript.log));
        for (index, folder, zh) in [(&mut english, "", false), (&mut chinese, "zh/", true)] {
            *index += &format!(
                "| [{id}]({id}.md) | {} | {} | {} | {} |\n",
                cause.meaning.get(zh),
                cause.owner.as_str(),
                cause.retry.as_str(),
                cause.tier.as_str()
            );
            let page = goward_causes::page(cause, zh, sample.as_deref());
            files.insert(format!("{folder}{id}.md"), format!("{written}{page}"));
        }
    }
    files.insert("README.md".to_owned(), english);
    files.insert("zh/README.md".to_owned(), chinese);
    files.insert(
        "accuracy.md".to_owned(),
        format!("{written}{}", crate::compare::explain::report()?),
    );
    settle(&root().join("docs/causes"), &files, check, "docs")
}

/// The beginning of a log, on a page.
fn shortened(log: &str) -> String {
    let lines = log.lines().take(12).map(|line| {
        line.chars().take(200).filter(|c| !c.is_control() || *c == '\t').collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `docs/schema`: the JSON Schemas of the policy and of the report.
pub fn schemas(check: bool) -> Result<()> {
    let files = BTreeMap::from([
        (
            "policy-v1.json".to_owned(),
            serde_json::to_string_pretty(&goward_config::schema())? + "\n",
        ),
        (
            "report-v1.json".to_owned(),
            serde_json::to_string_pretty(&goward_report::report_schema())? + "\n",
        ),
    ]);
    settle(&root().join("docs/schema"), &files, check, "schema")
}

/// `docs/tamper.md`, by the test that holds it against what happens.
pub fn tamper() -> Result<()> {
    let mut test = command("cargo", &["test", "-p", "goward", "--test", "e2e", "tamper"]);
    test.env("GOWARD_WRITE_TAMPER", "1");
    crate::shell::run(test)
}

/// Writes the files, or says which differ from what is there.
fn settle(folder: &Path, files: &BTreeMap<String, String>, check: bool, name: &str) -> Result<()> {
    let mut stale = vec![];
    for (path, text) in files {
        let file = folder.join(path);
        if fs::read_to_string(&file).is_ok_and(|there| there == *text) {
            continue;
        }
        stale.push(path.clone());
        if !check {
            fs::create_dir_all(file.parent().context("no folder")?)?;
            fs::write(&file, text)?;
        }
    }
    if check && !stale.is_empty() {
        bail!("run `cargo xtask {name}`: out of date: {}", stale.join(", "));
    }
    println!(
        "==> {name}: {} files, {} {}",
        files.len(),
        stale.len(),
        if check { "stale" } else { "written" }
    );
    Ok(())
}
