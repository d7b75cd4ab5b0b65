//! Packages from what `go list -json` printed: a file, a pipe, another machine's. Nothing of it is believed unseen.

use crate::in_order;
use crate::package::{ErrorKind, Names, Package, PackageError, PackageId};
use crate::{Files, Packages};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// `go list -deps -test -json` of Kubernetes has 200 MB.
pub const MAX_LIST: u64 = 1 << 30;
/// More packages than any tree has.
const MAX_PACKAGES: usize = 2_000_000;

/// Why a listing cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// There is nothing in it: `go list` failed, or printed elsewhere.
    #[error("the listing is empty: no package in it")]
    Empty,
    /// It ends in the middle of a package.
    #[error("the listing is cut off in line {line}, after {packages} packages")]
    Truncated {
        /// The line at which it ends.
        line: usize,
        /// How many packages are before it.
        packages: usize,
    },
    /// It is not what `go list -json` prints.
    #[error("line {line}, column {column}: not a package of go list -json: {problem}")]
    Malformed {
        /// The line.
        line: usize,
        /// The column, in bytes.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// It is larger than is read.
    #[error("the listing is larger than {MAX_LIST} bytes or {MAX_PACKAGES} packages")]
    TooLarge,
    /// A package without a name, or twice.
    #[error("{0}")]
    Contradictory(String),
    /// With `-deps` all that is imported is listed; something is not.
    #[error("{importer} imports {import}, which is not listed: the listing is not complete")]
    Incomplete {
        /// The package that imports.
        importer: String,
        /// What it imports.
        import: String,
    },
    /// What was asked for stands behind what it imports, and is not there.
    #[error(
        "all {packages} packages of the listing are only imported (DepOnly): it is cut off before those that were asked for"
    )]
    Unasked {
        /// How many there are.
        packages: usize,
    },
    /// A package has tests, and what they import is not listed.
    #[error(
        "{package} has tests, and {package}.test is not listed: the listing is cut off, or made without -test"
    )]
    Untested {
        /// The package.
        package: String,
    },
    /// It was made with `-json=FIELDS`, and lacks some that are needed.
    #[error("{package} has no {field}: the listing was made with -json=FIELDS")]
    Partial {
        /// The first package that lacks it.
        package: String,
        /// The field.
        field: &'static str,
    },
    /// It cannot be read.
    #[error("{0}")]
    Io(String),
}

/// A module of a listing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub struct ListedModule {
    /// The path.
    #[serde(rename = "Path")]
    pub path: String,
    /// The version; `None` for a main module.
    #[serde(rename = "Version")]
    pub version: Option<String>,
    /// Whether it is a main module.
    #[serde(rename = "Main")]
    pub main: bool,
    /// Its folder.
    #[serde(rename = "Dir")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Listed {
    import_path: String,
    name: String,
    dir: Option<PathBuf>,
    doc: String,
    standard: bool,
    dep_only: bool,
    incomplete: bool,
    root: String,
    #[serde(rename = "Match")]
    matches: Vec<String>,
    for_test: Option<String>,
    module: Option<ListedModule>,
    go_files: Vec<String>,
    cgo_files: Vec<String>,
    test_go_files: Vec<String>,
    #[serde(rename = "XTestGoFiles")]
    xtest_go_files: Vec<String>,
    ignored_go_files: Vec<String>,
    swig_files: Vec<String>,
    #[serde(rename = "SwigCXXFiles")]
    swigcxx_files: Vec<String>,
    embed_files: Vec<String>,
    imports: Vec<String>,
    deps: Vec<String>,
    error: Option<ListedError>,
    deps_errors: Vec<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedError {
    import_stack: Option<Vec<String>>,
    pos: String,
    err: String,
}

/// Reads a listing. The modules are those of [`Package::module`].
///
/// # Errors
/// [`ListError`]: whatever is not a whole listing is refused, never taken for an empty one.
pub fn from_list(reader: impl Read) -> Result<(Packages, Vec<ListedModule>), ListError> {
    packages_of(&parse(reader)?)
}

