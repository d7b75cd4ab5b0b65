//! The Go workspace the target is built in: go.work and go.work.sum.

use crate::go_mod_file::text;
use crate::{Fact, GoEnv, ProbeError, World};
use gomod::{GoMod, GoSum, GoWork, Replacement, SourceFile, SumError, WorkspaceError};
use goward_model::Text;
use goward_system::SystemError;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// A go.work names folders; it is never large.
const LIMIT: u64 = 4 << 20;
/// More modules than a workspace holds.
const MAX_MODULES: usize = 10_000;

/// The workspace; empty where there is none.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// go.work; `None` where the module is built by itself.
    pub file: Option<WorkFile>,
    /// The paths of the modules it uses: built from their folders, so no go.sum speaks of them.
    pub modules: BTreeSet<String>,
    /// go.work.sum, and the go.sum of its modules: in a workspace Go reads them all.
    pub sums: Vec<CommittedSum>,
    /// Those of them that Go cannot read.
    pub broken_sums: Vec<BrokenSum>,
}

/// A go.work, and what the go command would say of it.
#[derive(Clone, Debug)]
pub struct WorkFile {
    /// Where, as the target's System reads it.
    pub path: String,
    /// What it says, or all its mistakes.
    pub parsed: Result<GoWork, Vec<gomod::Error>>,
    /// Its modules, in the order of the `use` directives.
    pub members: Vec<Member>,
    /// What Go refuses in the workspace as a whole; empty unless all of it can be read.
    pub errors: Vec<WorkspaceError>,
    /// Its text, for quoting.
    pub text: Arc<str>,
}

impl WorkFile {
    /// go.work and the go.mod files of all its modules, if Go can read them.
    pub fn valid(&self) -> Option<(&GoWork, Vec<&GoMod>)> {
        let members = self.members.iter().map(|member| member.parsed.as_ref()?.as_ref().ok());
        Some((self.parsed.as_ref().ok()?, members.collect::<Option<_>>()?))
    }

    /// The path and text of a file that Go's own errors name; modules.txt lies beside it.
    pub fn source(&self, file: SourceFile) -> (&str, Arc<str>) {
        match file {
            SourceFile::GoMod(index) => match self.members.get(index) {
                Some(member) => (&member.path, Arc::clone(&member.text)),
                None => (&self.path, Arc::clone(&self.text)),
            },
            SourceFile::ModulesTxt | SourceFile::GoWork => (&self.path, Arc::clone(&self.text)),
        }
    }
}

/// The go.mod of a module that go.work uses.
#[derive(Clone, Debug)]
pub struct Member {
    /// Where, as the target's System reads it.
    pub path: String,
    /// What it says; `None` where there is no such file.
    pub parsed: Option<Result<GoMod, Vec<gomod::Error>>>,
    /// Its text, for quoting.
    pub text: Arc<str>,
}

/// A go.sum or go.work.sum that Go cannot read.
#[derive(Clone, Debug)]
pub struct BrokenSum {
    /// Where, as the target's System reads it.
    pub path: String,
    /// The first mistake.
    pub error: SumError,
    /// Its text, for quoting.
    pub text: Arc<str>,
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
    /// What stands in the place of a module at a version: by go.work, else by any of its modules, whose `replace`
    /// directives hold for all of it (<https://go.dev/ref/mod#go-work-file-replace>).
    pub fn replacement(&self, path: &str, version: &str) -> Option<&Replacement> {
        let file = self.file.as_ref()?;
        let work = file.parsed.iter().map(|work| work.replace.as_slice());
        let members =
            file.members.iter().filter_map(|member| member.parsed.as_ref()?.as_ref().ok());
        let mut all = work.chain(members.map(|member| member.replace.as_slice()));
        all.find_map(|some| {
            let of = |version: Option<&str>| {
                some.iter().find(|one| one.path == path && one.version.as_deref() == version)
            };
            of(Some(version)).or_else(|| of(None)).map(|one| &one.new)
        })
    }

    /// Whether any of its sums has the line.
    pub fn has(&self, path: &str, version: &str, go_mod: bool) -> bool {
        self.sums.iter().any(|file| file.sum.has(path, version, go_mod))
    }
}

