//! Text that commands write into files which set variables: `$GITHUB_ENV`, `~/.bashrc`.

use crate::assignment::{Found, Via, line_span};
use crate::shell::command::{Command, Redirect};
use crate::shell::run::{Argument, Script};
use crate::shell::word::{Word, is_name};
use crate::shell::{builtin, word};
use crate::text::Text;
use crate::value::{Piece, Value};

/// What a file means to those who read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// GitHub's file of variables for later steps.
    Github,
    /// `NAME=VALUE` lines.
    Lines,
    /// A script that shells run at their start.
    Profile,
    /// The file of `go env -w`.
    GoEnv,
}

/// Follows the output of commands into files.
pub(crate) fn written(script: &mut Script, commands: &[Command], text: &Text) {
    // A variable of several lines may be written by several commands.
    let mut all = Value::default();
    for command in commands {
        let Some(target) = target(command, commands, text) else { continue };
        for value in printed(command, text) {
            match target {
                Target::Github => {
                    let end = Text::fixed("\n", value.start().unwrap_or_default());
                    all.0.extend(value.0);
                    all.0.push(Piece::Literal(end));
                }
                Target::Lines => lines(&mut script.found, &value, &Via::DotEnv),
                Target::GoEnv => lines(&mut script.found, &value, &Via::GoEnvFile),
                Target::Profile => profile(&mut script.found, &value),
            }
        }
    }
    github(&mut script.found, &all);
}

fn profile(found: &mut Found, value: &Value) {
    let mut script = Script::default();
    script.scan(value.shown());
    for mut one in script.finish().0 {
        one.via = Via::ProfileFile;
        found.0.push(one);
    }
}

/// Where the output goes: a redirection, or `tee`.
fn target(command: &Command, commands: &[Command], text: &Text) -> Option<Target> {
    if let Some(redirect) = command.redirects.iter().rev().find(|redirect| redirect.writes()) {
        return of_file(&redirect.target, text);
    }
    let own = is_tee(command, text).then_some(command);
    let tee = own.or_else(|| commands.get(command.pipe_to?).filter(|next| is_tee(next, text)))?;
    tee.words.iter().take(8).find_map(|word| of_file(word, text))
}

fn is_tee(command: &Command, text: &Text) -> bool {
    command.words.iter().take(3).any(|word| word.bare(text) == Some("tee"))
}

fn of_file(word: &Word, text: &Text) -> Option<Target> {
    let shown = word.value(text).shown();
    let name = shown.as_str();
    let last = name.rsplit('/').next().unwrap_or(name);
    let script = [
        ".bashrc",
        "bash.bashrc",
        ".profile",
        ".bash_profile",
        ".zshrc",
        ".zshenv",
        ".envrc",
        ".bash_login",
    ];
    match () {
        () if name.contains("GITHUB_ENV") => Some(Target::Github),
        () if name == "/etc/environment"
            || last == ".env"
            || last.ends_with(".env") && last != "go.env" =>
        {
            Some(Target::Lines)
        }
        () if name.ends_with("/go/env") || last == "go.env" => Some(Target::GoEnv),
        () if name.contains("BASH_ENV")
            || name.contains("/profile.d/")
            || name == "/etc/profile" =>
        {
            Some(Target::Profile)
        }
        () if script.contains(&last) => Some(Target::Profile),
        () => None,
    }
}

/// What `echo`, `printf`, `cat` and `tee` print, as far as it can be told.
fn printed(command: &Command, text: &Text) -> Vec<Value> {
    let mut words = command.words.iter().skip_while(|word| {
        word.bare(text)
            .is_none_or(|name| matches!(name, "sudo" | "builtin" | "command") || name.contains('='))
    });
    let name = words.next().and_then(|word| word.bare(text)).map(builtin::program);
    let args: Vec<Argument> = words.map(|word| Argument::of_word(word, text)).collect();
    match name {
        Some("echo") => vec![echo(&args)],
        Some("printf") => printf(&args).into_iter().collect(),
        Some("cat" | "tee") => command.redirects.iter().filter_map(|r| document(r, text)).collect(),
        _ => Vec::new(),
    }
}

