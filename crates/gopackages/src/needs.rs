//! Which modules the packages of the main module need for any build at all: what `go mod tidy` asks before it writes
//! go.mod (`modload.loadFromRoots` with `imports.AnyTags`).

use crate::gather::{Asked, Data, Kind, Matched, gather};
use crate::pattern::Patterns;
use crate::position::Position;
use crate::resolve::{ImportProblem, Resolver};
use crate::{Options, PatternError};
use buildlist::BuildList;
use foldhash::HashMap;
use goheader::Tags;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What packages need of modules, whatever they are built for.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The modules that offer a package that is needed, by their place in the build list.
    pub modules: BTreeMap<usize, Need>,
    /// Import paths that no module of the build list offers.
    pub missing: BTreeMap<String, Need>,
    /// Whether a module that may offer a package is not in the module cache, so that not all is known.
    pub is_partial: bool,
    /// Modules that offer what only tests of other modules' packages reach: `go mod tidy` may keep a requirement for
    /// them. `None` where that is not known, or where nobody has to: all that go.mod requires is needed already.
    pub for_tests_of_others: Option<BTreeSet<usize>>,
}

/// Who needs it.
#[derive(Debug, Clone)]
pub struct Need {
    /// Whether a package or test of a main module imports it; a tool line is no import.
    pub direct: bool,
    /// The package that imports it; of the main module, where one does.
    pub importer: Arc<str>,
    /// The import path.
    pub import: Arc<str>,
    /// Where; `None` for a tool.
    pub place: Option<(PathBuf, Position)>,
}

/// Finds what the packages and tests of the main modules need, and the tools that their go.mod names.
///
/// # Errors
/// Those of [`crate::load`].
pub fn needs(list: &BuildList, options: &Options) -> Result<Needs, PatternError> {
    let threads = options.threads();
    let tags = Tags { any: true, cgo: true, ..options.tags.clone() };
    let resolver = Resolver::new(&options.goroot, &options.gomodcache, list, &options.overlay);
    let mains = list.modules().iter().filter(|module| module.is_main());
    let roots: Vec<_> = mains.filter_map(|module| module.dir.as_deref()).collect();
    let own: Vec<String> = roots.iter().map(|dir| format!("{}/...", dir.display())).collect();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let read =
        |dir: &&Path| gomod::parse_go_mod(&options.overlay.read(&dir.join("go.mod")).ok()?).ok();
    let files: Vec<_> = roots.iter().filter_map(read).collect();
    let tools: Vec<String> =
        files.iter().flat_map(|file| file.tool.iter().map(|tool| tool.path.clone())).collect();
    let tool_names: Vec<&str> = tools.iter().map(String::as_str).collect();
    let patterns = Patterns { list, resolver: &resolver, options, threads };
    let matched = patterns.matched(&own)?;
    let mut data = gather(&resolver, &tags, matched, Asked::Tests, threads);
    // Of a tool the tests do not count.
    let matched = patterns.matched(&tool_names)?;
    for (path, one) in gather(&resolver, &tags, matched, Asked::Build, threads) {
        data.entry(path).or_insert(one);
    }
    let mut needs = Needs::default();
    for tool in &tools {
        // `go mod tidy` marks what only a tool line needs as indirect: no package imports it.
        let need = Need {
            direct: false,
            importer: Arc::from(""),
            import: Arc::from(tool.as_str()),
            place: None,
        };
        match data.get(tool.as_str()) {
            Some(one) => needs.take(list, &need, one),
            None => drop(needs.missing.insert(tool.clone(), need)),
        }
    }
    // In one order, so that the same place is named each time.
    let mut importers: Vec<_> = data.iter().filter(|(_, one)| !one.standard).collect();
    importers.sort_by_key(|(path, _)| Arc::clone(path));
    for (path, importer) in importers {
        needs.follow(list, path, importer, &data);
    }
    let is_needed = |path: &str| {
        list.modules()
            .iter()
            .position(|one| one.path == path)
            .is_some_and(|at| needs.modules.contains_key(&at))
    };
    let mut required = files.iter().flat_map(|file| &file.require);
    if !needs.is_partial && required.any(|require| !is_needed(&require.path)) {
        needs.for_tests_of_others = tested(&resolver, &tags, &data, threads);
    }
    Ok(needs)
}

/// The modules that tests of the packages reach, whosever they are.
fn tested(
    resolver: &Resolver<'_>,
    tags: &Tags,
    data: &HashMap<Arc<str>, Data>,
    threads: usize,
) -> Option<BTreeSet<usize>> {
    // A vendor folder has no tests.
    if resolver.is_vendored() {
        return None;
    }
    let found = data.iter().filter(|(_, one)| !one.standard && one.problem.is_none());
    let matched = found.filter_map(|(path, _)| {
        Some(Matched {
            path: Arc::clone(path),
            place: Some(resolver.find(path).ok()?),
            kind: Kind::Wildcard,
        })
    });
    let all = gather(resolver, tags, matched.collect(), Asked::Tests, threads);
    let lost = |one: &Data| {
        matches!(
            one.problem,
            Some(
                ImportProblem::NotDownloaded(_)
                    | ImportProblem::NoReplacement(_)
                    | ImportProblem::Io(_)
            )
        )
    };
    if all.values().any(lost) {
        return None;
    }
    Some(all.values().filter_map(|one| one.module).collect())
}

impl Needs {
    fn follow(
        &mut self,
        list: &BuildList,
        path: &Arc<str>,
        importer: &Data,
        data: &HashMap<Arc<str>, Data>,
    ) {
        let module = importer.module.and_then(|index| list.modules().get(index));
        let direct = module.is_some_and(buildlist::Module::is_main);
        let folder = &importer.folder;
        let tests = [&folder.test_imports, &folder.xtest_imports].into_iter().filter(|_| direct);
        let places = std::iter::once(&*folder.imports).chain(tests);
        for (import, at) in places.flat_map(|places| places.iter()) {
            let Some(imported) = data.get(import) else { continue };
            let place = at.first().and_then(|at| {
                let name = folder.names.get(at.file as usize)?;
                Some((importer.dir.as_ref()?.join(name), *at))
            });
            let (importer, import) = (Arc::clone(path), Arc::clone(import));
            self.take(list, &Need { direct, importer, import, place }, imported);
        }
    }

    fn take(&mut self, list: &BuildList, need: &Need, imported: &Data) {
        let better = |old: &mut Need| {
            if need.direct && !old.direct {
                old.clone_from(need);
            }
        };
        match (&imported.problem, imported.module) {
            (Some(ImportProblem::Missing { is_std: false }), _) => {
                let path = need.import.to_string();
                self.missing.entry(path).and_modify(better).or_insert_with(|| need.clone());
            }
            (
                Some(
                    ImportProblem::NotDownloaded(_)
                    | ImportProblem::NoReplacement(_)
                    | ImportProblem::Unknown
                    | ImportProblem::Io(_),
                ),
                _,
            ) => {
                self.is_partial = true;
            }
            // Each of the modules that may offer it is there for it.
            (Some(ImportProblem::Ambiguous(_)), _) => {
                for (at, module) in list.modules().iter().enumerate() {
                    let rest = need.import.strip_prefix(module.path.as_str());
                    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
                        self.modules.entry(at).and_modify(better).or_insert_with(|| need.clone());
                    }
                }
            }
            (None, Some(module)) => {
                self.modules.entry(module).and_modify(better).or_insert_with(|| need.clone());
            }
            _ => {}
        }
    }
}
