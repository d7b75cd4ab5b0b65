//! A build cache that nobody wrote to before: what is built comes from sources alone.

use anyhow::Context as _;
use goward_build::GoSettings;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variable by which a program stands in for the build cache.
const PROGRAM: &str = "GOCACHEPROG";

/// A cache of this build's own; removed with it.
pub(super) struct Cache {
    folder: tempfile::TempDir,
    /// The settings that `go env -w` wrote, without a program that stands in for the cache.
    settings: Option<PathBuf>,
}

impl Cache {
    #[expect(clippy::disallowed_methods, reason = "files of this build's own folder")]
    pub(super) fn new() -> anyhow::Result<Self> {
        let make = || {
            let folder = tempfile::Builder::new().prefix("goward-gocache-").tempdir()?;
            std::fs::create_dir(folder.path().join("cache"))?;
            let file = folder.path().join("env");
            let settings = match GoSettings::here().file_without(PROGRAM) {
                Some(text) => {
                    std::fs::write(&file, text)?;
                    Some(file)
                }
                None => None,
            };
            Ok::<_, std::io::Error>(Self { folder, settings })
        };
        make().context("making a build cache for --isolated")
    }

    /// The variables that lead go there.
    pub(super) fn env(&self) -> Vec<(OsString, OsString)> {
        let mut env = vec![
            ("GOCACHE".into(), self.folder.path().join("cache").into()),
            // Unset and empty are the same to go: then the file counts.
            (PROGRAM.into(), OsString::new()),
        ];
        env.extend(self.settings.iter().map(|file| ("GOENV".into(), file.clone().into())));
        env
    }
}
