//! The packages of the module and all that they import, with their tests: without `go list`.

use crate::build_lists::Listed;
use crate::embed_faults::embed_faults;
use crate::package_faults::{Fault, Place, faults, near, not_downloaded};
use crate::sum_faults::sum_faults;
use crate::{BuildLists, Fact, GoEnv, GoModFile, ProbeError, VendorList, World};
use buildlist::{BuildList, GoWorkSetting, Mode};
use gomod::ModuleVersion;
use gopackages::{ErrorKind, Options, Package, PackageId, Packages, Tags};
use goward_model::Text;
use goward_system::Command;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A large module on a slow disk; the run has a limit of its own.
const GO_LIST: Duration = Duration::from_secs(600);

/// The packages of the module and what they import, by the module cache or the vendor folder.
#[derive(Clone, Debug, Default)]
pub struct GoPackages {
    /// Whether the packages are known at all.
    pub known: bool,
    /// Why they are not, where there are any.
    pub unknown: Option<Text>,
    /// The modules that were searched, replacements applied: Go refuses the build where go.sum does not have each.
    /// Empty beside a vendor folder, where Go reads no module.
    pub searched: BTreeSet<ModuleVersion>,
    /// What is said of the modules that are not downloaded, so that nobody knows what they import.
    pub absent: BTreeSet<String>,
    /// Whether Go reads the whole requirement graph for the build.
    pub needs_graph: bool,
    /// How many packages were looked at.
    pub count: usize,
    /// `linux/amd64`
    pub platform: String,
    /// They are those of a listing, which does not say where packages were looked for.
    pub from_list: bool,
    /// The go command was asked, since the module cache did not have all.
    pub by_go: bool,
    /// They lie in the vendor folder: Go reads no module.
    pub vendored: bool,
    /// The modules that packages of the build and its tests lie in, and the modules whose packages import these.
    pub modules: BTreeMap<String, BTreeSet<String>>,
    /// What is wrong with packages, without what is not downloaded.
    pub faults: Vec<Fault>,
    /// Packages of the target whose name is not what their path promises, where they are imported without a name.
    pub misnamed: Vec<Misnamed>,
    /// Modules that this build needs and that go.mod does not list: Go refuses with `updates to go.mod needed`.
    pub unlisted: Vec<Unlisted>,
}

/// A module of the requirement graph that offers a package of this build, without a line in go.mod.
#[derive(Clone, Debug)]
pub struct Unlisted {
    /// The module.
    pub module: String,
    /// Its version.
    pub version: String,
    /// The package that it offers.
    pub package: String,
    /// A package that imports it.
    pub importer: String,
    /// The module of that package.
    pub importing_module: String,
}

impl Unlisted {
    /// The same as what is wrong with the package.
    fn fault(&self) -> Fault {
        let Self { module, version, package, importer, .. } = self;
        Fault {
            kind: ErrorKind::NotRequired,
            package: package.clone(),
            message: format!(
                "{module} {version} offers it, and go.mod does not list that module (`updates to go.mod needed`)"
            ),
            place: None,
            chain: vec![(importer.clone(), String::new()), (package.clone(), String::new())],
        }
    }
}

/// A package that an importer has to know by another name than its path has.
#[derive(Clone, Debug)]
pub struct Misnamed {
    /// The import path.
    pub package: String,
    /// Its name.
    pub name: String,
    /// The name that a reader, and `goimports`, takes from the path.
    pub promised: String,
    /// Where it is imported.
    pub place: Place,
}

