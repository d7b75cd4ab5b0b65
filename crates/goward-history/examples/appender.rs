//! The other process of the tests: keeps runs in a history until it is done, killed or refused.
//!
//! ```text
//! appender hold   DB PREFIX COUNT PADDING   one open history for all runs
//! appender reopen DB PREFIX COUNT PADDING   opens and closes for each run, as `goward check` does
//! appender list   DB                        shows every run and prints its name
//! ```
//!
//! A run's name is printed only after `append` has returned: it is acknowledged. An error ends
//! the process with status 3; its `Debug` form goes to standard error.

#[path = "../tests/common/mod.rs"]
mod common;

use goward_history::{History, HistoryError, Query};
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            let _ = writeln!(std::io::stderr(), "{err:?}");
            ExitCode::from(3)
        }
    }
}

fn run(args: &[String]) -> Result<(), HistoryError> {
    let arg = |n: usize| args.get(n).map_or("", String::as_str);
    let number = |n: usize| arg(n).parse::<usize>().unwrap_or_default();
    let (mode, db, prefix, count, padding) = (arg(0), arg(1), arg(2), number(3), number(4));
    let mut history = History::open(db)?;
    if mode == "list" {
        for run in history.list(&Query { limit: usize::MAX, ..Query::default() })? {
            history.show(&run.run_id)?;
            acknowledge(&run.run_id);
        }
        return Ok(());
    }
    for (n, second) in (0..count).zip(0..) {
        if mode == "reopen" && n > 0 {
            drop(history);
            history = History::open(db)?;
        }
        let run_id = format!("{prefix}-{n:06}");
        history.append(&common::report(&run_id, "./svc", second, padding))?;
        acknowledge(&run_id);
    }
    Ok(())
}

/// One line at once: a reader sees it whole or not at all. A closed pipe is the reader's choice.
fn acknowledge(run_id: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("{run_id}\n").as_bytes()).and_then(|()| out.flush());
}
