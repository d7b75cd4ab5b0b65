//! [`Packages`] as an answer keeps them.

use crate::Packages;
use crate::folder::Folder;
use crate::lazy::{Lazy, Shelf};
use crate::package::{Names, Package, PackageError, PackageId};
use crate::packed::{
    Numbering, Numbers, PackedFolder, numbers, pack_folder, unpack as value, unpack_places,
};
use buildlist::ModuleVersion;
use foldhash::{HashMap, HashMapExt as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// All of them, with numbers for what many have.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body<'a> {
    #[serde(borrow)]
    names: Vec<&'a str>,
    dirs: Vec<PathBuf>,
    folders: Vec<&'a [u8]>,
    packages: Vec<PackedPackage<'a>>,
    order: Vec<PackageId>,
    searched: BTreeSet<ModuleVersion>,
    needs_graph: bool,
}

#[derive(Serialize, Deserialize)]
struct PackedPackage<'a> {
    path: u32,
    name: &'a str,
    dir: Option<u32>,
    module: Option<usize>,
    for_test: Option<u32>,
    for_main: Option<u32>,
    folder: u32,
    /// Where they are not those of the folder.
    files: Option<&'a [u8]>,
    places: Option<&'a [u8]>,
    doc: Option<&'a [u8]>,
    /// [`Names`] as five lists of numbers.
    names: &'a [u8],
    embed_files: Vec<String>,
    error: Option<PackageError>,
    dependencies: Vec<PackageId>,
    /// `standard`, `incomplete`, `is_match`, `is_test_main`, `has_profile`
    is: [bool; 5],
}

/// Numbers for what several packages share.
struct Shared<T> {
    numbers: HashMap<*const T, u32>,
    all: Vec<Arc<T>>,
}

impl<T> Shared<T> {
    fn number(&mut self, one: &Arc<T>) -> u32 {
        *self.numbers.entry(Arc::as_ptr(one)).or_insert_with(|| {
            self.all.push(Arc::clone(one));
            u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), all: vec![] }
    }
}

/// What a packed package borrows.
struct Parts {
    names: Vec<u8>,
    files: Option<Vec<u8>>,
    places: Option<Vec<u8>>,
    doc: Option<Vec<u8>>,
}

fn parts(package: &Package, numbering: &mut Numbering) -> Option<Parts> {
    let folder = &*package.folder;
    let Names { imports, raw_imports, test_imports, xtest_imports, embed_patterns } =
        &*package.names;
    let mut pack = |names: &[Arc<str>]| numbering.pack(names);
    let names = [
        pack(imports)?,
        pack(raw_imports)?,
        pack(test_imports)?,
        pack(xtest_imports)?,
        pack(embed_patterns)?,
    ];
    let files = match Arc::ptr_eq(&package.files, &folder.files) {
        true => None,
        false => Some(postcard::to_stdvec(&**package.files).ok()?),
    };
    let places = match Arc::ptr_eq(&package.import_places, &folder.imports) {
        true => None,
        false => Some(numbering.pack_places(&package.import_places)?),
    };
    let doc = match Arc::ptr_eq(&package.doc, &folder.doc) {
        true => None,
        false => Some(postcard::to_stdvec(&**package.doc).ok()?),
    };
    let names = postcard::to_stdvec(&names.each_ref().map(numbers)).ok()?;
    Some(Parts { names, files, places, doc })
}

