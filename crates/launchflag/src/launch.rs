//! From the words that are executed to the words of the service: through init processes, wrappers and shells.

use std::borrow::Cow;

use crate::argv::{Finding, scan};
use crate::flag::Flag;
use crate::place::{HOLE, Place, Word, shown_variable};
use crate::shell::{self, Variables};
use crate::verdict::{State, Why};
use crate::wrapper;

/// `sh -c 'sh -c …'` may not nest deeper than this.
const MAX_SCRIPTS: usize = 8;
/// Nor may more wrappers follow each other than this.
const MAX_WRAPPERS: usize = 16;

/// What the command line `words` says about the flag. `variables` are those of the process.
pub(crate) fn launch(words: Vec<Word>, flag: &Flag, variables: &Variables) -> Finding {
    nested(words, flag, variables, 0)
}

fn nested(mut words: Vec<Word>, flag: &Flag, variables: &Variables, depth: usize) -> Finding {
    if depth > MAX_SCRIPTS {
        return Finding::without(Why::TooLarge, words.first());
    }
    let mut variables = Cow::Borrowed(variables);
    for _ in 0..MAX_WRAPPERS {
        let Some((program, rest)) = words.split_first() else {
            return Finding::without(Why::NoProgram, None);
        };
        if program.open.is_some() {
            return unknown_program(&words, flag);
        }
        if program.text.starts_with('-') && program.text.len() > 1 && !is_login_shell(program) {
            // Arguments alone leave the program to the image; in a script the first word always is the program.
            return scan(if depth == 0 { &words } else { rest }, flag);
        }
        let name = wrapper::base_name(program);
        if wrapper::is_pause(&program.text, &name, rest) {
            return Finding::without(Why::Pause(program.text.clone()), Some(program));
        }
        if wrapper::is_supervisor(&program.text, &name, rest) {
            return Finding::without(Why::Supervisor(program.text.clone()), Some(program));
        }
        if let Some(started) = Shell::read(&name, program, rest) {
            match started {
                Shell::Script { script, zero, positional, login } => {
                    let mut variables = variables.into_owned().with_arguments(zero, positional);
                    if login {
                        variables.forget();
                    }
                    variables.other_splitting |= name == "zsh";
                    return script_finding(&script, flag, variables, depth);
                }
                Shell::File(rest) => words = rest,
                Shell::Interactive => {
                    return Finding::without(Why::Shell(program.text.clone()), Some(program));
                }
            }
            continue;
        }
        if name == "eval" {
            return eval(rest, flag, variables.into_owned(), depth);
        }
        if wrapper::is_preparation(&name) {
            return Finding::without(Why::NotAService(program.text.clone()), Some(program));
        }
        let Some(stripped) = wrapper::strip(&words) else { return scan(&words, flag) };
        if stripped.clears {
            variables.to_mut().forget();
        }
        for (name, value) in stripped.assignments {
            variables.to_mut().set(&name, value.as_known().map(str::to_owned));
        }
        words = stripped.rest;
        if let Some(split) = stripped.split {
            words = split_words(&split).into_iter().chain(words).collect();
        }
    }
    Finding::without(Why::TooLarge, words.first())
}

fn is_login_shell(program: &Word) -> bool {
    matches!(program.text.as_str(), "-sh" | "-bash" | "-ash" | "-dash" | "-zsh" | "-ksh")
}

/// Arguments without a program, or a program that a variable names.
fn unknown_program(words: &[Word], flag: &Flag) -> Finding {
    let finding = scan(words, flag);
    match words.first().and_then(|first| first.open.as_deref()) {
        Some(name) if !finding.mentioned && finding.verdict.state == State::Off => {
            Finding::without(Why::VariableWords(shown_variable(name)), words.first())
        }
        _ => finding,
    }
}

fn script_finding(script: &Word, flag: &Flag, variables: Variables, depth: usize) -> Finding {
    let blanks = script.text.trim().is_empty();
    if let Some(name) = script.open.as_ref().filter(|_| blanks) {
        return Finding::without(Why::VariableWords(shown_variable(name)), Some(script));
    }
    let place = match script.open {
        // Offsets count the holes, which are not in the file.
        Some(_) => script.place.span().map_or(Place::Nowhere, Place::Whole),
        None => script.place.clone(),
    };
    let script = Word::known(script.with_its_holes(), place);
    shell::run(&script, variables, &mut |words, seen| nested(words, flag, seen, depth + 1))
}

/// `eval words`: the words make one more script.
fn eval(words: &[Word], flag: &Flag, variables: Variables, depth: usize) -> Finding {
    let texts: Vec<&str> = words.iter().map(Word::with_its_holes).collect();
    let place =
        words.first().and_then(|word| word.place.span()).map_or(Place::Nowhere, Place::Whole);
    script_finding(&Word::with_holes(texts.join(" "), place), flag, variables, depth)
}

