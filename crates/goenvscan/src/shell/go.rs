//! The go command: `go env -w`, and the flags that weaken the integrity of modules.

use crate::assignment::{GoCommand, Via};
use crate::bypass::names_other_modfile;
use crate::shell::builtin::program;
use crate::shell::run::{Argument, Script};
use crate::text::Text;

const SUBCOMMANDS: [&str; 21] = [
    "bug",
    "build",
    "clean",
    "doc",
    "env",
    "fix",
    "fmt",
    "generate",
    "get",
    "help",
    "install",
    "list",
    "mod",
    "work",
    "run",
    "telemetry",
    "test",
    "tool",
    "version",
    "vet",
    "download",
];

/// Flags whose value may be the next word.
const WITH_VALUE: [&str; 20] = [
    "-o",
    "-p",
    "-C",
    "-asmflags",
    "-buildmode",
    "-compiler",
    "-gccgoflags",
    "-gcflags",
    "-installsuffix",
    "-ldflags",
    "-mod",
    "-modfile",
    "-overlay",
    "-pgo",
    "-pkgdir",
    "-tags",
    "-toolexec",
    "-exec",
    "-covermode",
    "-coverpkg",
];

/// Variables that hold the go command by custom: `$(GO) build`.
const NAMES: [&str; 6] = ["GO", "GOCMD", "GO_CMD", "GO_BIN", "GO_EXE", "GOTOOL"];

/// Whether the words run the go command: its name (or `go1.26`, or a path to it), with one of its commands behind.
pub(crate) fn is_go(words: &[Argument]) -> bool {
    let Some(first) = words.first() else { return false };
    let name = program(first.as_str());
    let version = name.strip_prefix("go").unwrap_or("?");
    let version = version.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    let custom = first.parameter.as_deref().is_some_and(|name| NAMES.contains(&name));
    (matches!(name, "go" | "go.exe" | "gotip") || version || custom) && command(words).is_some()
}

/// The command of `go [-C dir] command args`.
pub(crate) fn command(words: &[Argument]) -> Option<GoCommand> {
    let args = words.get(1..)?;
    let at = subcommand(args)?;
    let name = args.get(at)?.as_str();
    if !SUBCOMMANDS.contains(&name) {
        return None;
    }
    Some(told(name, args.get(at + 1..)?.iter().map(Argument::as_str)))
}

/// What the words behind the command's name say.
fn told<'a>(name: &str, words: impl Iterator<Item = &'a str>) -> GoCommand {
    let (mut at_version, mut other_modfile) = (false, false);
    for word in words.take_while(|word| *word != "--") {
        at_version |= !word.starts_with('-') && word.contains('@');
        other_modfile |= names_other_modfile(word);
    }
    GoCommand { subcommand: name.to_owned(), at_version, other_modfile }
}

fn subcommand(args: &[Argument]) -> Option<usize> {
    match args.first()?.as_str() {
        "-C" | "--C" => Some(2),
        word if word.starts_with("-C=") || word.starts_with("--C=") => Some(1),
        _ => Some(0),
    }
}

/// Notes what the go command is told.
pub(crate) fn run(script: &mut Script, args: &[Argument]) {
    let Some(at) = subcommand(args) else { return };
    let Some((name, rest)) = args.get(at..).and_then(<[Argument]>::split_first) else { return };
    if name.as_str() == "env" {
        if rest.iter().any(|arg| matches!(arg.as_str(), "-w" | "--w" | "-w=true")) {
            for arg in rest.iter().filter(|arg| arg.assignment_like()) {
                script.assign_for(arg, &Via::GoEnvWrite);
            }
        }
        return;
    }
    let words: Vec<Text> = rest.iter().flat_map(|arg| script.fields(arg)).collect();
    let command = told(name.as_str(), words.iter().map(Text::as_str));
    flags(script, &words, &command);
}

fn flags(script: &mut Script, words: &[Text], command: &GoCommand) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.as_str();
        let Some(bare) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
            // What follows the package is the program's.
            if command.subcommand == "run" {
                return;
            }
            continue;
        };
        let (name, value) = match bare.find('=') {
            Some(at) => {
                let from = text.len() - bare.len() + at + 1;
                (bare.get(..at).unwrap_or_default(), Some(word.part(from..word.len())))
            }
            None => (bare, None),
        };
        match name {
            "" | "args" => return,
            "mod" => {
                let (value, whole) = match value {
                    Some(value) => (value, word.clone()),
                    None => {
                        let Some(next) = words.next() else { return };
                        let mut whole = word.clone();
                        whole.push(next);
                        (next.clone(), whole)
                    }
                };
                script.flag("-mod", &value, &whole, command);
            }
            "modcacherw" | "insecure" => {
                script.flag(&format!("-{name}"), &value.unwrap_or_default(), word, command);
            }
            _ if value.is_none() && WITH_VALUE.iter().any(|flag| flag.get(1..) == Some(name)) => {
                words.next();
            }
            _ => {}
        }
    }
}