/// The content of a here-document or a here-string.
fn document(redirect: &Redirect, text: &Text) -> Option<Value> {
    match &redirect.heredoc {
        Some((range, true)) => Some(word::expand(&text.part(range.clone()))),
        Some((range, false)) => Some(Value::literal(text.part(range.clone()))),
        None if redirect.operator == "<<<" => Some(redirect.target.value(text)),
        None => None,
    }
}

fn echo(args: &[Argument]) -> Value {
    let is_option = |arg: &&Argument| matches!(arg.as_str(), "-e" | "-n" | "-E" | "-ne" | "-en");
    let options = args.iter().take_while(is_option).count();
    let escapes = args.iter().take(options).any(|arg| arg.as_str().contains('e'));
    let mut printed = Value::default();
    for (index, arg) in args.iter().skip(options).enumerate() {
        if index > 0 {
            let blank = Text::fixed(" ", arg.span.start);
            printed.push_literal(&blank, 0..1);
        }
        for piece in &arg.value.0 {
            push(&mut printed, piece, escapes);
        }
    }
    printed
}

/// Adds a piece, with `\n` as a line end if it means one.
fn push(printed: &mut Value, piece: &Piece, escapes: bool) {
    let Piece::Literal(text) = piece else { return printed.0.push(piece.clone()) };
    let mut start = 0;
    for (at, _) in text.as_str().match_indices("\\n").filter(|_| escapes) {
        printed.push_literal(text, start..at);
        let end = Text::fixed("\n", text.at(at));
        printed.push_literal(&end, 0..1);
        start = at + 2;
    }
    printed.push_literal(text, start..text.len());
}

/// `printf 'NAME=%s\n' value`.
fn printf(args: &[Argument]) -> Option<Value> {
    let (format, args) = args.split_first()?;
    let mut args = args.iter();
    let mut printed = Value::default();
    for piece in &format.value.0 {
        let Piece::Literal(text) = piece else {
            printed.0.push(piece.clone());
            continue;
        };
        let mut start = 0;
        for (at, _) in text.as_str().match_indices("%s") {
            push(&mut printed, &Piece::Literal(text.part(start..at)), true);
            for piece in args.next().iter().flat_map(|arg| &arg.value.0) {
                push(&mut printed, piece, false);
            }
            start = at + 2;
        }
        push(&mut printed, &Piece::Literal(text.part(start..text.len())), true);
    }
    // The format is used again for what is left: `printf '%s\n' A=1 B=2`.
    for arg in args {
        let end = Text::fixed("\n", arg.span.start);
        printed.push_literal(&end, 0..1);
        printed.0.extend(arg.value.0.iter().cloned());
    }
    Some(printed)
}

fn lines(found: &mut Found, value: &Value, via: &Via) {
    for line in value.lines() {
        if let Some((name, value)) = line.split_assignment() {
            found.add(name.trim(), &value, line_span(&line), via.clone());
        }
    }
}

/// `NAME=VALUE`, and `NAME<<DELIMITER` with the value on the lines up to the delimiter.
fn github(found: &mut Found, value: &Value) {
    let mut lines = value.lines().into_iter();
    while let Some(line) = lines.next() {
        let shown = line.shown();
        let heredoc = shown.as_str().split_once("<<").filter(|(name, _)| is_name(name));
        let Some((name, delimiter)) = heredoc else {
            if let Some((name, value)) = line.split_assignment() {
                found.add(&name, &value, line_span(&line), Via::GithubEnvFile);
            }
            continue;
        };
        let mut value = Value::default();
        let mut span = line_span(&line);
        for line in lines.by_ref() {
            if line.shown().as_str() == delimiter {
                break;
            }
            span.end = span.end.max(line_span(&line).end);
            if !value.0.is_empty() {
                let end = Text::fixed("\n", line.start().unwrap_or_default());
                value.push_literal(&end, 0..1);
            }
            value.0.extend(line.0);
        }
        found.add(name, &value, span, Via::GithubEnvFile);
    }
}
