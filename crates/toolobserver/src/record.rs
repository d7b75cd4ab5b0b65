//! What is written down of one tool: a line of JSON.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// One run of a tool; `goward_build::ToolRun` reads it and says what each field means.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) package: String,
    pub(crate) path: String,
    pub(crate) started_ns: u64,
    pub(crate) wall_ns: u64,
    pub(crate) user_us: u64,
    pub(crate) sys_us: u64,
    pub(crate) peak_rss: u64,
    pub(crate) exit: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) not_started: Option<String>,
    pub(crate) output_bytes: u64,
    /// It was only asked who it is.
    pub(crate) asked: bool,
}

impl Record {
    /// Of a tool that is about to start.
    pub(crate) fn of(tool: &OsStr) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            package: std::env::var("TOOLEXEC_IMPORTPATH").unwrap_or_default(),
            path: tool.to_string_lossy().into_owned(),
            started_ns: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
            ..Self::default()
        }
    }

    /// Processor time and memory of the child that has ended.
    pub(crate) fn measure(&mut self) {
        let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return };
        self.user_us = micros(usage.user_time());
        self.sys_us = micros(usage.system_time());
        // Kilobytes on Linux, bytes on macOS: getrusage(2).
        let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
        self.peak_rss = u64::try_from(usage.max_rss()).unwrap_or(0) * unit;
    }

    /// One write of one line: lines of several observers do not mix (`O_APPEND`, open(2)). A record that
    /// cannot be kept must not break the build; the reader misses it in the action graph.
    pub(crate) fn append(&self, file: &OsStr) {
        if let Ok(mut file) = OpenOptions::new().append(true).open(file) {
            let _ = file.write_all(self.line().as_bytes());
        }
    }

    fn line(&self) -> String {
        let mut line = String::with_capacity(256);
        line += "{\"package\":";
        quote(&mut line, &self.package);
        line += ",\"path\":";
        quote(&mut line, &self.path);
        for (name, value) in [
            ("started_ns", self.started_ns),
            ("wall_ns", self.wall_ns),
            ("user_us", self.user_us),
            ("sys_us", self.sys_us),
            ("peak_rss", self.peak_rss),
            ("output_bytes", self.output_bytes),
        ] {
            let _ = write!(line, ",\"{name}\":{value}");
        }
        for (name, value) in [("exit", self.exit), ("signal", self.signal)] {
            if let Some(value) = value {
                let _ = write!(line, ",\"{name}\":{value}");
            }
        }
        if let Some(reason) = &self.not_started {
            line += ",\"not_started\":";
            quote(&mut line, reason);
        }
        if self.asked {
            line += ",\"asked\":true";
        }
        line + "}\n"
    }
}

/// As a JSON string (RFC 8259, section 7).
fn quote(line: &mut String, text: &str) {
    line.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => line.extend(['\\', char]),
            '\0'..='\x1f' => {
                let _ = write!(line, "\\u{:04x}", u32::from(char));
            }
            _ => line.push(char),
        }
    }
    line.push('"');
}

fn micros(time: TimeVal) -> u64 {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    seconds * 1_000_000 + u64::try_from(time.tv_usec()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_a_line_of_json() {
        let record = Record {
            package: "example.com/a".into(),
            path: "/odd \"name\"\\\n\u{1}é".into(),
            wall_ns: 7,
            exit: Some(2),
            ..Record::default()
        };
        assert_eq!(
            record.line(),
            "{\"package\":\"example.com/a\",\"path\":\"/odd \\\"name\\\"\\\\\\u000a\\u0001é\",\"started_ns\":0,\
             \"wall_ns\":7,\"user_us\":0,\"sys_us\":0,\"peak_rss\":0,\"output_bytes\":0,\"exit\":2}\n"
        );
    }
}
