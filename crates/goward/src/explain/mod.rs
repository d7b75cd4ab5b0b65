//! `goward explain`: the documentation of a check or a cause; or why a build failed, from its log.

mod log;

pub(crate) use log::human;

use crate::cli::ExplainArgs;
use crate::cli::Global;
use crate::console::Console;
use goward_checks::{CATALOGUE, find, list, page};
use goward_config::nearest;
use goward_model::{ExitStatus, Lang};
use std::path::Path;

pub(crate) fn run(
    args: &ExplainArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let Some(subject) = &args.subject else {
        console.print(&list(console.lang))?;
        return Ok(ExitStatus::Open);
    };
    // A file of that name is what the person sees; an identifier is looked up otherwise.
    if subject == "-" || Path::new(subject).exists() {
        return log::run(subject, args, global, console);
    }
    if let Some(check) = find(subject) {
        console.print(&page(check, console.lang))?;
        return Ok(ExitStatus::Open);
    }
    if let Some(cause) = goward_causes::cause_of(subject) {
        console.print(&goward_causes::page(cause, console.lang == Lang::Zh, None))?;
        return Ok(ExitStatus::Open);
    }
    if let Some(rule) = gosnapshot::rule(subject) {
        console.print(&gosnapshot::page(rule, console.lang == Lang::Zh))?;
        return Ok(ExitStatus::Open);
    }
    if let Some(cause) = gorepro::cause(subject).filter(|cause| cause.id == subject) {
        let pick = |text: [&'static str; 2]| console.lang.pick(text[0], text[1]);
        let (title, why, fix) = (pick(cause.title), pick(cause.why), pick(cause.fix));
        console.print(&format!("{subject}: {title}\n\n{why}\n\n{fix}\n"))?;
        return Ok(ExitStatus::Open);
    }
    let known = CATALOGUE
        .iter()
        .map(|check| check.id)
        .chain(goward_causes::causes().map(|cause| cause.id))
        .chain(gosnapshot::RULES.iter().map(|rule| rule.id))
        .chain(gorepro::CAUSES.iter().map(|cause| cause.id));
    let hint = nearest(subject, known).map_or_else(
        || "`goward explain` lists the checks".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    anyhow::bail!("no check, cause or log file is called `{subject}`; {hint}");
}
