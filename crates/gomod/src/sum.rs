//! go.sum files (`readGoSum` and `haveModSumLocked` in `cmd/go/internal/modfetch/fetch.go`).

use crate::text::decode;
use std::cmp::Ordering;

/// The hash of a tree with nothing but an empty go.mod file. An old bug wrote it for what is no module; the go command
/// passes such lines over, and so does [`parse_go_sum`].
pub const EMPTY_GO_MOD_HASH: &str = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=";

/// A go.sum file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoSum {
    lines: Vec<SumLine>,
    /// The lines' indices by path, version and kind; equal ones in the order of the file.
    sorted: Vec<usize>,
}

/// `example.com/m v1.2.3/go.mod h1:…`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumLine {
    /// The module path.
    pub path: String,
    /// The version, without `/go.mod`.
    pub version: String,
    /// Whether the hash is that of the go.mod file alone, rather than of the whole module.
    pub go_mod: bool,
    /// The hash: `h1:` and base64. The go command passes over hashes of other algorithms, so this may be anything.
    pub hash: String,
    /// 1-based line.
    pub line: usize,
}

/// A line that the go command cannot read: with it, every command but `go mod tidy` stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: wrong number of fields {fields}")]
pub struct SumError {
    /// 1-based line.
    pub line: usize,
    /// How many words there are, instead of three.
    pub fields: usize,
}

/// What a go.sum file says to a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumMatch<'a> {
    /// It is listed.
    Verified,
    /// Another one is listed: the go command stops with "checksum mismatch".
    Mismatch(&'a SumLine),
    /// There is none: the go command asks the checksum database, if it may.
    Missing,
}

/// Reads a go.sum file. Blank lines are skipped, as are those with [`EMPTY_GO_MOD_HASH`].
///
/// # Errors
/// The first line with a number of words other than three.
pub fn parse_go_sum(text: impl AsRef<[u8]>) -> Result<GoSum, SumError> {
    let text = decode(text.as_ref());
    let mut lines = Vec::new();
    for (line, content) in (1..).zip(text.split('\n')) {
        let mut words = content.split_whitespace();
        let (path, version, hash) = match (words.next(), words.next(), words.next(), words.next()) {
            (None, ..) => continue,
            (Some(path), Some(version), Some(hash), None) => (path, version, hash),
            _ => return Err(SumError { line, fields: content.split_whitespace().count() }),
        };
        if hash == EMPTY_GO_MOD_HASH {
            continue;
        }
        let bare = version.strip_suffix("/go.mod");
        lines.push(SumLine {
            path: path.to_owned(),
            version: bare.unwrap_or(version).to_owned(),
            go_mod: bare.is_some(),
            hash: hash.to_owned(),
            line,
        });
    }
    let mut sorted: Vec<(&SumLine, usize)> = lines.iter().zip(0..).collect();
    sorted.sort_by(|(left, _), (right, _)| left.order(&right.path, &right.version, right.go_mod));
    let sorted = sorted.into_iter().map(|(_, index)| index).collect();
    Ok(GoSum { lines, sorted })
}

impl SumLine {
    fn order(&self, path: &str, version: &str, go_mod: bool) -> Ordering {
        self.path
            .as_str()
            .cmp(path)
            .then_with(|| self.version.as_str().cmp(version))
            .then_with(|| self.go_mod.cmp(&go_mod))
    }
}

impl GoSum {
    /// The lines, in the order of the file.
    pub fn lines(&self) -> &[SumLine] {
        &self.lines
    }

    /// The lines for a module at a version, or for its go.mod file, in the order of the file.
    pub fn lookup(
        &self,
        path: &str,
        version: &str,
        go_mod: bool,
    ) -> impl Iterator<Item = &SumLine> {
        let order = |index: &usize| {
            self.lines.get(*index).map_or(Ordering::Less, |line| line.order(path, version, go_mod))
        };
        let start = self.sorted.partition_point(|index| order(index).is_lt());
        let rest = self.sorted.get(start..).unwrap_or_default();
        let count = rest.partition_point(|index| order(index).is_eq());
        rest.iter().take(count).filter_map(|index| self.lines.get(*index))
    }

    /// Whether there is a hash that the go command can check (`modfetch.HaveSum`).
    pub fn has(&self, path: &str, version: &str, go_mod: bool) -> bool {
        self.lookup(path, version, go_mod).any(|line| line.hash.starts_with("h1:"))
    }

    /// What the go command makes of a computed hash: the first line that decides, decides.
    pub fn verify(&self, path: &str, version: &str, go_mod: bool, hash: &str) -> SumMatch<'_> {
        for line in self.lookup(path, version, go_mod) {
            if line.hash == hash {
                return SumMatch::Verified;
            }
            if line.hash.starts_with("h1:") {
                return SumMatch::Mismatch(line);
            }
        }
        SumMatch::Missing
    }
}
