//! The modules of a folder: which are required, which are used, their sums.

use super::checkout::{ASK, LIST, MAX_LIST, Package};
use super::program::{by_nature, failed};
use anyhow::Context as _;
use gosnapshot::{Module, Replacement, Unknown};
use goward_system::{Command, OsSystem, System as _};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module, as `go list -m -json` prints it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) version: String,
    pub(super) main: bool,
    pub(super) indirect: bool,
    pub(super) go_version: String,
    pub(super) go_mod: String,
    pub(super) replace: Option<Box<Listed>>,
}

/// A stream of JSON values.
pub(super) fn stream<T: serde::de::DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<T>();
    values.collect::<Result<_, _>>().context("go list -json answers something else than JSON")
}

/// All modules that are required; where the go command cannot list them (no network, a version in a workspace that was
/// never published), those that packages come from.
pub(super) fn modules(
    system: &OsSystem,
    packages: Option<&[Package]>,
    unknown: &mut Vec<Unknown>,
) -> Option<Vec<Listed>> {
    // The vendor folder does not have all of them.
    let args = ["list", "-m", "-mod=readonly", "-json", "all"];
    let command = Command::go(system, args).limit(LIST).keep(MAX_LIST);
    let text = system.run(&command).and_then(|output| output.success(&command));
    let err = match text.map_err(anyhow::Error::from).and_then(|text| stream(&text)) {
        Ok(found) => return Some(found),
        Err(err) => err,
    };
    let Some(packages) = packages else {
        unknown.push(failed("modules", format!("{err:#}")));
        return None;
    };
    let why = format!("only those that packages come from are recorded: {err:#}");
    unknown.push(by_nature("modules", &why));
    let all = packages.iter().filter_map(|it| it.module.clone());
    let by_path: BTreeMap<String, Listed> = all.map(|it| (it.path.clone(), it)).collect();
    Some(by_path.into_values().collect())
}

/// The modules that packages come from.
pub(super) fn used(packages: &[Package]) -> BTreeSet<String> {
    packages.iter().filter_map(|it| Some(it.module.as_ref()?.path.clone())).collect()
}

/// Module and version → sum, of go.sum and go.work.sum.
pub(super) fn sums(
    system: &OsSystem,
    env: &BTreeMap<String, String>,
    unknown: &mut Vec<Unknown>,
) -> BTreeMap<(String, String), String> {
    const LIMIT: u64 = 64 << 20;
    let mut files = vec![];
    let get = |key: &str| env.get(key).map(String::as_str).unwrap_or_default();
    files.push(PathBuf::from(get("GOMOD")).with_extension("sum"));
    if !matches!(get("GOWORK"), "" | "off") {
        files.push(PathBuf::from(format!("{}.sum", get("GOWORK"))));
        // The folders of a workspace have their own.
        let command = Command::go(system, ["list", "-m", "-f", "{{.Dir}}"]).limit(ASK);
        let dirs = system.run(&command).and_then(|output| output.success(&command));
        files.extend(dirs.unwrap_or_default().lines().map(|dir| Path::new(dir).join("go.sum")));
    }
    let mut all = BTreeMap::new();
    for file in files {
        let mut bytes = vec![];
        let name = file.display().to_string();
        match system.read_into(&name, LIMIT, &mut bytes) {
            Ok(()) => {}
            Err(err) if file.is_file() => {
                unknown.push(failed("modules", err.to_string()));
                continue;
            }
            Err(_) => continue,
        }
        match gomod::parse_go_sum(&bytes) {
            Ok(sums) => {
                let zips =
                    sums.lines().iter().filter(|it| !it.go_mod && it.hash.starts_with("h1:"));
                all.extend(zips.map(|it| ((it.path.clone(), it.version.clone()), it.hash.clone())));
            }
            Err(err) => unknown.push(failed("modules", format!("{name}: {err}"))),
        }
    }
    all
}

pub(super) fn module(
    listed: &Listed,
    sums: &BTreeMap<(String, String), String>,
    used: Option<&BTreeSet<String>>,
    folder: &Path,
) -> Module {
    let sum = |path: &str, version: &str| {
        sums.get(&(path.to_owned(), version.to_owned())).cloned().unwrap_or_default()
    };
    let replace = listed.replace.as_ref().map(|it| {
        let local = it.version.is_empty();
        Replacement {
            path: it.path.clone(),
            version: it.version.clone(),
            // Of a folder on the disk its own sum, as of a module's.
            sum: match local {
                true => {
                    let folder = folder.join(&it.path);
                    modcache::hash_dir(&folder, "").map(|tree| tree.h1).unwrap_or_default()
                }
                false => sum(&it.path, &it.version),
            },
        }
    });
    Module {
        path: listed.path.clone(),
        version: match listed.main {
            true => "(devel)".to_owned(),
            false => listed.version.clone(),
        },
        sum: match replace {
            Some(_) => String::new(),
            None => sum(&listed.path, &listed.version),
        },
        replace,
        indirect: Some(listed.indirect),
        used: used.is_none_or(|used| used.contains(&listed.path)),
        go: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn values_stand_one_behind_the_other() {
        let all: Vec<Value> = stream("{\"a\":1}\n{\"b\":2}\n").unwrap();
        assert_eq!(all.len(), 2);
        assert!(stream::<Value>("{\"a\":1}\nno").is_err());
    }
}