/// Words between blanks, quotes taken off; for `env -S` and for shells that are not POSIX.
fn split_words(text: &Word) -> Vec<Word> {
    let place = text.place.span().map_or(Place::Nowhere, Place::Whole);
    let mut words = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    for ch in text.with_its_holes().chars() {
        match (quote, ch) {
            (None, ch) if ch.is_whitespace() => words.extend(current.take()),
            // A comment, for `env -S` and for PowerShell.
            (None, '#') if current.is_none() => break,
            (None, '"' | '\'' | HOLE) => {
                quote = Some(ch);
                current.get_or_insert_default().extend(Some(ch).filter(|ch| *ch == HOLE));
            }
            (Some(open), ch) if open == ch => {
                quote = None;
                current.get_or_insert_default().extend(Some(ch).filter(|ch| *ch == HOLE));
            }
            (_, ch) => current.get_or_insert_default().push(ch),
        }
    }
    words.extend(current);
    words.into_iter().map(|word| Word::with_holes(word, place.clone())).collect()
}

/// How a shell was started.
enum Shell {
    /// `sh -c script zero positional…`
    Script {
        script: Word,
        zero: String,
        positional: Vec<Word>,
        /// `su -`: with an environment of its own.
        login: bool,
    },
    /// `sh file args…`, or the words that a shell of Windows runs.
    File(Vec<Word>),
    /// Without anything to run.
    Interactive,
}

impl Shell {
    /// `None`: `name` is no shell.
    fn read(name: &str, program: &Word, rest: &[Word]) -> Option<Self> {
        match name {
            "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "mksh" | "rbash" | "oksh" | "hush" => {
                Some(Self::posix(program, rest))
            }
            "su" | "runuser" => {
                Self::switching_user(program, rest).or((name == "su").then_some(Self::Interactive))
            }
            "cmd" | "powershell" | "pwsh" => Some(Self::windows(rest)),
            _ => None,
        }
    }

    fn posix(program: &Word, words: &[Word]) -> Self {
        let mut rest = words.iter();
        let mut command = false;
        while let Some(word) =
            rest.as_slice().first().filter(|word| word.text.starts_with(['-', '+']))
        {
            rest.next();
            let text = word.text.as_str();
            if text == "--" || text == "-" {
                break;
            }
            // `-s`: the script comes from standard input.
            if text.starts_with('-') && !text.starts_with("--") && text.contains('s') {
                return Self::Interactive;
            }
            if matches!(text, "--rcfile" | "--init-file") {
                rest.next();
            }
            if text.starts_with("--") {
                continue;
            }
            command |= text.starts_with('-') && text.contains('c');
            // "-eo pipefail": the option's name is the next word.
            if text.ends_with(['o', 'O']) || text.contains("oc") {
                rest.next();
            }
        }
        let words = rest.as_slice();
        match words.split_first() {
            Some((script, rest)) if command => {
                let zero = rest.first().unwrap_or(program).text.clone();
                Self::Script {
                    script: script.clone(),
                    zero,
                    positional: rest.get(1..).unwrap_or_default().to_vec(),
                    login: false,
                }
            }
            Some(_) => Self::File(words.to_vec()),
            None => Self::Interactive,
        }
    }

    /// `su user -c script`
    fn switching_user(program: &Word, words: &[Word]) -> Option<Self> {
        // Of `runuser -u app -- server -c file` the wrapper's own words only.
        let own = words.iter().position(|word| word.text == "--");
        let user = words.iter().any(|word| word.text == "-u" || word.text.starts_with("--user"));
        let words = match own {
            Some(own) if user => words.get(..own)?,
            _ => words,
        };
        let at = words.iter().position(|word| matches!(word.text.as_str(), "-c" | "--command"));
        let script = match at {
            Some(at) => words.get(at + 1)?.clone(),
            None => {
                let word = words.iter().find(|word| word.text.starts_with("--command="))?;
                let script = word.with_its_holes().strip_prefix("--command=")?;
                Word::with_holes(script.to_owned(), word.place.clone())
            }
        };
        let login = words.iter().any(|word| matches!(word.text.as_str(), "-" | "-l" | "--login"));
        Some(Self::Script { script, zero: program.text.clone(), positional: Vec::new(), login })
    }

    /// `cmd /S /C words`, `powershell -Command words`: only words without any syntax are understood.
    fn windows(words: &[Word]) -> Self {
        let switch = |word: &Word| {
            matches!(word.text.to_ascii_lowercase().as_str(), "/c" | "/k" | "-command" | "-c")
        };
        let Some(at) = words.iter().position(switch) else { return Self::Interactive };
        let rest = words.get(at + 1..).unwrap_or_default();
        let syntax = |word: &Word| {
            word.text.contains(['%', '&', '|', '^', '$', ';', '`', '(', '{', '<', '>'])
        };
        match rest {
            [] => Self::Interactive,
            rest if rest.iter().any(|word| word.open.is_some() || syntax(word)) => {
                Self::Interactive
            }
            rest => Self::File(rest.iter().flat_map(split_words).collect()),
        }
    }
}