/// The same of a listing in which nothing is missing that a judgement rests on: as `go list -e -deps -test -json` makes
/// it, all fields, with all that is imported and with the tests.
///
/// # Errors
/// [`ListError`], also where something is missing of which a pass would rest on nothing.
pub fn whole_list(reader: impl Read) -> Result<(Packages, Vec<ListedModule>), ListError> {
    let listed = parse(reader)?;
    whole(&listed)?;
    packages_of(&listed)
}

/// Whether all is there: what go list leaves out where it is empty cannot be told from what was not asked for, so that
/// the fields that every package has stand for the others.
fn whole(listed: &[Listed]) -> Result<(), ListError> {
    let names: HashSet<&str> = listed.iter().map(|one| one.import_path.as_str()).collect();
    let mut closures = Closures::of(listed);
    let has_imports = listed.iter().any(|one| !one.imports.is_empty());
    for one in listed {
        // Of those without a name it is said elsewhere.
        if one.import_path.is_empty() {
            continue;
        }
        let package = one.import_path.clone();
        let lacks = |field| Err(ListError::Partial { package: package.clone(), field });
        let files = [&one.go_files, &one.cgo_files, &one.test_go_files, &one.xtest_go_files];
        let others = [&one.swig_files, &one.swigcxx_files, &one.ignored_go_files];
        if one.error.is_none() {
            if one.name.is_empty() {
                return lacks("Name");
            }
            if one.dir.is_none() {
                return lacks("Dir");
            }
            if files.iter().chain(&others).all(|files| files.is_empty()) {
                return lacks("GoFiles");
            }
            if !has_imports && one.matches.is_empty() && one.root.is_empty() {
                return lacks("Imports");
            }
        }
        for import in one.imports.iter().filter(|import| *import != "C") {
            if !names.contains(import.as_str()) {
                let (importer, import) = (package, import.clone());
                return Err(ListError::Incomplete { importer, import });
            }
        }
        if let Some(why) = contradiction(one, &mut closures) {
            return Err(ListError::Contradictory(format!("{package} {why}")));
        }
        let is_tested = !one.test_go_files.is_empty() || !one.xtest_go_files.is_empty();
        let is_itself = one.for_test.is_none() && !one.dep_only;
        if is_tested && is_itself && !names.contains(format!("{package}.test").as_str()) {
            return Err(ListError::Untested { package });
        }
    }
    Ok(())
}

/// What each package of a listing says that it needs, by places in the listing.
struct Closures<'l> {
    listed: &'l [Listed],
    places: HashMap<&'l str, usize>,
    deps: Vec<Vec<usize>>,
    /// The last package for which each was marked.
    marked: Vec<usize>,
}

impl<'l> Closures<'l> {
    fn of(listed: &'l [Listed]) -> Self {
        let names = listed.iter().enumerate();
        let places: HashMap<&str, usize> =
            names.map(|(at, one)| (one.import_path.as_str(), at)).collect();
        let deps = |one: &Listed| -> Vec<usize> {
            one.deps.iter().filter_map(|dep| places.get(dep.as_str()).copied()).collect()
        };
        let deps = listed.iter().map(deps).collect();
        Self { listed, places, deps, marked: vec![usize::MAX; listed.len()] }
    }

    fn get(&self, at: usize) -> Option<&'l Listed> {
        self.listed.get(at)
    }

    fn deps(&self, at: usize) -> &[usize] {
        self.deps.get(at).map_or(&[], Vec::as_slice)
    }

    /// The first of a package's `Deps` to which none of its imports leads. What is implied lies in the standard library.
    fn unexplained(&mut self, at: usize) -> Option<&'l str> {
        let Self { listed, places, deps, marked } = self;
        let imports = listed.get(at)?.imports.iter();
        for import in imports.filter_map(|import| places.get(import.as_str())) {
            for known in deps.get(*import)?.iter().chain([import]) {
                *marked.get_mut(*known)? = at;
            }
        }
        let is_explained =
            |dep: &Listed, place: usize| marked.get(place) == Some(&at) || dep.standard;
        deps.get(at)?.iter().find_map(|place| {
            let dep = listed.get(*place)?;
            (!is_explained(dep, *place)).then_some(dep.import_path.as_str())
        })
    }
}

