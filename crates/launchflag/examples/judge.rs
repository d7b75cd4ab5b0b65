//! Judges files: `cargo run --example judge -- KIND FLAG FILE...`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads files and prints"
)]

use launchflag::{Kind, judge};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let kind: Kind = args.next().ok_or("KIND FLAG FILE...")?.parse()?;
    let flag = args.next().ok_or("KIND FLAG FILE...")?;
    for path in args {
        let verdict = judge(kind, &std::fs::read(&path)?, &flag);
        let line = verdict
            .span
            .map(|span| format!(":{}:{}", span.start.line, span.start.column))
            .unwrap_or_default();
        println!("{path}{line}\t{}\t{}", verdict.state, verdict.why);
    }
    Ok(())
}
