//! `goward check`: the whole way of the data.

mod identity;
mod progress;
mod publish;
mod target;

pub(crate) use identity::{begun, run_id};
pub(crate) use publish::{all_written, refuse_formats, to_files, to_files_as};

use crate::cli::{CheckArgs, Global};
use crate::console::Console;
use crate::graph::{go_env, settings, toolchain::workspace};
use crate::policy::{self, Asked};
use goward_config::Policy;
use goward_engine::{Selection, attempt_all, grade, plan};
use goward_facts::Facts;
use goward_model::{ExitStatus, Location, Report};
use goward_system::{OsSystem, Overlaid, System};
use std::sync::Arc;
use std::time::Duration;

/// What is added to the longest timeout before probes are refused: they end, then are reported.
const SLACK: Duration = Duration::from_millis(50);

pub(crate) fn run(
    args: &CheckArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let listing = args.from_list.as_deref().map(from_list).transpose()?;
    let policy = policy::of(&args.dir, &asked(args, listing.as_ref()))?;
    let target = target::Target::at(&args.dir)?;
    let selection =
        Selection { only: args.only.clone(), skip: args.skip.clone(), groups: args.group.clone() };
    let plan = plan(&policy, &selection)?;
    refuse_locked(&policy, &args.skip)?;

    if let Some(why) = crate::graph::driver(&args.dir) {
        console.warn(&anyhow::anyhow!(
            "{why}: goward check judges what go build does, which asks no driver"
        ));
    }
    let system = OsSystem::at(&args.dir);
    let cancel = system.cancel_token();
    // A closed terminal and Ctrl-\ end the run as Ctrl-C does: with all that it started.
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, cancel.flag())?;
    }
    let started = (system.now(), system.unix_time());
    let limit = plan.items.iter().map(|item| item.timeout).max().unwrap_or_default() + SLACK;
    let settings = Arc::new(policy.file.settings());
    let facts = Arc::new(Facts::new(world(&system, &args.dir)?, settings, limit));

    identity::start(&facts);
    let progress = progress::Progress::new(plan.items.len(), console);
    let outcomes = attempt_all(&plan, &facts, jobs(&policy), &progress, &cancel);
    progress.finish();
    let graded = grade(&plan, outcomes, &facts, &policy, &anchor(&target, &policy));
    let (mut outcomes, mut gate) = (graded.outcomes, graded.gate);
    if let Some(revision) =
        args.since.as_deref().filter(|_| !cancel.is_cancelled() && is_whole(args))
    {
        let change = crate::hook::judge_since(&args.dir, revision, asked_of_change(args), &system);
        outcomes.extend(change.0);
        gate = gate.max(change.1);
    }
    let identity = identity::of(&facts, args, &policy, started.1);
    let latency = system.now().duration_since(started.0).as_secs_f64() * 1e3;
    let mut report = Report::new(identity, outcomes, gate, latency);
    if cancel.is_cancelled() {
        report = report.interrupted();
    }
    publish::all(&report, &policy, args, global, console)
}

/// The world as the go command sees it: with what `-overlay` and `-modfile` in GOFLAGS put in place of files. Without a go
/// command, the checks that need one say so.
fn world(system: &OsSystem, dir: &std::path::Path) -> anyhow::Result<Arc<dyn System>> {
    let root = overlay::cleaned(&std::path::absolute(dir)?);
    let setting = go_env("GOWORK").unwrap_or_default();
    let is_in_workspace = workspace(&setting, &root, &overlay::Overlay::default()).is_some();
    let goflags = go_env("GOFLAGS").unwrap_or_default();
    let overlay = settings::stand_ins(&goflags, is_in_workspace, &root)?;
    Ok(match overlay.is_empty() {
        true => Arc::new(system.clone()),
        false => Arc::new(Overlaid::whole(system.clone(), root, Arc::new(overlay))),
    })
}

/// Whether the whole checklist is asked for, of packages that are there: then `--since` also does what the hook does.
fn is_whole(args: &CheckArgs) -> bool {
    args.only.is_empty() && args.group.is_empty() && args.from_list.is_none()
}

