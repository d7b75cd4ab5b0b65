//! What `-debug-actiongraph` writes: the actions of a build, with times and dependencies.
//!
//! The format is nobody's contract (`cmd/go/internal/work/action.go`, `actionJSON`): unknown kinds
//! and fields are let through, absent ones are absent. It is written before the build without times,
//! and at its end, failed or not, with them.

use serde::{Deserialize, Serialize};
use std::io::Read;

/// Kubernetes has 60 MB.
const MAX_BYTES: u64 = 1 << 30;

/// One action, as Go writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Action {
    /// Its number.
    #[serde(rename = "ID")]
    pub id: u64,
    /// What it does: `build`, `link`, `vet`, `test run`, …
    pub mode: String,
    /// The import path.
    pub package: String,
    /// The actions it waits for.
    #[serde(deserialize_with = "or_default")]
    pub deps: Vec<u64>,
    /// It, or one it waits for, failed.
    pub failed: bool,
    /// The hash of all that goes in.
    #[serde(rename = "ActionID")]
    pub action_id: String,
    /// When all it waits for was done.
    time_ready: Option<jiff::Timestamp>,
    /// When it began.
    time_start: Option<jiff::Timestamp>,
    /// When it was done.
    time_done: Option<jiff::Timestamp>,
    /// The commands that it ran.
    #[serde(deserialize_with = "or_default")]
    cmd: Vec<String>,
    /// Nanoseconds of these commands.
    pub cmd_real: i64,
    /// Nanoseconds of the processor in user mode.
    pub cmd_user: i64,
    /// Nanoseconds of the processor in the kernel.
    pub cmd_sys: i64,
}

/// Nanoseconds since 1970, from the beginning to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// The beginning.
    pub start: i64,
    /// The end.
    pub end: i64,
}

impl Interval {
    /// Its length in nanoseconds.
    pub fn length(self) -> i64 {
        (self.end - self.start).max(0)
    }
}

impl Action {
    /// When it ran; none where it did not.
    pub fn interval(&self) -> Option<Interval> {
        let (start, end) = (nanoseconds(self.time_start)?, nanoseconds(self.time_done)?);
        (end >= start).then_some(Interval { start, end })
    }

    /// When it could have run.
    pub fn ready(&self) -> Option<i64> {
        nanoseconds(self.time_ready)
    }

    /// Whether a tool ran for it, rather than the cache having had the answer.
    pub fn ran_tools(&self) -> bool {
        !self.cmd.is_empty()
    }
}

/// Go's zero time is the year 1: the action never came so far.
fn nanoseconds(time: Option<jiff::Timestamp>) -> Option<i64> {
    let nanoseconds = i64::try_from(time?.as_nanosecond()).ok()?;
    (nanoseconds > 0).then_some(nanoseconds)
}

fn or_default<'de, D: serde::Deserializer<'de>, T: Default + Deserialize<'de>>(
    input: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(input)?.unwrap_or_default())
}

/// Reads the file.
///
/// # Errors
/// It cannot be read, or is no list of actions: cut off by a kill, or of a Go that writes otherwise.
pub fn read(input: impl Read) -> std::io::Result<Vec<Action>> {
    let mut text = vec![];
    input.take(MAX_BYTES).read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(std::io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_and_absent_fields_are_let_through() {
        let text = r#"[
            {"ID":0,"Mode":"build","Package":"a","Deps":[1],"TimeReady":"2026-11-30T06:41:27.5Z",
             "TimeStart":"2026-11-30T06:41:28+08:00","TimeDone":"2026-11-30T06:41:29+08:00",
             "Cmd":["compile -o x"],"CmdReal":1000,"CmdUser":2000,"CmdSys":3000},
            {"ID":1,"Mode":"a kind of tomorrow","Package":"","New":{"x":1},"Cmd":null,
             "TimeStart":"0001-01-01T00:00:00Z","TimeDone":"0001-01-01T00:00:00Z"}]"#;
        let actions = read(text.as_bytes()).unwrap();
        assert_eq!(actions[0].interval().unwrap().length(), 1_000_000_000);
        assert!(actions[0].ran_tools() && !actions[1].ran_tools());
        assert_eq!(actions[1].interval(), None);
        assert!(read(&text.as_bytes()[..300]).is_err());
        assert!(read(&b""[..]).is_err());
    }
}
