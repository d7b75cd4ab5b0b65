//! What the go command is told where it would look at the disk and the commit has it otherwise. Go chooses its toolchain
//! by the go.mod of the disk before it hears of any overlay (<https://go.dev/doc/toolchain>), takes a vendor folder of
//! the disk, and refuses a module that its go.work does not list.

use super::subject::Subject;
use crate::graph::go_env;
use goward_git::Repo;
use goward_system::{OsSystem, System as _};
use overlay::{Overlay, cleaned};
use std::path::{Path, PathBuf};

/// Variables of the environment, by name.
pub(super) type Variables = Vec<(&'static str, String)>;

/// What is to be set for a module or workspace at `root`.
pub(super) fn of(repo: &Repo<'_>, subject: &Subject, root: &Path) -> Variables {
    let overlay = &subject.overlay;
    let system = OsSystem::at(root);
    let work = workspace(root, overlay);
    let is_outside = work.as_deref().is_some_and(|work| is_outside(work, root, overlay));
    let work = work.filter(|_| !is_outside);
    let mut all = vec![];
    if is_outside {
        all.push(("GOWORK", "off".to_owned()));
    }
    let home = work.as_deref().and_then(Path::parent).unwrap_or(root);
    if is_vendor_left(repo, subject, home) {
        let flags = go_env("GOFLAGS").unwrap_or_default();
        let is_set =
            flags.split_whitespace().any(|flag| flag.trim_start_matches('-').starts_with("mod="));
        if !is_set {
            all.push(("GOFLAGS", format!("{flags} -mod=readonly").trim().to_owned()));
        }
    }
    let file = work.unwrap_or_else(|| root.join("go.mod"));
    let setting = system.env("GOTOOLCHAIN").unwrap_or_default();
    all.extend(toolchain(&file, overlay, &setting).map(|name| ("GOTOOLCHAIN", name)));
    all
}

/// The go.work that Go would take.
fn workspace(root: &Path, overlay: &Overlay) -> Option<PathBuf> {
    match go_env("GOWORK").as_deref() {
        Some("off") => None,
        Some(file) => Some(PathBuf::from(file)),
        None => root.ancestors().map(|dir| dir.join("go.work")).find(|file| overlay.is_file(file)),
    }
}

/// Whether a workspace has no line for a module. Of a go.work that Go cannot read Go is to say so.
fn is_outside(work: &Path, root: &Path, overlay: &Overlay) -> bool {
    let Some(dir) = work.parent().filter(|_| overlay.is_file(&root.join("go.mod"))) else {
        return false;
    };
    let Ok(text) = overlay.read(work) else { return false };
    let Ok(file) = gomod::parse_go_work(&text) else { return false };
    let is_listed = |path: &str| {
        let listed = cleaned(&dir.join(path));
        listed == root || listed.canonicalize().is_ok_and(|listed| listed == root)
    };
    !file.uses.iter().any(|one| is_listed(&one.path))
}

/// Whether a vendor folder is on the disk, and not in the commit.
fn is_vendor_left(repo: &Repo<'_>, subject: &Subject, home: &Path) -> bool {
    let vendor = home.join("vendor");
    let Ok(below) = vendor.strip_prefix(&repo.top) else { return false };
    let below = format!("{}/", below.display());
    subject.is_staged()
        && vendor.is_dir()
        && !subject.files.iter().any(|file| file.starts_with(&below))
}

/// The value of `GOTOOLCHAIN`, where Go would choose by a file that is not as it is staged.
fn toolchain(file: &Path, overlay: &Overlay, setting: &str) -> Option<String> {
    overlay.find(file)?;
    let chooses = setting.is_empty()
        || ["auto", "path"].iter().any(|word| {
            setting == *word || setting.strip_suffix(word).is_some_and(|rest| rest.ends_with('+'))
        });
    if !chooses {
        return None;
    }
    let text = overlay.read(file).ok()?;
    let (go, toolchain) = match file.ends_with("go.mod") {
        true => gomod::parse_go_mod(&text).ok().map(|file| (file.go, file.toolchain))?,
        false => gomod::parse_go_work(&text).ok().map(|file| (file.go, file.toolchain))?,
    };
    let (go, toolchain) = (go.map(|one| one.version), toolchain.map(|one| one.name));
    let local = go_env("GOVERSION")?;
    Some(chosen(&local, go.as_deref(), toolchain.as_deref()))
}

/// As `toolchain.Select` chooses (`cmd/go/internal/toolchain/select.go`): the local one unless a line asks for a newer.
fn chosen(local: &str, go: Option<&str>, toolchain: Option<&str>) -> String {
    let newer = |one: &str, than: &str| {
        let than = than.split([' ', '-']).next().unwrap_or(than);
        gomod::go_version::compare(one, than.trim_start_matches("go")).is_gt()
    };
    let named = toolchain.and_then(|name| name.strip_prefix("go")).filter(|one| newer(one, local));
    let go = go.filter(|one| newer(one, local));
    match (named, go) {
        (Some(named), go) if go.is_none_or(|go| !newer(go, named)) => format!("go{named}"),
        // The first release of 1.21 and later is called 1.N.0.
        (_, Some(go)) if go.matches('.').count() == 1 && !go.contains("rc") => format!("go{go}.0"),
        (_, Some(go)) => format!("go{go}"),
        _ => "local".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn a_newer_line_chooses_and_an_older_one_does_not() {
        assert_eq!(chosen("go1.26.8", Some("1.24"), None), "local");
        assert_eq!(chosen("go1.26.8", Some("1.24"), Some("go1.26.8")), "local");
        assert_eq!(chosen("go1.26.8", Some("1.27"), None), "go1.27.0");
        assert_eq!(chosen("go1.26.8", Some("1.27rc1"), None), "go1.27rc1");
        assert_eq!(chosen("go1.26.8", Some("1.27.1"), Some("go1.28.2")), "go1.28.2");
        assert_eq!(chosen("go1.26.8", Some("1.29.1"), Some("go1.28.2")), "go1.29.1");
        assert_eq!(chosen("go1.26.8 X:jsonv2", Some("1.26.8"), Some("default")), "local");
    }
}
