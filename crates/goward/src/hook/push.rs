//! `goward hook run --push`: what git tells a pre-push hook.

use super::hooked::Hooked;
use super::outcome;
use super::run::Run;
use super::subject::{Range, Subject};
use crate::policy::Asked;
use anyhow::Context as _;
use goward_git::{Ignored, Published, Scratch};
use goward_model::{Gate, Outcome, Text};
use goward_system::System as _;
use std::io::Read as _;

/// Four words for each reference.
const MAX_INPUT: u64 = 16 << 20;

/// Of a line that is none no more is shown.
const SHOWN: usize = 80;

/// Whether it is the name of an object, as git writes it (SHA-1 or SHA-256); zeros where there is none.
fn is_object(word: &str) -> bool {
    matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The commits that are pushed, each against what the other side has of it.
pub(super) fn judge(run: &Run<'_>, remote: Option<&str>) -> anyhow::Result<Hooked> {
    let mut input = String::new();
    let said = "standard input: where git names the commits that are pushed";
    std::io::stdin().take(MAX_INPUT).read_to_string(&mut input).context(said)?;
    let mut all = Hooked::new();
    if input.trim().is_empty() {
        input = told_by_pre_commit(run)?.unwrap_or_default();
    }
    let remote = remote.map(str::to_owned).or_else(|| env(run, "PRE_COMMIT_REMOTE_NAME"));
    let remote = remote.as_deref();
    let published = run.repo.published(remote)?;
    for line in input.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (local, there) = match words.as_slice() {
            [_, local, _, there] if is_object(local) && is_object(there) => (local, there),
            _ => {
                let line: String = line.chars().take(SHOWN).collect();
                anyhow::bail!("standard input: {line:?} is not what git tells a pre-push hook");
            }
        };
        // A reference that is deleted.
        if local.bytes().all(|byte| byte == b'0') {
            continue;
        }
        // A tag may name a file or a folder: there is nothing to build.
        let Some(local) = run.repo.commit_of(local)? else { continue };
        let scratch = Scratch::new()?;
        let base = run.repo.known_base(&local, there, &published)?;
        let commit = run.repo.at_commit(&local, scratch.path())?;
        let mut subject = Subject::staged(&commit, Ignored::Keep, Some(&base))?;
        let (tip, known) = (local.clone(), base.clone());
        subject.range = Some(Range { base, local, published: published.clone() });
        let pushed = Run {
            repo: &commit,
            system: run.system,
            settings: run.settings.clone(),
            asked: Asked { file: run.asked.file, set: run.asked.set, flags: vec![] },
            deadline: run.deadline,
            covered: None,
        };
        let one = pushed.judge(subject)?;
        all.gate = all.gate.max(one.gate);
        all.outcomes.extend(one.outcomes);
        all.beside.extend(one.beside);
        all.left.extend(one.left);
        all.compiled += one.compiled;
        if all.gate == Gate::Closed {
            let others = run.repo.known_base(&tip, there, &Published::AnyRemote)?;
            all.outcomes.extend(remote.filter(|_| others != known).map(known_elsewhere));
            break;
        }
    }
    if let (Some(remote), Published::AnyRemote, true) =
        (remote, &published, run.repo.knows_a_remote()?)
    {
        all.outcomes.push(unknown_remote(remote));
    }
    Ok(all)
}

/// The same line from what pre-commit and prek tell their hooks, whose standard input is empty: the commit that is pushed,
/// and the one that the other side has (<https://pre-commit.com/#pre-push>).
fn told_by_pre_commit(run: &Run<'_>) -> anyhow::Result<Option<String>> {
    if env(run, "PRE_COMMIT").is_none() {
        return Ok(None);
    }
    let local = env(run, "PRE_COMMIT_TO_REF").or_else(|| env(run, "PRE_COMMIT_LOCAL_BRANCH"));
    let commit = |name: &str| run.repo.commit_of(name);
    let local = match commit(local.as_deref().unwrap_or("HEAD"))? {
        Some(local) => local,
        None => anyhow::bail!(
            "pre-commit pushes {}, which git does not know",
            local.unwrap_or_default()
        ),
    };
    // Of a branch that is new there, none.
    let remote = env(run, "PRE_COMMIT_FROM_REF").map(|name| commit(&name)).transpose()?.flatten();
    let remote = remote.unwrap_or_else(|| "0".repeat(local.len()));
    Ok(Some(format!("HEAD {local} HEAD {remote}")))
}

fn env(run: &Run<'_>, name: &str) -> Option<String> {
    run.system.env(name).filter(|value| !value.is_empty())
}

/// Another remote has some of the commits already: whether this one may have them, too, nobody here can say.
fn known_elsewhere(remote: &str) -> Outcome {
    let why = Text::new(
        format!(
            "another remote has some of these commits, {remote} has not: they are judged, too (`git push {remote}` of the branch that they come from, or `hook.allow` in goward.toml for files that may hold such)"
        ),
        format!(
            "其他远端已有其中一些提交，而 {remote} 没有：它们也会被评判（先将来源分支 `git push {remote}`，或在 goward.toml 中用 `hook.allow` 放行相应文件）"
        ),
    );
    let title = Text::new("what other remotes have is told", "说明其他远端已有的内容");
    outcome::skipped("push-elsewhere", title, why)
}

/// The first push to a remote, or one to a URL: secrets that another remote has are not looked for.
fn unknown_remote(remote: &str) -> Outcome {
    let why = Text::new(
        format!(
            "nothing is known here of what {remote} has: secrets that another remote has already were not looked for"
        ),
        format!("此处不知道 {remote} 已有什么：未查找其他远端已有的密钥"),
    );
    let title = Text::new("what the remote has is known", "已知远端有什么");
    outcome::skipped("push-remote", title, why)
}