impl Fact for Workspace {
    const NAME: &'static str = "the Go workspace";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        // Go says which go.work is in use; without Go it is the one in the target's folder.
        let env = world.fact::<GoEnv>().ok();
        let file = env.as_ref().map_or("go.work", |env| env.get("GOWORK"));
        let mut workspace = Self::default();
        if file.is_empty() || file == "off" {
            return Ok(workspace);
        }
        let root = std::path::absolute(world.system.on_disk(".")?);
        let root = root.map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        let path = near(&root, file);
        let bytes = match world.system.read(&path, LIMIT) {
            Ok(bytes) => bytes,
            Err(SystemError::NotFound(_)) => return Ok(workspace),
            Err(err) => return Err(err.into()),
        };
        let parsed = gomod::parse_go_work(&bytes);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        workspace.read_sum(world, &format!("{path}.sum"))?;
        let mut members = vec![];
        for used in parsed.iter().flat_map(|work| &work.uses).take(MAX_MODULES) {
            let member = read_member(world, &within(&folder, &used.path, "go.mod"))?;
            let of = member.parsed.as_ref().and_then(|parsed| parsed.as_ref().ok());
            let module = of.and_then(|file| file.module.as_ref());
            workspace.modules.extend(module.map(|module| module.path.clone()));
            members.push(member);
            workspace.read_sum(world, &within(&folder, &used.path, "go.sum"))?;
        }
        let text = text(&bytes);
        let mut file = WorkFile { path, parsed, members, errors: vec![], text };
        if let Some((work, members)) = file.valid() {
            let dir = root.join(&folder);
            let whole = gomod::Workspace { dir: &dir.to_string_lossy(), work, members: &members };
            // Without Go nobody can say which Go would run; then none is too old.
            let running = env.as_ref().and_then(|env| env.get("GOVERSION").strip_prefix("go"));
            file.errors = gomod::check_workspace(&whole, running.unwrap_or("99"));
        }
        workspace.file = Some(file);
        Ok(workspace)
    }
}

impl Workspace {
    fn read_sum(&mut self, world: &World<'_>, path: &str) -> Result<(), ProbeError> {
        let bytes = match world.system.read(path, 32 << 20) {
            Ok(bytes) => bytes,
            Err(SystemError::NotFound(_)) => return Ok(()),
            Err(err) => return Err(err.into()),
        };
        let (path, text) = (path.to_owned(), text(&bytes));
        match gomod::parse_go_sum(&bytes) {
            Ok(sum) => self.sums.push(CommittedSum { path, text, sum }),
            Err(error) => self.broken_sums.push(BrokenSum { path, error, text }),
        }
        Ok(())
    }
}

fn read_member(world: &World<'_>, path: &str) -> Result<Member, ProbeError> {
    let path = path.to_owned();
    match world.system.read(&path, LIMIT) {
        Ok(bytes) => {
            Ok(Member { path, parsed: Some(gomod::parse_go_mod(&bytes)), text: text(&bytes) })
        }
        Err(SystemError::NotFound(_)) => Ok(Member { path, parsed: None, text: "".into() }),
        Err(err) => Err(err.into()),
    }
}

/// A file of a module that a go.work in `folder` uses.
fn within(folder: &str, used: &str, name: &str) -> String {
    let used = used.trim_start_matches("./").trim_end_matches('/');
    let parts = if used.starts_with('/') { ["", used, name] } else { [folder, used, name] };
    let parts = parts.into_iter().filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

/// A file as seen from the target, where it lies in it or above it: so reports hold no path of the
/// machine.
fn near(root: &Path, file: &str) -> String {
    let Some(folder) = Path::new(file).parent().filter(|folder| folder.is_absolute()) else {
        return file.to_owned();
    };
    let name = file.rsplit('/').next().unwrap_or(file);
    match (root.strip_prefix(folder), Path::new(file).strip_prefix(root)) {
        (Ok(below), _) => format!("{}{name}", "../".repeat(below.components().count())),
        (_, Ok(inside)) => inside.to_string_lossy().into_owned(),
        _ => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{near, within};
    use std::path::Path;

    #[test]
    fn files_of_a_workspace_are_named_from_the_target() {
        let root = Path::new("/w/services/pay");
        assert_eq!(near(root, "go.work"), "go.work");
        assert_eq!(near(root, "/w/services/pay/go.work"), "go.work");
        assert_eq!(near(root, "/w/go.work"), "../../go.work");
        assert_eq!(near(root, "/other/go.work"), "/other/go.work");
        assert_eq!(within("../..", "./a/", "go.mod"), "../../a/go.mod");
        assert_eq!(within("", ".", "go.sum"), "go.sum");
        assert_eq!(within("", "../b", "go.sum"), "../b/go.sum");
        assert_eq!(within("..", "/abs/b", "go.sum"), "/abs/b/go.sum");
    }
}
