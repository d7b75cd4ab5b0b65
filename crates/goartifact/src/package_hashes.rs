//! The hashes by which `plugin.Open` decides whether a plugin fits the program that loads it.
//!
//! Source: `runtime/plugin.go` (`plugin_lastmoduleinit` compares `linktimehash` with `*runtimehash` of each
//! package of the plugin), `cmd/link/internal/ld/symtab.go`: where a program is a plugin, or imports `plugin`
//! with cgo, the linker writes a symbol `go:link.pkghashbytes.PACKAGE` of eight bytes for each package, the
//! fingerprint of its export data (`cmd/internal/goobj`, `FingerprintType`). The symbols are dynamic ones: they
//! are there after `strip`, too. Before Go 1.20 they began with `go.link.`.

use crate::{Container, Error};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, ReadRef};
use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// `goobj.FingerprintType`
const SIZE: u64 = 8;
/// Twenty times Kubernetes' packages.
const MAX: usize = 100_000;
/// No linker writes more symbols.
const MAX_SYMBOLS: usize = 20_000_000;
/// Go 1.20 to 1.27 write objects that begin so; the fingerprint follows.
const OBJECT: &[u8] = b"\0go120ld";
const OBJECT_OLD: &[u8] = b"\0go118ld";

/// The name of the package whose hash a symbol is.
fn package(symbol: &[u8]) -> Option<String> {
    let symbol = symbol.strip_prefix(b"_").unwrap_or(symbol);
    let new = symbol.strip_prefix(b"go:link.pkghashbytes.");
    let name = new.or_else(|| symbol.strip_prefix(b"go.link.pkghashbytes."))?;
    Some(unescape(name))
}

/// `objabi.PathToPrefix` writes a dot in the last element, and what is no ASCII, as `%2e`.
fn unescape(name: &[u8]) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (byte, escaped) {
            (b'%', Some(escaped)) => {
                out.push(escaped);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Package → hash.
pub(crate) fn read<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut all = BTreeMap::new();
    let dynamic = container.file.dynamic_symbols().take(MAX_SYMBOLS);
    // Mach-O has one table.
    let symbols = container.file.symbols().take(MAX_SYMBOLS);
    for symbol in dynamic.chain(symbols) {
        let Some(package) = symbol.name_bytes().ok().and_then(package) else { continue };
        if all.contains_key(&package) {
            continue;
        }
        if all.len() >= MAX {
            return Err(Error::malformed(format!("more than {MAX} packages")));
        }
        let address = symbol.address();
        let section = container.file.sections().find(|section| {
            let end = section.address().saturating_add(section.size());
            (section.address()..end).contains(&address)
        });
        let bytes = section.and_then(|it| it.data_range(address, SIZE).ok().flatten());
        let bytes =
            bytes.ok_or_else(|| Error::malformed(format!("the hash of {package} is cut off")))?;
        all.insert(package, hex(bytes));
    }
    Ok(all)
}

/// What an archive of the build cache says of its package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// The hash that the linker would give a plugin's host; none where it holds no Go object.
    pub hash: Option<String>,
}

/// Reads a compiled package, as `go list -export` names it.
///
/// # Errors
/// It cannot be read, or is no archive.
pub fn of_archive(path: &Path) -> Result<Archive, Error> {
    /// An archive's members are C objects and assembly beside the package's own.
    const MEMBERS: usize = 10_000;
    /// The object's magic stands behind lines for the go command and what cgo asks of the linker.
    const HEAD: usize = 4 << 20;
    let io = |err: std::io::Error| Error::io(path, &err);
    let mut file = std::fs::File::open(path).map_err(io)?;
    let mut magic = [0; 8];
    file.read_exact(&mut magic).map_err(io)?;
    if &magic != b"!<arch>\n" {
        return Err(Error::malformed("it is no archive"));
    }
    let mut at = 8_u64;
    for _ in 0..MEMBERS {
        let mut header = [0; 60];
        file.seek(SeekFrom::Start(at)).map_err(io)?;
        if file.read_exact(&mut header).is_err() {
            break;
        }
        let size = header.get(48..58).and_then(|digits| std::str::from_utf8(digits).ok());
        let size = size.and_then(|digits| digits.trim().parse::<u64>().ok());
        let size = size.ok_or_else(|| Error::malformed("a member of the archive has no size"))?;
        if header.starts_with(b"_go_.o") {
            let mut head = vec![];
            (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(io)?;
            return Ok(Archive { hash: fingerprint(&head) });
        }
        at = at.saturating_add(60).saturating_add(size.saturating_add(size & 1));
    }
    Ok(Archive::default())
}

fn fingerprint(head: &[u8]) -> Option<String> {
    let starts = |at: &usize| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(OBJECT) || rest.starts_with(OBJECT_OLD))
    };
    let at = (0..head.len()).find(starts)?;
    let start = at + OBJECT.len();
    head.get(start..start + SIZE as usize).map(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_symbols_are_packages() {
        let of = |name: &str| package(name.as_bytes());
        assert_eq!(of("go:link.pkghashbytes.fmt").as_deref(), Some("fmt"));
        assert_eq!(of("_go:link.pkghashbytes.a/b").as_deref(), Some("a/b"));
        assert_eq!(of("go.link.pkghashbytes.x/yaml%2ev3").as_deref(), Some("x/yaml.v3"));
        assert_eq!(of("go:link.pkghashbytes.100%").as_deref(), Some("100%"));
        assert_eq!(of("go:link.pkghash.fmt"), None);
    }

    #[test]
    fn an_object_says_its_fingerprint() {
        let object =
            b"go object linux amd64 go1.26.8\n\n!\n\0go120ld\x01\x02\x03\x04\x05\x06\x07\xff";
        assert_eq!(fingerprint(object).as_deref(), Some("01020304050607ff"));
        assert_eq!(fingerprint(&object[..object.len() - 1]), None);
        assert_eq!(fingerprint(b""), None);
    }
}
