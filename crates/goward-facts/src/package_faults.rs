//! What is wrong with packages: the loader's errors, and what stops a build although `go list` has no error for it.

use gopackages::{ErrorKind, Options, Package, PackageId, Packages};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::Arc;

/// Members of a cycle whose places are looked for; a hostile tree has more.
const MAX_CYCLE: usize = 1000;
/// Cycles of which the shortest way is looked for; of any more go list's own words are told.
const MAX_CYCLES: usize = 50;

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

/// What is said of each module that is not downloaded.
pub(crate) fn not_downloaded(packages: &Packages) -> BTreeSet<String> {
    let errors = packages.iter().filter_map(|(_, package)| package.error.as_ref());
    let absent = errors.filter(|error| error.kind == ErrorKind::NotDownloaded);
    // Go's advice stands on lines of its own.
    absent.map(|error| error.message.lines().next().unwrap_or_default().to_owned()).collect()
}

/// The packages by name, and where they import each other.
struct Graph<'p> {
    packages: &'p Packages,
    options: &'p Options,
    /// By the name that go list gives.
    ids: HashMap<String, PackageId>,
    /// By import path, with the copies that are compiled for tests.
    variants: HashMap<&'p str, Vec<PackageId>>,
}

impl<'p> Graph<'p> {
    fn of(packages: &'p Packages, options: &'p Options) -> Self {
        let (mut ids, mut variants) = (HashMap::new(), HashMap::<&str, Vec<PackageId>>::new());
        for (id, package) in packages.iter() {
            ids.insert(package.id(), id);
            variants.entry(&package.import_path).or_default().push(id);
        }
        Self { packages, options, ids, variants }
    }

    fn get(&self, id: PackageId) -> Option<&'p Package> {
        self.packages.get(id)
    }

    /// Where one package imports another, by their ids: in a listing, in the file itself, if it is the target's.
    fn place(&self, from: PackageId, to: PackageId) -> Option<Place> {
        if let Some((file, at)) = self.packages.import_place(from, to) {
            return Some(Place {
                file: near(&file, self.options),
                line: at.line,
                column: at.column,
            });
        }
        let (from, to) = (self.get(from)?, self.get(to)?);
        let dir = from.dir.as_deref().filter(|dir| dir.starts_with(&self.options.cwd))?;
        let files = from.files.go.iter().chain(&from.files.cgo);
        files.map(|name| dir.join(name)).find_map(|file| {
            let text = self.options.overlay.read(&file).ok()?;
            let header = goheader::read_go(&text, true).ok()?;
            let import = header.imports.iter().find(|one| *one.path == *to.import_path)?;
            let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let (line, column) = (small(import.line), small(import.column).max(1));
            Some(Place { file: near(&file, self.options), line, column })
        })
    }

    /// The same by names of an import stack, which does not tell a package from its copies.
    fn named_place(&self, from: &str, to: &str) -> Option<Place> {
        let of = |name: &str| {
            let exact = self.ids.get(name).copied();
            exact.into_iter().chain(self.variants.get(name).into_iter().flatten().copied())
        };
        of(from).find_map(|from| of(to).find_map(|to| self.place(from, to)))
    }

    /// The shortest way from a package back to it, closed; `None` where there is none.
    fn cycle(&self, start: PackageId) -> Option<Vec<PackageId>> {
        let mut importer: HashMap<PackageId, PackageId> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(id) = queue.pop_front() {
            for next in &self.get(id)?.dependencies {
                if *next == start {
                    let mut way = vec![start, id];
                    let mut at = id;
                    while at != start {
                        at = *importer.get(&at)?;
                        way.push(at);
                    }
                    // A package that imports itself.
                    way.dedup();
                    if way.len() == 1 {
                        way.push(start);
                    }
                    way.reverse();
                    return Some(way);
                }
                if *next != start && !importer.contains_key(next) {
                    importer.insert(*next, id);
                    queue.push_back(*next);
                }
            }
        }
        None
    }
}

/// What is wrong with packages. Without the standard library (no GOROOT) nothing is said of it.
pub(crate) fn faults(packages: &Packages, options: &Options, has_std: bool) -> Vec<Fault> {
    let graph = Graph::of(packages, options);
    let mut all = vec![];
    let mut told = HashSet::new();
    for (id, package) in packages.iter() {
        let Some(error) = &package.error else { continue };
        // What a test's copy has, the package has, too, unless the test brings it.
        let copied = package.for_test.is_some()
            && graph.ids.get(&*package.import_path).is_some_and(|id| {
                packages.get(*id).is_some_and(|real| {
                    real.error.as_ref().is_some_and(|other| other.message == error.message)
                })
            });
        let in_std = error.kind == ErrorKind::Missing && error.message.contains(" is not in std ");
        if error.kind == ErrorKind::NotDownloaded || copied || (in_std && !has_std) {
            continue;
        }
        let way = (error.kind == ErrorKind::Cycle && told.len() < MAX_CYCLES)
            .then(|| graph.cycle(id))
            .flatten();
        let (path, steps) = match way {
            Some(way) => match cycle(&graph, &way, &mut told) {
                Some(told) => told,
                None => continue,
            },
            None => stack(&graph, package, &error.import_stack),
        };
        let dir = package.dir.as_deref().map(|dir| near(dir, options));
        let own = position(&error.pos)
            .or_else(|| named(&plain(&error.message, options), dir.as_deref()))
            .or_else(|| match error.kind {
                ErrorKind::MultiplePackages
                | ErrorKind::Case
                | ErrorKind::Files
                | ErrorKind::Syntax => own_file(package, &error.message, options),
                _ => None,
            })
            .or_else(|| steps.iter().flatten().next_back().cloned())
            .or_else(|| own_file(package, &error.message, options));
        let line = |at: &Option<Place>| {
            at.as_ref().map_or_else(String::new, |at| format!("{}:{}", at.file, at.line))
        };
        let shown = steps.iter().map(line).chain([String::new()]);
        let chain = path.iter().cloned().zip(shown).collect();
        all.push(Fault {
            kind: error.kind,
            package: match error.kind {
                ErrorKind::Cycle => package.import_path.to_string(),
                _ => package.id(),
            },
            message: plain(&error.message, options),
            place: own,
            chain,
        });
    }
    all.extend(empties(&graph));
    all
}

