//! The forms that `go mod edit -json` and `go work edit -json` print (`edit.go` in `cmd/go/internal/modcmd` and
//! `workcmd`), and like ones for files that Go prints in none.

use crate::go_mod::{GoMod, Replace, Replacement};
use crate::go_work::GoWork;
use crate::sum::GoSum;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::hash::Hash;

impl GoMod {
    /// The value that `go mod edit -json` prints: empty lists are null, `Module` is there even without a directive,
    /// entries with an empty path, key or version are left out (`modfile.File.Cleanup`), and so are repeated `exclude`,
    /// `tool` and `ignore` directives and all but the last `replace` of a module (`modfile.File.SortBlocks`).
    pub fn to_json(&self) -> Value {
        let mut file = Map::new();
        let mut put = |key: &str, value| file.insert(key.to_owned(), value);
        let module = self.module.as_ref();
        let path = module.map_or("", |module| &module.path);
        let deprecated = module.and_then(|module| module.deprecated.as_deref()).unwrap_or_default();
        put("Module", object(&[("Path", path)], &[("Deprecated", deprecated)]));
        if let Some(go) = &self.go {
            put("Go", Value::from(go.version.as_str()));
        }
        if let Some(toolchain) = &self.toolchain {
            put("Toolchain", Value::from(toolchain.name.as_str()));
        }
        let godebug = self.godebug.iter().filter(|one| !one.key.is_empty());
        let godebug =
            list(godebug.map(|one| object(&[("Key", &one.key), ("Value", &one.value)], &[])));
        if !godebug.is_null() {
            put("GoDebug", godebug);
        }
        put("Require", self.require_json());
        let exclude = first(self.exclude.iter(), |one| (&one.path, &one.version));
        let exclude = exclude.filter(|one| !one.path.is_empty());
        put("Exclude", list(exclude.map(|one| module_version(&one.path, &one.version))));
        put("Replace", replace_json(&self.replace));
        let retract =
            self.retract.iter().filter(|one| !(one.low.is_empty() && one.high.is_empty()));
        put(
            "Retract",
            list(retract.map(|one| {
                let (low, high) = (one.low.as_str(), one.high.as_str());
                object(&[], &[("Low", low), ("High", high), ("Rationale", &one.rationale)])
            })),
        );
        let tool = first(self.tool.iter(), |one| &one.path);
        put("Tool", list(tool.map(|one| object(&[("Path", &one.path)], &[]))));
        let ignore = first(self.ignore.iter(), |one| &one.path);
        put("Ignore", list(ignore.map(|one| object(&[("Path", &one.path)], &[]))));
        Value::Object(file)
    }

    fn require_json(&self) -> Value {
        let require = self.require.iter().filter(|one| !one.path.is_empty());
        list(require.map(|one| {
            let mut value = module_version(&one.path, &one.version);
            if let (Value::Object(fields), true) = (&mut value, one.indirect) {
                fields.insert("Indirect".to_owned(), Value::Bool(true));
            }
            value
        }))
    }
}

impl GoWork {
    /// The value that `go work edit -json` prints. As of Go 1.26 this is without `toolchain` and `godebug`, though its
    /// help names them; of several `replace` directives for one module the last counts, and empty lists are null.
    pub fn to_json(&self) -> Value {
        let mut file = Map::new();
        if let Some(go) = &self.go {
            file.insert("Go".to_owned(), Value::from(go.version.as_str()));
        }
        let uses = self.uses.iter().filter(|one| !one.path.is_empty());
        let uses = list(uses.map(|one| object(&[("DiskPath", &one.path)], &[])));
        file.insert("Use".to_owned(), uses);
        file.insert("Replace".to_owned(), replace_json(&self.replace));
        Value::Object(file)
    }
}

impl GoSum {
    /// The lines in their order, as `[{"Path","Version","GoMod","Hash","Line"}]`.
    pub fn to_json(&self) -> Value {
        let lines = self.lines().iter();
        Value::Array(
            lines
                .map(|one| {
                    json!({
                        "Path": one.path,
                        "Version": one.version,
                        "GoMod": one.go_mod,
                        "Hash": one.hash,
                        "Line": one.line,
                    })
                })
                .collect(),
        )
    }
}

/// The items whose key has not come before.
fn first<'a, T: 'a, K: Eq + Hash>(
    items: impl Iterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> impl Iterator<Item = &'a T> {
    let mut seen = HashSet::new();
    items.filter(move |one| seen.insert(key(one)))
}

fn replace_json(all: &[Replace]) -> Value {
    let mut last: Vec<&Replace> =
        first(all.iter().rev(), |one| (&one.path, &one.version)).collect();
    last.reverse();
    list(last.into_iter().filter(|one| !one.path.is_empty()).map(|one| {
        let new = match &one.new {
            Replacement::Module(new) => module_version(&new.path, &new.version),
            Replacement::Directory(path) => module_version(path, ""),
        };
        let old = module_version(&one.path, one.version.as_deref().unwrap_or_default());
        Value::Object(Map::from_iter([("Old".to_owned(), old), ("New".to_owned(), new)]))
    }))
}

fn module_version(path: &str, version: &str) -> Value {
    object(&[("Path", path)], &[("Version", version)])
}

/// An object of fields that are always there, and of some that are left out when empty.
fn object(always: &[(&str, &str)], unless_empty: &[(&str, &str)]) -> Value {
    let some = unless_empty.iter().filter(|(_, value)| !value.is_empty());
    let fields = always.iter().chain(some);
    Value::Object(fields.map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect())
}

/// A list as Go prints a slice, which is null when there is nothing in it.
fn list(items: impl Iterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.collect();
    if items.is_empty() { Value::Null } else { Value::Array(items) }
}
