//! Package patterns: `./...`, `./x`, import paths, `x/...`, `all`, `std`, `cmd`, `work`, `tool`.

use crate::Options;
use crate::evidence::Looks;
use crate::gather::{Asked, Kind, Matched, gather};
use crate::ignore::IgnorePatterns;
use crate::listing::Listing;
use crate::resolve::{Place, Resolver, Seen, has_prefix};
use crate::walk::{Tree, walk};
use crate::wildcard::Wildcard;
use buildlist::{BuildList, Module, ModuleVersion};
use foldhash::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A pattern that cannot be understood, or patterns for which nothing can be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The directory is in no main module, nor in a module or library that is built.
    #[error("directory {} is outside the main modules (a workspace takes it by `go work use`, GOWORK=off builds it by itself)", .0.display())]
    Outside(PathBuf),
    /// A directory below `vendor`, by its place.
    #[error("pattern {0} is not supported: give import paths of vendored packages")]
    Unsupported(String),
    /// The pattern may match packages of a module that is not there.
    #[error("pattern {0} may match packages of {path}@{version}, which is not in the module cache", path = .1.path, version = .1.version)]
    NotDownloaded(String, ModuleVersion),
    /// The system gives no thread.
    #[error("no thread could be started")]
    NoThread,
}

/// Whose patterns they are.
pub(crate) struct Patterns<'a> {
    pub(crate) list: &'a BuildList,
    pub(crate) resolver: &'a Resolver<'a>,
    pub(crate) options: &'a Options,
    pub(crate) threads: usize,
}