fn unpack_names(shelf: &Arc<Shelf>, bytes: &[u8]) -> Option<Names> {
    let packed: [Numbers<'_>; 5] = postcard::from_bytes(bytes).ok()?;
    let [imports, raw_imports, test_imports, xtest_imports, embed_patterns] = packed;
    Some(Names {
        imports: shelf.names(imports)?,
        raw_imports: shelf.names(raw_imports)?,
        test_imports: shelf.names(test_imports)?,
        xtest_imports: shelf.names(xtest_imports)?,
        embed_patterns: shelf.names(embed_patterns)?,
    })
}

/// Packs all; `take` gets them while they are whole.
pub(crate) fn pack<T>(packages: &Packages, take: impl FnOnce(&Body<'_>) -> Option<T>) -> Option<T> {
    let mut numbering = Numbering::default();
    let (mut folders, mut dirs) = (Shared::<Folder>::default(), Shared::<PathBuf>::default());
    let all = &packages.packages;
    let borrowed: Option<Vec<Parts>> =
        all.iter().map(|package| parts(package, &mut numbering)).collect();
    let borrowed = borrowed?;
    let mut packed = Vec::with_capacity(all.len());
    for (package, parts) in all.iter().zip(&borrowed) {
        let mut number = |name: &Arc<str>| numbering.number(name);
        packed.push(PackedPackage {
            path: number(&package.import_path),
            name: &package.name,
            dir: package.dir.as_ref().map(|dir| dirs.number(dir)),
            module: package.module,
            for_test: package.for_test.as_ref().map(&mut number),
            for_main: package.for_main.as_ref().map(&mut number),
            folder: folders.number(&package.folder),
            files: parts.files.as_deref(),
            places: parts.places.as_deref(),
            doc: parts.doc.as_deref(),
            names: &parts.names,
            embed_files: package.embed_files.clone(),
            error: package.error.as_deref().cloned(),
            dependencies: package.dependencies.clone(),
            is: [
                package.standard,
                package.incomplete,
                package.is_match,
                package.is_test_main,
                package.has_profile,
            ],
        });
    }
    let bytes = |folder: &Arc<Folder>| {
        pack_folder(folder, &mut numbering, |packed| postcard::to_stdvec(&packed).ok())
    };
    let folders: Vec<Vec<u8>> = folders.all.iter().map(bytes).collect::<Option<_>>()?;
    take(&Body {
        names: numbering.names.iter().map(|name| &**name).collect(),
        dirs: dirs.all.iter().map(|dir| PathBuf::clone(dir)).collect(),
        folders: folders.iter().map(Vec::as_slice).collect(),
        packages: packed,
        order: packages.order.clone(),
        searched: packages.searched.clone(),
        needs_graph: packages.needs_graph,
    })
}

/// Unpacks what lies in bytes from a place on; they stay, for what is unpacked later.
pub(crate) fn unpack(bytes: Vec<u8>, start: usize) -> Option<Packages> {
    // The names come first, and everything that is unpacked later knows them by their numbers.
    let (names, _) = postcard::take_from_bytes::<Vec<Arc<str>>>(bytes.get(start..)?).ok()?;
    let shelf = Arc::new(Shelf { names, bytes });
    let body: Body<'_> = postcard::from_bytes(shelf.bytes.get(start..)?).ok()?;
    let dirs: Vec<Arc<PathBuf>> = body.dirs.into_iter().map(Arc::new).collect();
    let mut packages = Vec::with_capacity(body.packages.len());
    for packed in body.packages {
        packages.push(package(&shelf, &body.folders, &dirs, packed)?);
    }
    // A place that is none is for nobody to find.
    let is_there = |id: &PackageId| *id < packages.len();
    let are_there = body.order.iter().all(is_there)
        && packages.iter().all(|package| package.dependencies.iter().all(is_there));
    let (order, searched, needs_graph) = (body.order, body.searched, body.needs_graph);
    // No answer is kept that go.sum does not cover.
    let sum_gaps = vec![];
    are_there.then_some(Packages { packages, order, searched, needs_graph, sum_gaps })
}

fn package(
    shelf: &Arc<Shelf>,
    folders: &[&[u8]],
    dirs: &[Arc<PathBuf>],
    packed: PackedPackage<'_>,
) -> Option<Package> {
    let folder = shelf.range(folders.get(packed.folder as usize)?);
    let own = |bytes: &[u8]| shelf.range(bytes);
    let files = match packed.files {
        Some(bytes) => Lazy::packed(shelf, own(bytes), value),
        None => Lazy::packed(shelf, folder.clone(), PackedFolder::files),
    };
    let doc = match packed.doc {
        Some(bytes) => Lazy::packed(shelf, own(bytes), value),
        None => Lazy::packed(shelf, folder.clone(), PackedFolder::doc),
    };
    let places = match packed.places {
        Some(bytes) => Lazy::packed(shelf, own(bytes), unpack_places),
        None => Lazy::packed(shelf, folder.clone(), PackedFolder::imports),
    };
    let [standard, incomplete, is_match, is_test_main, has_profile] = packed.is;
    let dir = match packed.dir {
        Some(dir) => Some(Arc::clone(dirs.get(dir as usize)?)),
        None => None,
    };
    Some(Package {
        import_path: shelf.name(packed.path)?,
        name: packed.name.to_owned(),
        dir,
        module: packed.module,
        standard,
        for_test: packed.for_test.and_then(|name| shelf.name(name)),
        for_main: packed.for_main.and_then(|name| shelf.name(name)),
        files: Arc::new(files),
        doc: Arc::new(doc),
        names: Lazy::packed(shelf, own(packed.names), unpack_names),
        embed_files: packed.embed_files,
        error: packed.error.map(Arc::new),
        incomplete,
        dependencies: packed.dependencies,
        is_match,
        is_test_main,
        has_profile,
        import_places: Arc::new(places),
        folder: Lazy::packed(shelf, folder, PackedFolder::whole),
    })
}
