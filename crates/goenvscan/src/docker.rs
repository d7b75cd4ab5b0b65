//! Dockerfiles: ENV, the defaults of ARG, and the shell lines of RUN.

use crate::place::{Position, Raw, Span};
use crate::{Assignment, Via, is_go_variable, shell};
use dockerfile::{Form, Instruction, Keyword, Word};

/// The assignments of a Dockerfile. What BuildKit refuses is passed over.
pub(crate) fn scan(text: &str) -> Vec<Assignment> {
    let (file, _) = dockerfile::parse_lenient(text);
    let mut found = vec![];
    for instruction in &file.instructions {
        look(instruction, &mut found);
    }
    found
}

fn look(instruction: &Instruction, found: &mut Vec<Assignment>) {
    if let Some(trigger) = &instruction.trigger {
        look(trigger, found);
    }
    match instruction.keyword {
        Keyword::Env => pairs(instruction, Via::DockerEnv, found),
        Keyword::Arg => pairs(instruction, Via::DockerArg, found),
        Keyword::Run => run(instruction, found),
        _ => {}
    }
}

fn pairs(instruction: &Instruction, via: Via, found: &mut Vec<Assignment>) {
    for pair in &instruction.pairs {
        let Some(value) = &pair.value else { continue };
        if !is_go_variable(&pair.name.text) {
            continue;
        }
        // Docker expands and quotes in ENV as a shell does.
        let (value_text, is_literal) = shell::value_of(&value.text);
        let span = Span { start: place(pair.name.span.start), end: place(value.span.end) };
        let name = pair.name.text.clone();
        found.push(Assignment { name, value: value_text, is_literal, span, via });
    }
}

fn run(instruction: &Instruction, found: &mut Vec<Assignment>) {
    for word in instruction.args.iter().filter(|_| instruction.form == Form::Shell) {
        found.extend(shell::scan(&word.text, 0).into_iter().map(|raw| within(word, raw)));
    }
    for heredoc in &instruction.heredocs {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for raw in shell::scan(&heredoc.content, 0) {
            let mut placed = raw.place(&heredoc.content);
            let first = small(heredoc.lines.first).saturating_sub(1);
            placed.span.start.line = placed.span.start.line.saturating_add(first);
            placed.span.end.line = placed.span.end.line.saturating_add(first);
            found.push(placed);
        }
    }
}

fn within(word: &Word, raw: Raw) -> Assignment {
    let start = place(word.position_at(raw.range.start));
    // The end of a character is behind it, which may be on another line than the next one.
    let last = place(word.position_at(raw.range.end.saturating_sub(1)));
    let end = Position { column: last.column.saturating_add(1), ..last };
    raw.put(Span { start, end })
}

fn place(position: dockerfile::Position) -> Position {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position { line: small(position.line), column: small(position.column) }
}
