//! What `docker build` would do with each Dockerfile: what is sent, what is copied, what is lacking.

use crate::dockerfiles::DockerfileSource;
use crate::{Dockerfiles, ProbeError, World};
use buildcontext::{
    Entry, Fact, Filter, Leak, Matcher, Need, Options, Pattern, Resolution, Tree, WalkError,
    WalkProblem,
};
use goward_model::Text;
use goward_system::{Command, Excludes, SystemError};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Docker itself reads the whole file; nobody writes a larger one.
const MAX_IGNORE: u64 = 16 << 20;
/// More entries are counted, not judged.
const MAX_ENTRIES: usize = 300_000;
/// What is read of a file whose name does not tell whether it is a key.
const MAX_KEY: u64 = 64 << 10;

/// A `.dockerignore`.
#[derive(Clone, Debug)]
pub struct IgnoreFile {
    /// Where.
    pub path: String,
    /// Its text, for quoting.
    pub text: Arc<str>,
    /// Its patterns.
    pub patterns: Vec<Pattern>,
}

/// A source of `COPY`, `ADD` or a mount that the context does not have.
#[derive(Clone, Debug)]
pub struct Lack {
    /// The source, cleaned.
    pub path: String,
    /// Where it is named.
    pub span: dockerfile::Span,
    /// The line of the `.dockerignore` that keeps it out; `None` where it is not on the disk.
    pub pattern: Option<usize>,
    /// Whether it is on the disk. If it is and nothing excludes it, it is a link that leads nowhere
    /// within the context.
    pub on_disk: bool,
    /// Whether it is on the disk and the `.dockerignore` keeps it out.
    pub is_excluded: bool,
    /// Whether git ignores it: it is made by the build, not committed.
    pub is_artefact: bool,
}

/// A Dockerfile, and what `docker build` would do with it.
#[derive(Clone, Debug)]
pub struct ImageBuild {
    /// The Dockerfile.
    pub dockerfile: DockerfileSource,
    /// The folder that is sent, relative to the target.
    pub context: String,
    /// Whether policy says so; else it is a guess.
    is_given: bool,
    /// Its `.dockerignore`, or that of the Dockerfile.
    pub ignore: Option<IgnoreFile>,
    /// What is wrong with the `.dockerignore`: file, line, words.
    pub ignore_error: Option<(String, usize, String)>,
    /// What the Dockerfile says, typed.
    pub facts: Vec<Fact>,
    /// What should not be sent and is.
    pub leaks: Vec<Leak>,
    /// Sources that the context lacks.
    pub lacks: Vec<Lack>,
    /// Links that are sent and lead out of the context, with their targets.
    pub links: Vec<(String, String)>,
    /// What could not be read.
    pub problems: Vec<WalkProblem>,
    /// Files and bytes that are sent.
    pub sent: (u64, u64),
    /// Whether there was more than is judged.
    pub truncated: bool,
}

/// Every Dockerfile, and what `docker build` would do with it.
#[derive(Clone, Debug, Default)]
pub struct ImageBuilds {
    /// In the order of their paths.
    pub builds: Vec<ImageBuild>,
}

impl crate::Fact for ImageBuilds {
    const NAME: &'static str = "image builds";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let found = world.fact::<Dockerfiles>()?;
        let mut all = Self::default();
        for source in &found.files {
            world.system.check_time()?;
            let given = given_contexts(world, source);
            let is_given = !given.is_empty();
            let contexts = if is_given { given } else { vec![likely_context(world, source)?] };
            for context in contexts {
                all.builds.push(build(world, source, context, is_given)?);
            }
        }
        all.mark_artefacts(world);
        Ok(all)
    }
}

/// A folder as it is named in reports.
fn folder(name: &str) -> String {
    let name = name.trim_start_matches("./").trim_end_matches('/');
    if name.is_empty() { ".".to_owned() } else { name.to_owned() }
}

/// The folders that are sent, where policy names them for this Dockerfile.
fn given_contexts(world: &World<'_>, source: &DockerfileSource) -> Vec<String> {
    let builds = &world.settings.container.build;
    let builds = builds.iter().filter(|build| build.dockerfile == source.path);
    builds.map(|build| folder(&build.context)).collect()
}

