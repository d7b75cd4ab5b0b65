//! The go command's own index of a module in the module cache: the headers of all its files in one file of the build
//! cache. Who reads it opens a file for each module instead of one for each Go file, and says what `go list` says, which
//! believes it for ever.
//!
//! Format and names: `cmd/go/internal/modindex` (`index_format.txt`, `read.go`), `cmd/go/internal/cache` (`hash.go`,
//! `cache.go`). It has no promise of staying as it is: another name, another first line or anything that does not fit
//! means that the files are read.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The format's first line, which is part of the index's name, too.
const VERSION: &str = "go index v2";
/// The first number: where the strings are. Behind it, how many packages there are, and where each is.
const STRINGS: usize = VERSION.len() + 1;
const COUNT: usize = STRINGS + 4;
const TABLE: usize = COUNT + 4;
/// No module has more; a hostile file shall not fill the memory.
const MAX_BYTES: u64 = 256 << 20;
/// No file has a longer name (Linux, `NAME_MAX`), and none imports a longer path.
const MAX_NAME: usize = 255;
const MAX_TEXT: usize = 4096;

/// Where the go command keeps its indexes.
#[derive(Debug, Clone)]
pub struct GoIndex {
    /// `GOCACHE`.
    pub cache: PathBuf,
    /// The version of the go command, as `go env GOVERSION` has it: others' indexes have other names.
    pub version: String,
}

impl GoIndex {
    /// The index of the module that is unpacked at `dir`, if there is one.
    pub(crate) fn module(&self, dir: &Path) -> Option<GoModule> {
        let (version, dir) = (&self.version, dir.to_str()?);
        // The version comes before everything that the go command hashes (`cache.NewHash`), without its experiments.
        let salt = version.split(" X:").next().unwrap_or_default();
        let name = Sha256::digest(format!("{salt}module index {version} {VERSION} {dir}\n"));
        let entry = read(&self.cache, &hex(&name), 'a')?;
        // `v1 ACTION OUTPUT SIZE TIME`
        let entry = std::str::from_utf8(&entry).ok()?;
        let mut words = entry.split_ascii_whitespace();
        let (_, action, output) =
            (words.next().filter(|it| *it == "v1")?, words.next()?, words.next()?);
        let is_hash = output.len() == 64 && output.bytes().all(|it| it.is_ascii_hexdigit());
        if action != hex(&name) || !is_hash {
            return None;
        }
        let bytes = read(&self.cache, output, 'd')?;
        // The go command looks at its size only; what was damaged since is not what it wrote.
        (hex(&Sha256::digest(&bytes)) == output).then(|| GoModule::open(bytes))?
    }
}

fn read(cache: &Path, name: &str, kind: char) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let path = cache.join(name.get(..2)?).join(format!("{name}-{kind}"));
    let file = std::fs::File::open(path).ok()?;
    let meta = file.metadata().ok().filter(|it| it.is_file() && it.len() <= MAX_BYTES)?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).ok()? + 1);
    file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The index of one module.
#[derive(Debug)]
pub(crate) struct GoModule {
    bytes: Vec<u8>,
    strings: usize,
    count: usize,
}

/// A file of a package, as the go command read it.
#[derive(Clone, Copy)]
pub(crate) struct GoFile<'a> {
    module: &'a GoModule,
    pub(crate) name: &'a str,
    /// The name in its package clause; empty for files of other languages.
    pub(crate) package: &'a str,
    /// The synopsis of its documentation.
    pub(crate) doc: &'a str,
    /// Its `#cgo` lines.
    pub(crate) cgo: &'a str,
    /// Its `//go:build` line; empty where there is none.
    go_build: &'a str,
    plus_build: List,
    imports: List,
    embeds: List,
}

/// Where a list begins, and how many items it has.
#[derive(Clone, Copy)]
struct List {
    at: usize,
    count: usize,
}

/// Numbers that the name and place of an import or a pattern take: the name; file, offset, line and column.
const PLACED: usize = 5;

impl<'a> GoFile<'a> {
    /// Its `//go:build` line, or its `// +build` lines.
    pub(crate) fn constraint(&self) -> impl Iterator<Item = &'a str> {
        let module = self.module;
        let List { at, count } = self.plus_build;
        let plus = (0..count).filter_map(move |index| module.string(at + 4 * index));
        let own = Some(self.go_build).filter(|line| !line.is_empty());
        let plus = own.is_none().then_some(plus).into_iter().flatten();
        own.into_iter().chain(plus)
    }

    /// Import paths and their lines and columns.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&'a str, usize, usize)> + Clone {
        self.placed(self.imports)
    }

    /// `//go:embed` patterns, their lines and columns.
    pub(crate) fn embeds(&self) -> impl Iterator<Item = (&'a str, usize, usize)> + Clone {
        self.placed(self.embeds)
    }

    fn placed(&self, list: List) -> impl Iterator<Item = (&'a str, usize, usize)> + Clone {
        let module = self.module;
        (0..list.count).filter_map(move |index| {
            let at = list.at + 4 * PLACED * index;
            Some((module.string(at)?, module.number(at + 12)?, module.number(at + 16)?))
        })
    }
}

impl GoModule {
    fn open(bytes: Vec<u8>) -> Option<Self> {
        let is_ours =
            bytes.strip_prefix(VERSION.as_bytes()).is_some_and(|it| it.starts_with(b"\n"));
        let mut module = Self { bytes, strings: 0, count: 0 };
        module.strings = module.number(STRINGS).filter(|_| is_ours)?;
        // The first string is the empty one; behind the last is a mark that nothing was cut off.
        let is_whole =
            module.bytes.get(module.strings) == Some(&0) && module.bytes.last() == Some(&0xff);
        module.count =
            module.number(COUNT).filter(|count| is_whole && *count <= module.bytes.len() / 8)?;
        module.is_laid_out()?;
        Some(module)
    }

