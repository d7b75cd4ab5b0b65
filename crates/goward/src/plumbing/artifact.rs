//! `goward plumbing artifact`: what is in a program, as JSON lines.

use crate::console::Console;
use crate::inspect::document::document;
use crate::inspect::pdb;
use goward_model::ExitStatus;
use serde_json::Value;
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
        let looked = pdb::look(file, artifact, None);
        let levels = goartifact::levels_with(artifact, looked.as_ref().and_then(pdb::Looked::own));
        let mut line = document(file, artifact, &levels, looked.as_ref())?;
        if let (Value::Object(fields), Some(sizes)) = (&mut line, sizes.get(at)) {
            fields.insert("sizes".into(), serde_json::to_value(sizes)?);
        }
        console.print(&(line.to_string() + "\n"))?;
    }
    Ok(ExitStatus::Open)
}
