//! What the commands of a script set.

use crate::assignment::{Found, GoCommand, Via};
use crate::shell::command::{Command, commands};
use crate::shell::word::{Part, Word, value};
use crate::shell::{builtin, go, output};
use crate::text::{Span, Text};
use crate::value::{Piece, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// Scripts within scripts (`sh -c`, `$(…)`) are followed this far.
const MAX_DEPTH: usize = 12;
/// Longer values of other variables are not remembered.
pub(crate) const MAX_VALUE: usize = 512;

/// A script with the scripts inside it.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Values of variables that the script sets, so that `go build $FLAGS` is understood.
    variables: HashMap<String, Text>,
    /// Values of variables from around the script.
    outer: Rc<HashMap<String, Text>>,
    /// The names that are exported somewhere without a value.
    exports: HashSet<String>,
    /// Whether `set -a` is in force.
    pub(crate) export_all: bool,
    queue: VecDeque<(Text, usize)>,
    depth: usize,
    pub(crate) found: Found,
}

/// A word after evaluation.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) value: Value,
    /// The value, with unknown parts marked.
    pub(crate) text: Text,
    /// Where it stands, quotes included.
    pub(crate) span: Span,
    /// The name of the variable that this is the value of, if it is nothing else.
    pub(crate) parameter: Option<String>,
    /// Whether it begins with an unquoted `NAME=`.
    pub(crate) assignment: bool,
}

impl Argument {
    pub(crate) fn of_word(word: &Word, text: &Text) -> Self {
        let value = word.value(text);
        Self {
            text: value.assumed(),
            value,
            span: text.span(word.range.clone()),
            parameter: word.parameter(text).map(str::to_owned),
            assignment: word.is_assignment(text),
        }
    }

    /// A word of an exec form: no shell has a say in it.
    pub(crate) fn literal(text: &Text) -> Self {
        let name = text.as_str().split_once('=').map(|(name, _)| name);
        let assignment = name.is_some_and(super::is_name);
        let span = text.span(0..text.len());
        let value = Value::literal(text.clone());
        Self { value, text: text.clone(), span, parameter: None, assignment }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// `NAME` and the value, of `NAME=VALUE` or `NAME+=VALUE`.
    pub(crate) fn split(&self) -> Option<(String, Value)> {
        let (name, mut value) = self.value.split_assignment()?;
        let Some(bare) = name.strip_suffix('+') else { return Some((name, value)) };
        let before = Text::fixed(&format!("${bare}"), self.span.start);
        value.0.insert(0, Piece::Expansion { shown: before, default: None });
        Some((bare.to_owned(), value))
    }
}

impl Script {
    /// A script among variables whose values are known.
    pub(crate) fn among(outer: &Rc<HashMap<String, Text>>) -> Self {
        Self { outer: Rc::clone(outer), ..Self::default() }
    }

    /// Runs through a script and all scripts inside it.
    pub(crate) fn scan(&mut self, text: Text) {
        self.queue.push_back((text, 0));
        while let Some((text, depth)) = self.queue.pop_front() {
            self.depth = depth;
            let commands = commands(&text);
            for command in &commands {
                self.command(command, &text);
            }
            output::written(self, &commands, &text);
        }
    }

    /// What was found. Variables that are exported anywhere in the script count as exported.
    pub(crate) fn finish(mut self) -> Found {
        for one in &mut self.found.0 {
            if one.via == Via::ShellVariable && self.exports.contains(&one.name) {
                one.via = Via::Export;
            }
        }
        self.found
    }

    pub(crate) fn export(&mut self, name: &str) {
        self.exports.insert(name.to_owned());
    }

    /// Looks into a script inside this one, later.
    pub(crate) fn inner(&mut self, text: Text) {
        if self.depth < MAX_DEPTH && !text.is_empty() {
            self.queue.push_back((text, self.depth + 1));
        }
    }

    fn command(&mut self, command: &Command, text: &Text) {
        let targets = command.redirects.iter().map(|redirect| &redirect.target);
        for word in command.words.iter().chain(targets) {
            self.parts(&word.parts, text);
        }
        let expanded = command.redirects.iter().filter_map(|redirect| redirect.heredoc.as_ref());
        for (range, _) in expanded.filter(|(_, expand)| *expand) {
            self.heredoc(&text.part(range.clone()));
        }
        let words: Vec<Argument> =
            command.words.iter().map(|word| Argument::of_word(word, text)).collect();
        self.words(&words);
        let shell = words.first().is_some_and(|word| builtin::is_shell(word.as_str()));
        for redirect in command.redirects.iter().filter(|_| shell) {
            match &redirect.heredoc {
                Some((range, _)) => self.inner(text.part(range.clone())),
                None if redirect.operator == "<<<" => {
                    self.inner(redirect.target.value(text).shown())
                }
                None => {}
            }
        }
    }

