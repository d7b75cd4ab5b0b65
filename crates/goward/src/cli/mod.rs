//! The command line.

mod args;
mod cache_args;
mod chaos_args;
mod chinese;
mod inspect_args;
mod matrix_args;
mod observe_args;
mod repro_args;
mod snapshot_args;

pub(crate) use cache_args::{
    CacheArgs, CacheCleanArgs, CacheCommand, CacheServeArgs, CacheStatusArgs, CacheVerifyArgs,
};
pub(crate) use inspect_args::{InspectArgs, Need};
pub(crate) use matrix_args::{Cgo, MatrixArgs};
pub(crate) use observe_args::ObserveArgs;
pub(crate) use repro_args::{ReproArgs, Source, Vary};
pub(crate) use snapshot_args::{DiffArgs, SnapshotArgs};

pub(crate) use args::{
    AffectedArgs, AffectedKind, BuildArgs, CheckArgs, Cli, Color, ConfigArgs, ConfigCommand,
    ContextArgs, ContextCommand, ExplainArgs, Global, GraphArgs, GraphCommand, HistoryArgs,
    HistoryCommand, HookArgs, HookCommand, HookRunArgs, LaunchKind, ManArgs, PlaceholderMode,
    PlumbingArgs, PlumbingCommand, ShellArgs, Subcommand, TreeArgs,
};

pub(crate) use chaos_args::{ChaosArgs, ChaosCommand, ChaosRunArgs};

use clap::{CommandFactory as _, FromArgMatches as _};
use goward_model::{ExitStatus, Lang};
use std::ffi::OsString;
use std::path::Path;

/// The command line with help in `lang`.
pub(crate) fn command(lang: Lang) -> clap::Command {
    let command = Cli::command();
    match lang {
        Lang::En => command,
        Lang::Zh => chinese::translate(command),
    }
}

/// What clap wants to say instead of running anything: help, a version, a mistake.
pub(crate) struct Answer(clap::Error);

impl Answer {
    /// Prints it and gives the exit status: 0 for what was asked for, 2 for a mistake.
    pub(crate) fn print(&self) -> u8 {
        // A closed pipe is no reason to complain about the help text.
        let _ = self.0.print();
        let status = if self.0.use_stderr() { ExitStatus::Usage } else { ExitStatus::Open };
        status as u8
    }
}

/// Reads the command line. The language is found first, so that mistakes are explained in it.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<(Cli, Lang), Answer> {
    let args = as_go(args.collect());
    let lang = language(&args);
    let parsed = command(lang)
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map(|cli| (cli, lang)).map_err(Answer)
}

/// By the name `go`, as a link in front of the real one on the PATH, goward is the go command, watched.
fn as_go(args: Vec<OsString>) -> Vec<OsString> {
    let named = |word: &OsString| Path::new(word).file_name().is_some_and(|name| name == "go");
    match args.split_first() {
        Some((name, rest)) if named(name) => {
            let before = ["goward", "build", "--", "go"].map(OsString::from);
            before.into_iter().chain(rest.iter().cloned()).collect()
        }
        _ => args,
    }
}

/// `--lang`, else `GOWARD_LANG`, else the locale.
#[expect(clippy::disallowed_methods, reason = "help is worded before there is a system to ask")]
fn language(args: &[OsString]) -> Lang {
    // What stands behind `--` is another program's.
    let own = args.iter().take_while(|arg| *arg != "--");
    let words: Vec<&str> = own.filter_map(|arg| arg.to_str()).collect();
    let flag = words.iter().enumerate().find_map(|(i, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(i + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = || ["GOWARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    let named = flag.map(str::to_owned).or_else(locale);
    named.map_or(Lang::En, |locale| Lang::of_locale(&locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command(Lang::En).debug_assert();
        command(Lang::Zh).debug_assert();
    }

    #[test]
    fn the_flag_decides_the_language() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&args(&["goward", "--lang", "zh", "check"])), Lang::Zh);
        assert_eq!(language(&args(&["goward", "check", "--lang=zh"])), Lang::Zh);
        assert_eq!(language(&args(&["goward", "check", "--lang=en"])), Lang::En);
        assert_eq!(
            language(&args(&["goward", "--lang=en", "build", "--", "run", ".", "--lang=zh"])),
            Lang::En
        );
    }

    #[test]
    fn a_link_that_is_called_go_is_go() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let went = as_go(args(&["/opt/first/go", "build", "--lang", "./..."]));
        assert_eq!(went, args(&["goward", "build", "--", "go", "build", "--lang", "./..."]));
        assert_eq!(as_go(args(&["go"])), args(&["goward", "build", "--", "go"]));
        let goward = args(&["/opt/goward", "build", "--", "go", "version"]);
        assert_eq!(as_go(goward.clone()), goward);
    }
}
