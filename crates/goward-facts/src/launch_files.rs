//! The files that launch the service, and whether they switch a flag on.

use crate::scan::scan;
use crate::{Fact, ProbeError, SourceTree, World};
use goward_system::Excludes;
use launchflag::{Kind, Verdict};
use std::sync::Arc;

/// One byte more than is judged, so that what is too large is seen to be.
const LIMIT: u64 = launchflag::MAX_SIZE as u64 + 1;

/// A file that launches the service.
#[derive(Clone, Debug)]
pub struct LaunchFile {
    /// The file.
    pub path: String,
    /// What it says of the flag.
    pub verdict: Verdict,
    /// Its text, for quoting.
    pub source: Arc<str>,
}

/// The files that launch the service.
#[derive(Clone, Debug, Default)]
pub struct LaunchFiles {
    /// In the order of their paths.
    pub files: Vec<LaunchFile>,
    /// Files that policy names and that could not be read: path and why.
    pub unreadable: Vec<(String, ProbeError)>,
    /// Whether policy names the files, so that there must be some.
    pub named: bool,
}

impl Fact for LaunchFiles {
    const NAME: &'static str = "launch files";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = &world.settings.audit;
        let tree = world.fact::<SourceTree>()?;
        let chosen = Excludes::new(&settings.files)?;
        let named = !chosen.is_empty();
        let flag = settings.flag.trim_start_matches('-').to_owned();
        let paths = tree.paths(|path| if named { chosen.matches(path) } else { may_launch(path) });
        let needle = memchr::memmem::Finder::new(flag.as_bytes());
        let look = |path: &str, bytes: &[u8]| {
            // Where policy names no file, only what speaks of the flag is a launch file.
            if !named && needle.find(bytes).is_none() {
                return None;
            }
            // A report of ours speaks of the flag, too.
            if memchr::memmem::find(bytes, b"\"goward_version\"").is_some() {
                return None;
            }
            let kind = kind_of(path, bytes)?;
            let verdict = launchflag::judge(kind, bytes, &flag);
            let source = String::from_utf8_lossy(bytes).into();
            Some(LaunchFile { path: path.to_owned(), verdict, source })
        };
        let scanned = scan(world, &paths, LIMIT, look)?;
        let unreadable = if named { scanned.unreadable } else { vec![] };
        let unreadable = unreadable.into_iter().map(|(path, err)| (path, err.into())).collect();
        Ok(Self { files: scanned.results, unreadable, named })
    }
}

/// Whether a file could launch something, by its name.
fn may_launch(path: &str) -> bool {
    kind_of_name(path).is_some() || is_tree(path)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_tree(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| path.ends_with(extension))
}

/// What a file is, where its name says so.
fn kind_of_name(path: &str) -> Option<Kind> {
    let name = name_of(path).to_lowercase();
    let compose = (name.starts_with("docker-compose") || name.starts_with("compose"))
        && (name.ends_with(".yml") || name.ends_with(".yaml"));
    let dockerfile = name == "dockerfile"
        || name == "containerfile"
        || name.starts_with("dockerfile.")
        || name.ends_with(".dockerfile");
    match () {
        () if compose => Some(Kind::Compose),
        () if dockerfile && !name.ends_with(".dockerignore") => Some(Kind::Dockerfile),
        () if name.ends_with(".service") => Some(Kind::Systemd),
        () => None,
    }
}

/// What a file is; `None` for what launches nothing.
fn kind_of(path: &str, bytes: &[u8]) -> Option<Kind> {
    if let Some(kind) = kind_of_name(path) {
        return Some(kind);
    }
    let has = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    if is_tree(path) && has("apiVersion") && has("kind") {
        return Some(Kind::K8s);
    }
    let config = [".toml", ".env", ".properties", ".ini", ".conf"];
    let config = config.iter().any(|extension| path.ends_with(extension)) || is_tree(path);
    config.then_some(Kind::Config)
}
