//! A checksum database in memory with a key of its own, for tests: it answers like a server, and its owner may lie.

use crate::note::{ED25519, KeyId, SIGNATURE_PREFIX, Verifier, is_name, key_hash};
use crate::tlog::{self, Error, Hash, Tile, Tree};
use crate::{base64, note};
use ed25519_dalek::{Signer as _, SigningKey};
use gomod::module_path;
use std::collections::HashMap;

/// A key that signs notes (`note.Signer`).
#[derive(Debug, Clone)]
pub struct Signer {
    id: KeyId,
    key: SigningKey,
}

impl Signer {
    /// The key that grows from a seed.
    ///
    /// # Errors
    /// [`note::Error::MalformedKey`]: the name is empty, or has white space or a `+`.
    pub fn new(name: &str, seed: [u8; 32]) -> Result<Self, note::Error> {
        if !is_name(name) {
            return Err(note::Error::MalformedKey);
        }
        let mut signer = Self {
            id: KeyId { name: name.to_owned(), hash: 0 },
            key: SigningKey::from_bytes(&seed),
        };
        signer.id.hash = key_hash(name, &signer.public());
        Ok(signer)
    }

    fn public(&self) -> Vec<u8> {
        [&[ED25519], self.key.verifying_key().as_bytes().as_slice()].concat()
    }

    /// The verifier key.
    pub fn vkey(&self) -> String {
        format!("{}+{}", self.id, base64::encode(&self.public()))
    }

    /// The key that verifies what this one signs.
    ///
    /// # Errors
    /// None, in fact.
    pub fn verifier(&self) -> Result<Verifier, note::Error> {
        Verifier::new(&self.vkey())
    }

    /// The signature line for a text.
    pub fn line(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [self.id.hash.to_be_bytes().as_slice(), &signature].concat();
        format!("{SIGNATURE_PREFIX}{} {}\n", self.id.name, base64::encode(&bytes))
    }

    /// A note of that text, which should end in a line end (`note.Sign`).
    pub fn sign(&self, text: &str) -> String {
        format!("{text}\n{}", self.line(text))
    }
}

/// A log of records (`sumdb.TestServer`).
#[derive(Debug, Clone, Default)]
pub struct Log {
    records: Vec<String>,
    hashes: Vec<Hash>,
    places: HashMap<String, usize>,
}

impl Log {
    /// Appends the record of a module at a version; its text is go.sum lines.
    ///
    /// # Errors
    /// None, in fact.
    pub fn add(&mut self, path: &str, version: &str, text: &str) -> Result<usize, Error> {
        let place = self.records.len();
        let hash = Hash::of_record(text.as_bytes());
        let n = u64::try_from(place).unwrap_or(u64::MAX);
        let hashes = tlog::stored_hashes(n, hash, self.hashes.as_slice())?;
        self.hashes.extend(hashes);
        self.records.push(text.to_owned());
        self.places.insert(format!("{path}@{version}"), place);
        Ok(place)
    }

    /// How many records it has.
    pub fn size(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// All the hashes, in the order of their storage.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The head of the tree of the first `size` records.
    ///
    /// # Errors
    /// [`Error::NotStored`]: it has not so many.
    pub fn head(&self, size: u64) -> Result<Tree, Error> {
        Ok(Tree { size, hash: tlog::tree_hash(size, self.hashes.as_slice())? })
    }

    /// The signed head of that tree, as an honest server has it.
    ///
    /// # Errors
    /// [`Error::NotStored`]: it has not so many records.
    pub fn signed(&self, size: u64, signer: &Signer) -> Result<String, Error> {
        Ok(signer.sign(&self.head(size)?.format()))
    }

    /// What a server answers that has only the first `size` records and this signed tree head: `/latest`, `/lookup/…`,
    /// `/tile/…`; `None` for status 404.
    pub fn answer(&self, path: &str, size: u64, signed: &str) -> Option<Vec<u8>> {
        if path == "/latest" {
            return Some(signed.as_bytes().to_vec());
        }
        if let Some(module) = path.strip_prefix("/lookup/") {
            let (module, version) = module.split_once('@')?;
            let module = module_path::unescape(module)?;
            let place = *self.places.get(&format!("{module}@{version}"))?;
            let id = i64::try_from(place).ok().filter(|_| Self::in_tree(place, size))?;
            let record = tlog::format_record(id, self.records.get(place)?).ok()?;
            return Some((record + signed).into_bytes());
        }
        let tile = Tile::parse(path.strip_prefix('/')?).ok()?;
        let known = self.hashes.get(..usize::try_from(tlog::stored_hash_count(size)?).ok()?)?;
        tlog::read_tile_data(tile, known).ok()
    }

    fn in_tree(place: usize, size: u64) -> bool {
        u64::try_from(place).is_ok_and(|place| place < size)
    }
}
