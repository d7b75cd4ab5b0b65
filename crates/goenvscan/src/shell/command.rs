//! Simple commands of a script, with their redirections (POSIX.1-2024 chapter 2.9).
//!
//! Lists, pipelines, groups, loops and functions are all run through from top to bottom: which branch is taken is not
//! asked.

use crate::shell::word::{Reader, Word};
use crate::text::Text;
use std::ops::Range;

/// Redirections of groups within groups are followed this far.
const MAX_GROUPS: usize = 32;

/// A group that is open: what opened it, and the index of its first command.
#[derive(Debug, Clone, Copy)]
struct Group {
    parenthesis: bool,
    first: usize,
}

/// A simple command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Command {
    /// Assignments, then the program and its arguments.
    pub(crate) words: Vec<Word>,
    pub(crate) redirects: Vec<Redirect>,
    /// The index of the command that reads its output.
    pub(crate) pipe_to: Option<usize>,
}

/// `>> file`, `<<EOF`.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    /// `>`, `>>`, `<`, `<<` and others, without the number in front.
    pub(crate) operator: &'static str,
    pub(crate) target: Word,
    /// The content of a here-document, and whether `$` means something in it.
    pub(crate) heredoc: Option<(Range<usize>, bool)>,
}

impl Redirect {
    /// Whether the command's output goes there.
    pub(crate) fn writes(&self) -> bool {
        matches!(self.operator, ">" | ">>" | ">|" | "&>" | "&>>")
    }
}

const OPERATORS: [&str; 22] = [
    "<<<", "<<-", "&>>", ";;&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "&&", "||", "|&", ";;",
    ";&", ";", "&", "|", "<", ">", "(",
];

/// The commands of a script, in order.
pub(crate) fn commands(text: &Text) -> Vec<Command> {
    let mut parser = Parser {
        reader: Reader { text, pos: 0 },
        done: Vec::new(),
        current: Command::default(),
        groups: Vec::new(),
        closed: None,
        heredocs: Vec::new(),
        not_heredocs: 0,
    };
    parser.run();
    parser.done
}

/// More searches for the end of a here-document are not repeated: the rest of the text is taken for it.
const MAX_SEARCHES: usize = 64;

/// Where a here-document's redirection is kept until its content is read.
#[derive(Debug, Clone)]
struct Pending {
    command: usize,
    redirect: usize,
    delimiter: String,
    tabs: bool,
    expand: bool,
}

struct Parser<'t> {
    reader: Reader<'t>,
    done: Vec<Command>,
    current: Command,
    groups: Vec<Group>,
    /// The first command of the group that was just closed: redirections now are the group's.
    closed: Option<usize>,
    heredocs: Vec<Pending>,
    /// How often `<<` began no here-document.
    not_heredocs: usize,
}

