//! What the go command is told where it would look at the disk and the commit has it otherwise. Go chooses its toolchain
//! by the go.mod of the disk before it hears of any overlay (<https://go.dev/doc/toolchain>), takes a vendor folder of
//! the disk, and refuses a module that its go.work does not list.

use super::subject::Subject;
use super::targets::Target;
use crate::graph::go_env;
use crate::graph::toolchain::{chosen, workspace};
use goward_git::{GitError, Repo};
use overlay::{Overlay, cleaned};
use std::path::Path;

/// Variables of the environment, by name.
pub(super) type Variables = Vec<(&'static str, String)>;

/// What is to be set for a module or workspace at `root`.
pub(super) fn of(repo: &Repo<'_>, subject: &Subject, root: &Path) -> Variables {
    let overlay = &subject.overlay;
    let work = workspace(&go_env("GOWORK").unwrap_or_default(), root, overlay);
    // One that the commit has not is nobody's but the developer's.
    let is_hidden = |work: &Path| work.starts_with(&repo.top) && !overlay.is_file(work);
    let is_outside =
        work.as_deref().is_some_and(|work| is_hidden(work) || is_outside(work, root, overlay));
    let work = work.filter(|_| !is_outside);
    let mut all = vec![];
    if is_outside {
        all.push(("GOWORK", "off".to_owned()));
    }
    let home = work.as_deref().and_then(Path::parent).unwrap_or(root);
    let flags = go_env("GOFLAGS").unwrap_or_default();
    let is_set = |name: &str| flags.split_whitespace().any(|flag| value_of(flag, name).is_some());
    let foreign = |flag: &&str| {
        let file = value_of(flag, "modfile").map(|file| cleaned(&root.join(file)));
        file.is_some_and(|file| subject.is_foreign(&repo.top, &file))
    };
    if flags.split_whitespace().any(|flag| foreign(&flag)) {
        let kept = flags.split_whitespace().filter(|flag| !foreign(flag));
        // Nothing in the environment would let the user's env file speak.
        let mode = if is_set("mod") { "" } else { "-mod=readonly" };
        let kept: Vec<&str> = kept.chain([mode]).filter(|flag| !flag.is_empty()).collect();
        all.push(("GOFLAGS", kept.join(" ")));
    } else if lacks_vendor(repo, subject, home) && !is_set("mod") {
        all.push(("GOFLAGS", format!("{flags} -mod=readonly").trim().to_owned()));
    }
    let file = work.unwrap_or_else(|| root.join("go.mod"));
    all.extend(toolchain(&file, overlay).map(|name| ("GOTOOLCHAIN", name)));
    all
}

/// The value of a flag, where it has that name.
fn value_of<'f>(flag: &'f str, name: &str) -> Option<&'f str> {
    flag.trim_start_matches('-').strip_prefix(name)?.strip_prefix('=')
}

/// Whether Go itself adds the sums that are missing: in a workspace it does, to go.work.sum, which many do not commit, and
/// those who bump one module do not complete (`modload.mustHaveSums`).
pub(super) fn completes_sums(subject: &Subject, target: &Target) -> bool {
    let is_off = target.variables.iter().any(|(name, value)| *name == "GOWORK" && value == "off");
    let setting = go_env("GOWORK").unwrap_or_default();
    !is_off && workspace(&setting, &target.root, &subject.overlay).is_some()
}

/// Whether nobody asks for sums: all is vendored, and go.sum is in neither commit.
pub(super) fn needs_no_sums(
    repo: &Repo<'_>,
    subject: &Subject,
    target: &Target,
) -> Result<bool, GitError> {
    let is_there = |name: &str| subject.overlay.is_file(&target.root.join(name));
    let before = || repo.show(&subject.before, &format!("{}go.sum", target.prefix));
    Ok(is_there("vendor/modules.txt") && !is_there("go.sum") && before()?.is_none())
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

/// Whether a vendor folder is on the disk, or goes with the commit, and is not in it: of a file that an overlay deletes Go
/// takes the folder for one that is there.
fn lacks_vendor(repo: &Repo<'_>, subject: &Subject, home: &Path) -> bool {
    let vendor = home.join("vendor");
    let Ok(below) = vendor.strip_prefix(&repo.top) else { return false };
    let below = format!("{}/", below.display());
    subject.is_staged()
        && (vendor.is_dir() || subject.overlay.names(&vendor).is_some())
        && !subject.files.iter().any(|file| file.starts_with(&below))
}

/// The value of `GOTOOLCHAIN`, where Go would choose by a file that is not as it is staged.
fn toolchain(file: &Path, overlay: &Overlay) -> Option<String> {
    overlay.find(file)?;
    let (setting, local) = (go_env("GOTOOLCHAIN")?, go_env("GOVERSION")?);
    // A setting that is none Go is to refuse.
    let name = chosen(&setting, &local, Some(file), overlay).ok()?;
    Some(name.unwrap_or_else(|| "local".to_owned()))
}
