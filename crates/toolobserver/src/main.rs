//! The observer as a program: goward carries it, because itself it takes three times as long to start.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    // Without a tool to run this is the question whether it can be run here at all.
    ExitCode::from(toolobserver::as_observer(&words).unwrap_or(0))
}
