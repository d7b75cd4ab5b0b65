//! The build cache verified, against hashing the same bytes and doing nothing else.

use super::modules::example;
use super::{compare, goward, side};
use crate::shell::{command, run};
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

/// A warm build of `package` in the module `dir`: go with its own cache, behind `goward cache serve`, and behind the least
/// that a cache program can do.
pub(super) fn serve(dir: &str, package: &str) -> Result<()> {
    let (goward, plain) = (goward(), example("signedcache", "plaincache")?);
    let work = tempfile::tempdir()?;
    let at = |name: &str| work.path().join(name).display().to_string();
    let (key, own, served, out) = (at("key.pem"), at("go"), at("served"), at("out"));
    run(command("openssl", &["genpkey", "-algorithm", "ed25519", "-out", &key]))?;
    let program = format!("'{goward}' cache serve --dir '{served}' --key '{key}'");
    let sides = |build: &str| {
        let with = |program: &str| {
            format!("export GOCACHE='{own}' GOCACHEPROG=\"{program}\"; cd '{dir}' && {build}")
        };
        [
            side("goward cache serve", &["sh", "-c", &with(&program)]),
            side("serve --reread", &["sh", "-c", &with(&format!("{program} --reread"))]),
            side("go's own cache", &["sh", "-c", &with("")]),
            side("floor: verifies nothing", &["sh", "-c", &with(&format!("'{plain}' '{own}'"))]),
        ]
    };
    let build = format!("go build -o '{out}' '{package}'");
    let idle = sides(&build);
    // Both caches are filled; what was just written is remembered from the second look on.
    for index in [0, 2, 0] {
        super::measure(&idle[index])?;
        std::thread::sleep(std::time::Duration::from_secs(3));
    }
    let note = "go and its cache program together, with the same objects; the floor gives what lies in go's own cache, as go \
                itself would, and what it costs is the protocol's";
    compare(&format!("a warm build of {package}, nothing to do"), &idle, note)?;
    let linked = sides(&format!("rm -f '{out}' && {build}"));
    compare(&format!("a warm build of {package}, linked"), &linked, note)
}
