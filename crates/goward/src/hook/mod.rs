//! `goward hook`: judges a commit before it is made.

mod allows;
mod audit;
mod checks;
mod compile;
mod compiler;
mod conflict;
mod diagnostic;
mod files;
mod forgotten;
mod go_settings;
mod graph;
mod history;
mod hooked;
mod includes;
mod install;
mod nested;
mod outcome;
mod programs;
mod push;
mod reached;
mod record;
mod roots;
mod run;
mod secrets;
mod since;
mod subject;
mod targets;
mod told;
mod uncompiled;
mod unloaded;
mod words;
mod workspace;

pub(crate) use since::judge_since;

use crate::cli::{Global, HookArgs, HookCommand};
use crate::console::Console;
use goward_model::ExitStatus;

pub(crate) fn run(
    args: &HookArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    match &args.command {
        HookCommand::Run(args) => run::run(args, global, console),
        HookCommand::Install { dir, push } => install::install(dir, *push, console),
        HookCommand::Uninstall { dir } => install::uninstall(dir, console),
        HookCommand::Record { message, dir } => Ok(record::run(dir, message.as_deref(), console)),
        HookCommand::Audit { range, dir } => audit::run(dir, range.as_deref(), console),
    }
}
