//! `goward plumbing build-info`: how a program was built, in the shape of `go version -m -json`.

use crate::console::Console;
use goartifact::{BuildInfo, Module};
use goward_model::ExitStatus;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A line per architecture; exit status 1 where one does not say how it was built.
pub(super) fn run(file: &Path, console: &Console) -> anyhow::Result<ExitStatus> {
    let infos = match goartifact::build_infos(file) {
        Ok(infos) => infos,
        Err(err) => {
            console.refuse(&crate::inspect::named(file, &err));
            return Ok(ExitStatus::Closed);
        }
    };
    let mut status = ExitStatus::Open;
    for info in infos {
        match info {
            Some(info) => console.print(&(build_info(&info).to_string() + "\n"))?,
            None => {
                console.refuse(&format!(
                    "{}: no build info: it is no Go program, or it is packed, or was stripped of it",
                    file.display()
                ));
                status = ExitStatus::Closed;
            }
        }
    }
    Ok(status)
}

/// `runtime/debug.BuildInfo`, whose fields are left out where they are empty.
fn build_info(info: &BuildInfo) -> Value {
    let mut all = fields(&[
        ("GoVersion", &info.go_version),
        ("Path", info.path.as_deref().unwrap_or_default()),
    ]);
    all.insert("Main".into(), info.main.as_ref().map_or(json!({}), module));
    let deps: Vec<Value> = info.deps.iter().map(module).collect();
    let settings = info.settings.iter();
    let settings: Vec<Value> = settings
        .map(|it| Value::Object(fields(&[("Key", &it.key), ("Value", &it.value)])))
        .collect();
    for (name, list) in [("Deps", deps), ("Settings", settings)] {
        if !list.is_empty() {
            all.insert(name.into(), list.into());
        }
    }
    Value::Object(all)
}

fn module(module: &Module) -> Value {
    let mut all =
        fields(&[("Path", &module.path), ("Version", &module.version), ("Sum", &module.sum)]);
    if let Some(replacement) = &module.replace {
        all.insert("Replace".into(), self::module(replacement));
    }
    Value::Object(all)
}

/// Those that are not empty.
fn fields(all: &[(&str, &str)]) -> Map<String, Value> {
    let there = all.iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
}
