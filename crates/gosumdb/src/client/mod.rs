//! A client of the checksum database (`golang.org/x/mod/sumdb`): what it returns is proven to be in the log, and the log
//! is proven to be the one that was seen before.

mod once;
mod ops;
mod proof;
mod tiles;
mod timeline;

pub use ops::{Error, Ops, ReadError, WriteError};
pub use proof::{Evidence, Proof};

use crate::note::Verifier;
use crate::tlog::{self, Hash, HashReader as _, Tile, TileHashReader, Tree};
use gomod::module_path;
use once::OnceMap;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock};
use timeline::Head;

/// Answers of more bytes are refused. (A record has two lines or so, and a tile has 8 KiB; Go has no limit.)
pub const MAX_ANSWER: usize = 1 << 20;

/// The tile height of sum.golang.org, and of Go's client.
const TILE_HEIGHT: u32 = 8;

/// A client of one checksum database. It is safe to use from several threads; each file is read once.
#[derive(Debug)]
pub struct Client<O> {
    ops: O,
    verifier: Verifier,
    tile_height: u32,
    no_sumdb: String,
    started: OnceLock<Result<(), Error>>,
    latest: Mutex<Head>,
    records: OnceMap<String, Result<Arc<Proven>, Error>>,
    tiles: OnceMap<Tile, Result<Arc<[u8]>, ReadError>>,
    /// Tiles that the cache has.
    saved: Mutex<HashSet<Tile>>,
}

/// A record that is proven to be in the log.
#[derive(Debug)]
struct Proven {
    id: i64,
    text: String,
    /// The tree head that it was proven for.
    tree: Tree,
}

impl<O: Ops> Client<O> {
    /// A client of the database whose key this is.
    pub fn new(ops: O, verifier: Verifier) -> Self {
        Self {
            ops,
            verifier,
            tile_height: TILE_HEIGHT,
            no_sumdb: String::new(),
            started: OnceLock::new(),
            latest: Mutex::new(Head::empty()),
            records: OnceMap::default(),
            tiles: OnceMap::default(),
            saved: Mutex::default(),
        }
    }

    /// Modules that are not looked up: the patterns of `GONOSUMDB`, comma-separated. (The go command looks
    /// `golang.org/toolchain` up nevertheless, as no go.sum can have it.)
    #[must_use]
    pub fn with_no_sumdb(self, patterns: &str) -> Self {
        Self { no_sumdb: patterns.to_owned(), ..self }
    }

    /// Another tile height than 8; 1 to 30. Only a database of one's own may have one.
    #[must_use]
    pub fn with_tile_height(self, height: u32) -> Self {
        Self { tile_height: height, ..self }
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// The world of this client.
    pub fn ops(&self) -> &O {
        &self.ops
    }

    /// The lines of the database for a module at a version, or for its go.mod file if the version ends in `/go.mod`
    /// (`Client.Lookup`).
    ///
    /// # Errors
    /// [`Error::Skipped`], else [`Error::Lookup`] with whatever keeps the answer from being trusted.
    pub fn lookup(&self, path: &str, version: &str) -> Result<Vec<String>, Error> {
        let record = self.record(path, version)?;
        Ok(lines(&record.text, path, version).map(str::to_owned).collect())
    }

    fn record(&self, path: &str, version: &str) -> Result<Arc<Proven>, Error> {
        if module_path::match_prefix_patterns(&self.no_sumdb, path) {
            return Err(Error::Skipped);
        }
        let named = |error: Error| Error::Lookup {
            path: path.to_owned(),
            version: version.to_owned(),
            error: Box::new(error),
        };
        self.start().map_err(named)?;
        let remote = remote_path(path, version).map_err(named)?;
        let prove = || self.prove_record(&remote).map(Arc::new);
        self.records.get(remote.clone(), prove).map_err(named)
    }

    /// Takes the latest known tree head into the history, once.
    fn start(&self) -> Result<(), Error> {
        let start = || {
            let stored = self.read_config(&format!("{}/latest", self.name()));
            stored.and_then(|stored| self.merge_latest(&stored))
        };
        let started = self.started.get_or_init(start).clone();
        started.map_err(|error| Error::Latest(Box::new(error)))
    }

    fn prove_record(&self, remote: &str) -> Result<Proven, Error> {
        let file = format!("{}{remote}", self.name());
        let cached = self.read_cache(&file);
        let is_cached = cached.is_some();
        let data = match cached {
            Some(data) => data,
            None => self
                .ops
                .read_remote(remote)
                .map_err(|error| Error::Read { file: file.clone(), error })?,
        };
        if data.len() > MAX_ANSWER {
            return Err(Error::TooLong(data.len()));
        }
        let record = tlog::parse_record(&data)?;
        self.merge_latest(record.rest)?;
        let tree = self.latest();
        self.check_record(&record, tree)?;
        if !is_cached {
            self.ops.write_cache(&file, &data);
        }
        Ok(Proven { id: record.id, text: record.text.to_owned(), tree })
    }

    /// Whether the record is in that tree (`Client.checkRecord`).
    fn check_record(&self, record: &tlog::Record<'_>, tree: Tree) -> Result<(), Error> {
        let size = tree.size;
        // Go's arithmetic makes record 0 of negative numbers; then the text has to be that of record 0.
        let id = u64::try_from(record.id).unwrap_or(0);
        if id >= size && record.id >= 0 {
            return Err(Error::OutsideTree { id: record.id, size });
        }
        let index = tlog::stored_hash_index(0, id).ok_or(tlog::Error::TooLarge(id))?;
        let hashes = TileHashReader::new(tree, self).read_hashes(&[index])?;
        let hash = Hash::of_record(record.text.as_bytes());
        if hashes == [hash] { Ok(()) } else { Err(Error::Unauthenticated) }
    }

    /// A cached file. An empty one is being written by another process: the go command takes it for missing, too.
    fn read_cache(&self, file: &str) -> Option<Vec<u8>> {
        self.ops.read_cache(file).filter(|data| !data.is_empty())
    }

    fn read_config(&self, file: &str) -> Result<Vec<u8>, Error> {
        self.ops.read_config(file).map_err(Error::ReadConfig)
    }
}

/// The lines of a record that are about that version, or its go.mod file.
fn lines<'a>(text: &'a str, path: &str, version: &str) -> impl Iterator<Item = &'a str> {
    let prefix = format!("{path} {version} ");
    text.split('\n').filter(move |line| line.starts_with(&prefix))
}

/// The path of a lookup on the server; behind the name of the database, that of its file in the cache.
fn remote_path(path: &str, version: &str) -> Result<String, Error> {
    let path = module_path::escape(path)?;
    let version = version.strip_suffix("/go.mod").unwrap_or(version);
    let escaped = module_path::escape_version(version);
    let escaped = escaped.ok_or_else(|| Error::Version(version.to_owned()))?;
    Ok(format!("/lookup/{path}@{escaped}"))
}