/// The folder that is sent: policy's. A Dockerfile in a folder of its own may also be built from
/// there; the folder that has more of what it copies is taken.
fn likely_context(world: &World<'_>, source: &DockerfileSource) -> Result<String, ProbeError> {
    let given = folder(&world.settings.container.context);
    let Some((folder, _)) = source.path.rsplit_once('/') else { return Ok(given) };
    let needs = buildcontext::needs(&source.file);
    let sources = needs.iter().flat_map(|need| &need.sources);
    let sources: BTreeSet<String> =
        sources.filter_map(buildcontext::Source::path).filter(|path| !path.is_empty()).collect();
    let has = |context: &str| -> Result<usize, ProbeError> {
        let mut count = 0;
        for path in sources.iter().filter(|path| !path.contains(['*', '?', '['])) {
            match world.system.stat(&format!("{context}/{path}")) {
                Ok(_) => count += 1,
                Err(SystemError::NotFound(_)) => {}
                Err(err @ (SystemError::TimedOut(_) | SystemError::Cancelled)) => {
                    return Err(err.into());
                }
                Err(_) => {}
            }
        }
        Ok(count)
    };
    Ok(if has(folder)? > has(&given)? { folder.to_owned() } else { given })
}

fn build(
    world: &World<'_>,
    source: &DockerfileSource,
    context: String,
    is_given: bool,
) -> Result<ImageBuild, ProbeError> {
    let mut build = ImageBuild {
        dockerfile: source.clone(),
        context,
        is_given,
        ignore: None,
        ignore_error: None,
        facts: vec![],
        leaks: vec![],
        lacks: vec![],
        links: vec![],
        problems: vec![],
        sent: (0, 0),
        truncated: false,
    };
    let matcher = build.read_ignore(world)?;
    let needs = buildcontext::needs(&source.file);
    let filter = matcher.map(Filter::new);
    build.facts = buildcontext::facts(&source.file, &needs, filter.as_ref());
    if build.ignore_error.is_none() {
        build.walk(world, &needs, filter.unwrap_or_else(Filter::everything))?;
    }
    Ok(build)
}

/// A path within the context, as the target's System reads it.
fn within(context: &str, path: &str) -> String {
    if context == "." { path.to_owned() } else { format!("{context}/{path}") }
}

impl ImageBuild {
    /// Reads `<Dockerfile>.dockerignore`, else the context's.
    fn read_ignore(&mut self, world: &World<'_>) -> Result<Option<Matcher>, ProbeError> {
        let own = format!("{}.dockerignore", self.dockerfile.path);
        for path in [own, within(&self.context, ".dockerignore")] {
            let bytes = match world.system.read(&path, MAX_IGNORE) {
                Ok(bytes) => bytes,
                Err(SystemError::NotFound(_)) => continue,
                Err(err @ SystemError::NotAFile(_)) => {
                    self.ignore_error = Some((path, 1, err.to_string()));
                    return Ok(None);
                }
                Err(err) => return Err(err.into()),
            };
            let text = String::from_utf8_lossy(&bytes).into();
            let patterns = match buildcontext::parse(&bytes) {
                Ok(patterns) => patterns,
                Err(err) => {
                    self.ignore_error = Some((path, err.line(), err.to_string()));
                    return Ok(None);
                }
            };
            let matcher = Matcher::new(&patterns);
            self.ignore = Some(IgnoreFile { path: path.clone(), text, patterns });
            return match matcher {
                Ok(matcher) => Ok(Some(matcher)),
                Err(err) => {
                    self.ignore_error = Some((path, err.line(), err.to_string()));
                    Ok(None)
                }
            };
        }
        Ok(None)
    }

    /// Looks at what is sent.
    fn walk(
        &mut self,
        world: &World<'_>,
        needs: &[Need],
        filter: Filter,
    ) -> Result<(), ProbeError> {
        let root = world.system.on_disk(&self.context)?;
        let unusable = |why: String| ProbeError::Unusable(Text::same(why));
        let filter = match buildcontext::follow_paths(needs) {
            None => filter,
            Some(paths) => {
                let links = buildcontext::follow_links(&root, &paths);
                let links = links.map_err(|err| unusable(err.to_string()))?;
                filter.needing(&links).map_err(|err| unusable(err.to_string()))?
            }
        };
        let options = Options { max_entries: MAX_ENTRIES, ..Options::default() };
        let found = match buildcontext::walk(&root, &filter, &options) {
            Ok(found) => found,
            Err(err) => {
                let line = match &err {
                    WalkError::Pattern(pattern) => pattern.line,
                    WalkError::Root { .. } => 1,
                };
                let place = self.ignore.as_ref().map(|ignore| ignore.path.clone());
                self.ignore_error = place.map(|place| (place, line, err.to_string()));
                return if self.ignore_error.is_some() {
                    Ok(())
                } else {
                    Err(unusable(err.to_string()))
                };
            }
        };
        self.truncated = found.truncated;
        self.sent = (found.summary.all.sent.files, found.summary.all.sent.bytes);
        self.links = found
            .links
            .iter()
            .map(|(entry, _)| (entry.path.clone(), entry.target.clone().unwrap_or_default()))
            .collect();
        self.problems = found.problems;
        self.take_leaks(world, &found.entries)?;
        self.take_lacks(world, needs, &found.entries, &filter)
    }