impl Fact for GoPackages {
    const NAME: &'static str = "Go packages";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        if let Some(file) = &world.settings.metadata.from_list {
            return listed(world, file);
        }
        let module = world.fact::<GoModFile>()?;
        let lists = world.fact::<BuildLists>()?;
        let env = world.fact::<GoEnv>()?;
        let vendor = world.fact::<VendorList>()?;
        if module.valid().is_none() || env.get("GOMODCACHE").is_empty() {
            return Ok(Self::default());
        }
        if let Some(why) = env.lacks() {
            return Ok(Self { unknown: Some(why), ..Self::default() });
        }
        let options = options(world, &env)?;
        let by_vendor = vendored(&env, &vendor, &options);
        let list = match (&by_vendor, &lists.build, &lists.partial) {
            (Some(list), ..) => list,
            (None, Listed::List(list), _) => list.as_ref(),
            // Go itself reads no more of the graph than a build needs, and so downloads no more.
            (None, Listed::NotDownloaded(_), Some(list)) => list.as_ref(),
            (None, Listed::NotDownloaded(why), None) => {
                return Ok(by_go(world, &env, &options).unwrap_or_else(|said| {
                    let unknown = Some(neither(why, &said));
                    Self { unknown, ..Self::default() }
                }));
            }
            // `build-list` says what Go refuses.
            (None, Listed::Refused(_) | Listed::NoModule, _) => {
                let why = Text::new("there is no build list", "没有构建列表");
                return Ok(Self { unknown: Some(why), ..Self::default() });
            }
        };
        world.system.check_time()?;
        let mut packages = gopackages::load(list, &["./..."], &options)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        // With -mod=mod Go would add the lines.
        if !matches!(env.mode(), Ok(Some(Mode::Mod))) {
            packages.hold_against_sums(list, &buildlist::Options::default(), &options);
        }
        world.system.check_time()?;
        let is_own =
            |module: usize| list.modules().get(module).is_some_and(buildlist::Module::is_main);
        let vendored = list.mode() == Mode::Vendor;
        let unlisted = match matches!(env.get("GOWORK"), "" | "off") {
            true => unlisted(list, &packages),
            false => vec![],
        };
        let path = |module: usize| list.modules().get(module).map(|one| one.path.as_str());
        let modules = pulled_in(&packages, &path);
        let mut found =
            Self { vendored, unlisted, modules, ..Self::of(&packages, &options, &is_own) };
        found.faults.extend(sum_faults(&packages, list, &options));
        found.faults.extend(embed_faults(&packages, &options, &is_own));
        found.faults.extend(found.unlisted.iter().map(Unlisted::fault));
        if found.absent.is_empty() {
            return Ok(found);
        }
        Ok(by_go(world, &env, &options).ok().filter(|it| it.absent.is_empty()).unwrap_or(found))
    }
}

impl GoPackages {
    /// What loaded packages come to; `is_own` tells of a module, by its place, whether it is worked on here.
    pub fn of(packages: &Packages, options: &Options, is_own: &dyn Fn(usize) -> bool) -> Self {
        let has_std = options.goroot.join("src").is_dir();
        Self {
            known: true,
            unknown: None,
            searched: packages.searched().clone(),
            absent: not_downloaded(packages),
            from_list: false,
            by_go: false,
            vendored: false,
            needs_graph: packages.needs_graph(),
            count: packages.iter().count(),
            modules: BTreeMap::new(),
            platform: format!("{}/{}", options.tags.goos, options.tags.goarch),
            faults: faults(packages, options, has_std),
            misnamed: misnamed(packages, options, is_own),
            unlisted: vec![],
        }
    }
}

/// See [`GoPackages::modules`]; `path` names a module.
fn pulled_in<'m>(
    packages: &Packages,
    path: &dyn Fn(usize) -> Option<&'m str>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, importer) in packages.iter() {
        let from = importer.module.and_then(path);
        for package in importer.dependencies.iter().filter_map(|id| packages.get(*id)) {
            let Some(to) = package.module.and_then(path) else { continue };
            if Some(to) == from {
                continue;
            }
            let by = match all.get_mut(to) {
                Some(by) => by,
                None => all.entry(to.to_owned()).or_default(),
            };
            if let Some(from) = from.filter(|from| !by.contains(*from)) {
                by.insert(from.to_owned());
            }
        }
    }
    all
}

fn by_listing(
    packages: &Packages,
    modules: &[gopackages::ListedModule],
) -> BTreeMap<String, BTreeSet<String>> {
    pulled_in(packages, &|module| modules.get(module).map(|one| one.path.as_str()))
}

/// Since Go 1.17 go.mod lists every module that offers a package of `all` (`modload.updatePrunedRoots`). What the main
/// module imports itself is an error of the importing package already.
fn unlisted(list: &BuildList, packages: &Packages) -> Vec<Unlisted> {
    let main = list.modules().iter().find(|module| module.is_main());
    let is_pruned = main
        .and_then(|main| main.go_version.as_deref())
        .is_some_and(|version| gomod::go_version::compare(version, "1.17").is_ge());
    if !is_pruned || list.mode() != Mode::Readonly {
        return vec![];
    }
    let module = |package: &Package| list.modules().get(package.module?);
    let mut all: BTreeMap<&str, Unlisted> = BTreeMap::new();
    for (_, importer) in packages.iter() {
        let Some(from) = module(importer).filter(|from| !from.is_main()) else { continue };
        for package in importer.dependencies.iter().filter_map(|id| packages.get(*id)) {
            let Some(of) = module(package) else { continue };
            if of.is_main() || !of.requirements.is_empty() || all.contains_key(of.path.as_str()) {
                continue;
            }
            let missing = Unlisted {
                module: of.path.clone(),
                version: of.version.clone().unwrap_or_default(),
                package: package.import_path.to_string(),
                importer: importer.import_path.to_string(),
                importing_module: from.path.clone(),
            };
            all.insert(&of.path, missing);
        }
    }
    all.into_values().collect()
}