    /// Substitutions, and `${NAME:=value}`.
    fn parts(&mut self, parts: &[Part], text: &Text) {
        for part in parts {
            match part {
                Part::Substitution { body, .. } => self.inner(text.part(body.clone())),
                Part::Parameter { range, name, default: Some(default), assigns } => {
                    if *assigns {
                        let name = text.get(name.clone());
                        let via = self.variable();
                        let value = value(default, text);
                        let span = text.span(range.clone());
                        if let Some(found) = self.found.add(name, &value, span, via) {
                            found.default = true;
                        }
                    }
                    self.parts(default, text);
                }
                _ => {}
            }
        }
    }

    /// The substitutions within a here-document.
    fn heredoc(&mut self, text: &Text) {
        if text.as_str().contains("$(") {
            let parts = super::word::parts_of(text);
            self.parts(&parts, text);
        }
    }

    fn variable(&self) -> Via {
        if self.export_all { Via::Export } else { Via::ShellVariable }
    }

    /// A command by its words: assignments, wrappers, then a program.
    pub(crate) fn words(&mut self, words: &[Argument]) {
        let prefix = words.iter().take_while(|word| word.assignment).count();
        let (assignments, rest) = words.split_at(prefix);
        if rest.is_empty() {
            for word in assignments {
                self.assign(word, &self.variable());
            }
            return;
        }
        let unwrapped = builtin::unwrap(self, rest);
        let program = unwrapped.and_then(|found| rest.get(found.program..)).unwrap_or_default();
        let via = Via::Inline(go::is_go(program).then(|| go::command(program)).flatten());
        let count = unwrapped.map_or(rest.len(), |found| found.environment);
        let split = |index: usize| {
            let before = index.checked_sub(1).and_then(|index| rest.get(index));
            before.is_some_and(|word| matches!(word.as_str(), "-S" | "--split-string"))
        };
        let environment = rest.iter().enumerate().take(count);
        let environment = environment.filter(|(at, word)| word.assignment_like() && !split(*at));
        let environment = environment.map(|(_, word)| word);
        for word in assignments.iter().chain(environment) {
            self.assign_for(word, &via);
        }
        builtin::run(self, program);
    }

    /// `NAME=VALUE` that stays.
    pub(crate) fn assign(&mut self, word: &Argument, via: &Via) {
        let Some((name, value)) = word.split() else { return };
        let known = value.known().filter(|text| text.len() <= MAX_VALUE);
        match known {
            Some(text) => drop(self.variables.insert(name.clone(), text)),
            None => drop(self.variables.remove(&name)),
        }
        self.found.add(&name, &value, word.span, via.clone());
    }

    /// `NAME=VALUE` for one command.
    pub(crate) fn assign_for(&mut self, word: &Argument, via: &Via) {
        if let Some((name, value)) = word.split() {
            self.found.add(&name, &value, word.span, via.clone());
        }
    }

    /// The words that an argument comes to, if it is a variable whose value the script sets.
    pub(crate) fn fields(&self, word: &Argument) -> Vec<Text> {
        let find = |name| self.variables.get(name).or_else(|| self.outer.get(name));
        let known = word.parameter.as_ref().and_then(find);
        let Some(text) = known else { return vec![word.text.clone()] };
        let mut fields = Vec::new();
        let mut start = None;
        for (at, c) in text.as_str().char_indices().chain([(text.len(), ' ')]) {
            match (c.is_whitespace(), start) {
                (false, None) => start = Some(at),
                (true, Some(from)) => {
                    fields.push(text.part(from..at));
                    start = None;
                }
                _ => {}
            }
        }
        fields
    }

    pub(crate) fn flag(&mut self, name: &str, value: &Text, at: &Text, command: &GoCommand) {
        let span = at.span(0..at.len());
        let value = Value::literal(value.clone());
        let via = Via::GoFlag(command.clone());
        self.found.0.push(crate::Assignment::new(name.to_owned(), &value, span, via));
    }
}

impl Argument {
    /// Whether it reads `NAME=…` in whatever quotes.
    pub(crate) fn assignment_like(&self) -> bool {
        self.split().is_some_and(|(name, _)| super::is_name(&name))
    }
}

/// Runs through a command that is given as words (the exec form of a Dockerfile).
pub(crate) fn exec(words: &[Text]) -> Found {
    let mut script = Script::default();
    let words: Vec<Argument> = words.iter().map(Argument::literal).collect();
    // There is no shell: a leading `NAME=VALUE` would be the program's name.
    if words.first().is_some_and(|word| !word.assignment) {
        script.words(&words);
        script.scan(Text::default());
    }
    script.finish()
}
