//! The other process: `examples/appender.rs`.

use std::path::{Path, PathBuf};

/// `examples/appender.rs`, which `cargo test` builds beside the tests.
pub(crate) fn appender() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let name = format!("appender{}", std::env::consts::EXE_SUFFIX);
    let appender = profile.join("examples").join(name);
    assert!(
        appender.is_file(),
        "{} is missing: run `cargo build -p goward-history --examples` first",
        appender.display()
    );
    appender
}

/// The whole lines of what a process printed: the runs that it acknowledged.
pub(crate) fn lines(output: &[u8]) -> Vec<String> {
    let whole = output.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    String::from_utf8(output[..whole].to_vec()).unwrap().lines().map(str::to_owned).collect()
}

/// Says on a line of its own, past the test harness's capture, that this machine does not let the
/// running test do its work. `cargo xtask test` counts these lines as skipped.
#[allow(dead_code, reason = "not every test binary can be skipped")]
#[expect(clippy::explicit_write, reason = "the test harness captures what println! writes")]
pub(crate) fn skipped(why: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "\nskipped: {why}").unwrap();
}
