//! Running the go command and watching it to its end.

use crate::command_line::{GoCommand, Probes, split_quoted, toolexec_of_goflags};
use crate::downloads::{self, Download};
use crate::folder::Folder;
use crate::go_program::{GoProgram, may_start};
use crate::go_settings::GoSettings;
use crate::log::Log;
use crate::memory_limit::MemoryLimit;
use crate::outlets::{Heard, Outlets, Passed, Pumping};
use crate::sample::{Disk, Point, Sampler};
use crate::signals::Signals;
use crate::watch::{self, Watch};
use crate::{Action, ToolRun, toolexec};
use goward_causes::Seen;
use rustix::process::set_child_subreaper;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What to run.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The go command: a name that is searched on the PATH, or a path.
    pub go: &'a OsStr,
    /// What it is to do.
    pub command: &'a GoCommand,
    /// This program, as the observer of tools where the small one cannot be; none: they are not observed.
    pub observer: Option<&'a Path>,
    /// Variables to set beside those of the environment.
    pub env: &'a [(OsString, OsString)],
    /// It may take so long.
    pub deadline: Option<Duration>,
    /// All its processes may hold so many bytes.
    pub max_rss: Option<u64>,
}

/// The go command could not be run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is none.
    #[error("{program}: not found; put the go command on the PATH, or name it by GOWARD_GO")]
    NotFound {
        /// The name.
        program: String,
    },
    /// It is a folder, or not executable.
    #[error("{program}: {reason}; GOWARD_GO or the PATH must lead to the go command")]
    NotRunnable {
        /// The name.
        program: String,
        /// Why.
        reason: String,
    },
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With an exit status.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

/// Why it was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Its deadline passed.
    Deadline,
    /// Its memory passed the limit.
    Memory,
    /// A signal that goward got, or that the terminal sent to all.
    Signal(i32),
}

/// What was seen.
pub struct Ran {
    /// Nanoseconds since 1970.
    pub started_ns: i64,
    /// From start to end.
    pub wall: Duration,
    /// How it ended.
    pub end: End,
    /// Whether somebody ended it.
    pub stopped: Option<Stopped>,
    /// What was at work when it was asked to end.
    pub at_work: Option<&'static str>,
    /// What became of its output.
    pub output: Passed,
    /// What it said, read by the classifier.
    pub seen: Seen,
    /// The beginning and the end of what it said.
    pub log: Log,
    /// The tools that ran.
    pub tools: Vec<ToolRun>,
    /// Its actions; none where Go wrote no graph.
    pub actions: Option<Vec<Action>>,
    /// Modules that were downloaded.
    pub downloads: Vec<Download>,
    /// Memory over time.
    pub memory: Vec<Point>,
    /// The most that was seen at once, in bytes.
    pub peak_rss: u64,
    /// Processor time of all its processes, user and system.
    pub cpu: [Duration; 2],
    /// The memory that is granted.
    pub memory_limit: Option<u64>,
    /// How often the kernel killed for memory meanwhile.
    pub memory_kills: u64,
    /// The disks that it wrote to.
    pub disks: Vec<Disk>,
    /// The Go installation that did the work, after a switch of toolchains.
    pub goroot: Option<PathBuf>,
    /// Why something could not be observed.
    pub unobserved: Vec<String>,
}

/// Runs it to its end.
///
/// # Errors
/// [`StartError`], when there is nothing to run. Whatever else goes wrong is no reason not to build:
/// it is in [`Ran::unobserved`].
pub fn run(request: &Request<'_>, signals: &mut Signals) -> Result<Ran, StartError> {
    let settings = GoSettings::here();
    let mut unobserved = vec![];
    let folder = Folder::new(&settings)
        .map_err(|err| unobserved.push(format!("temporary folder: {err}")))
        .ok();
    let command = request.command;
    let goward =
        request.observer.filter(|_| command.builds() && shows_no_commands(command, &settings));
    let observer = goward.zip(folder.as_ref()).map(|(goward, folder)| folder.observer(goward));
    let observer = observer.as_deref();
    let mut child = Command::new(request.go);
    child.args(arguments(request, folder.as_ref(), observer, &settings, &mut unobserved));
    child.envs(request.env.iter().map(|(name, value)| (name, value)));
    child.envs([GoProgram::told(request.go)]);
    if let Some(folder) = &folder {
        child.env(toolexec::FILE, folder.tools());
        // Then all it leaves behind when it is killed is below our folder.
        if !command.has_with(settings.get("GOFLAGS"), "work") {
            child.env("GOTMPDIR", folder.temp());
        }
    }
    if !signals.listens() {
        unobserved.push("signals".to_owned());
    }
    let _ = set_child_subreaper(Some(rustix::process::getpid()));
    let memory = MemoryLimit::here();
    let outlets = Outlets::open(command, &mut child, &mut unobserved);
    let started_ns = now_ns();
    let started = Instant::now();
    let cache = settings.build_cache();
    let mut sampler =
        Sampler::new(started, &[("temp", Some(settings.temp_dir())), ("cache", cache)]);
    let spawned = child.spawn();
    // The command's own ends of the pipes are closed with it.
    drop(child);
    let go = spawned.map_err(|err| not_started(request.go, &err))?;
    let pumping = Pumping::start(outlets, observer, folder.as_ref());
    let mut watch = Watch::new(request, go, signals, started, pumping.terminals());
    let end = watch.until_end(&mut sampler);
    let wall = started.elapsed();
    let (mut end, mut stopped, at_work) = (end, watch.stopped, watch.at_work);
    if stopped.is_some() {
        watch::end_all();
    }
    let cpu = children_cpu();
    let deadline = request.deadline.map(|limit| started + limit);
    let (Heard { seen, log, mut downloads }, output) = pumping.end(signals, deadline);
    let seen = seen.unwrap_or_else(|| of_silence(end));
    if let Some(why) = output.given_up.filter(|_| stopped.is_none()) {
        stopped = Some(why);
        if let Stopped::Signal(signal) = why {
            end = End::Signal(signal);
        }
    }
    downloads::ended(&mut downloads, settings.module_cache().as_deref());
    let (mut tools, actions) =
        folder.as_ref().map(|it| it.read(command, &mut unobserved)).unwrap_or_default();
    let goroot = goroot(&tools, sampler.program.as_deref());
    tools.retain(|run| !run.asked);
    Ok(Ran {
        started_ns,
        wall,
        end,
        stopped,
        at_work,
        output,
        seen,
        log,
        tools,
        actions,
        downloads,
        memory: std::mem::take(&mut sampler.points),
        peak_rss: sampler.peak,
        cpu,
        memory_limit: memory.bytes(),
        memory_kills: memory.new_kills(),
        goroot,
        disks: sampler.disks(),
        unobserved,
    })
}

