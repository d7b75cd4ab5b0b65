//! `goward graph verify`: the package graph, held against `go list` on the user's own tree.

use super::fallback::{LIMIT, MAX_OUTPUT, NoListing};
use super::{GoContext, Wanted};
use crate::console::Console;
use crate::printable;
use anyhow::Context as _;
use goward_model::{ExitStatus, Lang};
use goward_system::{Command, OsSystem, System as _};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What of a package is compared: all that is modelled.
const FIELDS: [&str; 33] = [
    "Doc",
    "Dir",
    "Name",
    "ForTest",
    "Standard",
    "DepOnly",
    "Incomplete",
    "GoFiles",
    "CgoFiles",
    "IgnoredGoFiles",
    "InvalidGoFiles",
    "IgnoredOtherFiles",
    "CFiles",
    "CXXFiles",
    "MFiles",
    "HFiles",
    "FFiles",
    "SFiles",
    "SwigFiles",
    "SwigCXXFiles",
    "SysoFiles",
    "TestGoFiles",
    "XTestGoFiles",
    "EmbedPatterns",
    "EmbedFiles",
    "Imports",
    "ImportMap",
    "Deps",
    "TestImports",
    "XTestImports",
    "Error",
    "DepsErrors",
    "Module",
];
/// Differences that are shown; all are counted.
const SHOWN: usize = 50;

type Objects = BTreeMap<String, Map<String, Value>>;

pub(super) fn run(
    dir: &Path,
    patterns: &[String],
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
    let mut args = vec!["list", "-e", "-deps", "-test", "-json"];
    // What begins like a flag is a pattern all the same.
    args.push("--");
    match patterns {
        [] => args.push("./..."),
        patterns => args.extend(patterns.iter().map(String::as_str)),
    }
    let wanted = Wanted { patterns, tests: true, profiles: true, imports_only: false };
    let context = || GoContext::ask(&dir, &Arc::default());
    let not_compared = |why: &str| {
        console.refuse(&match console.lang {
            Lang::En => format!("{why}: goward asks go list there, so there is nothing to compare"),
            Lang::Zh => format!("{why}：此时 goward 直接询问 go list，没有可比较的内容"),
        });
        Ok(ExitStatus::Inconclusive)
    };
    if let Some(why) = super::fallback::driver(&dir) {
        return not_compared(&why);
    }
    if let Some(why) = context()?.unmodelled() {
        return not_compared(&why);
    }
    // Go first: it downloads what is missing.
    let command = Command::go(&OsSystem::at(&dir), args).env("GOTOOLCHAIN", context()?.toolchain());
    let command = command.limit(LIMIT).keep(MAX_OUTPUT);
    let output = OsSystem::at(&dir).run(&command)?;
    let printed = output.success(&command).map_err(|err| NoListing(err.to_string()))?;
    let theirs = serde_json::Deserializer::from_str(&printed).into_iter::<Map<String, Value>>();
    let theirs = by_name(theirs.collect::<Result<Vec<_>, _>>()?);
    // By what is remembered, as every other command loads them; then by the files alone.
    let mut found = BTreeSet::new();
    for context in [context()?, context()?.reading()] {
        let tree = context.matched(&wanted)?;
        if let Some(why) = tree.refused().or_else(|| tree.known_to_go()).or_else(|| tree.absent()) {
            return not_compared(&why);
        }
        let list = tree.loaded().map(|loaded| &loaded.list).context("nothing was loaded")?;
        let ours = tree.packages.to_json(list).filter_map(|package| match package {
            Value::Object(object) => Some(object),
            _ => None,
        });
        found.extend(differences(&theirs, &by_name(ours.collect())));
    }
    let count = found.len();
    let mut text: String = found.into_iter().take(SHOWN).collect();
    let (packages, fields) = (theirs.len(), FIELDS.len());
    text += &match console.lang {
        Lang::En => {
            format!("{packages} packages, {fields} fields each: {count} differences from go list\n")
        }
        Lang::Zh => {
            format!("{packages} 个包，每个 {fields} 个字段：与 go list 有 {count} 处差异\n")
        }
    };
    console.print(&printable::lines(&text))?;
    Ok(if count == 0 { ExitStatus::Open } else { ExitStatus::Closed })
}

fn by_name(packages: Vec<Map<String, Value>>) -> Objects {
    let named = packages.into_iter().filter_map(|package| {
        let name = package.get("ImportPath")?.as_str()?.to_owned();
        Some((name, package))
    });
    named.collect()
}

fn differences(theirs: &Objects, ours: &Objects) -> Vec<String> {
    let mut all = vec![];
    for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
        all.push(format!("{name}: go list does not have it\n"));
    }
    for (name, their) in theirs {
        let Some(our) = ours.get(name) else {
            all.push(format!("{name}: only go list has it\n"));
            continue;
        };
        for field in FIELDS {
            // The main program of a test is a file in Go's build cache.
            if field == "GoFiles" && name.ends_with(".test") {
                continue;
            }
            let (their, our) =
                (comparable(field, their.get(field)), comparable(field, our.get(field)));
            if their != our {
                let shown = |value: &Value| {
                    if value.is_null() { "nothing".to_owned() } else { value.to_string() }
                };
                all.push(format!(
                    "{name} {field}\n  go list: {}\n  goward:  {}\n",
                    shown(&their),
                    shown(&our)
                ));
            }
        }
    }
    all
}

/// A field as it can be compared.
fn comparable(field: &str, value: Option<&Value>) -> Value {
    let Some(value) = value else { return Value::Null };
    match (field, value) {
        // Of one package Go orders several errors by chance.
        ("DepsErrors", Value::Array(errors)) => {
            let mut errors = errors.clone();
            errors.sort_by_key(ToString::to_string);
            Value::Array(errors)
        }
        // More of a module stands in its own list.
        ("Module", Value::Object(module)) => {
            let keep =
                |key: &&str| module.get(*key).cloned().map(|value| ((*key).to_owned(), value));
            let mut kept: Map<String, Value> =
                ["Path", "Version", "Main"].iter().filter_map(keep).collect();
            if let Some(Value::Object(new)) = module.get("Replace") {
                let keep =
                    |key: &&str| new.get(*key).cloned().map(|value| ((*key).to_owned(), value));
                let new: Map<String, Value> = ["Path", "Version"].iter().filter_map(keep).collect();
                kept.insert("Replace".to_owned(), Value::Object(new));
            }
            Value::Object(kept)
        }
        _ => value.clone(),
    }
}