/// What a package of the main modules says of itself that cannot be, as the go command makes its fields
/// (`load.Package.load`, `list.collectDeps`).
fn contradiction(one: &Listed, closures: &mut Closures<'_>) -> Option<String> {
    let module = one.module.as_ref().filter(|module| module.main)?;
    let at = *closures.places.get(one.import_path.as_str())?;
    let fails = |at: &usize| closures.get(*at).is_some_and(|dep| dep.error.is_some());
    let has_errors = one.error.is_some() || !one.deps_errors.is_empty();
    let is_broken = has_errors || closures.deps(at).iter().any(fails);
    if one.incomplete && !is_broken {
        return Some("is Incomplete, and neither it nor what it imports has an error".to_owned());
    }
    if is_broken {
        return None;
    }
    if let Some((root, dir)) = module.dir.as_ref().zip(one.dir.as_ref())
        && !one.import_path.contains(".test")
        && let Some(rest) = one.import_path.strip_prefix(module.path.as_str())
        && (rest.is_empty() || rest.starts_with('/'))
        && *dir != root.join(rest.trim_start_matches('/'))
    {
        let (dir, root) = (dir.display(), root.display());
        return Some(format!("lies in {dir}, and its module in {root}"));
    }
    let deps: HashSet<&str> = one.deps.iter().map(String::as_str).collect();
    let mut imports = one.imports.iter().filter(|import| *import != "C");
    if let Some(import) = imports.find(|import| !deps.contains(import.as_str())) {
        return Some(format!("imports {import}, which is not among its Deps"));
    }
    let dep = closures.unexplained(at)?;
    Some(format!("has {dep} among its Deps, and nothing that it imports leads there"))
}

fn packages_of(listed: &[Listed]) -> Result<(Packages, Vec<ListedModule>), ListError> {
    let mut ids: HashMap<String, PackageId> = HashMap::new();
    for (id, one) in listed.iter().enumerate() {
        if one.import_path.is_empty() {
            let message = format!("package {} of the listing has no ImportPath", id + 1);
            return Err(ListError::Contradictory(message));
        }
        if ids.insert(one.import_path.clone(), id).is_some() {
            let message = format!("{} is listed twice", one.import_path);
            return Err(ListError::Contradictory(message));
        }
    }
    let with_deps = listed.iter().any(|one| one.dep_only);
    if with_deps && listed.iter().all(|one| one.dep_only) {
        return Err(ListError::Unasked { packages: listed.len() });
    }
    let checkers = checkers(listed, &ids);
    let mut modules: Vec<ListedModule> = vec![];
    let mut places: BTreeMap<ListedModule, usize> = BTreeMap::new();
    let mut packages: Vec<Package> = Vec::with_capacity(listed.len());
    let mut stubs: Vec<Package> = vec![];
    for one in listed {
        let mut dependencies = vec![];
        for import in one.imports.iter().filter(|import| *import != "C") {
            match ids.get(import) {
                Some(id) => dependencies.push(*id),
                None if with_deps => {
                    let (importer, import) = (one.import_path.clone(), import.clone());
                    return Err(ListError::Incomplete { importer, import });
                }
                // Listed without -deps: it exists, and no more is known.
                None => {
                    let id = listed.len() + stubs.len();
                    ids.insert(import.clone(), id);
                    let import_path = Arc::from(import.as_str());
                    stubs.push(Package { import_path, ..Package::default() });
                    dependencies.push(id);
                }
            }
        }
        for path in implied(one, &checkers) {
            dependencies.extend(ids.get(path).filter(|id| !dependencies.contains(id)).copied());
        }
        let module = one.module.as_ref().map(|module| {
            *places.entry(module.clone()).or_insert_with(|| {
                modules.push(module.clone());
                modules.len() - 1
            })
        });
        packages.push(package(one, module, dependencies));
    }
    packages.extend(stubs);
    mark_cycles(&mut packages);
    let roots: Vec<PackageId> = (0..packages.len()).collect();
    let order = in_order(&packages, &roots);
    let searched = BTreeSet::new();
    let packages = Packages { packages, order, searched, needs_graph: true, sum_gaps: vec![] };
    Ok((packages, modules))
}