/// Packages that are imported without a name, and have another than their path promises.
fn misnamed(
    packages: &Packages,
    options: &Options,
    is_own: &dyn Fn(usize) -> bool,
) -> Vec<Misnamed> {
    let own = |package: &Package| package.module.is_some_and(is_own);
    let differs = |package: &Package| {
        own(package)
            && package.for_test.is_none()
            && !matches!(package.name.as_str(), "" | "main" | "documentation")
            && package.name != promised_name(&package.import_path)
            // The folder's own name is nobody's mistake, even if it looks like a version.
            && !package.import_path.ends_with(&format!("/{}", package.name))
    };
    let named: BTreeSet<PackageId> =
        packages.iter().filter(|(_, one)| differs(one)).map(|(id, _)| id).collect();
    let mut all: Vec<Misnamed> = vec![];
    if named.is_empty() {
        return all;
    }
    for (id, importer) in packages.iter().filter(|(_, one)| own(one)) {
        for (other, package) in importer
            .dependencies
            .iter()
            .filter(|id| named.contains(id))
            .filter_map(|id| Some((*id, packages.get(*id)?)))
        {
            let Some((file, at)) = packages.import_place(id, other) else { continue };
            let known = all.iter().any(|one| one.package == *package.import_path);
            if known || !is_plain_import(&file, &package.import_path, options) {
                continue;
            }
            all.push(Misnamed {
                package: package.import_path.to_string(),
                name: package.name.clone(),
                promised: promised_name(&package.import_path).to_owned(),
                place: Place { file: near(&file, options), line: at.line, column: at.column },
            });
        }
    }
    all
}

/// The name that a path promises (`imports.ImportPathToAssumedName` of golang.org/x/tools): its last element, without a
/// major version and `go-`, up to what no name has.
fn promised_name(path: &str) -> &str {
    let (before, mut last) = path.rsplit_once('/').unwrap_or(("", path));
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    if is_version && !before.is_empty() {
        last = before.rsplit('/').next().unwrap_or(before);
    }
    let last = last.strip_prefix("go-").unwrap_or(last);
    let end = last.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(last.len());
    last.get(..end).unwrap_or(last)
}

/// Whether a file imports a path without a name of its own for it.
fn is_plain_import(file: &Path, path: &str, options: &Options) -> bool {
    let Ok(text) = options.overlay.read(file) else { return false };
    let header = goheader::read_go(&text, true).unwrap_or_default();
    header.imports.iter().any(|import| import.path == path && import.name.is_none())
}

/// How packages are loaded for the build on this machine.
pub(crate) fn options(world: &World<'_>, env: &GoEnv) -> Result<Options, ProbeError> {
    let absolute = |path: &str| {
        let path = std::path::absolute(world.system.on_disk(path)?);
        path.map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))
    };
    Ok(Options {
        goroot: absolute(env.get("GOROOT"))?,
        gomodcache: absolute(env.get("GOMODCACHE"))?,
        cwd: absolute(".")?,
        tags: tags(env),
        tests: true,
        spares_tests: false,
        threads: 0,
        profile: gopackages::Profile::Off,
        overlay: world.system.overlay(),
        index: None,
        // The gate reads what will be built, and believes no cache.
        go_index: None,
    })
}

/// The packages of a listing. Empty, cut off or contradictory: nothing is known, and nothing passes.
fn listed(world: &World<'_>, file: &str) -> Result<GoPackages, ProbeError> {
    let unusable = |why: Text| {
        ProbeError::Unusable(Text::new(
            format!("--from-list: {} (`go list -e -deps -test -json ./...` makes one)", why.en),
            format!("--from-list：{}（用 `go list -e -deps -test -json ./...` 生成）", why.zh),
        ))
    };
    let bytes = world.system.read(file, gopackages::MAX_LIST);
    let bytes = bytes.map_err(|err| unusable(ProbeError::from(err).text()))?;
    let (packages, modules) = gopackages::whole_list(bytes.as_slice())
        .map_err(|err| unusable(Text::same(err.to_string())))?;
    crate::listing::of_this_module(world, &packages, &modules).map_err(unusable)?;
    let cwd = std::path::absolute(world.system.on_disk(".")?).unwrap_or_default();
    let none = PathBuf::from("/nonexistent");
    let options = Options {
        goroot: none.clone(),
        gomodcache: none,
        cwd,
        tags: Tags::default(),
        tests: true,
        spares_tests: false,
        threads: 1,
        profile: gopackages::Profile::Off,
        overlay: Arc::default(),
        index: None,
        go_index: None,
    };
    let mut faults = faults(&packages, &options, true);
    let platform = "go list".to_owned();
    let is_own = |module: usize| modules.get(module).is_some_and(|module| module.main);
    faults.extend(embed_faults(&packages, &options, &is_own));
    let all = GoPackages::of(&packages, &options, &is_own);
    let modules = by_listing(&packages, &modules);
    Ok(GoPackages { faults, platform, from_list: true, modules, ..all })
}

