//! From text to instructions.
//!
//! Rules: `Parse` of BuildKit's `frontend/dockerfile/parser/parser.go`, and the argument counts of `instructions/parse.go`.

use std::ops::Range;

use crate::directive::{self, Directive, Seen};
use crate::heredoc;
use crate::instruction::{Flag, Form, Instruction, Keyword, Pair};
use crate::json::{self, Array};
use crate::source::{Logical, Source};
use crate::span::{Lines, Word};
use crate::words;
use crate::{Comment, ParseError, Problem};

/// `bufio.MaxScanTokenSize`: BuildKit refuses a longer line.
const MAX_LINE: usize = 64 * 1024;

/// What the lines amount to.
#[derive(Default)]
pub(crate) struct Parsed {
    pub(crate) directives: Vec<Directive>,
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) errors: Vec<ParseError>,
}

/// Reads a whole file without its byte order mark.
pub(crate) fn parse(text: &str, escape: &mut char) -> Parsed {
    let source = Source::new(text);
    let mut parser = Parser {
        source: &source,
        row: 0,
        escape: '\\',
        directives_over: false,
        parsed: Parsed::default(),
    };
    while parser.row < source.line_count() {
        parser.instruction();
    }
    *escape = parser.escape;
    parser.parsed
}

struct Parser<'s> {
    source: &'s Source<'s>,
    /// The next line, 0-based.
    row: usize,
    escape: char,
    directives_over: bool,
    parsed: Parsed,
}

