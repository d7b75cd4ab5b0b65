//! The packages of a build, judged as the go command judges them (`cmd/go/internal/load`): in the
//! same order, since which error a package gets depends on who comes to it first.

use crate::errors::{Problem, message_of};
use crate::folder::{FolderProblem, Part};
use crate::gather::{Data, implied};
use crate::package::{ErrorKind, Names, Package, PackageError, PackageId};
use crate::position::{Places, Position};
use crate::resolve::{ImportProblem, Resolver, is_std_path};
use foldhash::{HashMap, HashMapExt as _};
use goheader::Tags;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The packages so far.
pub(crate) struct Loader<'a> {
    pub(crate) resolver: &'a Resolver<'a>,
    pub(crate) data: &'a HashMap<Arc<str>, Data>,
    pub(crate) tags: &'a Tags,
    /// Paths in messages are relative to it.
    pub(crate) cwd: &'a Path,
    pub(crate) packages: Vec<Package>,
    cache: HashMap<Arc<str>, PackageId>,
    /// Import paths by their lower-case forms.
    folded: HashMap<String, Arc<str>>,
    stack: Vec<Step>,
    /// Whether a package is still being loaded: to come to it again is a cycle.
    loading: Vec<bool>,
    /// Whether a package's import path says who may import it.
    pub(crate) restricted: Vec<bool>,
}

/// A package on the way to the one that is loaded.
#[derive(Clone)]
pub(crate) struct Step {
    path: Arc<str>,
}

