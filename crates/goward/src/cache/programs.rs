//! The Go programs in GOBIN: by which toolchain, of which module, and whether there is a newer one.

use goartifact::{BuildInfo, build_info_of};
use goward_system::{Command, OsSystem, System as _};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Files of a folder that are looked at.
const MAX_FILES: usize = 2000;
/// A go command that does not say its version in time says none.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// A program.
#[derive(Debug, Serialize)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    /// The toolchain that linked it.
    pub(super) go_version: String,
    /// Its main module, with version.
    pub(super) module: Option<String>,
    /// Whether another toolchain is in use now.
    pub(super) stale_toolchain: bool,
    /// A newer version of its module that the module cache knows.
    pub(super) newer: Option<String>,
}

/// The programs of a folder; links are not followed, and the toolchain's own programs are none.
#[expect(clippy::disallowed_methods, reason = "the user's own folder")]
pub(super) fn of(dir: &Path, modules: Option<&Path>, current: Option<&str>) -> Vec<Program> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten().take(MAX_FILES);
    let mut programs: Vec<Program> = entries
        .filter_map(|entry| {
            let found = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            let info = build_info_of(&entry.path())?;
            if info.path.as_deref().is_some_and(|path| path.starts_with("cmd/")) {
                return None;
            }
            Some(Program {
                path: entry.path(),
                bytes: found.len(),
                stale_toolchain: current.is_some_and(|current| current != info.go_version),
                newer: modules.and_then(|modules| newer(modules, &info)),
                module: info.main.map(|main| format!("{}@{}", main.path, main.version)),
                go_version: info.go_version,
            })
        })
        .collect();
    programs.sort_by(|a, b| a.path.cmp(&b.path));
    programs
}

/// The toolchain in use.
pub(super) fn current_toolchain() -> Option<String> {
    let go = crate::build::go_command().into_string().ok()?;
    let command = Command::new(&go, ["env", "GOVERSION"]).limit(LIMIT);
    let printed = OsSystem::at(".").run(&command).ok()?.success(&command).ok()?;
    Some(printed.trim().to_owned()).filter(|version| !version.is_empty())
}

/// The newest release of its module among those whose go.mod was downloaded.
#[expect(clippy::disallowed_methods, reason = "the module cache's own list")]
fn newer(modules: &Path, info: &BuildInfo) -> Option<String> {
    let (path, version) = info.main.as_ref().map(|main| (&*main.path, &*main.version))?;
    if !version.starts_with('v') {
        return None;
    }
    let folder =
        modules.join("cache/download").join(gomod::module_path::escape(path).ok()?).join("@v");
    let names = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name());
    let versions = names.filter_map(|name| {
        let version = name.to_str()?.strip_suffix(".mod")?.to_owned();
        // Prereleases and commits are no updates.
        (!version.contains('-')).then_some(version)
    });
    let newest = versions.max_by(|a, b| gomod::semver::compare(a, b))?;
    gomod::semver::compare(&newest, version).is_gt().then_some(newest)
}