/// What every program depends on where it is built with `-race`, `-msan`, `-asan` or `-cover`.
const CHECKERS: [&str; 4] = ["runtime/race", "runtime/msan", "runtime/asan", "runtime/coverage"];

/// Those of them that are listed although nobody asks for them or imports them.
fn checkers(listed: &[Listed], ids: &HashMap<String, PackageId>) -> Vec<&'static str> {
    let mut found = CHECKERS.to_vec();
    found
        .retain(|path| ids.get(*path).and_then(|id| listed.get(*id)).is_some_and(|it| it.dep_only));
    if !found.is_empty() {
        for import in listed.iter().flat_map(|one| &one.imports) {
            found.retain(|path| path != import);
        }
    }
    found
}

/// What a package depends on without an import in a file (`load.Package.load`, `load.LinkerDeps`): `Imports` does not
/// have it.
fn implied<'a>(one: &Listed, checkers: &[&'a str]) -> Vec<&'a str> {
    let mut paths = vec![];
    let is_of_cgo = one.standard && matches!(one.import_path.as_str(), "runtime/cgo");
    let is_checker = one.standard && CHECKERS.contains(&one.import_path.as_str());
    if !one.cgo_files.is_empty() {
        paths.push("unsafe");
        paths.extend((!is_of_cgo).then_some("runtime/cgo"));
        paths.extend((!is_of_cgo && !is_checker).then_some("syscall"));
    }
    if one.name == "main" {
        paths.push("runtime");
        paths.extend(checkers);
    }
    paths
}

fn parse(reader: impl Read) -> Result<Vec<Listed>, ListError> {
    // One byte more than is allowed, so that what is too large is told from what ends there.
    let mut bounded = reader.take(MAX_LIST + 1);
    let mut all = vec![];
    let stream = serde_json::Deserializer::from_reader(BufReader::new(&mut bounded));
    for one in stream.into_iter::<Listed>() {
        match one {
            Ok(one) => all.push(one),
            Err(_) if all.len() >= MAX_PACKAGES => return Err(ListError::TooLarge),
            Err(err) if err.is_eof() => {
                return Err(ListError::Truncated { line: err.line(), packages: all.len() });
            }
            Err(err) if err.is_io() => return Err(ListError::Io(err.to_string())),
            Err(err) => {
                return Err(ListError::Malformed {
                    line: err.line(),
                    column: err.column(),
                    problem: err.to_string(),
                });
            }
        }
        if all.len() > MAX_PACKAGES {
            return Err(ListError::TooLarge);
        }
    }
    if bounded.limit() == 0 {
        return Err(ListError::TooLarge);
    }
    if all.is_empty() { Err(ListError::Empty) } else { Ok(all) }
}

