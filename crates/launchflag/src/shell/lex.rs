//! From script text to tokens.

use std::ops::Range;

use super::words::{self, Piece};

/// A script that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexError {
    /// `'`, `"`, `` ` `` or a bracket without its partner.
    Unclosed(char),
    /// Too deep, or too long.
    TooLarge,
}

impl LexError {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Unclosed(ch) => format!("{ch} is never closed"),
            Self::TooLarge => "too large or too deeply nested".to_owned(),
        }
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word before expansion.
    Word(Vec<Piece>, Range<usize>),
    /// `;`, `&`, `&&`, `|`, `||`, `|&`, `;;`, `(`, `)` or a newline.
    Op(&'static str),
}

/// Longer operators first.
const OPERATORS: &[&str] = &["&&", "||", "|&", ";;", ";&", "&", "|", ";", "(", ")", "\n"];
const REDIRECTIONS: &[&str] =
    &["&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", ">>", ">&", ">|", "<", ">"];

/// Cuts a script into tokens. Comments, redirections and here-documents are dropped.
pub(crate) fn tokens(script: &str) -> Result<Vec<Token>, LexError> {
    let mut lexer = Lexer { text: script, at: 0, heredocs: Vec::new(), out: Vec::new() };
    while lexer.at < script.len() {
        lexer.token()?;
    }
    Ok(lexer.out)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Ends of here-documents that begin at the next newline, and whether leading tabs are taken off.
    heredocs: Vec<(String, bool)>,
    out: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn starts(&self, list: &[&'static str]) -> Option<&'static str> {
        list.iter().find(|op| self.rest().starts_with(**op)).copied()
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let bare = rest.trim_start_matches([' ', '\t', '\r']);
            let bare =
                bare.strip_prefix("\\\n").or_else(|| bare.strip_prefix("\\\r\n")).unwrap_or(bare);
            if bare.len() == rest.len() {
                return;
            }
            self.at = self.text.len() - bare.len();
        }
    }

    fn token(&mut self) -> Result<(), LexError> {
        self.skip_blanks();
        if self.rest().starts_with('#') {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
        if self.rest().is_empty() {
            return Ok(());
        }
        let number = self.rest().trim_start_matches(|ch: char| ch.is_ascii_digit());
        let digits = self.rest().len() - number.len();
        if digits > 0 && number.starts_with(['<', '>']) {
            self.at += digits;
        }
        if let Some(op) = self.starts(REDIRECTIONS) {
            // Process substitution, `<(…)`, is a word.
            if !((op == "<" || op == ">")
                && self.rest().get(1..).is_some_and(|rest| rest.starts_with('(')))
            {
                self.at += op.len();
                return self.redirection(op);
            }
        }
        if let Some(op) = self.starts(OPERATORS) {
            self.at += op.len();
            self.out.push(Token::Op(op));
            if op == "\n" {
                self.skip_heredocs();
            }
            return Ok(());
        }
        let start = self.at;
        let pieces = self.word()?;
        self.out.push(Token::Word(pieces, start..self.at));
        Ok(())
    }

    fn word(&mut self) -> Result<Vec<Piece>, LexError> {
        let (pieces, length) = words::read(self.rest(), 0)?;
        // A character that begins no word, such as a stray `>`, must not stop us for ever.
        let first = self.rest().chars().next().map_or(0, char::len_utf8);
        self.at += if length == 0 { first } else { length };
        Ok(pieces)
    }

    fn redirection(&mut self, op: &str) -> Result<(), LexError> {
        self.skip_blanks();
        if self.starts(OPERATORS).is_some() || self.rest().is_empty() {
            return Ok(());
        }
        let start = self.at;
        self.word()?;
        if op == "<<" || op == "<<-" {
            let name = self.text.get(start..self.at).unwrap_or_default();
            let name: String = name.chars().filter(|ch| !matches!(ch, '\'' | '"' | '\\')).collect();
            self.heredocs.push((name, op == "<<-"));
        }
        Ok(())
    }

    fn skip_heredocs(&mut self) {
        for (name, tabs) in std::mem::take(&mut self.heredocs) {
            while !self.rest().is_empty() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
                self.at += line.len();
                let line = line.trim_end_matches(['\n', '\r']);
                if name == if tabs { line.trim_start_matches('\t') } else { line } {
                    break;
                }
            }
        }
    }
}
