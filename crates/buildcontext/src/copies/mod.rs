//! What a Dockerfile takes out of the build context: `COPY`, `ADD` and bind mounts.
//!
//! Rules: `toCommand`, `dispatchCopy` and `dispatchRunMounts` of BuildKit's `dockerfile2llb`. Sources with `--from`,
//! here-documents, URLs and Git repositories are not of the context; a `--from` that names no stage is an image or an
//! additional context (`--build-context`).

mod mount;
mod resolve;
mod scope;
mod source;

use std::collections::HashSet;

use dockerfile::{Base, Certainty, Dockerfile, Instruction, Keyword, Lines, Span, Stage};

use crate::go_path::{shell_match, within_root};
use scope::Scope;

pub use resolve::{Resolution, Tree};
pub use source::Origin;

/// Which instruction takes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `COPY`
    Copy,
    /// `ADD`
    Add,
    /// `RUN --mount=type=bind`
    Mount,
}

/// A source that an instruction names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As it is written.
    pub written: String,
    /// Where: the word, or the flag of a mount.
    pub span: Span,
    /// After expansion; `None` if it depends on something that the file does not tell.
    pub text: Option<String>,
    /// Who decides what `text` is.
    pub certainty: Certainty,
    /// Where it comes from.
    pub origin: Origin,
}

impl Source {
    /// The path within the context, cleaned; empty for the whole context. Wildcards stay.
    pub fn path(&self) -> Option<String> {
        self.text.as_deref().map(within_root)
    }
}

/// An instruction that takes something, out of the build context or from the net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Which instruction.
    pub verb: Verb,
    /// Its index in [`Dockerfile::instructions`]; for a trigger: of its `ONBUILD`.
    pub instruction: usize,
    /// Its lines.
    pub lines: Lines,
    /// The stage in which it runs. A trigger runs in the stages that are built from its own.
    pub stage: usize,
    /// Whether `docker build` without `--target` comes to that stage.
    pub reachable: bool,
    /// An `ONBUILD` trigger that no stage of this file fires: it will run in another build, with another context.
    pub deferred: bool,
    /// `--parents`: the source is a pattern, and directories above are kept.
    pub parents: bool,
    /// The values of `--exclude`. They are not expanded.
    pub exclude: Vec<String>,
    /// The value of `--checksum`.
    pub checksum: Option<String>,
    /// The sources, here-documents left out.
    pub sources: Vec<Source>,
}

/// Everything that a Dockerfile takes with `COPY`, `ADD` and bind mounts, but not from other stages or images.
///
/// ```
/// let file = dockerfile::parse("FROM scratch\nARG APP=web\nCOPY go.mod cmd/$APP ./\n")?;
/// let needs = buildcontext::needs(&file);
/// let paths: Vec<_> = needs[0].sources.iter().filter_map(|source| source.path()).collect();
/// assert_eq!(paths, ["go.mod", "cmd/web"]);
/// # Ok::<(), dockerfile::ParseError>(())
/// ```
pub fn needs(file: &Dockerfile) -> Vec<Need> {
    let reachable = reachable(file);
    let mut globals = Scope::new(true);
    let before = file.instructions.iter().take_while(|one| one.keyword != Keyword::From);
    let nothing = Scope::new(true);
    before.for_each(|instruction| globals.run(instruction, &nothing, file.escape));
    let mut ends: Vec<Scope> = Vec::new();
    let mut found = Vec::new();
    for stage in &file.stages {
        let mut scope = match stage.base {
            Base::Stage(base) => ends.get(base).cloned().unwrap_or_else(|| Scope::new(false)),
            Base::Scratch => Scope::new(true),
            Base::Image(_) | Base::Unresolved(_) => Scope::new(false),
        };
        for (at, instruction) in executed(file, stage) {
            scope.run(instruction, &globals, file.escape);
            let taken = of_instruction(instruction, &scope, file.escape);
            found.extend(taken.into_iter().map(|need| Need {
                instruction: at,
                stage: stage.index,
                reachable: reachable.contains(&stage.index),
                ..need
            }));
        }
        found.extend(unfired(file, stage, &scope));
        ends.push(scope);
    }
    found
}

/// What a stage runs: the triggers of the stage that it is built from, then its own instructions.
fn executed<'d>(
    file: &'d Dockerfile,
    stage: &'d Stage,
) -> impl Iterator<Item = (usize, &'d Instruction)> {
    let numbered = |stage: &'d Stage| stage.instructions.clone().zip(file.instructions_of(stage));
    let base = if let Base::Stage(base) = stage.base { file.stages.get(base) } else { None };
    let triggers = base.into_iter().flat_map(numbered);
    let triggers = triggers.filter_map(|(at, one)| Some((at, one.trigger.as_deref()?)));
    triggers.chain(numbered(stage))
}

/// The triggers of a stage that nothing in this file fires.
fn unfired(file: &Dockerfile, stage: &Stage, scope: &Scope) -> Vec<Need> {
    let fires = |other: &Stage| matches!(other.base, Base::Stage(base) if base == stage.index);
    if file.stages.iter().any(fires) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, instruction) in stage.instructions.clone().zip(file.instructions_of(stage)) {
        let Some(trigger) = &instruction.trigger else { continue };
        let taken = of_instruction(trigger, scope, file.escape);
        found.extend(taken.into_iter().map(|need| Need {
            instruction: at,
            stage: stage.index,
            deferred: true,
            ..need
        }));
    }
    found
}

