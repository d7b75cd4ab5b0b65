//! What a package lacks in the staged tree, and the disk has: then `git add` is the fix, and no other.

use super::reached::Reached;
use super::subject::Subject;
use super::targets::Target;
use super::words;
use gomod::glob;
use goward_model::{Finding, Outcome, Verdict};
use overlay::{Entry, Overlay};
use std::path::{Path, PathBuf};

/// Gives findings about missing packages and embedded files the fix that fits. Paths are relative to `top`.
pub(super) fn help(top: &Path, target: &Target, overlay: &Overlay, outcomes: &mut [Outcome]) {
    for outcome in outcomes {
        let Verdict::Fail(findings) = &mut outcome.verdict else { continue };
        for finding in findings {
            let found = match outcome.check.as_str() {
                "import-missing" | "package-excluded" => package(target, overlay, finding),
                "embed-missing" => embedded(top, overlay, finding),
                _ => vec![],
            };
            let below = found.iter().filter_map(|file| Path::new(file).strip_prefix(top).ok());
            let names: Vec<String> = below.map(|it| it.to_string_lossy().into_owned()).collect();
            if !names.is_empty() {
                finding.help = words::add(&names);
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

/// More names than that help nobody.
const SHOWN: usize = 5;

/// Files that are on the disk and not staged as they are there, where the error may come from: the file's own folder, or
/// that of a package that is imported.
pub(super) fn declared(
    subject: &Subject,
    file: &Path,
    reached: &Reached,
    message: &str,
) -> Option<Vec<PathBuf>> {
    if !subject.is_staged() {
        return None;
    }
    let here = file.parent()?;
    let mains = reached.changed.tree.build_list().iter().filter(|module| module.is_main());
    let imported = mains.filter_map(|module| {
        let at = message.find(&format!("{}/", module.path))?;
        let below = message.get(at + module.path.len() + 1..)?;
        let end = below
            .find(|c: char| !(c.is_alphanumeric() || "/._-~".contains(c)))
            .unwrap_or(below.len());
        Some(module.dir.as_ref()?.join(below.get(..end)?))
    });
    let mut found = vec![];
    let wanted = undefined(message);
    for dir in imported.chain([here.to_owned()]) {
        found.extend(unstaged(&subject.overlay, &dir));
    }
    // Only what the disk declares, and the staged file does not, would help.
    if let Some(name) = wanted {
        found.retain(|file| {
            let staged = subject.overlay.read(file).unwrap_or_default();
            declares(&on_disk(file), name) && !declares(&staged, name)
        });
    }
    found.sort();
    found.dedup();
    found.truncate(SHOWN);
    (!found.is_empty()).then_some(found)
}

/// The name that nobody declares: `undefined: a.x`, `x undefined (type T has no field or method x)`.
fn undefined(message: &str) -> Option<&str> {
    let named = message.strip_prefix("undefined: ");
    let named = named.or_else(|| message.split_once(" undefined").map(|(name, _)| name))?;
    let name = named.split([' ', '\n', ';']).next()?.rsplit('.').next()?;
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// Whether a file has a line that declares a name, as gofmt writes it: at the start, or first in a group.
fn declares(text: &[u8], name: &str) -> bool {
    let text = String::from_utf8_lossy(text);
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_it = |words: &str| words.strip_prefix(name).is_some_and(ends);
    text.lines().any(|line| {
        let line = line.trim();
        let word =
            ["func ", "type ", "var ", "const "].iter().find_map(|word| line.strip_prefix(word));
        // A method: behind its receiver.
        let method = line.strip_prefix("func (").and_then(|rest| rest.split_once(") "));
        word.is_some_and(is_it)
            || method.is_some_and(|(_, rest)| is_it(rest))
            || (is_it(line) && !line.contains('('))
            || line.split(", ").any(is_it) && line.contains('=')
    })
}

#[expect(clippy::disallowed_methods, reason = "what the disk has beside what is staged")]
fn on_disk(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_default()
}

/// The source files of a folder that the disk has otherwise than they are staged.
fn unstaged(overlay: &Overlay, dir: &Path) -> Vec<PathBuf> {
    let names = overlay.names(dir).into_iter().flatten();
    let differ =
        names.filter(|(name, entry)| **entry != Entry::Folder && gopackages::is_source(name));
    differ.map(|(name, _)| dir.join(name)).filter(|file| file.is_file()).collect()
}
