//! Finds a package: in the standard library, in the vendor folder, or in the modules, and what is known of its directory.

use super::{Dir, ImportProblem, NONE, Place, Resolver, Seen, Vendor, is_std_path};
use crate::evidence::Looks;
use crate::index::Keeps;
use crate::listing::{Listing, is_module};
use buildlist::{Module, ModuleVersion, Replaced, Stamp};
use gomod::Replacement;
use overlay::Overlay;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

impl Resolver<'_> {
    /// Finds a package.
    pub(crate) fn find(&self, path: &str) -> Result<Place, ImportProblem> {
        let invalid = |why: String| Err(ImportProblem::Invalid(why));
        if path.contains('@') {
            return invalid(format!("import path \"{path}\" should not have @version"));
        }
        if matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../") {
            return invalid(format!(
                "\"{path}\" is relative, but relative import paths are not supported in module mode"
            ));
        }
        if path.starts_with('/') {
            return invalid(format!("\"{path}\" is not a package path; see 'go help packages'"));
        }
        if matches!(path, "std" | "cmd" | "all" | "tool" | "work") {
            return invalid(format!(
                "\"{path}\" is not an importable package; see 'go help packages'"
            ));
        }
        if let Err(err) = gomod::module_path::check_import(path) {
            return invalid(err.to_string());
        }
        let mut found = vec![];
        if is_std_path(path)
            && let Some(seen) = self.look(&self.std.join(path), &NONE, Keeps::Nothing)?
        {
            found.push(Place { dir: self.std.join(path), module: None, seen });
        }
        match &self.vendor {
            Some(vendor) => self.in_vendor(vendor, path, found),
            None => self.in_modules(path, found),
        }
    }

    fn in_vendor(
        &self,
        vendor: &Vendor,
        path: &str,
        mut found: Vec<Place>,
    ) -> Result<Place, ImportProblem> {
        for (index, _) in self.main() {
            found.extend(self.in_module(index, path)?);
        }
        let module = vendor.packages.get(path);
        if (module.is_some() || !vendor.explicit)
            && let Some(seen) = self.look(&vendor.dir.join(path), &self.overlay, Keeps::Nothing)?
        {
            let dir = vendor.dir.join(path);
            found.push(Place { dir, module: module.copied().flatten(), seen });
        }
        self.only(path, found, false)
    }

    /// The longest module path that offers it; first among the roots, then in the whole graph.
    fn in_modules(&self, path: &str, std: Vec<Place>) -> Result<Place, ImportProblem> {
        for all in [false, true] {
            self.needs_graph.fetch_or(all, Ordering::Relaxed);
            if all && self.list.is_partial() {
                return Err(ImportProblem::Unknown);
            }
            let mut found = std.clone();
            let mut absent = None;
            let mut prefix = path;
            loop {
                if let Some(&index) = self.by_path.get(prefix)
                    && (all || self.is_root.get(index) == Some(&true))
                    && !self.is_goroot(index)
                {
                    self.searched.lock().unwrap_or_else(PoisonError::into_inner).insert(index);
                    match self.in_module(index, path) {
                        Ok(place) => found.extend(place),
                        Err(problem) => absent = absent.or(Some(problem)),
                    }
                }
                match prefix.rfind('/') {
                    Some(end) => prefix = prefix.get(..end).unwrap_or_default(),
                    None => break,
                }
            }
            if let Some(problem) = absent {
                return Err(problem);
            }
            if !found.is_empty() {
                // From the shortest module path to the longest.
                let start = std.len();
                found.get_mut(start..).unwrap_or_default().reverse();
                return self.only(path, found, true);
            }
        }
        Err(ImportProblem::Missing { is_std: is_std_path(path) })
    }

    fn only(
        &self,
        path: &str,
        mut found: Vec<Place>,
        name_modules: bool,
    ) -> Result<Place, ImportProblem> {
        match (found.pop(), found.is_empty()) {
            (None, _) => Err(ImportProblem::Missing { is_std: is_std_path(path) }),
            (Some(place), true) => Ok(place),
            (Some(place), false) => {
                found.push(place);
                let kind = if name_modules { "modules" } else { "directories" };
                let mut text =
                    format!("ambiguous import: found package {path} in multiple {kind}:");
                for place in &found {
                    let dir = place.dir.display();
                    let module = place.module.and_then(|index| self.list.modules().get(index));
                    text += &match (name_modules, module) {
                        (true, Some(Module { path, version: Some(version), .. })) => {
                            format!("\n\t{path} {version} ({dir})")
                        }
                        (true, Some(Module { path, .. })) => format!("\n\t{path} ({dir})"),
                        (true, None) => format!("\n\t ({dir})"),
                        (false, _) => format!("\n\t{dir}"),
                    };
                }
                Err(ImportProblem::Ambiguous(text))
            }
        }
    }

    /// The package's directory in one module (`modload.dirInModule`).
    fn in_module(&self, index: usize, path: &str) -> Result<Option<Place>, ImportProblem> {
        let (Some(module), Some(Some(root))) =
            (self.list.modules().get(index), self.dirs.get(index))
        else {
            return Ok(None);
        };
        let below = match path.strip_prefix(module.path.as_str()) {
            Some("") => "",
            Some(rest) if rest.starts_with('/') => rest.get(1..).unwrap_or_default(),
            _ => return Ok(None),
        };
        if !self.exists(root) {
            // Of one that is not required who reads the whole graph says what is wrong.
            if root.is_local {
                match &module.replacement {
                    Some(Replaced { new: Replacement::Directory(written), .. })
                        if !module.requirements.is_empty() =>
                    {
                        let (path, version) = (&module.path, module.version.as_deref());
                        return Err(ImportProblem::NoReplacement(format!(
                            "{path}@{}: replacement directory {written} does not exist",
                            version.unwrap_or_default()
                        )));
                    }
                    _ => self.wants_graph(),
                }
            }
            let content = module.content().unwrap_or(ModuleVersion {
                path: module.path.clone(),
                version: module.version.clone().unwrap_or_default(),
            });
            if let Some(index) = self.index.as_ref().filter(|_| !root.is_local) {
                index.looked.note_as(&root.path, None);
            }
            return Err(ImportProblem::NotDownloaded(content));
        }
        let dir = if below.is_empty() { root.path.clone() } else { root.path.join(below) };
        if root.is_local {
            let mut at = dir.as_path();
            while at != root.path {
                if is_module(at, self.looks(&self.overlay)) {
                    return Ok(None);
                }
                let Some(parent) = at.parent() else { break };
                at = parent;
            }
        }
        // Nobody replaces files of the module cache.
        let seen = match root.is_local {
            true => self.look(&dir, &self.overlay, Keeps::Nothing)?,
            false => self.look_in_cache(root, below, &dir)?,
        };
        if let (Some(index), None, false) = (&self.index, &seen, root.is_local) {
            index.looked.note_existing(&root.path);
        }
        Ok(seen.map(|seen| Place { dir, module: Some(index), seen }))
    }

    /// The same of a directory in the module cache: what an earlier run knows, then what the go command does.
    fn look_in_cache(
        &self,
        root: &Dir,
        below: &str,
        dir: &Path,
    ) -> Result<Option<Seen>, ImportProblem> {
        let of_go = || {
            let go_index = self.go_index.as_ref()?;
            let module = root.of_go.get_or_init(|| go_index.module(&root.path).map(Arc::new));
            let module = module.as_ref()?;
            let Some(package) = module.package(below) else { return Some(None) };
            let has_go = module.has_go(package)?;
            Some(has_go.then(|| (Arc::clone(module), package)))
        };
        if let Some(folder) = self.index.as_ref().and_then(|it| it.get(dir, Keeps::Files)) {
            return Ok(folder.has_go().then_some(Seen::Indexed(folder)));
        }
        // From before anything is believed.
        let stamp = self.index.as_ref().map(|_| Stamp::of_path(dir));
        match of_go() {
            // The go command believes in a directory that is gone; nothing that is kept may rest on that.
            Some(found) if stamp != Some(None) => {
                if let (Some(index), Some(stamp)) = (&self.index, stamp) {
                    index.looked.note_as(dir, stamp);
                }
                Ok(found.map(|(module, package)| Seen::OfGo(module, package, stamp.flatten())))
            }
            _ => Ok(go_listing(dir, self.looks(&NONE))?.map(Seen::Listing)),
        }
    }

    /// What is in a directory, if Go files are.
    fn look(
        &self,
        dir: &Path,
        overlay: &Overlay,
        keeps: Keeps,
    ) -> Result<Option<Seen>, ImportProblem> {
        let index = self
            .index
            .as_ref()
            .filter(|_| overlay.find(dir).is_none() && overlay.names(dir).is_none());
        if let Some(folder) = index.and_then(|index| index.get(dir, keeps)) {
            return Ok(folder.has_go().then_some(Seen::Indexed(folder)));
        }
        Ok(go_listing(dir, self.looks(overlay))?.map(Seen::Listing))
    }
}

/// The directory's entries, if Go files are among them.
fn go_listing(dir: &Path, looks: Looks<'_>) -> Result<Option<Arc<Listing>>, ImportProblem> {
    match Listing::read(dir, looks) {
        Ok(listing) => Ok(listing.filter(Listing::has_go).map(Arc::new)),
        Err(err) => Err(ImportProblem::Io(format!("{}: {err}", dir.display()))),
    }
}
