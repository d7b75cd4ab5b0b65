//! The vendor folder: what modules.txt says, and whether its files are those of the modules.

use crate::module_proxy::ModuleProxy;
use crate::{Fact, GoEnv, GoModFile, GoSumFile, ModuleCache, ProbeError, Workspace, World};
use gomod::{ModuleVersion, Replacement, VendorFinding, VendorModules};
use goward_model::Text;
use goward_system::SystemError;
use modcache::{ModuleZip, Part, Source, VendorReport, Vendored};
use std::sync::Arc;

/// Kubernetes' modules.txt has 50 KB.
const MODULES_TXT: u64 = 16 << 20;

/// `vendor/modules.txt`, and whether it fits go.mod.
#[derive(Clone, Debug, Default)]
pub struct VendorList {
    /// The text; `None` where there is no vendor folder.
    pub text: Option<Arc<str>>,
    /// What it says.
    pub modules: VendorModules,
    /// Where it does not fit go.mod or go.work: Go's own rules, in Go's words.
    pub inconsistent: Vec<VendorFinding>,
}

impl Fact for VendorList {
    const NAME: &'static str = "vendor/modules.txt";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let text: Arc<str> = match world.system.read("vendor/modules.txt", MODULES_TXT) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into(),
            Err(SystemError::NotFound(_)) => return Ok(Self::default()),
            Err(err) => return Err(err.into()),
        };
        let modules = gomod::parse_vendor_modules(text.as_bytes());
        let module = world.fact::<GoModFile>()?;
        let mut inconsistent = vec![];
        if modules.workspace {
            let workspace = world.fact::<Workspace>()?;
            let file = workspace.file.as_ref().filter(|file| file.path == "go.work");
            let (work, members) = file.and_then(|file| file.valid()).ok_or_else(no_workspace)?;
            let main = gomod::Workspace { dir: "/w", work, members: &members };
            let main = gomod::MainModules::Workspace(main);
            inconsistent = gomod::vendor_consistency(&modules, &main);
        } else if let Some(go_mod) = module.valid() {
            let main = gomod::MainModules::Module(go_mod);
            inconsistent = gomod::vendor_consistency(&modules, &main);
        }
        Ok(Self { text: Some(text), modules, inconsistent })
    }
}

fn no_workspace() -> ProbeError {
    ProbeError::Unusable(Text::new(
        "the vendor folder is a workspace's, and there is no go.work in use beside it that Go can read",
        "vendor 目录属于工作区，但其旁没有生效且 Go 可读取的 go.work",
    ))
}

/// Whether the files of the vendor folder are those of the modules.
#[derive(Debug, Default)]
pub struct VendorContent {
    /// What was found; `None` where there is no vendor folder.
    pub report: Option<VendorReport>,
    /// Vendored modules that no committed sum covers, with their lines in modules.txt.
    pub uncovered: Vec<(String, usize)>,
    /// Vendored modules that could not be compared, since neither the module cache has them nor was
    /// the proxy asked.
    pub absent: Vec<String>,
    /// Modules that were to be downloaded and could not be.
    pub failed: Vec<(String, ProbeError)>,
    /// How many modules were compared.
    pub compared: usize,
}

impl Fact for VendorContent {
    const NAME: &'static str = "the content of vendor";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let list = world.fact::<VendorList>()?;
        if list.text.is_none() {
            return Ok(Self::default());
        }
        let sources = Sources {
            world,
            env: world.fact::<GoEnv>()?,
            cache: world.fact::<ModuleCache>()?,
            own: world.fact::<GoSumFile>()?,
            workspace: world.fact::<Workspace>()?,
        };
        let mut content = Self::default();
        let mut vendored = vec![];
        for module in list.modules.modules.iter().filter(|module| !module.packages.is_empty()) {
            world.system.check_time()?;
            let source = match sources.of(module) {
                Ok(Some(source)) => Some(source),
                Ok(None) => {
                    let name = name_of(&content_of(module));
                    match sources.is_covered(module) {
                        true => content.absent.push(name),
                        false => content.uncovered.push((name, module.line)),
                    }
                    None
                }
                Err(why) => {
                    content.failed.push((name_of(&content_of(module)), why));
                    None
                }
            };
            content.compared += usize::from(source.is_some());
            let packages = module.packages.iter().map(|package| package.path.clone()).collect();
            let path = module.module.path.clone();
            vendored.push(Vendored { path, packages, source });
        }
        let folder = world.system.on_disk("vendor")?;
        let stop = || world.system.check_time().is_err();
        let report = modcache::compare_vendor(&folder, &world.system.overlay(), &vendored, &stop);
        world.system.check_time()?;
        content.report =
            Some(report.map_err(|err| ProbeError::Unusable(Text::same(format!("vendor: {err}"))))?);
        Ok(content)
    }
}

