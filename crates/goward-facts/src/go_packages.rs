//! The packages of the module and all that they import, with their tests: without `go list`.

use crate::build_lists::Listed;
use crate::{BuildLists, Fact, GoEnv, GoModFile, ProbeError, VendorList, World};
use buildlist::{BuildList, GoWorkSetting, Mode};
use gomod::ModuleVersion;
use gopackages::{ErrorKind, Options, Package, PackageId, Packages, Tags};
use goward_model::Text;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The packages of the module and what they import, by the module cache or the vendor folder.
#[derive(Clone, Debug, Default)]
pub struct GoPackages {
    /// Whether the packages are known at all.
    pub known: bool,
    /// The modules that were searched, replacements applied: Go refuses the build where go.sum does not have each.
    /// Empty beside a vendor folder, where Go reads no module.
    pub searched: BTreeSet<ModuleVersion>,
    /// The modules that are not downloaded, so that nobody knows what they import.
    pub absent: BTreeSet<String>,
    /// Whether Go reads the whole requirement graph for the build.
    pub needs_graph: bool,
    /// How many packages were looked at.
    pub count: usize,
    /// `linux/amd64`
    pub platform: String,
    /// They are those of a listing, which does not say where packages were looked for.
    pub from_list: bool,
    /// What is wrong with packages, without what is not downloaded.
    pub faults: Vec<Fault>,
    /// Packages of the target whose name is not what their path promises, where they are imported without a name.
    pub misnamed: Vec<Misnamed>,
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

/// What is wrong with a package.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What kind of thing.
    pub kind: ErrorKind,
    /// The package.
    pub package: String,
    /// In Go's words.
    pub message: String,
    /// Where: a file of the target.
    pub place: Option<Place>,
    /// The packages that lead to it, and where each imports the next: `file:line`, empty for the last.
    pub chain: Vec<(String, String)>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the target.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
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
        let options = options(world, &env)?;
        let other = match (&vendor.text, &lists.build) {
            (Some(_), _) => vendored(&env, &options),
            // Go itself reads no more of the graph than a build needs, and so downloads no more.
            (None, Listed::NotDownloaded(_)) => roots(&env, &options),
            _ => None,
        };
        let list = match (&vendor.text, &other, &lists.build) {
            (_, Some(list), _) => list,
            (None, None, Listed::List(list)) => list.as_ref(),
            _ => return Ok(Self::default()),
        };
        world.system.check_time()?;
        let packages = gopackages::load(list, &["./..."], &options)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        world.system.check_time()?;
        let is_own =
            |module: usize| list.modules().get(module).is_some_and(buildlist::Module::is_main);
        Ok(Self::of(&packages, &options, &is_own))
    }
}

impl GoPackages {
    /// What loaded packages come to; `is_own` tells of a module, by its place, whether it is worked on here.
    pub fn of(packages: &Packages, options: &Options, is_own: &dyn Fn(usize) -> bool) -> Self {
        let has_std = options.goroot.join("src").is_dir();
        let errors = packages.iter().filter_map(|(_, package)| package.error.as_ref());
        let absent = errors.filter(|error| error.kind == ErrorKind::NotDownloaded);
        let absent = absent.map(|error| error.message.clone()).collect();
        Self {
            known: true,
            searched: packages.searched().clone(),
            absent,
            from_list: false,
            needs_graph: packages.needs_graph(),
            count: packages.iter().count(),
            platform: format!("{}/{}", options.tags.goos, options.tags.goarch),
            faults: faults(packages, options, has_std),
            misnamed: misnamed(packages, options, is_own),
        }
    }
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
    let bytes = world.system.read(file, gopackages::MAX_LIST)?;
    let (packages, modules) = gopackages::from_list(bytes.as_slice()).map_err(|err| {
        ProbeError::Unusable(Text::new(
            format!("--from-list: {err}"),
            format!("--from-list：{err}"),
        ))
    })?;
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
    let faults = faults(&packages, &options, true);
    let platform = "go list".to_owned();
    let is_own = |module: usize| modules.get(module).is_some_and(|module| module.main);
    let all = GoPackages::of(&packages, &options, &is_own);
    Ok(GoPackages { faults, platform, from_list: true, ..all })
}

/// What go.mod itself requires; `None` where that is not enough to build.
fn roots(env: &GoEnv, options: &Options) -> Option<BuildList> {
    if !matches!(env.get("GOWORK"), "" | "off") {
        return None;
    }
    let modules = buildlist::Options {
        gomodcache: options.gomodcache.clone(),
        gowork: GoWorkSetting::Off,
        mode: Some(Mode::Readonly),
        overlay: Arc::clone(&options.overlay),
        ..buildlist::Options::default()
    };
    buildlist::roots(&options.cwd, &modules).ok().flatten()
}

