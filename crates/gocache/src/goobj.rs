//! Which package an archive holds, and from which files it was compiled, as the object in it says
//! ([`cmd/internal/goobj`](https://go.dev/src/cmd/internal/goobj/objfile.go)).

use memchr::memmem;

/// Go 1.20 to 1.26.
const MAGIC: &[u8] = b"\0go120ld";
/// Blocks of an object.
const BLOCKS: usize = 19;
const AUTOLIB: usize = 0;
const FILE: usize = 2;
const SYMDEF: usize = 3;
const NONPKGREF: usize = 7;
/// A symbol: name (length, offset), ABI, type, two flags, size, alignment.
const SYMBOL: usize = 8 + 2 + 1 + 1 + 1 + 4 + 4;
/// The symbol that every compiled package has (`Flushplist` in `cmd/internal/obj`, `packagename` in
/// [`cmd/internal/dwarf`](https://go.dev/src/cmd/internal/dwarf/dwarf.go)).
const NAMED: &[u8] = b"go:cuinfo.packagename.";
/// No package has more names or symbols than fit into so many bytes.
const MAX_BLOCK: usize = 32 << 20;
/// So many files are told.
const FILES: usize = 32;
/// The flag of packages of the standard library.
const STD: usize = 1 << 4;
/// In front of files, before Go 1.22.
const GOFILE: &str = "gofile..";
/// A path is not longer.
const MAX_PATH: usize = 4096;
/// The head of an ar member.
const MEMBER: u64 = 60;

/// Where an archive comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The import path; a program's is `main`.
    pub package: Option<String>,
    /// The first of its files, as the compiler was given them: with `-trimpath` and in the standard
    /// library, paths that begin with `$GOROOT` or a module. Those of inlined functions follow.
    pub files: Vec<String>,
    /// Whether the compiler was told that it is the standard library's (Go 1.22 and later).
    pub is_std: bool,
}

impl Origin {
    /// The module of its files, `path@version`, where they say one; `std` for the standard library.
    pub fn module(&self) -> Option<String> {
        if self.is_std {
            return Some("std".to_owned());
        }
        // What the compiler and cgo made lies in no module.
        let is_own = |file: &&String| !file.starts_with('<') && !file.contains("_cgo_");
        module_of(self.files.iter().find(is_own)?)
    }
}

fn module_of(file: &str) -> Option<String> {
    if file.starts_with("$GOROOT/") {
        return Some("std".to_owned());
    }
    let path = file.rsplit_once("/pkg/mod/").map_or(file, |(_, below)| below);
    let (before, after) = path.split_once('@')?;
    let version = after.split('/').next().filter(|version| version.starts_with('v'))?;
    // Not trimmed and not below a GOMODCACHE that is called pkg/mod: the module's path is unknown.
    (!before.starts_with('/')).then(|| format!("{}@{}", unescape(before), unescape(version)))
}

/// `!m` on the disk is `M` (<https://go.dev/ref/mod#goproxy-protocol>).
fn unescape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '!' => out.extend(letters.next().map(|next| next.to_ascii_uppercase())),
            letter => out.push(letter),
        }
    }
    out
}

/// Reads the origin of an archive; `read` gives so many bytes from an offset, or fewer at the end.
/// None where there is no object that is understood.
pub fn origin(read: &dyn Fn(u64, usize) -> Option<Vec<u8>>) -> Option<Origin> {
    let object = Object::find(read)?;
    Some(Origin {
        package: object.package(),
        files: object.files(),
        is_std: object.flags & STD != 0,
    })
}

struct Object<'a> {
    read: &'a dyn Fn(u64, usize) -> Option<Vec<u8>>,
    /// Where the object begins in the archive.
    start: u64,
    flags: usize,
    offsets: Vec<usize>,
}

impl<'a> Object<'a> {
    fn find(read: &'a dyn Fn(u64, usize) -> Option<Vec<u8>>) -> Option<Self> {
        let first = read(8, usize::try_from(MEMBER).ok()?)?;
        let size: u64 = std::str::from_utf8(first.get(48..58)?).ok()?.trim_end().parse().ok()?;
        let second = size.checked_add(8 + MEMBER)?.checked_next_multiple_of(2)?;
        let head = read(second, 2048)?;
        // A word or two of the compiler, then the object.
        let text = head.get(usize::try_from(MEMBER).ok()?..)?;
        let at = memmem::find(text, b"\n!\n")? + 3;
        let start = second.checked_add(MEMBER)?.checked_add(u64::try_from(at).ok()?)?;
        let header = read(start, MAGIC.len() + 8 + 4 + BLOCKS * 4)?;
        // After the fingerprint.
        let numbers = header.strip_prefix(MAGIC)?.get(8..)?.chunks_exact(4);
        let numbers = numbers.filter_map(u32_at).collect::<Vec<_>>();
        let (flags, offsets) = (*numbers.first()?, numbers[1..].to_vec());
        (offsets.len() == BLOCKS).then_some(Self { read, start, flags, offsets })
    }

