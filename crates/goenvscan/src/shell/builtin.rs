//! Programs that set variables, and programs that run other programs.

use crate::assignment::Via;
use crate::shell::go;
use crate::shell::run::{Argument, Script};
use crate::text::{Span, Text};

/// Programs whose words are text, whatever they look like.
const TEXT: [&str; 22] = [
    "echo", "printf", "cat", "grep", "egrep", "fgrep", "rg", "sed", "awk", "git", "test", "[",
    "[[", "for", "case", "read", "alias", "trap", "unset", "die", "log", "return",
];

/// The last part of a program's path.
pub(crate) fn program(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

pub(crate) fn is_shell(word: &str) -> bool {
    matches!(program(word), "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh" | "busybox")
}

/// A command without what runs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unwrapped {
    /// The index of the program.
    pub(crate) program: usize,
    /// Words in front of this index may set variables for it.
    pub(crate) environment: usize,
}

/// Finds the program that `env`, `sudo`, `time` and their like run in the end.
pub(crate) fn unwrap(script: &mut Script, words: &[Argument]) -> Option<Unwrapped> {
    let (mut at, mut environment) = (0, 0);
    loop {
        let rest = words.get(at..)?;
        let name = program(rest.first()?.as_str());
        let behind = rest.get(1..)?;
        let length = match name {
            "env" | "sudo" | "doas" => 1 + options(behind, name),
            "command" | "builtin" | "exec" | "nohup" | "time" | "nice" | "ionice" | "setsid"
            | "stdbuf" | "xargs" | "eatmydata" | "chronic" => 1 + options(behind, name),
            "timeout" | "gosu" | "su-exec" | "chroot" | "taskset" | "flock" => {
                2 + options(behind, name)
            }
            _ if TEXT.contains(&name) || go::is_go(rest) || is_shell(name) => break,
            // Some wrapper of the project: `retry 3 go build`, `run_for_modules go test`.
            _ => match inner(rest) {
                Some(inner) => {
                    run_own(script, name, rest.get(..inner).unwrap_or_default());
                    at += inner;
                    continue;
                }
                None => break,
            },
        };
        if name == "env" {
            split_string(script, rest.get(..length.min(rest.len())).unwrap_or_default());
        }
        if matches!(name, "env" | "sudo" | "doas") {
            environment = at + length;
        }
        at += length;
    }
    Some(Unwrapped { program: at, environment: environment.min(at) })
}

/// The index of a program within the words of another.
fn inner(words: &[Argument]) -> Option<usize> {
    (1..words.len()).find(|index| {
        let words = words.get(*index..).unwrap_or_default();
        let name = words.first().map_or("", Argument::as_str);
        let option = words.get(1).map_or("", Argument::as_str);
        go::is_go(words)
            || (is_shell(name) && is_script_option(option))
            || (matches!(name, "env" | "sudo") && words.len() > 1)
    })
}

/// How many words of options and of `NAME=VALUE` come before the program.
fn options(words: &[Argument], name: &str) -> usize {
    let with_value: &[&str] = match name {
        "env" => &["-u", "--unset", "-C", "--chdir", "-S", "--split-string"],
        "sudo" | "doas" => &[
            "-u", "-g", "-h", "-p", "-C", "-r", "-t", "-D", "-R", "-U", "--user", "--group",
            "--chdir",
        ],
        "timeout" => &["-s", "-k", "--signal", "--kill-after"],
        "nice" => &["-n"],
        "xargs" => &["-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s"],
        "stdbuf" => &["-i", "-o", "-e"],
        "exec" => &["-a"],
        "ionice" | "taskset" => &["-c", "-n", "-p"],
        _ => &[],
    };
    let assigns = matches!(name, "env" | "sudo" | "doas");
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.as_str();
        at += match text {
            "--" => return at + 1,
            _ if with_value.contains(&text) => 2,
            _ if text.len() > 1 && text.starts_with('-') => 1,
            _ if assigns && word.assignment_like() => 1,
            _ => break,
        };
    }
    at.min(words.len())
}

/// `env -S "NAME=VALUE program"`.
fn split_string(script: &mut Script, words: &[Argument]) {
    for pair in words.windows(2) {
        if let [option, value] = pair
            && matches!(option.as_str(), "-S" | "--split-string")
        {
            script.inner(value.value.shown());
        }
    }
}

fn is_script_option(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
}

/// A program with its arguments.
pub(crate) fn run(script: &mut Script, words: &[Argument]) {
    let Some((first, args)) = words.split_first() else { return };
    let name = program(first.as_str()).to_owned();
    if go::is_go(words) {
        return go::run(script, args);
    }
    if is_shell(&name) {
        return shell(script, args);
    }
    run_own(script, &name, words);
}

