//! Who may import what: internal and vendored packages, programs, local paths.

use crate::load::{Importer, Loader};
use crate::package::{ErrorKind, Package, PackageError, PackageId};
use crate::resolve::has_prefix;
use std::path::{Path, PathBuf};

impl Loader<'_> {
    /// Why an importer may not have a package that exists.
    pub(crate) fn forbids(
        &self,
        id: PackageId,
        path: &str,
        importer: Importer<'_>,
    ) -> Option<PackageError> {
        let package = self.packages.get(id)?;
        let parent = self.packages.get(importer.package)?;
        let place = || self.first_place(importer);
        let error = |kind, message: String| {
            Some(PackageError { import_stack: self.stack(), pos: place(), message, kind })
        };
        if self.restricted.get(id) != Some(&true) && package.name != "main" && !path.starts_with('.')
            // What the standard library vendors is imported by another path than the package has.
            && !path.contains("vendor")
        {
            return None;
        }
        if package.error.is_none() && !self.may_see_internal(package, parent) {
            let message = format!("use of internal package {} not allowed", package.import_path);
            return error(ErrorKind::Internal, message);
        }
        if !self.may_see_vendored(package, parent) {
            return error(ErrorKind::Vendored, "use of vendored package not allowed".to_owned());
        }
        if let Some(at) = find_element(path, "vendor", false) {
            let rest = path.get(at + "vendor/".len()..).unwrap_or_default();
            return error(ErrorKind::Vendored, format!("{path} must be imported as {rest}"));
        }
        if package.name == "main" && parent.dir != package.dir {
            let message = format!("import \"{path}\" is a program, not an importable package");
            return error(ErrorKind::Program, message);
        }
        if is_local(path) {
            let message = match path {
                "." => format!("{path}: cannot import current directory"),
                _ => format!("local import \"{path}\" in non-local package"),
            };
            return error(ErrorKind::InvalidImport, message);
        }
        None
    }

    /// `load.disallowInternal`
    fn may_see_internal(&self, package: &Package, importer: &Package) -> bool {
        let path = &*package.import_path;
        let Some(at) = find_element(path, "internal", true) else { return true };
        if has_prefix(&importer.import_path, "crypto")
            && has_prefix(path, "crypto/internal/fips140")
        {
            return true;
        }
        if has_prefix(&importer.import_path, "crypto/internal/fips140") {
            return has_prefix(path, "crypto/internal");
        }
        let end = at.saturating_sub(1);
        if package.module.is_some() {
            return has_prefix(&importer.import_path, path.get(..end).unwrap_or_default());
        }
        self.is_below(importer.dir.as_deref(), package.dir.as_deref(), path, end)
    }

    fn may_see_vendored(&self, package: &Package, importer: &Package) -> bool {
        let path = &*package.import_path;
        match find_element(path, "vendor", false) {
            None => true,
            Some(at) => {
                let end = at.saturating_sub(1);
                self.is_below(importer.dir.as_deref(), package.dir.as_deref(), path, end)
            }
        }
    }

    /// Whether the importer lies below the folder that holds `internal` or `vendor`; by real paths too.
    fn is_below(
        &self,
        importer: Option<&PathBuf>,
        package: Option<&PathBuf>,
        path: &str,
        end: usize,
    ) -> bool {
        let (Some(importer), Some(package)) = (importer, package) else { return true };
        let text = package.to_string_lossy();
        let Some(keep) = (text.len() + end).checked_sub(path.len()) else { return true };
        let parent = Path::new(text.get(..keep).unwrap_or_default());
        // What links lead to is not kept.
        if importer.starts_with(parent) {
            return true;
        }
        if let Some(index) = &self.resolver.index {
            index.looked.spoil();
        }
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        real(importer).starts_with(real(parent))
    }
}

/// `go/build.IsLocalImport`
fn is_local(path: &str) -> bool {
    matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../")
}

/// Where the last such element of a path begins. `vendor` at the very end does not count.
fn find_element(path: &str, element: &str, at_end: bool) -> Option<usize> {
    let mut end = path.len();
    loop {
        let start = path.get(..end)?.rfind('/').map_or(0, |slash| slash + 1);
        if path.get(start..end) == Some(element) && (at_end || end < path.len()) {
            return Some(start);
        }
        end = start.checked_sub(1)?;
    }
}
