//! `goward graph`: questions to the package graph.

mod affected;
mod export;
mod go_answers;
mod go_tree;
mod html;
mod module_changes;
mod stats;
mod verify;
mod why;

pub(crate) use affected::{Changed, Early, changed, stage};
pub(crate) use go_tree::{GoContext, GoTree, Wanted};

use crate::cli::{Global, GraphArgs, GraphCommand, TreeArgs};
pub(crate) use module_changes::is_deciding;

use crate::console::Console;
use goward_model::ExitStatus;

/// Answers a question. What is no whole listing leaves it open.
pub(crate) fn run(
    args: &GraphArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    match answer(args, global, console) {
        Err(err) if err.downcast_ref::<gopackages::ListError>().is_some() => {
            console.error(&err);
            Ok(ExitStatus::Inconclusive)
        }
        done => done,
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
