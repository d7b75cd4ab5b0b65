//! The `ignore` directives of go.mod (`search.IgnorePatterns`).

/// Folders that no pattern matches.
#[derive(Debug, Default)]
pub(crate) struct IgnorePatterns {
    /// `./x`: only at the module's root.
    anchored: Vec<String>,
    /// `x`: anywhere.
    anywhere: Vec<String>,
}

impl IgnorePatterns {
    pub(crate) fn new<'p>(patterns: impl Iterator<Item = &'p str>) -> Self {
        let mut ignore = Self::default();
        for pattern in patterns {
            match pattern.strip_prefix("./") {
                Some(path) => ignore.anchored.push(normal(path)),
                None => ignore.anywhere.push(normal(pattern)),
            }
        }
        ignore
    }

    /// Whether a folder, relative to the module's root, is passed over.
    pub(crate) fn matches(&self, folder: &str) -> bool {
        if self.anchored.is_empty() && self.anywhere.is_empty() {
            return false;
        }
        let folder = normal(folder);
        self.anchored.iter().any(|pattern| folder.starts_with(pattern.as_str()))
            || self.anywhere.iter().any(|pattern| folder.contains(pattern.as_str()))
    }
}

fn normal(path: &str) -> String {
    let front = if path.starts_with('/') { "" } else { "/" };
    let end = if path.ends_with('/') { "" } else { "/" };
    format!("{front}{path}{end}")
}