    /// Packages stand one behind the other, and in each its files: what were told twice would cost twice, and a small
    /// index could cost everything.
    fn is_laid_out(&self) -> Option<()> {
        let mut end = TABLE;
        for index in 0..self.count {
            let package = self.number(TABLE + 8 * index + 4)?;
            (package >= end).then_some(())?;
            let count = self.number(package.checked_add(8)?)?;
            end = package.checked_add(12)?.checked_add(count.checked_mul(4)?)?;
            (end <= self.strings).then_some(())?;
            for index in 0..count {
                let file = self.number(package + 12 + 4 * index)?;
                (file >= end).then_some(())?;
                let mut list = self.list(file.checked_add(36)?, 1)?;
                let mut width = 1;
                // Imports, patterns, directives.
                for _ in 0..3 {
                    list = self.list(list.at + 4 * width * list.count, PLACED)?;
                    width = PLACED;
                }
                end = list.at + 4 * PLACED * list.count;
            }
        }
        Some(())
    }

    fn number(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    /// The string whose place stands here: its length, seven bits a byte, and its bytes.
    fn string(&self, at: usize) -> Option<&str> {
        let rest = self.bytes.get(self.strings.checked_add(self.number(at)?)?..)?;
        let (mut length, mut behind) = (0_usize, 0);
        for (index, byte) in rest.iter().take(5).enumerate() {
            length |= usize::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                behind = index + 1;
                break;
            }
        }
        std::str::from_utf8(rest.get(behind..behind.checked_add(length)?).filter(|_| behind > 0)?)
            .ok()
    }

    /// Where the package of a folder is; `below` is relative to the module's.
    pub(crate) fn package(&self, below: &str) -> Option<usize> {
        // In the order of the folders, as bytes.
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            let at = TABLE + 8 * middle;
            match self.string(at)?.cmp(below) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.number(at + 4),
            }
        }
        None
    }

    /// How many files the package has that is here; `None` if the folder is more than plain.
    fn count(&self, package: usize) -> Option<usize> {
        let is_plain = self.number(package)? == 0;
        self.number(package.checked_add(8)?)
            .filter(|count| is_plain && *count <= self.bytes.len() / 4)
    }

    /// The files of the package that is here; `None` for one that is more than plain: who reads the files finds the
    /// right words for it.
    pub(crate) fn files(&self, package: usize) -> impl Iterator<Item = Option<GoFile<'_>>> {
        let count = self.count(package);
        let none = count.is_none().then_some(None);
        let files = (0..count.unwrap_or(0))
            .map(move |index| self.file(self.number(package + 12 + 4 * index)?));
        none.into_iter().chain(files)
    }

    /// Whether Go files are among the files of the package that is here; `None` if one of them is more than plain.
    pub(crate) fn has_go(&self, package: usize) -> Option<bool> {
        let mut has_go = false;
        for index in 0..self.count(package)? {
            let file = self.number(package + 12 + 4 * index)?;
            has_go |= self.plain_name(file)?.ends_with(".go");
        }
        Some(has_go)
    }

    /// The name of a file that could be read and parsed, and is not passed over for that.
    fn plain_name(&self, file: usize) -> Option<&str> {
        let is_zero = |index: usize| self.number(file.checked_add(4 * index)?).map(|it| it == 0);
        let name =
            (is_zero(0)? && is_zero(1)? && is_zero(5)?).then(|| self.string(file + 12))??;
        (name.len() <= MAX_NAME).then_some(name)
    }

    fn file(&self, at: usize) -> Option<GoFile<'_>> {
        let name = self.plain_name(at)?;
        let text = |index: usize| self.string(at + 4 * index);
        let plus_build = self.list(at + 36, 1)?;
        let imports = self.list(plus_build.at + 4 * plus_build.count, PLACED)?;
        let embeds = self.list(imports.at + 4 * PLACED * imports.count, PLACED)?;
        // What cannot be read must not be left out.
        for (list, width) in [(plus_build, 1), (imports, PLACED), (embeds, PLACED)] {
            let mut items = (0..list.count).map(|index| list.at + 4 * width * index);
            items
                .all(|at| self.string(at).is_some_and(|text| text.len() <= MAX_TEXT))
                .then_some(())?;
        }
        let (doc, package, cgo, go_build) = (text(2)?, text(4)?, text(7)?, text(8)?);
        Some(GoFile {
            module: self,
            name,
            package,
            doc,
            cgo,
            go_build,
            plus_build,
            imports,
            embeds,
        })
    }

    /// The list whose length is here, if all of it is.
    fn list(&self, at: usize, width: usize) -> Option<List> {
        let count = self.number(at)?;
        let end = at.checked_add(4)?.checked_add(count.checked_mul(4 * width)?)?;
        (end <= self.strings).then_some(List { at: at + 4, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_an_index_or_none(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in any::<bool>()) {
            let mut all = format!("{VERSION}\n").into_bytes();
            if cut {
                bytes.insert(0, 0);
                all.extend(20_u32.to_le_bytes());
                all.extend(2_u32.to_le_bytes());
                bytes.push(0xff);
            }
            all.append(&mut bytes);
            if let Some(module) = GoModule::open(all) {
                for below in ["", "a"] {
                    let _ = module.package(below).and_then(|at| module.has_go(at));
                }
                for at in 0..module.bytes.len() {
                    for file in module.files(at).take(50).flatten() {
                        let (imports, embeds) = (file.imports().count(), file.embeds().count());
                        let _ = (imports, embeds, file.constraint().count());
                    }
                }
            }
        }
    }
}
