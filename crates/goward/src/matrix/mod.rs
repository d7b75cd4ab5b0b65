//! `goward matrix`: versions of Go × platforms × cgo, predicted, built, and told as a table.

mod advice;
mod asked;
mod cell;
mod compiler;
mod graph;
mod listing;
mod outcome;
mod plan;
mod platforms;
mod policy;
mod progress;
mod run;
mod state;
mod table;
mod toolchains;
mod versions;
mod work;
mod workspace;

use crate::check::{begun, to_files_as};
use crate::cli::{Cgo, Global, MatrixArgs};
use crate::console::Console;

use anyhow::Context as _;
use asked::Wanted;
use cell::{Cell, Known, Platform};
use compiler::Compiler;
use goward_model::{ExitStatus, Identity, Report};
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use graph::Graph;
use platforms::Ports;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use toolchains::{Local, Toolchain};
use versions::Version;

/// All that is known at the end.
struct Matrix {
    cells: Vec<Known>,
    /// Of the platforms with cells that need C.
    compilers: Vec<Compiler>,
    /// Nothing was built.
    predicted_only: bool,
    wall_ms: f64,
}

impl Matrix {
    /// The C compiler that a cell needs.
    fn compiler(&self, cell: &Known) -> Option<&Compiler> {
        let needed = cell.cell.cgo && !cell.predicted.needs_c.is_empty();
        self.compilers.iter().find(|it| needed && it.platform == cell.cell.platform)
    }
}

/// The toolchains that are there, and why others are not.
type Toolchains = BTreeMap<Version, Result<Toolchain, String>>;

pub(crate) fn run(
    args: &MatrixArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let dir = args.dir.canonicalize().with_context(|| format!("--dir {}", args.dir.display()))?;
    let mut asked = policy::complete(args, &dir)?;
    asked.args.patterns = workspace::patterns(&asked.args.patterns, &dir);
    let args = &asked.args;
    // Go chooses its toolchain by the folder: where there is no module, it is the one that is named.
    let system = OsSystem::at("/");
    let cancel = system.cancel_token();
    let flag = cancel.flag();
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, cancel.flag())?;
    }
    let started = (system.now(), system.unix_time());
    let made = make(&asked, &dir, &system, &flag, console);
    let (mut matrix, local) = match made {
        Err(_) if cancel.is_cancelled() => return Ok(ExitStatus::Interrupted),
        made => made?,
    };
    matrix.wall_ms = system.now().duration_since(started.0).as_secs_f64() * 1e3;
    let identity = identity(&dir, args, &local, started.1);
    let mut report = outcome::report(&matrix, identity, args.deadline);
    if cancel.is_cancelled() {
        report = report.interrupted();
    }
    publish(&matrix, &report, args, global, console)
}

/// Plans and predicts; builds, unless only the prediction is asked for.
fn make(
    asked: &policy::Completed,
    dir: &Path,
    system: &OsSystem,
    cancel: &AtomicBool,
    console: &Console,
) -> anyhow::Result<(Matrix, Local)> {
    let args = &asked.args;
    let local = Local::ask(system)?;
    let known = local.ports();
    let wanted = Wanted::of(asked, &local, &known)?;
    let versions = local
        .versions(&args.go, system, &|err| console.warn(&err))
        .map_err(|err| asked.blame("matrix.go", err))?;
    let cgo = args.cgo.unwrap_or(Cgo::Both).values();
    let cells = plan::cells(&versions, &wanted.platforms, cgo, &known);
    anyhow::ensure!(!cells.is_empty(), "no cell is left: these platforms have no cgo");
    let toolchains = match args.predict {
        true => Toolchains::new(),
        false => fetch(&local, &versions, system, console)?,
    };
    let keys = cells.iter().map(key).collect();
    let tags = wanted.tags.as_ref();
    let what = graph::Asked { dir, patterns: &args.patterns, tags, flags: &args.flags };
    let graph = graph::read(&local, &what, keys);
    let compilers = compilers(&graph, &wanted, &local, system);
    let cells = predicted(cells, &graph, &compilers, &toolchains, &known, &wanted);
    let mut matrix = Matrix { cells, compilers, predicted_only: args.predict, wall_ms: 0.0 };
    if !args.predict {
        run::run(&mut matrix, args, dir, &graph, &toolchains, cancel, console)?;
    }
    Ok((matrix, local))
}

fn key(cell: &Cell) -> graph::Key {
    graph::Key { platform: cell.platform.clone(), cgo: cell.cgo, go: cell.go }
}

