//! Database URLs: `scheme://user:password@host:port/name`.

use crate::ProbeError;
use goward_model::Text;

/// The parts of a database URL. Its password is in no message.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    /// `host:port`.
    pub(super) host: String,
    pub(super) name: Option<String>,
}

impl Address {
    /// Takes a URL of one of `schemes` apart; a bare `host:port` will do.
    pub(super) fn parse(
        url: &str,
        schemes: &[&str],
        default_port: u16,
    ) -> Result<Self, ProbeError> {
        let rest = match url.split_once("://") {
            Some((scheme, rest)) if schemes.contains(&scheme) => rest,
            Some((scheme, _)) => {
                return Err(unusable(format!(
                    "{scheme}:// is not one of {}://",
                    schemes.join("://, ")
                )));
            }
            None => url,
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, name) = rest.split_once('/').unwrap_or((rest, ""));
        let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        if host.is_empty() {
            return Err(unusable("the URL names no host".into()));
        }
        let has_port = host.rsplit_once(':').is_some_and(|(host, port)| {
            port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']'))
        });
        let some = |text: &str| (!text.is_empty()).then(|| decode(text));
        Ok(Self {
            user: some(user),
            password: some(password),
            host: if has_port { host.into() } else { format!("{host}:{default_port}") },
            name: some(name),
        })
    }
}

fn unusable(why: String) -> ProbeError {
    ProbeError::Unusable(Text::same(why))
}

/// Percent-decodes; what is no escape stays.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let escaped = match (first, rest) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                digit(high).zip(digit(low)).and_then(|(h, l)| u8::try_from(h * 16 + l).ok())
            }
            _ => None,
        };
        out.push(escaped.unwrap_or(*first));
        bytes = if escaped.is_some() { &rest[2..] } else { rest };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let parse = |url: &str| {
            let a = Address::parse(url, &["db"], 5432).ok()?;
            Some(
                [
                    a.user.unwrap_or_default(),
                    a.password.unwrap_or_default(),
                    a.host,
                    a.name.unwrap_or_default(),
                ]
                .join(" "),
            )
        };
        for (url, parts) in [
            ("db://bob:p%40ss@h:1/n", "bob p@ss h:1 n"),
            ("db://h", "  h:5432 "),
            ("db://u@[::1]/n?x=1", "u  [::1]:5432 n"),
            ("db://[::1]:7", "  [::1]:7 "),
            ("h:9", "  h:9 "),
            ("db://u:a@b@h/", "u a@b h:5432 "),
            ("db://u:%zz%4@h", "u %zz%4 h:5432 "),
        ] {
            assert_eq!(parse(url).as_deref(), Some(parts), "{url}");
        }
        assert_eq!(parse("http://h"), None);
        assert_eq!(parse("db://u@/n"), None);
    }
}
