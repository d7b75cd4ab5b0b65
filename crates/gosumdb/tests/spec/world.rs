//! Worlds in memory for a client, and what Go's client does in the same one.

use crate::go;
use gosumdb::note::Verifier;
use gosumdb::testkit::{Log, Signer};
use gosumdb::tlog::Tile;
use gosumdb::{Client, Ops, ReadError, WriteError};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub(crate) const NAME: &str = "sum.example.com";

type Files = BTreeMap<String, Vec<u8>>;

/// A server, a cache and a configuration, before a client comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// What the server has, by path.
    pub(crate) remote: Files,
    pub(crate) cache: Files,
    /// The latest tree head known.
    pub(crate) latest: Vec<u8>,
    /// Whether the server may not be asked.
    pub(crate) offline: bool,
    pub(crate) state: Arc<Mutex<State>>,
}

/// What a client has done to it.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) latest: Option<Vec<u8>>,
    pub(crate) wrote: Files,
    pub(crate) alarms: Vec<String>,
    pub(crate) asked: Vec<String>,
    /// How many writes of the latest tree head fail because of another process, and what that one writes.
    pub(crate) conflicts: usize,
    pub(crate) rival: Vec<u8>,
}

impl Ops for World {
    fn read_remote(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.state.lock().unwrap().asked.push(path.to_owned());
        if self.offline {
            return Err(ReadError::Offline);
        }
        let data = self.remote.get(path).cloned();
        data.ok_or_else(|| ReadError::NotFound(format!("not found: {path}")))
    }

    fn read_config(&self, file: &str) -> Result<Vec<u8>, String> {
        assert_eq!(file, format!("{NAME}/latest"));
        let state = self.state.lock().unwrap();
        Ok(state.latest.clone().unwrap_or_else(|| self.latest.clone()))
    }

    fn write_config(&self, file: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        assert_eq!(file, format!("{NAME}/latest"));
        let mut state = self.state.lock().unwrap();
        if state.conflicts > 0 {
            state.conflicts -= 1;
            state.latest = Some(state.rival.clone());
            return Err(WriteError::Conflict);
        }
        assert_eq!(old, state.latest.as_ref().unwrap_or(&self.latest));
        state.latest = Some(new.to_vec());
        Ok(())
    }

    fn read_cache(&self, file: &str) -> Option<Vec<u8>> {
        let state = self.state.lock().unwrap();
        state.wrote.get(file).or_else(|| self.cache.get(file)).cloned()
    }

    fn write_cache(&self, file: &str, data: &[u8]) {
        self.state.lock().unwrap().wrote.insert(file.to_owned(), data.to_vec());
    }

    fn security_error(&self, message: &str) {
        self.state.lock().unwrap().alarms.push(message.to_owned());
    }
}

pub(crate) fn signer() -> Signer {
    Signer::new(NAME, [9; 32]).unwrap()
}

/// The module of the `n`th record.
pub(crate) fn module(n: u64) -> (String, String) {
    (format!("example.com/Mod{n}"), format!("v1.{n}.0"))
}

pub(crate) fn hash(n: u64) -> String {
    format!("h1:{n:043}=")
}

/// A log with two lines a record; `edition` changes the hashes of the records from `from` on.
pub(crate) fn log(size: u64, from: u64, edition: u64) -> Log {
    let mut log = Log::default();
    for n in 0..size {
        let (path, version) = module(n);
        let hash = hash(if n < from { n } else { n + edition });
        let text = format!("{path} {version} {hash}\n{path} {version}/go.mod {hash}\n");
        log.add(&path, &version, &text).unwrap();
    }
    log
}

/// A server with the first `size` records of a log: all lookups, and the tiles of each size up to that.
pub(crate) fn server(log: &Log, size: u64, height: u32) -> World {
    let mut world = World::default();
    let mut paths: Vec<String> = vec!["/latest".to_owned()];
    paths.extend((0..size).map(lookup_path));
    let tiles = |old| gosumdb::tlog::new_tiles(height, old, size);
    paths.extend((0..size).flat_map(tiles).map(|tile: Tile| format!("/{}", tile.path())));
    let signed = log.signed(size, &signer()).unwrap();
    for path in paths {
        let data = log.answer(&path, size, &signed).unwrap();
        world.remote.insert(path, data);
    }
    world
}

