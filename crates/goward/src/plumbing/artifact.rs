//! `goward plumbing artifact`: what is in a program, as JSON lines.

use crate::console::Console;
use goward_model::ExitStatus;
use serde_json::{Value, json};
use std::path::Path;

/// A line per architecture; exit status 1 where it cannot be read.
pub(super) fn run(file: &Path, sizes: bool, console: &Console) -> anyhow::Result<ExitStatus> {
    let read = || -> Result<_, goartifact::Error> {
        let sizes = if sizes { goartifact::size::sizes(file)? } else { vec![] };
        Ok((goartifact::read(file)?, sizes))
    };
    let (artifacts, sizes) = match read() {
        Ok(read) => read,
        Err(err) => {
            console.refuse(&crate::inspect::named(file, &err));
            return Ok(ExitStatus::Closed);
        }
    };
    for (at, artifact) in artifacts.iter().enumerate() {
        let mut line = serde_json::to_value(artifact)?;
        if let Value::Object(fields) = &mut line {
            let looked = crate::inspect::pdb::look(file, artifact, None);
            let own = looked.as_ref().and_then(crate::inspect::pdb::Looked::own);
            let levels = goartifact::levels_with(artifact, own);
            if let Some(looked) = &looked {
                fields.insert("pdb".into(), crate::inspect::pdb::json(looked, artifact));
            }
            fields.insert("levels".into(), serde_json::to_value(levels)?);
            fields.insert(
                "functions".into(),
                json!(artifact.functions.as_ref().map(|table| table.functions.len())),
            );
            if let Some(sizes) = sizes.get(at) {
                fields.insert("sizes".into(), serde_json::to_value(sizes)?);
            }
        }
        console.print(&(line.to_string() + "\n"))?;
    }
    Ok(ExitStatus::Open)
}
