//! Lines, blocks and their comments (`modfile/read.go`, the parser), shared by go.mod and go.work.

use crate::lex::{Kind, Lexer, Mark, SyntaxError, Token};
use crate::span::Span;

/// The comments of a line or block. A blank line above counts as an empty comment.
#[derive(Debug, Default)]
pub(crate) struct Comments<'a> {
    /// Whole lines above.
    pub(crate) before: Vec<&'a str>,
    /// Behind, on the same line.
    pub(crate) suffix: Vec<&'a str>,
}

/// One line of words.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) comments: Comments<'a>,
    /// Never empty.
    pub(crate) words: Vec<&'a str>,
    start: Mark,
    end: Mark,
}

impl Line<'_> {
    pub(crate) fn span(&self) -> Span {
        Span { start: self.start.position(), end: self.end.position() }
    }
}

/// `words ( lines )`.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) comments: Comments<'a>,
    /// Never empty.
    pub(crate) words: Vec<&'a str>,
    pub(crate) lines: Vec<Line<'a>>,
    pub(crate) start: Mark,
    open: Mark,
    /// The comments behind the opening parenthesis.
    pub(crate) open_suffix: Vec<&'a str>,
    close: Mark,
    /// The comments between the last line and the closing parenthesis, and those behind it.
    pub(crate) close_comments: Comments<'a>,
}

impl<'a> Block<'a> {
    fn new(comments: Comments<'a>, words: Vec<&'a str>, start: Mark, open: Mark) -> Self {
        Self {
            comments,
            words,
            lines: Vec::new(),
            start,
            open,
            open_suffix: Vec::new(),
            close: open,
            close_comments: Comments::default(),
        }
    }
}

/// What stands at the top level.
#[derive(Debug)]
pub(crate) enum Statement<'a> {
    Line(Line<'a>),
    Block(Block<'a>),
    /// Comments with a blank line behind them.
    Comments(Mark, Vec<&'a str>),
}

/// Reads a whole file; `name` is for one message of the Go tools which says it.
pub(crate) fn parse<'a>(text: &'a str, name: &str) -> Result<Vec<Statement<'a>>, SyntaxError> {
    let mut parser = Parser { lexer: Lexer::new(text)?, name };
    let mut statements = Vec::new();
    parser.file(&mut statements)?;
    attach(&mut statements, std::mem::take(&mut parser.lexer.suffixes));
    Ok(statements)
}

struct Parser<'a, 'n> {
    lexer: Lexer<'a>,
    name: &'n str,
}

