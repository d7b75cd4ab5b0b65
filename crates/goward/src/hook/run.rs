//! `goward hook run`: steps from the cheapest to the dearest, up to the first closed gate.

use super::allows::Allows;
use super::hooked::{Hooked, Step};
use super::subject::{Subject, go_work};
use super::targets::{self, Target};
use super::{
    audit, checks, compile, files, forgotten, go_settings, graph, history, nested, outcome, push,
    told, uncompiled, unloaded,
};
use crate::cli::{Global, HookRunArgs};
use crate::console::Console;
use crate::graph::go_env;
use crate::policy::{self, Asked};
use goward_config::{HookSettings, OnIgnored, OnSlow};
use goward_git::{GitError, Ignored, Repo, Scratch};
use goward_model::{ExitStatus, Gate, Identity, Lang, Report, Text};
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A go.mod is smaller.
const MAX_GO_MOD: u64 = 16 << 20;

/// Files are written even where the budget is nothing: it is looked at before each step.
const LEAST: Duration = Duration::from_secs(1);

/// A run: who is asked, and until when.
pub(super) struct Run<'r> {
    pub(super) repo: &'r Repo<'r>,
    pub(super) system: &'r OsSystem,
    pub(super) settings: HookSettings,
    pub(super) asked: Asked<'r>,
    pub(super) deadline: Instant,
    /// The folder of which the whole checklist was judged before: modules and packages elsewhere are judged there.
    pub(super) covered: Option<PathBuf>,
}

pub(super) fn run(
    args: &HookRunArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(&args.dir);
    let started = system.now();
    let cancel = system.cancel_token();
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, cancel.flag())?;
    }
    match judged(args, global, console, &system, started) {
        // Wherever it was: what was not finished is no answer.
        _ if cancel.is_cancelled() => Ok(ExitStatus::Interrupted),
        done => done,
    }
}

fn judged(
    args: &HookRunArgs,
    global: &Global,
    console: &Console,
    system: &OsSystem,
    started: Instant,
) -> anyhow::Result<ExitStatus> {
    let cancel = system.cancel_token();
    let repo = Repo::find(system)?;
    let asked = || Asked { file: args.policy.as_deref(), set: &args.set, flags: vec![] };
    let mut settings = policy::of(&repo.top, &asked())?.file.hook;
    settings.deep |= args.deep;
    let budget = args.budget.map_or(Duration::from_millis(settings.budget_ms), Duration::from_secs);
    let repo = repo.within(budget.max(LEAST));
    let deadline = started + budget;
    let run = Run { repo: &repo, system, settings, asked: asked(), deadline, covered: None };
    let done = match (&args.since, args.push) {
        (Some(revision), _) => {
            Subject::since(&repo, revision).and_then(|subject| run.judge(subject))
        }
        (None, true) => push::judge(&run, args.remote.as_deref()),
        (None, false) => run.judge_staged(),
    };
    let hooked = match done {
        Err(err) if matches!(err.downcast_ref::<GitError>(), Some(GitError::TimedOut)) => {
            run.out_of_time()
        }
        Err(err) => match err.downcast_ref::<GitError>() {
            Some(GitError::NotHere(_)) => {
                let mut hooked = Hooked::new();
                let title = Text::new("what is staged is here", "暂存的内容在本机");
                hooked.add(outcome::unknown("staged", title, Text::same(err.to_string())));
                hooked
            }
            _ => return Err(err),
        },
        Ok(hooked) => hooked,
    };
    if cancel.is_cancelled() {
        return Ok(ExitStatus::Interrupted);
    }
    let latency = system.now().duration_since(started);
    let gate = hooked.gate;
    if global.format == Format::Human {
        // The checklist is a module's.
        let is_module = run.repo.top.join("go.mod").is_file();
        let ci = if is_module { "goward check" } else { "goward hook run" };
        told::tell(&hooked, latency, args, ci, console)?;
    }
    let report =
        Report::new(identity(&run, args), hooked.outcomes, gate, latency.as_secs_f64() * 1e3);
    if global.format != Format::Human {
        console.print(&render(&report, global.format, &console.options(console.color)))?;
    }
    Ok(crate::check::to_files(&report, global, console))
}

