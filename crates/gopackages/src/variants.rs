//! What is compiled for tests: the test's main program, the package with its tests, the tests outside of it, and all
//! between them that must be compiled anew (`load.TestPackagesAndErrors`, `load.recompileForTest`).

use crate::folder::Part;
use crate::in_order;
use crate::load::{Importer, Loader};
use crate::package::{ErrorKind, Names, Package, PackageError, PackageId};
use crate::position::Places;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::collections::VecDeque;
use std::sync::Arc;

/// Adds the tests of each root behind the roots.
pub(crate) fn add_tests(loader: &mut Loader<'_>, roots: &mut Vec<PackageId>) {
    let all = roots.clone();
    let mut importers = Importers::default();
    for id in all {
        let files = Arc::clone(&loader.packages[id].files);
        if files.test_go.is_empty() && files.xtest_go.is_empty() {
            continue;
        }
        let (main, test, xtest) = tests_of(loader, id, &mut importers);
        roots.push(main);
        roots.extend((test != id).then_some(test));
        roots.extend(xtest);
    }
    for id in roots {
        if let Some(package) = loader.packages.get_mut(*id) {
            package.is_match = true;
        }
    }
}

/// The imports of one of the two tests.
#[derive(Default)]
struct TestImports {
    resolved: Vec<Arc<str>>,
    packages: Vec<PackageId>,
    error: Option<PackageError>,
    incomplete: bool,
    embed_files: Vec<String>,
}

fn imports_of(loader: &mut Loader<'_>, id: PackageId, outside: bool) -> TestImports {
    let path = Arc::clone(&loader.packages[id].import_path);
    let folder = Arc::clone(&loader.packages[id].folder);
    let (part, embeds, step) = match outside {
        false => (Part::Test, &folder.test_embeds, format!("{path} (test)")),
        true => (Part::XTest, &folder.xtest_embeds, format!("{path}_test")),
    };
    let mut imports = TestImports::default();
    loader.push(step);
    for import in &folder.imported[part as usize] {
        let importer = Importer { package: id, part, import };
        let (found, forbidden) = loader.import(import, Some(importer));
        if forbidden.is_some() && imports.error.is_none() {
            imports.error = forbidden;
            imports.incomplete = true;
        }
        imports.incomplete |= loader.packages[found].incomplete;
        imports.resolved.push(Arc::clone(&loader.packages[found].import_path));
        imports.packages.push(found);
    }
    let data = loader.data.get(&path);
    match data.and_then(|data| data.embeds.get(part as usize)) {
        Some(Ok(files)) => imports.embed_files.clone_from(files),
        Some(Err(err)) if !outside || imports.error.is_none() => {
            imports.error = Some(PackageError {
                import_stack: loader.stack(),
                pos: first_place(loader, id, embeds, &err.pattern),
                message: format!("pattern {}: {}", err.pattern, err.problem),
                kind: ErrorKind::Embed,
            });
            imports.incomplete = true;
        }
        _ => {}
    }
    loader.pop();
    imports
}

fn first_place(loader: &Loader<'_>, id: PackageId, places: &Places, name: &str) -> String {
    let found = places.iter().find(|(other, _)| &**other == name);
    let at = found.and_then(|(_, at)| at.first());
    at.map_or_else(String::new, |at| loader.place(id, *at))
}

/// The main program, the package with its tests (itself where none are within) and the tests outside of it.
fn tests_of(
    loader: &mut Loader<'_>,
    id: PackageId,
    importers: &mut Importers,
) -> (PackageId, PackageId, Option<PackageId>) {
    let inner = imports_of(loader, id, false);
    let tests = inner.resolved.clone();
    loader.packages[id].names.edit(|names| names.test_imports = tests);
    let outer = imports_of(loader, id, true);
    let tests = outer.resolved.clone();
    loader.packages[id].names.edit(|names| names.xtest_imports = tests);
    let package = loader.packages[id].clone();
    let test = match package.files.test_go.is_empty() && package.name != "main" {
        true => id,
        false => {
            let test = with_tests(&package, &inner);
            loader.add(test)
        }
    };
    let xtest = (!package.files.xtest_go.is_empty()).then(|| {
        let xtest = outside(&package, &outer, id, test);
        loader.add(xtest)
    });
    let main = main_program(loader, &package, test, xtest);
    let own = Own { main, real: id, test, xtest };
    if let Some(cycle) = recompile(loader, own, importers) {
        loader.packages[test].error = Some(Arc::new(cycle));
        loader.packages[test].incomplete = true;
    }
    (main, test, xtest)
}

