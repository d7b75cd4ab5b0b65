//! Whether the modules in the cache, which both builds share, are what go.sum says.

use super::build::Workshop;
use goward_system::{Command, Ended, System as _};
use std::path::Path;
use std::time::Duration;

/// A question to go takes no longer.
const ASK: Duration = Duration::from_secs(60);
/// All modules are hashed.
const VERIFY: Duration = Duration::from_secs(600);

/// Why they may not be; `None` where they are, or where no package comes from there.
pub(super) fn in_doubt(shop: &Workshop<'_>) -> Option<String> {
    let dir = shop.dirs.first()?.display().to_string();
    let go = |args: Vec<&str>, limit| {
        // `go mod verify` refuses `-mod=vendor`, and reads no package.
        let command =
            Command::go(shop.system, args).dir(&dir).limit(limit).env("GOFLAGS", "-mod=mod");
        let work = shop.works.first().map_or("off", String::as_str);
        shop.system.run(&command.env("GOWORK", work)).map_err(|err| err.to_string())
    };
    match go(vec!["env", "GOMOD", "GOWORK"], ASK) {
        Ok(output) if is_vendored(shop, &output.stdout.text()) => return None,
        Ok(_) => {}
        Err(err) => return Some(err),
    }
    let modfile = |flag: &&String| flag.trim_start_matches('-').starts_with("modfile=");
    let modfile = shop.args.flags.iter().filter(modfile).map(String::as_str);
    let output = match go(["mod", "verify"].into_iter().chain(modfile).collect(), VERIFY) {
        Ok(output) if output.ended == Ended::Code(0) => return None,
        Ok(output) => output,
        Err(err) => return Some(err),
    };
    let said = output.stderr.text() + &output.stdout.text();
    let modified = said.lines().find(|line| line.contains("has been modified"));
    let told = |line: &&str| !line.starts_with("go: downloading");
    let line = modified.or_else(|| said.lines().find(told)).unwrap_or("it did not end in time");
    Some(shop.neutral(line))
}

/// Whether packages come from the vendor folder beside go.mod or go.work; the last `-mod` decides.
fn is_vendored(shop: &Workshop<'_>, files: &str) -> bool {
    let goflags = shop.kept.iter().find(|(name, _)| name == "GOFLAGS");
    let goflags = goflags.map(|(_, value)| value.as_str()).unwrap_or_default();
    let flags = goflags.split_whitespace().chain(shop.args.flags.iter().map(String::as_str));
    let mode = |flag: &'_ str| flag.trim_start_matches('-').strip_prefix("mod=").map(str::to_owned);
    let mode = flags.filter_map(mode).next_back();
    let beside = |file: &str| {
        Path::new(file).parent().is_some_and(|dir| dir.join("vendor/modules.txt").is_file())
    };
    mode.is_none_or(|mode| mode == "vendor") && files.lines().any(beside)
}
