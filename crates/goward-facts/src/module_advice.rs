//! What the authors of the required modules say of them: retractions and deprecations.

use crate::module_proxy::ModuleProxy;
use crate::{Fact, GoEnv, GoModFile, ProbeError, World};
use gomod::semver;
use goward_model::Text;
use goward_system::SystemError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More versions of one module than a cache holds.
const MAX_FILES: usize = 200_000;
/// `x/mod/zip.MaxGoMod`: Go reads no larger go.mod.
const MAX_GO_MOD: u64 = 16 << 20;
/// Requests at once, when online.
const REQUESTS: usize = 16;

/// What is said of one requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// The required module (behind a `replace`, the replacement).
    pub path: String,
    /// The required version.
    pub version: String,
    /// The version whose go.mod says it.
    pub latest: String,
    /// Why the required version is retracted (empty: no reason is given); `None` where it is not.
    pub retracted: Option<String>,
    /// Why the module is deprecated.
    pub deprecated: Option<String>,
}

/// What the authors of the required modules say of them.
///
/// Go reads both in the go.mod file of a module's latest version. Offline that is the latest in the
/// module cache; `integrity.online` asks the proxy.
#[derive(Clone, Debug, Default)]
pub struct ModuleAdvice {
    /// One for each requirement of which any go.mod was found, in the order of go.mod.
    pub advice: Vec<Advice>,
    /// How many requirements there are.
    pub asked: usize,
    /// What could not be asked, when online.
    pub failed: Vec<(String, ProbeError)>,
}

impl Fact for ModuleAdvice {
    const NAME: &'static str = "retractions and deprecations";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let module = world.fact::<GoModFile>()?;
        let env = world.fact::<GoEnv>()?;
        let Some(go_mod) = module.valid() else { return Ok(Self::default()) };
        let wanted: Vec<(&str, &str)> = go_mod
            .require
            .iter()
            .filter_map(|require| {
                match crate::replacement_of(go_mod, &require.path, &require.version) {
                    None => Some((require.path.as_str(), require.version.as_str())),
                    Some(gomod::Replacement::Module(new)) => {
                        Some((new.path.as_str(), new.version.as_str()))
                    }
                    Some(gomod::Replacement::Directory(_)) => None,
                }
            })
            .collect();
        let proxy = world.settings.integrity.online.then(|| ModuleProxy::of(&env));
        let seeker = Seeker { world, cache: env.get("GOMODCACHE"), proxy };
        let mut all = Self { asked: wanted.len(), ..Self::default() };
        for (index, found) in seeker.all(&wanted)? {
            match found {
                Ok(advice) => all.advice.extend(advice),
                Err(why) => {
                    all.failed.extend(wanted.get(index).map(|(path, _)| ((*path).to_owned(), why)));
                }
            }
        }
        Ok(all)
    }
}

struct Seeker<'a> {
    world: &'a World<'a>,
    cache: &'a str,
    proxy: Option<ModuleProxy>,
}

type Found = Result<Option<Advice>, ProbeError>;

