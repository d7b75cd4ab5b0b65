//! Walking through a script: variables, positional parameters, and which command is the service.
//!
//! The service is the program that keeps running: what an unconditional `exec` replaces the shell with, otherwise the last
//! command that is no preparation (`cd`, `mkdir`, `sleep`, `tee`, …). Where conditions choose between several, all of them
//! must agree.

use std::collections::HashSet;
use std::rc::Rc;

use super::commands::{After, Commands, Simple, commands};
use super::lex::tokens;
use super::words::{self, Piece, Variables};
use crate::argv::Finding;
use crate::place::Word;
use crate::verdict::{State, Why};

/// Scripts with more commands are not judged.
const MAX_COMMANDS: usize = 4096;
/// Nor are those whose words grow larger than this in all, which takes variables that double each other.
const MAX_EXPANDED: usize = 8 << 20;

/// Judges the words of one command with the variables that its program sees.
pub(crate) type Judge<'j> = dyn FnMut(Vec<Word>, &Variables) -> Finding + 'j;

/// Judges a script. `variables` are those of the shell, its positional parameters included.
pub(crate) fn run(script: &Word, variables: Variables, judge: &mut Judge<'_>) -> Finding {
    let tokens = match tokens(&script.text) {
        Ok(tokens) => tokens,
        Err(error) => return Finding::without(Why::Script(error.text()), Some(script)),
    };
    let commands = commands(&tokens);
    if commands.unbalanced {
        return Finding::without(
            Why::Script("unbalanced compound commands".to_owned()),
            Some(script),
        );
    }
    if commands.simple.len() > MAX_COMMANDS {
        return Finding::without(Why::TooLarge, Some(script));
    }
    let mut walk = Walk {
        script,
        variables,
        pending: Vec::new(),
        candidates: Vec::new(),
        commands: &commands,
        calls: Vec::new(),
        expanded: 0,
    };
    for simple in &commands.simple {
        if walk.step(simple, judge) {
            break;
        }
        if walk.expanded > MAX_EXPANDED {
            return Finding::without(Why::TooLarge, Some(script));
        }
    }
    walk.choose()
}

/// A command that may be the service.
struct Candidate {
    finding: Finding,
    exec: bool,
    /// The function that it is part of.
    function: Option<Rc<str>>,
    /// It is the question of an `if`, `while` or `until`.
    question: bool,
    /// It runs only under some condition.
    conditional: bool,
    background: bool,
    /// It runs for certain, and nothing behind it does.
    terminal: bool,
    piped_out: bool,
    /// It reads what another candidate of its pipeline writes.
    fed: bool,
}

/// Something that was set behind `&&`: known for the rest of the list, unknown afterwards.
enum Pending {
    Variable(String),
    Positional,
}

struct Walk<'s> {
    script: &'s Word,
    variables: Variables,
    pending: Vec<Pending>,
    candidates: Vec<Candidate>,
    commands: &'s Commands,
    /// Which functions are called, each with the function that calls it.
    calls: Vec<(Option<Rc<str>>, Rc<str>)>,
    expanded: usize,
}