/// The policy of the steps over what changed: without what `--skip` leaves out.
fn asked_of_change(args: &CheckArgs) -> Asked<'_> {
    let off =
        |id: &String| (format!("--skip {id}"), format!("checks.{id}.enabled"), "false".to_owned());
    let flags = args.skip.iter().map(off).collect();
    Asked { file: args.policy.as_deref(), set: &args.set, flags }
}

/// What policy locks, the command line cannot leave out. A run that is limited by `--only` or
/// `--group` says so in its report.
fn refuse_locked(policy: &Policy, skip: &[String]) -> anyhow::Result<()> {
    for id in skip {
        if let Some((lock, by)) = policy.lock_of(&format!("checks.{id}")) {
            anyhow::bail!("--skip {id}: `{lock}` is locked by {by}; run without --skip {id}");
        }
    }
    Ok(())
}

/// A listing, and the file that holds it where it came over a pipe.
struct Listing {
    path: std::path::PathBuf,
    _kept: Option<tempfile::NamedTempFile>,
}

/// What comes over standard input or another pipe is kept in a file: facts are gathered from files.
fn from_list(file: &std::path::Path) -> anyhow::Result<Listing> {
    let is_pipe = |path: &std::path::Path| {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = path.metadata().map(|found| found.file_type());
        kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device() || kind.is_socket())
    };
    let input: Box<dyn std::io::Read> = if file == std::path::Path::new("-") {
        Box::new(std::io::stdin())
    } else if is_pipe(file) {
        Box::new(crate::graph::open(file)?)
    } else {
        return Ok(Listing { path: std::path::absolute(file)?, _kept: None });
    };
    let mut kept = tempfile::NamedTempFile::new()?;
    std::io::copy(&mut std::io::Read::take(input, gopackages::MAX_LIST + 1), &mut kept)?;
    Ok(Listing { path: kept.path().to_owned(), _kept: Some(kept) })
}

/// The flags that are policy in another spelling.
fn asked<'a>(args: &'a CheckArgs, listing: Option<&Listing>) -> Asked<'a> {
    let flag = |name: &str, key: &str, value: String| (name.to_owned(), key.to_owned(), value);
    let mut flags = vec![];
    if let Some(root) = &args.root {
        // Relative to where the user stands, not to DIR. As a TOML string: a folder may be called `true`.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.clone());
        let root = toml::Value::String(root.display().to_string()).to_string();
        flags.push(flag("--root", "tls.root", root));
    }
    if let Some(pid) = args.pid {
        flags.push(flag("--pid", "audit.pid", pid.to_string()));
    }
    if args.online {
        flags.push(flag("--online", "integrity.online", "true".into()));
    }
    if let Some(since) = &args.since {
        let since = toml::Value::String(since.clone()).to_string();
        flags.push(flag("--since", "integrity.since", since));
    }
    if let Some(listing) = listing {
        let path = toml::Value::String(listing.path.display().to_string()).to_string();
        flags.push(flag("--from-list", "metadata.from_list", path));
    }
    if let Some(jobs) = args.jobs {
        flags.push(flag("--jobs", "run.jobs", jobs.to_string()));
    }
    if args.no_history {
        flags.push(flag("--no-history", "history.enabled", "false".into()));
    }
    Asked { file: args.policy.as_deref(), set: &args.set, flags }
}

/// Items mostly wait (for processes, disks, peers), so more are tried at once than there are cores.
pub(crate) fn jobs(policy: &Policy) -> usize {
    match policy.file.run.jobs {
        0 => std::thread::available_parallelism().map_or(4, usize::from).saturating_mul(4).min(64),
        jobs => jobs,
    }
}

/// Where findings without a better place point: the module, else the policy.
fn anchor(target: &target::Target, policy: &Policy) -> Location {
    let file =
        if target.has_go_mod { Some("go.mod".to_owned()) } else { policy.files.last().cloned() };
    Location::whole(file.unwrap_or_else(|| "go.work".into()))
}
