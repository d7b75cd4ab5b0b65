//! Programs that lose their main function, leave it on the disk, or are new and never had one: nothing is linked here, and
//! only the linker says so. A plugin needs none: one that had none before is nobody's mistake.

use super::reached::Reached;
use super::subject::Subject;
use gopackages::{Package, Tags};
use goward_git::{Change, ChangeKind, GitError, Repo};
use goward_model::{Finding, Findings, Location, Text};
use overlay::Entry;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    reached: &Reached,
    broken: &HashSet<PathBuf>,
    findings: &mut Findings,
) -> Result<(), GitError> {
    for (_, package) in reached.changed.tree.packages.iter() {
        let is_program =
            package.name == "main" && package.for_test.is_none() && !package.is_test_main;
        let is_broken = package.dir.as_ref().is_some_and(|dir| broken.contains(&**dir));
        if is_program && !is_broken && reached.compile.contains(&*package.import_path) {
            judge_one(repo, subject, &reached.changed.tags, package, findings)?;
        }
    }
    Ok(())
}

fn judge_one(
    repo: &Repo<'_>,
    subject: &Subject,
    tags: &Tags,
    package: &Package,
    findings: &mut Findings,
) -> Result<(), GitError> {
    let (Some(dir), files) = (package.dir.as_deref(), &package.files) else { return Ok(()) };
    let own: Vec<PathBuf> = files.go.iter().chain(&files.cgo).map(|name| dir.join(name)).collect();
    let declares = |file: &PathBuf| {
        subject.overlay.read(file).is_ok_and(|text| goheader::declares_func(&text, "main"))
    };
    let (Some(first), false) = (own.first(), own.iter().any(declares)) else { return Ok(()) };
    let short =
        |file: &Path| file.strip_prefix(&repo.top).unwrap_or(file).to_string_lossy().into_owned();
    let path = &package.import_path;
    let (mut file, mut help) = (short(first), None);
    if let Some(forgotten) = on_disk(subject, dir, tags) {
        help = Some(super::words::add(&[short(&forgotten)]));
    } else {
        let was_program = was_program(repo, subject, dir, tags)?;
        if !was_program {
            help = Some(Text::new(
                "write `func main()`, or add the file that has it (a plugin's may be empty)",
                "编写 `func main()`，或加入含有它的文件（插件的可以为空）",
            ));
        }
        for change in subject.changes.iter().filter(|change| change.kind != ChangeKind::Added) {
            let changed = repo.top.join(&change.path);
            let name = changed.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if changed.parent() == Some(dir)
                && repo
                    .show(&subject.before, &change.path)?
                    .is_some_and(|old| is_main(old.as_bytes(), name, tags))
            {
                file.clone_from(&change.path);
                help = Some(Text::new("keep `func main()`", "保留 `func main()`"));
            }
        }
    }
    if let Some(help) = help {
        let message = Text::new(
            format!("{path}: function main is undeclared in the main package"),
            format!("{path}：main 包未声明 main 函数"),
        );
        findings.report(Finding::at(Location::whole(file), "func main", message, help));
    }
    Ok(())
}

/// A file that has the function, and is on the disk only.
#[expect(clippy::disallowed_methods, reason = "what is not staged is read from the disk")]
fn on_disk(subject: &Subject, dir: &Path, tags: &Tags) -> Option<PathBuf> {
    let names = subject.overlay.names(dir).filter(|_| subject.is_staged())?;
    let differ = names.iter().filter(|(_, entry)| **entry != Entry::Folder).map(|(name, _)| name);
    differ.map(|name| (name, dir.join(name))).find_map(|(name, file)| {
        let is_file = file.metadata().is_ok_and(|found| found.is_file());
        let text = if is_file { std::fs::read(&file).ok()? } else { return None };
        is_main(&text, name, tags).then_some(file)
    })
}

/// Whether the folder had a program before the change, in a parent of the commit, or under another name.
fn was_program(
    repo: &Repo<'_>,
    subject: &Subject,
    dir: &Path,
    tags: &Tags,
) -> Result<bool, GitError> {
    let below = dir.strip_prefix(&repo.top).unwrap_or(Path::new("")).to_string_lossy();
    let folder = if below.is_empty() { "./".to_owned() } else { format!("{below}/") };
    for parent in [&subject.before].into_iter().chain(&subject.merged) {
        let args = ["ls-tree", "-z", "--name-only", "--full-tree", parent, "--", &folder];
        let printed = repo.ask(&args)?;
        for path in printed.split('\0') {
            if has_program(repo, parent, path, tags)? {
                return Ok(true);
            }
        }
    }
    // A file that only moved.
    let here = |change: &&Change| repo.top.join(&change.path).parent() == Some(dir);
    for new in subject.changes.iter().filter(here).filter(|new| new.kind == ChangeKind::Added) {
        let is_old = |old: &&Change| old.kind == ChangeKind::Deleted && old.old == new.new;
        if let Some(old) = subject.changes.iter().find(is_old)
            && has_program(repo, &subject.before, &old.path, tags)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_program(repo: &Repo<'_>, parent: &str, path: &str, tags: &Tags) -> Result<bool, GitError> {
    if !path.ends_with(".go") || path.ends_with("_test.go") {
        return Ok(false);
    }
    let old = repo.show(parent, path)?;
    Ok(old.is_some_and(|old| is_program(old.as_bytes(), tags)))
}

/// Whether this build takes the file as one of a program.
fn is_program(text: &[u8], tags: &Tags) -> bool {
    goheader::read_go(text, true).is_ok_and(|header| {
        header.package.is_some_and(|package| package.name == "main")
            && tags.builds(&header.constraint) == Ok(true)
    })
}

/// Whether this build takes the file, and it has the function.
fn is_main(text: &[u8], name: &str, tags: &Tags) -> bool {
    name.ends_with(".go")
        && !name.ends_with("_test.go")
        && !name.starts_with(['_', '.'])
        && tags.file_name_matches(name)
        && goheader::declares_func(text, "main")
        && is_program(text, tags)
}
