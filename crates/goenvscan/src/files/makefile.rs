//! Makefiles: variables with and without `export`, those of targets, and recipes.
//!
//! Rules: the GNU make manual, chapters 5 (recipes), 6 (variables) and 5.7.2 (which variables reach the recipes: exported
//! ones, those of the command line, and those that came from the environment).

use crate::assignment::{Found, Via};
use crate::shell::{MAX_VALUE, Script, is_name};
use crate::text::{Text, UNKNOWN};
use crate::value::{Piece, Value};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

pub(crate) fn scan(text: &Text, found: &mut Found) {
    let mut makefile = Makefile { prefix: '\t', ..Makefile::default() };
    makefile.lines(text);
    for one in &mut makefile.found.0 {
        let exported = makefile.export_all || makefile.exports.contains(&one.name);
        if exported && one.via == Via::MakeVariable {
            one.via = Via::MakeExport;
        }
    }
    found.0.append(&mut makefile.found.0);
    let variables = Rc::new(makefile.variables);
    for script in makefile.scripts {
        // Each line of a recipe has a shell of its own.
        let mut shell = Script::among(&variables);
        shell.scan(script);
        found.0.extend(shell.finish().0);
    }
}

#[derive(Default)]
struct Makefile {
    /// What begins the lines of recipes.
    prefix: char,
    in_rule: bool,
    in_define: bool,
    exports: HashSet<String>,
    export_all: bool,
    /// Every value that a variable gets somewhere, one behind the other.
    variables: HashMap<String, Text>,
    found: Found,
    scripts: Vec<Text>,
}

impl Makefile {
    fn lines(&mut self, text: &Text) {
        let mut lines = text.lines();
        while let Some(first) = lines.next() {
            let mut last = first.clone();
            let mut joined = Text::default();
            while continues(text.get(last.clone())) {
                let Some(next) = lines.next() else { break };
                let backslash = last.end - 1;
                joined.push_part(text, last.start..backslash);
                joined.push_char(' ', text.at(backslash));
                last = next;
            }
            joined.push_part(text, last.clone());
            let range = first.start..last.end;
            let line = text.get(first.clone());
            if self.in_define {
                self.in_define = line.trim() != "endef";
                self.recipe(&text.part(range));
            } else if line.starts_with(self.prefix) && self.in_rule {
                self.recipe(&text.part(range));
            } else {
                self.line(&joined);
            }
        }
    }

    /// A line of a recipe: make expands it and hands it to the shell.
    fn recipe(&mut self, line: &Text) {
        let bare = line.as_str().trim_start_matches([self.prefix, ' ', '@', '-', '+']);
        let script = self.expand(&line.part(line.len() - bare.len()..line.len()));
        self.scripts.push(script);
    }

    fn line(&mut self, line: &Text) {
        let line = without_comment(line);
        let mut rest = trim(&line);
        let mut export = false;
        loop {
            let word = rest.as_str().split_whitespace().next().unwrap_or_default();
            match word {
                "export" => export = true,
                "override" | "private" => {}
                "unexport" | "include" | "-include" | "sinclude" | "ifeq" | "ifneq" | "ifdef"
                | "ifndef" | "else" | "endif" | "vpath" | "undefine" => {
                    return self.functions(&rest);
                }
                "define" => {
                    self.in_define = true;
                    return;
                }
                _ => break,
            }
            rest = trim(&rest.part(word.len()..rest.len()));
        }
        if rest.is_empty() {
            self.export_all |= export;
            return;
        }
        match operator(rest.as_str()) {
            Some((at, "rule")) => self.rule(&rest, at),
            Some((at, operator)) => self.assign(&rest, at, operator, export),
            None if export => {
                self.exports.extend(rest.as_str().split_whitespace().map(str::to_owned))
            }
            None => self.functions(&rest),
        }
    }

