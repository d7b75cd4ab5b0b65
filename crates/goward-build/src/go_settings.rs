//! The settings of the go command that an observer must know, without running it: the environment,
//! then the file that `go env -w` writes, then Go's defaults (`go help environment`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// More is no settings file.
const MAX_FILE: u64 = 1 << 20;

/// Whose habits decide where folders are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Os {
    /// Linux and the BSDs: the XDG folders.
    #[default]
    Linux,
    /// macOS: `~/Library`.
    MacOs,
    /// Windows: `%AppData%`, `%LocalAppData%`, `%USERPROFILE%`.
    Windows,
}

impl Os {
    /// The one that this program was built for.
    pub const fn here() -> Self {
        if cfg!(target_os = "macos") {
            Self::MacOs
        } else if cfg!(windows) {
            Self::Windows
        } else {
            Self::Linux
        }
    }
}

/// What the go command will find.
#[derive(Clone, Debug, Default)]
pub struct GoSettings {
    os: Os,
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

impl GoSettings {
    /// Of this process.
    pub fn here() -> Self {
        let text = |word: OsString| word.into_string().ok();
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
        Self::of(Os::here(), environment.collect())
    }

    fn of(os: Os, environment: BTreeMap<String, String>) -> Self {
        let mut settings = Self { os, environment, file: BTreeMap::new() };
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
    pub fn get(&self, name: &str) -> Option<&str> {
        self.of_environment(name).or_else(|| self.file.get(name).map(String::as_str))
    }

    /// Below the user's own folder.
    fn home(&self, below: &str) -> Option<PathBuf> {
        let name = if self.os == Os::Windows { "USERPROFILE" } else { "HOME" };
        self.of_environment(name).map(|home| Path::new(home).join(below))
    }

    /// The folder that a variable names.
    fn named(&self, name: &str) -> Option<PathBuf> {
        self.of_environment(name).map(PathBuf::from)
    }

    /// Go's `os.UserConfigDir`.
    fn config_dir(&self) -> Option<PathBuf> {
        match self.os {
            Os::MacOs => self.home("Library/Application Support"),
            Os::Windows => self.named("AppData"),
            Os::Linux => self.named("XDG_CONFIG_HOME").or_else(|| self.home(".config")),
        }
    }

    /// `GOCACHE`: in Go's `os.UserCacheDir`, where nothing else is set.
    pub fn build_cache(&self) -> Option<PathBuf> {
        let default = || match self.os {
            Os::MacOs => self.home("Library/Caches"),
            Os::Windows => self.named("LocalAppData"),
            Os::Linux => self.named("XDG_CACHE_HOME").or_else(|| self.home(".cache")),
        };
        let named = self.get("GOCACHE").map(PathBuf::from);
        named.or_else(|| default().map(|dir| dir.join("go-build")))
    }

    /// The first folder of `GOPATH`.
    fn gopath(&self) -> Option<PathBuf> {
        let between = if self.os == Os::Windows { ';' } else { ':' };
        let first = |path: &str| path.split(between).next().map(PathBuf::from);
        self.get("GOPATH").and_then(first).or_else(|| self.home("go"))
    }

    /// `GOMODCACHE`.
    pub fn module_cache(&self) -> Option<PathBuf> {
        let named = self.get("GOMODCACHE").map(PathBuf::from);
        named.or_else(|| self.gopath().map(|path| path.join("pkg/mod")))
    }

    /// Where `go install` puts programs: `GOBIN`.
    pub fn programs(&self) -> Option<PathBuf> {
        let named = self.get("GOBIN").map(PathBuf::from);
        named.or_else(|| self.gopath().map(|path| path.join("bin")))
    }

    /// Where Go makes its temporary folder.
    pub fn temp_dir(&self) -> PathBuf {
        self.get("GOTMPDIR").map_or_else(std::env::temp_dir, PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> GoSettings {
        on(Os::Linux, pairs)
    }

    fn on(os: Os, pairs: &[(&str, &str)]) -> GoSettings {
        let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        GoSettings::of(os, pairs.collect())
    }

    #[test]
    fn each_system_has_its_own_places() {
        let mac = on(Os::MacOs, &[("HOME", "/Users/u"), ("XDG_CACHE_HOME", "/x")]);
        assert_eq!(mac.build_cache().unwrap(), Path::new("/Users/u/Library/Caches/go-build"));
        assert_eq!(mac.programs().unwrap(), Path::new("/Users/u/go/bin"));
        let pairs = [("USERPROFILE", "C:/u"), ("LocalAppData", "C:/u/l"), ("GOPATH", "D:/a;E:/b")];
        let windows = on(Os::Windows, &pairs);
        assert_eq!(windows.build_cache().unwrap(), Path::new("C:/u/l/go-build"));
        assert_eq!(windows.module_cache().unwrap(), Path::new("D:/a/pkg/mod"));
        assert_eq!(on(Os::Windows, &[]).build_cache(), None);
        let linux = on(Os::Linux, &[("HOME", "/h"), ("XDG_CACHE_HOME", "/x"), ("GOBIN", "/b")]);
        assert_eq!(linux.build_cache().unwrap(), Path::new("/x/go-build"));
        assert_eq!(linux.programs().unwrap(), Path::new("/b"));
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
}
