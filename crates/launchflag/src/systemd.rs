//! systemd units: `ExecStart=` of `[Service]`.
//!
//! Rules: systemd.syntax(7), systemd.service(5) "COMMAND LINES", systemd.exec(5) "ENVIRONMENT". No shell is involved.

mod unit;
mod words;

use std::collections::HashMap;

use crate::argv::{Finding, sum_up};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::Word;
use crate::shell::Variables;
use crate::verdict::Why;
use unit::Setting;

/// Variables that systemd sets itself: not empty, but unknown.
const OWN_VARIABLES: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TERM",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "NOTIFY_SOCKET",
    "WATCHDOG_USEC",
    "WATCHDOG_PID",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    "CREDENTIALS_DIRECTORY",
    "RUNTIME_DIRECTORY",
    "STATE_DIRECTORY",
    "CACHE_DIRECTORY",
    "LOGS_DIRECTORY",
    "CONFIGURATION_DIRECTORY",
    "MAINPID",
    "SYSTEMD_EXEC_PID",
    "XDG_RUNTIME_DIR",
];

/// The environment as far as the unit tells.
#[derive(Default)]
pub(crate) struct Environment {
    /// `None`: set by something that we do not see.
    values: HashMap<String, Option<String>>,
    /// There is an `EnvironmentFile=`, which may set anything and wins over `Environment=`.
    files: bool,
}

impl Environment {
    /// The value of a variable; `Err` if it is unknown. What nobody sets is empty.
    fn get(&self, name: &str) -> Result<&str, ()> {
        match self.values.get(name) {
            _ if self.files => Err(()),
            Some(value) => value.as_deref().ok_or(()),
            None if OWN_VARIABLES.contains(&name) => Err(()),
            None => Ok(""),
        }
    }

    fn read(settings: &[Setting]) -> Self {
        let mut environment = Self::default();
        let mut assigned: HashMap<String, Option<String>> = HashMap::new();
        let mut unset: Vec<String> = Vec::new();
        for setting in settings {
            let empty = setting.value.text.is_empty();
            match setting.key.as_str() {
                "Environment" if empty => assigned.clear(),
                "Environment" => {
                    for word in words::split(&setting.value).unwrap_or_default() {
                        let word = words::specifiers(&word);
                        if let Some((name, value)) = word.text.split_once('=') {
                            assigned.insert(
                                name.to_owned(),
                                word.open.is_none().then(|| value.to_owned()),
                            );
                        }
                    }
                }
                "EnvironmentFile" => environment.files = !empty,
                "PassEnvironment" => {
                    let names = setting.value.text.split_whitespace();
                    environment.values.extend(names.map(|name| (name.to_owned(), None)));
                }
                "UnsetEnvironment" => {
                    unset.extend(setting.value.text.split_whitespace().map(str::to_owned))
                }
                _ => {}
            }
        }
        environment.values.extend(assigned);
        for unset in unset {
            let (name, value) = unset
                .split_once('=')
                .map_or((unset.as_str(), None), |(name, value)| (name, Some(value)));
            // With a value, only exactly this assignment is taken back.
            let keeps = value.is_some_and(|value| {
                environment.values.get(name).is_some_and(|own| own.as_deref() != Some(value))
            });
            if !keeps {
                environment.values.insert(name.to_owned(), Some(String::new()));
            }
        }
        environment
    }
}

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let settings = unit::service_settings(text);
    let environment = Environment::read(&settings);
    let oneshot = settings.iter().rev().find(|setting| setting.key == "Type");
    let oneshot = oneshot.is_some_and(|setting| setting.value.text == "oneshot");
    let mut starts: Vec<&Word> = Vec::new();
    for setting in settings.iter().filter(|setting| setting.key == "ExecStart") {
        if setting.value.text.is_empty() {
            starts.clear();
        } else {
            starts.push(&setting.value);
        }
    }
    let mut commands = Vec::new();
    for start in &starts {
        match words::commands(start, &environment) {
            Ok(more) => commands.extend(more),
            Err(problem) => {
                return Finding::without(Why::ExecStart(problem.to_owned()), Some(start));
            }
        }
    }
    if commands.len() > 1 && !oneshot {
        let problem = "more than one command, which only Type=oneshot allows".to_owned();
        return Finding::without(Why::ExecStart(problem), starts.last().copied());
    }
    let mut variables = Variables::default();
    for (name, value) in &environment.values {
        let value = if environment.files { None } else { value.clone() };
        variables.set(name, value);
    }
    let findings = commands.into_iter().map(|words| launch(words, flag, &variables)).collect();
    sum_up(findings).unwrap_or_else(|| Finding::without(Why::NoExecStart, None))
}