/// Neither the module cache nor the go command knows.
fn neither(why: &Text, said: &ProbeError) -> Text {
    let said = said.text();
    let (en, zh) = (said.en, said.zh);
    Text::new(
        format!("{}; go list cannot say it either ({en})", why.en),
        format!("{}；go list 也无法给出（{zh}）", why.zh),
    )
}

/// The packages as the go command lists them. It may unpack what is downloaded, and get what is missing from a folder;
/// from the network only where policy asks for that (`--online`). It changes neither go.mod nor go.sum.
fn by_go(world: &World<'_>, env: &GoEnv, options: &Options) -> Result<GoPackages, ProbeError> {
    let not_asked = |en: &str, zh: &str| Err(ProbeError::Unusable(Text::new(en, zh)));
    if !options.overlay.is_empty() {
        return not_asked("files stand in for those on the disk", "有文件替代了磁盘上的文件");
    }
    if !matches!(env.get("GOWORK"), "" | "off") {
        return not_asked(
            "in a workspace it would write go.work.sum",
            "在工作区中它会写 go.work.sum",
        );
    }
    let args = ["list", "-e", "-deps", "-test", "-json", "-mod=readonly", "./..."];
    let mut command = Command::go(world.system, args).env("GOTOOLCHAIN", env.toolchain());
    if !world.settings.integrity.online {
        let is_local = |proxy: &str| proxy.starts_with("file://") || proxy == "off";
        let proxies = env.get("GOPROXY");
        if proxies.is_empty() || !proxies.split([',', '|']).all(is_local) {
            command = command.env("GOPROXY", "off");
        }
        // Private modules are otherwise asked for directly, whatever GOPROXY says.
        command = command.env("GONOPROXY", "none").env("GOVCS", "*:off");
    }
    let command =
        command.limit(GO_LIST).keep(usize::try_from(gopackages::MAX_LIST).unwrap_or(usize::MAX));
    let printed = world.system.run(&command)?.success(&command)?;
    let unusable = |err: gopackages::ListError| ProbeError::Unusable(Text::same(err.to_string()));
    let (packages, modules) = gopackages::from_list(printed.as_bytes()).map_err(unusable)?;
    world.system.check_time()?;
    let is_own = |module: usize| modules.get(module).is_some_and(|module| module.main);
    let all = GoPackages::of(&packages, options, &is_own);
    let platform = format!("{} (go list)", all.platform);
    Ok(GoPackages { platform, by_go: true, modules: by_listing(&packages, &modules), ..all })
}

/// The modules as modules.txt has them; `None` where Go does not build from the vendor folder.
pub(crate) fn vendored(env: &GoEnv, vendor: &VendorList, options: &Options) -> Option<BuildList> {
    let mode = env.mode().ok()?;
    if vendor.text.is_none() && mode != Some(Mode::Vendor) {
        return None;
    }
    let gowork = match env.get("GOWORK") {
        "" | "off" => GoWorkSetting::Off,
        file => GoWorkSetting::File(file.into()),
    };
    let gomodcache = options.gomodcache.clone();
    let overlay = Arc::clone(&options.overlay);
    let modules =
        buildlist::Options { gomodcache, mode, gowork, overlay, ..buildlist::Options::default() };
    let list = buildlist::load(&options.cwd, &modules).ok()?;
    (list.mode() == Mode::Vendor).then_some(list)
}

/// The tags of the build on this machine. Those of experiments matter in the standard library only.
fn tags(env: &GoEnv) -> Tags {
    let version = env.get("GOVERSION").strip_prefix("go1.").unwrap_or("26");
    let minor: u32 =
        version.split(['.', 'r', 'b', '-', ' ']).next().unwrap_or("").parse().unwrap_or(26);
    let build_tags = env
        .get("GOFLAGS")
        .split_whitespace()
        .filter_map(|flag| flag.strip_prefix("-tags=").or_else(|| flag.strip_prefix("--tags=")));
    Tags {
        goos: env.get("GOOS").to_owned(),
        goarch: env.get("GOARCH").to_owned(),
        cgo: env.get("CGO_ENABLED") == "1",
        compiler: "gc".to_owned(),
        build_tags: build_tags.flat_map(|tags| tags.split(',')).map(str::to_owned).collect(),
        tool_tags: BTreeSet::new(),
        release_tags: (1..=minor).map(|minor| format!("go1.{minor}")).collect(),
        any: false,
    }
}