/// The installation whose tools were asked, or whose go command was seen.
fn goroot(tools: &[ToolRun], program: Option<&Path>) -> Option<PathBuf> {
    let of_program = || program?.parent()?.parent();
    tools.iter().find_map(ToolRun::goroot).or_else(of_program).map(Path::to_owned)
}

/// Silence says why a build failed, too; of one that succeeded nobody asks.
fn of_silence(end: End) -> Seen {
    match end {
        End::Code(0) => Seen::default(),
        _ => goward_causes::see(&mut io::empty()).unwrap_or_default(),
    }
}

impl Ran {
    /// It ended because whoever read its output went away.
    pub fn nobody_read(&self) -> bool {
        self.output.nobody_reads && self.end == End::Signal(nix::libc::SIGPIPE)
    }

    /// A signal came before it could be tried again: that is how it ends.
    pub fn cancelled(&mut self, signal: i32) {
        self.stopped = Some(Stopped::Signal(signal));
        self.end = End::Signal(signal);
    }
}

fn not_started(go: &OsStr, err: &io::Error) -> StartError {
    let program = go.display().to_string();
    match err.kind() {
        io::ErrorKind::NotFound => StartError::NotFound { program },
        _ => {
            let text = err.to_string();
            let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
            StartError::NotRunnable { program, reason }
        }
    }
}

/// The command line, with what observes the build.
fn arguments(
    request: &Request<'_>,
    folder: Option<&Folder>,
    observer: Option<&Path>,
    settings: &GoSettings,
    unobserved: &mut Vec<String>,
) -> Vec<OsString> {
    let command = request.command;
    let Some(folder) = folder.filter(|_| command.builds()) else { return command.words() };
    let mut probes = Probes::default();
    if command.value("debug-actiongraph").is_some() {
        // The user's own is read.
    } else if folder.has_room() {
        probes.action_graph = Some(folder.graph().into_os_string());
    } else {
        unobserved.push("actions: the disk of the temporary folder is full".to_owned());
    }
    if shows_no_commands(command, settings) {
        let own = match command.value("toolexec") {
            Some(value) => value.into_string().ok(),
            None => settings.get("GOFLAGS").and_then(toolexec_of_goflags),
        };
        let own = own.map_or(Some(vec![]), |value| split_quoted(&value));
        // What cannot be started go names in its own words.
        let program = own.as_ref().and_then(|words| words.first());
        let observer = observer.filter(|_| program.is_none_or(|program| may_start(program)));
        probes.toolexec = observer
            .zip(own)
            .and_then(|(program, own)| toolexec::value(program.as_os_str(), &own))
            .map(OsString::from);
        if probes.toolexec.is_none() && observer.is_some() {
            unobserved.push("tools: the words of -toolexec cannot be quoted".to_owned());
        }
    }
    command.observed(&probes)
}

/// What Go prints of its commands shall not name us.
fn shows_no_commands(command: &GoCommand, settings: &GoSettings) -> bool {
    let goflags = settings.get("GOFLAGS");
    !command.has_with(goflags, "n") && !command.has_with(goflags, "x")
}

/// Processor time of all that was waited for.
fn children_cpu() -> [Duration; 2] {
    use nix::sys::resource::{UsageWho, getrusage};
    let time = |time: nix::sys::time::TimeVal| {
        let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
        Duration::from_secs(seconds)
            + Duration::from_micros(u64::try_from(time.tv_usec()).unwrap_or(0))
    };
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_or([Duration::ZERO; 2], |usage| [time(usage.user_time()), time(usage.system_time())])
}

pub(crate) fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
