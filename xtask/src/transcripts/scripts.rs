//! Go's own script tests: what they expect failing commands to say, and whether it is classified.

use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const COMMANDS: &[&str] = &["build", "list", "test", "vet", "run", "mod", "get", "install"];

pub fn run() -> Result<()> {
    let folder = Path::new("/usr/local/go/src/cmd/go/testdata/script");
    let mut names: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    names.sort();
    let mut seen = BTreeSet::new();
    let (mut classified, mut odd) = (0, vec![]);
    for path in names.iter().filter(|path| path.extension().is_some_and(|ext| ext == "txt")) {
        let script = path.file_stem().context("no name")?.to_string_lossy().into_owned();
        for (command, text) in expectations(&String::from_utf8_lossy(&fs::read(path)?)) {
            if !seen.insert(text.clone()) {
                continue;
            }
            let verdict = read(&text);
            if verdict.outcome == goward_causes::Outcome::Failed {
                classified += 1;
                if std::env::var_os("VERBOSE").is_some() {
                    println!("{:32} {script}: go {command}: {}", verdict.id(), text.escape_debug());
                }
            } else {
                odd.push(format!("{script}: go {command}: {}", text.escape_debug()));
            }
        }
    }
    for line in &odd {
        println!("{line}");
    }
    let total = classified + odd.len();
    println!(
        "==> {classified} of {total} expectations get a cause ({:.1} %)",
        100.0 * classified as f64 / total.max(1) as f64
    );
    Ok(())
}

/// The command failed, and a person knows that. An expectation may be the middle of a line, so it is
/// also read behind a position and behind `go: `.
fn read(text: &str) -> goward_causes::Verdict {
    let facts = goward_causes::Facts { exit_status: Some(1), ..goward_causes::Facts::default() };
    let whole = goward_causes::classify_with(text.as_bytes(), &facts);
    for before in ["# m\nx.go:1:1: ", "go: "] {
        if whole.outcome == goward_causes::Outcome::Failed {
            break;
        }
        // Under a compiler's header every message is an error; only those that are known count.
        let part = goward_causes::classify_with(format!("{before}{text}").as_bytes(), &facts);
        let known = part.causes.first().and_then(|found| found.evidence.first());
        if known.is_some_and(|evidence| evidence.signature != "diagnostic") {
            return part;
        }
    }
    whole
}

/// What a script expects on standard error of commands that fail, as text.
fn expectations(script: &str) -> Vec<(String, String)> {
    let mut found = vec![];
    let mut command = None;
    for line in script.lines() {
        if line.starts_with("-- ") {
            break;
        }
        let mut line = line.trim();
        while let Some(rest) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            line = rest.1.trim();
        }
        if let Some(rest) = line.strip_prefix("! ") {
            let words: Vec<&str> = rest.split_whitespace().filter(|word| *word != "exec").collect();
            command = match words.as_slice() {
                ["go", name, ..] if COMMANDS.contains(name) => Some((*name).to_owned()),
                _ if rest.starts_with("stderr") || rest.starts_with("stdout") => command,
                _ => None,
            };
        } else if let Some(rest) = line.strip_prefix("stderr ") {
            if let Some(command) = &command
                && let Some(text) = plain(rest)
            {
                found.push((command.clone(), text));
            }
        } else if !line.is_empty() && !line.starts_with('#') && !line.starts_with("stdout") {
            command = None;
        }
    }
    found
}

/// The text that a regular expression matches, where it is plain enough to tell.
fn plain(argument: &str) -> Option<String> {
    let argument = argument.split(" #").next().unwrap_or(argument).trim();
    let argument = argument.trim_start_matches("-count=1 ").trim_start_matches("-count=2 ");
    let mut text = String::new();
    let mut quoted = false;
    let mut letters = argument.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' if quoted && letters.peek() == Some(&'\'') => {
                letters.next();
                text.push('\'');
            }
            '\'' => quoted = !quoted,
            // Variables stand outside of quotes.
            '$' if !quoted && letters.peek().is_some() => {
                let name: String = std::iter::from_fn(|| {
                    letters.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '/'))
                })
                .collect();
                text += if name == "{/}" { "/" } else { "/home/ci/work" };
            }
            _ => text.push(letter),
        }
    }
    let text = text
        .replace("[/\\\\]", "/")
        .replace("[\\\\/]", "/")
        .replace("(\\\\|/)", "/")
        .replace("(/|\\\\\\\\)", "/");
    let text =
        text.trim_start_matches("(?s)").trim_start_matches("(?m)").trim_start_matches("(?-m)");
    let text = text.trim_start_matches("\\A").trim_end_matches("\\z");
    let text = text.strip_prefix('^').unwrap_or(text);
    let text = text
        .strip_suffix('$')
        .unwrap_or(text)
        .replace("\\n\\t", "\n\t")
        .replace("\\n", "\n")
        .replace("\\t", "\t");
    let text = text
        .replace(".*", "x")
        .replace("\\s+", " ")
        .replace(".+", "x")
        .replace("\\w+", "x")
        .replace("[^\"]*", "x");
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.push(letters.next()?),
            // An alternative or a class is not one text.
            '|' | '[' | '*' | '+' | '?' | '{' => return None,
            '(' | ')' => {}
            '^' | '$' => {}
            _ => out.push(letter),
        }
    }
    (out.len() > 3).then_some(out)
}
