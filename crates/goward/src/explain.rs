//! `goward explain ID`: the documentation of a check, from its declaration.

use crate::cli::ExplainArgs;
use crate::console::Console;
use goward_checks::{CATALOGUE, find, list, page};
use goward_config::nearest;
use goward_model::ExitStatus;

pub(crate) fn run(args: &ExplainArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let Some(id) = &args.id else {
        console.print(&list(console.lang))?;
        return Ok(ExitStatus::Open);
    };
    let Some(check) = find(id) else {
        let near = nearest(id, CATALOGUE.iter().map(|check| check.id));
        let hint = near.map_or_else(
            || "`goward explain` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        anyhow::bail!("no check is called `{id}`; {hint}");
    };
    console.print(&page(check, console.lang))?;
    Ok(ExitStatus::Open)
}
