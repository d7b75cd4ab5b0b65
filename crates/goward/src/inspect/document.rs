//! What is in a program, as JSON: a line of `goward plumbing artifact`, and of a report the field `artifacts`.

use super::pdb::{self, Looked};
use goartifact::{Artifact, Level};
use serde_json::{Value, json};
use std::path::Path;

/// Build info, levels, PDB; nothing that is not in the program or beside it.
pub(crate) fn document(
    file: &Path,
    artifact: &Artifact,
    levels: &[Level],
    looked: Option<&Looked>,
) -> anyhow::Result<Value> {
    let mut document = serde_json::to_value(artifact)?;
    if let Value::Object(fields) = &mut document {
        if let Some(looked) = looked {
            fields.insert("pdb".into(), pdb::json(looked, artifact));
        }
        fields.insert("path".into(), json!(file.to_string_lossy()));
        fields.insert("levels".into(), serde_json::to_value(levels)?);
        let functions = artifact.functions.as_ref().map(|table| table.functions.len());
        fields.insert("functions".into(), json!(functions));
    }
    Ok(document)
}