    fn take_leaks(&mut self, world: &World<'_>, entries: &[Entry]) -> Result<(), ProbeError> {
        let allowed = Excludes::new(&world.settings.container.allow)?;
        for leak in buildcontext::leaks(entries) {
            let path = within(&self.context, &leak.path);
            if allowed.matches(&path) {
                continue;
            }
            if leak.wants_content {
                let content = world.system.read(&path, MAX_KEY).unwrap_or_default();
                if !buildcontext::holds_private_key(&content) {
                    continue;
                }
            }
            self.leaks.push(leak);
        }
        Ok(())
    }

    fn take_lacks(
        &mut self,
        world: &World<'_>,
        needs: &[Need],
        entries: &[Entry],
        filter: &Filter,
    ) -> Result<(), ProbeError> {
        if self.truncated {
            return Ok(());
        }
        let tree = Tree::new(entries);
        let mut there = false;
        for need in needs.iter().filter(|need| need.reachable && !need.deferred) {
            for source in &need.sources {
                // What a build argument decides may be right with another value.
                if source.certainty != dockerfile::Certainty::Fixed {
                    continue;
                }
                let path = match tree.resolve(need, source) {
                    Resolution::Absent { path } => path,
                    Resolution::Taken(_) => {
                        there = true;
                        continue;
                    }
                    _ => continue,
                };
                // What is not sent may be on the disk all the same: then a pattern keeps it out.
                let on_disk = match world.system.stat(&within(&self.context, &path)) {
                    Ok(stat) => Some(stat.kind == goward_system::FileKind::Dir),
                    Err(err @ (SystemError::TimedOut(_) | SystemError::Cancelled)) => {
                        return Err(err.into());
                    }
                    Err(_) => None,
                };
                let decision = on_disk.and_then(|is_dir| filter.decide(&path, is_dir).ok());
                let is_excluded = decision.as_ref().is_some_and(|decision| decision.ignored);
                let pattern = decision.and_then(|decision| Some(decision.pattern?.line));
                let (span, on_disk) = (source.span, on_disk.is_some());
                let is_artefact = false;
                self.lacks.push(Lack { path, span, pattern, on_disk, is_excluded, is_artefact });
            }
        }
        // Where nothing that is copied is there, this is not the folder that is sent.
        if !there && !self.is_given {
            self.lacks.retain(|lack| lack.on_disk);
        }
        Ok(())
    }
}

impl ImageBuilds {
    /// Asks git which of the lacking files it ignores. Without git nothing is known to be made.
    fn mark_artefacts(&mut self, world: &World<'_>) {
        let lacks = self.builds.iter_mut().flat_map(|build| {
            let context = build.context.clone();
            build.lacks.iter_mut().map(move |lack| (within(&context, &lack.path), lack))
        });
        let mut absent: Vec<(String, &mut Lack)> =
            lacks.filter(|(_, lack)| !lack.on_disk).collect();
        if absent.is_empty() {
            return;
        }
        let mut args = vec!["--no-optional-locks", "check-ignore", "--no-index", "-z", "--"];
        args.extend(absent.iter().take(1000).map(|(path, _)| path.as_str()));
        let command = Command::new("git", args.iter().copied());
        let command = command.limit(Duration::from_secs(5)).keep(1 << 20);
        // It exits with 1 where none is ignored.
        let Ok(printed) = world.system.run(&command).and_then(|output| output.success(&command))
        else {
            return;
        };
        let ignored: BTreeSet<&str> = printed.split(['\0', '\n']).collect();
        for (path, lack) in &mut absent {
            lack.is_artefact = ignored.contains(path.as_str());
        }
    }
}
