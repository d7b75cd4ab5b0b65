//! The toolchain that go would run in a folder, and what it says of itself.

use super::go_answers::GoAnswers;
use gomod::toolchain::select;
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
    match GoAnswers::ask_of(&name) {
        Ok(answers) => Ok((answers, None)),
        Err(_) => {
            let why =
                format!("GOTOOLCHAIN or go.mod selects {name}, which is not in the module cache");
            Ok((local, Some(why)))
        }
    }
}

/// The toolchain that is to run instead of the local one.
fn selected(local: &GoAnswers, dir: &Path, overlay: &Overlay) -> Result<Option<String>, String> {
    let lines = deciding(local.get("GOWORK"), dir, overlay)
        .and_then(|file| lines(&file, overlay))
        .unwrap_or_default();
    let (go, toolchain) = lines;
    select(local.get("GOTOOLCHAIN"), local.get("GOVERSION"), go.as_deref(), toolchain.as_deref())
}

/// The file by which Go decides: go.work, or go.mod. `gowork` is the setting: a file, `off`, or empty.
pub(crate) fn deciding(gowork: &str, dir: &Path, overlay: &Overlay) -> Option<PathBuf> {
    let above =
        |name: &str| dir.ancestors().map(|dir| dir.join(name)).find(|file| overlay.is_file(file));
    match gowork {
        "" => above("go.work").or_else(|| above("go.mod")),
        "off" => above("go.mod"),
        file => Some(PathBuf::from(file)),
    }
}

/// The `go` and `toolchain` lines of go.mod or go.work; of what Go cannot read it says so itself.
pub(crate) fn lines(file: &Path, overlay: &Overlay) -> Option<(Option<String>, Option<String>)> {
    let text = overlay.read(file).ok()?;
    let (go, toolchain) = match file.extension().is_some_and(|end| end == "mod") {
        true => gomod::parse_go_mod(&text).ok().map(|file| (file.go, file.toolchain))?,
        false => gomod::parse_go_work(&text).ok().map(|file| (file.go, file.toolchain))?,
    };
    Some((go.map(|one| one.version), toolchain.map(|one| one.name)))
}
