//! The modules of a program as a software bill of materials: CycloneDX 1.6, JSON.
//!
//! It is the same each time for the same program: its serial number follows from the program's hash,
//! and its time is the commit's, where the build knows it.

use super::supply::{Part, hex, parts, purl, std};
use goartifact::{BuildInfo, Module};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn sbom(info: &BuildInfo, sha256: &[u8; 32]) -> Value {
    let main = info.main.clone().unwrap_or_default();
    let name = info.path.clone().unwrap_or_else(|| main.path.clone());
    let root = format!(
        "{}#{}",
        purl(&main).unwrap_or_else(|| "program".into()),
        hex(sha256.get(..8).unwrap_or_default())
    );
    let mut program = json!({
        "type": "application",
        "bom-ref": root,
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": hex(sha256)}],
        "properties": info.settings.iter()
            .map(|setting| property(&format!("goward:go:build:{}", setting.key), &setting.value))
            .collect::<Vec<_>>(),
    });
    if !main.version.is_empty() {
        set(&mut program, "version", main.version.clone());
    }
    if let Some(purl) = purl(&main) {
        set(&mut program, "purl", purl);
    }
    // Two requirements may lead to one replacement: a component stands once.
    let library = std(info);
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    let (reference, component) = component(&Part { built: &library, instead_of: None });
    components.insert(reference, component);
    for part in parts(info) {
        let (reference, component) = self::component(&part);
        components.entry(reference).or_insert(component);
    }
    let references: Vec<&String> = components.keys().collect();
    let mut dependencies = vec![json!({"ref": root, "dependsOn": references})];
    dependencies.extend(references.iter().map(|reference| json!({"ref": reference})));
    let mut metadata = json!({
        "tools": {"components": [{"type": "application", "name": "goward", "version": env!("CARGO_PKG_VERSION")}]},
        "component": program,
    });
    if let Some(time) =
        info.setting("vcs.time").filter(|time| time.parse::<jiff::Timestamp>().is_ok())
    {
        set(&mut metadata, "timestamp", time.to_owned());
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial(sha256),
        "version": 1,
        "metadata": metadata,
        "components": components.into_values().collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}

/// A module; what identifies it comes first.
fn component(part: &Part<'_>) -> (String, Value) {
    let Module { path, version, sum, .. } = part.built;
    let reference = purl(part.built).unwrap_or_else(|| format!("folder:{path}"));
    let mut component = json!({"type": "library", "bom-ref": reference, "name": path});
    if !version.is_empty() {
        set(&mut component, "version", version.clone());
    }
    if let Some(purl) = purl(part.built) {
        set(&mut component, "purl", purl);
    }
    let mut properties = vec![];
    if !sum.is_empty() {
        // No hash of a file, so it is none of the component's hashes.
        properties.push(property("goward:go:dirhash-h1", sum));
    }
    if let Some(required) = part.instead_of {
        properties.push(property(
            "goward:go:replaces",
            &format!("{}@{}", required.path, required.version),
        ));
    }
    if let Value::Object(fields) = &mut component
        && !properties.is_empty()
    {
        fields.insert("properties".into(), properties.into());
    }
    (reference, component)
}

fn property(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

fn set(value: &mut Value, key: &str, text: String) {
    if let Value::Object(fields) = value {
        fields.insert(key.to_owned(), text.into());
    }
}

/// A UUID of version 8 (RFC 9562: by the maker's own rule): the first bytes of the hash.
fn serial(sha256: &[u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&sha256[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..]
    )
}
