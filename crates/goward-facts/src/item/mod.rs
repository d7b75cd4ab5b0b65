//! Custom items: what a policy may ask for without Rust. One file per way of asking.
//!
//! Probing gives [`Evidence`]; whether it is good is judged elsewhere, purely.

mod address;
mod command;
mod file;
mod postgres;
mod reach;
mod redis;
mod spec;

pub use spec::{Assertions, CommandLine, CustomCheck, Expected, ItemKind, SpecError};

use crate::ProbeError;
use goward_model::Text;
use goward_system::{System, SystemError};
use std::time::Duration;

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// There was an answer to judge.
    Answer(Answer),
    /// There was an answer, and it was no: refused, closed, wrong password. A failure.
    Refused(Text),
}

/// An answer to judge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Exit status or HTTP status.
    pub status: Option<i64>,
    /// Standard output, body or file content, capped.
    pub text: String,
    /// Standard error, capped.
    pub stderr: String,
    /// Bytes of output that were counted but not kept.
    pub left_out: u64,
    /// Permission bits of a file.
    pub mode: Option<u32>,
    /// Whether the file exists.
    pub exists: bool,
    /// How long it took, in milliseconds.
    pub latency_ms: f64,
}

/// Asks. Never longer than `limit` (a few milliseconds more, to end what was started).
pub fn probe(
    kind: &ItemKind,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    let started = system.now();
    let evidence = match kind {
        ItemKind::Command(line) => command::probe(line, system, limit),
        ItemKind::File(path) => file::probe(&expand(path, system)?, system),
        ItemKind::Tcp(address) => reach::tcp(&expand(address, system)?, system, limit),
        ItemKind::Http(url) => reach::http(&expand(url, system)?, system, limit),
        ItemKind::RedisPing(url) => redis::ping(&expand(url, system)?, system, limit),
        ItemKind::Postgres(url) => postgres::connect(&expand(url, system)?, system, limit),
        ItemKind::PostgresPing(url) => postgres::ping(&expand(url, system)?, system, limit),
    };
    let took = system.now().duration_since(started);
    match evidence? {
        Evidence::Answer(mut answer) => {
            answer.latency_ms = took.as_secs_f64() * 1e3;
            Ok(Evidence::Answer(answer))
        }
        refused @ Evidence::Refused(_) => Ok(refused),
    }
}

/// Replaces `${NAME}` by the environment's value, so that no password stands in a policy.
fn expand(text: &str, system: &dyn System) -> Result<String, ProbeError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else { break };
        let value = system.env(name).ok_or_else(|| {
            ProbeError::Unusable(Text::new(
                format!("the environment variable {name} is not set"),
                format!("环境变量 {name} 未设置"),
            ))
        })?;
        out.push_str(before);
        out.push_str(&value);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

/// A time that is over is inconclusive; any other failure to reach somebody is a no.
fn refused(err: SystemError) -> Result<Evidence, ProbeError> {
    match err {
        SystemError::TimedOut(limit) => Err(ProbeError::TimedOut(limit.as_millis())),
        SystemError::Cancelled => Err(SystemError::Cancelled.into()),
        other => Ok(Evidence::Refused(Text::new(other.to_string(), other.zh()))),
    }
}

/// A read or write on a connection failed.
fn broken(what: &str, err: &std::io::Error, limit: Duration) -> Result<Evidence, ProbeError> {
    use std::io::ErrorKind;
    match err.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(ProbeError::TimedOut(limit.as_millis())),
        ErrorKind::UnexpectedEof => Ok(Evidence::Refused(Text::new(
            format!("{what}: the connection was closed"),
            format!("{what}：连接被关闭"),
        ))),
        _ => Ok(Evidence::Refused(Text::same(format!("{what}: {err}")))),
    }
}
