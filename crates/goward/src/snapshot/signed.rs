//! Snapshot files: JSON, or JSON in a signed envelope.
#![expect(clippy::disallowed_methods, reason = "files that the user named")]

use crate::dsse;
use anyhow::{Context as _, bail};
use gosnapshot::{MAX_BYTES, Snapshot};
use serde_json::Value;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::keys::Key;
pub(crate) use crate::keys::PublicKey;

/// What is signed is this kind of text.
const PAYLOAD_TYPE: &str = "application/vnd.goward.snapshot.v1+json";

/// Whether a file is JSON, and not a program: so it begins.
pub(super) fn is_document(file: &Path) -> anyhow::Result<bool> {
    let meta = std::fs::metadata(file).with_context(|| file.display().to_string())?;
    if !meta.is_file() {
        return Ok(false);
    }
    let mut head = vec![];
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    opened.take(64).read_to_end(&mut head).with_context(|| file.display().to_string())?;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let named = file.extension().is_some_and(|it| it == "json");
    Ok(named || text.trim_ascii_start().first() == Some(&b'{'))
}

/// Reads a snapshot; with keys it must be signed by one of them.
pub(super) fn read(file: &Path, keys: &[PublicKey]) -> anyhow::Result<Snapshot> {
    let name = file.display();
    let mut bytes = vec![];
    let opened = File::open(file).with_context(|| name.to_string())?;
    // An envelope is a third longer than what it holds.
    let limit = MAX_BYTES * 2;
    opened.take(limit).read_to_end(&mut bytes).with_context(|| name.to_string())?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let payload = match dsse::is_envelope(text) {
        true => dsse::open(text, PAYLOAD_TYPE, keys).with_context(|| name.to_string())?,
        false if !keys.is_empty() => {
            bail!(
                "{name}: it is not signed, and --verify-key asks for a signature; write it with `goward snapshot --sign-key`"
            )
        }
        false => text.to_vec(),
    };
    gosnapshot::read(&payload).with_context(|| name.to_string())
}

/// The document to write: signed where there is a key.
pub(super) fn document(snapshot: &Snapshot, key: Option<&Key>) -> anyhow::Result<String> {
    let Some(key) = key else { return Ok(snapshot.to_json()) };
    let envelope: Value = dsse::envelope(snapshot.to_json().as_bytes(), PAYLOAD_TYPE, key);
    Ok(serde_json::to_string_pretty(&envelope)? + "\n")
}
