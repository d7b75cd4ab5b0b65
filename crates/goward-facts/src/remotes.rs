//! Where the repository is published.

use crate::{Fact, ProbeError, Repository, World};
use goward_system::Command;
use std::collections::BTreeSet;
use std::time::Duration;

/// The repository's remotes as import paths would name them: `github.com/owner/name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remotes {
    /// Sorted, without those that are folders or of an unknown form.
    pub paths: BTreeSet<String>,
}

impl Fact for Remotes {
    const NAME: &'static str = "git remote";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        if world.fact::<Repository>()?.depth.is_none() {
            return Ok(Self::default());
        }
        let command = Command::new("git", ["--no-optional-locks", "remote", "-v"]);
        let command = command.limit(Duration::from_secs(5)).keep(1 << 20);
        let printed = world.system.run(&command)?.success(&command)?;
        let urls = printed.lines().filter_map(|line| line.split_whitespace().nth(1));
        Ok(Self { paths: urls.filter_map(import_path).collect() })
    }
}

/// `git@github.com:owner/name.git` and `https://user@github.com:443/owner/name` → `github.com/owner/name`.
fn import_path(url: &str) -> Option<String> {
    let (host, path) = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        // scp's form; a folder has a slash in front of any colon.
        None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?,
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let good = host.contains('.') && !path.is_empty();
    good.then(|| format!("{}/{path}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::import_path;

    #[test]
    fn urls_become_import_paths() {
        for (url, path) in [
            ("git@github.com:owner/name.git", Some("github.com/owner/name")),
            ("https://github.com/owner/name", Some("github.com/owner/name")),
            ("https://user:token@GitHub.com:443/owner/name.git/", Some("github.com/owner/name")),
            ("ssh://git@git.example.com:2222/a/b/c.git", Some("git.example.com/a/b/c")),
            ("/srv/git/name.git", None),
            ("../name", None),
            ("./a:b/name", None),
            ("file:///srv/name", None),
            ("backup:name", None),
            ("", None),
        ] {
            assert_eq!(import_path(url).as_deref(), path, "{url}");
        }
    }
}
