//! Secrets in files that are staged: private keys, and tokens whose form only one issuer gives them.

use goward_model::{Finding, Location, Text};

/// Something that is secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Secret {
    line: u32,
    column: u32,
    pub(super) text: String,
    is_key: bool,
}

pub(super) fn found(content: &str) -> Vec<Secret> {
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

impl Secret {
    /// What it is.
    pub(super) fn kind(&self) -> Text {
        match self.is_key {
            true => Text::new("a private key is", "私钥"),
            false => Text::new("a token is", "令牌"),
        }
    }
}

fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

pub(super) fn finding(path: &str, secret: &Secret) -> Finding {
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
        let sendgrid = format!("SG.{}.{}", "aB".repeat(11), "c-D".repeat(14) + "e");
        assert_eq!(found(&format!("key={sendgrid}\n")).len(), 1);
        let text = format!("x\n  token: \"{token}\" # {token}x\nAKIAIOSFODNN7EXAMPLE ghp_short\n");
        let all = found(&text);
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!((all[0].line, all[0].column), (2, 11));
        assert_eq!(found("const marker = \"-----BEGIN PRIVATE KEY-----\"\n"), vec![]);
    }
}
