//! The files of a target.

use crate::SystemError;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The files below the root, sorted, relative, with forward slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The paths.
    pub paths: Vec<String>,
    /// Directories that could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// What a walk leaves out.
#[derive(Clone, Debug, Default)]
pub struct TreeOptions {
    /// Paths that are left out, on top of `.git` and what git ignores.
    pub excludes: Excludes,
    /// Paths that are taken although git ignores them: patterns, as in [`Excludes`].
    pub named: Vec<String>,
}

/// A set of patterns over relative paths, compiled once.
///
/// `*` and `?` stay within one folder, `**` crosses folders; a pattern without a slash matches a
/// name at any depth; a pattern that names a folder covers what is below it.
#[derive(Clone, Debug)]
pub struct Excludes(GlobSet);

impl Default for Excludes {
    fn default() -> Self {
        Self(GlobSet::empty())
    }
}

impl Excludes {
    /// Compiles the patterns; the error names the one that is wrong.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, SystemError> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let given = pattern.as_ref();
            let trimmed = given.trim_start_matches("./").trim_end_matches('/');
            let anchored = match trimmed.strip_prefix('/') {
                Some(anchored) => anchored.to_owned(),
                None if trimmed.contains('/') => trimmed.to_owned(),
                None => format!("**/{trimmed}"),
            };
            for glob in [anchored.clone(), format!("{anchored}/**")] {
                let glob = GlobBuilder::new(&glob).literal_separator(true).build();
                set.add(glob.map_err(|err| SystemError::Failed(format!("{given:?}: {err}")))?);
            }
        }
        let set = set.build().map_err(|err| SystemError::Failed(err.to_string()))?;
        Ok(Self(set))
    }

    /// Whether `path` is matched.
    pub fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_documented() {
        let cases = [
            ("vendor", "vendor/x/y.go", true),
            ("vendor", "a/vendor/y.go", true),
            ("/vendor", "a/vendor/y.go", false),
            ("/vendor", "vendor/y.go", true),
            ("*.pem", "a/b/c.pem", true),
            ("deploy/*.yaml", "deploy/a.yaml", true),
            ("deploy/*.yaml", "deploy/x/a.yaml", false),
            ("deploy/**/*.yaml", "deploy/x/y/a.yaml", true),
            ("./deploy/", "deploy/a", true),
            ("vendor", "vendored/a", false),
        ];
        for (pattern, path, matches) in cases {
            assert_eq!(
                Excludes::new([pattern]).unwrap().matches(path),
                matches,
                "{pattern} {path}"
            );
        }
        assert!(Excludes::new(["a[b"]).unwrap_err().to_string().contains("a[b"));
    }
}
