//! Running the go command and watching it to its end.

use crate::command_line::{GoCommand, Probes, split_quoted, toolexec_of_goflags};
use crate::downloads::{self, Download};
use crate::go_settings::GoSettings;
use crate::log::Log;
use crate::memory_limit::MemoryLimit;
use crate::sample::{Disk, FIRST, Point, Sampler};
use crate::signals::Signals;
use crate::stream::{self, Restore, Stream, Tap};
use crate::tool_run::{self, ToolRun};
use crate::{Action, actions, toolexec, tree};
use goward_causes::Seen;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, set_child_subreaper};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Between TERM and KILL: a linker has files to remove.
const GRACE: Duration = Duration::from_secs(3);
/// How long what the build left behind may hold its output open.
const LEAK: Duration = Duration::from_millis(100);
/// Pieces of output on their way to the classifier.
const QUEUE: usize = 64;

/// What to run.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The go command: a name that is searched on the PATH, or a path.
    pub go: &'a OsStr,
    /// What it is to do.
    pub command: &'a GoCommand,
    /// This program, as the observer of tools; none: they are not observed.
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
    /// The go command that did the work, after a switch of toolchains.
    pub program: Option<PathBuf>,
    /// Why something could not be observed.
    pub unobserved: Vec<String>,
}

/// Runs it to its end.
///
/// # Errors
/// [`StartError`], when there is nothing to run. Whatever else goes wrong is no reason not to build:
/// it is in [`Ran::unobserved`].
pub fn run(request: &Request<'_>) -> Result<Ran, StartError> {
    let settings = GoSettings::here();
    let mut unobserved = vec![];
    let folder = Folder::new(&settings)
        .map_err(|err| unobserved.push(format!("temporary folder: {err}")))
        .ok();
    let command = request.command;
    let mut child = Command::new(request.go);
    child.args(arguments(request, folder.as_ref(), &settings, &mut unobserved));
    child.envs(request.env.iter().map(|(name, value)| (name, value)));
    if let Some(folder) = &folder {
        child.env(toolexec::FILE, folder.tools());
        // Then all it leaves behind when it is killed is below our folder.
        if !command.has("work") {
            child.env("GOTMPDIR", folder.temp());
        }
    }
    let signals = Signals::start().map_err(|err| unobserved.push(format!("signals: {err}"))).ok();
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
    let pumping = Pumping::start(outlets, request.observer, folder.as_ref());
    let mut watch = Watch {
        request,
        go,
        signals,
        started,
        stopped: None,
        killed: false,
        terminals: pumping.terminals(),
    };
    let end = watch.to_end(&mut sampler);
    let wall = started.elapsed();
    if watch.stopped.is_some() {
        end_all();
    }
    let cpu = children_cpu();
    let (seen, log, mut downloads) = pumping.end();
    downloads::ended(&mut downloads, settings.module_cache().as_deref());
    let (tools, actions) =
        folder.as_ref().map(|it| it.read(command, &mut unobserved)).unwrap_or_default();
    Ok(Ran {
        started_ns,
        wall,
        end,
        stopped: watch.stopped,
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
        program: sampler.program.clone(),
        disks: sampler.disks(),
        unobserved,
    })
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
    settings: &GoSettings,
    unobserved: &mut Vec<String>,
) -> Vec<OsString> {
    let command = request.command;
    let Some(folder) = folder.filter(|_| command.builds()) else { return command.words() };
    let mut probes = Probes::default();
    if command.value("debug-actiongraph").is_none() {
        probes.action_graph = Some(folder.graph().into_os_string());
    }
    // What Go prints of its commands shall not name us.
    if !command.has("n") && !command.has("x") {
        let own = match command.value("toolexec") {
            Some(value) => value.into_string().ok(),
            None => settings.get("GOFLAGS").and_then(toolexec_of_goflags),
        };
        let own = own.map_or(Some(vec![]), |value| split_quoted(&value));
        let program = request.observer.and_then(Path::to_str);
        probes.toolexec = program
            .zip(own)
            .and_then(|(program, own)| toolexec::value(program, &own))
            .map(OsString::from);
        if probes.toolexec.is_none() && request.observer.is_some() {
            unobserved.push("tools: the words of -toolexec cannot be quoted".to_owned());
        }
    }
    command.observed(&probes)
}