impl Patterns<'_> {
    fn looks(&self) -> Looks<'_> {
        self.resolver.looks(&self.options.overlay)
    }

    /// What the patterns match, in their order; each package once.
    pub(crate) fn matched(&self, patterns: &[&str]) -> Result<Vec<Matched>, PatternError> {
        let mut all: Vec<Matched> = vec![];
        let mut seen: HashSet<Arc<str>> = HashSet::default();
        for pattern in patterns {
            for one in self.of_one(pattern)? {
                if seen.insert(Arc::clone(&one.path)) {
                    all.push(one);
                }
            }
        }
        Ok(all)
    }

    fn of_one(&self, pattern: &str) -> Result<Vec<Matched>, PatternError> {
        let is_local = matches!(pattern, "." | "..")
            || ["./", "../", "/"].iter().any(|start| pattern.starts_with(start));
        match (pattern, pattern.find("...")) {
            (_, Some(at)) if is_local => self.below_dir(pattern, at),
            (_, None) if is_local => Ok(vec![self.of_dir(pattern)?]),
            ("std", _) => Ok(self.std()),
            ("cmd", _) => Ok(self.cmd()),
            ("work", _) => self.of_main_modules(),
            ("tool", _) => Ok(self.tools()),
            ("all", _) => self.all(),
            (_, Some(_)) => self.everywhere(pattern),
            (path, None) => Ok(vec![Matched::literal(path)]),
        }
    }

    /// `./x`
    fn of_dir(&self, pattern: &str) -> Result<Matched, PatternError> {
        let dir = overlay::cleaned(&self.options.cwd.join(pattern));
        let Some((index, module, root)) = self.owner(&dir) else {
            return self.elsewhere(&dir).map(|path| Matched::literal(&path));
        };
        let below = below(root, &dir);
        if below.starts_with("vendor/") {
            return Err(PatternError::Unsupported(pattern.to_owned()));
        }
        let path = join(self.prefix(index, module), &below);
        let shown = dir.display();
        let nowhere = |why: String, dir: Option<PathBuf>| {
            let kind = Kind::Nowhere(why, dir);
            Ok(Matched { path: Arc::from(clean(pattern)), place: None, kind })
        };
        let listing = match Listing::read(&dir, self.looks()) {
            Ok(Some(listing)) => listing,
            _ => return nowhere(format!("stat {shown}: directory not found"), None),
        };
        if !listing.has_go() {
            return nowhere(format!("no Go files in {shown}"), Some(dir));
        }
        let seen = Seen::Listing(Arc::new(listing));
        let place = Place { dir, module: self.shown(index), seen };
        Ok(Matched { path: Arc::from(path), place: Some(place), kind: Kind::Literal })
    }

    /// The import path of a directory of the standard library or of a module that is built.
    fn elsewhere(&self, dir: &Path) -> Result<String, PatternError> {
        if let Ok(path) = dir.strip_prefix(&self.resolver.std) {
            return Ok(path.to_string_lossy().into_owned());
        }
        let within = (0..self.list.modules().len()).filter_map(|index| {
            let root = self.resolver.dir(index)?;
            let below = dir.strip_prefix(root).ok()?.to_string_lossy();
            let module = self.list.modules().get(index)?;
            Some((root.as_os_str().len(), join(&module.path, &below)))
        });
        let nearest = within.max_by_key(|(length, _)| *length);
        nearest.map(|(_, path)| path).ok_or_else(|| PatternError::Outside(dir.to_owned()))
    }

    /// `./x/...` (`search.Match.MatchDirs`)
    fn below_dir(&self, pattern: &str, at: usize) -> Result<Vec<Matched>, PatternError> {
        // A folder, what stands for it in names, and the rest, which has the wildcard.
        let slash = pattern.get(..at).and_then(|start| start.rfind('/')).unwrap_or_default();
        let (folder, rest) = pattern.split_at(slash);
        let folder = if folder.is_empty() { "/" } else { folder };
        let top = overlay::cleaned(&self.options.cwd.join(folder));
        let (index, module, root) =
            self.owner(&top).ok_or_else(|| PatternError::Outside(top.clone()))?;
        let wildcard = Wildcard::new(&format!(".{rest}"));
        let start = below(root, &top);
        let of_top = |below: &str| -> Option<String> {
            let rest = below.strip_prefix(start.as_str())?;
            Some(if rest.is_empty() {
                ".".into()
            } else {
                format!("./{}", rest.trim_start_matches('/'))
            })
        };
        let is_match = |below: &str| of_top(below).is_some_and(|name| wildcard.matches(&name));
        let prefix = self.prefix(index, module);
        let tree = Tree {
            module: self.shown(index),
            prefix,
            root,
            below: start.clone(),
            ignore: self.ignored(root),
            looks: self.looks(),
            stops_at_modules: true,
            is_match: &is_match,
            may_match_below: &|_| true,
        };
        let found = walk(&tree, self.threads).into_iter();
        // What is vendored is known by its import path, and "builtin" is no package.
        Ok(found
            .filter(|(below, one)| {
                !(below.starts_with("vendor/") || prefix.is_empty() && &*one.path == "builtin")
            })
            .map(|(_, one)| one)
            .collect())
    }

    fn ignored(&self, root: &Path) -> IgnorePatterns {
        let file = self.looks().read(&root.join("go.mod")).unwrap_or_default();
        let file = gomod::parse_go_mod(&file).unwrap_or_default();
        IgnorePatterns::new(file.ignore.iter().map(|one| one.path.as_str()))
    }

    /// The packages of the standard library (`search.Match.MatchPackages`).
    fn std(&self) -> Vec<Matched> {
        self.of_goroot(
            "",
            &self.resolver.std,
            &|below| is_std(below) && !self.is_no_package(below),
            &is_std,
        )
    }

    /// The commands of the toolchain and their packages.
    fn cmd(&self) -> Vec<Matched> {
        let found = self.of_goroot("cmd", &self.resolver.std.join("cmd"), &|_| true, &|_| true);
        let kind = |path: &str| match path.starts_with("cmd/vendor") {
            // At least one is there: pprof.
            true => Kind::NoProgram,
            false => Kind::Wildcard,
        };
        found.into_iter().map(|one| Matched { kind: kind(&one.path), ..one }).collect()
    }

    /// Exists for documentation, or for nothing in this build.
    fn is_no_package(&self, path: &str) -> bool {
        matches!(path, "" | "builtin") || (path == "runtime/cgo" && !self.options.tags.cgo)
    }

    fn of_goroot(
        &self,
        prefix: &str,
        root: &Path,
        is_match: &(dyn Fn(&str) -> bool + Sync),
        may_match_below: &(dyn Fn(&str) -> bool + Sync),
    ) -> Vec<Matched> {
        let tree = Tree {
            module: None,
            prefix,
            root,
            below: String::new(),
            ignore: IgnorePatterns::default(),
            looks: self.looks(),
            stops_at_modules: false,
            is_match,
            may_match_below,
        };
        walk(&tree, self.threads).into_iter().map(|(_, one)| one).collect()
    }

    /// `work`: the packages of all main modules.
    fn of_main_modules(&self) -> Result<Vec<Matched>, PatternError> {
        let mains = self.list.modules().iter().enumerate().filter(|(_, module)| module.is_main());
        let mut all = vec![];
        for (index, module) in mains {
            all.extend(self.of_module(index, module, &|_| true, &|_| true));
        }
        all.sort_by(|a: &Matched, b| a.path.cmp(&b.path));
        Ok(all)
    }

    /// The packages of a module by their import paths (`modload.matchPackages`).
    fn of_module(
        &self,
        index: usize,
        module: &Module,
        is_match: &(dyn Fn(&str) -> bool + Sync),
        may_match_below: &(dyn Fn(&str) -> bool + Sync),
    ) -> Vec<Matched> {
        let Some(root) = self.resolver.dir(index) else { return vec![] };
        let prefix = self.prefix(index, module);
        let of_path = |below: &str| {
            let path = join(prefix, below);
            let in_vendor = below.starts_with("vendor/") || below.contains("/vendor/");
            !in_vendor && !self.is_no_package(&path) && is_match(&path)
        };
        let tree = Tree {
            module: self.shown(index),
            prefix,
            root,
            below: String::new(),
            ignore: self.ignored(root),
            looks: self.looks(),
            stops_at_modules: self.resolver.is_local(index),
            is_match: &of_path,
            may_match_below: &|below| {
                below.rsplit('/').next() != Some("vendor") && may_match_below(&join(prefix, below))
            },
        };
        // Where an import path leads the resolver says: another module may offer it, too.
        walk(&tree, self.threads)
            .into_iter()
            .map(|(_, one)| Matched { place: None, ..one })
            .collect()
    }

    /// `x/...`: in the standard library and in all modules.
    fn everywhere(&self, pattern: &str) -> Result<Vec<Matched>, PatternError> {
        let wildcard = Wildcard::new(pattern);
        let is_match = |path: &str| wildcard.matches(path) && !self.is_no_package(path);
        let may = |path: &str| wildcard.may_match_below(path);
        // Which modules there are only the whole graph says.
        self.resolver.wants_graph();
        let std = &self.resolver.std;
        let mut all = self.of_goroot("", std, &|path| is_std(path) && is_match(path), &|path| {
            is_std(path) && may(path)
        });
        if may("cmd") {
            let in_cmd = |below: &str| join("cmd", below);
            all.extend(self.of_goroot(
                "cmd",
                &std.join("cmd"),
                &|below| is_match(&in_cmd(below)),
                &|below| may(&in_cmd(below)),
            ));
        }
        if let Some(vendor) = self.resolver.vendor_dir() {
            all.extend(
                self.of_goroot("", vendor, &is_match, &may)
                    .into_iter()
                    .map(|one| Matched { place: None, ..one }),
            );
        }
        for (index, module) in self.list.modules().iter().enumerate() {
            let is_asked = module.is_main() || self.resolver.vendor_dir().is_none();
            if !is_asked || !may(&module.path) {
                continue;
            }
            if !self.resolver.is_there(index) {
                let content = module.content().unwrap_or(ModuleVersion {
                    path: module.path.clone(),
                    version: module.version.clone().unwrap_or_default(),
                });
                return Err(PatternError::NotDownloaded(pattern.to_owned(), content));
            }
            all.extend(self.of_module(index, module, &is_match, &may));
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all.dedup_by(|a, b| a.path == b.path);
        Ok(all)
    }

    fn tools(&self) -> Vec<Matched> {
        let mains = self.list.modules().iter().filter(|module| module.is_main());
        let mut all: Vec<Matched> = vec![];
        for dir in mains.filter_map(|module| module.dir.as_deref()) {
            let file = self.looks().read(&dir.join("go.mod")).unwrap_or_default();
            let file = gomod::parse_go_mod(&file).unwrap_or_default();
            let tools = file.tool.iter().map(|tool| Matched::literal(&tool.path));
            all.extend(tools.map(|one| Matched { kind: Kind::Wildcard, ..one }));
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }

    /// `all`: the packages and tools of the main modules, and all that they and their tests import; before Go 1.16 also
    /// what the tests of those import.
    fn all(&self) -> Result<Vec<Matched>, PatternError> {
        let mut roots = self.of_main_modules()?;
        roots.extend(self.tools());
        let mains = self.list.modules().iter().filter(|module| module.is_main());
        let mut versions = mains.map(|module| module.go_version.as_deref().unwrap_or("1.16"));
        let is_old = versions.any(|version| gomod::go_version::compare(version, "1.16").is_lt());
        let asked = if is_old { Asked::AllTests } else { Asked::OwnTests };
        let found = gather(self.resolver, &self.options.tags, roots, asked, self.threads);
        let mut paths: Vec<Arc<str>> = found
            .into_iter()
            .filter(|(_, data)| !data.is_nothing())
            .map(|(path, _)| path)
            .collect();
        paths.sort();
        let matched = |path| Matched { path, place: None, kind: Kind::Wildcard };
        Ok(paths.into_iter().map(matched).collect())
    }

    /// The main module that a directory lies in: the one whose root is deepest, unless another module is between.
    fn owner(&self, dir: &Path) -> Option<(usize, &Module, &Path)> {
        let is_root = |above: &&Path| self.looks().is_file(&above.join("go.mod"));
        let nearest = dir.ancestors().find(is_root);
        let modules = self.list.modules().iter().enumerate();
        let within =
            modules.filter(|(_, module)| module.is_main()).filter_map(|(index, module)| {
                let root = module.dir.as_deref()?;
                dir.starts_with(root).then_some((index, module, root))
            });
        let deepest = within.max_by_key(|(_, _, root)| root.components().count());
        // With -modfile there need be none at all.
        deepest.filter(|(_, _, root)| {
            nearest.is_none_or(|nearest| !nearest.starts_with(root) || nearest == *root)
        })
    }

    /// Import paths of a module begin so; those of the standard library with nothing.
    fn prefix<'m>(&self, index: usize, module: &'m Module) -> &'m str {
        let is_std = self.resolver.is_goroot(index) && module.path == "std";
        if is_std { "" } else { &module.path }
    }

    /// Packages of GOROOT belong to no module, even where it is worked on.
    fn shown(&self, index: usize) -> Option<usize> {
        (!self.resolver.is_goroot(index)).then_some(index)
    }
}

/// The commands are a tree of their own.
fn is_std(below: &str) -> bool {
    !has_prefix(below, "cmd")
}

/// `search.CleanPatterns`
fn clean(pattern: &str) -> String {
    let cleaned = overlay::cleaned(Path::new(pattern)).to_string_lossy().into_owned();
    let is_below = pattern.starts_with("./") && !cleaned.starts_with("../") && cleaned != ".";
    if is_below { format!("./{}", cleaned.trim_start_matches("./")) } else { cleaned }
}

fn below(root: &Path, dir: &Path) -> String {
    dir.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().into_owned()
}

fn join(prefix: &str, below: &str) -> String {
    match (prefix, below) {
        (prefix, "") => prefix.to_owned(),
        ("", below) => below.to_owned(),
        (prefix, below) => format!("{prefix}/{below}"),
    }
}
