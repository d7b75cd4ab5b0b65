//! Build stages: which instructions belong to which, and what each is built from.
//!
//! Rules: `instructions/parse.go` and `dockerfile2llb/convert.go` of BuildKit.

use std::collections::HashMap;
use std::ops::Range;

use crate::environment::{self, Scope};
use crate::instruction::{Instruction, Keyword};
use crate::span::{Lines, Word};
use crate::{Dockerfile, ParseError, Problem};

/// What a stage is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage, by its index.
    Stage(usize),
    /// `FROM scratch`: nothing at all.
    Scratch,
    /// An image, with the defaults of `ARG` filled in.
    Image(String),
    /// An image whose name only a build argument can tell; as it is written.
    Unresolved(String),
}

/// A build stage: one `FROM` and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its number, from 0, which `COPY --from=0` may use.
    pub index: usize,
    /// The name behind `AS`, in lower case: stage names are case-insensitive.
    pub name: Option<String>,
    /// What it is built from.
    pub base: Base,
    /// The base as it is written.
    pub base_word: Option<Word>,
    /// The value of `--platform`, as it is written.
    pub platform: Option<String>,
    /// The index of its `FROM` in [`Dockerfile::instructions`].
    pub from: usize,
    /// The instructions behind the `FROM`.
    pub instructions: Range<usize>,
    /// From the `FROM` to the end of the last instruction.
    pub lines: Lines,
}

/// What BuildKit would refuse about the arguments of a `FROM`.
pub(crate) fn name_problem(args: &[Word]) -> Option<Problem> {
    match args {
        [_] => None,
        [_, keyword, name] if keyword.text.eq_ignore_ascii_case("as") => {
            (!is_valid_name(&name.text.to_lowercase()))
                .then(|| Problem::StageName(name.text.clone()))
        }
        _ => Some(Problem::FromArguments),
    }
}

/// `^[a-z][a-z0-9-_.]*$`
fn is_valid_name(name: &str) -> bool {
    name.starts_with(|ch: char| ch.is_ascii_lowercase())
        && name.chars().all(|ch| {
            ch.is_ascii_lowercase() || ch.is_ascii_digit() || matches!(ch, '-' | '_' | '.')
        })
}

/// Cuts the instructions into stages.
pub(crate) fn stages(
    instructions: &[Instruction],
    escape: char,
    errors: &mut Vec<ParseError>,
) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    let globals = environment::globals(instructions, escape);
    for (at, instruction) in instructions.iter().enumerate() {
        if instruction.keyword == Keyword::From {
            let stage = stage(instruction, at, stages.len(), &names, &globals, escape);
            if let Some(name) = &stage.name {
                names.insert(name.clone(), stage.index);
            }
            stages.push(stage);
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.end = at + 1;
            stage.lines.last = instruction.lines.last;
        } else if instruction.keyword != Keyword::Arg {
            let problem = Problem::NoStage(instruction.name.text.to_ascii_uppercase());
            errors.push(ParseError { line: instruction.lines.first, problem });
        }
    }
    stages
}

fn stage(
    from: &Instruction,
    at: usize,
    index: usize,
    names: &HashMap<String, usize>,
    globals: &Scope,
    escape: char,
) -> Stage {
    let name = match from.args.as_slice() {
        [_, keyword, name, ..] if keyword.text.eq_ignore_ascii_case("as") => {
            Some(name.text.to_lowercase())
        }
        _ => None,
    };
    let base_word = from.args.first().cloned();
    let written = base_word.as_ref().map(|word| word.text.clone()).unwrap_or_default();
    let base = match globals.expand(&written, escape) {
        Ok(expanded) if expanded.text.is_empty() || !expanded.missing.is_empty() => {
            Base::Unresolved(written)
        }
        Ok(expanded) => match names.get(&expanded.text.to_lowercase()) {
            Some(earlier) => Base::Stage(*earlier),
            None if expanded.text == "scratch" => Base::Scratch,
            None => Base::Image(expanded.text),
        },
        Err(_) => Base::Unresolved(written),
    };
    let platform = from.flag("platform").map(str::to_owned);
    Stage {
        index,
        name,
        base,
        base_word,
        platform,
        from: at,
        instructions: at + 1..at + 1,
        lines: from.lines,
    }
}

impl Dockerfile {
    /// The stage that `docker build` makes without `--target`: the last one.
    pub fn final_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The stage with this name (in any case), or with this number as text. Of two with one name the later counts.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        let lower = name.to_lowercase();
        let named =
            self.stages.iter().rev().find(|stage| stage.name.as_deref() == Some(lower.as_str()));
        named.or_else(|| self.stages.get(name.parse::<usize>().ok()?))
    }

    /// The instructions of a stage, without its `FROM`.
    pub fn instructions_of(&self, stage: &Stage) -> &[Instruction] {
        self.instructions.get(stage.instructions.clone()).unwrap_or_default()
    }

    /// A stage and the stages that it is built from, the first one first.
    pub fn lineage<'d>(&'d self, stage: &'d Stage) -> Vec<&'d Stage> {
        let mut chain = vec![stage];
        let mut current = stage;
        // A base stage always has a smaller index, so this ends.
        while let Base::Stage(index) = current.base {
            let Some(earlier) =
                self.stages.get(index).filter(|earlier| earlier.index < current.index)
            else {
                break;
            };
            chain.push(earlier);
            current = earlier;
        }
        chain.reverse();
        chain
    }

    /// What a stage executes: the `ONBUILD` triggers of the stage it is directly built from, then its own instructions.
    /// Each comes with its index in [`Dockerfile::instructions`].
    pub(crate) fn executed<'d>(
        &'d self,
        stage: &'d Stage,
    ) -> impl Iterator<Item = (usize, &'d Instruction)> {
        let base = match stage.base {
            Base::Stage(index) => self.stages.get(index),
            _ => None,
        };
        let numbered =
            |stage: &'d Stage| stage.instructions.clone().zip(self.instructions_of(stage));
        let triggers = base.into_iter().flat_map(numbered);
        let triggers =
            triggers.filter_map(|(at, instruction)| Some((at, instruction.trigger.as_deref()?)));
        triggers.chain(numbered(stage))
    }
}
