//! The target's files, as git sees them.

use crate::{Fact, ProbeError, World};
use goward_system::{Command, Excludes, SystemError, Tree, TreeOptions};
use std::time::Duration;

/// The target's files: sorted, relative, without what git ignores and policy excludes.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    /// The files, and the folders that could not be read.
    pub tree: Tree,
}

impl SourceTree {
    /// The files for which `wanted` holds.
    pub fn paths(&self, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        self.tree.paths.iter().map(String::as_str).filter(|path| wanted(path)).collect()
    }

    /// The folders that could not be read: what is in them is not known.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = (String, SystemError)> {
        self.tree
            .unreadable
            .iter()
            .map(|(path, why)| (path.clone(), SystemError::Failed(format!("{path}: {why}"))))
    }
}

impl Fact for SourceTree {
    const NAME: &'static str = "the target's files";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = world.settings;
        let excludes = Excludes::new(&settings.tree.exclude)?;
        let lists = [&settings.placeholders.rendered, &settings.tls.files, &settings.audit.files];
        let mut named: Vec<String> = lists.into_iter().flatten().cloned().collect();
        named.extend(tracked_but_ignored(world));
        let tree = world.system.tree(&TreeOptions { excludes, named })?;
        Ok(Self { tree })
    }
}

/// Files that were added although a .gitignore names them: to git they are files like any other.
/// Without git, or outside of a repository, there are none.
fn tracked_but_ignored(world: &World<'_>) -> Vec<String> {
    let args = [
        "--no-optional-locks",
        "ls-files",
        "-z",
        "--cached",
        "--ignored",
        "--exclude-per-directory=.gitignore",
    ];
    let command = Command::new("git", args).limit(Duration::from_secs(5)).keep(4 << 20);
    let listed = world.system.run(&command).and_then(|output| output.success(&command));
    let listed = listed.unwrap_or_default();
    listed.split('\0').filter(|path| !path.is_empty()).map(glob_of).collect()
}

/// A pattern that matches this path only.
fn glob_of(path: &str) -> String {
    let mut pattern = String::from("/");
    for ch in path.chars() {
        if matches!(ch, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            pattern.push('\\');
        }
        pattern.push(ch);
    }
    pattern
}