fn package(one: &Listed, module: Option<usize>, dependencies: Vec<PackageId>) -> Package {
    let arc = |text: &String| Arc::<str>::from(text.as_str());
    // `p [q.test]`
    let path = one.import_path.split(" [").next().unwrap_or_default();
    let is_test_main = one.name == "main" && path.ends_with(".test") && one.for_test.is_none();
    let files = Files {
        go: one.go_files.clone(),
        cgo: one.cgo_files.clone(),
        test_go: one.test_go_files.clone(),
        xtest_go: one.xtest_go_files.clone(),
        ignored_go: one.ignored_go_files.clone(),
        swig: one.swig_files.clone(),
        swigcxx: one.swigcxx_files.clone(),
        ..Files::default()
    };
    let error = one.error.as_ref().map(|error| {
        let stack = error.import_stack.iter().flatten().map(arc).collect();
        let kind = kind(&error.err);
        Arc::new(PackageError {
            import_stack: stack,
            pos: error.pos.clone(),
            message: error.err.clone(),
            kind,
        })
    });
    let imports: Vec<Arc<str>> = one
        .imports
        .iter()
        .map(|path| Arc::from(path.split(" [").next().unwrap_or_default()))
        .collect();
    Package {
        import_path: Arc::from(path),
        name: one.name.clone(),
        dir: one.dir.clone().map(Arc::new),
        module,
        standard: one.standard,
        for_test: one.for_test.as_ref().filter(|_| one.import_path.contains(" [")).map(arc),
        files: Arc::new(files.into()),
        doc: Arc::new(one.doc.clone().into()),
        names: Names { raw_imports: imports.clone(), imports, ..Names::default() }.into(),
        embed_files: one.embed_files.clone(),
        error,
        incomplete: one.incomplete,
        dependencies,
        is_match: !one.dep_only,
        is_test_main,
        ..Package::default()
    }
}

/// The kind of an error, by Go's words.
fn kind(message: &str) -> ErrorKind {
    const KINDS: [(&str, ErrorKind); 22] = [
        ("replacement directory ", ErrorKind::Missing),
        ("missing go.sum entry", ErrorKind::Missing),
        // What nobody could get says nothing of what it holds.
        ("dial tcp", ErrorKind::NotDownloaded),
        ("reading http", ErrorKind::NotDownloaded),
        ("reading file://", ErrorKind::NotDownloaded),
        ("Get \"", ErrorKind::NotDownloaded),
        ("import cycle not allowed", ErrorKind::Cycle),
        ("build constraints exclude all Go files", ErrorKind::NoGo),
        ("no Go files in", ErrorKind::NoGo),
        ("no non-test Go files in", ErrorKind::NoGo),
        ("found packages ", ErrorKind::MultiplePackages),
        ("ambiguous import", ErrorKind::Ambiguous),
        ("use of internal package", ErrorKind::Internal),
        ("use of vendored package", ErrorKind::Vendored),
        ("must be imported as", ErrorKind::Vendored),
        ("is a program, not an importable package", ErrorKind::Program),
        ("case-insensitive", ErrorKind::Case),
        ("pattern ", ErrorKind::Embed),
        ("module lookup disabled", ErrorKind::NotDownloaded),
        ("is not in std", ErrorKind::Missing),
        ("provides package", ErrorKind::Missing),
        ("cannot find ", ErrorKind::Missing),
    ];
    let found = KINDS.iter().find(|(words, _)| match *words {
        "pattern " => message.starts_with(words),
        words => message.contains(words),
    });
    match found {
        Some((_, kind)) => *kind,
        None if message.contains("expected ") => ErrorKind::Syntax,
        None => ErrorKind::Other,
    }
}

/// Go says so itself, but a listing need not come from Go.
fn mark_cycles(packages: &mut [Package]) {
    // 1: on the way; 2: done.
    let mut state = vec![0_u8; packages.len()];
    let mut circular = BTreeSet::new();
    for root in 0..packages.len() {
        let mut open: Vec<(PackageId, usize)> = vec![];
        if state[root] == 0 {
            state[root] = 1;
            open.push((root, 0));
        }
        while let Some((id, next)) = open.last_mut() {
            let id = *id;
            match packages[id].dependencies.get(*next).copied() {
                Some(dependency) => {
                    *next += 1;
                    match state[dependency] {
                        0 => {
                            state[dependency] = 1;
                            open.push((dependency, 0));
                        }
                        1 => drop(circular.insert(dependency)),
                        _ => {}
                    }
                }
                None => {
                    state[id] = 2;
                    open.pop();
                }
            }
        }
    }
    for id in circular {
        let package = &mut packages[id];
        if package.error.is_none() {
            let message = "import cycle not allowed".to_owned();
            let import_stack = vec![Arc::clone(&package.import_path)];
            let kind = ErrorKind::Cycle;
            package.error =
                Some(Arc::new(PackageError { import_stack, pos: String::new(), message, kind }));
        }
    }
}
