//! `goward diff`: what differs between what runs and what comes, and what that costs.

mod judge;
mod table;

use crate::cli::{DiffArgs, Global};
use crate::console::Console;
use crate::policy;
use crate::snapshot::{Asked, OF_FOLDERS, PublicKey, What, identity, sides};
use anyhow::Context as _;
use goward_model::{ExitStatus, Report};
use goward_report::{Format, render};
use std::path::Path;
use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "how long it took")]
pub(crate) fn run(
    args: &DiffArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let flags = args
        .fail_on
        .iter()
        .map(|risk| (format!("--fail-on {risk}"), "diff.fail_on".to_owned(), risk.clone()));
    let asked =
        policy::Asked { file: args.policy.as_deref(), set: &args.set, flags: flags.collect() };
    let settings = policy::of(Path::new("."), &asked)?.file.diff;
    let keys: Vec<PublicKey> =
        args.verify_key.iter().map(|file| PublicKey::read(file)).collect::<anyhow::Result<_>>()?;
    let whats = (What::parse(&args.a)?, What::parse(&args.b)?);
    let of_folder = !args.flags.is_empty() || !args.packages.is_empty() || args.compile;
    let a_folder = [&whats.0, &whats.1].iter().any(|it| matches!(it, What::Folder(_)));
    anyhow::ensure!(!of_folder || a_folder, "{OF_FOLDERS}, and neither side is one");
    let mut asked = Asked {
        flags: args.flags.clone(),
        packages: args.packages.clone(),
        compile: args.compile,
        here: args.here,
        ..Asked::default()
    };
    let (a, a_read) = sides(&whats.0, &asked, &keys).context("A")?;
    asked.here = false;
    let (b, b_read) = sides(&whats.1, &asked, &keys).context("B")?;
    anyhow::ensure!(
        keys.is_empty() || a_read || b_read,
        "--verify-key: neither {} nor {} is a snapshot, so nothing is signed",
        args.a.display(),
        args.b.display()
    );
    anyhow::ensure!(
        !(args.here && a_read),
        "--here: {} is a snapshot; record the machine with `goward snapshot --here`",
        args.a.display()
    );
    let comparison = gosnapshot::compare_all(&a, &b);
    let policy = judge::Policy::of(&settings);
    let (outcomes, gate) = judge::judge(&comparison, &policy, &args.b.display().to_string());
    let latency = begun.elapsed().as_secs_f64() * 1e3;
    let target = args.b.display().to_string();
    let report = Report::new(
        identity(&target, b.first().and_then(|b| b.program.as_ref())),
        outcomes,
        gate,
        latency,
    );
    let show = |format: Format, color: bool| match format {
        Format::Human => table::table(&a, &b, &comparison, &policy, &report, console.lang, color),
        _ => render(&report, format, &console.options(false)),
    };
    console.print(&show(global.format, console.color))?;
    let text = |format: Format| show(format, false);
    let status = crate::check::to_files_as(&report, global, console, &text);
    if !args.no_history
        && let Err(err) = crate::history::keep(&report, Path::new(&target), Path::new("."))
    {
        console.warn(&err);
    }
    Ok(status)
}
