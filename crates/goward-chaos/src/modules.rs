//! The modules that are built, and those that a proxy has.

use crate::Module;
use sha2::{Digest as _, Sha256};
use std::io::{self, Write as _};
use std::path::Path;

/// The module that programs here need.
pub(crate) const DEPENDENCY: &str = "example.com/chaos/dep";

/// A module as a proxy has it.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) path: String,
    pub(crate) version: String,
    pub(crate) go_mod: String,
    pub(crate) zip: Vec<u8>,
    /// Its lines of go.sum.
    pub(crate) sum: String,
}

impl Published {
    fn new(path: &str, version: &str, files: &[(&str, &str)]) -> Self {
        let go_mod = format!("module {path}\n\ngo 1.21\n");
        let mut all = vec![("go.mod", go_mod.as_str())];
        all.extend(files);
        let prefix = format!("{path}@{version}");
        let entries = all.iter().map(|(name, text)| {
            (format!("{prefix}/{name}").into_bytes(), Sha256::digest(text.as_bytes()).into())
        });
        let h1 = modcache::hash1(entries.collect()).unwrap_or_default();
        let mod_h1 = modcache::hash_go_mod(go_mod.as_bytes());
        Self {
            path: path.to_owned(),
            version: version.to_owned(),
            zip: zip(&prefix, &all).unwrap_or_default(),
            sum: format!("{path} {version} {h1}\n{path} {version}/go.mod {mod_h1}\n"),
            go_mod,
        }
    }

    /// What is at `PATH/@v/VERSION.{info,mod,zip}`, `PATH/@v/list` and `PATH/@latest`.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let rest = path.strip_prefix(&self.path)?;
        let info = || format!("{{\"Version\":\"{}\"}}", self.version).into_bytes();
        let version = rest.strip_prefix("/@v/").and_then(|file| file.strip_prefix(&self.version));
        match (rest, version) {
            ("/@v/list", _) => Some(format!("{}\n", self.version).into_bytes()),
            ("/@latest", _) | (_, Some(".info")) => Some(info()),
            (_, Some(".mod")) => Some(self.go_mod.clone().into_bytes()),
            (_, Some(".zip")) => Some(self.zip.clone()),
            _ => None,
        }
    }
}

fn zip(prefix: &str, files: &[(&str, &str)]) -> Result<Vec<u8>, rawzip::Error> {
    let mut archive = rawzip::ZipArchiveWriter::new(vec![]);
    for (name, text) in files {
        let (mut entry, config) = archive.new_file(format!("{prefix}/{name}")).start()?;
        let mut data = config.wrap(&mut entry);
        data.write_all(text.as_bytes())?;
        let (_, descriptor) = data.finish()?;
        entry.finish(descriptor)?;
    }
    archive.finish()
}

/// The dependency as go.sum knows it.
pub(crate) fn dependency() -> Published {
    let code =
        "// Package dep is needed.\npackage dep\n\n// F is called.\nfunc F() int { return 1 }\n";
    Published::new(DEPENDENCY, "v1.0.0", &[("dep.go", code)])
}

/// The dependency with other code.
pub(crate) fn tampered() -> Published {
    let code =
        "// Package dep is needed.\npackage dep\n\n// F is called.\nfunc F() int { return 2 }\n";
    Published::new(DEPENDENCY, "v1.0.0", &[("dep.go", code)])
}

/// Another module.
pub(crate) fn other() -> Published {
    Published::new("example.com/chaos/other", "v1.0.0", &[("other.go", "package other\n")])
}

const PLAIN: &str =
    "// A program that imports nothing.\npackage main\n\nfunc main() { println(\"built\") }\n";
const CALLER: &str = "// A program that needs a module.\npackage main\n\nimport \"example.com/chaos/dep\"\n\nfunc main() { println(dep.F()) }\n";
const CGO: &str = "// A program with a line of C.\npackage main\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nfunc main() { println(C.one()) }\n";
const HUGE: &str = "// A program with more data than a linker takes.\npackage main\n\nvar a, b, c [1 << 30]byte\n\nfunc main() {\n\ta[1], b[2], c[3] = 1, 2, 3\n\tprintln(f(1) + f(2))\n}\n\n//go:noinline\nfunc f(i int) byte { return a[i] + b[i] + c[i] }\n";

/// Writes the main module.
pub(crate) fn write(module: Module, dir: &Path) -> io::Result<()> {
    let dependency = dependency();
    let (source, needs) = match module {
        Module::Plain => (PLAIN, false),
        Module::Dependency | Module::Unsummed => (CALLER, true),
        Module::Huge => (HUGE, false),
        Module::Cgo => (CGO, false),
    };
    let mut go_mod = "module example.com/chaos\n\ngo 1.21\n".to_owned();
    if needs {
        go_mod += &format!("\nrequire {} {}\n", dependency.path, dependency.version);
    }
    std::fs::write(dir.join("go.mod"), go_mod)?;
    std::fs::write(dir.join("main.go"), source)?;
    if module == Module::Dependency {
        std::fs::write(dir.join("go.sum"), &dependency.sum)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_module_has_the_sums_of_its_zip() {
        let published = dependency();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &published.zip).unwrap();
        let zip = modcache::ModuleZip::open(file.path()).unwrap();
        assert!(published.sum.contains(&zip.hash(&|| false).unwrap()));
        assert!(zip.check(&published.path, &published.version).is_empty());
        assert_ne!(published.sum, tampered().sum);
        assert_eq!(
            published.get("example.com/chaos/dep/@v/v1.0.0.zip"),
            Some(published.zip.clone())
        );
        assert_eq!(published.get("example.com/chaos/dep/@v/v1.0.1.zip"), None);
    }
}
