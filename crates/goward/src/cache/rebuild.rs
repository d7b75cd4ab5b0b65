//! `goward cache verify --rebuild`: the same packages compiled again where nobody was before, and
//! what the same actions made in both caches.

use super::words;
use crate::own_cache::variables;
use anyhow::Context as _;
use gocache::{Cache, Compared, compare};
use goward_model::{Finding, Findings, Location, Text};
use goward_system::{Command, OsSystem, System as _};
use std::path::Path;
use std::time::Duration;

/// The standard library and all dependencies are compiled.
const LIMIT: Duration = Duration::from_secs(3600);

/// Compiles the packages of a module and compares; the findings of the outcome.
pub(super) fn judge(module: &Path, cache: &Cache, system: &OsSystem) -> anyhow::Result<Findings> {
    let compared = rebuild(module, cache, system)?;
    let mut findings = Findings::default();
    for it in &compared.different {
        let package = it.origin.as_ref().and_then(|origin| origin.package.clone());
        let package = package.unwrap_or_else(|| "?".into());
        let path = format!("{:02x}/{}-d", it.first.0[0], it.first);
        let action = it.action.to_string();
        let message = Text::new(
            format!(
                "not what a build in a fresh cache makes of package {package}: {} there; action {action}",
                it.second
            ),
            format!("与全新缓存中构建包 {package} 的结果不同：后者为 {}；动作 {action}", it.second),
        );
        findings.report(Finding::at(Location::whole(path), "rebuilt", message, words::recache()));
    }
    if compared.same + compared.different.len() == 0 {
        findings.unknown(Text::new(
            "the cache has none of these packages, as GOFLAGS and the environment are now: nothing was compared",
            "按当前 GOFLAGS 与环境，缓存中没有这些包：未作比较",
        ));
    }
    let (same, absent) = (compared.same, compared.absent);
    findings.note(Text::new(
        format!("{same} compiled packages are the same in a fresh cache; {absent} more were not in this one (other flags, other sources, or never built)"),
        format!("{same} 个已编译的包与全新缓存中的相同；另有 {absent} 个不在此缓存中（参数或源码不同，或从未构建）"),
    ));
    Ok(findings)
}

fn rebuild(module: &Path, cache: &Cache, system: &OsSystem) -> anyhow::Result<Compared> {
    let fresh = tempfile::tempdir()?;
    let go = goward_system::go_program(system);
    let own = fresh.path().join("go-build");
    let system = system.rooted(module);
    // Compiles what `go build` compiles, and links nothing.
    let mut command =
        Command::new(&go, ["list", "-export", "-deps", "-f", "", "./..."]).limit(LIMIT);
    for (name, value) in variables(&go, Path::new("."), &own, fresh.path(), &system)? {
        command = command.env(&name, &value);
    }
    let output = system.run(&command)?;
    output.success(&command).with_context(|| format!("in {}", module.display()))?;
    let fresh = Cache::open(&own)?;
    Ok(compare((cache, &cache.list()), (&fresh, &fresh.list())))
}
