//! `goward plumbing build-list`.

use crate::console::Console;
use buildlist::{GoWorkSetting, Mode, Options};
use goward_model::ExitStatus;
use goward_system::{Command, OsSystem, System as _};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A line `module version` for each module that the build selects, as `go list -m all` does; main
/// modules have no version. Exit status 1 where Go refuses, 3 where the module cache lacks something.
pub(super) fn run(dir: &Path, console: &Console) -> anyhow::Result<ExitStatus> {
    let list = match buildlist::load(dir, &options(dir)?) {
        Ok(list) => list,
        Err(err) => {
            let status =
                if err.is_inconclusive() { ExitStatus::Inconclusive } else { ExitStatus::Closed };
            console.refuse(&err.to_string());
            return Ok(status);
        }
    };
    let mut out = String::new();
    for module in list.modules() {
        // Writing to a string cannot fail.
        let _ = match &module.version {
            Some(version) => writeln!(out, "{} {version}", module.path),
            None => writeln!(out, "{}", module.path),
        };
    }
    console.print(&out)?;
    Ok(ExitStatus::Open)
}

/// What the environment says, as `go env` reads it.
fn options(dir: &Path) -> anyhow::Result<Options> {
    let system = OsSystem::at(dir);
    let asked = ["env", "-json", "GOMODCACHE", "GOWORK", "GOFLAGS"];
    let command = Command::go(&system, asked).env("GOTOOLCHAIN", "local");
    let printed = system.run(&command).and_then(|output| output.success(&command))?;
    let env: serde_json::Value = serde_json::from_str(&printed)?;
    let get = |name: &str| env[name].as_str().unwrap_or_default();
    let gowork = match get("GOWORK") {
        // What Go has not found, or was told to leave, is not looked for again.
        "" | "off" => GoWorkSetting::Off,
        file => GoWorkSetting::File(PathBuf::from(file)),
    };
    let gomodcache = PathBuf::from(get("GOMODCACHE"));
    let mut options = Options { gomodcache, gowork, ..Options::default() };
    options.apply_goflags(get("GOFLAGS"))?;
    // `go list -m all` does not answer from a vendor folder.
    options.mode = options.mode.filter(|mode| *mode != Mode::Vendor).or(Some(Mode::Readonly));
    Ok(options)
}
