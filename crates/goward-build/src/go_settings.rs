//! The settings of the go command that an observer must know, without running it: the environment,
//! then the file that `go env -w` writes, then Go's defaults (`go help environment`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// More is no settings file.
const MAX_FILE: u64 = 1 << 20;

/// What the go command will find.
#[derive(Clone, Debug, Default)]
pub(crate) struct GoSettings {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

impl GoSettings {
    /// Of this process.
    pub(crate) fn here() -> Self {
        let text = |word: OsString| word.into_string().ok();
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
        Self::of(environment.collect())
    }

    fn of(environment: BTreeMap<String, String>) -> Self {
        let mut settings = Self { environment, file: BTreeMap::new() };
        let path = match settings.of_environment("GOENV") {
            Some("off") => None,
            Some(path) => Some(PathBuf::from(path)),
            None => settings.config_dir().map(|dir| dir.join("go/env")),
        };
        let small = |path: &PathBuf| {
            std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= MAX_FILE)
        };
        if let Some(text) = path.filter(small).and_then(|path| std::fs::read_to_string(path).ok()) {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let pairs = lines.filter_map(|line| line.split_once('='));
            settings.file =
                pairs.map(|(name, value)| (name.trim().to_owned(), value.to_owned())).collect();
        }
        settings
    }

    fn of_environment(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable as Go sees it; none where neither the environment nor the file has it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.of_environment(name).or_else(|| self.file.get(name).map(String::as_str))
    }

    fn home(&self, below: &str) -> Option<PathBuf> {
        self.of_environment("HOME").map(|home| Path::new(home).join(below))
    }

    /// Go's `os.UserConfigDir`.
    fn config_dir(&self) -> Option<PathBuf> {
        if cfg!(target_os = "macos") {
            return self.home("Library/Application Support");
        }
        self.of_environment("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| self.home(".config"))
    }

    /// `GOCACHE`.
    pub(crate) fn build_cache(&self) -> Option<PathBuf> {
        let default = || {
            let dir = if cfg!(target_os = "macos") {
                self.home("Library/Caches")
            } else {
                self.of_environment("XDG_CACHE_HOME")
                    .map(PathBuf::from)
                    .or_else(|| self.home(".cache"))
            };
            dir.map(|dir| dir.join("go-build"))
        };
        self.get("GOCACHE").map(PathBuf::from).or_else(default)
    }

    /// `GOMODCACHE`.
    pub(crate) fn module_cache(&self) -> Option<PathBuf> {
        let first = |path: &str| path.split(':').next().map(PathBuf::from);
        let gopath = || self.get("GOPATH").and_then(first).or_else(|| self.home("go"));
        self.get("GOMODCACHE")
            .map(PathBuf::from)
            .or_else(|| gopath().map(|path| path.join("pkg/mod")))
    }

    /// Where Go makes its temporary folder.
    pub(crate) fn temp_dir(&self) -> PathBuf {
        self.get("GOTMPDIR").map_or_else(std::env::temp_dir, PathBuf::from)
    }
}

/// A module path or version as it is on the disk: capitals are `!` and the small letter
/// (<https://go.dev/ref/mod#goproxy-protocol>).
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> GoSettings {
        GoSettings::of(
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        )
    }

    #[test]
    fn the_environment_comes_before_the_file_and_the_file_before_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("env");
        std::fs::write(&file, "GOFLAGS=-x\nGOCACHE=/file\n").unwrap();
        let goenv = file.to_str().unwrap();
        let both = settings(&[("GOENV", goenv), ("HOME", "/h"), ("GOCACHE", "/env")]);
        assert_eq!(both.get("GOFLAGS"), Some("-x"));
        assert_eq!(both.build_cache().unwrap(), Path::new("/env"));
        let off = settings(&[("GOENV", "off"), ("HOME", "/h"), ("GOPATH", "/a:/b")]);
        assert_eq!(off.get("GOFLAGS"), None);
        assert_eq!(off.build_cache().unwrap(), Path::new("/h/.cache/go-build"));
        assert_eq!(off.module_cache().unwrap(), Path::new("/a/pkg/mod"));
    }

    #[test]
    fn capitals_are_escaped() {
        assert_eq!(escape("github.com/Masterminds/semver"), "github.com/!masterminds/semver");
    }
}