/// Where the server has the answer for that record.
pub(crate) fn lookup_path(n: u64) -> String {
    format!("/lookup/example.com/!mod{n}@v1.{n}.0")
}

/// A world in which a client has looked some modules up.
pub(crate) fn after(world: &World, height: u32, modules: &[u64]) -> World {
    let client = client(world, height);
    for n in modules {
        let (path, version) = module(*n);
        client.lookup(&path, &version).unwrap();
    }
    let mut state = world.state.lock().unwrap();
    let mut next = World { remote: world.remote.clone(), ..World::default() };
    next.cache = std::mem::take(&mut state.wrote);
    next.cache.extend(world.cache.clone());
    next.latest = state.latest.take().unwrap_or_else(|| world.latest.clone());
    next
}

pub(crate) fn client(world: &World, height: u32) -> Client<World> {
    Client::new(world.clone(), signer().verifier().unwrap()).with_tile_height(height)
}

/// What a client is to do.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) world: World,
    pub(crate) height: u32,
    pub(crate) vkey: String,
    pub(crate) skip: String,
    pub(crate) lookups: Vec<(String, String)>,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, world: World, height: u32, modules: &[u64]) -> Self {
        Self {
            name: name.into(),
            world,
            height,
            vkey: signer().vkey(),
            skip: String::new(),
            lookups: modules.iter().map(|n| module(*n)).collect(),
        }
    }

    fn ask(&self) -> Value {
        let files = |files: &Files| {
            files
                .iter()
                .map(|(name, data)| (name.clone(), json!(go::base64(data))))
                .collect::<serde_json::Map<_, _>>()
        };
        let world = &self.world;
        json!({
            "Op": "client", "Keys": [self.vkey], "Height": self.height, "Skip": self.skip, "Look": self.lookups,
            "Remote": files(&world.remote), "Cache": files(&world.cache), "Config": go::base64(&world.latest),
        })
    }

    fn run(&self) -> Value {
        // Each case has a world of its own, also if it was cloned.
        let world = World { state: Arc::default(), ..self.world.clone() };
        let verifier = match Verifier::new(self.vkey.trim()) {
            Ok(verifier) => verifier,
            Err(error) => panic!("{}: {error}", self.name),
        };
        let client = Client::new(world.clone(), verifier);
        let client = client.with_tile_height(self.height).with_no_sumdb(&self.skip);
        let look = |(path, version): &(String, String)| match client.lookup(path, version) {
            Ok(lines) => lines.join("\n"),
            Err(error) => format!("error: {error}"),
        };
        let results: Vec<String> = self.lookups.iter().map(look).collect();
        let state = world.state.lock().unwrap();
        let latest = state.latest.as_ref().unwrap_or(&world.latest);
        json!({
            "results": results,
            "config": String::from_utf8_lossy(latest),
            "wrote": state.wrote.iter().map(|(name, data)| (name.clone(), go::base64(data))).collect::<BTreeMap<_, _>>(),
            "alarms": state.alarms,
        })
    }
}

/// Runs each case here and in Go, and expects the same answers, files and alarms. Says how many lookups were answered,
/// and how many alarms there were.
pub(crate) fn agree(cases: &[Case]) -> (usize, usize) {
    let answers = go::ask(&cases.iter().map(Case::ask).collect::<Vec<_>>());
    let (mut answered, mut alarms) = (0, 0);
    for (case, answer) in cases.iter().zip(answers) {
        assert_eq!(answer.get("panic"), None, "{}", case.name);
        let text = |value: &Value| String::from_utf8_lossy(&go::bytes(value)).into_owned();
        let results: Vec<String> = answer["results"].as_array().unwrap().iter().map(text).collect();
        answered += results.iter().filter(|result| !result.starts_with("error: ")).count();
        alarms += answer["alarms"].as_array().unwrap().len();
        let go = json!({
            "results": results,
            "config": text(&answer["config"]),
            "wrote": answer["data"],
            "alarms": answer["alarms"],
        });
        assert_eq!(case.run(), go, "{}", case.name);
    }
    (answered, alarms)
}
