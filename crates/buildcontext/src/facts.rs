//! Facts about a Dockerfile that a check may hold against it. Wording is left to the reader.

use dockerfile::{Base, Certainty, Dockerfile, Instruction, Keyword, Span};

use crate::copies::{Need, Origin, Verb, possible_bases};
use crate::filter::Filter;
use crate::go_path::shell_match;
use crate::secrets::SecretSign;

/// A fact, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What is the case.
    pub kind: FactKind,
    /// Where.
    pub span: Span,
    /// The stage, if it is in one.
    pub stage: Option<usize>,
    /// Who decides: of a build argument the default is judged.
    pub certainty: Certainty,
}

/// What is the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// `COPY .` or `ADD .` takes the whole context, and there is no `.dockerignore`.
    WholeContext,
    /// `go mod download` runs when a `go.mod` was copied, but not the `go.sum` beside it.
    GoSumNotCopied {
        /// The `go.mod` in the context.
        go_mod: String,
    },
    /// A `go.mod` or `go.sum` that a source names is kept out by the `.dockerignore`.
    GoFileExcluded {
        /// The file in the context.
        path: String,
        /// The index of the pattern in [`crate::Matcher::patterns`] that excludes it.
        pattern: Option<usize>,
    },
    /// An image without a digest, in `FROM`, `COPY --from` or a mount.
    NotPinned {
        /// The image, defaults of build arguments filled in.
        image: String,
    },
    /// A secret in `ENV` or `ARG`. Its value is not repeated here.
    Secret {
        /// The variable.
        name: String,
        /// What gives it away.
        sign: SecretSign,
    },
    /// `ADD` of something from the net, which may be another thing tomorrow.
    RemoteWithoutChecksum {
        /// A Git repository, not a file.
        git: bool,
    },
}

/// All facts, in the order of the file. `filter` is that of the `.dockerignore`, if there is one.
pub fn facts(file: &Dockerfile, needs: &[Need], filter: Option<&Filter>) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    for need in needs {
        found.extend(of_need(need, filter));
    }
    go_sum(file, needs, &mut found);
    images(file, &mut found);
    for instruction in &file.instructions {
        secrets(file, instruction, &mut found);
    }
    found.sort_by_key(|fact| fact.span.start);
    // A trigger is seen in every stage that fires it.
    found.dedup_by(|one, two| one.kind == two.kind && one.span == two.span);
    found
}

