//! From what was seen to the document: a pure function.

use crate::document::{Build, DownloadTime, Memory, Packages, RunTime, Span, StageTime, ToolTime};
use crate::run::{End, Ran, Stopped};
use crate::{Action, GoCommand, Interval, ToolRun, critical_path, stage};
use goward_causes::{Facts, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// Shorter actions took no time worth a line, unless a tool ran.
const SHORT_NS: i64 = 1_000_000;
/// Of the memory that is granted: above it, a kill is for memory.
const NEAR: f64 = 0.9;
/// A disk with less is full.
const FULL: u64 = 64 << 10;

impl Ran {
    /// What is known besides the text.
    pub fn facts(&self) -> Facts {
        let killed =
            self.end == End::Signal(9) || self.tools.iter().any(|tool| tool.signal == Some(9));
        let near =
            self.memory_limit.is_some_and(|limit| self.peak_rss as f64 >= limit as f64 * NEAR);
        let (exit_status, signal) = match self.end {
            End::Code(code) => (Some(code), None),
            End::Signal(signal) => (None, Some(signal)),
        };
        Facts {
            exit_status,
            signal,
            stage: (self.end != End::Code(0)).then(|| self.stage()),
            // The counter is the machine's where there is no cgroup: somebody else may have been killed.
            out_of_memory: self.memory_kills > 0 && killed,
            memory_near_limit: near,
            no_space: self.end != End::Code(0)
                && self.disks.iter().any(|disk| disk.free_least < FULL),
            deadline_passed: self.stopped == Some(Stopped::Deadline),
            memory_limit_passed: self.stopped == Some(Stopped::Memory),
            cancelled: match self.stopped {
                Some(Stopped::Signal(signal)) => Some(signal),
                _ => None,
            },
        }
    }

    /// `go run` built the program, and it is the program that failed, or that somebody ended.
    pub fn program_failed(&self, command: &GoCommand) -> bool {
        let linked = |action: &Action| {
            action.mode.starts_with("link") && action.interval().is_some() && !action.failed
        };
        command.verb() == "run"
            && self.end != End::Code(0)
            && matches!(self.stopped, None | Some(Stopped::Signal(_)))
            && self.actions.as_ref().is_some_and(|actions| actions.iter().any(linked))
    }

    /// Where it was when it ended.
    fn stage(&self) -> Stage {
        // What was asked to end is where it was then, not where its end was noticed.
        let ended = self.at_work.filter(|_| self.stopped.is_some());
        let failed = self.tools.iter().rev().find(|run| !run.succeeded());
        // The last that was at work: a test that ran, a program, an action that a signal cut off.
        let of_action = || {
            let timed = self
                .actions
                .as_ref()?
                .iter()
                .filter_map(|action| Some((action, action.interval()?)));
            let worked = timed.filter(|(action, _)| stage::of_action(&action.mode).is_some());
            let (last, _) =
                worked.max_by_key(|(action, interval)| (action.failed, interval.end))?;
            stage::of_action(&last.mode)
        };
        let last = self.tools.last().map(|run| stage::of_tool(run.tool()));
        let failed = failed.map(|run| stage::of_tool(run.tool()));
        let name = ended.or(failed).or_else(of_action).or(last);
        match name {
            Some("link") => Stage::Link,
            Some("vet") => Stage::Vet,
            Some("test") => Stage::Test,
            Some("output" | "run") => Stage::Output,
            Some(_) => Stage::Compile,
            None if self.downloads.iter().any(|download| download.ended_ns.is_none()) => {
                Stage::Resolve
            }
            None => Stage::List,
        }
    }

    /// The document, without what only the caller knows: identity, failure, attempts.
    pub fn document(&self) -> Build {
        let from = self.started_ns;
        let actions = self.actions.as_deref().unwrap_or_default();
        let timed = actions.iter().any(|action| action.interval().is_some());
        let (mut spans, places) = if timed {
            of_actions(actions, &self.tools, from)
        } else {
            (of_tools(&self.tools, from), BTreeMap::new())
        };
        let path = if timed { critical_path::of(actions) } else { vec![] };
        let critical: i64 =
            path.iter().filter_map(|at| actions.get(*at)?.interval()).map(Interval::length).sum();
        let critical_path = path.iter().filter_map(|at| places.get(at).copied()).collect();
        let downloads: Vec<DownloadTime> =
            self.downloads.iter().map(|it| download(it, from)).collect();
        let wall_ms = self.wall.as_secs_f64() * 1e3;
        let stages = stages(&spans, &downloads, first_action(actions, &self.tools, from), wall_ms);
        for span in &mut spans {
            round(&mut [
                &mut span.start_ms,
                &mut span.end_ms,
                &mut span.queued_ms,
                &mut span.cpu_ms,
            ]);
        }
        let (exit_status, signal) = match self.end {
            End::Code(code) => (Some(code), None),
            End::Signal(signal) => (None, Some(signal)),
        };
        Build {
            schema: crate::BUILD_SCHEMA.into(),
            started_at: jiff::Timestamp::from_nanosecond(from.into())
                .unwrap_or_default()
                .to_string(),
            exit_status,
            signal,
            stopped: self.stopped.map(|why| match why {
                Stopped::Deadline => "deadline".to_owned(),
                Stopped::Memory => "memory".to_owned(),
                Stopped::Signal(signal) => format!("signal {signal}"),
            }),
            wall_ms: rounded(wall_ms),
            user_ms: rounded(self.cpu[0].as_secs_f64() * 1e3),
            system_ms: rounded(self.cpu[1].as_secs_f64() * 1e3),
            stages,
            packages: packages(actions, &self.tools),
            parallelism: parallelism(&self.tools),
            tools: tools(&self.tools),
            runs: runs(&self.tools, from),
            spans,
            critical_path,
            critical_ms: ms(critical),
            downloads,
            memory: Memory {
                peak_rss: self.peak_rss,
                limit: self.memory_limit,
                kills: self.memory_kills,
                curve: self.memory.clone(),
            },
            disks: self.disks.clone(),
            written_bytes: self.tools.iter().map(|run| run.output_bytes).sum(),
            unobserved: self.unobserved.clone(),
            ..Build::default()
        }
    }
}

fn ms(nanoseconds: i64) -> f64 {
    rounded(nanoseconds as f64 / 1e6)
}

fn rounded(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

fn round(all: &mut [&mut f64]) {
    all.iter_mut().for_each(|value| **value = rounded(**value));
}

fn interval(run: &ToolRun) -> Interval {
    let start = i64::try_from(run.started_ns).unwrap_or(i64::MAX);
    Interval { start, end: start.saturating_add(i64::try_from(run.wall_ns).unwrap_or(i64::MAX)) }
}

fn cpu_ms(run: &ToolRun) -> f64 {
    (run.user_us + run.sys_us) as f64 / 1e3
}

/// Actions that did something, each with the tools that ran meanwhile for its package; and the place of
/// each action among the spans.
fn of_actions(
    actions: &[Action],
    runs: &[ToolRun],
    from: i64,
) -> (Vec<Span>, BTreeMap<usize, usize>) {
    let mut by_package: BTreeMap<&str, Vec<&ToolRun>> = BTreeMap::new();
    for run in runs {
        by_package.entry(run.package.as_str()).or_default().push(run);
    }
    let mut found: Vec<(usize, Span)> = vec![];
    for (at, action) in actions.iter().enumerate() {
        let (Some(stage), Some(time)) = (stage::of_action(&action.mode), action.interval()) else {
            continue;
        };
        let own = by_package.get(action.package.as_str()).map(Vec::as_slice).unwrap_or_default();
        let own = own.iter().filter(|run| {
            let began = interval(run).start;
            time.start <= began && began <= time.end && stage::of_tool(run.tool()) == stage
        });
        let (mut count, mut cpu, mut peak, mut failed) = (0, 0.0, 0, false);
        for run in own {
            (count, cpu, peak) = (count + 1, cpu + cpu_ms(run), run.peak_rss.max(peak));
            failed |= !run.succeeded();
        }
        if count == 0 && !action.ran_tools() && time.length() < SHORT_NS {
            continue;
        }
        if count == 0 {
            cpu = ms(action.cmd_user + action.cmd_sys);
        }
        let queued = action.ready().map_or(0, |ready| (time.start - ready).max(0));
        let name =
            if action.package.is_empty() { action.mode.clone() } else { action.package.clone() };
        found.push((
            at,
            Span {
                stage: stage.to_owned(),
                name,
                action_id: action.action_id.clone(),
                start_ms: ms(time.start - from),
                end_ms: ms(time.end - from),
                queued_ms: ms(queued),
                cpu_ms: cpu,
                peak_rss: peak,
                failed: failed || action.failed && count == 0 && action.ran_tools(),
                cached: count == 0 && !action.ran_tools() && stage == "compile",
            },
        ));
    }
    found.sort_by(|(_, a), (_, b)| a.start_ms.total_cmp(&b.start_ms));
    let places = found.iter().enumerate().map(|(place, (at, _))| (*at, place)).collect();
    (found.into_iter().map(|(_, span)| span).collect(), places)
}

/// Where Go wrote no times: a killed build.
fn of_tools(runs: &[ToolRun], from: i64) -> Vec<Span> {
    let mut spans: Vec<Span> = runs
        .iter()
        .map(|run| {
            let time = interval(run);
            Span {
                stage: stage::of_tool(run.tool()).to_owned(),
                name: if run.package.is_empty() {
                    run.tool().to_owned()
                } else {
                    run.package.clone()
                },
                start_ms: ms(time.start - from),
                end_ms: ms(time.end - from),
                cpu_ms: cpu_ms(run),
                peak_rss: run.peak_rss,
                failed: !run.succeeded(),
                ..Span::default()
            }
        })
        .collect();
    spans.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
    spans
}

/// When the first action could begin: then all packages were known. In milliseconds from the start.
fn first_action(actions: &[Action], runs: &[ToolRun], from: i64) -> Option<f64> {
    let of_actions =
        actions.iter().filter_map(|action| action.ready().or(Some(action.interval()?.start)));
    let of_tools = runs.iter().map(|run| interval(run).start);
    of_actions.chain(of_tools).min().map(|first| ms(first - from).max(0.0))
}

fn stages(
    spans: &[Span],
    downloads: &[DownloadTime],
    first: Option<f64>,
    wall_ms: f64,
) -> Vec<StageTime> {
    let listed = rounded(first.unwrap_or(wall_ms).min(wall_ms));
    let nanoseconds = |ms: f64| (ms * 1e6) as i64;
    let mut network: Vec<Interval> = downloads
        .iter()
        .map(|it| Interval {
            start: nanoseconds(it.start_ms),
            end: nanoseconds((it.start_ms + it.wall_ms.unwrap_or(0.0)).min(wall_ms)),
        })
        .collect();
    let resolve = ms(stage::union(&mut network));
    let mut before: Vec<Interval> = network
        .iter()
        .map(|it| Interval { start: it.start, end: it.end.min(nanoseconds(listed)) })
        .collect();
    let mut stages = vec![StageTime {
        stage: "list".into(),
        wall_ms: rounded((listed - ms(stage::union(&mut before))).max(0.0)),
        end_ms: listed,
        count: 1,
        ..StageTime::default()
    }];
    if let Some(begun) = network.iter().map(|it| it.start).min() {
        let ended = network.iter().map(|it| it.end).max().unwrap_or(begun);
        stages.push(StageTime {
            stage: "resolve".into(),
            wall_ms: resolve,
            start_ms: ms(begun),
            end_ms: ms(ended),
            count: downloads.len() as u64,
            ..StageTime::default()
        });
    }
    for name in stage::STAGES.iter().skip(2) {
        let own: Vec<&Span> = spans.iter().filter(|span| span.stage == *name).collect();
        if own.is_empty() {
            continue;
        }
        let mut times: Vec<Interval> = own
            .iter()
            .map(|span| Interval {
                start: nanoseconds(span.start_ms),
                end: nanoseconds(span.end_ms),
            })
            .collect();
        let of = |pick: fn(&Span) -> f64| own.iter().map(move |span| pick(span));
        stages.push(StageTime {
            stage: (*name).to_owned(),
            wall_ms: ms(stage::union(&mut times)),
            cpu_ms: rounded(of(|span| span.cpu_ms).sum()),
            start_ms: of(|span| span.start_ms).fold(f64::INFINITY, f64::min),
            end_ms: of(|span| span.end_ms).fold(0.0, f64::max),
            count: own.len() as u64,
            failed: own.iter().any(|span| span.failed),
        });
    }
    stages
}

fn packages(actions: &[Action], runs: &[ToolRun]) -> Packages {
    let ran: BTreeSet<&str> =
        runs.iter().filter(|run| run.tool() == "compile").map(|run| run.package.as_str()).collect();
    let mut packages = Packages::default();
    for action in actions.iter().filter(|action| action.mode == "build") {
        packages.total += 1;
        let built = action.ran_tools() || ran.contains(action.package.as_str());
        packages.built += u64::from(built);
        packages.cached += u64::from(!built && action.interval().is_some() && !action.failed);
    }
    if actions.is_empty() {
        (packages.total, packages.built) = (ran.len() as u64, ran.len() as u64);
    }
    let failed: BTreeSet<&str> =
        runs.iter().filter(|run| !run.succeeded()).map(|run| run.package.as_str()).collect();
    packages.failed = failed.len() as u64;
    packages
}

fn tools(runs: &[ToolRun]) -> Vec<ToolTime> {
    let mut by_name: BTreeMap<&str, ToolTime> = BTreeMap::new();
    for run in runs {
        let tool = by_name.entry(run.tool()).or_default();
        tool.runs += 1;
        tool.failed += u64::from(!run.succeeded());
        tool.wall_ms += run.wall_ns as f64 / 1e6;
        tool.cpu_ms += cpu_ms(run);
        if run.peak_rss > tool.peak_rss {
            tool.peak_rss = run.peak_rss;
            tool.peak_package = run.package.clone();
        }
    }
    let mut tools: Vec<ToolTime> = by_name
        .into_iter()
        .map(|(name, tool)| ToolTime {
            tool: name.to_owned(),
            wall_ms: rounded(tool.wall_ms),
            cpu_ms: rounded(tool.cpu_ms),
            ..tool
        })
        .collect();
    tools.sort_by(|a, b| b.cpu_ms.total_cmp(&a.cpu_ms));
    tools
}

fn runs(runs: &[ToolRun], from: i64) -> Vec<RunTime> {
    let time = |run: &ToolRun| RunTime {
        package: run.package.clone(),
        tool: run.tool().to_owned(),
        start_ms: ms(interval(run).start - from),
        wall_ms: ms(interval(run).length()),
        user_ms: run.user_us as f64 / 1e3,
        system_ms: run.sys_us as f64 / 1e3,
        peak_rss: run.peak_rss,
        exit_status: run.exit,
        signal: run.signal,
        not_started: run.not_started.clone(),
        output_bytes: run.output_bytes,
    };
    let mut times: Vec<RunTime> = runs.iter().map(time).collect();
    times.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
    times
}

fn parallelism(runs: &[ToolRun]) -> f64 {
    let mut times: Vec<Interval> = runs.iter().map(interval).collect();
    let sum: i64 = times.iter().map(|it| it.length()).sum();
    match stage::union(&mut times) {
        0 => 0.0,
        busy => rounded(sum as f64 / busy as f64),
    }
}

fn download(it: &crate::downloads::Download, from: i64) -> DownloadTime {
    DownloadTime {
        module: it.module.clone(),
        version: it.version.clone(),
        start_ms: ms(it.started_ns - from),
        wall_ms: it.ended_ns.map(|ended| ms((ended - it.started_ns).max(0))),
        bytes: it.bytes,
    }
}