fn of_instruction(instruction: &Instruction, scope: &Scope, escape: char) -> Vec<Need> {
    let verb = match instruction.keyword {
        Keyword::Run => return mounts(instruction, scope, escape),
        Keyword::Copy => Verb::Copy,
        Keyword::Add => Verb::Add,
        _ => return Vec::new(),
    };
    if instruction.flag("from").is_some_and(|from| !from.is_empty()) {
        return Vec::new();
    }
    let Some((_, sources)) = instruction.args.split_last() else { return Vec::new() };
    let is_heredoc = |text: &str| {
        let name = text.trim_start_matches(|ch: char| ch.is_ascii_digit()).strip_prefix("<<");
        name.is_some() && !instruction.heredocs.is_empty()
    };
    let sources = sources.iter().filter(|word| !is_heredoc(&word.text));
    let sources: Vec<Source> =
        sources.map(|word| source(&word.text, word.span, scope, escape)).collect();
    if sources.is_empty() {
        return Vec::new();
    }
    let values = |name: &'static str| {
        let flags = instruction.flags.iter().filter(move |flag| flag.name == name);
        flags.filter_map(|flag| flag.value.clone())
    };
    vec![Need {
        parents: verb == Verb::Copy && is_on(instruction, "parents"),
        exclude: values("exclude").collect(),
        checksum: values("checksum").next_back(),
        sources,
        ..Need::of(verb, instruction.lines)
    }]
}

impl Need {
    fn of(verb: Verb, lines: Lines) -> Self {
        Self {
            verb,
            instruction: 0,
            lines,
            stage: 0,
            reachable: false,
            deferred: false,
            parents: false,
            exclude: Vec::new(),
            checksum: None,
            sources: Vec::new(),
        }
    }
}

/// A flag without a value is on.
fn is_on(instruction: &Instruction, name: &str) -> bool {
    let flag = instruction.flags.iter().rev().find(|flag| flag.name == name);
    flag.is_some_and(|flag| flag.value.as_deref().is_none_or(|value| value == "true"))
}

fn source(written: &str, span: Span, scope: &Scope, escape: char) -> Source {
    let expanded = scope.expand(written, escape);
    let origin = Origin::of(expanded.text.as_deref().unwrap_or(written));
    Source {
        written: written.to_owned(),
        span,
        text: expanded.text,
        certainty: expanded.certainty,
        origin,
    }
}

fn mounts(instruction: &Instruction, scope: &Scope, escape: char) -> Vec<Need> {
    let mut found = Vec::new();
    for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
        let mount = mount::read(flag.value.as_deref().unwrap_or_default());
        let kind = scope.expand(&mount.kind, escape).text.unwrap_or_default();
        if !kind.eq_ignore_ascii_case("bind") || !mount.from.is_empty() {
            continue;
        }
        let source =
            Source { origin: Origin::Context, ..source(&mount.source, flag.span, scope, escape) };
        found.push(Need { sources: vec![source], ..Need::of(Verb::Mount, instruction.lines) });
    }
    found
}

/// The stages that the last one needs.
fn reachable(file: &Dockerfile) -> HashSet<usize> {
    let mut found = HashSet::new();
    let mut pending: Vec<usize> = file.final_stage().map(|stage| stage.index).into_iter().collect();
    while let Some(index) = pending.pop() {
        if !found.insert(index) {
            continue;
        }
        let Some(stage) = file.stages.get(index) else { continue };
        pending.extend(possible_bases(file, stage));
        for (_, instruction) in executed(file, stage) {
            let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
            let mounts =
                mounts.map(|flag| mount::read(flag.value.as_deref().unwrap_or_default()).from);
            let from = instruction.flag("from").map(str::to_owned);
            let named = mounts.chain(from).filter_map(|name| Some(file.stage(&name)?.index));
            pending.extend(named);
        }
    }
    found
}

/// The earlier stages that a stage may be built from. `FROM build-$TARGETOS` may mean any stage whose name fits.
pub(crate) fn possible_bases(file: &Dockerfile, stage: &Stage) -> Vec<usize> {
    match &stage.base {
        Base::Stage(base) => vec![*base],
        Base::Scratch | Base::Image(_) => Vec::new(),
        Base::Unresolved(written) => {
            let anything = |_: &str| Some("*".to_owned());
            let Ok(pattern) = dockerfile::expand(written, file.escape, &anything) else {
                return Vec::new();
            };
            let earlier = file.stages.iter().take_while(|other| other.index < stage.index);
            let fits = |other: &&Stage| {
                let name = other.name.as_deref().unwrap_or_default();
                // A pattern that says nothing at all fits everything, and so tells nothing.
                !pattern.text.trim_matches('*').is_empty()
                    && !name.is_empty()
                    && shell_match(pattern.text.to_lowercase(), name) == Ok(true)
            };
            earlier.filter(fits).map(|other| other.index).collect()
        }
    }
}

/// The paths that BuildKit asks the client for (`FollowPaths`), sorted; `None` if it asks for the whole context, or if
/// the file does not tell. They go to [`crate::follow_links`] and then to [`crate::Filter::needing`].
pub fn follow_paths(needs: &[Need]) -> Option<Vec<String>> {
    let mut paths = Vec::new();
    for need in needs.iter().filter(|need| need.reachable) {
        for source in need.sources.iter().filter(|source| source.origin == Origin::Context) {
            paths.push(source.path().filter(|path| !path.is_empty())?);
        }
    }
    paths.sort_unstable();
    paths.dedup();
    (!paths.is_empty()).then_some(paths)
}
