//! Secrets in files that are staged: private keys, and tokens whose form only one issuer gives them.

use super::subject::Subject;
use super::targets::Target;
use goward_git::Repo;
use goward_model::{Finding, Findings, Gate, Location, Outcome, SlaTier, Text, Verdict};
use goward_system::Excludes;

/// A larger file is data.
const LIMIT: u64 = 8 << 20;

/// Looks at the files of a target. What HEAD has already is not this commit's.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    target: &Target,
) -> anyhow::Result<(Outcome, Gate)> {
    let allowed = Excludes::new(&target.policy.file.hook.allow)?;
    let mut findings = Findings::default();
    for path in target.files.iter().filter(|path| !allowed.matches(path)) {
        let Some(content) = read(subject, target, path) else { continue };
        let found = found(&content);
        if found.is_empty() {
            continue;
        }
        let full = format!("{}{path}", target.prefix);
        let before = repo.show(&subject.before, &full)?.unwrap_or_default();
        for secret in found.iter().filter(|secret| !before.contains(&secret.text)) {
            findings.report(finding(&full, secret));
        }
    }
    let (verdict, unknown) = Verdict::of("secret-staged", findings);
    let gate = if matches!(verdict, Verdict::Fail(_)) { Gate::Closed } else { Gate::Open };
    Ok((
        outcome(
            "secret-staged",
            Text::new("no secret is committed", "没有提交任何密钥"),
            verdict,
            unknown,
        ),
        gate,
    ))
}

/// An outcome of a check that only the hook knows.
pub(super) fn outcome(id: &str, title: Text, verdict: Verdict, unknown: Option<Text>) -> Outcome {
    Outcome {
        check: id.to_owned(),
        group: "hook".to_owned(),
        title,
        tier: SlaTier::P1,
        verdict,
        unknown,
        note: None,
        latency_ms: 0.0,
        timeout_ms: 0,
        critical_threshold: None,
        measured: None,
        blocked_by: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "a stand-in is read where it is")]
fn read(subject: &Subject, target: &Target, path: &str) -> Option<String> {
    let file = target.root.join(path);
    let file = subject.overlay.actual(&file).ok()?;
    let found = std::fs::metadata(&file).ok()?;
    if !found.is_file() || found.len() > LIMIT {
        return None;
    }
    Some(String::from_utf8_lossy(&std::fs::read(&file).ok()?).into_owned())
}

/// Something that is secret.
#[derive(Debug, PartialEq, Eq)]
struct Secret {
    line: u32,
    column: u32,
    text: String,
    is_key: bool,
}

fn found(content: &str) -> Vec<Secret> {
    let mut all = vec![];
    if buildcontext::holds_private_key(content.as_bytes()) {
        for (index, line) in content.lines().enumerate() {
            if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY") {
                // The line itself is everybody's; the key's first line is not.
                let body = content.lines().nth(index + 1).unwrap_or_default().trim().to_owned();
                all.push(Secret { line: place(index), column: 1, text: body, is_key: true });
            }
        }
    }
    for (index, line) in content.lines().enumerate() {
        let mut column = 1_usize;
        for part in line
            .split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
        {
            let token = part
                .trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
            if token.len() >= 20
                && buildcontext::is_issued_token(token)
                && !token.ends_with("EXAMPLE")
            {
                let column = u32::try_from(column).unwrap_or(u32::MAX);
                all.push(Secret {
                    line: place(index),
                    column,
                    text: token.to_owned(),
                    is_key: false,
                });
            }
            column += part.chars().count();
        }
    }
    all
}

fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

fn finding(path: &str, secret: &Secret) -> Finding {
    let start = secret.text.chars().take(4).collect::<String>();
    let message = match secret.is_key {
        true => Text::new("a private key is about to be committed", "即将提交一个私钥"),
        false => Text::new(
            format!("a token ({start}…) is about to be committed"),
            format!("即将提交一个令牌（{start}…）"),
        ),
    };
    let help = Text::new(
        "take it out of the file and `git add` it again; a secret that was pushed before must be revoked",
        "从文件中移除后重新 `git add`；若曾推送过，必须吊销该密钥",
    );
    let length = if secret.is_key { 1 } else { u32::try_from(secret.text.len()).unwrap_or(1) };
    let end = (secret.line, secret.column.saturating_add(length));
    Finding::at(Location::span(path, (secret.line, secret.column), end), "secret", message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_keys_are_found_with_their_places() {
        let token = format!("ghp_{}", "a1".repeat(18));
        let text = format!("x\n  token: \"{token}\" # {token}x\nAKIAIOSFODNN7EXAMPLE ghp_short\n");
        let all = found(&text);
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!((all[0].line, all[0].column), (2, 11));
        assert_eq!(found("const marker = \"-----BEGIN PRIVATE KEY-----\"\n"), vec![]);
    }
}
