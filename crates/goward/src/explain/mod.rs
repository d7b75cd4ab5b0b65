//! `goward explain`: the documentation of a check or a cause; or why a build failed, from its log.

mod finding;
mod log;
mod report;
mod topics;

pub(crate) use finding::{STAGES, finding, outcome_id};
pub(crate) use log::human;

use crate::cli::ExplainArgs;
use crate::cli::Global;
use crate::console::Console;
use goward_checks::{CATALOGUE, find, list, page};
use goward_config::nearest;
use goward_model::{ExitStatus, Lang};
use goward_report::Format;
use std::path::Path;

pub(crate) fn run(
    args: &ExplainArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    // A file of that name is what the person sees; an identifier is looked up otherwise.
    let log = args.subject.as_ref().filter(|it| *it == "-" || Path::new(it).exists());
    if let Some(log) = log {
        return log::run(log, args, global, console);
    }
    if !matches!(global.format, Format::Human | Format::Markdown) || !global.output.is_empty() {
        anyhow::bail!(console.lang.pick(
            "--format and --output are for logs; the documentation is text on standard output",
            "--format 与 --output 只用于日志；文档以文本写到标准输出"
        ));
    }
    let Some(subject) = &args.subject else {
        console.print(&list(console.lang))?;
        return Ok(ExitStatus::Open);
    };
    if let Some(text) = text(subject, console.lang) {
        console.print(&text)?;
        return Ok(ExitStatus::Open);
    }
    let known = CATALOGUE
        .iter()
        .map(|check| check.id)
        .chain(goward_causes::causes().map(|cause| cause.id))
        .chain(gosnapshot::RULES.iter().map(|rule| rule.id))
        .chain(gorepro::CAUSES.iter().map(|cause| cause.id))
        .chain(topics::topics().map(|topic| topic.id))
        .chain(goward_chaos::scenarios().map(|scenario| scenario.id));
    let hint = nearest(subject, known).map_or_else(
        || "`goward explain` lists the checks".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    anyhow::bail!("no check, outcome, cause or log file is called `{subject}`; {hint}");
}

/// All that is written of an identifier, whatever prints it: one word may be an outcome of two commands.
fn text(id: &str, lang: Lang) -> Option<String> {
    let is_zh = lang == Lang::Zh;
    let mut pages = vec![];
    pages.extend(find(id).map(|check| page(check, lang)));
    let cause = goward_causes::cause_of(id);
    pages.extend(cause.map(|cause| goward_causes::page(cause, is_zh, None)));
    pages.extend(topics::topics().find(|topic| topic.is(id)).map(|topic| topic.page(lang)));
    pages.extend(gosnapshot::rule(id).map(|rule| gosnapshot::page(rule, is_zh)));
    pages.extend(gorepro::cause(id).filter(|cause| cause.id == id).map(|cause| {
        let pick = |text: [&'static str; 2]| lang.pick(text[0], text[1]);
        let (title, why, fix) = (pick(cause.title), pick(cause.why), pick(cause.fix));
        format!("{id}: {title}\n\n{why}\n\n{fix}\n")
    }));
    pages.extend(goward_chaos::scenarios().find(|it| it.id == id).map(|it| scenario(it, lang)));
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// A scenario of `goward chaos`.
fn scenario(scenario: &goward_chaos::Scenario, lang: Lang) -> String {
    let (id, does) = (scenario.id, lang.pick(scenario.does.en, scenario.does.zh));
    let causes = scenario.expected.join("`, `");
    match lang {
        Lang::En => format!(
            "# {id}\n\na scenario (`goward chaos run {id}`): {does}\n\n## Why\n\nA gate that explains failed builds is only worth what it says of one \
             whose cause is known: this one must be told as `{causes}`.\n\n## How to fix it\n\nWhere it is told otherwise, keep the log (`--logs DIR`) and report it.\n"
        ),
        Lang::Zh => format!(
            "# {id}\n\n一个场景(`goward chaos run {id}`):{does}\n\n## 为什么\n\n能解释构建失败的门禁,其价值在于对原因已知的失败给出正确的说法:此场景应报告为 `{causes}`。\n\n\
             ## 如何修复\n\n若报告不符,请保留日志(`--logs DIR`)并提交问题。\n"
        ),
    }
}