    /// `targets: prerequisites ; recipe`, or `targets: NAME = value`.
    fn rule(&mut self, line: &Text, colon: usize) {
        self.in_rule = true;
        let targets = line.get(0..colon).trim();
        self.export_all |= targets == ".EXPORT_ALL_VARIABLES";
        let rest = line.get(colon..line.len()).trim_start_matches(':');
        let rest = trim(&line.part(line.len() - rest.len()..line.len()));
        if let Some(at) = rest.as_str().find(';')
            && operator(rest.get(0..at)).is_none_or(|(_, operator)| operator == "rule")
        {
            let script = self.expand(&rest.part(at + 1..rest.len()));
            return self.scripts.push(script);
        }
        let mut rest = rest;
        let mut export = false;
        while let Some(word) = rest.as_str().split_whitespace().next() {
            match word {
                "export" => export = true,
                "override" | "private" => {}
                _ => break,
            }
            rest = trim(&rest.part(word.len()..rest.len()));
        }
        match operator(rest.as_str()) {
            Some((at, operator)) if operator != "rule" => self.assign(&rest, at, operator, export),
            _ => self.functions(&rest),
        }
    }

    fn assign(&mut self, line: &Text, at: usize, operator: &str, export: bool) {
        let name = line.get(0..at).trim_end().to_owned();
        let right = trim(&line.part(at + operator.len()..line.len()));
        if name == ".RECIPEPREFIX" {
            self.prefix = right.as_str().chars().next().unwrap_or('\t');
        }
        if operator == "!=" {
            let script = self.expand(&right);
            return self.scripts.push(script);
        }
        let expanded = self.expand(&right);
        // `GO := GOSUMDB=off go`, `ENV := CGO_ENABLED=0 GOSUMDB=off`: words for the front of a command.
        let mut words = right.as_str().split_whitespace();
        let first = words.find(|word| *word != "env").unwrap_or_default();
        if first.split_once('=').is_some_and(|(name, _)| is_name(name)) {
            self.scripts.push(expanded.clone());
        }
        let slot = self.variables.entry(name.clone()).or_default();
        if slot.len() + expanded.len() < MAX_VALUE {
            slot.push_char(' ', line.at(0));
            slot.push(&expanded);
        }
        let mut value = value(&right);
        if operator == "+=" {
            let at = line.at(0);
            let shown = Text::fixed(&format!("$({name})"), at);
            value.0.insert(0, Piece::Expansion { shown, default: None });
            value.0.insert(1, Piece::Literal(Text::fixed(" ", at)));
        }
        let via = if export { Via::MakeExport } else { Via::MakeVariable };
        if let Some(one) = self.found.add(&name, &value, line.span(0..line.len()), via) {
            one.default |= operator == "?=";
        }
    }

    /// Only the functions in a line count.
    fn functions(&mut self, line: &Text) {
        drop(self.expand(line));
    }

    /// A text as the shell sees it: `$$` is `$`, `$(NAME)` becomes `${NAME}`, functions are unknown. The scripts of
    /// `$(shell …)` are put aside.
    fn expand(&mut self, text: &Text) -> Text {
        let mut out = Text::default();
        for part in parts(text.as_str()) {
            match part {
                Part::Literal(range) => out.push_part(text, range),
                Part::Dollar(at) => out.push_char('$', text.at(at)),
                Part::Reference { range, name } => {
                    let inner = text.get(name.clone());
                    if is_name(inner) {
                        out.push_char('$', text.at(range.start));
                        out.push_char('{', text.at(range.start));
                        out.push_part(text, name.clone());
                        // A reference without an end has no bracket behind its name.
                        out.push_char('}', text.at(range.end - 1));
                        continue;
                    }
                    out.push_char(UNKNOWN, text.at(range.start));
                    if let Some(script) =
                        inner.strip_prefix("shell").filter(|s| s.starts_with([' ', '\t']))
                    {
                        // References within the script are not followed: `$` is doubled there anyhow.
                        let script = text.part(name.end - script.len()..name.end);
                        let script = plain(&script);
                        self.scripts.push(script);
                    }
                }
            }
        }
        out
    }
}

