//! What a package lacks in the staged tree, and the disk has: then `git add` is the fix, and no other.

use super::compile;
use super::targets::Target;
use gomod::glob;
use goward_model::{Finding, Outcome, Verdict};
use overlay::{Entry, Overlay};
use std::path::Path;

/// Gives findings about missing packages and embedded files the fix that fits. Paths are relative to `top`.
pub(super) fn help(top: &Path, target: &Target, overlay: &Overlay, outcomes: &mut [Outcome]) {
    for outcome in outcomes {
        let Verdict::Fail(findings) = &mut outcome.verdict else { continue };
        for finding in findings {
            let found = match outcome.check.as_str() {
                "import-missing" => package(target, overlay, finding),
                "embed-missing" => embedded(top, overlay, finding),
                _ => vec![],
            };
            let below = found.iter().filter_map(|file| Path::new(file).strip_prefix(top).ok());
            let names: Vec<String> = below.map(|it| it.to_string_lossy().into_owned()).collect();
            if !names.is_empty() {
                finding.help = compile::add(&names);
            }
        }
    }
}

/// The Go files of a package of the module itself that are on the disk only.
fn package(target: &Target, overlay: &Overlay, finding: &Finding) -> Vec<String> {
    let Some((path, _)) = finding.message.en.split_once(": ") else { return vec![] };
    let text = overlay.read(&target.root.join("go.mod")).unwrap_or_default();
    let module = gomod::parse_go_mod(&text).ok().and_then(|file| file.module);
    let below = module.as_ref().and_then(|module| path.strip_prefix(module.path.as_str()));
    match below {
        Some(below) if below.is_empty() || below.starts_with('/') => {
            hidden(overlay, &target.root.join(below.trim_start_matches('/')), &|name| {
                name.ends_with(".go") && !name.ends_with("_test.go")
            })
        }
        _ => vec![],
    }
}

/// The files that the pattern of a `//go:embed` would match, and that are on the disk only.
fn embedded(top: &Path, overlay: &Overlay, finding: &Finding) -> Vec<String> {
    let said = finding.message.en.split_once("pattern ").map(|(_, rest)| rest);
    let pattern = said.and_then(|rest| rest.split_once(": ")).map(|(pattern, _)| pattern);
    let Some(pattern) = pattern.map(|it| it.strip_prefix("all:").unwrap_or(it)) else {
        return vec![];
    };
    let file = top.join(&finding.location.path);
    let Some(dir) = file.parent() else { return vec![] };
    let (folder, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let mut all = hidden(overlay, &dir.join(folder), &|name| glob::matches(last, name) == Ok(true));
    if all.is_empty() {
        // A folder is embedded with all that is in it.
        all = hidden(overlay, &dir.join(pattern), &|name| !name.starts_with(['.', '_']));
    }
    all
}

/// Files of a folder that are on the disk and not in the staged tree.
fn hidden(overlay: &Overlay, dir: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
    let names = overlay.names(dir).into_iter().flatten();
    let names = names.filter(|(name, entry)| **entry == Entry::Hidden && wanted(name));
    let files = names.map(|(name, _)| dir.join(name)).filter(|file| file.is_file());
    files.map(|file| file.to_string_lossy().into_owned()).collect()
}
