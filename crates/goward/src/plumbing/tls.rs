//! `goward plumbing tls`.

use super::input;
use anyhow::Context as _;
use servercert::{Input, ids, judge};
use std::path::Path;

/// The ids of what is wrong, as a JSON list.
pub(super) fn answer(
    cert: &Path,
    key: Option<&Path>,
    ca: Option<&Path>,
    hosts: &[String],
    min_days: u32,
) -> anyhow::Result<String> {
    let cert = input(cert)?;
    let key_pem = key.map(input).transpose()?;
    let ca_pem = ca.map(input).transpose()?;
    let problems = judge(&Input {
        cert_pem: &cert,
        key_pem: key_pem.as_deref(),
        key_mode: key.map(mode).transpose()?,
        ca_pem: ca_pem.as_deref(),
        hosts,
        min_days,
        now_unix: jiff::Timestamp::now().as_second(),
    });
    Ok(serde_json::to_string(&ids(&problems))? + "\n")
}

/// The permission bits of a file.
fn mode(file: &Path) -> anyhow::Result<u32> {
    #[expect(clippy::disallowed_methods, reason = "the composition root reads what it is given")]
    let meta = std::fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
    #[cfg(not(unix))]
    let mode = 0o600;
    Ok(mode)
}
