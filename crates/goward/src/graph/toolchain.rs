//! The toolchain that go would run in a folder, and what it says of itself.

use super::go_answers::GoAnswers;
use gomod::toolchain::{lines, select};
use overlay::Overlay;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the toolchain says that go would run in a folder; where it is not on this machine, what the local one says, and
/// why nobody else was asked.
pub(super) fn answers(
    dir: &Path,
    overlay: &Arc<Overlay>,
) -> anyhow::Result<(GoAnswers, Option<String>)> {
    let local = GoAnswers::ask()?;
    let name = match selected(&local, dir, overlay) {
        Ok(None) => return Ok((local, None)),
        Ok(Some(name)) => name,
        Err(why) => return Ok((local, Some(why))),
    };
    // Only the PATH counts then, and not the module cache.
    let is_of_path = local.get("GOTOOLCHAIN").ends_with("path");
    let asked = if is_of_path { format!("{name}+path") } else { name.clone() };
    match GoAnswers::ask_of(&asked) {
        Ok(answers) => Ok((answers, None)),
        Err(_) => {
            let why = match is_of_path {
                true => format!("GOTOOLCHAIN or go.mod selects {name}, which is not in the PATH"),
                false => format!(
                    "GOTOOLCHAIN or go.mod selects {name}, which is not in the module cache"
                ),
            };
            Ok((local, Some(why)))
        }
    }
}

/// The toolchain that is to run instead of the local one.
fn selected(local: &GoAnswers, dir: &Path, overlay: &Overlay) -> Result<Option<String>, String> {
    let file =
        workspace(local.get("GOWORK"), dir, overlay).or_else(|| above("go.mod", dir, overlay));
    chosen(local.get("GOTOOLCHAIN"), local.get("GOVERSION"), file.as_deref(), overlay)
}

/// The toolchain that go would run, by a go.mod or go.work, instead of the local one.
///
/// # Errors
/// The setting is none that go takes.
pub(crate) fn chosen(
    setting: &str,
    local: &str,
    file: Option<&Path>,
    overlay: &Overlay,
) -> Result<Option<String>, String> {
    let text = file.and_then(|file| overlay.read(file).ok()).unwrap_or_default();
    let is_work = file.is_some_and(|file| file.extension().is_none_or(|end| end != "mod"));
    let (go, named) = lines(&text, is_work);
    select(setting, local, go.as_deref(), named.as_deref())
}

/// The go.work that go would take. `gowork` is the setting: a file, `off`, or empty.
pub(crate) fn workspace(gowork: &str, dir: &Path, overlay: &Overlay) -> Option<PathBuf> {
    match gowork {
        "" => above("go.work", dir, overlay),
        "off" => None,
        file => Some(PathBuf::from(file)),
    }
}

fn above(name: &str, dir: &Path, overlay: &Overlay) -> Option<PathBuf> {
    dir.ancestors().map(|dir| dir.join(name)).find(|file| overlay.is_file(file))
}
