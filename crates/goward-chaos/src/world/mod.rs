//! A folder in which a build fails in a certain way.

mod env;
mod faults;
mod folder;

use crate::cgroup::Cgroup;
use crate::foreign::quote;
use crate::record::Untried;
use crate::shim::{LAUNCH, Spec, TOOL};
use crate::{Attempt, Command, Execs, Fault, Need, Ran, Scenario, Server, Setup, modules, run};
use env::Env;
use folder::Folder;
use goward_causes::Facts;
use goward_model::Text;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant, SystemTime};

/// The build cache's folder. Go's own default has the same name, and so messages look the same.
const CACHE: &str = "go-build";

/// Why a world cannot be made.
enum Refusal {
    /// The machine lacks something that the scenario needs.
    Lacks(Need, String),
    /// Anything else.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(err: io::Error) -> Self {
        Self::Io(err)
    }
}

/// What is done after a first build, before the one that is to fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterFirst {
    /// The main package changes.
    Change,
    /// The same, and what the cache has of the others is damaged.
    Damage,
}

/// A world while it is made.
struct Building<'a> {
    setup: &'a Setup,
    folder: Folder,
    env: Env,
    spec: Spec,
    out: PathBuf,
    probability: f64,
    seed: u64,
    faulty: Option<Server>,
    honest: Option<Server>,
    cgroup: Option<Cgroup>,
    /// A build without fault comes first, and this after it.
    first_build: Option<AfterFirst>,
    /// goward reads the listing afterwards.
    reader: bool,
}

impl Building<'_> {
    fn spec_file(&self) -> PathBuf {
        self.folder.path().join("spec.json")
    }
}

/// A scenario, prepared. Its folder, servers and control group go with it.
pub struct World<'a> {
    scenario: &'static Scenario,
    made: Building<'a>,
    command: Command,
}

impl<'a> World<'a> {
    /// Prepares a scenario in a folder of its own.
    ///
    /// # Errors
    /// The machine does not allow it, or something else fails.
    pub fn new(
        scenario: &'static Scenario,
        setup: &'a Setup,
        seed: u64,
        cancel: &AtomicBool,
    ) -> Result<Self, Untried> {
        Self::make(scenario, setup, seed, cancel).map_err(|refusal| match refusal {
            Refusal::Lacks(need, why) => Untried::NotAllowed(lacks(need, &why)),
            Refusal::Io(err) => Untried::Failed(Text::new(
                format!("the scenario cannot be prepared: {err}"),
                format!("无法准备场景：{err}"),
            )),
        })
    }

    fn make(
        scenario: &'static Scenario,
        setup: &'a Setup,
        seed: u64,
        cancel: &AtomicBool,
    ) -> Result<Self, Refusal> {
        let folder = Folder::new()?;
        for name in ["src", "tmp", "home", "out"] {
            folder.make(name)?;
        }
        if setup.foreign.is_none() {
            modules::write(scenario.module, &folder.path().join("src"))?;
        }
        let mut made = Building {
            setup,
            env: env::of(setup, folder.path()),
            spec: Spec { within: folder.path().to_owned(), ..Spec::default() },
            out: folder.path().join("out/program"),
            probability: setup.probability.unwrap_or(scenario.probability),
            seed,
            faulty: None,
            honest: None,
            cgroup: None,
            first_build: None,
            reader: false,
            folder,
        };
        faults::put(scenario.fault, &mut made)?;
        let command = command(scenario, &made)?;
        let mut world = Self { scenario, made, command };
        if let Some(then) = world.made.first_build {
            world.first_build(then, cancel)?;
        }
        world.write_spec()?;
        Ok(world)
    }

    /// Fills the cache by a build without fault.
    fn first_build(&mut self, then: AfterFirst, cancel: &AtomicBool) -> io::Result<()> {
        let fault = self.made.spec.tool.take();
        self.write_spec()?;
        self.made.spec.tool = fault;
        let ran = run(&self.command, cancel)?;
        if ran.exit_status != Some(0) && !ran.interrupted {
            let said = String::from_utf8_lossy(&ran.transcript).into_owned();
            return Err(io::Error::other(format!("the first build failed: {said}")));
        }
        let within = self.made.folder.path();
        if then == AfterFirst::Damage {
            faults::damage(&within.join(CACHE));
        }
        faults::change(&within.join("src"))
    }

