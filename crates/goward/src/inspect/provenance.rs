//! How a program was built, as a SLSA v1 provenance statement of in-toto; signed it is a DSSE envelope.
//!
//! It says what the program itself tells, and no more: who built it and where, a program does not know.
//! Sources: <https://slsa.dev/spec/v1.0/provenance>, <https://github.com/in-toto/attestation>.

use super::supply::{dir_hash, hex, parts, purl, std};
use crate::dsse;
use crate::keys::Key;
use anyhow::Context as _;
use goartifact::BuildInfo;
use serde_json::{Map, Value, json};

/// What is signed is this kind of text.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// Names the rules by which the parameters are to be read.
const BUILD_TYPE: &str = "urn:goward:go-build:v1";

pub(super) fn statement(name: &str, info: &BuildInfo, sha256: &[u8; 32]) -> Value {
    let mut settings: Map<String, Value> = Map::new();
    for setting in &info.settings {
        // The programs of a universal file have several: `amd64, arm64`.
        let value = match settings.get(&setting.key) {
            Some(Value::String(other)) => format!("{other}, {}", setting.value),
            _ => setting.value.clone(),
        };
        settings.insert(setting.key.clone(), value.into());
    }
    let mut resolved = vec![];
    if let (Some(main), Some(revision)) = (&info.main, info.setting("vcs.revision")) {
        let uri = purl(main).unwrap_or_else(|| main.path.clone());
        resolved.push(json!({"uri": uri, "name": main.path, "digest": {"gitCommit": revision}}));
    }
    for part in parts(info) {
        let mut module = json!({"name": part.built.path});
        if let Value::Object(fields) = &mut module {
            if let Some(uri) = purl(part.built) {
                fields.insert("uri".into(), uri.into());
            }
            if let Some(hash) = dir_hash(part.built) {
                fields.insert("digest".into(), json!({"dirHash": hash}));
            }
            if let Some(required) = part.instead_of {
                let replaced = format!("{}@{}", required.path, required.version);
                fields.insert("annotations".into(), json!({"replaces": replaced}));
            }
        }
        resolved.push(module);
    }
    let library = std(info);
    resolved.push(json!({"name": "std", "uri": purl(&library)}));
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": hex(sha256)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"package": info.path, "settings": settings},
                "internalParameters": {"goVersion": info.go_version},
                "resolvedDependencies": resolved,
            },
            "runDetails": {
                // The statement is made from the artefact, after the build, by goward.
                "builder": {"id": "urn:goward:inspect", "version": {"goward": env!("CARGO_PKG_VERSION")}},
                "metadata": {"invocationId": format!("sha256:{}", hex(sha256))},
            },
        },
    })
}

/// The statement in a signed envelope.
pub(super) fn envelope(statement: &Value, key: &Key) -> anyhow::Result<Value> {
    let payload = serde_json::to_vec(statement).context("writing the statement")?;
    Ok(dsse::envelope(&payload, PAYLOAD_TYPE, key))
}
