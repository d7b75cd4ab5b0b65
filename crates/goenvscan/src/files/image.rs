//! Dockerfiles: `ENV`, the defaults of `ARG`, and the commands of `RUN`, `CMD` and `ENTRYPOINT`.

use crate::assignment::{Found, Via};
use crate::files::Unread;
use crate::shell::{self, Script};
use crate::text::{Position, Span, Text};
use crate::value::Value;
use dockerfile::{Form, Heredoc, Instruction, Keyword, Pair, Word};
use std::collections::HashMap;

pub(crate) fn scan(source: &str, found: &mut Found) -> Option<Unread> {
    let (file, errors) = dockerfile::parse_lenient(source);
    let text = Text::file(source);
    let starts = std::iter::once(0).chain(text.as_str().match_indices('\n').map(|(at, _)| at + 1));
    let whole = Whole { starts: starts.collect(), text };
    let mut constants = HashMap::new();
    for instruction in &file.instructions {
        scan_instruction(instruction, file.escape, &whole, &mut constants, found);
    }
    let error = errors.into_iter().min_by_key(|error| error.line)?;
    let at = Position { line: error.line, column: 1 };
    Some(Unread { at, message: error.problem.to_string() })
}

/// The file, with the offset of each line.
struct Whole {
    text: Text,
    starts: Vec<usize>,
}

/// What `ARG` and `ENV` set to plain text, and whether a build may set it to something else.
type Constants = HashMap<String, (String, bool)>;

fn scan_instruction(
    instruction: &Instruction,
    escape: char,
    whole: &Whole,
    constants: &mut Constants,
    found: &mut Found,
) {
    let mut instruction = instruction;
    while let Some(inner) = &instruction.trigger {
        instruction = inner;
    }
    match instruction.keyword {
        Keyword::Env | Keyword::Arg => {
            let is_arg = instruction.keyword == Keyword::Arg;
            let via = if is_arg { Via::DockerArg } else { Via::DockerEnv };
            instruction.pairs.iter().for_each(|pair| set(pair, escape, &via, constants, found));
        }
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => run(instruction, whole, found),
        _ => {}
    }
}

fn set(pair: &Pair, escape: char, via: &Via, constants: &mut Constants, found: &mut Found) {
    let Some(word) = &pair.value else { return };
    let name = text(&pair.name);
    let mut word = text(word);
    let end = word.span(0..word.len()).end;
    // `ENV GOSUMDB=$SUM` behind `ARG SUM=off`.
    let mut default = *via == Via::DockerArg;
    let bare = unquoted(&word);
    let reference = bare
        .as_str()
        .strip_prefix('$')
        .map(|name| name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name));
    if let Some((value, is_default)) = reference.and_then(|name| constants.get(name)) {
        default |= is_default;
        word = Text::fixed(value, word.at(0));
    }
    if !word.as_str().contains('$') {
        constants.insert(name.as_str().to_owned(), (unquoted(&word).as_str().to_owned(), default));
    }
    // The builder's quotes and `$` are the shell's. On Windows, a backslash is only itself.
    let value: Value =
        if escape == '\\' { shell::word_value(&word) } else { shell::expand(&unquoted(&word)) };
    let span = Span { start: name.at(0), end: end.max(name.span(0..name.len()).end) };
    if let Some(one) = found.add(name.as_str(), &value, span, via.clone()) {
        one.default |= default;
    }
}

fn unquoted(word: &Text) -> Text {
    let inner = |quote| word.as_str().strip_prefix(quote)?.strip_suffix(quote);
    match inner('"').or_else(|| inner('\'')) {
        Some(inner) => word.part(1..1 + inner.len()),
        None => word.clone(),
    }
}

/// A word with its places.
fn text(word: &Word) -> Text {
    let mut text = Text::default();
    let ends = word.runs().iter().skip(1).map(|(start, _)| *start).chain([word.text.len()]);
    for ((start, at), end) in word.runs().iter().zip(ends) {
        text.push_at(word.text.get(*start..end).unwrap_or_default(), position(*at));
    }
    if text.as_str() == word.text {
        text
    } else {
        Text::fixed(&word.text, position(word.span.start))
    }
}

fn position(at: dockerfile::Position) -> Position {
    Position { line: at.line, column: at.column }
}

fn run(instruction: &Instruction, whole: &Whole, found: &mut Found) {
    if instruction.form == Form::Exec {
        let words: Vec<Text> = instruction.args.iter().map(text).collect();
        found.0.extend(shell::exec(&words).0);
        return;
    }
    let mut script = Script::default();
    for word in &instruction.args {
        let mut command = text(word);
        if !instruction.heredocs.is_empty() {
            // The shell reads the here-documents behind the line that announces them.
            let bare = command.as_str().trim_end().len();
            let announced = command.get(0..bare).trim_start();
            let alone = announced.starts_with("<<") && !announced.contains(char::is_whitespace);
            if alone {
                command = Text::default();
            } else {
                let end = command.at(command.len());
                command.push_char('\n', end);
            }
            for heredoc in &instruction.heredocs {
                push_heredoc(&mut command, heredoc, whole, !alone);
            }
        }
        script.scan(command);
    }
    found.0.extend(script.finish().0);
}

/// Adds a here-document's content; with its terminator, if the shell is to find it.
fn push_heredoc(command: &mut Text, heredoc: &Heredoc, whole: &Whole, terminated: bool) {
    let start = heredoc.lines.first.checked_sub(1).and_then(|line| whole.starts.get(line));
    let range = start.map_or(0..0, |start| *start..*start + heredoc.content.len());
    if whole.text.get(range.clone()) == heredoc.content {
        command.push_part(&whole.text, range);
    } else {
        let at = Position { line: heredoc.lines.first, column: 1 };
        command.push(&Text::fixed(&heredoc.content, at));
    }
    if terminated {
        let at = Position { line: heredoc.lines.last, column: 1 };
        command.push(&Text::fixed(&format!("{}\n", heredoc.name), at));
    }
}