/// The module whose files are vendored: the replacement, if there is one. A folder has no version.
fn content_of(module: &gomod::VendorModule) -> ModuleVersion {
    match &module.replace {
        Some(Replacement::Module(new)) => new.clone(),
        Some(Replacement::Directory(dir)) => {
            ModuleVersion { path: dir.clone(), version: String::new() }
        }
        None => module.module.clone(),
    }
}

fn name_of(module: &ModuleVersion) -> String {
    format!("{} {}", module.path, module.version).trim_end().to_owned()
}

struct Sources<'a> {
    world: &'a World<'a>,
    env: Arc<GoEnv>,
    cache: Arc<ModuleCache>,
    own: Arc<GoSumFile>,
    workspace: Arc<Workspace>,
}

impl Sources<'_> {
    /// The committed sum of a module's content.
    fn sum(&self, module: &ModuleVersion) -> Option<String> {
        let others = self.workspace.sums.iter().map(|file| &file.sum);
        let mut sums = self.own.parsed.iter().chain(others);
        sums.find_map(|sum| {
            let mut lines = sum.lookup(&module.path, &module.version, false);
            lines.find(|line| line.hash.starts_with("h1:")).map(|line| line.hash.clone())
        })
    }

    fn is_covered(&self, module: &gomod::VendorModule) -> bool {
        let content = content_of(module);
        content.version.is_empty() || self.sum(&content).is_some()
    }

    /// What a vendored module should be: only what the committed sum vouches for, or a folder.
    fn of(&self, module: &gomod::VendorModule) -> Result<Option<Source>, ProbeError> {
        let content = content_of(module);
        if content.version.is_empty() {
            let folder = self.world.system.on_disk(&content.path)?;
            return Ok(self
                .world
                .system
                .stat(&content.path)
                .is_ok()
                .then_some(Source::Folder(folder)));
        }
        let prefix = format!("{}@{}", content.path, content.version);
        let (path, version) = (&content.path, &content.version);
        if let Some(found) = self.cache.module(path, version) {
            let cache = self.world.system.on_disk(&self.cache.folder)?;
            if found.dir == Part::Good && found.links.is_empty() {
                return Ok(modcache::dir_of(&cache, path, version).map(Source::Folder));
            }
            if found.zip == Part::Good
                && let Some(zip) = modcache::zip_of(&cache, path, version)
                && let Ok(zip) = ModuleZip::open(&zip)
            {
                return Ok(Some(Source::Zip(Box::new(zip), prefix)));
            }
        }
        match (self.sum(&content), self.world.settings.integrity.online) {
            (Some(sum), true) => {
                self.download(&content, &sum).map(|zip| Some(Source::Zip(Box::new(zip), prefix)))
            }
            _ => Ok(None),
        }
    }

    /// The zip from the proxy, if it is what the committed sum says.
    fn download(&self, module: &ModuleVersion, sum: &str) -> Result<ModuleZip, ProbeError> {
        let unusable = |why: String| ProbeError::Unusable(Text::same(why));
        let file = ModuleProxy::of(&self.env).zip(self.world, module)?;
        // The open file outlives its name.
        let zip = ModuleZip::open(file.path()).map_err(|err| unusable(err.to_string()))?;
        let stop = || self.world.system.check_time().is_err();
        let found = zip.hash(&stop).map_err(|err| unusable(err.to_string()))?;
        if found != sum {
            let name = name_of(module);
            return Err(ProbeError::Unusable(Text::new(
                format!("the proxy gives another {name} than go.sum says: {found}"),
                format!("代理给出的 {name} 与 go.sum 不符：{found}"),
            )));
        }
        Ok(zip)
    }
}
