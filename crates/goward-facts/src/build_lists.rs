//! Which versions of which modules the build uses.

use crate::{Fact, GoEnv, GoModFile, ProbeError, World};
use buildlist::{BuildList, Error, GoWorkSetting, Mode, Options};
use goward_model::{Findings, Text};
use overlay::Entry;
use std::path::Path;
use std::sync::Arc;

/// A build list, or why there is none.
#[derive(Clone, Debug)]
pub enum Listed {
    /// The list.
    List(Arc<BuildList>),
    /// The module cache lacks go.mod files that it takes: nothing was downloaded yet.
    NotDownloaded(Text),
    /// Go would refuse to build, and says this.
    Refused(String),
    /// There is no go.mod, or none that can be read: judged elsewhere.
    NoModule,
}

impl Listed {
    /// The list, if there is one.
    pub fn list(&self) -> Option<&BuildList> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// There is nothing to know here.
    Nothing(Text),
    /// It could not be found out: nothing passes for it.
    Unknown(Text),
}

impl Gap {
    /// Says so of a check: that it does not apply, or that it cannot judge.
    pub fn tell(&self, findings: &mut Findings) {
        match self {
            Self::Nothing(why) => findings.not_applicable(why.clone()),
            Self::Unknown(why) => findings.unknown(why.clone()),
        }
    }

    pub(crate) fn no_module() -> Self {
        Self::Nothing(Text::new("there is no go.mod", "没有 go.mod"))
    }
}

/// Which versions of which modules the build uses, by the module cache.
#[derive(Clone, Debug)]
pub struct BuildLists {
    /// As the target is built: in its workspace, if there is one.
    pub build: Listed,
    /// Where the module cache lacks a part of the requirement graph: the modules of the vendor folder, if Go builds from
    /// it, or else those that go.mod itself names. Most builds read no more (lazy loading).
    pub partial: Option<Arc<BuildList>>,
    /// The module by itself, as whoever requires it sees it, and as `go mod tidy` does.
    pub alone: Listed,
}

impl BuildLists {
    /// Go builds nothing here, whatever the module has.
    fn refused(why: &str) -> Self {
        let refused = Listed::Refused(why.to_owned());
        Self { build: refused.clone(), partial: None, alone: refused }
    }
}

impl Fact for BuildLists {
    const NAME: &'static str = "the build list";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let module = world.fact::<GoModFile>()?;
        let env = world.fact::<GoEnv>()?;
        if let Some(why) = env.refuses() {
            return Ok(Self::refused(why));
        }
        let mode = match env.mode() {
            Ok(mode) => mode,
            Err(err) => return Ok(Self::refused(&err.to_string())),
        };
        let none = Self { build: Listed::NoModule, partial: None, alone: Listed::NoModule };
        if module.valid().is_none() || env.get("GOMODCACHE").is_empty() {
            return Ok(none);
        }
        let mut options = Options {
            gomodcache: world.system.on_disk(env.get("GOMODCACHE"))?,
            // The vendor folder is judged by checks of its own.
            mode: Some(Mode::Readonly),
            gowork: GoWorkSetting::Off,
            overlay: world.system.overlay(),
            ..Options::default()
        };
        // Messages name files as the user does: no path of the machine goes into a report.
        let root = std::path::absolute(world.system.on_disk(".")?).unwrap_or_default();
        let root = format!("{}/", root.display());
        let load = |options: &Options| -> Result<Listed, ProbeError> {
            world.system.check_time()?;
            Ok(match buildlist::load(&world.system.on_disk(".")?, options) {
                Ok(list) => Listed::List(Arc::new(list)),
                Err(err) if err.is_inconclusive() => Listed::NotDownloaded(not_downloaded(&err)),
                Err(err) => Listed::Refused(err.to_string().replace(&root, "")),
            })
        };
        // Go itself reads the folder in the place of a module only where somebody imports it (lazy loading).
        let without_gone = |options: &Options| -> Option<Listed> {
            let dir = world.system.on_disk(".").ok()?;
            buildlist::load(&dir, options).err().filter(Error::is_replacement_gone)?;
            Some(Listed::List(Arc::new(buildlist::roots(&dir, options).ok()??)))
        };
        let alone = load(&options)?;
        // Beside the list: whether Go builds from the vendor folder at all, where it is told to.
        let forced = |options: &Options| -> Result<Option<Listed>, ProbeError> {
            let vendored = Options { mode, ..options.clone() };
            Ok(match mode {
                Some(Mode::Vendor) => match load(&vendored)? {
                    refused @ Listed::Refused(_) => Some(refused),
                    _ => None,
                },
                _ => None,
            })
        };
        let work = env.get("GOWORK");
        // A go.work that is not staged is not there.
        let overlay = world.system.overlay();
        let hidden = overlay.find(Path::new(work)) == Some(&Entry::Hidden);
        if work.is_empty() || work == "off" || hidden {
            let gone = match alone {
                Listed::Refused(_) => without_gone(&options),
                _ => None,
            };
            let build = forced(&options)?.or(gone).unwrap_or_else(|| alone.clone());
            let partial = match build {
                Listed::NotDownloaded(_) => partial(&world.system.on_disk(".")?, &options, mode),
                _ => None,
            };
            return Ok(Self { build, partial, alone });
        }
        // A stand-in is read where it is; the folders that it names are relative to what it stands for.
        let stands_in = matches!(overlay.find(Path::new(work)), Some(Entry::File(_)));
        let file = match stands_in {
            true => Ok(work.into()),
            false => std::path::absolute(world.system.on_disk(work)?),
        };
        let file = file.map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        options.gowork = GoWorkSetting::File(file);
        let build = match forced(&options)? {
            Some(refused) => refused,
            None => load(&options)?,
        };
        let partial = match build {
            Listed::NotDownloaded(_) => partial(&world.system.on_disk(".")?, &options, mode),
            _ => None,
        };
        Ok(Self { build, partial, alone })
    }
}

/// See [`BuildLists::partial`]. What is wrong with either is said of the whole list.
fn partial(dir: &Path, options: &Options, mode: Option<Mode>) -> Option<Arc<BuildList>> {
    let as_go = Options { mode, ..options.clone() };
    let vendored = buildlist::load(dir, &as_go).ok().filter(|list| list.mode() == Mode::Vendor);
    let list = match vendored {
        Some(list) => Some(list),
        None if options.gowork == GoWorkSetting::Off => {
            buildlist::roots(dir, options).ok().flatten()
        }
        None => None,
    };
    list.map(Arc::new)
}

/// The list that packages are looked up in: the vendor folder's where Go builds from it; or why there is none.
pub(crate) fn known<'l>(
    vendor: Option<&'l BuildList>,
    listed: &'l Listed,
) -> Result<&'l BuildList, Gap> {
    match (vendor, listed) {
        (Some(list), _) => Ok(list),
        (None, Listed::List(list)) => Ok(list),
        (None, Listed::NotDownloaded(why)) => Err(Gap::Unknown(why.clone())),
        // `build-list` says what Go refuses.
        (None, Listed::NoModule | Listed::Refused(_)) => {
            Err(Gap::Nothing(Text::new("there is no build list", "没有构建列表")))
        }
    }
}

fn not_downloaded(err: &Error) -> Text {
    Text::new(
        format!("the module cache does not have all go.mod files (run `go mod download`): {err}"),
        format!("模块缓存中缺少部分 go.mod（请运行 `go mod download`）：{err}"),
    )
}