fn with_tests(package: &Package, inner: &TestImports) -> Package {
    let mut test = package.clone();
    if test.error.is_none() {
        test.error = inner.error.clone().map(Arc::new);
    }
    test.incomplete |= inner.incomplete;
    test.for_test = Some(Arc::clone(&package.import_path));
    let mut files = crate::Files::clone(&package.files);
    files.go.extend_from_slice(&package.files.test_go);
    test.files = Arc::new(files.into());
    let written = &package.folder.imported[Part::Test as usize];
    test.names.edit(|names| {
        names.imports = [inner.resolved.as_slice(), &names.imports].concat();
        names.raw_imports = [written.as_slice(), &names.raw_imports].concat();
    });
    test.dependencies = [inner.packages.as_slice(), &package.dependencies].concat();
    test.embed_files = [package.embed_files.as_slice(), &inner.embed_files].concat();
    let mut places = Places::clone(&package.folder.imports);
    for (name, at) in package.folder.test_imports.iter() {
        match places.binary_search_by(|(other, _)| other.cmp(name)) {
            Ok(found) => places[found].1.extend_from_slice(at),
            Err(free) => places.insert(free, (Arc::clone(name), at.clone())),
        }
    }
    test.import_places = Arc::new(places.into());
    test
}

fn outside(package: &Package, outer: &TestImports, id: PackageId, test: PackageId) -> Package {
    let mut dependencies: Vec<_> =
        outer.packages.iter().copied().filter(|other| *other != id).collect();
    if outer.packages.contains(&id) {
        dependencies.push(test);
    }
    let mut files = crate::Files::default();
    files.go.clone_from(&package.files.xtest_go);
    let names = Names {
        imports: outer.resolved.clone(),
        raw_imports: package.folder.imported[Part::XTest as usize].clone(),
        ..Names::default()
    };
    Package {
        name: format!("{}_test", package.name),
        import_path: Arc::from(format!("{}_test", package.import_path)),
        dir: package.dir.clone(),
        standard: false,
        files: Arc::new(files.into()),
        names: names.into(),
        for_test: Some(Arc::clone(&package.import_path)),
        module: package.module,
        error: outer.error.clone().map(Arc::new),
        incomplete: outer.incomplete || outer.error.is_some(),
        embed_files: outer.embed_files.clone(),
        has_profile: package.has_profile,
        dependencies,
        import_places: Arc::new(package.folder.xtest_imports.clone()),
        folder: package.folder.clone(),
        ..Package::default()
    }
}

fn main_program(
    loader: &mut Loader<'_>,
    package: &Package,
    test: PackageId,
    xtest: Option<PackageId>,
) -> PackageId {
    let mut main = Package {
        name: "main".to_owned(),
        dir: package.dir.clone(),
        import_path: Arc::from(format!("{}.test", package.import_path)),
        module: package.module,
        is_test_main: true,
        has_profile: package.has_profile,
        ..Package::default()
    };
    let mut imports: Vec<Arc<str>> =
        crate::gather::TEST_MAIN.iter().map(|path| Arc::from(*path)).collect();
    loader.push("testmain");
    let linked = crate::linker::imports(loader.tags);
    if let Err(message) = &linked {
        let (message, kind) = (message.clone(), ErrorKind::Other);
        let error = PackageError { import_stack: vec![], pos: String::new(), message, kind };
        main.error = Some(Arc::new(error));
    }
    for path in crate::gather::TEST_MAIN.into_iter().chain(linked.unwrap_or_default()) {
        if *path == *loader.packages[test].import_path {
            main.dependencies.push(test);
        } else {
            main.dependencies.push(loader.import(&Arc::from(path), None).0);
        }
    }
    loader.pop();
    let files = &loader.packages[test].files;
    let with_test = !files.go.is_empty() || !files.cgo.is_empty();
    for id in [with_test.then_some(test), xtest].into_iter().flatten() {
        main.dependencies.push(id);
        imports.push(Arc::clone(&loader.packages[id].import_path));
    }
    imports.sort();
    imports.dedup();
    main.names = Names { raw_imports: imports.clone(), imports, ..Names::default() }.into();
    loader.add(main)
}

/// What a test is made of: its main program, the package, the package with its tests, the tests outside of it.
#[derive(Clone, Copy)]
struct Own {
    main: PackageId,
    real: PackageId,
    test: PackageId,
    xtest: Option<PackageId>,
}

impl Own {
    fn has(self, id: PackageId) -> bool {
        id == self.main || id == self.test || Some(id) == self.xtest
    }

    fn all(self) -> impl Iterator<Item = PackageId> {
        [self.main, self.test].into_iter().chain(self.xtest)
    }
}

/// Who imports each package, but for what is compiled for tests.
#[derive(Default)]
struct Importers {
    of: HashMap<PackageId, Vec<PackageId>>,
    /// How many packages were looked at.
    seen: usize,
    /// Somebody imports a program, which nobody may.
    of_program: bool,
}

impl Importers {
    /// Looks at the packages that came since.
    fn update(&mut self, packages: &[Package]) {
        for (id, package) in packages.iter().enumerate().skip(self.seen) {
            if package.for_test.is_some() || package.is_test_main {
                continue;
            }
            for dependency in &package.dependencies {
                self.of.entry(*dependency).or_default().push(id);
                self.of_program |= packages.get(*dependency).is_some_and(|one| one.name == "main");
            }
        }
        self.seen = packages.len();
    }

    /// All that depend on a package.
    fn above(&self, id: PackageId) -> HashSet<PackageId> {
        let (mut all, mut open) = (HashSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            let importers = self.of.get(&id).into_iter().flatten();
            open.extend(importers.filter(|importer| all.insert(**importer)));
        }
        all
    }
}

