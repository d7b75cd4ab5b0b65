//! `GOSUMDB`: which database is asked, and where it is (`modfetch.dbDial`).

use crate::note::{self, Verifier};

/// The verifier key of sum.golang.org, as the go command has it built in (`modfetch.knownGOSUMDB`).
pub const SUM_GOLANG_ORG: &str =
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

/// What `GOSUMDB` asks for. (An empty variable counts as `sum.golang.org`; the go command sees to that before.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// `off`: no database.
    Off,
    /// A database.
    On(Database),
}

/// A checksum database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Its name and key.
    pub verifier: Verifier,
    /// The address that the setting gives: then the go command asks only there, whatever `GOPROXY` says.
    pub url: Option<String>,
}

/// Why a `GOSUMDB` is refused, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is nothing in it.
    #[error("missing GOSUMDB")]
    Missing,
    /// It has more than a key and an address.
    #[error("invalid GOSUMDB: too many fields")]
    TooManyFields,
    /// The key is malformed, and no known name.
    #[error("invalid GOSUMDB: {0}")]
    Key(note::Error),
    /// The name in the key is no host with an optional path.
    #[error("invalid sumdb name (must be host[/path]): {0}")]
    Name(String),
    /// The address cannot be one.
    #[error("invalid GOSUMDB URL: {0}")]
    Url(&'static str),
}

impl Setting {
    /// Reads the value: a key or a known name, and perhaps an address; or `off`.
    ///
    /// # Errors
    /// Why the go command refuses it. An address is only looked at for what can never be one.
    pub fn parse(value: &str) -> Result<Self, SettingError> {
        let value = match value {
            // The same database, as it is reached from mainland China.
            "sum.golang.google.cn" => "sum.golang.org https://sum.golang.google.cn",
            "off" => return Ok(Self::Off),
            other => other,
        };
        let mut fields = value.split_whitespace();
        let (key, url) = (fields.next().ok_or(SettingError::Missing)?, fields.next());
        if fields.next().is_some() {
            return Err(SettingError::TooManyFields);
        }
        let key = if key == "sum.golang.org" { SUM_GOLANG_ORG } else { key };
        let verifier = Verifier::new(key).map_err(SettingError::Key)?;
        if !is_host_path(verifier.name()) {
            return Err(SettingError::Name(verifier.name().to_owned()));
        }
        if let Some(url) = url {
            check_url(url)?;
        }
        Ok(Self::On(Database { verifier, url: url.map(str::to_owned) }))
    }
}

impl Database {
    /// The name, such as `sum.golang.org`.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// Where the database itself is, without a proxy: what the setting says, else its name.
    pub fn direct_url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("https://{}", self.name()))
    }

    /// The address within a module proxy. If [`join`]ed with `/supported` it answers with status 200, the go command
    /// asks the database only through this proxy.
    pub fn proxied_url(&self, proxy: &str) -> String {
        join(proxy, &format!("/sumdb/{}", self.name()))
    }
}

/// The address of a path that [`crate::Ops::read_remote`] gets, below [`Database::direct_url`] or
/// [`Database::proxied_url`].
pub fn join(base: &str, path: &str) -> String {
    let mut url = base.strip_suffix('/').unwrap_or(base).to_owned();
    url.push('/');
    for byte in path.strip_prefix('/').unwrap_or(path).bytes() {
        // Versions may hold `#`, `%`, spaces and more. `!` needs no escape, and servers expect none.
        if byte.is_ascii_alphanumeric() || b"-_.~!$&+,/:;=@".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// Whether `https://NAME` is an address of nothing but a host and a path that needs no escapes, for Go's `net/url`.
///
/// Go takes `host/../x`, too; but the name is also that of a directory in the cache, so `.` and `..` are refused here.
fn is_host_path(name: &str) -> bool {
    let (host, path) = name.split_once('/').unwrap_or((name, ""));
    let (bare, port) = host.split_once(':').unwrap_or((host, ""));
    let host_byte = |b: u8| b.is_ascii_alphanumeric() || b"-_.~!$&'()*,;=".contains(&b);
    let path_byte = |b: u8| b.is_ascii_alphanumeric() || b"-_.~$&,/:;=@".contains(&b);
    !host.is_empty()
        && !name.split('/').any(|element| matches!(element, "" | "." | ".."))
        && bare.bytes().all(host_byte)
        && port.bytes().all(|b| b.is_ascii_digit())
        && path.bytes().all(path_byte)
}

fn check_url(url: &str) -> Result<(), SettingError> {
    if url.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return Err(SettingError::Url("net/url: invalid control character in URL"));
    }
    if url.starts_with(':') {
        return Err(SettingError::Url("missing protocol scheme"));
    }
    Ok(())
}
