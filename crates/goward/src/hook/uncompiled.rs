//! Staged Go files that no compiler looks at, and why: nothing is called good in silence that nobody compiled.

use super::reached::Reached;
use super::subject::Subject;
use super::{outcome, targets};
use crate::graph::builds;
use gopackages::Tags;
use goward_git::{GitError, Repo};
use goward_model::{Outcome, Text};
use std::collections::BTreeMap;

/// More names than that help nobody.
const SHOWN: usize = 3;

/// The outcome, where there are such files.
pub(super) fn outcome_of(
    repo: &Repo<'_>,
    subject: &Subject,
    reached: &[Reached],
) -> Result<Option<Outcome>, GitError> {
    // Where nothing was loaded nobody knows them.
    let tags = reached.first().map(|one| &one.changed.tags);
    let (mut nowhere, mut above, mut others, mut passed) = (vec![], vec![], vec![], vec![]);
    let (mut parts, mut roots) = (vec![], BTreeMap::new());
    for path in subject.paths() {
        let file = repo.top.join(&path);
        if !is_go(&path) || !subject.overlay.is_file(&file) {
            continue;
        }
        let dir = file.parent().unwrap_or(&repo.top);
        if targets::is_passed_over(repo, subject, dir) {
            // Fixtures of tests are broken on purpose, more often than not.
            if !path.split('/').any(|part| part == "testdata") {
                passed.push(path);
            }
            continue;
        }
        if !targets::in_module(repo, subject, &path) {
            let is_above = repo.top.ancestors().skip(1).any(|dir| dir.join("go.mod").is_file());
            if is_above { above.push(path) } else { nowhere.push(path) }
        } else if let Some(tags) = tags {
            let text = subject.overlay.read(&file).unwrap_or_default();
            if !builds(&path, &text, tags) {
                others.push(path);
                continue;
            }
            let root = targets::root_of(repo, subject, &path);
            if !roots.contains_key(&root) {
                roots.insert(root.clone(), targets::is_part(repo, subject, &root)?);
            }
            // Its packages are compiled with who imports them; its tests are nobody's.
            let is_compiled =
                || !path.ends_with("_test.go") && reached.iter().any(|one| one.has_folder(dir));
            if roots.get(&root) == Some(&true) && !is_compiled() {
                parts.push(path);
            }
        }
    }
    let title = Text::new("every Go file is compiled", "每个 Go 文件都经过编译");
    let platform = tags.map(build).unwrap_or_default();
    if !above.is_empty() {
        let names = named(&above);
        let why = Text::new(
            format!(
                "{names}: of a module above this repository, where only its own hook can judge it"
            ),
            format!("{names}：属于本仓库之上的模块，只有那里的钩子才能评判"),
        );
        return Ok(Some(outcome::unknown("not-compiled", title, why)));
    }
    let each = [
        (nowhere, "in no module", "不属于任何模块".to_owned()),
        (
            parts,
            "of a module without sums of its own, of which only what others import is built",
            "属于自身没有 go.sum 的模块，仅构建被他人导入的部分".to_owned(),
        ),
        (passed, "below a folder that Go passes over", "位于 Go 跳过的目录之下".to_owned()),
        (
            others,
            &*format!("not of this build ({platform})"),
            format!("不属于此构建（{platform}）"),
        ),
    ];
    let each = each.iter().filter(|(paths, ..)| !paths.is_empty()).map(|(paths, en, zh)| {
        let names = named(paths);
        (format!("{names}: {en}, not compiled"), format!("{names}：{zh}，未编译"))
    });
    let (en, zh): (Vec<String>, Vec<String>) = each.unzip();
    let why = Text::new(en.join("; "), zh.join("；"));
    Ok((!en.is_empty()).then(|| outcome::skipped("not-compiled", title, why)))
}

/// What decides about files: `linux/amd64, go1.26`.
fn build(tags: &Tags) -> String {
    let minor = |tag: &String| tag.strip_prefix("go1.")?.parse::<u32>().ok();
    let latest = tags.release_tags.iter().filter_map(minor).max().unwrap_or_default();
    format!("{}/{}, go1.{latest}", tags.goos, tags.goarch)
}

/// Whether it is a Go file that Go would look at by its name (`go help packages`); what is vendored is another's.
fn is_go(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".go")
        && !name.starts_with(['_', '.'])
        && !path.split('/').any(|part| part == "vendor")
}

fn named(paths: &[String]) -> String {
    let shown = paths.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if paths.len() > SHOWN { format!("{shown} … ({})", paths.len()) } else { shown }
}
