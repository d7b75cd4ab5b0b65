//! Secrets in files that are staged: private keys, and tokens whose form only one issuer gives them.

use super::subject::Subject;
use super::targets::Target;
use goward_git::Repo;
use goward_model::{Finding, Findings, Gate, Location, Outcome, SlaTier, Text, Verdict};
use goward_system::Excludes;

/// A larger file is data, and the hook has little time.
const LIMIT: u64 = 64 << 20;

/// Nobody reads more of one file; each is looked for in what HEAD has.
const MOST: usize = 100;

/// Looks at the files of a target. What HEAD has already is not this commit's.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    target: &Target,
) -> anyhow::Result<(Outcome, Gate)> {
    let allowed = Excludes::new(&target.policy.file.hook.allow)?;
    let mut findings = Findings::default();
    for path in target.files.iter().filter(|path| !allowed.matches(path)) {
        let content = match read(subject, target, path) {
            Content::Text(content) => content,
            Content::None => continue,
            Content::Large(bytes) => {
                let (full, size) = (format!("{}{path}", target.prefix), bytes >> 20);
                findings.unknown(Text::new(
                    format!("{full} has {size} MiB: nobody looked for secrets in it"),
                    format!("{full} 有 {size} MiB：未在其中查找密钥"),
                ));
                continue;
            }
        };
        let found = found(&content);
        if found.is_empty() {
            continue;
        }
        let full = format!("{}{path}", target.prefix);
        let before = repo.show(&subject.before, &full)?.unwrap_or_default();
        let new = found.iter().take(MOST).filter(|secret| !before.contains(&secret.text));
        for secret in new {
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

/// What is in a file.
enum Content {
    Text(String),
    /// More than anybody reads: so many bytes.
    Large(u64),
    /// No file.
    None,
}

#[expect(clippy::disallowed_methods, reason = "a stand-in is read where it is")]
fn read(subject: &Subject, target: &Target, path: &str) -> Content {
    let file = target.root.join(path);
    let Ok(file) = subject.overlay.actual(&file) else { return Content::None };
    let Ok(found) = std::fs::metadata(&file) else { return Content::None };
    match found.len() {
        _ if !found.is_file() => Content::None,
        bytes if bytes > LIMIT => Content::Large(bytes),
        _ => std::fs::read(&file).map_or(Content::None, |bytes| Content::Text(text(bytes))),
    }
}

/// The text of a file: Windows writes two bytes a character, too.
fn text(bytes: Vec<u8>) -> String {
    let little = bytes.starts_with(&[0xff, 0xfe]);
    if !little && !bytes.starts_with(&[0xfe, 0xff]) {
        return String::from_utf8(bytes)
            .unwrap_or_else(|err| String::from_utf8_lossy(err.as_bytes()).into_owned());
    }
    let units = bytes.as_chunks::<2>().0.iter();
    let units =
        units.map(|two| if little { u16::from_le_bytes(*two) } else { u16::from_be_bytes(*two) });
    char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
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
    let keys = buildcontext::private_keys(content.as_bytes()).into_iter();
    let mut all: Vec<Secret> = keys
        .map(|key| Secret {
            line: place(key.line - 1),
            column: u32::try_from(key.column).unwrap_or(u32::MAX),
            // The label is everybody's; the key itself is not.
            text: String::from_utf8_lossy(key.body).into_owned(),
            is_key: true,
        })
        .collect();
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