impl Parser<'_> {
    fn refuse(&mut self, line: usize, problem: Problem) {
        self.parsed.errors.push(ParseError { line, problem });
    }

    /// The next line without its line ending, and where it starts. Comments are put aside and come as empty lines.
    fn next(&mut self, first: bool) -> Option<(usize, &str, bool)> {
        let (mut start, line) = self.source.line(self.row)?;
        self.row += 1;
        if line.len() >= MAX_LINE {
            self.refuse(self.row, Problem::LineTooLong);
        }
        let mut line = line.trim_end_matches(['\r', '\n']);
        let bare = line.trim_start();
        if first {
            start += line.len() - bare.len();
            line = bare;
        }
        let is_directive = self.directive(line);
        let is_comment = bare.starts_with('#');
        if is_comment && !is_directive {
            let text = bare.get(1..).unwrap_or_default().trim().to_owned();
            self.parsed.comments.push(Comment { line: self.row, text });
        }
        Some((start, if is_comment { "" } else { line }, is_comment))
    }

    fn directive(&mut self, line: &str) -> bool {
        if self.directives_over {
            return false;
        }
        match directive::read(line, self.row, &self.parsed.directives) {
            Seen::Nothing => self.directives_over = true,
            Seen::Repeated(name) => self.refuse(self.row, Problem::RepeatedDirective(name)),
            Seen::Directive(found) => {
                match (found.name.as_str(), found.value.as_str()) {
                    ("escape", "\\") => self.escape = '\\',
                    ("escape", "`") => self.escape = '`',
                    ("escape", _) => {
                        self.refuse(self.row, Problem::EscapeToken(found.value.clone()))
                    }
                    _ => {}
                }
                self.parsed.directives.push(found);
                return true;
            }
        }
        false
    }

    /// The line without its continuation character, and whether it had one. An escaped escape does not continue.
    fn continued(line: &str, escape: char) -> (&str, bool) {
        let bare = line.trim_end_matches([' ', '\t']);
        match bare.strip_suffix(escape) {
            Some(rest) if !rest.ends_with(escape) => (rest, true),
            _ => (line, false),
        }
    }

    /// Reads one instruction with its continuation lines and here-documents, or skips an empty line.
    fn instruction(&mut self) {
        let escape = self.escape;
        let Some((start, line, _)) = self.next(true) else { return };
        // The escape character may just have been set by this very line, but then the line is a comment.
        let (line, mut more) = Self::continued(line, escape);
        if line.is_empty() && !more {
            return;
        }
        let mut logical = Logical::default();
        logical.push(start, line);
        let first = self.row;
        while more {
            let Some((start, line, comment)) = self.next(false) else { break };
            if comment || line.trim_start().is_empty() {
                continue;
            }
            let (line, again) = Self::continued(line, escape);
            logical.push(start, line);
            more = again;
        }
        let whole = 0..logical.text.len();
        let lines = Lines { first, last: self.row };
        let Some(mut instruction) = self.read(&logical, whole, lines) else { return };
        // BuildKit judges a trigger only where it fires.
        self.judge(&instruction);
        self.heredocs(&logical, &mut instruction);
        self.parsed.instructions.push(instruction);
    }

    fn heredocs(&mut self, logical: &Logical, instruction: &mut Instruction) {
        let inner = instruction.trigger.as_deref().unwrap_or(instruction);
        if !inner.keyword.takes_heredocs() || inner.form == Form::Exec {
            return;
        }
        for mut heredoc in heredoc::announced(&logical.text) {
            heredoc.lines = Lines { first: self.row + 1, last: self.row };
            let mut ended = false;
            while let Some((_, line)) = self.source.line(self.row) {
                self.row += 1;
                ended = heredoc.ends_at(line);
                if ended {
                    break;
                }
                heredoc.content.push_str(line);
            }
            heredoc.lines.last = self.row;
            if !ended {
                self.refuse(
                    instruction.lines.first,
                    Problem::UnterminatedHeredoc(heredoc.name.clone()),
                );
            }
            instruction.heredocs.push(heredoc);
        }
        instruction.lines.last = self.row;
        if let Some(trigger) = &mut instruction.trigger {
            trigger.heredocs.clone_from(&instruction.heredocs);
            trigger.lines.last = self.row;
        }
    }

    /// Reads `range` of the joined line as an instruction.
    fn read(
        &mut self,
        logical: &Logical,
        range: Range<usize>,
        lines: Lines,
    ) -> Option<Instruction> {
        let (name, rest) = words::keyword(&logical.text, range);
        let word = logical.word(self.source, name);
        if word.text.is_empty() {
            self.refuse(lines.first, Problem::NoKeyword);
            return None;
        }
        let keyword = Keyword::of(&word.text);
        let (flags, rest) = words::flags(&logical.text, rest, self.escape);
        let mut instruction = Instruction {
            keyword,
            name: word,
            lines,
            flags: flags.into_iter().map(|flag| self.flag(logical, flag)).collect(),
            form: Form::Shell,
            args: Vec::new(),
            pairs: Vec::new(),
            heredocs: Vec::new(),
            trigger: None,
        };
        self.arguments(logical, rest, &mut instruction);
        Some(instruction)
    }

    fn flag(&self, logical: &Logical, flag: words::Flag) -> Flag {
        let (name, value) = match flag.text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (flag.text, None),
        };
        let name = name.strip_prefix("--").unwrap_or(&name).to_owned();
        Flag { name, value, span: logical.span(self.source, flag.range) }
    }

    fn arguments(&mut self, logical: &Logical, rest: Range<usize>, into: &mut Instruction) {
        match into.keyword {
            Keyword::Add | Keyword::Copy | Keyword::Volume => {
                if !self.exec(logical, rest.clone(), into) {
                    into.args = self.spread(logical, words::plain(&logical.text, rest));
                }
            }
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => {
                if !self.exec(logical, rest.clone(), into) {
                    self.whole(logical, rest, into);
                }
            }
            Keyword::From | Keyword::Expose => {
                into.args = self.spread(logical, words::plain(&logical.text, rest));
            }
            Keyword::Env | Keyword::Label => self.pairs(logical, rest, into),
            Keyword::Arg => {
                let parts = words::quoted(&logical.text, rest, self.escape);
                into.pairs = parts.iter().map(|part| self.pair(logical, part.clone())).collect();
                into.args = self.spread(logical, parts);
            }
            Keyword::Healthcheck => {
                let (kind, rest) = words::keyword(&logical.text, rest);
                if kind.is_empty() {
                    return;
                }
                if !self.exec(logical, rest.clone(), into) {
                    self.whole(logical, rest, into);
                }
                into.args.insert(0, logical.word(self.source, kind));
            }
            Keyword::Onbuild => self.trigger(logical, rest, into),
            Keyword::Maintainer
            | Keyword::Stopsignal
            | Keyword::User
            | Keyword::Workdir
            | Keyword::Unknown => {
                self.whole(logical, rest, into);
            }
        }
    }

    fn whole(&self, logical: &Logical, rest: Range<usize>, into: &mut Instruction) {
        if !rest.is_empty() {
            into.args.push(logical.word(self.source, rest));
        }
    }

    fn spread(&self, logical: &Logical, words: Vec<Range<usize>>) -> Vec<Word> {
        words.into_iter().map(|word| logical.word(self.source, word)).collect()
    }

    /// Reads the exec form; `false` means that this is the shell form.
    fn exec(&mut self, logical: &Logical, rest: Range<usize>, into: &mut Instruction) -> bool {
        match json::array(&logical.text, rest) {
            Array::Strings(items) => {
                into.form = Form::Exec;
                into.args = items.into_iter().map(|item| self.string(logical, item)).collect();
                true
            }
            Array::NotStrings => {
                self.refuse(into.lines.first, Problem::NotStrings);
                false
            }
            Array::NotJson => false,
        }
    }

    fn string(&self, logical: &Logical, item: json::Item) -> Word {
        let plain = logical.word(self.source, item.range);
        if item.runs.len() == 1 {
            return plain;
        }
        let runs = item
            .runs
            .into_iter()
            .map(|(at, line)| (at, logical.position(self.source, line)))
            .collect();
        Word { text: item.text, span: plain.span, runs }
    }

    fn pair(&self, logical: &Logical, part: Range<usize>) -> Pair {
        let text = logical.text.get(part.clone()).unwrap_or_default();
        match text.find('=') {
            Some(at) => Pair {
                name: logical.word(self.source, part.start..part.start + at),
                value: Some(logical.word(self.source, part.start + at + 1..part.end)),
            },
            None => Pair { name: logical.word(self.source, part), value: None },
        }
    }

    /// `ENV a=1 b=2`, or the old `ENV name the rest of the line`.
    fn pairs(&mut self, logical: &Logical, rest: Range<usize>, into: &mut Instruction) {
        let parts = words::quoted(&logical.text, rest.clone(), self.escape);
        let Some(first) = parts.first() else { return };
        if !logical.text.get(first.clone()).unwrap_or_default().contains('=') {
            let (name, value) = words::keyword(&logical.text, rest);
            if value.is_empty() {
                self.refuse(into.lines.first, Problem::NoValue);
            }
            let value = (!value.is_empty()).then(|| logical.word(self.source, value));
            into.pairs.push(Pair { name: logical.word(self.source, name), value });
            return;
        }
        for part in parts {
            let pair = self.pair(logical, part);
            if pair.value.is_none() {
                self.refuse(into.lines.first, Problem::NoEquals(pair.name.text.clone()));
            }
            into.pairs.push(pair);
        }
    }

    fn trigger(&mut self, logical: &Logical, rest: Range<usize>, into: &mut Instruction) {
        let (name, _) = words::keyword(&logical.text, rest.clone());
        match Keyword::of(logical.text.get(name).unwrap_or_default()) {
            // Reading on would recurse once per ONBUILD.
            Keyword::Onbuild | Keyword::From | Keyword::Maintainer => {
                self.whole(logical, rest, into);
                self.refuse(into.lines.first, Problem::Trigger);
            }
            _ if rest.is_empty() => {}
            _ => into.trigger = self.read(logical, rest, into.lines).map(Box::new),
        }
    }

    /// Reports what BuildKit would refuse about a single instruction.
    fn judge(&mut self, instruction: &Instruction) {
        let line = instruction.lines.first;
        let name = || instruction.name.text.to_ascii_uppercase();
        if let Some(flag) =
            instruction.flags.first().filter(|_| instruction.keyword.refuses_flags())
        {
            self.refuse(line, Problem::UnknownFlag(flag.name.clone()));
        }
        let args = instruction.args.len();
        let problem = match instruction.keyword {
            Keyword::Unknown => Some(Problem::UnknownInstruction(instruction.name.text.clone())),
            Keyword::From => crate::stage::name_problem(&instruction.args),
            Keyword::Add | Keyword::Copy if args < 2 => Some(Problem::TooFew(name(), 2)),
            Keyword::Arg | Keyword::Env | Keyword::Label if instruction.pairs.is_empty() => {
                Some(Problem::TooFew(name(), 1))
            }
            Keyword::Arg | Keyword::Env | Keyword::Label
                if instruction.pairs.iter().any(|pair| pair.name.text.is_empty()) =>
            {
                Some(Problem::BlankName(name()))
            }
            Keyword::Expose | Keyword::Volume | Keyword::Healthcheck | Keyword::Shell
                if args == 0 =>
            {
                Some(Problem::TooFew(name(), 1))
            }
            Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Maintainer
                if args == 0 =>
            {
                Some(Problem::TooFew(name(), 1))
            }
            Keyword::Onbuild if instruction.trigger.is_none() && args == 0 => {
                Some(Problem::TooFew(name(), 1))
            }
            Keyword::Shell if instruction.form == Form::Shell => Some(Problem::ShellNotJson),
            Keyword::Healthcheck => health_problem(&instruction.args),
            _ => None,
        };
        if let Some(problem) = problem {
            self.refuse(line, problem);
        }
    }
}

/// `HEALTHCHECK NONE` stands alone, `HEALTHCHECK CMD` needs a command, and there is nothing else.
fn health_problem(args: &[Word]) -> Option<Problem> {
    let (kind, command) = args.split_first()?;
    match (kind.text.to_ascii_uppercase().as_str(), command.is_empty()) {
        ("NONE", true) | ("CMD", false) => None,
        _ => Some(Problem::Healthcheck(kind.text.clone())),
    }
}