/// Where the build and its observers write.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(settings: &GoSettings) -> io::Result<Self> {
        let folder =
            Self(tempfile::Builder::new().prefix("goward-build-").tempdir_in(settings.temp_dir())?);
        std::fs::create_dir(folder.temp())?;
        File::create_new(folder.tools())?;
        Ok(folder)
    }

    fn graph(&self) -> PathBuf {
        self.0.path().join("actions.json")
    }

    fn tools(&self) -> PathBuf {
        self.0.path().join("tools.jsonl")
    }

    fn temp(&self) -> PathBuf {
        self.0.path().join("tmp")
    }

    fn read(
        &self,
        command: &GoCommand,
        unobserved: &mut Vec<String>,
    ) -> (Vec<ToolRun>, Option<Vec<Action>>) {
        let tools = File::open(self.tools()).and_then(tool_run::read);
        let tools = tools.unwrap_or_else(|err| {
            unobserved.push(format!("tools: {err}"));
            (vec![], 0)
        });
        if tools.1 > 0 {
            unobserved.push(format!("tools: {} records were cut off", tools.1));
        }
        let graph = command.value("debug-actiongraph").map_or_else(|| self.graph(), PathBuf::from);
        let graph =
            command.chdir().map_or_else(|| graph.clone(), |dir| Path::new(&dir).join(&graph));
        let actions = match File::open(graph).and_then(actions::read) {
            Ok(actions) => Some(actions),
            // A build that fails before it begins writes none.
            Err(err) if err.kind() == io::ErrorKind::NotFound => None,
            Err(err) => {
                unobserved.push(format!("action graph: {err}"));
                None
            }
        };
        (tools.0, actions)
    }
}

/// Our outputs, and what the command writes to instead.
#[derive(Default)]
struct Outlets {
    /// The command's end, and which of ours it goes to.
    streams: Vec<(Stream, Real)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Real {
    Out,
    Err,
}

impl Real {
    fn fd(self) -> BorrowedFd<'static> {
        match self {
            Real::Out => rustix::stdio::stdout(),
            Real::Err => rustix::stdio::stderr(),
        }
    }
}

impl Outlets {
    /// Standard error is always looked at; standard output where the go command itself speaks there.
    fn open(command: &GoCommand, child: &mut Command, unobserved: &mut Vec<String>) -> Self {
        let (out, err) = (Real::Out.fd(), Real::Err.fd());
        let together = stream::same(out, err);
        let speaks = matches!(command.verb(), "build" | "install" | "test" | "vet" | "generate");
        let mut streams = vec![];
        match Stream::like(err) {
            Ok(stream) => {
                let theirs = stream.theirs.try_clone();
                if together && let Ok(theirs) = theirs {
                    child.stdout(theirs);
                }
                if let Ok(theirs) = stream.theirs.try_clone() {
                    child.stderr(theirs);
                    streams.push((stream, Real::Err));
                }
            }
            Err(reason) => unobserved.push(format!("standard error: {reason}")),
        }
        if speaks && !together {
            match Stream::like(out) {
                Ok(stream) => {
                    if let Ok(theirs) = stream.theirs.try_clone() {
                        child.stdout(theirs);
                        streams.push((stream, Real::Out));
                    }
                }
                Err(reason) => unobserved.push(format!("standard output: {reason}")),
            }
        }
        child.stdin(Stdio::inherit());
        Self { streams }
    }
}

/// The threads that pass output on, and the one that reads it.
struct Pumping {
    copies: Vec<JoinHandle<bool>>,
    terminals: Vec<(Real, OwnedFd)>,
    classifier: Option<JoinHandle<(Seen, Log)>>,
    downloads: Arc<Mutex<Vec<Download>>>,
}

impl Pumping {
    fn start(outlets: Outlets, observer: Option<&Path>, folder: Option<&Folder>) -> Self {
        let (sender, receiver) = sync_channel::<Vec<u8>>(QUEUE);
        let downloads = Arc::new(Mutex::new(vec![]));
        let list = Arc::clone(&downloads);
        let (forward, pieces) = sync_channel::<Vec<u8>>(QUEUE);
        // The time of a line is the time when it came, not when it is classified.
        let clock = std::thread::spawn(move || {
            for piece in receiver {
                if let Ok(mut list) = list.lock() {
                    downloads::begun(&piece, now_ns(), &mut list);
                }
                if forward.send(piece).is_err() {
                    break;
                }
            }
        });
        let classifier = std::thread::spawn(move || {
            let mut tap = Tap::new(pieces);
            let seen = goward_causes::see(&mut tap).unwrap_or_default();
            let _ = clock.join();
            (seen, tap.into_log())
        });
        let mut copies = vec![];
        let mut terminals = vec![];
        for (stream, real) in outlets.streams {
            let Stream { theirs, ours, terminal } = stream;
            drop(theirs);
            if terminal && let Ok(ours) = ours.try_clone() {
                terminals.push((real, ours.into()));
            }
            let restore =
                observer.zip(folder).map(|(observer, folder)| restore(observer, folder.tools()));
            let sender: SyncSender<Vec<u8>> = sender.clone();
            copies.push(std::thread::spawn(move || {
                stream::copy(ours, real.fd(), Some(&sender), restore.as_ref())
            }));
        }
        Self { copies, terminals, classifier: Some(classifier), downloads }
    }

    fn terminals(&self) -> Vec<(Real, OwnedFd)> {
        let copy = |(real, fd): &(Real, OwnedFd)| Some((*real, fd.try_clone().ok()?));
        self.terminals.iter().filter_map(copy).collect()
    }

