//! Two programs compared, against `cmp`, hashing, and diffoscope where it is on the PATH.

use super::{compare, compare_rounds, goward, side};
use crate::shell::exists;
use anyhow::{Result, ensure};
use std::process::Command;

/// diffoscope finds no end on large programs; nobody waits longer.
const LIMIT: &str = "300";

/// Two given programs, or two builds of the example whose `-X` differs.
pub(super) fn repro(pair: Option<[&str; 2]>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let built = ["a", "b"].map(|name| dir.path().join(name).display().to_string());
    let [a, b] = match pair {
        Some([a, b]) => [a.to_owned(), b.to_owned()],
        None => {
            for (version, program) in ["1.0.0", "2.0.0-next"].iter().zip(&built) {
                let flag = format!("-ldflags=-X main.version={version}");
                let mut go = Command::new("go");
                go.args(["build", "-trimpath", &flag, "-o", program, "./cmd/payments"]);
                go.current_dir(crate::shell::root().join("examples/payments"));
                ensure!(go.status()?.success(), "building the example failed");
            }
            built
        }
    };
    let goward = goward();
    let ours =
        || side("goward repro --compare", &[&goward, "repro", "--no-history", "--compare", &a, &b]);
    compare(
        &format!("{a} and {b}"),
        &[
            ours(),
            side("cmp -l", &["cmp", "-l", &a, &b]),
            side("sha256sum", &["sha256sum", &a, &b]),
        ],
        "goward hashes both and names the cause; cmp lists the places of the bytes that differ, sha256sum tells that some do",
    )?;
    if !exists("diffoscope") {
        println!("  diffoscope is not on the PATH: pip install diffoscope");
        return Ok(());
    }
    let theirs =
        side("diffoscope", &["timeout", LIMIT, "diffoscope", "--text", "/dev/null", &a, &b]);
    compare_rounds(
        1,
        "the same, once",
        &[ours(), theirs],
        "diffoscope shows what readelf, objdump and strings show of both, and names no cause",
    )
}
