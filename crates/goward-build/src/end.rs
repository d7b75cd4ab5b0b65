//! The signals by which a build is asked to end.

use signal_hook::consts::signal::{
    SIGALRM, SIGHUP, SIGINT, SIGIO, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};

/// The signals that ask a build to end.
pub(crate) const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// Signals that mean nothing to the go command, where they would end another program (os/signal: "Default behavior of
/// signals in Go programs"). Who watches it must not end by them either.
pub(crate) const MEANINGLESS: [i32; 7] =
    [SIGALRM, SIGIO, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ];

/// Those of [`ENDING`] that were not ignored when this process began, as `nohup` has it.
pub(crate) fn heeded() -> Vec<i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    ENDING.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect()
}