    /// Waits until all was passed on; what the build left running may not hold us.
    fn end(mut self) -> (Seen, Log, Vec<Download>) {
        let deadline = Instant::now() + LEAK;
        while self.copies.iter().any(|copy| !copy.is_finished()) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_micros(200));
        }
        let held = self.copies.iter().any(|copy| !copy.is_finished());
        let classifier = self.classifier.take().filter(|_| !held);
        let (seen, log) = classifier.and_then(|thread| thread.join().ok()).unwrap_or_default();
        let downloads = self.downloads.lock().map(|list| list.clone()).unwrap_or_default();
        (seen, log, downloads)
    }
}

/// The go command names the first word of `-toolexec` where it would have named the tool.
fn restore(observer: &Path, tools: PathBuf) -> Restore {
    let tool = move || {
        let (runs, _) = File::open(&tools).and_then(tool_run::read).ok()?;
        runs.into_iter().rev().find(|run| !run.succeeded()).map(|run| run.path)
    };
    Restore { needle: format!("{}: ", observer.display()).into_bytes(), tool: Box::new(tool) }
}

/// The one who waits.
struct Watch<'a> {
    request: &'a Request<'a>,
    go: Child,
    signals: Option<Signals>,
    started: Instant,
    stopped: Option<Stopped>,
    killed: bool,
    terminals: Vec<(Real, OwnedFd)>,
}

impl Watch<'_> {
    fn to_end(&mut self, sampler: &mut Sampler) -> End {
        let exited = pidfd_open(Pid::from_child(&self.go), PidfdFlags::empty()).ok();
        let mut next = self.started + FIRST;
        let mut kill_at = None;
        loop {
            if let Ok(Some(status)) = self.go.try_wait() {
                return match (status.code(), status.signal()) {
                    (Some(code), _) => End::Code(code),
                    (None, signal) => End::Signal(signal.unwrap_or_default()),
                };
            }
            let now = Instant::now();
            if now >= next {
                next = Instant::now() + sampler.look(self.go.id());
                let full = self
                    .request
                    .max_rss
                    .is_some_and(|limit| sampler.points.last().is_some_and(|it| it.rss > limit));
                if full && self.stopped.is_none() {
                    kill_at = Some(self.stop(Stopped::Memory));
                }
            }
            let deadline = self.request.deadline.map(|limit| self.started + limit);
            if deadline.is_some_and(|deadline| now >= deadline) && self.stopped.is_none() {
                kill_at = Some(self.stop(Stopped::Deadline));
            }
            if kill_at.is_some_and(|at| now >= at) && !self.killed {
                tree::signal(&tree::below(std::process::id()), Signal::KILL);
                self.killed = true;
            }
            let marks = [
                Some(next),
                deadline.filter(|_| self.stopped.is_none()),
                kill_at.filter(|_| !self.killed),
            ];
            let until = marks.into_iter().flatten().min().unwrap_or(next);
            self.wait(exited.as_ref(), until.saturating_duration_since(Instant::now()));
            self.heed();
        }
    }

    /// Until the command ends, a signal arrives or the time is over.
    fn wait(&self, exited: Option<&OwnedFd>, limit: Duration) {
        let fds =
            exited.map(|fd| fd.as_fd()).into_iter().chain(self.signals.as_ref().map(Signals::fd));
        let mut fds: Vec<PollFd<'_>> =
            fds.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        // Without a descriptor for the end it is looked for often.
        let limit = if exited.is_none() { limit.min(Duration::from_millis(2)) } else { limit };
        // An interruption means that there is something to look at.
        let _ = poll(&mut fds, Some(&Timespec::try_from(limit).unwrap_or_default()));
    }

    fn heed(&mut self) {
        let Some(signals) = &mut self.signals else { return };
        for arrived in signals.arrived() {
            if arrived.resized {
                for (real, terminal) in &self.terminals {
                    stream::resize(real.fd(), terminal.as_fd());
                }
                continue;
            }
            self.stopped.get_or_insert(Stopped::Signal(arrived.signal));
            // What the terminal sends, all in the foreground get.
            if let Some(signal) =
                Signal::from_named_raw(arrived.signal).filter(|_| !arrived.of_terminal)
            {
                tree::signal(&tree::below(std::process::id()), signal);
            }
        }
    }

    /// Asks all to end; gives when they have to.
    fn stop(&mut self, why: Stopped) -> Instant {
        self.stopped = Some(why);
        tree::signal(&tree::below(std::process::id()), Signal::TERM);
        Instant::now() + GRACE
    }
}

/// Ends what outlived the go command.
fn end_all() {
    let me = std::process::id();
    tree::signal(&tree::below(me), Signal::TERM);
    let deadline = Instant::now() + GRACE;
    loop {
        // Orphans are ours to reap.
        while let Ok(Some(_)) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {}
        let left = tree::below(me);
        if left.is_empty() {
            return;
        }
        if Instant::now() >= deadline {
            tree::signal(&left, Signal::KILL);
            std::thread::sleep(Duration::from_millis(20));
            while let Ok(Some(_)) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {}
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
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
