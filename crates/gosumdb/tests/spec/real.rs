//! What the go command left in its cache after it had downloaded one module: recorded from sum.golang.org.

#![expect(clippy::disallowed_methods, reason = "the tests read the recorded files")]

use gosumdb::note::Verifier;
use gosumdb::{Client, Ops, Proof, ReadError, SUM_GOLANG_ORG, WriteError, verify};
use std::path::{Path, PathBuf};

const PATH: &str = "golang.org/x/mod";
const VERSION: &str = "v0.20.0";
const HASH: &str = "h1:utOm6MM3R3dnawAiJgn0y+xvuYRsm1RKM/4giyfDgV0=";

/// The recorded files; in one of them, a byte may be another.
struct Recorded {
    changed: Option<(PathBuf, usize)>,
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

impl Recorded {
    fn read(&self, path: PathBuf) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(&path).ok()?;
        if let Some((changed, at)) = &self.changed
            && *changed == path
        {
            bytes[*at] ^= 1;
        }
        Some(bytes)
    }
}

impl Ops for Recorded {
    fn read_remote(&self, _path: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Offline)
    }

    fn read_config(&self, file: &str) -> Result<Vec<u8>, String> {
        Ok(self.read(data().join("pkg").join(file)).unwrap_or_default())
    }

    fn write_config(&self, _file: &str, _old: &[u8], _new: &[u8]) -> Result<(), WriteError> {
        panic!("the latest tree head is known")
    }

    fn read_cache(&self, file: &str) -> Option<Vec<u8>> {
        self.read(data().join("cache").join(file))
    }

    fn write_cache(&self, _file: &str, _data: &[u8]) {}

    fn security_error(&self, message: &str) {
        panic!("{message}")
    }
}

fn client(changed: Option<(PathBuf, usize)>) -> Client<Recorded> {
    Client::new(Recorded { changed }, Verifier::new(SUM_GOLANG_ORG).unwrap())
}

#[test]
fn the_recorded_answer_is_proven_offline() {
    let client = client(None);
    let Proof::Proven(evidence) = client.prove(PATH, VERSION, HASH) else { panic!() };
    assert!(evidence.on_timeline);
    let lines = client.lookup(PATH, &format!("{VERSION}/go.mod")).unwrap();
    assert_eq!(lines.len(), 1);
    let other = HASH.replace("utOm", "utOn");
    let Proof::Contradicts { recorded, .. } = client.prove(PATH, VERSION, &other) else { panic!() };
    assert_eq!(recorded, [HASH]);
    let Proof::NotInCache { .. } = client.prove(PATH, "v0.21.0", HASH) else { panic!() };
}

#[test]
fn the_recorded_tree_head_is_signed_by_the_known_key() {
    let latest = std::fs::read(data().join("pkg/sum.golang.org/latest")).unwrap();
    let note = verify(SUM_GOLANG_ORG, &latest).unwrap();
    assert!(note.text.starts_with("go.sum database tree\n"));
    assert_eq!(note.sigs[0].key.to_string(), "sum.golang.org+033de0ae");
}

#[test]
fn a_changed_byte_in_any_recorded_file_proves_nothing() {
    let mut pending = vec![data()];
    let mut tried = 0;
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let length = std::fs::metadata(&path).unwrap().len();
        for at in (0..usize::try_from(length).unwrap()).step_by(251) {
            let proof = client(Some((path.clone(), at))).prove(PATH, VERSION, HASH);
            assert!(!matches!(proof, Proof::Proven(_)), "{} at {at}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 140, "{tried}");
}
