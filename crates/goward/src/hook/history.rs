//! Secrets in the commits between: what one commit adds and the next takes away is pushed all the same.

use super::files::outcome;
use super::{secrets, subject::Range};
use goward_git::Repo;
use goward_model::{Finding, Findings, Gate, Location, Outcome, Text, Verdict};
use goward_system::Excludes;
use std::collections::{BTreeMap, HashMap};

/// A larger file is data.
const LARGEST: u64 = 1 << 20;
/// Commits that are looked at: a branch has fewer, and a first push of a whole history is none.
const COMMITS: usize = 1000;
/// Files of them.
const MOST: usize = 20_000;

/// The outcome, and what it means for the gate.
pub(super) fn judge(
    repo: &Repo<'_>,
    range: &Range,
    allowed: &Excludes,
) -> anyhow::Result<(Outcome, Gate)> {
    let mut findings = Findings::default();
    let (mut written, is_more) = repo.written_since(&range.base, &range.local, COMMITS)?;
    written.retain(|(_, path, _)| !allowed.matches(path));
    if is_more || written.len() > MOST {
        findings.note(Text::new(
            format!("the last {COMMITS} commits were looked at, and {MOST} files of them at most"),
            format!("仅检查了最后 {COMMITS} 个提交，其中至多 {MOST} 个文件"),
        ));
        written.truncate(MOST);
    }
    let mut places: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (commit, path, object) in &written {
        places.entry(object).or_insert((commit, path));
    }
    let objects: Vec<&str> = places.keys().copied().collect();
    let mut others: HashMap<String, String> = HashMap::new();
    for (object, content) in repo.contents(&objects, LARGEST)? {
        let Some((commit, path)) = places.get(object.as_str()) else { continue };
        let found = secrets::found(&String::from_utf8_lossy(&content));
        if found.is_empty() {
            continue;
        }
        // What was there before is not new; what is there at the end is told of the file itself.
        if !others.contains_key(*path) {
            let mut text = repo.show(&range.base, path)?.unwrap_or_default();
            text += &repo.show(&range.local, path)?.unwrap_or_default();
            others.insert((*path).to_owned(), text);
        }
        let known = others.get(*path).map_or("", String::as_str);
        for secret in found.iter().filter(|secret| !known.contains(&secret.text)) {
            let said = secrets::finding(path, secret);
            let message = Text::new(
                format!(
                    "{} in commit {commit}, and stays in the history that is pushed",
                    secret.kind().en
                ),
                format!("提交 {commit} 中有{}，并会留在推送的历史中", secret.kind().zh),
            );
            let help = Text::new(
                "take it out of that commit (`git rebase -i`), not only of the last; if it was pushed before, revoke it",
                "从该提交中移除（`git rebase -i`），而非仅从最后一个提交；若曾推送过，必须吊销",
            );
            let location = Location::clone(&said.location);
            findings.report(Finding::at(location, format!("{commit} {path}"), message, help));
        }
    }
    let title = Text::new("no commit between holds a secret", "中间的提交没有密钥");
    let (verdict, unknown) = Verdict::of("secret-history", findings);
    let gate = if matches!(verdict, Verdict::Fail(_)) { Gate::Closed } else { Gate::Open };
    Ok((outcome("secret-history", title, verdict, unknown), gate))
}
