//! `//go:embed` in files that do not import "embed": `go list` reads no pattern there, and the compiler refuses it
//! (`checkEmbed` of `cmd/compile/internal/noder`).

use crate::package_faults::{Fault, Place, near};
use gopackages::{ErrorKind, Options, Package, Packages};

/// Such files of the packages of the target.
pub(crate) fn embed_faults(
    packages: &Packages,
    options: &Options,
    is_own: &dyn Fn(usize) -> bool,
) -> Vec<Fault> {
    let is_ours = |package: &Package| {
        package.module.is_some_and(is_own)
            && package.for_test.is_none()
            && package.for_main.is_none()
            && !package.is_test_main
    };
    let mut faults = vec![];
    for (_, package) in packages.iter().filter(|(_, package)| is_ours(package)) {
        let Some(dir) = &package.dir else { continue };
        let files = &package.files;
        let lists = [&files.go, &files.cgo, &files.test_go, &files.xtest_go];
        for file in lists.into_iter().flatten().map(|name| dir.join(name)) {
            let Ok(text) = options.overlay.read(&file) else { continue };
            if memchr::memmem::find(&text, b"//go:embed").is_none() {
                continue;
            }
            let header = goheader::read_go(&text, true).unwrap_or_default();
            let imports = header.imports.iter().any(|import| import.path == "embed");
            let embeds = if imports { vec![] } else { goheader::embeds(&text) };
            let Some(first) = embeds.first() else { continue };
            let line = u32::try_from(first.line).unwrap_or(1).max(1);
            faults.push(Fault {
                kind: ErrorKind::Embed,
                package: package.import_path.to_string(),
                message: format!(
                    "pattern {}: go:embed only allowed in Go files that import \"embed\"",
                    first.pattern
                ),
                place: Some(Place { file: near(&file, options), line, column: 1 }),
                chain: vec![],
            });
        }
    }
    faults
}
