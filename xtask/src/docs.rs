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

/// How a log is judged, for the index of the causes.
const JUDGEMENT: &str = "\
Words alone prove nothing; who says them does:

- A text that a person tells (an issue, a README, a chat, a mail, a commit) is no log, though it quotes one; a log that \
was pasted into it is read.
- A line that only quotes is skipped: `code` between backticks in a sentence, a list or a table, a comment, a patch, \
a program's source, what grep found, the title of a commit. So is a page that shows all of it in its blocks and goes on \
behind them, unless it ends with a question.
- A record with a level (JSON, logfmt, klog) is a service's own word, until Go is seen at work.
- Lines that a mail or a terminal wrapped are put together before they are read.
- What other languages' tools say, too, counts where Go is at work.
- A log that ends in trouble whose cause is not Go's is `none.other-failure`, not a success.

Logs of strangers, out of public issues, labelled before they were read: the first look named 104 of 105 failed builds \
rightly in three ordinary sets, and 51 of 62 in a set sought among old and rare ones (Go 1.4 to 1.9, Termux, BSD ports, \
a bootstrap of Go itself); 11 of 122 other texts were taken for a failed build. Later sets, with other texts sought for being like one: \
185 of 202 failed builds at the first look, and 41 of 185 other texts (some shortened, a few put together by us) taken for one, \
most of them pages and programs that hold what compilers say; of the last 70 of these, 6.

Logs that we put together in the tools' own words, of some 30 CI systems and build tools, labelled before the run: the first look \
named 85 of 90 failed builds rightly (the domain of 86), and took 5 of 55 other logs for one. Then files of public repositories, \
none of them a build's log: documentation, source in several languages, scripts, go's own test scripts, service logs, what some 300 \
other compilers and linters print. At the first look 22 of 1,526 were taken for a failed build, 9 of the next 1,165 (8 of them are JUnit \
reports of tests that failed), and 14 of 1,521 of the last (C and C++); after the rules that they led to 0, 8 and 5.
";

const JUDGEMENT_ZH: &str = "\
单凭词句不能证明什么，要看是谁说的：

- 人写的文字（issue、README、聊天、邮件、提交说明）不是日志，即使引用了日志；贴在其中的日志照常阅读。
- 只是引用的行会跳过：句子、列表或表格里反引号之间的代码、注释、补丁、程序源码、grep 的结果、提交标题。\
所有错误都在代码块里、后面还有正文的页面也一样，除非它以提问结束。
- 带级别的记录（JSON、logfmt、klog）是服务自己说的话，除非已看到 Go 在工作。
- 被邮件或终端折断的行，先接起来再读。
- 其他语言的工具也会说的话，只在 Go 在工作时才算数。
- 日志以与 Go 无关的故障结束时，结论是 `none.other-failure`，不是成功。

陌生人的日志（取自公开 issue，先标注，后阅读）：三批普通的共 105 个失败的构建，第一次就说对 104 个；\
专门找来的一批很旧或很少见的（Go 1.4 到 1.9、Termux、BSD ports、Go 自身的引导构建）62 个里说对 51 个；\
其他 122 篇文字里有 11 篇被当成失败的构建。后来几批，其他文字专找容易混淆的：202 个失败的构建第一次说对 185 个，\
其他 185 篇文字（有些经删节，少数由我们拼成）里 41 篇被当成失败的构建，多数是带有编译器输出的网页和程序；其中最后 70 篇里有 6 篇。

我们用各工具的原话、按约 30 种 CI 系统和构建工具拼成的日志（先标注，后运行）：90 个失败的构建第一次说对 85 个（领域说对 86 个），\
其他 55 篇日志里 5 篇被当成失败的构建。然后是公开仓库里的文件，都不是构建日志：文档、多种语言的源码、脚本、go 自己的测试脚本、服务日志、\
约 300 种其他编译器和检查工具的输出。第一次 1,526 个里有 22 个被当成失败的构建，接下来的 1,165 个里 9 个（其中 8 个是失败测试的 JUnit 报告），\
最后的 1,521 个里 14 个（C 和 C++）；按由此得出的规则之后为 0、8、5 个。
";

/// `docs/causes`: a page per cause, with what real tools said, an index, and how often the classifier
/// is right; the pages and the index in Chinese, too.
pub fn causes(check: bool) -> Result<()> {
    let mut files = BTreeMap::new();
    let written = "<!-- written by `cargo xtask docs`; do not edit -->\n";
    let mut english = format!(
        "{written}# Why builds fail\n\n`goward explain LOG` names one of these ([中文](zh/README.md)). How often it is \
         right on our own transcripts: [accuracy](accuracy.md).\n\n{JUDGEMENT}\n| cause | what it is | owner | retry | tier |\n|---|---|---|---|---|\n"
    );
    let mut chinese = format!(
        "{written}# 构建为什么失败\n\n`goward explain LOG` 给出下列原因之一（[English](../README.md)）。在我们自己的日志上有多准确：\
         [accuracy](../accuracy.md)。\n\n{JUDGEMENT_ZH}\n| 原因 | 含义 | 负责 | 重试 | 等级 |\n|---|---|---|---|---|\n"
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
