//! The Go workspace the target is built in: go.work and go.work.sum.

use crate::{Fact, GoEnv, ProbeError, World};
use gomod::GoSum;
use goward_system::SystemError;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A go.work names folders; it is never large.
const LIMIT: u64 = 4 << 20;
/// More modules than a workspace holds.
const MAX_MODULES: usize = 10_000;

/// The workspace; empty where there is none.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The paths of the modules it uses: built from their folders, so no go.sum speaks of them.
    pub modules: BTreeSet<String>,
    /// go.work.sum, and the go.sum of its modules: in a workspace Go reads them all.
    pub sums: Vec<CommittedSum>,
}

/// A go.sum or go.work.sum that Go can read.
#[derive(Clone, Debug)]
pub struct CommittedSum {
    /// Where, as the target's System reads it.
    pub path: String,
    /// Its text, for quoting.
    pub text: Arc<str>,
    /// Its lines.
    pub sum: GoSum,
}

impl Workspace {
    /// Whether any of its sums has the line.
    pub fn has(&self, path: &str, version: &str, go_mod: bool) -> bool {
        self.sums.iter().any(|file| file.sum.has(path, version, go_mod))
    }
}

impl Fact for Workspace {
    const NAME: &'static str = "the Go workspace";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        // Go says which go.work is in use; without Go it is the one in the target's folder.
        let file = match world.fact::<GoEnv>() {
            Ok(env) => env.get("GOWORK").to_owned(),
            Err(_) => "go.work".to_owned(),
        };
        let mut workspace = Self::default();
        if file.is_empty() || file == "off" {
            return Ok(workspace);
        }
        let text = match world.system.read_text(&file, LIMIT) {
            Ok(text) => text,
            Err(SystemError::NotFound(_)) => return Ok(workspace),
            Err(err) => return Err(err.into()),
        };
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        workspace.read_sum(world, &format!("{file}.sum"))?;
        for used in used(&text).into_iter().take(MAX_MODULES) {
            let root = match (used.starts_with('/'), folder) {
                (true, _) | (_, "") => used.clone(),
                _ => format!("{folder}/{used}"),
            };
            workspace.read_module(world, &root)?;
        }
        Ok(workspace)
    }
}

impl Workspace {
    fn read_module(&mut self, world: &World<'_>, root: &str) -> Result<(), ProbeError> {
        match world.system.read_text(&format!("{root}/go.mod"), LIMIT) {
            Ok(text) => {
                let parsed = gomod::parse_go_mod_lax(&text).ok();
                self.modules.extend(parsed.and_then(|file| Some(file.module?.path)));
            }
            Err(SystemError::NotFound(_)) => {}
            Err(err) => return Err(err.into()),
        }
        self.read_sum(world, &format!("{root}/go.sum"))
    }

    fn read_sum(&mut self, world: &World<'_>, path: &str) -> Result<(), ProbeError> {
        match world.system.read(path, 32 << 20) {
            Ok(bytes) => {
                if let Ok(sum) = gomod::parse_go_sum(&bytes) {
                    let text = String::from_utf8_lossy(&bytes).into();
                    self.sums.push(CommittedSum { path: path.to_owned(), text, sum });
                }
            }
            Err(SystemError::NotFound(_)) => {}
            Err(err) => return Err(err.into()),
        }
        Ok(())
    }
}

/// The folders of `use` directives. What Go refuses in a go.work is judged elsewhere.
fn used(text: &str) -> Vec<String> {
    let work = gomod::parse_go_work(text).unwrap_or_default();
    work.uses.into_iter().map(|one| one.path).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_folders_of_a_go_work_are_found() {
        let text = "go 1.24 // use x\n\nuse ./a\nuse (\n\t. // the root\n\t\"./b c\"\n)\nreplace x => ./y\n";
        assert_eq!(super::used(text), ["./a", ".", "./b c"]);
    }
}
