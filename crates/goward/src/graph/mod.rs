//! `goward graph`: questions to the package graph.

mod affected;
mod before;
mod export;
mod fallback;
mod go_answers;
mod go_tree;
mod html;
mod mentions;
mod module_changes;
pub(crate) mod settings;
mod stats;
pub(crate) mod toolchain;
mod verify;
mod why;

pub(crate) use affected::{Changed, Early, builds, changed, stage};
pub(crate) use fallback::driver;
pub(crate) use go_answers::go_env;
pub(crate) use go_tree::{GoContext, GoTree, Wanted, open};
pub(crate) use mentions::{Mentions, Place, may_be_included};

use crate::cli::{Global, GraphArgs, GraphCommand, TreeArgs};
pub(crate) use before::Before;
pub(crate) use module_changes::{is_deciding, was_broken};

use crate::console::Console;
use goward_model::ExitStatus;
use goward_report::Format;

/// Answers a question. What is no whole listing, or not downloaded, leaves it open.
pub(crate) fn run(
    args: &GraphArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    only_affected_has_formats(args, global)?;
    match answer(args, global, console) {
        Err(err) if is_open(&err) => {
            console.error(&err);
            Ok(ExitStatus::Inconclusive)
        }
        done => done,
    }
}

/// Whether an error says that the answer is not known: no whole listing, none at all, or a module that is not downloaded.
pub(crate) fn is_open(err: &anyhow::Error) -> bool {
    err.downcast_ref::<gopackages::ListError>().is_some()
        || err.downcast_ref::<fallback::NoListing>().is_some()
        || err.downcast_ref::<buildlist::Error>().is_some_and(buildlist::Error::is_inconclusive)
}

/// What these commands print is one text each; `--format json` of `affected` is another.
fn only_affected_has_formats(args: &GraphArgs, global: &Global) -> anyhow::Result<()> {
    let name = match &args.command {
        GraphCommand::Why { .. } => "why",
        GraphCommand::Affected(_) => "affected",
        GraphCommand::Cycles(_) => "cycles",
        GraphCommand::Stats(_) => "stats",
        GraphCommand::Dot(_) => "dot",
        GraphCommand::Mermaid(_) => "mermaid",
        GraphCommand::Html(_) => "html",
        GraphCommand::Json(_) => "json",
        GraphCommand::Verify { .. } => "verify",
    };
    if !global.output.is_empty() {
        anyhow::bail!("graph {name} makes no report, so --output has nothing to write: use > FILE");
    }
    match (name, global.format) {
        (_, Format::Human) | ("affected" | "json", Format::Json) => Ok(()),
        ("affected", format) => {
            anyhow::bail!("graph affected takes --format human or json, not {format}")
        }
        (name, format) => anyhow::bail!(
            "graph {name} prints one text, and knows no --format {format}; graph json has the packages"
        ),
    }
}

fn answer(args: &GraphArgs, global: &Global, console: &Console) -> anyhow::Result<ExitStatus> {
    let exact = matches!(args.command, GraphCommand::Json(_));
    let load = |tree: &TreeArgs| match &tree.from_list {
        Some(file) => GoTree::listed(&tree.dir, file),
        None => {
            let (patterns, tests) = (tree.pattern.as_slice(), tree.tests);
            let wanted = Wanted { patterns, tests, profiles: exact, imports_only: !exact };
            GoTree::load(&tree.dir, &wanted, console)
        }
    };
    match &args.command {
        GraphCommand::Why { package, all, tree } => why::run(&load(tree)?, package, *all, console),
        GraphCommand::Affected(args) => affected::run(args, global.format, console),
        GraphCommand::Cycles(tree) => why::cycles(&load(tree)?, console),
        GraphCommand::Stats(tree) => stats::run(&load(tree)?, console),
        GraphCommand::Dot(tree) => export::dot(&load(tree)?, console),
        GraphCommand::Mermaid(tree) => export::mermaid(&load(tree)?, console),
        GraphCommand::Html(tree) => html::run(&load(tree)?, console),
        GraphCommand::Json(tree) => load(tree)?.print(console),
        GraphCommand::Verify { dir, pattern } => verify::run(dir, pattern, console),
    }
}
