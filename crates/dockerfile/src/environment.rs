//! `ENV` and `ARG`: which variables a stage has, and how certain their values are.
//!
//! Rules: `dispatchEnv`, `dispatchArg` and `buildMetaArgs` of BuildKit's `dockerfile2llb/convert.go`. Values within one
//! `ENV` instruction see the variables as they were before it; those of one `ARG` see each other.

use std::collections::HashMap;

use crate::Dockerfile;
use crate::expand::{ExpandError, Expansion, expand};
use crate::instruction::{Instruction, Keyword};
use crate::span::Span;
use crate::stage::{Base, Stage};

/// All values of one stage together may not be longer than this; further values count as unknown.
const MAX_TOTAL: usize = 16 << 20;

/// Who decides a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The file alone.
    Fixed,
    /// The file gives a default, which `docker build --build-arg` may change.
    BuildArgument,
    /// The base image may have a say, or the value cannot be expanded.
    Unknown,
}

/// A variable in the environment of a stage's containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, expanded.
    pub value: String,
    /// Who decides the value.
    pub certainty: Certainty,
    /// Where the file sets it, value included.
    pub span: Span,
}

/// The variables that an expansion sees.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    values: HashMap<String, (Option<String>, Certainty)>,
    total: usize,
}

impl Scope {
    fn set(&mut self, name: &str, value: Option<String>, certainty: Certainty) {
        self.total = self.total.saturating_add(value.as_ref().map_or(0, String::len));
        self.values.insert(name.to_owned(), (value, certainty));
    }

    pub(crate) fn expand(&self, word: &str, escape: char) -> Result<Expansion, ExpandError> {
        expand(word, escape, &|name| self.values.get(name)?.0.clone())
    }

    /// The expanded value and who decides it; `unset` is how certain it is that an undeclared variable is unset.
    fn evaluate(&self, word: &str, escape: char, unset: Certainty) -> (String, Certainty) {
        if self.total > MAX_TOTAL {
            return (String::new(), Certainty::Unknown);
        }
        let Ok(expanded) = self.expand(word, escape) else {
            return (String::new(), Certainty::Unknown);
        };
        let names = expanded.used.iter().chain(&expanded.missing);
        let certainty = names
            .map(|name| self.values.get(name).map_or(unset, |(_, certainty)| *certainty))
            .max();
        (expanded.text, certainty.unwrap_or(Certainty::Fixed))
    }

    fn arg(
        &mut self,
        instruction: &Instruction,
        globals: Option<&Scope>,
        escape: char,
        unset: Certainty,
    ) {
        for pair in &instruction.pairs {
            let name = &pair.name.text;
            let (value, certainty) = match &pair.value {
                Some(value) => {
                    let (value, certainty) = self.evaluate(&value.text, escape, unset);
                    (Some(value), certainty)
                }
                None => {
                    let global = globals
                        .and_then(|globals| globals.values.get(name))
                        .map(|(value, _)| value.clone());
                    let known = self.values.get(name).and_then(|(value, _)| value.clone());
                    (global.flatten().or(known), Certainty::BuildArgument)
                }
            };
            self.set(name, value, certainty.max(Certainty::BuildArgument));
        }
    }
}

/// The `ARG`s in front of the first `FROM`.
pub(crate) fn globals(instructions: &[Instruction], escape: char) -> Scope {
    let mut scope = Scope::default();
    for instruction in
        instructions.iter().take_while(|instruction| instruction.keyword != Keyword::From)
    {
        if instruction.keyword == Keyword::Arg {
            scope.arg(instruction, None, escape, Certainty::Fixed);
        }
    }
    scope
}

/// What a stage and its ancestors declare.
#[derive(Default)]
struct Walk {
    scope: Scope,
    variables: Vec<Variable>,
    index: HashMap<String, usize>,
}

impl Walk {
    fn env(&mut self, instruction: &Instruction, escape: char, unset: Certainty) {
        let evaluated: Vec<Variable> = instruction
            .pairs
            .iter()
            .map(|pair| {
                let (name, named) = self.scope.evaluate(&pair.name.text, escape, unset);
                let written = pair.value.as_ref().map_or("", |value| value.text.as_str());
                let (value, certainty) = self.scope.evaluate(written, escape, unset);
                let end = pair.value.as_ref().map_or(pair.name.span.end, |value| value.span.end);
                let span = Span { start: pair.name.span.start, end };
                Variable { name, value, certainty: certainty.max(named), span }
            })
            .collect();
        for variable in evaluated {
            self.scope.set(&variable.name, Some(variable.value.clone()), variable.certainty);
            match self.index.get(&variable.name).and_then(|at| self.variables.get_mut(*at)) {
                Some(slot) => *slot = variable,
                None => {
                    self.index.insert(variable.name.clone(), self.variables.len());
                    self.variables.push(variable);
                }
            }
        }
    }
}

impl Dockerfile {
    /// The environment that `ENV` gives to a stage's containers, inherited stages and their `ONBUILD ENV` included.
    /// In order of first mention; the last value of a name counts. `ARG` alone is gone once the image is built.
    pub fn env_of(&self, stage: &Stage) -> Vec<Variable> {
        let lineage = self.lineage(stage);
        let unset = match lineage.first().map(|first| &first.base) {
            Some(Base::Scratch) => Certainty::Fixed,
            _ => Certainty::Unknown,
        };
        let globals = globals(&self.instructions, self.escape);
        let mut walk = Walk::default();
        for stage in lineage {
            for (_, instruction) in self.executed(stage) {
                match instruction.keyword {
                    Keyword::Env => walk.env(instruction, self.escape, unset),
                    Keyword::Arg => walk.scope.arg(instruction, Some(&globals), self.escape, unset),
                    _ => {}
                }
            }
        }
        walk.variables
    }
}