/// A program that is neither go nor a shell.
fn run_own(script: &mut Script, name: &str, words: &[Argument]) {
    let args = words.get(1..).unwrap_or_default();
    match name {
        "export" => declare(script, args, Some(Via::Export)),
        "declare" | "typeset" | "local" | "readonly" => {
            let flags = args.iter().filter(|arg| arg.as_str().starts_with('-'));
            let export = flags.into_iter().any(|flag| flag.as_str().contains('x'));
            declare(script, args, export.then_some(Via::Export));
        }
        "set" => set(script, args),
        "setenv" => {
            if let [name, value] = args {
                let known = name.value.known().unwrap_or_default();
                let span = Span { start: name.span.start, end: value.span.end };
                script.found.add(known.as_str(), &value.value, span, Via::Export);
            }
        }
        "eval" => args.iter().for_each(|arg| script.inner(arg.value.shown())),
        "su" => shell(script, args),
        "ssh" => args.iter().skip(1).for_each(|arg| {
            if arg.as_str().contains(' ') {
                script.inner(arg.value.shown());
            }
        }),
        "docker" | "podman" | "nerdctl" | "buildah" | "docker-compose" | "kaniko" | "executor" => {
            container(script, args);
        }
        "make" | "gmake" | "$(MAKE)" | "${MAKE}" => make(script, args),
        _ if words.first().and_then(|word| word.parameter.as_deref()) == Some("MAKE") => {
            make(script, args)
        }
        _ => {}
    }
}

/// `export NAME=VALUE OTHER`.
fn declare(script: &mut Script, args: &[Argument], via: Option<Via>) {
    let via = via.unwrap_or(if script.export_all { Via::Export } else { Via::ShellVariable });
    for arg in args {
        if arg.assignment_like() {
            script.assign(arg, &via);
        } else if via == Via::Export {
            script.export(arg.as_str());
        }
    }
}

/// `set -a`, and fish's `set -gx NAME value`.
fn set(script: &mut Script, args: &[Argument]) {
    let mut args = args.iter().peekable();
    while let Some(arg) = args.next() {
        let text = arg.as_str();
        let option = args.peek().map(|arg| arg.as_str());
        let on = match text {
            "-o" | "+o" => option == Some("allexport"),
            _ if text.starts_with("--") => false,
            _ if text.starts_with(['-', '+']) => text.contains('a'),
            _ => return,
        };
        if on {
            script.export_all = text.starts_with('-');
        }
        if text.starts_with('-')
            && text.contains('x')
            && option.is_some_and(crate::assignment::is_go_name)
        {
            let (Some(name), Some(value)) = (args.next(), args.next()) else { return };
            let span = Span { start: name.span.start, end: value.span.end };
            script.found.add(name.as_str(), &value.value, span, Via::Export);
            return;
        }
    }
}

/// `sh -c script`.
fn shell(script: &mut Script, args: &[Argument]) {
    let at = args.iter().position(|arg| is_script_option(arg.as_str()));
    if let Some(body) = at.and_then(|at| args.get(at + 1..)).and_then(<[Argument]>::first) {
        script.inner(body.value.shown());
    }
}

/// `docker run -e NAME=VALUE`, `docker build --build-arg NAME=VALUE`.
fn container(script: &mut Script, args: &[Argument]) {
    let mut option: Option<Via> = None;
    for arg in args {
        let text = arg.as_str();
        if let Some(via) = option.take() {
            script.assign_for(arg, &via);
            continue;
        }
        let (name, attached) = match text.split_once('=') {
            Some((name, _)) => (name, true),
            None => (text, false),
        };
        let via = match name {
            "-e" | "--env" => Via::ContainerEnv,
            "--build-arg" => Via::BuildArg,
            _ => continue,
        };
        if attached {
            let length = name.len() + 1;
            if let Some(rest) = behind(arg, length) {
                script.assign_for(&rest, &via);
            }
        } else {
            option = Some(via);
        }
    }
}

/// The argument without its first bytes, if these are literal.
fn behind(arg: &Argument, length: usize) -> Option<Argument> {
    let (_, value) = arg.value.split_assignment()?;
    let text: Text = value.assumed();
    let start = value.start()?;
    let same = arg.text.len().checked_sub(length) == Some(text.len());
    let span = Span { start, end: arg.span.end };
    same.then_some(Argument { value, text, span, parameter: None, assignment: false })
}

/// `make NAME=VALUE`: such variables are exported to the recipes.
fn make(script: &mut Script, args: &[Argument]) {
    for arg in args.iter().filter(|arg| arg.assignment_like()) {
        script.assign_for(arg, &Via::MakeArgument);
    }
}
