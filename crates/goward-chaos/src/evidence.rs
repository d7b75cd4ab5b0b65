//! Which programs a build started, as strace saw it.

use serde::Serialize;
use std::collections::BTreeMap;

/// Programs that were started, and those that could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Execs {
    /// How often each was started, by its name.
    pub started: BTreeMap<String, u64>,
    /// What failed: the line of strace, at most ten.
    pub failed: Vec<String>,
    /// Signals that ended processes, by their name.
    pub killed: BTreeMap<String, u64>,
}

impl Execs {
    /// Reads what `strace -f -e trace=execve` wrote.
    pub fn parse(text: &str) -> Self {
        let mut execs = Self::default();
        for line in text.lines() {
            if let Some((_, rest)) = line.split_once("+++ killed by ") {
                let signal = rest.split([' ', '+']).next().unwrap_or_default();
                *execs.killed.entry(signal.to_owned()).or_default() += 1;
                continue;
            }
            let Some((_, call)) = line.split_once("execve(\"") else { continue };
            let Some((path, _)) = call.split_once('"') else { continue };
            // A name that is searched for on the PATH fails in every folder but one.
            if line.trim_end().ends_with("= 0") || line.contains("<unfinished ...>") {
                let name = path.rsplit('/').next().unwrap_or(path);
                *execs.started.entry(name.to_owned()).or_default() += 1;
            } else if execs.failed.len() < 10 {
                execs.failed.push(line.chars().take(300).collect());
            }
        }
        execs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_read() {
        let text = "12 execve(\"/usr/local/go/bin/go\", [\"go\", \"build\"], 0x7ffd /* 9 vars */) = 0\n\
                    [pid 13] execve(\"/t/compile\", [\"compile\"], 0xc0 /* 9 vars */ <unfinished ...>\n\
                    14 execve(\"/nowhere/gcc\", [\"gcc\"], 0xc0) = -1 ENOENT (No such file or directory)\n\
                    13 +++ killed by SIGKILL +++\n12 --- SIGCHLD ---\n";
        let execs = Execs::parse(text);
        assert_eq!(
            execs.started.into_iter().collect::<Vec<_>>(),
            [("compile".into(), 1), ("go".into(), 1)]
        );
        assert_eq!(execs.failed.len(), 1);
        assert_eq!(execs.killed.get("SIGKILL"), Some(&1));
    }
}
