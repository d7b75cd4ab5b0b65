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
        GoModule::open(read(&self.cache, output, 'd')?)
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
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct GoFile<'a> {
    pub(crate) name: &'a str,
    /// The name in its package clause; empty for files of other languages.
    pub(crate) package: &'a str,
    /// The synopsis of its documentation.
    pub(crate) doc: &'a str,
    /// Its `//go:build` line, or its `// +build` lines.
    pub(crate) constraint: Vec<&'a str>,
    /// Import paths and their lines and columns.
    pub(crate) imports: Vec<(&'a str, usize, usize)>,
    /// `//go:embed` patterns.
    pub(crate) embeds: Vec<(&'a str, usize, usize)>,
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
        Some(module)
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

    /// The files of the package that is here; `None` if one of them is more than plain, or the folder is: who reads
    /// the files finds the right words for it.
    pub(crate) fn files(&self, package: usize) -> Option<Vec<GoFile<'_>>> {
        if self.number(package)? != 0 {
            return None;
        }
        let count = self.number(package + 8)?;
        if count > self.bytes.len() / 4 {
            return None;
        }
        (0..count).map(|index| self.file(self.number(package + 12 + 4 * index)?)).collect()
    }

    fn file(&self, at: usize) -> Option<GoFile<'_>> {
        let field = |index: usize| at.checked_add(4 * index);
        // What could not be read or parsed, or is passed over for that.
        let plain = [0, 1, 5]
            .into_iter()
            .all(|index| field(index).and_then(|at| self.number(at)) == Some(0));
        if !plain {
            return None;
        }
        let text = |index: usize| self.string(field(index)?);
        let mut file =
            GoFile { doc: text(2)?, name: text(3)?, package: text(4)?, ..GoFile::default() };
        let mut at = field(8)?;
        let go_build = self.string(at)?;
        let plus = self.list(&mut at, 1, |at| self.string(at))?;
        file.constraint = if go_build.is_empty() { plus } else { vec![go_build] };
        // A name, and the file, offset, line and column of its place.
        let placed =
            |at: usize| Some((self.string(at)?, self.number(at + 12)?, self.number(at + 16)?));
        file.imports = self.list(&mut at, 5, placed)?;
        file.embeds = self.list(&mut at, 5, placed)?;
        Some(file)
    }

    /// The list behind the number at `at`, whose length it begins with; `at` is its last number then.
    fn list<'a, T>(
        &'a self,
        at: &mut usize,
        width: usize,
        item: impl Fn(usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = self.number(*at + 4)?;
        if count > self.bytes.len() / 4 {
            return None;
        }
        let start = *at + 8;
        *at = *at + 4 + 4 * width * count;
        (0..count).map(|index| item(start + 4 * width * index)).collect()
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
                    let _ = module.package(below).and_then(|at| module.files(at));
                }
                for at in 0..module.bytes.len() {
                    let _ = module.files(at);
                }
            }
        }
    }
}
