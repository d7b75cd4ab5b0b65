//! Proves the lines of a go.sum file with nothing but the module cache: `offline GO.SUM GOMODCACHE GOPATH`.

#![expect(clippy::disallowed_methods, reason = "an example reads files")]
#![expect(clippy::print_stdout, reason = "an example prints")]

use gosumdb::note::Verifier;
use gosumdb::{Client, Ops, Proof, ReadError, WriteError};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files of the go command, read only.
struct Cache {
    /// `GOMODCACHE/cache/download/sumdb`
    cache: PathBuf,
    /// `GOPATH/pkg/sumdb`
    config: PathBuf,
}

impl Ops for Cache {
    fn read_remote(&self, _path: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Offline)
    }

    fn read_config(&self, file: &str) -> Result<Vec<u8>, String> {
        match std::fs::read(self.config.join(file)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            result => result.map_err(|error| error.to_string()),
        }
    }

    fn write_config(&self, _file: &str, _old: &[u8], _new: &[u8]) -> Result<(), WriteError> {
        Ok(())
    }

    fn read_cache(&self, file: &str) -> Option<Vec<u8>> {
        std::fs::read(self.cache.join(file)).ok()
    }

    fn write_cache(&self, _file: &str, _data: &[u8]) {}

    fn security_error(&self, message: &str) {
        println!("{message}");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, sums, cache, gopath] = arguments.as_slice() else {
        return Err("usage: offline GO.SUM GOMODCACHE GOPATH".into());
    };
    let cache = Cache {
        cache: PathBuf::from(cache).join("cache/download/sumdb"),
        config: PathBuf::from(gopath).join("pkg/sumdb"),
    };
    let key = Verifier::new(gosumdb::SUM_GOLANG_ORG)?;
    let client = Client::new(cache, key);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::fs::read_to_string(sums)?.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let [path, version, hash] = fields.as_slice() else { continue };
        let outcome = match client.prove(path, version, hash) {
            Proof::Proven(evidence) if evidence.on_timeline => "proven".to_owned(),
            Proof::Proven(_) => "proven, of the tree that came with it".to_owned(),
            Proof::NotInCache { file } if file.contains("/tile/") => "tile missing".to_owned(),
            Proof::NotInCache { .. } => "lookup missing".to_owned(),
            other => format!("{path} {version}: {other:?}"),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    for (outcome, count) in counts {
        println!("{count:6} {outcome}");
    }
    Ok(())
}
