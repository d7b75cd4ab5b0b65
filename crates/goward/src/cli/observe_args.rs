//! The flags of `goward build`.

use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct ObserveArgs {
    /// What go is to do: build, test, vet, install, run, list … with their arguments, after `--`; without a verb it is build
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "GO ARGUMENTS")]
    pub(crate) words: Vec<OsString>,
    /// End it after this time: 90s, 10m, 1h30m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// End it when all its processes hold more memory: 512MiB, 4GiB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_rss: Option<u64>,
    /// Run it again, at most N times, where the cause is one that passes by itself
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) retry_infra: u32,
    /// Build with an empty build cache of its own, as a release should be; what it held is removed
    #[arg(long)]
    pub(crate) isolated: bool,
    /// Show when each stage and package was at work
    #[arg(long)]
    pub(crate) timeline: bool,
    /// Write a page with a timeline to zoom into
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write a trace for Perfetto and chrome://tracing
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Write an OpenTelemetry trace as OTLP JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) otlp_file: Option<PathBuf>,
    /// Send an OpenTelemetry trace to this collector (default: OTEL_EXPORTER_OTLP_ENDPOINT, if it is set)
    #[arg(long, value_name = "URL")]
    pub(crate) otlp: Option<String>,
    /// It is of a release branch, so a failure is one tier more urgent
    #[arg(long)]
    pub(crate) release: bool,
    /// Say whose error budget a failure burns
    #[arg(long)]
    pub(crate) slo: bool,
    /// Add nothing to what go says
    #[arg(long)]
    pub(crate) silent: bool,
    /// Do not keep this build
    #[arg(long)]
    pub(crate) no_history: bool,
}

/// `90s`, `10m`, `1h30m`, `1.5h`, `500ms`, as Go writes them; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; write 90s, 10m or 1h30m");
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        total += number
            * match unit {
                "ms" => 0.001,
                "" | "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = behind;
    }
    let found = Duration::try_from_secs_f64(total).map_err(|_| wrong())?;
    if found.is_zero() { Err(wrong()) } else { Ok(found) }
}

/// `4GiB`, `512M`, `1.5g`; a bare number is bytes. All units are powers of 1024, as memory has them.
pub(super) fn size(text: &str) -> Result<u64, String> {
    goward_config::size(text).ok_or_else(|| format!("`{text}` is no size; write 512MiB or 4GiB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_go_writes_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "0s", "-1s", "x", "5 m", "1e99h", "10q"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