impl<'a> Parser<'a, '_> {
    fn file(&mut self, statements: &mut Vec<Statement<'a>>) -> Result<(), SyntaxError> {
        let alone = |(mark, comments)| Statement::Comments(mark, comments);
        let mut comments: Option<(Mark, Vec<&'a str>)> = None;
        loop {
            match self.lexer.peek() {
                Kind::Newline => {
                    self.lexer.lex()?;
                    statements.extend(comments.take().map(alone));
                }
                Kind::Comment => {
                    let token = self.lexer.lex()?;
                    comments.get_or_insert((token.start, Vec::new())).1.push(token.text);
                }
                Kind::Eof => {
                    statements.extend(comments.take().map(alone));
                    return Ok(());
                }
                _ => {
                    let before = comments.take().map(|(_, before)| before).unwrap_or_default();
                    statements.push(self.statement(before)?);
                }
            }
        }
    }

    fn statement(&mut self, before: Vec<&'a str>) -> Result<Statement<'a>, SyntaxError> {
        let comments = Comments { before, suffix: Vec::new() };
        let first = self.lexer.lex()?;
        let (start, mut end) = (first.start, first.end);
        let mut words = vec![first.text];
        loop {
            let token = self.lexer.lex()?;
            if token.kind.is_eol() {
                return Ok(Statement::Line(Line { comments, words, start, end }));
            }
            if token.kind != Kind::Open {
                words.push(token.text);
                end = token.end;
                continue;
            }
            let open = token.start;
            if self.lexer.peek().is_eol() {
                return self.block(Block::new(comments, words, start, open)).map(Statement::Block);
            }
            words.push(token.text);
            if self.lexer.peek() == Kind::Close {
                let close = self.lexer.lex()?;
                if self.lexer.peek().is_eol() {
                    self.lexer.lex()?;
                    words.pop();
                    let mut block = Block::new(comments, words, start, open);
                    block.close = close.start;
                    return Ok(Statement::Block(block));
                }
                words.push(close.text);
            }
        }
    }

    fn block(&mut self, mut block: Block<'a>) -> Result<Block<'a>, SyntaxError> {
        let mut before: Vec<&'a str> = Vec::new();
        loop {
            match self.lexer.peek() {
                Kind::EolComment => {
                    self.lexer.lex()?;
                }
                Kind::Newline => {
                    self.lexer.lex()?;
                    let blank = match before.last() {
                        None => !block.lines.is_empty(),
                        Some(last) => !last.is_empty(),
                    };
                    if blank {
                        before.push("");
                    }
                }
                Kind::Comment => before.push(self.lexer.lex()?.text),
                Kind::Eof => {
                    let (name, Mark { line, column, .. }) = (self.name, block.start);
                    let place = format!("{name}:{line}:{column}");
                    return self
                        .lexer
                        .error(format!("syntax error (unterminated block started at {place})"));
                }
                Kind::Close => {
                    block.close = self.lexer.lex()?.start;
                    // A blank line at the end of the block is not kept.
                    if before != [""] {
                        block.close_comments.before = before;
                    }
                    if !self.lexer.peek().is_eol() {
                        return self
                            .lexer
                            .error("syntax error (expected newline after closing paren)");
                    }
                    self.lexer.lex()?;
                    return Ok(block);
                }
                Kind::Open | Kind::Word => {
                    let line = self.line(std::mem::take(&mut before))?;
                    block.lines.push(line);
                }
            }
        }
    }

    fn line(&mut self, before: Vec<&'a str>) -> Result<Line<'a>, SyntaxError> {
        let comments = Comments { before, suffix: Vec::new() };
        let Token { text, start, mut end, .. } = self.lexer.lex()?;
        let mut words = vec![text];
        loop {
            let token = self.lexer.lex()?;
            if token.kind.is_eol() {
                return Ok(Line { comments, words, start, end });
            }
            words.push(token.text);
            end = token.end;
        }
    }
}

/// Gives each comment at a line end to the syntax in front of it: to the innermost that is on one line.
/// (`assignComments`; the outcome shows only where a string holds an escaped line end.)
fn attach<'a>(statements: &mut [Statement<'a>], mut suffixes: Vec<(Mark, &'a str)>) {
    let mut take = |start: Mark, end: Mark, length: usize, suffix: &mut Vec<&'a str>| {
        if start.line != end.line {
            return;
        }
        let end = end.byte.saturating_add(length);
        while let Some((_, text)) = suffixes.pop_if(|(mark, _)| end <= mark.byte) {
            suffix.push(text);
        }
        suffix.reverse();
    };
    for statement in statements.iter_mut().rev() {
        match statement {
            Statement::Comments(mark, _) => take(*mark, *mark, 0, &mut Vec::new()),
            Statement::Line(line) => take(line.start, line.end, 0, &mut line.comments.suffix),
            Statement::Block(block) => {
                take(block.start, block.close, 1, &mut block.comments.suffix);
                take(block.close, block.close, 1, &mut block.close_comments.suffix);
                for line in block.lines.iter_mut().rev() {
                    take(line.start, line.end, 0, &mut line.comments.suffix);
                }
                take(block.open, block.open, 1, &mut block.open_suffix);
            }
        }
    }
}

/// The words of a directive's comments, or of its block's when it has none (`parseDirectiveComment`).
pub(crate) fn directive_comment(block: Option<&Block<'_>>, line: &Line<'_>) -> String {
    let own = &line.comments;
    let comments = match block {
        Some(block) if own.before.is_empty() && own.suffix.is_empty() => &block.comments,
        _ => own,
    };
    let lines = comments.before.iter().chain(&comments.suffix);
    let lines: Vec<&str> =
        lines.filter_map(|comment| comment.strip_prefix("//")).map(str::trim).collect();
    lines.join("\n")
}
