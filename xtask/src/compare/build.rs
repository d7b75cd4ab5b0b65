//! What it costs to watch a build: go alone and go behind goward, in turn.

use super::{compare, compare_rounds, goward, side};
use anyhow::Result;

/// `DIR` is a module, `PACKAGE` what is built.
pub fn build(dir: &str, package: &str) -> Result<()> {
    let goward = goward();
    let plain = format!("cd {dir} && go build -o /dev/null {package}");
    let watched =
        format!("cd {dir} && {goward} build --silent --no-history -- build -o /dev/null {package}");
    let kept = format!("cd {dir} && {goward} build -- build -o /dev/null {package}");
    compare(
        &format!("nothing to build: {package}"),
        &[
            side("goward build", &["sh", "-c", &watched]),
            side("goward build, kept and told", &["sh", "-c", &kept]),
            side("go build", &["sh", "-c", &plain]),
        ],
        "the same work; goward also observes it",
    )?;
    let clean = |command: &str| {
        format!(
            "export GOCACHE=$(mktemp -d) && ({command}); status=$?; rm -rf \"$GOCACHE\"; exit $status"
        )
    };
    compare_rounds(
        3,
        &format!("everything to build: {package}"),
        &[
            side("goward build", &["sh", "-c", &clean(&watched)]),
            side("go build", &["sh", "-c", &clean(&plain)]),
        ],
        "the same work; each time with an empty build cache, whose removal counts for both",
    )
}