/// Without following functions: `$$` is `$`, references are `${NAME}` or unknown.
fn plain(text: &Text) -> Text {
    let mut out = Text::default();
    for part in parts(text.as_str()) {
        match part {
            Part::Literal(range) => out.push_part(text, range),
            Part::Dollar(at) => out.push_char('$', text.at(at)),
            Part::Reference { range, name } if is_name(text.get(name.clone())) => {
                let shown = format!("${{{}}}", text.get(name));
                out.push(&Text::fixed(&shown, text.at(range.start)));
            }
            Part::Reference { range, .. } => out.push_char(UNKNOWN, text.at(range.start)),
        }
    }
    out
}

/// A variable's value: references are shown as they are written.
fn value(text: &Text) -> Value {
    let mut value = Value::default();
    for part in parts(text.as_str()) {
        match part {
            Part::Literal(range) => value.push_literal(text, range),
            Part::Dollar(at) => value.push_literal(text, at..at + 1),
            Part::Reference { range, .. } => {
                value.0.push(Piece::Expansion { shown: text.part(range), default: None });
            }
        }
    }
    value
}

/// A part of a make text, as byte offsets.
enum Part {
    Literal(std::ops::Range<usize>),
    /// `$$`
    Dollar(usize),
    /// `$(NAME)`, `${NAME}`, `$X`, `$(function …)`, and what is inside.
    Reference {
        range: std::ops::Range<usize>,
        name: std::ops::Range<usize>,
    },
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = 0;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '$' {
            continue;
        }
        if literal < at {
            parts.push(Part::Literal(literal..at));
        }
        let Some((next, c)) = chars.next() else {
            parts.push(Part::Literal(at..text.len()));
            return parts;
        };
        literal = next + c.len_utf8();
        let close = match c {
            '$' => {
                parts.push(Part::Dollar(at));
                continue;
            }
            '(' => ')',
            '{' => '}',
            _ => {
                parts.push(Part::Reference { range: at..literal, name: next..literal });
                continue;
            }
        };
        let mut depth = 1_usize;
        let end = chars.by_ref().find(|(_, inner)| {
            depth += usize::from(*inner == c);
            depth -= usize::from(*inner == close);
            depth == 0
        });
        let end = end.map_or(text.len(), |(end, _)| end);
        let name = literal..end;
        literal = (end + 1).min(text.len());
        parts.push(Part::Reference { range: at..literal, name });
    }
    if literal < text.len() {
        parts.push(Part::Literal(literal..text.len()));
    }
    parts
}

/// The offset and the text of an assignment's operator, or of the colon of a rule (as "rule"); not within references.
fn operator(line: &str) -> Option<(usize, &'static str)> {
    for part in parts(line) {
        let Part::Literal(range) = part else { continue };
        let start = range.start;
        let literal = line.get(range).unwrap_or_default();
        if let Some(at) = literal.find(['=', ':']) {
            let rest = line.get(start + at..).unwrap_or_default();
            let colon =
                [":::=", "::=", ":="].into_iter().find(|operator| rest.starts_with(operator));
            if let Some(operator) = colon {
                return Some((start + at, operator));
            }
            if rest.starts_with(':') {
                return Some((start + at, "rule"));
            }
            let before = line.get(..start + at).unwrap_or_default();
            let double = ["?=", "+=", "!="]
                .into_iter()
                .find(|op| before.ends_with(op.get(..1).unwrap_or_default()));
            return Some(double.map_or((start + at, "="), |operator| (start + at - 1, operator)));
        }
    }
    None
}

fn continues(line: &str) -> bool {
    let bare = line.trim_end_matches('\\');
    (line.len() - bare.len()) % 2 == 1
}

fn trim(text: &Text) -> Text {
    let bare = text.as_str().trim_start();
    let start = text.len() - bare.len();
    text.part(start..start + bare.trim_end().len())
}

/// Without the comment, which begins at a `#` that is neither escaped nor within a reference.
fn without_comment(line: &Text) -> Text {
    for part in parts(line.as_str()) {
        let Part::Literal(range) = part else { continue };
        let start = range.start;
        let literal = line.get(range);
        let hash =
            literal.match_indices('#').find(|(at, _)| !line.get(0..start + at).ends_with('\\'));
        if let Some((at, _)) = hash {
            return line.part(0..start + at);
        }
    }
    line.clone()
}
