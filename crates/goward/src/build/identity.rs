//! What was built, where, by which toolchain: asked while the build runs.

use goward_build::{Build, GoCommand};
use goward_facts::{FactKey, Facts, Repository, settings::Settings};
use goward_system::{OsSystem, System as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// After the build nobody waits longer for it.
const LIMIT: Duration = Duration::from_millis(500);

/// Being gathered.
pub(super) struct Identity {
    dir: PathBuf,
    facts: Arc<Facts>,
}

impl Identity {
    pub(super) fn start(command: &GoCommand) -> Self {
        let dir = command.chdir().map_or_else(|| PathBuf::from("."), PathBuf::from);
        let dir = dir.canonicalize().unwrap_or(dir);
        let system = Arc::new(OsSystem::at(&dir));
        let facts =
            Arc::new(Facts::new(system, Arc::new(Settings::default()), Duration::from_secs(3600)));
        facts.start(FactKey::of::<Repository>());
        Self { dir, facts }
    }

    /// Writes it into the document.
    pub(super) fn tell(&self, build: &mut Build, goroot: Option<&Path>) {
        let started = build.started_at.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        build.run_id = crate::check::run_id(started);
        build.goward_version = env!("CARGO_PKG_VERSION").to_owned();
        build.dir = self.dir.display().to_string();
        build.go_version = goroot.and_then(version);
        let known = self.facts.wait(FactKey::of::<Repository>(), LIMIT).is_ok();
        if let Some(repository) = known.then(|| self.facts.get::<Repository>().ok()).flatten() {
            build.commit.clone_from(&repository.commit);
            build.dirty = repository.dirty;
        }
        build.branch = branch(&self.dir);
    }
}

/// What `VERSION` says in a Go installation.
fn version(goroot: &Path) -> Option<String> {
    let text = OsSystem::at(goroot).read_text("VERSION", 4096).ok()?;
    text.lines().next().map(|line| line.trim().to_owned()).filter(|line| line.starts_with("go"))
}

/// As the CI names it, else as `HEAD` does.
#[expect(clippy::disallowed_methods, reason = "the CI's own variables")]
fn branch(dir: &Path) -> Option<String> {
    // GitHub Actions, GitLab CI, Jenkins.
    let of_ci = ["GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BRANCH_NAME"];
    let named = of_ci
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    named.or_else(|| {
        let root = dir.ancestors().find(|at| at.join(".git").is_dir())?;
        let head = OsSystem::at(root).read_text(".git/HEAD", 4096).ok()?;
        head.trim().strip_prefix("ref: refs/heads/").map(str::to_owned)
    })
}