impl Seeker<'_> {
    /// Asks for each, several at a time; in the order in which they were wanted.
    fn all(&self, wanted: &[(&str, &str)]) -> Result<Vec<(usize, Found)>, ProbeError> {
        let next = AtomicUsize::new(0);
        let found = Mutex::new(vec![]);
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some((path, version)) = wanted.get(index) else { break };
                let one = self.one(path, version);
                let stop = matches!(
                    one,
                    Err(ProbeError::System(SystemError::TimedOut(_) | SystemError::Cancelled))
                ) && self.world.system.check_time().is_err();
                if let Ok(mut found) = found.lock() {
                    found.push((index, one));
                }
                if stop {
                    break;
                }
            }
        };
        let threads = if self.proxy.is_some() { REQUESTS } else { 2 };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(wanted.len()) {
                scope.spawn(work);
            }
            work();
        });
        self.world.system.check_time()?;
        let mut found = found.into_inner().unwrap_or_default();
        found.sort_by_key(|(index, _)| *index);
        Ok(found)
    }

    fn one(&self, path: &str, version: &str) -> Found {
        let latest = match &self.proxy {
            Some(proxy) if !proxy.is_private(path) => Some(self.latest_of_proxy(proxy, path)?),
            _ => self.latest_of_cache(path)?,
        };
        let Some((latest, go_mod)) = latest else { return Ok(None) };
        let go_mod = gomod::parse_go_mod_lax(&go_mod).map_err(|_| {
            ProbeError::Unusable(Text::new(
                format!("Go cannot read the go.mod of the latest version, {latest}"),
                format!("Go 无法读取最新版本 {latest} 的 go.mod"),
            ))
        })?;
        let covers = |retract: &&gomod::Retract| {
            semver::compare(&retract.low, version).is_le()
                && semver::compare(version, &retract.high).is_le()
        };
        let retracted = go_mod.retract.iter().find(covers);
        Ok(Some(Advice {
            path: path.to_owned(),
            version: version.to_owned(),
            latest,
            retracted: retracted.map(|retract| retract.rationale.clone()),
            deprecated: go_mod.module.and_then(|module| module.deprecated),
        }))
    }

    /// The latest version in the module cache, and its go.mod.
    fn latest_of_cache(&self, path: &str) -> Result<Option<(String, Vec<u8>)>, ProbeError> {
        let Ok(escaped) = gomod::module_path::escape(path) else { return Ok(None) };
        if self.cache.is_empty() {
            return Ok(None);
        }
        let folder = format!("{}/cache/download/{escaped}/@v", self.cache);
        let names = match self.world.system.list(&folder, MAX_FILES) {
            Ok(names) => names,
            Err(SystemError::NotFound(_)) => return Ok(None),
            Err(err) => return Err(err.into()),
        };
        let versions = names.iter().filter_map(|name| unescape(name.strip_suffix(".mod")?));
        let Some(latest) = latest(versions) else { return Ok(None) };
        let Some(file) = gomod::module_path::escape_version(&latest) else { return Ok(None) };
        let bytes = self.world.system.read(&format!("{folder}/{file}.mod"), MAX_GO_MOD)?;
        Ok(Some((latest, bytes)))
    }

    /// The latest version of the proxy, and its go.mod.
    fn latest_of_proxy(
        &self,
        proxy: &ModuleProxy,
        path: &str,
    ) -> Result<(String, Vec<u8>), ProbeError> {
        let fetch = |suffix: &str, limit| proxy.fetch(self.world, path, suffix, limit);
        let list = String::from_utf8_lossy(&fetch("/@v/list", 16 << 20)?).into_owned();
        let of_list = latest(
            list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned),
        );
        let latest = match of_list {
            Some(latest) => latest,
            // A module that never released anything.
            None => {
                let info: serde_json::Value =
                    serde_json::from_slice(&fetch("/@latest", 1 << 20)?).unwrap_or_default();
                info["Version"].as_str().unwrap_or_default().to_owned()
            }
        };
        let file = gomod::module_path::escape_version(&latest).unwrap_or_default();
        let go_mod = fetch(&format!("/@v/{file}.mod"), MAX_GO_MOD)?;
        Ok((latest, go_mod))
    }
}

/// The latest version as Go understands it: the highest release, else the highest pre-release
/// (`modload.queryModule` for "latest"). A `+incompatible` version counts only where nothing else is.
fn latest(versions: impl Iterator<Item = String>) -> Option<String> {
    let rank = |version: &str| {
        let compatible = semver::build(version) != Some("+incompatible");
        let release = semver::prerelease(version) == Some("");
        (compatible, release)
    };
    versions
        .filter(|version| semver::is_valid(version))
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| semver::compare(a, b)))
}

/// A version's name in the module cache: `!a` stands for `A`.
fn unescape(name: &str) -> Option<String> {
    let mut version = String::with_capacity(name.len());
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        version.push(if c == '!' { chars.next()?.to_ascii_uppercase() } else { c });
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::{latest, unescape};

    #[test]
    fn the_latest_version_is_the_one_that_go_takes() {
        for (versions, expected) in [
            ("v1.0.0 v1.10.0 v1.9.0", "v1.10.0"),
            ("v1.0.0 v1.1.0-rc.1", "v1.0.0"),
            (
                "v0.0.0-20240102030405-0123456789ab v0.0.0-20230102030405-0123456789ab",
                "v0.0.0-20240102030405-0123456789ab",
            ),
            ("v1.0.0 v2.0.0+incompatible", "v1.0.0"),
            ("v2.0.0+incompatible", "v2.0.0+incompatible"),
            ("nonsense", ""),
        ] {
            let found = latest(versions.split(' ').map(str::to_owned));
            assert_eq!(found.unwrap_or_default(), expected, "{versions}");
        }
    }

    #[test]
    fn names_of_the_cache_are_unescaped() {
        assert_eq!(unescape("v1.0.0-!r!c1").as_deref(), Some("v1.0.0-RC1"));
        assert_eq!(unescape("v1.0.0!"), None);
    }
}