/// Gets the toolchains. One that cannot be had leaves its cells open.
fn fetch(
    local: &Local,
    versions: &[Version],
    system: &OsSystem,
    console: &Console,
) -> anyhow::Result<Toolchains> {
    let mut toolchains = Toolchains::new();
    for version in versions {
        if local.goroot_of(*version).is_none() {
            let what = console.lang.pick("fetching", "正在获取");
            console.tell(&format!("goward: {what} {version}\n"));
        }
        let found = local.fetch(*version, system).map_err(|err| format!("{err:#}"));
        anyhow::ensure!(!system.cancel_token().is_cancelled(), "interrupted");
        toolchains.insert(*version, found);
    }
    Ok(toolchains)
}

/// Asks the C compilers of the platforms with cells that need one, all at once.
fn compilers(graph: &Graph, wanted: &Wanted, local: &Local, system: &OsSystem) -> Vec<Compiler> {
    let needs = |packages: &Result<graph::Packages, String>| {
        packages.as_ref().map_or(true, |packages| !packages.needs_c.is_empty())
    };
    let platforms: BTreeSet<&Platform> = graph
        .packages
        .iter()
        .filter(|(key, packages)| key.cgo && needs(packages))
        .map(|(key, _)| &key.platform)
        .collect();
    std::thread::scope(|scope| {
        let asked = platforms.iter().map(|platform| {
            let named = wanted.cc.get(*platform).map(String::as_str);
            scope.spawn(move || compiler::choose(platform, named, &local.cc, system))
        });
        let asked: Vec<_> = asked.collect();
        asked.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

/// The cells with what is expected of each.
fn predicted(
    cells: Vec<Cell>,
    graph: &Graph,
    compilers: &[Compiler],
    toolchains: &Toolchains,
    known: &Ports,
    wanted: &Wanted,
) -> Vec<Known> {
    let all: BTreeSet<String> =
        graph.packages.values().flatten().flat_map(|it| it.matched.iter().cloned()).collect();
    let one = |cell: Cell| {
        let packages = match graph.packages.get(&key(&cell)) {
            Some(Ok(packages)) => Ok(packages),
            Some(Err(why)) => Err(why.as_str()),
            None => Err(""),
        };
        let own = toolchains.get(&cell.go).and_then(|it| it.as_ref().ok());
        let compiler = compilers.iter().find(|it| cell.cgo && it.platform == cell.platform);
        let facts = plan::Facts {
            packages,
            ports: own.map_or(known, |own| &own.ports),
            go_line: graph.go_line.as_deref(),
            compiler,
            all: &all,
        };
        let predicted = plan::predict(&cell, &facts);
        let cc = compiler.map(|it| it.cc.clone());
        let allowed = wanted.allowed.iter().any(|it| it.covers(&cell));
        Known { id: cell.id(), cell, cc, allowed, predicted, measured: None }
    };
    cells.into_iter().map(one).collect()
}

fn identity(dir: &Path, args: &MatrixArgs, local: &Local, unix_time: i64) -> Identity {
    let started = jiff::Timestamp::from_second(unix_time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let (commit, dirty) = run::repository(dir);
    Identity {
        commit,
        dirty,
        go_version: Some(local.version.to_string()),
        selection: args.allow.iter().map(|it| format!("--allow {it}")).collect(),
        ..begun(started, dir.display().to_string())
    }
}

/// Everybody hears of it: standard output, files, the page, the history.
fn publish(
    matrix: &Matrix,
    report: &Report,
    args: &MatrixArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let text = |format: Format| match format {
        Format::Json => outcome::json(report, matrix),
        Format::Human => table::human(matrix, console.lang) + &table::end(report, console.lang),
        Format::Markdown => table::markdown(matrix, console.lang),
        _ => render(report, format, &console.options(false)),
    };
    console.print(&text(global.format))?;
    let mut status = to_files_as(report, global, console, &text);
    if let Some(file) = &args.html {
        let title = format!("goward matrix · {}", report.identity.target);
        let page = table::html(matrix, &title, console.lang);
        let written = crate::files::write(file, page.as_bytes());
        if let Err(err) = written.with_context(|| format!("--html {}", file.display())) {
            console.error(&err);
            if status == ExitStatus::Open {
                status = ExitStatus::Usage;
            }
        }
    }
    if report.interrupted {
        let hint = console.lang.pick(
            "interrupted; what is finished is kept: run it again with --resume",
            "已中断；已完成的单元已保留：加上 --resume 再次运行",
        );
        console.tell(&format!("goward: {hint}\n"));
    }
    if !args.no_history
        && !args.predict
        && let Err(err) = crate::history::keep(report, &args.dir, &args.dir)
    {
        console.warn(&err);
    }
    Ok(status)
}