impl Run<'_> {
    /// What is staged; its tree is noted as judged.
    fn judge_staged(&self) -> anyhow::Result<Hooked> {
        let ignored = match self.settings.ignored {
            OnIgnored::Keep => Ignored::Keep,
            OnIgnored::Hide => Ignored::Hide,
        };
        let scratch = Scratch::new()?;
        let (tree, subject) = std::thread::scope(|scope| {
            let tree = scope.spawn(|| self.repo.staged_tree(scratch.path()));
            let subject = Subject::staged(self.repo, ignored, None);
            (tree.join(), subject)
        });
        let subject = subject?;
        let changed = !subject.paths().is_empty();
        let hooked = self.judge(subject)?;
        // Where nothing is staged nothing was judged, and where the time was over not all was.
        let judged = changed && hooked.left.is_empty() && hooked.gate == Gate::Open;
        if let (Ok(Ok(tree)), true) = (tree, judged) {
            // Where it cannot be noted, the audit will name the commit: the commit itself is none the worse.
            let _ = audit::note(self.repo, &tree, self.system.unix_time());
        }
        Ok(hooked)
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(self.system.now())
    }

    /// All steps.
    pub(super) fn judge(&self, mut subject: Subject) -> anyhow::Result<Hooked> {
        let mut hooked = Hooked::new();
        // What one commit adds and the next takes away is no change, and is pushed.
        if subject.paths().is_empty() && subject.range.is_none() {
            return Ok(hooked);
        }
        if let Some(outcome) = nested::lost_names(self.repo, &subject)? {
            hooked.add(outcome);
        }
        let targets = targets::of(self.repo, &subject, &self.asked)?;
        if self.begins(Step::Modules, &mut hooked) {
            self.judge_modules(&mut subject, &targets, &mut hooked)?;
        }
        if self.begins(Step::Files, &mut hooked) {
            self.judge_files(&subject, &targets, &mut hooked)?;
        }
        self.judge_packages(&mut subject, &targets, &mut hooked)?;
        self.close_if_slow(&mut hooked);
        nested::judge(&subject, &mut hooked);
        Ok(hooked)
    }

    fn judge_modules(
        &self,
        subject: &mut Subject,
        targets: &[Target],
        hooked: &mut Hooked,
    ) -> anyhow::Result<()> {
        // All of it is compared: licences and documents, too.
        if targets.iter().any(|target| target.vendor_changed) {
            subject.write(self.repo, |path| path.split('/').any(|part| part == "vendor"))?;
        }
        if let Some(outcome) = targets::orphans(self.repo, subject) {
            hooked.add(outcome);
        }
        let is_judged = |target: &&Target| {
            target.is_module && !self.is_covered(target) && self.is_meant(&target.root)
        };
        for target in targets.iter().filter(is_judged) {
            let mut ids = BTreeSet::new();
            if target.modules_changed {
                ids.extend(checks::INTEGRITY);
                if go_settings::completes_sums(subject, target) {
                    ids.remove("go-sum-complete");
                }
            }
            if target.vendor_changed {
                ids.extend(checks::VENDOR);
            }
            if go_settings::needs_no_sums(self.repo, subject, target)? {
                ids.retain(|id| !checks::OF_SUMS.contains(id));
            }
            if ids.is_empty() {
                continue;
            }
            // Hundreds of modules at once: each has its own go.mod to be held against the others.
            if self.left().is_zero() {
                hooked.left.push(Step::Modules);
                break;
            }
            let (ids, left) = (Vec::from_iter(ids), self.left());
            let judged = checks::run(target, &ids, self.system, &subject.overlay, None, left)?;
            self.take(judged, Step::Modules, hooked);
        }
        Ok(())
    }

    fn judge_files(
        &self,
        subject: &Subject,
        targets: &[Target],
        hooked: &mut Hooked,
    ) -> anyhow::Result<()> {
        let range = subject.range.as_ref();
        let written = range.map(|range| history::written(self.repo, range)).transpose()?;
        let allows = Allows::new(self.repo, subject, &self.asked);
        for target in targets {
            if self.left().is_zero() {
                hooked.left.push(Step::Files);
                break;
            }
            for outcome in files::judge(self.repo, subject, target, written.as_ref(), &allows)? {
                // What nobody looked at is said, and blocks nobody.
                if outcome.verdict.gate() == Gate::Closed {
                    hooked.gate = Gate::Closed;
                }
                hooked.outcomes.push(outcome);
            }
            if self.is_covered(target) {
                continue;
            }
            let (ids, left) = (&checks::FILES, self.left());
            let judged = checks::run(target, ids, self.system, &subject.overlay, None, left)?;
            self.take(judged, Step::Files, hooked);
        }
        if let Some(written) = &written {
            hooked.add(history::judge(self.repo, written, &allows)?);
        }
        Ok(())
    }

    fn judge_packages(
        &self,
        subject: &mut Subject,
        targets: &[Target],
        hooked: &mut Hooked,
    ) -> anyhow::Result<()> {
        if !self.begins(Step::Packages, hooked) {
            if hooked.gate != Gate::Closed {
                hooked.left.push(Step::Compile);
            }
            return Ok(());
        }
        let has_workspaces = go_env("GOWORK").as_deref() != Some("off");
        let top = &self.repo.top;
        let is_go = |target: &&Target| {
            let is_work = || go_work(top, &target.root, &subject.overlay).is_some();
            let is_fixture = || targets::is_passed_over(self.repo, subject, &target.root);
            target.is_module || (has_workspaces && is_work() && !is_fixture())
        };
        let roots: Vec<&Target> = targets.iter().filter(is_go).collect();
        let is_over = || self.left().is_zero();
        let loaded = graph::load(self.repo, subject, &roots, self.settings.deep, &is_over);
        let graph::Loaded { mut reached, stale, is_cut } = match loaded {
            Ok(loaded) => loaded,
            Err(err) => {
                hooked.add(unloaded::judge(self.repo, subject, err)?);
                return Ok(());
            }
        };
        if is_cut {
            hooked.left.push(Step::Packages);
        }
        if let Some(covered) = &self.covered {
            reached.iter_mut().for_each(|one| one.keep_below(covered));
        }
        hooked.outcomes.extend(unloaded::stale(self.repo, &stale));
        hooked.outcomes.extend(targets::templates(targets));
        for one in &reached {
            let Some(target) = targets.iter().find(|target| target.root == one.root) else {
                continue;
            };
            if self.is_covered(target) || !self.is_meant(&target.root) {
                continue;
            }
            if is_over() {
                hooked.left.push(Step::Packages);
                break;
            }
            let ids = &checks::PACKAGES;
            let packages = Some(one.packages());
            let left = self.left();
            let overlay = &subject.overlay;
            let mut judged = checks::run(target, ids, self.system, overlay, packages, left)?;
            forgotten::help(&self.repo.top, target, overlay, &mut judged.outcomes);
            self.take(judged, Step::Packages, hooked);
        }
        hooked.outcomes.extend(unloaded::outside(self.repo, &reached));
        if let Some(outcome) = uncompiled::outcome_of(self.repo, subject, &reached)? {
            hooked.add(outcome);
        }
        for one in reached.iter().filter(|one| !one.compile.is_empty()) {
            if let Some(outcome) = graph::lacks(self.repo, one) {
                hooked.add(outcome);
                continue;
            }
            if !self.begins(Step::Compile, hooked) {
                break;
            }
            let embedded = one.embedded();
            let top = self.repo.top.clone();
            subject.write(self.repo, |path| embedded.contains(&top.join(path)))?;
            match compile::judge(self.repo, subject, one, self.system, self.left())? {
                compile::Compiled::TimeIsOver => hooked.left.push(Step::Compile),
                compile::Compiled::Done(outcome) => {
                    hooked.compiled += one.compile.len();
                    hooked.add(*outcome);
                }
            }
        }
        Ok(())
    }

    /// Whether the checks of the catalogue were asked of a target before.
    fn is_covered(&self, target: &Target) -> bool {
        self.covered.as_ref() == Some(&target.root)
    }

    /// Whether modules and packages of a folder are judged here.
    fn is_meant(&self, dir: &Path) -> bool {
        self.covered.as_ref().is_none_or(|covered| dir.starts_with(covered))
    }

    /// Whether a step is begun: not behind a closed gate, and not without time.
    fn begins(&self, step: Step, hooked: &mut Hooked) -> bool {
        if hooked.gate == Gate::Closed {
            return false;
        }
        if self.left().is_zero() {
            if !hooked.left.contains(&step) {
                hooked.left.push(step);
            }
            return false;
        }
        true
    }

    fn take(&self, judged: checks::Judged, step: Step, hooked: &mut Hooked) {
        // What is not known because the time was over is left to CI, like all that comes behind it.
        if judged.gate == Gate::Inconclusive && self.left().is_zero() {
            hooked.left.push(step);
        } else {
            hooked.gate = hooked.gate.max(judged.gate);
        }
        hooked.outcomes.extend(judged.outcomes);
        hooked.beside.extend(judged.beside);
    }

    /// Not even the staged files could be written in time.
    fn out_of_time(&self) -> Hooked {
        let left = vec![Step::Modules, Step::Files, Step::Packages, Step::Compile];
        let mut hooked = Hooked { left, ..Hooked::new() };
        self.close_if_slow(&mut hooked);
        hooked
    }

    fn close_if_slow(&self, hooked: &mut Hooked) {
        hooked.left.dedup();
        if hooked.left.is_empty() || hooked.gate == Gate::Closed {
            return;
        }
        let why = Text::new("the time was not enough", "时间不够");
        for step in &hooked.left {
            let title = Text::new(step.name(Lang::En), step.name(Lang::Zh));
            let id = format!("hook-{}", step.name(Lang::En));
            hooked.outcomes.push(outcome::unknown(&id, title, why.clone()));
        }
        if self.settings.slow == OnSlow::Closed {
            hooked.gate = Gate::Closed;
        }
    }
}

fn identity(run: &Run<'_>, args: &HookRunArgs) -> Identity {
    let started =
        jiff::Timestamp::from_second(run.system.unix_time()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let commit: Result<Option<String>, GitError> = run.repo.commit_of("HEAD");
    let above = args.dir.canonicalize().unwrap_or_else(|_| run.repo.top.clone());
    let within = above.ancestors().take_while(|dir| dir.starts_with(&run.repo.top));
    let go_mod = within.map(|dir| dir.join("go.mod")).find(|file| file.is_file());
    let module = |file: PathBuf| {
        let text = run.system.read_text(&file.to_string_lossy(), MAX_GO_MOD).ok()?;
        Some(gomod::parse_go_mod(&text).ok()?.module?.path)
    };
    Identity {
        module: go_mod.and_then(module),
        commit: commit.ok().flatten(),
        go_version: go_env("GOVERSION"),
        goflags: go_env("GOFLAGS"),
        ..crate::check::begun(started, args.dir.display().to_string())
    }
}
