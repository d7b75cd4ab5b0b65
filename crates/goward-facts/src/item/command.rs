//! `command`: runs a program and keeps what it said.

use super::{Answer, CommandLine, Evidence};
use crate::ProbeError;
use goward_model::Text;
use goward_system::{Command, Ended, System};
use std::time::Duration;

/// Enough for an answer; a flood is counted.
const KEEP: usize = 32 << 10;

pub(super) fn probe(
    line: &CommandLine,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    let command = match line {
        CommandLine::Shell(line) => Command::new("sh", ["-c", line]),
        CommandLine::Argv(argv) => {
            Command { argv: argv.clone(), ..Command::new("", std::iter::empty::<String>()) }
        }
    };
    let output = system.run(&command.limit(limit).keep(KEEP))?;
    let status = match output.ended {
        Ended::Code(code) => code,
        Ended::Signal(signal) => {
            return Ok(Evidence::Refused(Text::new(
                format!("ended by signal {signal}"),
                format!("被信号 {signal} 终止"),
            )));
        }
        Ended::TimedOut => return Err(ProbeError::TimedOut(limit.as_millis())),
        Ended::Cancelled => return Err(goward_system::SystemError::Cancelled.into()),
    };
    Ok(Evidence::Answer(Answer {
        status: Some(status.into()),
        text: output.stdout.text(),
        stderr: output.stderr.text(),
        left_out: output.stdout.left_out() + output.stderr.left_out(),
        ..Answer::default()
    }))
}
