//! Places in the files of a folder.

/// A place in a file, as `go/token.Position` has it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Position {
    /// The file: its place among the names of the [`crate::Folder`].
    pub(crate) file: u32,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in bytes.
    pub column: u32,
}

impl Position {
    pub(crate) fn new(file: usize, line: usize, column: usize) -> Self {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file: small(file), line: small(line), column: small(column) }
    }
}

/// Names (import paths, patterns) with all places where they stand; sorted by name.
pub type Places = Vec<(std::sync::Arc<str>, Vec<Position>)>;
