//! Packages of the main modules that none of their programs and tests reaches, whatever is built.

use crate::gather::{Asked, Data, Kind, Matched, gather};
use crate::pattern::Patterns;
use crate::resolve::Resolver;
use crate::{Options, PatternError};
use buildlist::BuildList;
use foldhash::HashMap;
use goheader::Tags;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// An import path, and a file of the package.
pub type Unreached = (Arc<str>, PathBuf);

/// The packages of the main modules that no program and no test of theirs reaches on any platform and with any tags, that
/// nobody else can import (`internal`, or a module that nobody can fetch by its path), and that no file names; and a file
/// of each, sorted; `None` where there is no program, so that all of it is for others.
///
/// # Errors
/// Those of [`crate::load`].
pub fn unreached(
    list: &BuildList,
    options: &Options,
) -> Result<Option<Vec<Unreached>>, PatternError> {
    let threads = options.threads();
    let tags = Tags { any: true, cgo: true, ..options.tags.clone() };
    let resolver = Resolver::new(&options.goroot, &options.gomodcache, list, &options.overlay);
    let mains = list.modules().iter().filter(|module| module.is_main());
    let dirs = mains.filter_map(|module| module.dir.as_deref());
    let own: Vec<String> = dirs.map(|dir| format!("{}/...", dir.display())).collect();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let patterns = Patterns { list, resolver: &resolver, options, threads };
    let matched = patterns.matched(&own)?;
    let own: Vec<Arc<str>> = matched.iter().map(|one| Arc::clone(&one.path)).collect();
    let data = gather(&resolver, &tags, matched, Asked::Tests, threads);
    let files = |one: &Data| {
        let files = &one.folder.files;
        [files.go.clone(), files.cgo.clone()].concat()
    };
    let is_program = |path: &Arc<str>| data.get(path).is_some_and(|one| one.folder.name == "main");
    if !own.iter().any(is_program) {
        return Ok(None);
    }
    let mut reached: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = vec![];
    for path in &own {
        let Some(one) = data.get(path) else { continue };
        let (folder, name) = (&one.folder, &**path);
        let has_tests = !folder.files.test_go.is_empty() || !folder.files.xtest_go.is_empty();
        if (folder.name == "main" || has_tests) && reached.insert(name) {
            open.push(name);
        }
        let tested = folder.imported.iter().skip(1).flatten();
        open.extend(tested.map(|import| &**import).filter(|import| reached.insert(import)));
    }
    while let Some(path) = open.pop() {
        let Some(one) = data.get(path) else { continue };
        let imports = one.folder.imports.iter().map(|(import, _)| &**import);
        open.extend(imports.filter(|import| reached.insert(import)));
    }
    let left: Vec<&Arc<str>> = own.iter().filter(|path| !reached.contains(&***path)).collect();
    // A package that this build does not have holds requirements (`//go:build tools`) or is for elsewhere, and one of
    // nothing but a doc.go is documentation.
    let here = gather(&resolver, &options.tags, found(&resolver, &left), Asked::Build, threads);
    let is_code = |path: &Arc<str>| {
        here.get(path).is_some_and(|one| files(one).iter().any(|file| file != "doc.go"))
    };
    // What others may import has users that nobody can know.
    let is_closed = |path: &Arc<str>| {
        let module = data.get(path).and_then(|one| list.modules().get(one.module?));
        let module = module.map_or("", |module| module.path.as_str());
        let is_fetched = module.split('/').next().is_some_and(|host| host.contains('.'));
        !is_fetched || path.split('/').any(|element| element == "internal")
    };
    let mut left: Vec<&Arc<str>> =
        left.into_iter().filter(|path| is_closed(path) && is_code(path)).collect();
    if !left.is_empty() {
        // Other modules of the repository may use what is internal to their paths, and with it what that imports.
        let Some(imported) = crate::nested::imported(list, options) else {
            return Ok(Some(vec![]));
        };
        let of_others = own.iter().map(|path| &**path).filter(|path| imported.contains(*path));
        open.extend(of_others.filter(|path| reached.insert(path)));
        while let Some(path) = open.pop() {
            let Some(one) = data.get(path) else { continue };
            let imports = one.folder.imports.iter().map(|(import, _)| &**import);
            open.extend(imports.filter(|import| reached.insert(import)));
        }
        left.retain(|path| !reached.contains(&***path));
    }
    let texts = if left.is_empty() { vec![] } else { texts(&own, &data, options) };
    let mut all: Vec<Unreached> = left
        .into_iter()
        .filter(|path| !texts.iter().any(|(dir, text)| is_named(path, dir, text, &data)))
        .filter_map(|path| {
            let one = data.get(path)?;
            Some((Arc::clone(path), one.dir.as_ref()?.join(files(one).first()?)))
        })
        .collect();
    all.sort();
    Ok(Some(all))
}

/// The Go files of packages, with their folders.
fn texts(
    own: &[Arc<str>],
    data: &HashMap<Arc<str>, Data>,
    options: &Options,
) -> Vec<(Arc<PathBuf>, Vec<u8>)> {
    let mut all = vec![];
    for one in own.iter().filter_map(|path| data.get(path)) {
        let Some(dir) = &one.dir else { continue };
        let files = &one.folder.files;
        let lists = [&files.go, &files.cgo, &files.test_go, &files.xtest_go, &files.ignored_go];
        for name in lists.into_iter().flatten() {
            if let Ok(text) = options.overlay.read(&dir.join(name)) {
                all.push((Arc::clone(dir), text));
            }
        }
    }
    all
}

/// Whether somebody may use a package without importing it: its own `//go:generate`, or another file that names its
/// folder in a path (`//go:generate`, `//go:embed`, what a test reads, what is written into generated code).
fn is_named(
    path: &Arc<str>,
    dir: &Arc<PathBuf>,
    text: &[u8],
    data: &HashMap<Arc<str>, Data>,
) -> bool {
    let is_own = data.get(path).is_some_and(|one| one.dir.as_ref() == Some(dir));
    if is_own {
        return memchr::memmem::find(text, b"\n//go:generate ").is_some();
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_edge = |byte: Option<&u8>| {
        byte.is_none_or(|byte| matches!(byte, b'/' | b'"' | b'`' | b' ' | b'=' | b'\n'))
    };
    memchr::memmem::find_iter(text, name.as_bytes()).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + name.len());
        let in_path = before == Some(&b'/') || after == Some(&b'/');
        let whole = before == Some(&b'"') && after == Some(&b'"');
        is_edge(before) && is_edge(after) && (in_path || whole)
    })
}

/// The places of packages.
pub(crate) fn found<'p>(
    resolver: &Resolver<'_>,
    paths: impl IntoIterator<Item = &'p &'p Arc<str>>,
) -> Vec<Matched> {
    let place = |path: &&Arc<str>| {
        Some(Matched {
            path: Arc::clone(path),
            place: Some(resolver.find(path).ok()?),
            kind: Kind::Wildcard,
        })
    };
    paths.into_iter().filter_map(place).collect()
}
