//! Modules that are required now and were not at an earlier revision, and what their code reaches for.

use crate::go_reach::{Reach, look};
use crate::{Fact, GoEnv, GoModFile, ProbeError, Repository, World, replacement_of};
use goward_model::Text;
use goward_system::{Command, FileKind, SystemError};
use std::collections::BTreeSet;
use std::time::Duration;

/// Folders and files of one module; a larger one is looked at in part, and said to be.
const MAX_ENTRIES: usize = 20_000;
/// A Go file is not larger.
const MAX_FILE: u64 = 4 << 20;

/// A module that is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewModule {
    /// The required module.
    pub path: String,
    /// What its code reaches for; `None` where it is not in the module cache.
    pub reach: Option<Reach>,
    /// Whether all of its files were looked at.
    pub whole: bool,
}

/// The modules that are new since a revision.
#[derive(Clone, Debug, Default)]
pub struct NewModules {
    /// The revision; `None` where none is asked for.
    pub since: Option<String>,
    /// In the order of go.mod.
    pub modules: Vec<NewModule>,
}

impl Fact for NewModules {
    const NAME: &'static str = "new modules";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let Some(since) = world.settings.integrity.since.clone() else {
            return Ok(Self::default());
        };
        if world.fact::<Repository>()?.depth.is_none() {
            return Err(ProbeError::Unusable(Text::new(
                "the target is in no git repository, so nothing is older",
                "目标不在 git 仓库中，没有更早的版本",
            )));
        }
        let module = world.fact::<GoModFile>()?;
        let env = world.fact::<GoEnv>()?;
        let Some(go_mod) = module.valid() else { return Ok(Self::default()) };
        let before = required_at(world, &since)?;
        let mut all = Self { since: Some(since), modules: vec![] };
        for require in go_mod.require.iter().filter(|require| !before.contains(&require.path)) {
            let (path, version) = match replacement_of(go_mod, &require.path, &require.version) {
                Some(gomod::Replacement::Directory(_)) => continue,
                Some(gomod::Replacement::Module(new)) => (&new.path, &new.version),
                None => (&require.path, &require.version),
            };
            let (reach, whole) = read(world, env.get("GOMODCACHE"), path, version)?;
            all.modules.push(NewModule { path: require.path.clone(), reach, whole });
        }
        Ok(all)
    }
}

/// The modules that go.mod required at a revision; none where there was no go.mod.
fn required_at(world: &World<'_>, since: &str) -> Result<BTreeSet<String>, ProbeError> {
    let git = |args: &[&str]| {
        let args = ["--no-optional-locks"].iter().chain(args).copied();
        let command = Command::new("git", args).limit(Duration::from_secs(10)).keep(8 << 20);
        world.system.run(&command)?.success(&command)
    };
    // An option, for git; no name of a revision begins so (git-check-ref-format).
    if since.starts_with('-') {
        return Err(ProbeError::Unusable(Text::new(
            format!("git knows no revision {since}"),
            format!("git 中没有版本 {since}"),
        )));
    }
    if git(&["ls-tree", "--name-only", since, "go.mod"])?.trim().is_empty() {
        return Ok(BTreeSet::new());
    }
    let text = git(&["show", &format!("{since}:./go.mod")])?;
    let go_mod = gomod::parse_go_mod_lax(&text).map_err(|_| {
        ProbeError::Unusable(Text::new(
            format!("go.mod at {since} cannot be read"),
            format!("{since} 处的 go.mod 无法读取"),
        ))
    })?;
    Ok(go_mod.require.into_iter().map(|require| require.path).collect())
}

/// What the module's code in the module cache reaches for.
fn read(
    world: &World<'_>,
    cache: &str,
    path: &str,
    version: &str,
) -> Result<(Option<Reach>, bool), ProbeError> {
    use gomod::module_path::{escape, escape_version};
    let (Ok(path), Some(version)) = (escape(path), escape_version(version)) else {
        return Ok((None, false));
    };
    let root = format!("{cache}/{path}@{version}");
    if cache.is_empty() || world.system.stat(&root).is_err() {
        return Ok((None, false));
    }
    let mut reach = Reach::default();
    let mut folders = vec![String::new()];
    let (mut seen, mut buffer) = (0_usize, vec![]);
    while let Some(folder) = folders.pop() {
        for name in world.system.list(&format!("{root}{folder}"), MAX_ENTRIES)? {
            seen += 1;
            if seen > MAX_ENTRIES {
                return Ok((Some(reach), false));
            }
            let below = format!("{folder}/{name}");
            let file = name.ends_with(".go");
            if file && !name.ends_with("_test.go") && !name.starts_with(['_', '.']) {
                match world.system.read_into(&format!("{root}{below}"), MAX_FILE, &mut buffer) {
                    Ok(()) => look(below.trim_start_matches('/'), &buffer, &mut reach),
                    Err(err @ (SystemError::TimedOut(_) | SystemError::Cancelled)) => {
                        return Err(err.into());
                    }
                    // A folder called x.go, or a file too large to be source.
                    Err(_) => {}
                }
            } else if !file
                && !matches!(name.as_str(), "testdata" | "vendor")
                && !name.starts_with(['_', '.'])
            {
                let stat = world.system.stat(&format!("{root}{below}"));
                if stat.is_ok_and(|stat| stat.kind == FileKind::Dir) {
                    folders.push(below);
                }
            }
        }
    }
    Ok((Some(reach), true))
}
