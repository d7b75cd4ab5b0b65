//! Whether a variable holds a secret, judged by its name and by the form of its value.

/// What gives a secret away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretSign {
    /// The variable's name.
    Name,
    /// The form of its value.
    Value,
}

impl SecretSign {
    /// What gives this variable away; `literal` if its value contains no other variable.
    pub(crate) fn of(name: &str, value: &str, literal: bool) -> Option<Self> {
        if looks_like_secret(value) {
            Some(Self::Value)
        } else {
            (literal && names_secret(name) && may_be_secret(value)).then_some(Self::Name)
        }
    }
}

/// Whether a variable of this name holds a secret, and not where one is or how long it lasts.
fn names_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let parts: Vec<&str> = upper.split(['_', '-', '.']).collect();
    let about = [
        "FILE", "PATH", "DIR", "URL", "URI", "HOST", "NAME", "TTL", "LENGTH", "HEADER", "TYPE",
        "VERSION", "EXPIRY", "ENABLED", "REF", "ID",
    ];
    if parts.last().is_some_and(|last| about.contains(last)) || parts.contains(&"PUBLIC") {
        return false;
    }
    let joined = upper.replace(['_', '-', '.'], "");
    let words = [
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "APIKEY",
        "ACCESSKEY",
        "PRIVATEKEY",
        "SECRETKEY",
        "ENCRYPTIONKEY",
        "SIGNINGKEY",
    ];
    words.iter().any(|word| joined.contains(word))
        || parts.iter().any(|part| matches!(*part, "SECRET" | "SECRETS" | "CREDENTIAL" | "CREDENTIALS" | "PWD" if joined != "PWD"))
        || parts.contains(&"TOKEN")
}

/// Whether a value is more than a switch, a number or a path.
fn may_be_secret(value: &str) -> bool {
    let switch = ["true", "false", "yes", "no", "on", "off", "null", "none", "nil"];
    let value = value.trim();
    let is_path = ["/", "./", "~/"].iter().any(|start| value.starts_with(start));
    let is_placeholder = value.starts_with('<') && value.ends_with('>');
    let is_switch = switch.contains(&value.to_ascii_lowercase().as_str());
    !(value.is_empty() || is_switch || is_path || is_placeholder)
}

/// Whether a value is a token of the form that only one issuer gives: of AWS, GitHub, GitLab, Slack, Stripe and others.
pub fn is_issued_token(value: &str) -> bool {
    let tail_of = |rest: &str| {
        rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let tail = |prefix: &str, least: usize| {
        value.strip_prefix(prefix).is_some_and(|rest| rest.len() >= least && tail_of(rest))
    };
    let prefixes = [
        ("AKIA", 16),
        ("ASIA", 16),
        ("ghp_", 36),
        ("gho_", 36),
        ("ghs_", 36),
        ("ghu_", 36),
        ("github_pat_", 40),
        ("glpat-", 20),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("sk_live_", 20),
        ("rk_live_", 20),
        ("AIza", 35),
        ("npm_", 36),
        ("dop_v1_", 60),
        ("hvs.", 20),
        ("pypi-", 50),
        ("SG.", 40),
        ("LTAI", 20),
        ("AKID", 32),
        ("ghr_", 36),
        ("glptt-", 40),
        ("glrt-", 20),
        ("xapp-", 20),
        ("shpat_", 32),
        ("sk-ant-", 40),
        ("sk-proj-", 40),
        ("dckr_pat_", 20),
    ];
    // `SG.id.key`.
    let mut parts = value.split('.');
    let is_sendgrid = parts.next() == Some("SG")
        && parts.next().is_some_and(|id| id.len() == 22)
        && parts.next().is_some_and(|key| key.len() == 43 && tail_of(key));
    is_sendgrid || prefixes.iter().any(|(prefix, least)| tail(prefix, *least))
}

/// Whether a value has the form of a well-known kind of secret.
fn looks_like_secret(value: &str) -> bool {
    let value = value.trim();
    let is_token = |part: &str| {
        part.len() >= 8
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let jwt =
        value.starts_with("eyJ") && value.split('.').count() == 3 && value.split('.').all(is_token);
    let key = value.contains("-----BEGIN ") && value.contains("PRIVATE KEY");
    is_issued_token(value) || jwt || key || has_password(value)
}

/// `scheme://user:password@host`
fn has_password(value: &str) -> bool {
    value.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split('/').next().unwrap_or_default();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        user.split_once(':').is_some_and(|(_, password)| {
            !password.is_empty() && !password.contains('$') && !password.starts_with('<')
        })
    })
}
