//! Walking through a script: variables, positional parameters, and which command is the service.
//!
//! The service is the program that keeps running: what an unconditional `exec` replaces the shell with, otherwise the last
//! command that is no preparation (`cd`, `mkdir`, `sleep`, `tee`, …). Where conditions choose between several, all of them
//! must agree.

mod builtins;

use std::collections::{HashMap, HashSet};
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
/// Functions that call functions with their own arguments are followed so deep.
const MAX_WALKS: usize = 4;

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
    // What a function is called with is known behind its body only, so the script is walked through again with it.
    let mut arguments = HashMap::new();
    for _ in 0..MAX_WALKS {
        let mut walk = Walk {
            script,
            variables: variables.clone(),
            pending: Vec::new(),
            candidates: Vec::new(),
            commands: &commands,
            calls: Vec::new(),
            arguments: &arguments,
            called: HashMap::new(),
            not_followed: false,
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
        if walk.called == arguments {
            return walk.choose();
        }
        arguments = std::mem::take(&mut walk.called);
    }
    Finding::without(Why::TooLarge, Some(script))
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
    /// How many compound commands it stands in.
    depth: usize,
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
    /// What each function is called with, as far as the last walk found out; `None` if that differs from call to call.
    arguments: &'s HashMap<String, Option<Vec<Word>>>,
    /// The same, of this walk.
    called: HashMap<String, Option<Vec<Word>>>,
    /// There is something that the rest of the script may depend on in ways that we do not follow.
    not_followed: bool,
    expanded: usize,
}

impl Walk<'_> {
    /// Runs one command; `true` means that nothing runs behind it.
    fn step(&mut self, simple: &Simple, judge: &mut Judge<'_>) -> bool {
        if simple.after != After::And {
            self.settle();
        }
        // A function has positional parameters of its own.
        let Some(function) = &simple.function else { return self.command(simple, judge) };
        let arguments = self.arguments.get(&**function).cloned().flatten();
        let outer = std::mem::replace(&mut self.variables.positional, arguments);
        let ended = self.command(simple, judge);
        self.variables.positional = outer;
        ended
    }

    fn command(&mut self, simple: &Simple, judge: &mut Judge<'_>) -> bool {
        let mut environment = None;
        let mut words: Vec<Word> = Vec::new();
        for (pieces, range) in &simple.words {
            if self.expanded > MAX_EXPANDED {
                return false;
            }
            let place = self.script.place.part(&self.script.text, range.clone());
            match assignment(pieces).filter(|_| words.is_empty()) {
                Some(Assignment { name, value, adds }) => {
                    let value = words::expand_one(&value, &place, &self.variables);
                    self.expanded += value.text.len();
                    let value = value.as_known().map(str::to_owned);
                    let before = if adds { self.variables.known(&name) } else { Some("") };
                    let value = before.zip(value).map(|(before, value)| format!("{before}{value}"));
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
        // `command . /file` is the builtin; `command -v program` only asks.
        while let [first, second, ..] = words.as_slice()
            && matches!(first.as_known(), Some("command" | "builtin"))
            && !second.text.starts_with('-')
        {
            words.remove(0);
        }
        let Some(first) = words.first() else {
            for (name, value) in environment.unwrap_or_default() {
                self.assign(simple, &name, value);
            }
            return false;
        };
        let name = first.as_known().unwrap_or_default().to_owned();
        if self.commands.functions.contains(&name) {
            self.call(simple, &name, words.get(1..).unwrap_or_default());
            return false;
        }
        if name == "command"
            && words.get(1).is_some_and(|word| matches!(word.text.as_str(), "-v" | "-V"))
        {
            return false;
        }
        if self.builtin(simple, &name, &words) {
            return name == "exit" && simple.depth == 0 && simple.after == After::Start;
        }
        // What `eval` runs is part of this shell.
        let eval = name == "eval";
        let mut seen = if eval { self.variables.clone() } else { self.variables.for_program() };
        for (name, value) in environment.unwrap_or_default() {
            seen.set(&name, value);
        }
        let finding = judge(words, &seen);
        if eval {
            self.forget();
        }
        self.consider(simple, name == "exec", finding)
    }

    /// A function is called.
    fn call(&mut self, simple: &Simple, name: &str, arguments: &[Word]) {
        self.calls.push((simple.function.clone(), Rc::from(name)));
        match self.called.get_mut(name) {
            Some(known) if known.as_deref() == Some(arguments) => {}
            Some(known) => *known = None,
            None => _ = self.called.insert(name.to_owned(), Some(arguments.to_vec())),
        }
    }

    /// Anything may have been set.
    fn forget(&mut self) {
        self.variables.forget();
        self.variables.positional = None;
        self.variables.other_splitting = true;
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
            depth: simple.depth,
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
        self.variables.other_splitting |= name == "IFS";
        self.variables.set_own(name, value);
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
        if self.not_followed {
            return Finding::without(Why::Script("set".to_owned()), Some(self.script));
        }
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

/// `NAME=value`, or `NAME+=value` of bash.
struct Assignment {
    name: String,
    value: Vec<Piece>,
    /// `+=`
    adds: bool,
}

/// `NAME=value` in front of a command.
fn assignment(pieces: &[Piece]) -> Option<Assignment> {
    let (first, rest) = pieces.split_first()?;
    let Piece::Text { text, quoted: false } = first else { return None };
    let (name, value) = text.split_once('=')?;
    let (name, adds) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
    let valid = !name.starts_with(|ch: char| ch.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|ch| ch == '_' || ch.is_ascii_alphanumeric());
    let value = Piece::Text { text: value.to_owned(), quoted: true };
    valid.then(|| Assignment {
        name: name.to_owned(),
        value: std::iter::once(value).chain(rest.iter().cloned()).collect(),
        adds,
    })
}