/// Whatever depends on the package under test gets a copy that depends on the package with its tests.
fn recompile(loader: &mut Loader<'_>, own: Own, importers: &mut Importers) -> Option<PackageError> {
    importers.update(&loader.packages);
    let above = importers.above(own.real);
    let is_program =
        |id: &PackageId| *id != own.test && *id != own.main && loader.packages[*id].name == "main";
    let imports_program =
        own.all().any(|one| loader.packages[one].dependencies.iter().any(is_program));
    let has_profile = loader.packages[own.real].has_profile;
    let is_circular = above.contains(&own.real);
    let copies = if imports_program || importers.of_program || has_profile || is_circular {
        copy_in_order(loader, own)
    } else {
        copy_between(loader, own, &above)
    };
    // Back to the package leads only what depends on it.
    let leads_back = |id: &PackageId| above.contains(id) || copies.values().any(|copy| copy == id);
    let may_be_cycle = loader.packages[own.test].dependencies.iter().any(leads_back);
    if may_be_cycle { cycle(loader, own.test) } else { None }
}

/// The copies of the packages between a test and its package: only those depend on it.
fn copy_between(
    loader: &mut Loader<'_>,
    own: Own,
    above: &HashSet<PackageId>,
) -> HashMap<PackageId, PackageId> {
    let mut copies: HashMap<PackageId, PackageId> = HashMap::from_iter([(own.real, own.test)]);
    if own.test == own.real {
        return copies;
    }
    let mut seen = HashSet::new();
    let mut open: Vec<PackageId> = own.all().collect();
    while let Some(id) = open.pop() {
        let below = loader.packages[id].dependencies.iter();
        let below = below.filter(|id| above.contains(id) && !own.has(**id));
        open.extend(below.filter(|id| seen.insert(**id)));
    }
    for id in seen {
        let copy = copy(loader, id, own);
        copies.insert(id, copy);
    }
    let changed: Vec<PackageId> = own.all().chain(copies.values().copied()).collect();
    for id in changed {
        // The package itself is what it was.
        if id != own.real {
            redirect(loader, id, &copies);
        }
    }
    copies
}

/// The copies where not only what depends on the package is compiled anew (programs that somebody imports, and what has
/// no profile where the package has one), and where there are cycles: then it counts who is looked at first, and who
/// was looked at before something was copied keeps what it had.
fn copy_in_order(loader: &mut Loader<'_>, own: Own) -> HashMap<PackageId, PackageId> {
    let mut copies: HashMap<PackageId, PackageId> = HashMap::from_iter([(own.real, own.test)]);
    for id in in_order(&loader.packages, &[own.main]) {
        if id == own.real {
            continue;
        }
        let package = &loader.packages[id];
        let is_new = |one: &PackageId| copies.get(one).is_some_and(|copy| copy != one);
        let changes = package.dependencies.iter().any(is_new);
        let lacks_profile = loader.packages[own.real].has_profile && !package.has_profile;
        let mut changed = id;
        if !own.has(id) {
            if !changes && package.name != "main" && !lacks_profile {
                continue;
            }
            changed = copy(loader, id, own);
            copies.insert(id, changed);
        }
        redirect(loader, changed, &copies);
    }
    copies
}

fn copy(loader: &mut Loader<'_>, id: PackageId, own: Own) -> PackageId {
    let mut copy = loader.packages[id].clone();
    copy.for_test = Some(Arc::clone(&loader.packages[own.real].import_path));
    copy.is_match = false;
    copy.has_profile = loader.packages[own.real].has_profile;
    loader.add(copy)
}

/// A package imports the copies that there are.
fn redirect(loader: &mut Loader<'_>, id: PackageId, copies: &HashMap<PackageId, PackageId>) {
    for dependency in &mut loader.packages[id].dependencies {
        if let Some(copy) = copies.get(dependency) {
            *dependency = *copy;
        }
    }
}

/// The shortest way from the package with its tests back to it.
fn cycle(loader: &Loader<'_>, test: PackageId) -> Option<PackageError> {
    let imports = |id: PackageId| loader.packages.get(id).map_or(&[][..], |one| &one.dependencies);
    let mut importer: HashMap<PackageId, Option<PackageId>> = HashMap::new();
    let mut queue: VecDeque<PackageId> = VecDeque::new();
    for id in imports(test) {
        importer.insert(*id, None);
        queue.push_back(*id);
    }
    while let Some(id) = queue.pop_front() {
        if id == test {
            let path = |id: PackageId| Arc::clone(&loader.packages[id].import_path);
            let mut stack = vec![];
            let mut at = Some(id);
            while let Some(id) = at {
                stack.push(path(id));
                at = importer.get(&id).copied().flatten();
            }
            stack.push(path(test));
            stack.reverse();
            return Some(PackageError {
                import_stack: stack,
                pos: String::new(),
                message: "import cycle not allowed in test".to_owned(),
                kind: ErrorKind::Cycle,
            });
        }
        for next in imports(id) {
            if !importer.contains_key(next) {
                importer.insert(*next, Some(id));
                queue.push_back(*next);
            }
        }
    }
    None
}