fn of_need(need: &Need, filter: Option<&Filter>) -> Vec<Fact> {
    let mut found = Vec::new();
    for source in &need.sources {
        let mut add = |kind| {
            let Need { stage, .. } = need;
            found.push(Fact {
                kind,
                span: source.span,
                stage: Some(*stage),
                certainty: source.certainty,
            });
        };
        if source.origin != Origin::Context {
            let git = source.origin == Origin::Git;
            let in_url = source.text.as_deref().is_some_and(has_commit);
            if need.verb == Verb::Add
                && need.checksum.as_deref().is_none_or(str::is_empty)
                && !(git && in_url)
            {
                add(FactKind::RemoteWithoutChecksum { git });
            }
            continue;
        }
        let Some(path) = source.path() else { continue };
        if path.is_empty()
            && need.verb != Verb::Mount
            && filter.is_none()
            && need.exclude.is_empty()
        {
            add(FactKind::WholeContext);
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let Some(filter) = filter.filter(|_| matches!(name, "go.mod" | "go.sum")) else { continue };
        if let Some(decision) = filter.decide(&path, false).ok().filter(|decision| decision.ignored)
        {
            let patterns = filter.matcher().patterns();
            let pattern = decision.pattern.and_then(|by| patterns.iter().position(|one| one == by));
            add(FactKind::GoFileExcluded { path, pattern });
        }
    }
    found
}

/// Whether the address of a repository names a commit: `#0123…` or `checksum=…`.
fn has_commit(url: &str) -> bool {
    let is_commit = |text: &str| {
        matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let fragment = url.split_once('#').map_or("", |(_, fragment)| fragment);
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    is_commit(fragment.split(':').next().unwrap_or_default())
        || query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .any(|(name, value)| matches!(name, "checksum" | "commit" | "ref") && is_commit(value))
}

/// `go mod download` in front of the copy of `go.sum`.
fn go_sum(file: &Dockerfile, needs: &[Need], found: &mut Vec<Fact>) {
    for stage in &file.stages {
        let lineage: Vec<usize> = file.lineage(stage).iter().map(|stage| stage.index).collect();
        for (at, instruction) in stage.instructions.clone().zip(file.instructions_of(stage)) {
            if !downloads(instruction) {
                continue;
            }
            let before = |need: &&Need| {
                lineage.contains(&need.stage)
                    && !need.deferred
                    && (need.instruction < at
                        || (need.instruction == at && need.verb == Verb::Mount))
            };
            let sources: Vec<_> = needs
                .iter()
                .filter(before)
                .flat_map(|need| &need.sources)
                .filter(|source| source.origin == Origin::Context)
                .collect();
            // What cannot be told may be the file.
            if sources.iter().any(|source| source.text.is_none()) {
                continue;
            }
            for source in &sources {
                let Some(path) = source.path() else { continue };
                let Some(folder) = path.strip_suffix("go.mod") else { continue };
                if !(folder.is_empty() || folder.ends_with('/')) {
                    continue;
                }
                let sum = format!("{folder}go.sum");
                let covers = |path: String| {
                    let below =
                        sum.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
                    path.is_empty() || below || shell_match(&path, &sum) == Ok(true)
                };
                if !sources.iter().filter_map(|source| source.path()).any(covers) {
                    found.push(Fact {
                        kind: FactKind::GoSumNotCopied { go_mod: path },
                        span: source.span,
                        stage: Some(stage.index),
                        certainty: source.certainty,
                    });
                }
            }
        }
    }
}

/// Whether a `RUN` calls `go mod download`.
fn downloads(instruction: &Instruction) -> bool {
    if instruction.keyword != Keyword::Run {
        return false;
    }
    let texts = instruction.args.iter().map(|word| word.text.as_str());
    let heredocs = instruction.heredocs.iter().map(|heredoc| heredoc.content.as_str());
    let joined: Vec<&str> = texts.chain(heredocs).flat_map(str::split_whitespace).collect();
    joined.windows(3).any(|words| {
        let first = words.first().map_or("", |word| word.trim_start_matches(['(', '{']));
        let go = first == "go" || first.ends_with("/go");
        let download = words.get(2).map(|word| word.trim_end_matches([';', '&', ')', '|', '}']));
        go && words.get(1) == Some(&"mod") && download == Some("download")
    })
}

fn images(file: &Dockerfile, found: &mut Vec<Fact>) {
    for stage in &file.stages {
        let image = match &stage.base {
            Base::Image(image) => image,
            Base::Unresolved(image) if possible_bases(file, stage).is_empty() => image,
            _ => continue,
        };
        let Some(word) = stage.base_word.as_ref().filter(|_| !is_pinned(image)) else { continue };
        let certainty = match stage.base {
            Base::Unresolved(_) => Certainty::Unknown,
            _ if word.text.contains('$') => Certainty::BuildArgument,
            _ => Certainty::Fixed,
        };
        found.push(Fact {
            kind: FactKind::NotPinned { image: image.clone() },
            span: word.span,
            stage: Some(stage.index),
            certainty,
        });
    }
    for stage in &file.stages {
        for instruction in file.instructions_of(stage) {
            for flag in instruction.flags.iter().filter(|flag| flag.name == "from") {
                let image = flag.value.as_deref().unwrap_or_default();
                // A name without a tag may as well be an additional context.
                let is_image = image.contains([':', '/']) && file.stage(image).is_none();
                if instruction.keyword == Keyword::Copy && is_image && !is_pinned(image) {
                    found.push(Fact {
                        kind: FactKind::NotPinned { image: image.to_owned() },
                        span: flag.span,
                        stage: Some(stage.index),
                        certainty: Certainty::Fixed,
                    });
                }
            }
        }
    }
}

/// Whether an image is named by its content: `name@sha256:…`.
fn is_pinned(image: &str) -> bool {
    image.rsplit_once('@').and_then(|(_, digest)| digest.split_once(':')).is_some_and(
        |(algorithm, hex)| {
            let length = match algorithm {
                "sha256" => 64,
                "sha512" => 128,
                _ => return false,
            };
            hex.len() == length && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        },
    )
}

fn secrets(file: &Dockerfile, instruction: &Instruction, found: &mut Vec<Fact>) {
    let instruction = instruction.trigger.as_deref().unwrap_or(instruction);
    if !matches!(instruction.keyword, Keyword::Env | Keyword::Arg) {
        return;
    }
    for pair in &instruction.pairs {
        let Some(written) = &pair.value else { continue };
        let Ok(value) = dockerfile::expand(&written.text, file.escape, &|_| None) else { continue };
        let literal = value.used.is_empty() && value.missing.is_empty();
        let Some(sign) = SecretSign::of(&pair.name.text, &value.text, literal) else { continue };
        let line = instruction.lines.first;
        let stage = file.stages.iter().rev().find(|stage| stage.lines.first <= line);
        found.push(Fact {
            kind: FactKind::Secret { name: pair.name.text.clone(), sign },
            span: Span { start: pair.name.span.start, end: written.span.end },
            stage: stage.map(|stage| stage.index),
            certainty: match instruction.keyword {
                Keyword::Arg => Certainty::BuildArgument,
                _ => Certainty::Fixed,
            },
        });
    }
}