/// Who imports, and what.
#[derive(Clone, Copy)]
pub(crate) struct Importer<'p> {
    pub(crate) package: PackageId,
    pub(crate) part: Part,
    /// As the files have it.
    pub(crate) import: &'p str,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(
        resolver: &'a Resolver<'a>,
        data: &'a HashMap<Arc<str>, Data>,
        tags: &'a Tags,
        cwd: &'a Path,
    ) -> Self {
        Self {
            resolver,
            data,
            tags,
            cwd,
            packages: vec![],
            cache: HashMap::new(),
            folded: HashMap::new(),
            stack: vec![],
            loading: vec![],
            restricted: vec![],
        }
    }

    /// The package of an import path that nothing offers is known, too.
    pub(crate) fn cached(&self, path: &str) -> Option<PackageId> {
        self.cache.get(path).copied()
    }

    pub(crate) fn push(&mut self, path: impl Into<Arc<str>>) {
        self.stack.push(Step { path: path.into() });
    }

    pub(crate) fn pop(&mut self) {
        self.stack.pop();
    }

    pub(crate) fn stack(&self) -> Vec<Arc<str>> {
        self.stack.iter().map(|step| Arc::clone(&step.path)).collect()
    }

    pub(crate) fn add(&mut self, package: Package) -> PackageId {
        let has = |element: &str| package.import_path.contains(element);
        self.restricted.push(has("internal") || has("vendor"));
        self.packages.push(package);
        self.loading.push(false);
        self.packages.len() - 1
    }

    /// `base.ShortPath` of a place.
    pub(crate) fn place(&self, package: PackageId, at: Position) -> String {
        let Some(package) = self.packages.get(package) else { return String::new() };
        let dir = package.dir.as_deref().cloned().unwrap_or_default();
        let name = package.folder.names.get(at.file as usize).map_or("", String::as_str);
        format!("{}:{}:{}", crate::errors::short(self.cwd, &dir.join(name)), at.line, at.column)
    }

    /// The first place of an import.
    pub(crate) fn first_place(&self, at: Importer<'_>) -> String {
        let Some(package) = self.packages.get(at.package) else { return String::new() };
        let place = package.folder.places(at.part, at.import).first();
        place.map_or_else(String::new, |place| self.place(at.package, *place))
    }

    /// Loads a package, and says why its importer may not have it (`load.loadImport`).
    pub(crate) fn import(
        &mut self,
        path: &Arc<str>,
        importer: Option<Importer<'_>>,
    ) -> (PackageId, Option<PackageError>) {
        if let Some(problem) = never_loaded(path) {
            return (self.unknown(path, problem), None);
        }
        let parent = importer.and_then(|importer| self.packages.get(importer.package));
        let resolved: Arc<str> = match parent {
            Some(parent) if parent.standard => self.resolver.std_vendor(&parent.import_path, path),
            _ => Arc::clone(path),
        };
        let id = match self.cached(&resolved) {
            Some(id) => {
                self.push(Arc::clone(path));
                self.reuse(id);
                self.pop();
                id
            }
            None => {
                let id =
                    self.add(Package { import_path: Arc::clone(&resolved), ..Package::default() });
                self.cache.insert(resolved, id);
                self.set_loading(id, true);
                self.load(id, path, importer);
                self.set_loading(id, false);
                id
            }
        };
        (id, importer.and_then(|importer| self.forbids(id, path, importer)))
    }

    /// A package that cannot be: nothing more is asked of it.
    fn unknown(&mut self, path: &Arc<str>, problem: Problem) -> PackageId {
        let id = self.add(Package { import_path: Arc::clone(path), ..Package::default() });
        self.push(Arc::clone(path));
        self.set_error(id, path, problem, None);
        self.pop();
        id
    }

    /// A directory that is no package.
    pub(crate) fn nowhere(
        &mut self,
        path: &Arc<str>,
        why: &str,
        dir: Option<PathBuf>,
    ) -> PackageId {
        let error = PackageError {
            import_stack: vec![],
            pos: String::new(),
            message: why.to_owned(),
            kind: ErrorKind::NoGo,
        };
        self.add(Package {
            import_path: Arc::clone(path),
            dir: dir.map(Arc::new),
            error: Some(Arc::new(error)),
            incomplete: true,
            is_match: true,
            ..Package::default()
        })
    }

    fn set_loading(&mut self, id: PackageId, is: bool) {
        if let Some(loading) = self.loading.get_mut(id) {
            *loading = is;
        }
    }

    /// A package that is known already: it may be one that we are about to load (`load.reusePackage`).
    fn reuse(&mut self, id: PackageId) {
        let loading = self.loading.get(id) == Some(&true);
        let is_sound = self.packages.get(id).is_none_or(|package| package.error.is_none());
        if is_sound && !loading {
            return;
        }
        let stack = self.stack();
        let Some(package) = self.packages.get_mut(id) else { return };
        if loading {
            match &mut package.error {
                None => {
                    let message = "import cycle not allowed".to_owned();
                    package.error = Some(Arc::new(PackageError {
                        import_stack: stack.clone(),
                        pos: String::new(),
                        message,
                        kind: ErrorKind::Cycle,
                    }));
                }
                Some(error) => Arc::make_mut(error).kind = ErrorKind::Cycle,
            }
            package.incomplete = true;
        }
        if let Some(error) = &mut package.error
            && error.kind != ErrorKind::Cycle
            && is_shorter(&stack, &error.import_stack)
        {
            Arc::make_mut(error).import_stack = stack;
        }
    }

    /// The first error stays (`setError`).
    fn set_error(&mut self, id: PackageId, path: &str, problem: Problem, at: Option<Importer<'_>>) {
        let top = self.stack.last().is_some_and(|top| &*top.path != path);
        let pos = match at {
            Some(at) if top => self.first_place(at),
            _ => String::new(),
        };
        let stack = self.stack();
        if let Some(package) = self.packages.get_mut(id).filter(|package| package.error.is_none()) {
            let Problem { kind, message } = problem;
            package.error =
                Some(Arc::new(PackageError { import_stack: stack, pos, message, kind }));
            package.incomplete = true;
        }
    }

    /// `load.Package.load`
    fn load(&mut self, id: PackageId, path: &Arc<str>, importer: Option<Importer<'_>>) {
        let resolved = Arc::clone(&self.packages[id].import_path);
        let Some(data) = self.data.get(&resolved) else {
            // `C`, in a test.
            let message = "cannot find package".to_owned();
            let problem = Problem { kind: ErrorKind::Missing, message };
            return self.set_error(id, path, problem, importer);
        };
        self.take(id, data);
        self.take_problem(id, path, data, importer);
        let imports = match self.all_imports(id, data) {
            Ok(imports) => imports,
            Err(message) => {
                let problem = Problem { kind: ErrorKind::Other, message };
                return self.set_error(id, path, problem, importer);
            }
        };
        if let Some(problem) = self.collides(&resolved) {
            return self.set_error(id, path, problem, importer);
        }
        self.push(Arc::clone(path));
        self.load_rest(id, path, data, imports);
        self.pop();
    }

    /// What `go/build` found.
    fn take(&mut self, id: PackageId, data: &Data) {
        let folder = &data.folder;
        let resolver = self.resolver;
        let names = |places: &Places| places.iter().map(|(name, _)| Arc::clone(name)).collect();
        let package = &mut self.packages[id];
        package.name.clone_from(&folder.name);
        package.doc = Arc::clone(&folder.doc);
        package.dir.clone_from(&data.dir);
        package.standard = data.standard && is_std_path(&package.import_path);
        package.files = Arc::clone(&folder.files);
        let [imported, test_imported, xtest_imported] = &folder.imported;
        let path = Arc::clone(&package.import_path);
        let resolved = |names: &[Arc<str>]| -> Vec<Arc<str>> {
            let to = |name: &Arc<str>| match data.standard {
                true => resolver.std_vendor(&path, name),
                false => Arc::clone(name),
            };
            names.iter().map(to).collect()
        };
        let names = Names {
            imports: imported.clone(),
            raw_imports: imported.clone(),
            test_imports: resolved(test_imported),
            xtest_imports: resolved(xtest_imported),
            embed_patterns: names(&folder.embeds),
        };
        package.names = names.into();
        package.folder = Arc::clone(folder).into();
        package.import_places = Arc::clone(&folder.imports);
    }

    /// `setLoadPackageDataError`
    fn take_problem(
        &mut self,
        id: PackageId,
        path: &Arc<str>,
        data: &Data,
        importer: Option<Importer<'_>>,
    ) {
        let problem = message_of(self.resolver, path, data).or_else(|| self.implicit(path, data));
        let Some(problem) = problem else { return };
        let own =
            matches!(data.folder.problem, Some(FolderProblem::NoGo | FolderProblem::Syntax { .. }))
                && data.problem.is_none();
        if own {
            self.push(Arc::clone(path));
        }
        let syntax = match &data.folder.problem {
            Some(FolderProblem::Syntax { at, .. }) if own => Some(self.place(id, *at)),
            _ => None,
        };
        self.set_error(id, path, problem, importer);
        if let (Some(pos), Some(error)) = (syntax, &mut self.packages[id].error) {
            Arc::make_mut(error).pos = pos;
        }
        if own {
            self.pop();
        }
    }

    /// An import from a module that nobody requires: the last of them.
    fn implicit(&self, path: &str, data: &Data) -> Option<Problem> {
        let importer = data.module?;
        data.folder.imported[0].iter().rev().find_map(|import| {
            let module = self.resolver.implicit(importer, self.data.get(import)?.module?)?;
            let (from, version) = (&module.path, module.version.as_deref().unwrap_or_default());
            let message = format!(
                "package {path} imports {import} from implicitly required module; to add missing requirements, run:\n\tgo get {from}@{version}"
            );
            Some(Problem { kind: ErrorKind::NotRequired, message })
        })
    }

    /// The imports with those that are implied.
    fn all_imports(&self, id: PackageId, data: &Data) -> Result<Vec<Arc<str>>, String> {
        let package = &self.packages[id];
        let mut imports = package.names.imports.clone();
        let uses_cgo = data.folder.has.cgo;
        for path in implied(data) {
            // These packages are what cgo is made of.
            let excluded = package.standard
                && uses_cgo
                && match path {
                    "runtime/cgo" => &*package.import_path == "runtime/cgo",
                    "syscall" => matches!(
                        &*package.import_path,
                        "runtime/cgo" | "runtime/race" | "runtime/msan" | "runtime/asan"
                    ),
                    _ => false,
                };
            if !excluded && !imports.iter().any(|other| **other == *path) {
                imports.push(Arc::from(path));
            }
        }
        if package.name == "main" {
            for path in crate::linker::imports(self.tags)? {
                if !imports.iter().any(|other| **other == *path) {
                    imports.push(Arc::from(path));
                }
            }
        }
        Ok(imports)
    }

    fn collides(&mut self, path: &Arc<str>) -> Option<Problem> {
        let other =
            self.folded.entry(crate::errors::fold(path)).or_insert_with(|| Arc::clone(path));
        if other != path {
            let message = format!("case-insensitive import collision: \"{path}\" and \"{other}\"");
            return Some(Problem { kind: ErrorKind::Case, message });
        }
        if !crate::errors::is_safe(path) {
            let message = format!("invalid import path \"{path}\"");
            return Some(Problem { kind: ErrorKind::InvalidImport, message });
        }
        None
    }

    /// What can only be wrong with the package itself.
    fn load_rest(&mut self, id: PackageId, path: &Arc<str>, data: &Data, imports: Vec<Arc<str>>) {
        self.packages[id].module = data.module;
        match &data.embeds[0] {
            Ok(files) => self.packages[id].embed_files.clone_from(files),
            Err(err) => {
                let message = format!("pattern {}: {}", err.pattern, err.problem);
                self.set_error(id, path, Problem { kind: ErrorKind::Embed, message }, None);
                self.packages[id].incomplete = true;
                self.set_place(id, &data.folder.embeds, &err.pattern);
            }
        }
        if let Some(problem) = crate::errors::bad_files(&self.packages[id]) {
            return self.set_error(id, path, problem, None);
        }
        let mut dependencies = Vec::with_capacity(imports.len());
        let written = self.packages[id].names.imports.len();
        for (index, import) in imports.iter().enumerate() {
            if &**import == "C" {
                continue;
            }
            let importer = Importer { package: id, part: Part::Package, import };
            let (dependency, forbidden) = self.import(import, Some(importer));
            if let Some(error) = forbidden
                && self.packages[id].error.is_none()
            {
                self.packages[id].error = Some(Arc::new(error));
                self.packages[id].incomplete = true;
            }
            let resolved = Arc::clone(&self.packages[dependency].import_path);
            if index < written {
                self.packages[id].names.edit(|names| names.imports[index] = resolved);
            }
            self.packages[id].incomplete |= self.packages[dependency].incomplete;
            dependencies.push(dependency);
        }
        self.packages[id].dependencies = dependencies;
        if let Some(problem) = crate::errors::foreign_files(&mut self.packages[id], self.tags.cgo) {
            self.set_error(id, path, problem, None);
        }
    }

    fn set_place(&mut self, id: PackageId, places: &Places, name: &str) {
        let found = places.iter().find(|(other, _)| &**other == name);
        let Some(at) = found.and_then(|(_, at)| at.first()) else { return };
        let pos = self.place(id, *at);
        if let Some(error) = &mut self.packages[id].error {
            Arc::make_mut(error).pos = pos;
        }
    }
}

