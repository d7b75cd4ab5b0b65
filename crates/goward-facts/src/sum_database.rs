//! The committed sums, held against the checksum database.

use crate::module_proxy::{self, ModuleProxy};
use crate::{Fact, GoEnv, GoSumFile, ProbeError, Workspace, World};
use gosumdb::{Client, Database, Ops, Proof, ReadError, Setting, WriteError, join};
use goward_model::Text;
use goward_system::SystemError;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// More than a proxy says of its support; nobody reads it.
const SUPPORTED: u64 = 64 << 10;
/// Requests at once, when online.
const REQUESTS: usize = 16;

/// A line of a go.sum file, and what the database says of it.
#[derive(Clone, Debug)]
pub struct ProvenLine {
    /// The file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// `path version` or `path version/go.mod`.
    pub name: String,
    /// What the database says.
    pub proof: Proof,
}

/// The committed sums, held against the checksum database: by what the go command left in the
/// module cache, and online by asking.
#[derive(Clone, Debug, Default)]
pub struct SumDatabase {
    /// The database's name; `None` where GOSUMDB is off.
    pub name: Option<String>,
    /// Each line, in the order of the files.
    pub lines: Vec<ProvenLine>,
}

impl Fact for SumDatabase {
    const NAME: &'static str = "the checksum database";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let env = world.fact::<GoEnv>()?;
        let own = world.fact::<GoSumFile>()?;
        let workspace = world.fact::<Workspace>()?;
        let database = match Setting::parse(env.get("GOSUMDB")) {
            Ok(Setting::On(database)) => database,
            Ok(Setting::Off) => return Ok(Self::default()),
            Err(err) => return Err(ProbeError::Unusable(Text::same(format!("GOSUMDB: {err}")))),
        };
        let ops = CacheAndNet::new(world, &env, &database);
        let client =
            Client::new(ops, database.verifier.clone()).with_no_sumdb(env.get("GONOSUMDB"));
        let own = own.parsed.iter().map(|sum| ("go.sum", sum));
        let others = workspace.sums.iter().map(|file| (file.path.as_str(), &file.sum));
        let mut seen = BTreeSet::new();
        let mut asked = vec![];
        for (file, sum) in own.chain(others) {
            for line in sum.lines().iter().filter(|line| line.hash.starts_with("h1:")) {
                let version =
                    format!("{}{}", line.version, if line.go_mod { "/go.mod" } else { "" });
                if seen.insert((line.path.as_str(), version.clone(), line.hash.as_str())) {
                    asked.push((file, line, version));
                }
            }
        }
        let next = AtomicUsize::new(0);
        let found = Mutex::new(vec![]);
        let work = || {
            while world.system.check_time().is_ok() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some((file, line, version)) = asked.get(at) else { break };
                let proof = client.prove(&line.path, version, &line.hash);
                let name = format!("{} {version}", line.path);
                let proven = ProvenLine { file: (*file).to_owned(), line: line.line, name, proof };
                if let Ok(mut found) = found.lock() {
                    found.push((at, proven));
                }
            }
        };
        let threads = if world.settings.integrity.online { REQUESTS } else { 2 };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(asked.len()) {
                scope.spawn(work);
            }
            work();
        });
        world.system.check_time()?;
        let mut found = found.into_inner().unwrap_or_default();
        found.sort_by_key(|(at, _)| *at);
        let lines = found.into_iter().map(|(_, line)| line).collect();
        Ok(Self { name: Some(database.name().to_owned()), lines })
    }
}

/// Go's own cache of the database, ours, and the net if it may be asked.
struct CacheAndNet<'a> {
    world: &'a World<'a>,
    /// `GOMODCACHE/cache/download/sumdb`
    cache: String,
    /// `GOPATH/pkg/sumdb`
    config: String,
    /// Where the database is asked; `None` offline.
    proxy: Option<ModuleProxy>,
    database: Database,
    /// Found at the first question, and then kept to.
    base: OnceLock<Result<String, String>>,
    /// The latest tree head of this run.
    latest: Mutex<Option<Vec<u8>>>,
}

impl<'a> CacheAndNet<'a> {
    fn new(world: &'a World<'a>, env: &GoEnv, database: &Database) -> Self {
        let gopath = env.get("GOPATH").split(':').next().unwrap_or_default();
        Self {
            world,
            cache: format!("{}/cache/download/sumdb", env.get("GOMODCACHE")),
            config: format!("{gopath}/pkg/sumdb"),
            proxy: world.settings.integrity.online.then(|| ModuleProxy::of(env)),
            database: database.clone(),
            base: OnceLock::new(),
            latest: Mutex::new(None),
        }
    }

    /// Where the go command would ask: at the first proxy that says it `supports` the database and
    /// then only there, or at the database itself.
    fn find_base(&self, proxy: &ModuleProxy) -> Result<String, String> {
        if self.database.url.is_some() {
            return Ok(self.database.direct_url());
        }
        let proxied = proxy.first(|url| {
            let base = self.database.proxied_url(url);
            module_proxy::get(self.world, &join(&base, "/supported"), SUPPORTED).map(|_| base)
        });
        Ok(proxied.map_err(|err| err.to_string())?.unwrap_or_else(|| self.database.direct_url()))
    }
}

impl Ops for CacheAndNet<'_> {
    fn read_remote(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let Some(proxy) = &self.proxy else { return Err(ReadError::Offline) };
        let base = self.base.get_or_init(|| self.find_base(proxy));
        let base = base.as_ref().map_err(|err| ReadError::Failed(err.clone()))?;
        let limit = gosumdb::MAX_ANSWER as u64;
        module_proxy::get(self.world, &join(base, path), limit).map_err(|err| match err {
            SystemError::NotFound(what) => ReadError::NotFound(what),
            err => ReadError::Failed(err.to_string()),
        })
    }

    fn read_config(&self, file: &str) -> Result<Vec<u8>, String> {
        if let Some(latest) = self.latest.lock().ok().and_then(|latest| latest.clone()) {
            return Ok(latest);
        }
        match self.world.system.read(&format!("{}/{file}", self.config), gosumdb::MAX_ANSWER as u64)
        {
            Ok(bytes) => Ok(bytes),
            Err(SystemError::NotFound(_)) => Ok(vec![]),
            Err(err) => Err(err.to_string()),
        }
    }

    fn write_config(&self, _: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        let Ok(mut latest) = self.latest.lock() else { return Ok(()) };
        // What Go keeps stays as it is; within this run the head only moves forward.
        match latest.as_deref() {
            Some(there) if there != old => Err(WriteError::Conflict),
            _ => {
                *latest = Some(new.to_vec());
                Ok(())
            }
        }
    }

    fn read_cache(&self, file: &str) -> Option<Vec<u8>> {
        let gos =
            self.world.system.read(&format!("{}/{file}", self.cache), gosumdb::MAX_ANSWER as u64);
        gos.ok().or_else(|| self.world.system.kept(&format!("sumdb/{file}")))
    }

    fn write_cache(&self, file: &str, data: &[u8]) {
        self.world.system.keep(&format!("sumdb/{file}"), data);
    }

    fn security_error(&self, _: &str) {
        // The proof carries the message.
    }
}
