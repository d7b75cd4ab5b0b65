//! Shell completions and manual pages, from the command line's own declaration.

use crate::cli::{ManArgs, ShellArgs, command};
use crate::console::Console;
use anyhow::Context as _;
use goward_model::ExitStatus;

pub(crate) fn completions(args: &ShellArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut command(console.lang), "goward", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Open)
}

pub(crate) fn man(args: &ManArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let command = command(console.lang);
    match &args.dir {
        Some(dir) => clap_mangen::generate_to(command, dir)
            .with_context(|| format!("writing manual pages to {}", dir.display()))?,
        None => {
            let mut page = vec![];
            clap_mangen::Man::new(command).render(&mut page)?;
            console.print(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(ExitStatus::Open)
}
