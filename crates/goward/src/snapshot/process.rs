//! A program that runs: its own file, also where it was deleted, the C library it has mapped, the variables
//! that matter to Go, the machine.
#![expect(clippy::disallowed_methods, reason = "reads /proc of the process that the user named")]

use super::machine;
use super::program::{add_after_link, failed, of_brief};
use anyhow::{Context as _, bail};
use gosnapshot::{Host, Kind, Snapshot, Source};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Variables that change how a Go program runs. No others are read: they hold secrets.
const VARIABLES: &[&str] = &[
    "GODEBUG",
    "GOGC",
    "GOMAXPROCS",
    "GOMEMLIMIT",
    "GORACE",
    "GOTRACEBACK",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "MALLOC_ARENA_MAX",
];
/// No process has more.
const MAX_READ: u64 = 32 << 20;

pub(super) fn take(pid: u32) -> anyhow::Result<Snapshot> {
    if !cfg!(target_os = "linux") {
        bail!("process {pid}: only on Linux can a process be looked at (/proc)");
    }
    let folder = PathBuf::from(format!("/proc/{pid}"));
    if !folder.is_dir() {
        bail!("there is no process {pid} on this machine");
    }
    let denied = || format!("process {pid}: run goward as its user, or as root");
    let exe = folder.join("exe");
    let link = std::fs::read_link(&exe).with_context(denied)?;
    let name = format!("pid:{pid} {}", link.display());
    let parts = goartifact::brief(&exe).map_err(|err| {
        let reason = err.to_string().replace(&exe.display().to_string(), &name);
        anyhow::anyhow!("{reason}")
    })?;
    let first = parts.into_iter().next().context("the program is empty")?;
    let mut snapshot = of_brief(first, Source { kind: Kind::Process, name });
    add_after_link(&mut snapshot, &exe);
    let root = folder.join("root");
    let mapped = read(&folder.join("maps")).map(|maps| machine::mapped_libc(&maps, &root));
    let host = machine::host(&root);
    // What it has mapped is what it runs with; what is installed may be newer.
    let libc = mapped.ok().flatten().or(host.libc);
    snapshot.host = Some(Host { runs: true, libc, ..host });
    match read(&folder.join("environ")) {
        Ok(text) => snapshot.runtime = variables(&text),
        Err(err) => snapshot.unknown.push(failed("runtime", format!("its variables: {err}"))),
    }
    Ok(snapshot)
}

/// A file of /proc has no size.
fn read(file: &Path) -> std::io::Result<String> {
    let mut bytes = vec![];
    std::fs::File::open(file)?.take(MAX_READ).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `NAME=value`, each behind a zero byte; only those that are known to hold no secrets.
fn variables(environ: &str) -> BTreeMap<String, String> {
    let pairs = environ.split('\0').filter_map(|pair| pair.split_once('='));
    let known = pairs.filter(|(name, _)| VARIABLES.contains(name));
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_recorded() {
        let environ = "GODEBUG=fips140=on\0DB_PASSWORD=hunter2\0GOGC=50\0GOPROXY=https://u:p@x\0";
        let known = variables(environ);
        assert_eq!(known.keys().collect::<Vec<_>>(), ["GODEBUG", "GOGC"]);
    }
}
