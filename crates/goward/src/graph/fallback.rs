//! Where our own loader cannot be sure, the go command is asked, and that is said.

use super::{GoContext, GoTree, Wanted};
use crate::console::Console;
use anyhow::Context as _;
use buildlist::BuildList;
use gopackages::{ErrorKind, PatternError};
use goward_system::{Command, OsSystem, System as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// `go list -json` of Kubernetes has 200 MB.
pub(super) const MAX_OUTPUT: usize = 1 << 30;
/// A cold cache on a slow disk.
pub(super) const LIMIT: Duration = Duration::from_secs(600);

/// The go command was asked, and could not say it: the answer is open.
#[derive(Debug)]
pub(crate) struct NoListing(pub(super) String);

impl std::fmt::Display for NoListing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoListing {}

/// Whether packages are to be asked of another program, which the go command itself does not know.
pub(crate) fn driver(dir: &Path) -> Option<String> {
    let driver = OsSystem::at(dir).env("GOPACKAGESDRIVER").unwrap_or_default();
    (!matches!(driver.as_str(), "" | "off")).then(|| "GOPACKAGESDRIVER is set".to_owned())
}

/// Whether go list may know what our own loader does not: modules that are not downloaded, folders that are not there,
/// and what a later go.mod says.
fn asks_go(error: &buildlist::Error) -> bool {
    error.is_inconclusive()
        || error.is_replacement_gone()
        || matches!(error, buildlist::Error::Parse { .. })
}

/// What is said of a main module that wants a newer go command than there is: that one refuses, or fetches another.
pub(super) fn too_new(list: &BuildList, version: &str) -> Option<String> {
    let have = version.split(' ').next()?.strip_prefix("go")?;
    let newer = |line: &str| gomod::go_version::compare(line, have).is_gt();
    let mut mains = list.modules().iter().filter(|module| module.is_main());
    let (path, line) = mains.find_map(|module| {
        let line = module.go_version.as_deref().filter(|line| newer(line))?;
        Some((&module.path, line))
    })?;
    Some(format!("go.mod of {path} asks for go {line}, and this is go {have}"))
}

impl GoTree {
    /// Loads what patterns match, without any `./...`. Where our own loader cannot be sure, the go command is asked, and
    /// that is said.
    pub(crate) fn load(dir: &Path, wanted: &Wanted<'_>, console: &Console) -> anyhow::Result<Self> {
        if let Some(why) = driver(dir) {
            console.warn(&anyhow::anyhow!("{why}: asking go list"));
            return Self::ask_go(dir, wanted);
        }
        let context = GoContext::ask(dir, &Arc::default());
        if let Some(why) = context.as_ref().ok().and_then(GoContext::unmodelled) {
            console.warn(&anyhow::anyhow!("{why}: asking go list"));
            return Self::ask_go(dir, wanted);
        }
        let native = context.and_then(|context| context.matched(wanted));
        if let Some(why) =
            native.as_ref().ok().and_then(|it| it.refused().or_else(|| it.known_to_go()))
        {
            let listed = Self::ask_go(dir, wanted).with_context(|| why.clone())?;
            console.warn(&anyhow::anyhow!("{why}; go list was asked instead"));
            return Ok(listed);
        }
        // A folder that is none, and a go command that is none, will not be there for go list either.
        let is_absent = |err: &PatternError| matches!(err, PatternError::NotDownloaded(..));
        let may_know = |err: &anyhow::Error| {
            err.downcast_ref::<buildlist::Error>().is_some_and(asks_go)
                || err.downcast_ref::<PatternError>().is_some_and(is_absent)
        };
        let why = match &native {
            Ok(tree) => tree.absent(),
            Err(err) => may_know(err).then(|| err.to_string()),
        };
        let Some(why) = why else { return native };
        match (Self::ask_go(dir, wanted), native) {
            (Ok(tree), _) => {
                console.warn(&anyhow::anyhow!("{why}; go list was asked instead"));
                Ok(tree)
            }
            (Err(said), Ok(tree)) => {
                console.warn(&anyhow::anyhow!("{why}; go list cannot say it either ({said})"));
                Ok(tree)
            }
            (Err(said), Err(err)) => {
                let said = format!("go list cannot say it either ({said})");
                Err(err.context(NoListing(said)))
            }
        }
    }

    /// What is said of the first package whose module is not downloaded.
    pub(super) fn absent(&self) -> Option<String> {
        let errors = self.packages.iter().filter_map(|(_, package)| package.error.as_ref());
        let mut absent = errors.filter(|error| error.kind == ErrorKind::NotDownloaded);
        absent.next().map(|error| error.message.clone())
    }

    /// The packages as the go command lists them.
    fn ask_go(dir: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
        let mut args = vec!["list", "-e", "-deps", "-json"];
        args.extend(wanted.tests.then_some("-test"));
        // What begins like a flag is a pattern all the same.
        args.push("--");
        match wanted.patterns {
            [] => args.push("./..."),
            patterns => args.extend(patterns.iter().map(String::as_str)),
        }
        let system = OsSystem::at(&dir);
        let command = Command::go(&system, args).limit(LIMIT).keep(MAX_OUTPUT);
        let output = system.run(&command)?;
        let printed = output.success(&command).map_err(|err| NoListing(err.to_string()))?;
        Self::of_go(dir, printed)
    }
}