/// Import paths of which nothing is loaded at all (`load.loadPackageData`).
fn never_loaded(path: &str) -> Option<Problem> {
    let message = if path.starts_with("mod/") {
        format!("disallowed import path \"{path}\"")
    } else if path.contains('@') {
        "can only use path@version syntax with 'go get' and 'go install' in module-aware mode"
            .to_owned()
    } else {
        return None;
    };
    Some(Problem { kind: ErrorKind::InvalidImport, message })
}

/// Whether a stack is shorter than another, or as long and before it (`ImportStack.shorterThan`).
fn is_shorter(one: &[Arc<str>], other: &[Arc<str>]) -> bool {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other)).is_lt()
}

/// The import problem as an error's kind.
pub(crate) const fn kind_of(problem: &ImportProblem) -> ErrorKind {
    match problem {
        ImportProblem::Missing { .. } | ImportProblem::NoReplacement(_) => ErrorKind::Missing,
        ImportProblem::Ambiguous(_) => ErrorKind::Ambiguous,
        ImportProblem::Invalid(_) => ErrorKind::InvalidImport,
        ImportProblem::NotDownloaded(_) | ImportProblem::Unknown => ErrorKind::NotDownloaded,
        ImportProblem::Io(_) => ErrorKind::Other,
    }
}