    fn write_spec(&self) -> io::Result<()> {
        let text = serde_json::to_vec(&self.made.spec).map_err(io::Error::other)?;
        std::fs::write(self.made.spec_file(), text)
    }

    /// Runs the go command once, with the fault in it.
    ///
    /// # Errors
    /// The machine does not allow it after all, or the command cannot be started.
    pub fn attempt(&mut self, number: u32, cancel: &AtomicBool) -> Result<Attempt, Untried> {
        let failed = |err: io::Error| {
            let why = format!("{err}");
            Untried::Failed(Text::new(
                format!("the build cannot be started: {why}"),
                format!("无法启动构建：{why}"),
            ))
        };
        let within = self.made.folder.path().to_owned();
        if let Some(tool) = &mut self.made.spec.tool {
            tool.attempt = number;
        }
        self.write_spec().map_err(failed)?;
        let _ = std::fs::remove_file(Spec::strikes(&within));
        if let Some(server) = &self.made.faulty {
            server.attempt(number);
        }
        let kills = self.made.cgroup.as_ref().map_or(0, Cgroup::kills);
        let (started, clock) = (Instant::now(), SystemTime::now());
        let ran = run(&self.command, cancel).map_err(failed)?;
        let facts = Facts {
            exit_status: ran.exit_status,
            signal: ran.signal.filter(|_| !ran.deadline_passed),
            deadline_passed: ran.deadline_passed,
            out_of_memory: self.made.cgroup.as_ref().is_some_and(|group| group.kills() > kills),
            ..Facts::default()
        };
        if let Ok(why) = std::fs::read_to_string(Spec::refused(&within)) {
            return Err(match self.scenario.needs().first() {
                Some(need) => Untried::NotAllowed(lacks(*need, &why)),
                None => Untried::Failed(Text::same(why)),
            });
        }
        let (strikes, first) = self.strikes(&within, started, clock);
        let mut attempt = Attempt { number, strikes, ..Attempt::default() };
        let (ran, facts) = self.read_listing(&mut attempt, ran, facts, cancel).map_err(failed)?;
        if self.made.setup.strace.is_some() {
            let trace = std::fs::read(within.join("strace")).unwrap_or_default();
            attempt.execs = Some(Execs::parse(&String::from_utf8_lossy(&trace)));
        }
        conclude(&mut attempt, ran, &facts);
        attempt.time_to_detect_ms = millis(started.elapsed().saturating_sub(first));
        Ok(attempt)
    }

    /// How often the fault struck, and how long after the start it did first.
    fn strikes(&self, within: &Path, started: Instant, clock: SystemTime) -> (u64, Duration) {
        if let Some(server) = &self.made.faulty {
            let (count, first) = server.strikes();
            return (count, first.map_or(Duration::ZERO, |at| at.duration_since(started)));
        }
        match self.scenario.fault {
            Fault::Tool { .. } | Fault::Listing(_) => {
                let text = std::fs::read_to_string(Spec::strikes(within)).unwrap_or_default();
                let first = text.split(' ').next().and_then(|ms| ms.parse().ok());
                let first = SystemTime::UNIX_EPOCH + Duration::from_millis(first.unwrap_or(0));
                (text.lines().count() as u64, first.duration_since(clock).unwrap_or_default())
            }
            // It is there from the start.
            _ => (1, Duration::ZERO),
        }
    }