impl Parser<'_> {
    fn run(&mut self) {
        loop {
            let start = self.reader.pos;
            match self.reader.peek() {
                None => break,
                Some(' ' | '\t' | '\r') => drop(self.reader.bump()),
                Some('\n') => {
                    self.reader.bump();
                    self.finish(false);
                    self.read_heredocs();
                }
                Some('#') => {
                    let length = self.reader.rest().find('\n').unwrap_or(self.reader.rest().len());
                    self.reader.pos += length;
                }
                Some(')') => {
                    self.reader.bump();
                    self.close_parenthesis();
                }
                Some('\\') if self.reader.rest().starts_with("\\\n") => self.reader.pos += 2,
                Some(_) => {
                    let rest = self.reader.rest();
                    match OPERATORS.into_iter().find(|op| rest.starts_with(op)) {
                        Some(operator) => {
                            self.reader.pos += operator.len();
                            self.operator(operator);
                        }
                        None => self.word(),
                    }
                }
            }
            if self.reader.pos == start {
                // Whatever cannot be read is passed over.
                self.reader.bump();
            }
        }
        self.finish(false);
    }

    fn finish(&mut self, piped: bool) {
        let mut command = std::mem::take(&mut self.current);
        let closed = self.closed.take();
        if !command.words.is_empty() || (closed.is_none() && !command.redirects.is_empty()) {
            command.pipe_to = piped.then_some(self.done.len() + 1);
            self.done.push(command);
        } else if let Some(first) = closed.filter(|_| self.groups.len() < MAX_GROUPS) {
            let next = self.done.len();
            let redirect = command.redirects.iter().find(|redirect| redirect.writes());
            for inner in self.done.get_mut(first..).unwrap_or_default() {
                let bound = inner.pipe_to.is_some() || inner.redirects.iter().any(Redirect::writes);
                if bound {
                    continue;
                }
                inner.pipe_to = piped.then_some(next);
                inner.redirects.extend(redirect.cloned());
            }
        }
    }

    fn word(&mut self) {
        let word = self.reader.word();
        if word.parts.is_empty() {
            return;
        }
        let text = self.reader.text;
        let bare = word.bare(text).unwrap_or_default();
        // A number right in front of a redirection is its descriptor.
        let digits = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
        if digits && matches!(self.reader.peek(), Some('<' | '>')) {
            return;
        }
        if self.current.words.is_empty() && self.current.redirects.is_empty() {
            match bare {
                "if" | "while" | "until" | "{" => return self.open(false),
                "then" | "else" | "elif" | "do" | "!" | "time" | "coproc" => return,
                "}" | "done" | "fi" | "esac" => return self.close(),
                "for" | "case" | "select" => self.open(false),
                _ => {}
            }
        }
        self.closed = None;
        self.current.words.push(word);
        self.finish_header(bare);
    }

    /// `case x in` ends here, and `function f` too: what follows is a command, or a pattern.
    fn finish_header(&mut self, last: &str) {
        let first = self.current.words.first().and_then(|word| word.bare(self.reader.text));
        let header = match first {
            Some("case") => last == "in" && self.current.words.len() == 3,
            Some("function") => self.current.words.len() == 2,
            _ => false,
        };
        if header {
            self.current = Command::default();
        }
    }

    fn open(&mut self, parenthesis: bool) {
        self.groups.push(Group { parenthesis, first: self.done.len() });
    }

    fn close(&mut self) {
        self.closed = self.groups.pop().map(|group| group.first);
    }

    /// The end of a subshell, or of a pattern of `case`.
    fn close_parenthesis(&mut self) {
        if self.groups.last().is_some_and(|group| group.parenthesis) {
            self.finish(false);
            self.close();
        } else {
            self.current = Command::default();
        }
    }

    fn operator(&mut self, operator: &'static str) {
        match operator {
            "(" => {
                let function = self.reader.rest().trim_start_matches([' ', '\t']).starts_with(')');
                if function && self.current.words.len() == 1 {
                    // `name()`: the parenthesis that closes it follows.
                    let blanks = self.reader.rest().len()
                        - self.reader.rest().trim_start_matches([' ', '\t']).len();
                    self.reader.pos += blanks + 1;
                    self.current = Command::default();
                } else {
                    self.finish(false);
                    self.open(true);
                }
            }
            "|" | "|&" => self.finish(true),
            "&&" | "||" | ";" | "&" | ";;" | ";&" | ";;&" => self.finish(false),
            "<<<" | "<<" | "<<-" | "<" | ">" | ">>" | ">|" | "&>" | "&>>" | "<>" | "<&" | ">&" => {
                self.redirect(operator)
            }
            _ => {}
        }
    }

    fn redirect(&mut self, operator: &'static str) {
        while matches!(self.reader.peek(), Some(' ' | '\t')) {
            self.reader.bump();
        }
        let target = self.reader.word();
        if target.parts.is_empty() {
            // `<(…)`: a script of its own.
            return;
        }
        if matches!(operator, "<<" | "<<-") {
            let delimiter = target.value(self.reader.text).shown().as_str().to_owned();
            let expand = target.bare(self.reader.text).is_some();
            let (command, redirect) = (self.done.len(), self.current.redirects.len());
            let tabs = operator == "<<-";
            self.heredocs.push(Pending { command, redirect, delimiter, tabs, expand });
        }
        self.current.redirects.push(Redirect { operator, target, heredoc: None });
    }

    fn read_heredocs(&mut self) {
        for pending in std::mem::take(&mut self.heredocs) {
            let start = self.reader.pos;
            let mut end = start;
            loop {
                let rest = self.reader.rest();
                if rest.is_empty() {
                    // No such line: `<<` was a shift, as in `(( n = 1 << 4 ))`. Each such search reads to the end.
                    self.not_heredocs += 1;
                    if self.not_heredocs <= MAX_SEARCHES {
                        self.reader.pos = start;
                        end = start;
                    }
                    break;
                }
                let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
                let line = rest.get(..length).unwrap_or_default().trim_end_matches(['\n', '\r']);
                let line = if pending.tabs { line.trim_start_matches('\t') } else { line };
                let last = line == pending.delimiter;
                self.reader.pos += length;
                if last {
                    break;
                }
                end = self.reader.pos;
            }
            let command = self.done.get_mut(pending.command);
            let redirect = command.and_then(|c| c.redirects.get_mut(pending.redirect));
            if let Some(redirect) = redirect.filter(|redirect| redirect.operator.starts_with("<<"))
            {
                redirect.heredoc = Some((start..end, pending.expand));
            }
        }
    }
}
