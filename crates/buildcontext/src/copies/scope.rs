//! The variables that an instruction sees, one instruction after the other.
//!
//! Rules: `dispatchEnv`, `dispatchArg` and `getEnv` of BuildKit's `dockerfile2llb`. Variables of `ENV` and `ARG` are
//! inherited by stages that are built from a stage.

use std::collections::HashMap;

use dockerfile::{Certainty, Instruction, Keyword, expand};

/// All values together may not be longer than this; further ones count as unknown.
const MAX_TOTAL: usize = 16 << 20;

/// A word after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// `None` if the file does not tell.
    pub(crate) text: Option<String>,
    pub(crate) certainty: Certainty,
}

/// The variables and who decides their values.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    values: HashMap<String, (Option<String>, Certainty)>,
    /// How certain it is that a variable that nobody declares has no value.
    unset: Certainty,
    total: usize,
}

impl Scope {
    /// `scratch`: nothing is inherited from an image.
    pub(crate) fn new(scratch: bool) -> Self {
        let unset = if scratch { Certainty::Fixed } else { Certainty::Unknown };
        Self { values: HashMap::new(), unset, total: 0 }
    }

    pub(crate) fn expand(&self, word: &str, escape: char) -> Expanded {
        let lookup = |name: &str| self.values.get(name)?.0.clone();
        let unknown = Expanded { text: None, certainty: Certainty::Unknown };
        if self.total > MAX_TOTAL {
            return unknown;
        }
        let Ok(expansion) = expand(word, escape, &lookup) else { return unknown };
        let of =
            |name: &String| self.values.get(name).map_or(self.unset, |(_, certainty)| *certainty);
        let missing = expansion.missing.iter().map(of).max().unwrap_or(Certainty::Fixed);
        let used = expansion.used.iter().map(of).max().unwrap_or(Certainty::Fixed);
        let text = (missing == Certainty::Fixed).then_some(expansion.text);
        Expanded { text, certainty: used.max(missing) }
    }

    fn set(&mut self, name: &str, value: Option<String>, certainty: Certainty) {
        self.total = self.total.saturating_add(value.as_ref().map_or(0, String::len));
        self.values.insert(name.to_owned(), (value, certainty));
    }

    /// Takes in what an instruction declares. `globals` are the `ARG`s in front of the first `FROM`.
    pub(crate) fn run(&mut self, instruction: &Instruction, globals: &Self, escape: char) {
        match instruction.keyword {
            Keyword::Env => {
                let values: Vec<(String, Expanded)> = instruction
                    .pairs
                    .iter()
                    .map(|pair| {
                        let name = self.expand(&pair.name.text, escape).text.unwrap_or_default();
                        let value = pair.value.as_ref().map_or("", |value| value.text.as_str());
                        (name, self.expand(value, escape))
                    })
                    .collect();
                for (name, value) in values {
                    self.set(&name, value.text, value.certainty);
                }
            }
            Keyword::Arg => instruction.pairs.iter().for_each(|pair| {
                let name = &pair.name.text;
                let value = match &pair.value {
                    Some(value) => self.expand(&value.text, escape),
                    None => {
                        let known = [globals, &*self].into_iter();
                        let text =
                            known.filter_map(|scope| scope.values.get(name)?.0.clone()).next();
                        Expanded { text, certainty: Certainty::BuildArgument }
                    }
                };
                self.set(name, value.text, value.certainty.max(Certainty::BuildArgument));
            }),
            _ => {}
        }
    }
}
