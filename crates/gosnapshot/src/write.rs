//! Writes the document: the same facts, the same bytes.

use crate::{SCHEMA, Snapshot};
use sha2::{Digest as _, Sha256};

impl Snapshot {
    /// Puts lists in order and seals the document with its digest.
    pub fn seal(mut self) -> Self {
        self.schema = SCHEMA.to_owned();
        if let Some(modules) = &mut self.modules {
            modules.sort();
            modules.dedup_by(|a, b| a.path == b.path);
        }
        self.unknown.sort_by(|a, b| (&a.part, &a.why).cmp(&(&b.part, &b.why)));
        self.unknown.dedup();
        self.digest = digest(&self);
        self
    }

    /// The document: indented JSON with a line end.
    pub fn to_json(&self) -> String {
        // Strings, numbers and maps of strings cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// Of everything but the digest itself.
pub(crate) fn digest(snapshot: &Snapshot) -> String {
    let bare = Snapshot { digest: String::new(), ..snapshot.clone() };
    let bytes = serde_json::to_vec(&bare).unwrap_or_default();
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