/// The modules as modules.txt has them; `None` where Go does not build from the vendor folder.
pub(crate) fn vendored(env: &GoEnv, options: &Options) -> Option<BuildList> {
    let gowork = match env.get("GOWORK") {
        "" | "off" => GoWorkSetting::Off,
        file => GoWorkSetting::File(file.into()),
    };
    let gomodcache = options.gomodcache.clone();
    let overlay = Arc::clone(&options.overlay);
    let modules =
        buildlist::Options { gomodcache, gowork, overlay, ..buildlist::Options::default() };
    let list = buildlist::load(&options.cwd, &modules).ok()?;
    (list.mode() == Mode::Vendor).then_some(list)
}

/// The file that a message names itself: `read a/x.go: unexpected NUL in input`, `a/x.go:5:8: invalid import path: `,
/// and without its folder `x.go: parsing //go:build line: …`.
fn named(message: &str, dir: Option<&str>) -> Option<Place> {
    let (head, _) = ["read ", "open "]
        .iter()
        .find_map(|word| message.strip_prefix(word))
        .unwrap_or(message)
        .split_once(": ")?;
    if let Some(place) = position(head) {
        return Some(place);
    }
    let file = match dir.filter(|_| !head.contains('/')) {
        None | Some("") => head.to_owned(),
        Some(dir) => format!("{dir}/{head}"),
    };
    (head.ends_with(".go") && !head.contains(' ')).then_some(Place { file, line: 1, column: 1 })
}

/// What is wrong with packages. Without the standard library (no GOROOT) nothing is said of it.
pub(crate) fn faults(packages: &Packages, options: &Options, has_std: bool) -> Vec<Fault> {
    let ids: HashMap<String, PackageId> =
        packages.iter().map(|(id, package)| (package.id(), id)).collect();
    let place = |from: &str, to: &str| -> Option<Place> {
        let (file, at) = packages.import_place(*ids.get(from)?, *ids.get(to)?)?;
        Some(Place { file: near(&file, options), line: at.line, column: at.column })
    };
    let mut all = vec![];
    for (_, package) in packages.iter() {
        let Some(error) = &package.error else { continue };
        // What a test's copy has, the package has, too, unless the test brings it.
        let copied = package.for_test.is_some()
            && ids.get(&*package.import_path).is_some_and(|id| {
                packages.get(*id).is_some_and(|real| {
                    real.error.as_ref().is_some_and(|other| other.message == error.message)
                })
            });
        let in_std = error.kind == ErrorKind::Missing && error.message.contains(" is not in std ");
        if error.kind == ErrorKind::NotDownloaded || copied || (in_std && !has_std) {
            continue;
        }
        let stack: Vec<&str> = error.import_stack.iter().map(|path| &**path).collect();
        let ends = stack.last() == Some(&package.id().as_str());
        let path: Vec<String> = match ends || error.kind == ErrorKind::Cycle {
            true => stack.iter().map(|path| (*path).to_owned()).collect(),
            false => stack.iter().map(|path| (*path).to_owned()).chain([package.id()]).collect(),
        };
        let steps = path.windows(2).map(|pair| match pair {
            [from, to] => place(from, to),
            _ => None,
        });
        let steps: Vec<Option<Place>> = steps.collect();
        let dir = package.dir.as_deref().map(|dir| near(dir, options));
        let own = position(&error.pos)
            .or_else(|| named(&plain(&error.message, options), dir.as_deref()))
            .or_else(|| steps.iter().flatten().next_back().cloned());
        let shown = steps.iter().flatten().map(|at| format!("{}:{}", at.file, at.line));
        let chain = path.iter().cloned().zip(shown.chain([String::new()])).collect();
        all.push(Fault {
            kind: error.kind,
            package: package.id(),
            message: plain(&error.message, options),
            place: own,
            chain,
        });
    }
    all
}

/// A file as seen from the target, or from the module cache.
pub(crate) fn near(file: &Path, options: &Options) -> String {
    let below = file.strip_prefix(&options.cwd).or_else(|_| file.strip_prefix(&options.gomodcache));
    below.unwrap_or(file).to_string_lossy().into_owned()
}

/// A message without paths of the machine.
fn plain(message: &str, options: &Options) -> String {
    let mut message = message.to_owned();
    for folder in [&options.cwd, &options.gomodcache] {
        message = message.replace(&format!("{}/", folder.display()), "");
    }
    message
}

/// `file:line:column`
fn position(pos: &str) -> Option<Place> {
    let (rest, column) = pos.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    Some(Place { file: file.to_owned(), line, column })
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
