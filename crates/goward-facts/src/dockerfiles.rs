//! The target's Dockerfiles.

use crate::scan::scan;
use crate::{Fact, ProbeError, SourceTree, World};
use dockerfile::{Dockerfile, ParseError};
use goward_system::{Excludes, SystemError};
use std::sync::Arc;

/// What is parsed.
const LIMIT: u64 = dockerfile::MAX_SIZE as u64;

/// A Dockerfile.
#[derive(Clone, Debug)]
pub struct DockerfileSource {
    /// Where.
    pub path: String,
    /// Its text, for quoting.
    pub source: Arc<str>,
    /// What can be read of it.
    pub file: Dockerfile,
    /// What BuildKit would refuse.
    pub errors: Vec<ParseError>,
}

/// The target's Dockerfiles.
#[derive(Clone, Debug, Default)]
pub struct Dockerfiles {
    /// In the order of their paths.
    pub files: Vec<DockerfileSource>,
    /// Those that could not be read.
    pub unreadable: Vec<(String, SystemError)>,
    /// Those that policy builds from a folder of their own, and that are not there.
    pub missing: Vec<String>,
}

impl Fact for Dockerfiles {
    const NAME: &'static str = "Dockerfiles";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = &world.settings.container;
        let tree = world.fact::<SourceTree>()?;
        let (chosen, excluded) =
            (Excludes::new(&settings.dockerfiles)?, Excludes::new(&settings.exclude)?);
        let is_named = |path: &str| settings.build.iter().any(|build| build.dockerfile == path);
        let paths = tree.paths(|path| {
            if is_named(path) {
                true
            } else if chosen.is_empty() {
                is_dockerfile(path) && !excluded.matches(path)
            } else {
                chosen.matches(path)
            }
        });
        let scanned = scan(world, &paths, LIMIT, |path, bytes| {
            let source: Arc<str> = String::from_utf8_lossy(bytes).into();
            let (file, errors) = dockerfile::parse_lenient(&source);
            // A template or a note of such a name is no Dockerfile; what policy names must be one, and
            // what docker build takes by itself.
            let named = !chosen.is_empty() || is_named(path);
            if file.stages.is_empty() && !named && !is_default(path) {
                return None;
            }
            Some(DockerfileSource { path: path.to_owned(), source, file, errors })
        })?;
        let named = settings.build.iter().map(|build| &build.dockerfile);
        let missing = named.filter(|path| !paths.contains(&path.as_str())).cloned().collect();
        Ok(Self { files: scanned.results, unreadable: scanned.unreadable, missing })
    }
}

/// Whether `docker build` users call such a file a Dockerfile.
pub(crate) fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let named = ["dockerfile", "containerfile"].iter().any(|kind| {
        name == *kind
            || name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'))
            || name.strip_suffix(kind).is_some_and(|rest| rest.ends_with('.'))
    });
    let other =
        [".dockerignore", ".go", ".md", ".txt", ".tmpl", ".tpl", ".j2", ".in", ".yaml", ".yml"];
    named && !other.iter().any(|extension| name.ends_with(extension))
}

/// Whether `docker build` or `podman build` takes it without `-f`.
fn is_default(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("Dockerfile" | "Containerfile"))
}

#[cfg(test)]
mod tests {
    use super::is_dockerfile;

    #[test]
    fn names_of_dockerfiles() {
        for (path, yes) in [
            ("Dockerfile", true),
            ("build/Dockerfile.payments", true),
            ("build/payments.Dockerfile", true),
            ("payments.dockerfile", true),
            ("Containerfile", true),
            ("Dockerfile.dockerignore", false),
            ("dockerfile.go", false),
            ("Dockerfile.tmpl", false),
            ("mydockerfile", false),
        ] {
            assert_eq!(is_dockerfile(path), yes, "{path}");
        }
    }
}
