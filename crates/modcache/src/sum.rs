//! `h1:` sums (`golang.org/x/mod/sumdb/dirhash`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The SHA-256 of a file's content.
pub type Digest = [u8; 32];

/// A file of a tree: its name, as the sum has it (`module@version/path`), and its content's digest.
pub type Entry = (Vec<u8>, Digest);

/// A name that no sum can have (`dirhash.Hash1`): the list of files is one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("dirhash: filenames with newlines are not supported")]
pub struct NewlineInName;

/// The `h1:` sum of a tree: SHA-256 over a line `digest  name` for each file, ordered by name.
///
/// # Errors
/// A name has a newline.
pub fn hash1(mut files: Vec<Entry>) -> Result<String, NewlineInName> {
    files.sort_unstable();
    let mut all = Sha256::new();
    let mut hex = String::with_capacity(66);
    for (name, digest) in &files {
        if name.contains(&b'\n') {
            return Err(NewlineInName);
        }
        hex.clear();
        for byte in digest {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex.push_str("  ");
        all.update(hex.as_bytes());
        all.update(name);
        all.update(b"\n");
    }
    Ok(format!("h1:{}", STANDARD.encode(all.finalize())))
}

/// The `h1:` sum of a go.mod file by itself: that of a tree with nothing else in it.
pub fn hash_go_mod(content: &[u8]) -> String {
    let digest = Sha256::digest(content).into();
    // The name has no newline.
    hash1(vec![(b"go.mod".to_vec(), digest)]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_go() {
        assert_eq!(hash_go_mod(b""), "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=");
        let digest: Digest = Sha256::digest(b"").into();
        assert_eq!(hash1(vec![(b"a\nb".to_vec(), digest)]), Err(NewlineInName));
        // The sum of no file at all is that of no line at all.
        assert_eq!(hash1(vec![]).unwrap(), "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
