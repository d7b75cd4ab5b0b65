//! From tokens to simple commands, each with what is known about when it runs.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use super::lex::Token;
use super::words::Piece;

/// What has to happen in front of a command for it to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It begins a list: it runs whatever happened.
    Start,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Simple {
    /// Its words before expansion, assignments included.
    pub(crate) words: Vec<(Vec<Piece>, Range<usize>)>,
    /// How many compound commands it stands in: above 0 it may never run, or run several times.
    pub(crate) depth: usize,
    /// The function in whose body it stands.
    pub(crate) function: Option<Rc<str>>,
    /// It is asked by `if`, `while` or `until` whether to go on.
    pub(crate) condition: bool,
    /// The list operator in front of it.
    pub(crate) after: After,
    /// It is not the first of its pipeline.
    pub(crate) piped_in: bool,
    /// It is not the last of its pipeline.
    pub(crate) piped_out: bool,
    /// It runs in the background.
    pub(crate) background: bool,
}

/// The commands of a script, in order, and the names of the functions that it defines.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    pub(crate) simple: Vec<Simple>,
    pub(crate) functions: HashSet<String>,
    /// Compound commands do not close as they should: a shell refuses the script.
    pub(crate) unbalanced: bool,
}

/// An open compound command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// `case … in`: patterns are to be skipped.
    Case,
    /// `(`
    Subshell,
    /// `if`, `while`, `until`, `for`, `{`.
    Other,
}

struct Reader<'t> {
    tokens: std::iter::Peekable<std::slice::Iter<'t, Token>>,
    /// Each with the function in whose body it stands.
    blocks: Vec<(Block, Option<Rc<str>>)>,
    /// A function whose body is about to begin.
    defined: Option<String>,
    current: Vec<(Vec<Piece>, Range<usize>)>,
    condition: bool,
    after: After,
    piped_in: bool,
    out: Commands,
}

/// Groups tokens into commands.
pub(crate) fn commands(tokens: &[Token]) -> Commands {
    let mut reader = Reader {
        tokens: tokens.iter().peekable(),
        blocks: Vec::new(),
        defined: None,
        current: Vec::new(),
        condition: false,
        after: After::Start,
        piped_in: false,
        out: Commands::default(),
    };
    while let Some(token) = reader.tokens.next() {
        match token {
            Token::Op(op) => reader.operator(op),
            Token::Word(pieces, range) => reader.word(pieces, range),
        }
    }
    reader.finish(false, false);
    reader.out.unbalanced |= !reader.blocks.is_empty();
    reader.out
}

/// The text of a word that is not quoted in any part, as reserved words must be.
fn bare(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Text { text, quoted: false }] => Some(text),
        _ => None,
    }
}

