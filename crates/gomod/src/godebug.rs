//! `godebug` settings that the go command takes (`modload.CheckGodebug`).

use crate::go_version;
use crate::text::quote;

/// The Go release whose settings are known here.
const KNOWN: &str = "1.26";

/// Sorted. A test holds it against the installed Go.
#[rustfmt::skip] // one a line would be longer than the rest of the file
const SETTINGS: [&str; 56] = [
    "allowmultiplevcs", "asynctimerchan", "containermaxprocs", "cryptocustomrand",
    "dataindependenttiming", "decoratemappings", "embedfollowsymlinks", "execerrdot", "fips140",
    "fips140ems", "gocachehash", "gocachetest", "gocacheverify", "gotestjsonbuildtext",
    "gotypesalias", "htmlmetacontenturlescape", "http2client", "http2debug", "http2server",
    "httpcookiemaxnum", "httplaxcontentlength", "httpmuxgo121", "httpservecontentkeepheaders",
    "installgoroot", "jstmpllitinterp", "multipartfiles", "multipartmaxheaders",
    "multipartmaxparts", "multipathtcp", "netdns", "netedns0", "panicnil", "randautoseed",
    "randseednop", "rsa1024min", "tarinsecurepath", "tls10server", "tls3des", "tlsmaxrsasize",
    "tlsmlkem", "tlsrsakex", "tlssecpmlkem", "tlssha1", "tlsunsafeekm", "updatemaxprocs",
    "urlmaxqueryparams", "urlstrictcolons", "winreadlinkvolume", "winsymlink", "x509keypairleaf",
    "x509negativeserial", "x509rsacrt", "x509sha256skid", "x509usefallbackroots", "x509usepolicies",
    "zipinsecurepath",
];

/// Settings that are gone, and the minor version of Go 1 that took them away.
const REMOVED: [(&str, u32); 1] = [("x509sha1", 24)];

/// What is wrong with a `godebug` directive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GodebugError {
    /// A blank, which only the file `//go:debug` could hold.
    #[error("{0} contains space")]
    Space(&'static str),
    /// `a,b=1`
    #[error("{0} contains comma")]
    Comma(&'static str),
    /// `default=1.21`
    #[error("value for default= must be goVERSION")]
    DefaultForm,
    /// `default=go1.99`
    #[error("default={value} too new (toolchain is go{running})")]
    DefaultTooNew {
        /// The value.
        value: String,
        /// The Go version that runs.
        running: String,
    },
    /// A setting that newer Go versions refuse.
    #[error("use of removed godebug {}, see https://go.dev/doc/godebug#go-1{minor}", quote(.key))]
    Removed {
        /// The setting.
        key: String,
        /// The minor version of Go 1 that took it away.
        minor: u32,
    },
    /// No setting.
    #[error("unknown godebug {}", quote(.0))]
    Unknown(String),
}

/// Whether the go command of version `running`, such as `1.26.1`, takes a `godebug` directive.
///
/// Unknown settings are told only for Go versions whose settings are known here (up to 1.26), and by the list of the
/// newest of them.
///
/// # Errors
/// What is wrong.
pub fn check(key: &str, value: &str, running: &str) -> Result<(), GodebugError> {
    for (what, text) in [("key", key), ("value", value)] {
        if text.contains([' ', '\t']) {
            return Err(GodebugError::Space(what));
        }
    }
    for (what, text) in [("key", key), ("value", value)] {
        if text.contains(',') {
            return Err(GodebugError::Comma(what));
        }
    }
    if key == "default" {
        let version = value.strip_prefix("go").filter(|version| go_version::is_valid(version));
        let version = version.ok_or(GodebugError::DefaultForm)?;
        if go_version::compare(version, running).is_gt() {
            let (value, running) = (value.to_owned(), running.to_owned());
            return Err(GodebugError::DefaultTooNew { value, running });
        }
        return Ok(());
    }
    if SETTINGS.binary_search(&key).is_ok() {
        return Ok(());
    }
    if let Some((key, minor)) = REMOVED.iter().find(|(name, _)| *name == key) {
        let still = go_version::compare(running, &format!("1.{minor}")).is_lt();
        let key = (*key).to_owned();
        return if still { Ok(()) } else { Err(GodebugError::Removed { key, minor: *minor }) };
    }
    let known =
        go_version::lang(running).is_some_and(|lang| go_version::compare(&lang, KNOWN).is_le());
    if known { Err(GodebugError::Unknown(key.to_owned())) } else { Ok(()) }
}
