//! Packages of directories as an index keeps them: numbers for names that many have, and what few ask for packed once
//! more.

use crate::folder::{Files, Folder, FolderProblem, Has};
use crate::lazy::{Lazy, Shelf};
use crate::position::{Places, Position};
use foldhash::{HashMap, HashMapExt as _};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// A [`Folder`].
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedFolder<'a> {
    name: &'a str,
    has: Has,
    #[serde(borrow)]
    imported: [Numbers<'a>; 3],
    problem: Option<FolderProblem>,
    pub(crate) names: &'a [u8],
    doc: &'a [u8],
    kinds: &'a [u8],
    places: [&'a [u8]; 6],
}

/// Numbers of names, one behind the other: they become names without a list of numbers between.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Numbers<'a> {
    count: u32,
    bytes: &'a [u8],
}

type PackedPlaces = Vec<(u32, Vec<Position>)>;

pub(crate) fn unpack<T: serde::de::DeserializeOwned>(_: &Arc<Shelf>, bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

pub(crate) fn unpack_places(shelf: &Arc<Shelf>, bytes: &[u8]) -> Option<Places> {
    let packed: PackedPlaces = postcard::from_bytes(bytes).ok()?;
    let named = packed.into_iter().map(|(name, at)| Some((shelf.name(name)?, at)));
    named.collect()
}

impl Shelf {
    pub(crate) fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(number as usize).cloned()
    }

    pub(crate) fn names(&self, numbers: Numbers<'_>) -> Option<Vec<Arc<str>>> {
        let mut rest = numbers.bytes;
        // No number is shorter than a byte.
        let mut all = Vec::with_capacity((numbers.count as usize).min(rest.len()));
        while !rest.is_empty() {
            let number;
            (number, rest) = postcard::take_from_bytes(rest).ok()?;
            all.push(self.name(number)?);
        }
        Some(all)
    }

    /// Where bytes that are borrowed from the shelf lie in it.
    pub(crate) fn range(&self, bytes: &[u8]) -> Range<usize> {
        let at = bytes.as_ptr().addr().saturating_sub(self.bytes.as_ptr().addr());
        at..at.saturating_add(bytes.len())
    }
}

impl PackedFolder<'_> {
    /// The folder of these bytes.
    pub(crate) fn whole(shelf: &Arc<Shelf>, bytes: &[u8]) -> Option<Arc<Folder>> {
        Some(Arc::new(unpack_folder(shelf, postcard::from_bytes(bytes).ok()?)?))
    }

    /// Of the folder of these bytes the files.
    pub(crate) fn files(_: &Arc<Shelf>, bytes: &[u8]) -> Option<Files> {
        let packed: PackedFolder<'_> = postcard::from_bytes(bytes).ok()?;
        postcard::from_bytes(packed.kinds).ok()
    }

    /// Of the folder of these bytes the documentation.
    pub(crate) fn doc(_: &Arc<Shelf>, bytes: &[u8]) -> Option<String> {
        let packed: PackedFolder<'_> = postcard::from_bytes(bytes).ok()?;
        postcard::from_bytes(packed.doc).ok()
    }

    /// Of the folder of these bytes where its files import.
    pub(crate) fn imports(shelf: &Arc<Shelf>, bytes: &[u8]) -> Option<Places> {
        let packed: PackedFolder<'_> = postcard::from_bytes(bytes).ok()?;
        unpack_places(shelf, packed.places[0])
    }
}

/// Unpacks what is borrowed from the shelf.
pub(crate) fn unpack_folder(shelf: &Arc<Shelf>, packed: PackedFolder<'_>) -> Option<Folder> {
    let places = |bytes: &[u8]| Lazy::packed(shelf, shelf.range(bytes), unpack_places);
    let [imported, test_imported, xtest_imported] = packed.imported;
    let [imports, test_imports, xtest_imports, embeds, test_embeds, xtest_embeds] =
        packed.places.map(places);
    Some(Folder {
        names: Lazy::packed(shelf, shelf.range(packed.names), unpack),
        name: packed.name.to_owned(),
        doc: Arc::new(Lazy::packed(shelf, shelf.range(packed.doc), unpack)),
        files: Arc::new(Lazy::packed(shelf, shelf.range(packed.kinds), unpack)),
        has: packed.has,
        imported: [
            shelf.names(imported)?,
            shelf.names(test_imported)?,
            shelf.names(xtest_imported)?,
        ],
        imports: Arc::new(imports),
        test_imports,
        xtest_imports,
        embeds,
        test_embeds,
        xtest_embeds,
        problem: packed.problem,
    })
}

/// The names so far, and their numbers.
#[derive(Default)]
pub(crate) struct Numbering {
    pub(crate) names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Numbering {
    pub(crate) fn of(names: Vec<Arc<str>>) -> Self {
        let mut numbers = HashMap::with_capacity(names.len());
        for (number, name) in (0..).zip(&names) {
            numbers.insert(Arc::clone(name), number);
        }
        Self { names, numbers }
    }

    pub(crate) fn number(&mut self, name: &Arc<str>) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(Arc::clone(name));
        self.numbers.insert(Arc::clone(name), number);
        number
    }

    /// The bytes of [`Numbers`], and how many there are.
    pub(crate) fn pack(&mut self, names: &[Arc<str>]) -> Option<(u32, Vec<u8>)> {
        let mut bytes = Vec::with_capacity(names.len() * 2);
        for name in names {
            bytes = postcard::to_extend(&self.number(name), bytes).ok()?;
        }
        Some((u32::try_from(names.len()).ok()?, bytes))
    }

    pub(crate) fn pack_places(&mut self, places: &Places) -> Option<Vec<u8>> {
        let packed: PackedPlaces =
            places.iter().map(|(name, at)| (self.number(name), at.clone())).collect();
        postcard::to_stdvec(&packed).ok()
    }
}

/// Refers to what [`Numbering::pack`] gave.
pub(crate) fn numbers((count, bytes): &(u32, Vec<u8>)) -> Numbers<'_> {
    Numbers { count: *count, bytes }
}

/// Packs a folder; `take` gets it while it is whole.
pub(crate) fn pack_folder<T>(
    folder: &Folder,
    numbering: &mut Numbering,
    take: impl FnOnce(PackedFolder<'_>) -> Option<T>,
) -> Option<T> {
    let [imported, test_imported, xtest_imported] = &folder.imported;
    let imported = [
        numbering.pack(imported)?,
        numbering.pack(test_imported)?,
        numbering.pack(xtest_imported)?,
    ];
    let mut places = |places: &Places| numbering.pack_places(places);
    let places = [
        places(&folder.imports)?,
        places(&folder.test_imports)?,
        places(&folder.xtest_imports)?,
        places(&folder.embeds)?,
        places(&folder.test_embeds)?,
        places(&folder.xtest_embeds)?,
    ];
    take(PackedFolder {
        name: &folder.name,
        has: folder.has,
        imported: imported.each_ref().map(numbers),
        problem: folder.problem.clone(),
        names: &postcard::to_stdvec(&*folder.names).ok()?,
        doc: &postcard::to_stdvec(&**folder.doc).ok()?,
        kinds: &postcard::to_stdvec(&**folder.files).ok()?,
        places: places.each_ref().map(Vec::as_slice),
    })
}
