//! The build cache verified, against hashing the same bytes and doing nothing else.

use super::modules::example;
use super::{compare, goward, side};
use anyhow::Result;

/// `dir` is a build cache that no go command is writing to meanwhile.
pub(super) fn cache(dir: &str) -> Result<()> {
    let (goward, ours) = (goward(), example("gocache", "hashcache")?);
    let sum = format!("find '{dir}' -type f -name '*-d' -print0 | xargs -0 sha256sum");
    // The same instructions of the processor as goward, where it has them.
    let openssl =
        format!("find '{dir}' -type f -name '*-d' -print0 | xargs -0 openssl dgst -sha256");
    compare(
        &format!("the build cache {dir}"),
        &[
            side("goward cache verify", &[&goward, "cache", "verify", dir]),
            side("sha256sum", &["sh", "-c", &sum]),
            side("openssl dgst -sha256", &["sh", "-c", &openssl]),
            side("floor: read and SHA-256", &[&ours, dir, "floor"]),
        ],
        "goward hashes packages twice (as they are, and with the build ID zeroed; in step), reads the index and holds both against \
         each other, with a thread for each processor; the others read and hash once, with one thread; sha256sum \
         uses no SHA instructions of the processor where it is built without OpenSSL",
    )
}