impl Reader<'_> {
    fn finish(&mut self, piped_out: bool, background: bool) {
        let words = std::mem::take(&mut self.current);
        if words.is_empty() {
            return;
        }
        let (depth, condition, after, piped_in) =
            (self.blocks.len(), self.condition, self.after, self.piped_in);
        let function = self.blocks.last().and_then(|(_, name)| name.clone());
        self.out.simple.push(Simple {
            function,
            words,
            depth,
            condition,
            after,
            piped_in,
            piped_out,
            background,
        });
    }

    fn operator(&mut self, op: &str) {
        let began = !self.current.is_empty();
        match op {
            "(" if self.current.len() == 1 => return self.function(),
            "(" => {
                self.current.clear();
                self.begin(Block::Subshell);
            }
            ")" => {
                self.finish(false, false);
                self.close(Block::Subshell);
            }
            ";;" | ";&" => {
                self.finish(false, false);
                if self.blocks.last().is_some_and(|(open, _)| *open == Block::Case) {
                    self.skip_pattern();
                } else {
                    self.out.unbalanced = true;
                }
            }
            "|" | "|&" => self.finish(true, false),
            "&" => self.finish(false, true),
            _ => self.finish(false, false),
        }
        // A newline behind `&&`, `||` or `|` continues the list.
        if op == "\n" && !began {
            return;
        }
        self.piped_in = matches!(op, "|" | "|&");
        self.after = match op {
            "&&" => After::And,
            "||" => After::Or,
            "|" | "|&" => self.after,
            _ => After::Start,
        };
    }

    fn begin(&mut self, block: Block) {
        let outer = || self.blocks.last().and_then(|(_, name)| name.clone());
        let name = self.defined.take().map(Rc::from).or_else(outer);
        self.blocks.push((block, name));
    }

    fn close(&mut self, block: Block) {
        if self.blocks.last().is_some_and(|(open, _)| *open == block) {
            self.blocks.pop();
        } else {
            self.out.unbalanced = true;
        }
        self.after = After::Start;
    }

    /// `name ()`: what follows is the function's body.
    fn function(&mut self) {
        let name = self.current.pop().and_then(|(pieces, _)| bare(&pieces).map(str::to_owned));
        self.out.functions.extend(name.clone());
        self.defined = name;
        self.tokens.next_if(|token| **token == Token::Op(")"));
        self.after = After::Start;
    }

    fn word(&mut self, pieces: &[Piece], range: &Range<usize>) {
        let reserved = if self.current.is_empty() { bare(pieces) } else { None };
        match reserved {
            Some("{") => self.begin(Block::Other),
            Some("if" | "while" | "until") => {
                self.begin(Block::Other);
                self.condition = true;
            }
            Some(word @ ("elif" | "then" | "else" | "do")) => {
                self.condition = word == "elif";
                self.out.unbalanced |=
                    self.blocks.last().is_none_or(|(open, _)| *open != Block::Other);
            }
            Some("!") => {}
            Some("fi" | "done" | "}") => self.close(Block::Other),
            Some("esac") => self.close(Block::Case),
            Some("for" | "select") => {
                self.begin(Block::Other);
                self.loop_head();
            }
            Some("case") => {
                self.begin(Block::Case);
                for token in self.tokens.by_ref() {
                    if matches!(token, Token::Word(pieces, _) if bare(pieces) == Some("in")) {
                        break;
                    }
                }
                self.skip_pattern();
            }
            Some("function") => {
                if let Some(Token::Word(name, _)) = self.tokens.next() {
                    let name = bare(name).map(str::to_owned);
                    self.out.functions.extend(name.clone());
                    self.defined = name;
                }
                if self.tokens.next_if(|token| **token == Token::Op("(")).is_some() {
                    self.tokens.next_if(|token| **token == Token::Op(")"));
                }
            }
            Some("[[") => {
                for token in self.tokens.by_ref() {
                    if matches!(token, Token::Word(pieces, _) if bare(pieces) == Some("]]")) {
                        break;
                    }
                }
                self.current.push((pieces.to_vec(), range.clone()));
            }
            _ => self.current.push((pieces.to_vec(), range.clone())),
        }
    }

    /// `for name in words`, up to `;`, a newline or `do`. The variable takes values that we do not follow, as by `read`.
    fn loop_head(&mut self) {
        let mut name = None;
        while let Some(token) = self.tokens.next_if(|token| match token {
            Token::Op(_) => false,
            Token::Word(pieces, _) => bare(pieces) != Some("do"),
        }) {
            if let (Token::Word(pieces, range), None) = (token, &name) {
                name = Some((pieces.clone(), range.clone()));
            }
        }
        if let Some((pieces, range)) = name {
            let read = Piece::Text { text: "read".to_owned(), quoted: false };
            self.current = vec![(vec![read], range.clone()), (pieces, range)];
            self.finish(false, false);
        }
    }

    /// The patterns of a `case` branch, up to their bracket; or `esac`.
    fn skip_pattern(&mut self) {
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Op(")") => return,
                Token::Word(pieces, _) if bare(pieces) == Some("esac") => {
                    return self.close(Block::Case);
                }
                _ => {}
            }
        }
    }
}
