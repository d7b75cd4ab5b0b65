//! Between go and its tools (`-toolexec`).
//!
//! What go asks a tool about itself (`-V=full`) goes through untouched, so that the build's identifiers stay the same.

use super::{Spec, ToolSpec, become_program, namespace};
use crate::{Strike, chance};
use nix::sys::signal::{Signal, kill};
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) fn run(spec: &Spec, argv: &[OsString]) -> u8 {
    let Some(tool) = spec.tool.as_ref().filter(|tool| is_due(tool, argv)) else {
        return become_program(argv);
    };
    match strike(spec, tool, argv) {
        Struck::Runs(argv) => become_program(&argv),
        Struck::Ends(status) => status,
        Struck::Refused(why) => spec.refuse(&why),
    }
}

/// Whether the fault strikes this run of a tool.
fn is_due(spec: &ToolSpec, argv: &[OsString]) -> bool {
    let asked = argv.iter().any(|arg| arg.to_str().is_some_and(|arg| arg.starts_with("-V=")));
    let name = argv.get(spec.behind).and_then(|tool| Path::new(tool).file_stem());
    let attempt = spec.attempt.to_string();
    !asked
        && name.is_some_and(|name| name == spec.name.as_str())
        && chance::strikes(spec.probability, spec.seed, &[&spec.name, &package(), &attempt])
}

/// The package that go is about to build.
fn package() -> String {
    std::env::var("TOOLEXEC_IMPORTPATH").unwrap_or_default()
}

/// What becomes of the tool.
enum Struck {
    Runs(Vec<OsString>),
    Ends(u8),
    Refused(String),
}

fn strike(spec: &Spec, tool: &ToolSpec, argv: &[OsString]) -> Struck {
    spec.strike(&format!("{} {}", tool.name, package()));
    let mut argv = argv.to_vec();
    match tool.strike {
        Strike::Exit(status) => return Struck::Ends(u8::try_from(status).unwrap_or(1)),
        Strike::Kill => {
            let _ = kill(nix::unistd::getpid(), Signal::SIGKILL);
            return Struck::Ends(1);
        }
        Strike::Memory { bytes } => {
            if let Err(err) = namespace::limit_memory(bytes) {
                return Struck::Refused(format!("RLIMIT_AS: {err}"));
            }
        }
        Strike::Cgroup { .. } => {
            let Some(list) = &tool.cgroup else {
                return Struck::Refused("no control group".into());
            };
            if let Err(err) = std::fs::write(list, std::process::id().to_string()) {
                return Struck::Refused(format!("entering the control group: {err}"));
            }
        }
        Strike::Sleep { seconds } => {
            if !hang(Duration::from_secs(seconds)) {
                return Struck::Ends(1);
            }
        }
        Strike::OtherVersion => {
            if let Some(version) = value_of(&mut argv, "-goversion") {
                *version = "go1.0.1".into();
            }
        }
        Strike::NoSpace { bytes } => {
            let Some(out) = value_of(&mut argv, "-o") else { return Struck::Runs(argv) };
            // A folder of its own: where go wants the program there may be the linker's input, too.
            let folder = spec.within.join(format!("full-{}", std::process::id()));
            *out = folder.join("a.out").into_os_string();
            let full = std::fs::create_dir(&folder)
                .and_then(|()| namespace::enter(0))
                .and_then(|()| namespace::mount(&folder, bytes, false));
            if let Err(err) = full {
                return Struck::Refused(format!("mounting a file system in memory: {err}"));
            }
        }
        Strike::RemoveCache => {
            // Never another cache than the scenario's.
            if tool.cache.starts_with(&spec.within) {
                let _ = std::fs::remove_dir_all(&tool.cache);
            }
        }
    }
    Struck::Runs(argv)
}

/// Sleeps, but not longer than whoever started it lives: should goward be killed, go is killed, and it ends.
/// Gives whether it slept to the end.
fn hang(time: Duration) -> bool {
    let until = Instant::now() + time;
    let parent = nix::unistd::getppid();
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
        if nix::unistd::getppid() != parent {
            return false;
        }
    }
    true
}

/// What comes after a flag.
fn value_of<'a>(argv: &'a mut [OsString], flag: &str) -> Option<&'a mut OsString> {
    let at = argv.iter().position(|arg| arg == flag)?;
    argv.get_mut(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(behind: usize) -> ToolSpec {
        ToolSpec {
            name: "compile".into(),
            strike: Strike::Exit(1),
            probability: 1.0,
            seed: 1,
            attempt: 0,
            behind,
            cgroup: None,
            cache: std::path::PathBuf::new(),
        }
    }

    fn argv(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn only_the_tool_itself_is_struck_and_never_when_asked_for_its_version() {
        let due = |behind, words: &[&str]| is_due(&spec(behind), &argv(words));
        assert!(due(0, &["/go/pkg/tool/linux_amd64/compile", "-o", "x.a"]));
        assert!(!due(0, &["/go/pkg/tool/linux_amd64/compile", "-V=full"]));
        assert!(!due(0, &["/go/pkg/tool/linux_amd64/link", "-o", "compile"]));
        assert!(!due(0, &["gcc", "compile"]));
        assert!(!due(0, &[]));
        // Another -toolexec comes first.
        assert!(due(2, &["time", "-p", "/go/compile", "-o", "x.a"]));
        assert!(!due(2, &["compile", "-p", "/go/link", "-o", "x.a"]));
    }

    #[test]
    fn the_value_of_a_flag_is_found() {
        let mut words = argv(&["compile", "-goversion", "go1.26", "-o"]);
        assert_eq!(value_of(&mut words, "-goversion").unwrap(), "go1.26");
        assert!(value_of(&mut words, "-o").is_none() && value_of(&mut words, "-p").is_none());
    }
}