    /// goward's own reader gets the spoilt listing; what it says belongs to what was said.
    fn read_listing(
        &self,
        attempt: &mut Attempt,
        mut ran: Ran,
        mut facts: Facts,
        cancel: &AtomicBool,
    ) -> io::Result<(Ran, Facts)> {
        let Some(listing) = self.command.stdout.as_ref().filter(|_| self.made.reader) else {
            return Ok((ran, facts));
        };
        let mut argv = vec![self.made.setup.goward.clone().into_os_string()];
        argv.extend(["graph", "stats", "--lang", "en", "--from-list"].map(OsString::from));
        argv.push(listing.clone().into_os_string());
        let command = Command { argv, stdout: None, ..self.command.clone() };
        let read = run(&command, cancel)?;
        attempt.reader_status = read.exit_status;
        ran.transcript.extend(read.transcript);
        if ran.exit_status == Some(0) {
            (ran.exit_status, facts.exit_status) = (read.exit_status, read.exit_status);
        }
        Ok((ran, facts))
    }
}

fn lacks(need: Need, why: &str) -> Text {
    let need = need.text();
    Text::new(format!("needs {}: {why}", need.en), format!("需要{}：{why}", need.zh))
}

/// The go command, behind strace if that is wanted, behind the shim that puts limits on.
fn command(scenario: &Scenario, made: &Building<'_>) -> io::Result<Command> {
    let setup = made.setup;
    let within = made.folder.path();
    let spec = made.spec_file();
    let mut argv: Vec<OsString> = vec![];
    if let Some(strace) = &setup.strace {
        argv.push(strace.into());
        argv.extend(["-f", "-qq", "-e", "trace=execve", "-s", "200", "-o"].map(OsString::from));
        argv.push(within.join("strace").into());
    }
    argv.extend([setup.goward.clone().into(), LAUNCH.into(), spec.clone().into_os_string()]);
    // A go before the real one is found on the PATH.
    argv.push(if made.reader { "go".into() } else { setup.go.program.clone().into() });
    let mut flags: Vec<OsString> = vec![];
    if made.spec.tool.is_some() {
        flags.push(toolexec(setup, &spec)?.into());
    }
    match &setup.foreign {
        Some(foreign) => argv.extend(foreign.with(&flags)),
        None => {
            let mut args = scenario.args.iter();
            argv.extend(args.next().map(OsString::from));
            argv.extend(flags);
            argv.extend(args.map(|arg| match *arg {
                "OUT" => made.out.clone().into_os_string(),
                arg => arg.into(),
            }));
        }
    }
    Ok(Command {
        argv,
        dir: setup.foreign.as_ref().map_or_else(|| within.join("src"), |f| f.dir.clone()),
        env: made.env.list(),
        deadline: setup.deadline(scenario),
        stdout: made.reader.then(|| within.join("listing.json")),
    })
}

fn toolexec(setup: &Setup, spec: &Path) -> io::Result<String> {
    let mut words =
        vec![setup.goward.display().to_string(), TOOL.into(), spec.display().to_string()];
    words.extend(setup.foreign.iter().flat_map(|foreign| foreign.toolexec.clone()));
    let quoted: Option<Vec<String>> = words.iter().map(|word| quote(word)).collect();
    let quoted = quoted.ok_or_else(|| io::Error::other("a path with both kinds of quotes"))?;
    Ok(format!("-toolexec={}", quoted.join(" ")))
}

/// Classifies what was said, given what is known besides.
fn conclude(attempt: &mut Attempt, ran: Ran, facts: &Facts) {
    let verdict = goward_causes::classify_with(&ran.transcript, facts);
    attempt.succeeded = ran.exit_status == Some(0);
    // What the user ends has no cause.
    attempt.detected =
        if ran.interrupted { "interrupted".to_owned() } else { verdict.id().to_owned() };
    attempt.causes = verdict.causes.iter().map(|found| found.id.to_owned()).collect();
    let evidence = verdict.causes.first().map_or(&verdict.evidence, |found| &found.evidence);
    attempt.evidence =
        evidence.iter().map(|line| line.text.trim().chars().take(300).collect()).collect();
    attempt.exit_status = ran.exit_status;
    attempt.signal = ran.signal;
    attempt.deadline_passed = ran.deadline_passed;
    attempt.interrupted = ran.interrupted;
    attempt.elapsed_ms = millis(ran.elapsed);
    attempt.peak_bytes = ran.memory.iter().map(|sample| sample.bytes).max().unwrap_or(0);
    attempt.memory = ran.memory;
    attempt.transcript = ran.transcript;
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e4).round() / 10.0
}
