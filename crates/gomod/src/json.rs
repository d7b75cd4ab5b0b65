//! The form that `go mod edit -json` prints (`cmd/go/internal/modcmd/edit.go`).

use crate::go_mod::{GoMod, Replacement};
use serde_json::{Map, Value};

impl GoMod {
    /// The value that `go mod edit -json` prints: empty lists are null, `Module` is there even without a directive, and
    /// entries with an empty path, key or version are left out (`modfile.File.Cleanup`).
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
        let exclude = self.exclude.iter().filter(|one| !one.path.is_empty());
        put("Exclude", list(exclude.map(|one| module_version(&one.path, &one.version))));
        put("Replace", self.replace_json());
        let retract =
            self.retract.iter().filter(|one| !(one.low.is_empty() && one.high.is_empty()));
        put(
            "Retract",
            list(retract.map(|one| {
                let (low, high) = (one.low.as_str(), one.high.as_str());
                object(&[], &[("Low", low), ("High", high), ("Rationale", &one.rationale)])
            })),
        );
        put("Tool", list(self.tool.iter().map(|one| object(&[("Path", &one.path)], &[]))));
        put("Ignore", list(self.ignore.iter().map(|one| object(&[("Path", &one.path)], &[]))));
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

    fn replace_json(&self) -> Value {
        let replace = self.replace.iter().filter(|one| !one.path.is_empty());
        list(replace.map(|one| {
            let new = match &one.new {
                Replacement::Module(new) => module_version(&new.path, &new.version),
                Replacement::Directory(path) => module_version(path, ""),
            };
            let old = module_version(&one.path, one.version.as_deref().unwrap_or_default());
            Value::Object(Map::from_iter([("Old".to_owned(), old), ("New".to_owned(), new)]))
        }))
    }
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
