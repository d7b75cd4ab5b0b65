//! Repositories within this one: what of them is otherwise than a checkout would have it. It blocks nobody by itself.

use super::hooked::Hooked;
use super::outcome;
use super::subject::Subject;
use goward_git::{GitError, Repo};
use goward_model::{Finding, Findings, Gate, Location, Outcome, Text};

/// Submodules whose name the change takes out of `.gitmodules`: no clone can check them out any more.
pub(super) fn lost_names(repo: &Repo<'_>, subject: &Subject) -> Result<Option<Outcome>, GitError> {
    const FILE: &str = ".gitmodules";
    if !subject.changes.iter().any(|change| change.path == FILE) {
        return Ok(None);
    }
    // What is judged in CI is checked out: the index is HEAD.
    let (old, new) = (repo.named_submodules(&subject.before)?, repo.named_submodules("")?);
    let mut findings = Findings::default();
    for path in &subject.gitlinks {
        if old.contains(path) && !new.contains(path) {
            let message = Text::new(
                format!(
                    "the submodule {path} loses its name: it is an empty folder in every clone"
                ),
                format!("子模块 {path} 失去其名称：在每个克隆中都是空目录"),
            );
            let help = Text::new(
                format!("git checkout HEAD -- {FILE}, or git rm --cached {path}"),
                format!("git checkout HEAD -- {FILE}，或 git rm --cached {path}"),
            );
            findings.report(Finding::at(Location::whole(FILE), path.clone(), message, help));
        }
    }
    let title = Text::new("every submodule can be checked out", "每个子模块都可检出");
    let outcome = outcome::of("submodule-named", title, findings);
    Ok((outcome.verdict.gate() == Gate::Closed).then_some(outcome))
}

/// Says what was taken otherwise than it lies there, and what could not be.
pub(super) fn judge(subject: &Subject, hooked: &mut Hooked) {
    if !subject.unnamed.is_empty() {
        let names = subject.unnamed.join(", ");
        let why = Text::new(
            format!(
                "{names}: a repository of its own that .gitmodules does not name, an empty folder in every clone: `git rm --cached` it, remove its .git and add it again, or use `git submodule add`"
            ),
            format!(
                "{names}：是独立的仓库，而 .gitmodules 未列出它，克隆后为空目录：请 `git rm --cached`，删除其 .git 后重新添加，或使用 `git submodule add`"
            ),
        );
        let title = Text::new("every submodule can be checked out", "每个子模块都可检出");
        hooked.outcomes.push(outcome::skipped("submodule-unnamed", title, why));
    }
    if !subject.staged_submodules.is_empty() && hooked.gate != Gate::Open {
        let names = subject.staged_submodules.join(", ");
        let why = Text::new(
            format!(
                "{names}: judged at the commit that is staged; the worktree has something else (`git add` takes its commit)"
            ),
            format!("{names}：按暂存的提交评判；工作区与之不同（`git add` 会采用其提交）"),
        );
        let title = Text::new("submodules are as they are staged", "子模块与暂存的一致");
        hooked.outcomes.push(outcome::skipped("submodule-staged", title, why));
    }
    if subject.moved_submodules.is_empty() {
        return;
    }
    let names = subject.moved_submodules.join(", ");
    let why = Text::new(
        format!(
            "{names}: the commit that is staged is not on this machine; the files were taken as they are"
        ),
        format!("{names}：暂存的提交不在本机；其文件按现状采用"),
    );
    let title = Text::new("submodules are as they are staged", "子模块与暂存的一致");
    hooked.outcomes.push(outcome::skipped("submodule-moved", title, why));
}