/// The package clause of the last file that a message names, or else of the package's first file.
fn own_file(package: &Package, message: &str, options: &Options) -> Option<Place> {
    let dir = package.dir.as_deref()?;
    let files = &package.files;
    let lists = [&files.go, &files.cgo, &files.test_go, &files.xtest_go];
    let others = [&files.invalid_go, &files.ignored_go, &files.c, &files.cxx, &files.m, &files.f];
    let all = || lists.iter().chain(&others).flat_map(|list| list.iter());
    let is_edge = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let at = |name: &&String| {
        let mut found = message.rmatch_indices(name.as_str());
        found.find_map(|(at, _)| message.get(..at)?.ends_with(is_edge).then_some(at))
    };
    let named = all().filter_map(|name| Some((at(&name)?, name))).max_by_key(|(at, _)| *at);
    let file = dir.join(named.map(|(_, name)| name).or_else(|| all().next())?);
    let text = options.overlay.read(&file).unwrap_or_default();
    let header = goheader::read_go(&text, true).unwrap_or_default();
    let line = header.package.map_or(1, |clause| u32::try_from(clause.line).unwrap_or(1).max(1));
    Some(Place { file: near(&file, options), line, column: 1 })
}

/// The packages that lead to one, as its error has them.
fn stack(graph: &Graph<'_>, package: &Package, stack: &[Arc<str>]) -> Told {
    let mut path: Vec<String> = stack.iter().map(|path| path.to_string()).collect();
    let name = package.id();
    if path.last() != Some(&name) {
        path.push(name);
    }
    let steps = path.windows(2).map(|pair| match pair {
        [from, to] => graph.named_place(from, to),
        _ => None,
    });
    let steps = steps.collect();
    (path, steps)
}

/// A cycle, told from its first package back to it; `None` where the same cycle was told before, as it is of every copy
/// that is compiled for a test.
fn cycle(graph: &Graph<'_>, way: &[PackageId], told: &mut HashSet<Vec<String>>) -> Option<Told> {
    let path = |id: &PackageId| graph.get(*id).map(|one| one.import_path.to_string());
    let names: Vec<String> = way.iter().filter_map(path).collect();
    let mut members = names.clone();
    members.sort_unstable();
    members.dedup();
    if !told.insert(members) {
        return None;
    }
    let steps = way.windows(2).map(|pair| match pair {
        [from, to] => graph.place(*from, *to),
        _ => None,
    });
    let steps = steps.take(MAX_CYCLE).collect();
    Some((names, steps))
}

/// Packages, and where each imports the next.
type Told = (Vec<String>, Vec<Option<Place>>);

/// Packages that others import and of which this build has no file but tests. `go list` has no error for them, and the
/// build stops (`work.Builder.build`, `load.NoGoError`).
fn empties(graph: &Graph<'_>) -> Vec<Fault> {
    let is_empty = |package: &Package| {
        let files = &package.files;
        let has_none = [&files.go, &files.cgo, &files.swig, &files.swigcxx];
        let is_real = package.dir.is_some() && !package.standard && !package.is_test_main;
        is_real && package.error.is_none() && has_none.iter().all(|list| list.is_empty())
    };
    let all: HashSet<PackageId> =
        graph.packages.iter().filter(|(_, one)| is_empty(one)).map(|(id, _)| id).collect();
    let mut told = HashSet::new();
    let mut faults = vec![];
    for (from, importer) in graph.packages.iter().filter(|(_, one)| !one.is_test_main) {
        for id in importer.dependencies.iter().filter(|id| all.contains(id)) {
            let Some(package) = graph.get(*id) else { continue };
            if !told.insert(&package.import_path) {
                continue;
            }
            let dir = package.dir.as_deref().map(|dir| near(dir, graph.options));
            let dir = dir.unwrap_or_default();
            let message = match package.files.ignored_go.is_empty() {
                true => format!("no non-test Go files in {dir}"),
                false => format!("build constraints exclude all Go files in {dir}"),
            };
            let place = graph.place(from, *id);
            let line = place.as_ref().map(|at| format!("{}:{}", at.file, at.line));
            faults.push(Fault {
                kind: ErrorKind::NoGo,
                package: package.import_path.to_string(),
                message,
                place,
                chain: vec![
                    (importer.id(), line.unwrap_or_default()),
                    (package.import_path.to_string(), String::new()),
                ],
            });
        }
    }
    faults
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