impl Walk<'_> {
    /// Runs one command; `true` means that nothing runs behind it.
    fn step(&mut self, simple: &Simple, judge: &mut Judge<'_>) -> bool {
        if simple.after != After::And {
            self.settle();
        }
        let mut environment = None;
        let mut words: Vec<Word> = Vec::new();
        for (pieces, range) in &simple.words {
            if self.expanded > MAX_EXPANDED {
                return false;
            }
            let place = self.script.place.part(&self.script.text, range.clone());
            match assignment(pieces).filter(|_| words.is_empty()) {
                Some((name, value)) => {
                    let value = words::expand_one(&value, &place, &self.variables);
                    self.expanded += value.text.len();
                    environment.get_or_insert_with(Vec::new).push((name, value));
                }
                None => {
                    let fields = words::expand(pieces, &place, &self.variables);
                    self.expanded += fields
                        .iter()
                        .map(|field| field.text.len() + size_of::<Word>())
                        .sum::<usize>();
                    words.extend(fields);
                }
            }
        }
        let Some(first) = words.first() else {
            for (name, value) in environment.unwrap_or_default() {
                self.assign(simple, &name, value.as_known().map(str::to_owned));
            }
            return false;
        };
        let name = first.as_known().unwrap_or_default().to_owned();
        if self.commands.functions.contains(&name) {
            self.calls.push((simple.function.clone(), Rc::from(name)));
            return false;
        }
        if self.builtin(simple, &name, &words) {
            return name == "exit" && simple.depth == 0 && simple.after == After::Start;
        }
        let finding = match environment {
            None => judge(words, &self.variables),
            Some(assigned) => {
                let mut seen = self.variables.clone();
                for (name, value) in assigned {
                    seen.set(&name, value.as_known().map(str::to_owned));
                }
                judge(words, &seen)
            }
        };
        self.consider(simple, name == "exec", finding)
    }

    fn consider(&mut self, simple: &Simple, exec: bool, finding: Finding) -> bool {
        let preparation = matches!(finding.verdict.why, Why::NotAService(_) | Why::NoProgram);
        if preparation {
            return false;
        }
        // `server | formatter`: the first program of a pipeline is the service.
        let fed = simple.piped_in && self.candidates.last().is_some_and(|last| last.piped_out);
        let alone = !simple.piped_in && !simple.piped_out && !simple.background;
        let terminal = exec && alone && simple.depth == 0 && simple.after == After::Start;
        self.candidates.push(Candidate {
            finding,
            exec,
            function: simple.function.clone(),
            question: simple.condition && !exec,
            conditional: simple.depth > 0 || simple.after == After::Or,
            background: simple.background,
            terminal,
            piped_out: simple.piped_out,
            fed,
        });
        terminal
    }

    /// What was set under a condition is unknown once the list is over.
    fn settle(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Variable(name) => self.variables.set(&name, None),
                Pending::Positional => self.variables.positional = None,
            }
        }
    }

    fn assign(&mut self, simple: &Simple, name: &str, value: Option<String>) {
        let value = if lasting(simple) { value } else { None };
        self.variables.set(name, value);
        if simple.after == After::And {
            self.pending.push(Pending::Variable(name.to_owned()));
        }
    }

    fn set_positional(&mut self, simple: &Simple, words: Option<Vec<Word>>) {
        self.variables.positional = if lasting(simple) { words } else { None };
        if simple.after == After::And {
            self.pending.push(Pending::Positional);
        }
    }

    /// Builtins that change what follows; `true` if `name` is one.
    fn builtin(&mut self, simple: &Simple, name: &str, words: &[Word]) -> bool {
        let rest = words.get(1..).unwrap_or_default();
        match name {
            "export" | "readonly" | "local" | "declare" | "typeset" => {
                for word in rest {
                    if let Some((name, value)) = word.text.split_once('=') {
                        let value = word.open.is_none().then(|| value.to_owned());
                        self.assign(simple, name, value);
                    }
                }
            }
            "unset" | "read" | "mapfile" | "readarray" | "getopts" => {
                for word in rest {
                    self.assign(simple, &word.text, None);
                }
            }
            "set" => self.set_builtin(simple, rest),
            "shift" => {
                let count = rest.first().map_or(Some(1), |word| word.as_known()?.parse().ok());
                let words = self.variables.positional.take().zip(count);
                let words = words.and_then(|(words, count): (Vec<Word>, usize)| {
                    Some(words.get(count..)?.to_vec())
                });
                self.set_positional(simple, words);
            }
            // Another file may set anything.
            "source" | "." => {
                self.variables.forget();
                self.variables.positional = None;
            }
            "exit" | "return" | "trap" | "wait" => {}
            _ => return false,
        }
        true
    }

    /// `set -e`, `set -- words`, `set -o pipefail`.
    fn set_builtin(&mut self, simple: &Simple, words: &[Word]) {
        let mut rest = words;
        while let Some((first, tail)) = rest.split_first() {
            let Some(text) = first.as_known() else { return self.set_positional(simple, None) };
            if text == "--" || text == "-" {
                return self.set_positional(simple, Some(tail.to_vec()));
            }
            if !text.starts_with(['-', '+']) {
                return self.set_positional(simple, Some(rest.to_vec()));
            }
            let skip = usize::from(text.ends_with('o'));
            rest = tail.get(skip..).unwrap_or_default();
        }
    }

    /// The functions that are called from outside of any function, directly or through each other.
    fn reached(&self) -> HashSet<Rc<str>> {
        let mut reached = HashSet::new();
        let mut open = vec![None];
        while let Some(caller) = open.pop() {
            for (by, name) in self.calls.iter().filter(|(by, _)| *by == caller) {
                if by.as_ref() != Some(name) && reached.insert(name.clone()) {
                    open.push(Some(name.clone()));
                }
            }
        }
        reached
    }

    /// Which finding speaks for the script.
    fn choose(mut self) -> Finding {
        let reached = self.reached();
        self.candidates.retain(|candidate| {
            candidate.function.as_ref().is_none_or(|name| reached.contains(name))
        });
        // `if check; then server; fi`, but also `until server; do sleep 1; done`.
        if self.candidates.iter().any(|candidate| !candidate.question) {
            self.candidates.retain(|candidate| !candidate.question);
        }
        let nothing = Finding::without(Why::NoService, Some(self.script));
        let (fed, mut programs): (Vec<Candidate>, _) =
            self.candidates.into_iter().partition(|candidate| candidate.fed);
        let Some(service) = programs.pop() else { return nothing };
        let earlier = programs;
        let mut rivals = earlier.iter().filter(|other| other.exec || service.conditional);
        if rivals.any(|rival| rival.finding.verdict.state != service.finding.verdict.state) {
            return Finding {
                mentioned: true,
                ..Finding::without(Why::Branches, Some(self.script))
            };
        }
        let absent = !service.finding.mentioned && service.finding.verdict.state == State::Off;
        let replaced = |other: &Candidate| service.terminal && !other.background;
        if absent
            && earlier.iter().chain(&fed).any(|other| other.finding.mentioned && !replaced(other))
        {
            return Finding {
                mentioned: true,
                ..Finding::without(Why::EarlierCommand, Some(self.script))
            };
        }
        service.finding
    }
}

/// Whether what a command sets is still there afterwards, and for certain (behind `&&` for the rest of the list).
fn lasting(simple: &Simple) -> bool {
    let alone = !simple.piped_in && !simple.piped_out && !simple.background;
    alone && simple.depth == 0 && simple.after != After::Or
}

/// `NAME=value` in front of a command.
fn assignment(pieces: &[Piece]) -> Option<(String, Vec<Piece>)> {
    let (first, rest) = pieces.split_first()?;
    let Piece::Text { text, quoted: false } = first else { return None };
    let (name, value) = text.split_once('=')?;
    let valid = !name.starts_with(|ch: char| ch.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|ch| ch == '_' || ch.is_ascii_alphanumeric());
    let value = Piece::Text { text: value.to_owned(), quoted: true };
    valid.then(|| (name.to_owned(), std::iter::once(value).chain(rest.iter().cloned()).collect()))
}