    /// Bytes of the object.
    fn bytes(&self, from: usize, to: usize) -> Option<Vec<u8>> {
        let length = to.checked_sub(from).filter(|length| *length <= MAX_BLOCK)?;
        let bytes = (self.read)(self.start.checked_add(u64::try_from(from).ok()?)?, length)?;
        (bytes.len() == length).then_some(bytes)
    }

    fn files(&self) -> Vec<String> {
        let (from, to) = (self.offsets[FILE], self.offsets[FILE + 1]);
        let to = to.min(from.saturating_add(FILES * 8));
        let refs = self.bytes(from, to).unwrap_or_default();
        let name = |place: &[u8]| {
            let (length, at) = (u32_at(place)?, u32_at(place.get(4..)?)?);
            if length > MAX_PATH {
                return None;
            }
            let name = String::from_utf8(self.bytes(at, at.checked_add(length)?)?).ok()?;
            Some(name.strip_prefix(GOFILE).unwrap_or(&name).to_owned())
        };
        refs.chunks_exact(8).filter_map(name).collect()
    }

    fn package(&self) -> Option<String> {
        let header = MAGIC.len() + 8 + 4 + BLOCKS * 4;
        let strings = self.bytes(header, self.offsets[AUTOLIB])?;
        let place = memmem::find(&strings, NAMED)?;
        let symbols = self.bytes(self.offsets[SYMDEF], self.offsets[NONPKGREF])?;
        let here = |symbol: &&[u8]| symbol.get(4..).and_then(u32_at) == Some(header + place);
        let length = symbols.chunks_exact(SYMBOL).find(here).and_then(u32_at)?;
        let name = strings.get(place..place.checked_add(length)?)?;
        String::from_utf8(name.strip_prefix(NAMED)?.to_vec()).ok().filter(|name| !name.is_empty())
    }
}

fn u32_at(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.first_chunk()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn files_tell_their_module() {
        let of = |file: &str| module_of(file);
        assert_eq!(of("$GOROOT/src/fmt/print.go").unwrap(), "std");
        assert_eq!(
            of("/h/go/pkg/mod/github.com/!a/b@v1.2.0/c/d.go").unwrap(),
            "github.com/A/b@v1.2.0"
        );
        assert_eq!(of("example.com/x@v0.1.0/y.go").unwrap(), "example.com/x@v0.1.0");
        assert_eq!(of("/src/x@home/y.go"), None);
        assert_eq!(of("/cache/x@v1.0.0/y.go"), None);
        assert_eq!(of("main.go"), None);
        let files = |names: &[&str]| Origin {
            files: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Origin::default()
        };
        // What is inlined comes after what is its own.
        let own = files(&["<autogenerated>", "/src/m/a.go", "$GOROOT/src/strings/strings.go"]);
        assert_eq!(own.module(), None);
        assert_eq!(files(&["_cgo_gotypes.go", "$GOROOT/src/net/cgo.go"]).module().unwrap(), "std");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(size in 0u32..200, offsets: [u32; 19], body: Vec<u8>) {
            let mut bytes = format!("!<arch>\n{:<48}{size:<10}`\n", "__.PKGDEF").into_bytes();
            bytes.resize((68 + size as usize).next_multiple_of(2), b'x');
            bytes.extend_from_slice(format!("{:<58}`\n", "_go_.o").as_bytes());
            bytes.extend_from_slice(b"go object\n!\n\0go120ld............");
            offsets.iter().for_each(|at| bytes.extend_from_slice(&(at % 4096).to_le_bytes()));
            bytes.extend_from_slice(NAMED);
            bytes.extend_from_slice(&body);
            let read = |at: u64, length: usize| {
                let from = usize::try_from(at).ok()?.min(bytes.len());
                Some(bytes[from..bytes.len().min(from + length)].to_vec())
            };
            let _ = origin(&read);
        }
    }
}
