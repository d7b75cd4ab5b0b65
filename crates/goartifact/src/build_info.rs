//! What the linker wrote about the build: the toolchain, the modules, the settings.
//!
//! Source: `debug/buildinfo` and `runtime/debug.ParseBuildInfo`. Since Go 1.18 both strings stand
//! behind the header, each with its length as a varint.

use crate::{Container, Error, Format};
use object::{ObjectSection as _, ReadRef};
use serde::Serialize;

/// Begins the header.
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// Where the strings begin.
const HEADER: usize = 32;
/// The magic stands at a multiple of this.
const ALIGN: usize = 16;
/// A build of all of Kubernetes' modules has 40 KB.
const MAX_TEXT: usize = 16 << 20;
/// A data section is searched no further.
const MAX_SEARCH: usize = 64 << 20;

/// What `go version -m` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BuildInfo {
    /// The toolchain: `go1.26.8`.
    pub go_version: String,
    /// The import path of the program.
    pub path: Option<String>,
    /// The main module.
    pub main: Option<Module>,
    /// The modules that packages come from.
    pub deps: Vec<Module>,
    /// How it was built, in the order in which it is written.
    pub settings: Vec<Setting>,
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version; `(devel)` where it is none.
    pub version: String,
    /// The `h1:` sum of its folder; empty where it is replaced or the main module.
    pub sum: String,
    /// What stands in for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace: Option<Box<Module>>,
}

/// A setting: `-ldflags`, `GOARCH`, `vcs.revision`, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl BuildInfo {
    /// A setting's value.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings
            .iter()
            .find(|setting| setting.key == key)
            .map(|setting| setting.value.as_str())
    }
}

impl BuildInfo {
    /// Whether the linker's flags would be among the settings. Under `-trimpath` they are not (`setBuildInfo` of
    /// `cmd/go/internal/load`), and Go 1.18 did not say `-trimpath` itself.
    pub(crate) fn tells_linker_flags(&self) -> bool {
        let of_18 = self.go_version.strip_prefix("go1.18");
        let silent = of_18.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
        self.setting("-trimpath") != Some("true") && (!silent || self.setting("-ldflags").is_some())
    }
}

/// Reads it. None where there is no header: another compiler's program, or one that was stripped of it.
pub(crate) fn read<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
) -> Result<Option<BuildInfo>, Error> {
    let named = match container.format() {
        Format::Elf => container.section(&[".go.buildinfo"])?,
        Format::MachO => container.section(&["__go_buildinfo"])?,
        Format::Pe => None,
    };
    if let Some(found) = named.as_ref().and_then(|section| header(&section.data)) {
        return parse(found).map(Some);
    }
    // PE has no section for it: it is at the beginning of the data.
    for (_, section) in container.data_sections() {
        let Ok(data) = section.data() else { continue };
        let data = data.get(..MAX_SEARCH).unwrap_or(data);
        if let Some(found) = header(data) {
            return parse(found).map(Some);
        }
    }
    Ok(None)
}

/// From the header on.
pub(crate) fn header(data: &[u8]) -> Option<&[u8]> {
    let at = (0..data.len())
        .step_by(ALIGN)
        .find(|at| data.get(*at..).is_some_and(|rest| rest.starts_with(MAGIC)))?;
    data.get(at..)
}

pub(crate) fn parse(header: &[u8]) -> Result<BuildInfo, Error> {
    let flags = header.get(MAGIC.len() + 1).copied().unwrap_or(0);
    if flags & 2 == 0 {
        return Err(Error::malformed("build info of a Go before 1.18"));
    }
    let mut rest = header.get(HEADER..).unwrap_or_default();
    let version = String::from_utf8_lossy(text(&mut rest)?).into_owned();
    let modules = text(&mut rest)?;
    let mut info = BuildInfo { go_version: version, ..BuildInfo::default() };
    // The text stands between two marks of 16 bytes, which are no UTF-8.
    let ends_line = modules.len() >= 33 && modules.get(modules.len() - 17) == Some(&b'\n');
    if ends_line {
        let body = modules.get(16..modules.len() - 16).unwrap_or_default();
        info.lines(&String::from_utf8_lossy(body))?;
    }
    Ok(info)
}

/// Bytes with their length in front.
fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Error> {
    let cut_off = || Error::malformed("build info is cut off");
    let length = varint(rest).filter(|length| *length <= MAX_TEXT).ok_or_else(cut_off)?;
    let (found, behind) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    *rest = behind;
    Ok(found)
}

/// `encoding/binary.Uvarint`.
fn varint(rest: &mut &[u8]) -> Option<usize> {
    let mut value: u64 = 0;
    for shift in (0..63).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

impl BuildInfo {
    fn lines(&mut self, text: &str) -> Result<(), Error> {
        for line in text.lines() {
            let Some((kind, rest)) = line.split_once('\t') else { continue };
            match kind {
                "path" => self.path = Some(rest.to_owned()),
                "mod" => self.main = Some(Module::parse(rest)),
                "dep" => self.deps.push(Module::parse(rest)),
                "=>" => {
                    let replaced = self.deps.last_mut().or(self.main.as_mut());
                    let replaced =
                        replaced.ok_or_else(|| Error::malformed("build info replaces nothing"))?;
                    replaced.replace = Some(Box::new(Module::parse(rest)));
                }
                "build" => self.settings.push(Setting::parse(rest)?),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Module {
    fn parse(text: &str) -> Self {
        let mut words = text.split('\t').map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        Self { path: next(), version: next(), sum: next(), replace: None }
    }
}

impl Setting {
    /// `key=value`, either in Go's quotes where it must be.
    fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::malformed("a build setting cannot be read");
        let (key, rest) = if text.starts_with(['"', '`']) {
            let end = end_of_quoted(text).ok_or_else(wrong)?;
            (
                unquote(text.get(..end).unwrap_or_default()).ok_or_else(wrong)?,
                text.get(end..).unwrap_or_default(),
            )
        } else {
            let at = text.find('=').ok_or_else(wrong)?;
            (text.get(..at).unwrap_or_default().to_owned(), text.get(at..).unwrap_or_default())
        };
        let value = rest.strip_prefix('=').ok_or_else(wrong)?;
        let value = if value.starts_with(['"', '`']) {
            unquote(value).ok_or_else(wrong)?
        } else {
            value.to_owned()
        };
        Ok(Self { key, value })
    }
}

/// Behind the closing quote.
fn end_of_quoted(text: &str) -> Option<usize> {
    let quote = text.bytes().next()?;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quote == b'"' => escaped = true,
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Go's `strconv.Unquote` for what `strconv.Quote` writes.
fn unquote(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix('`') {
        return raw.strip_suffix('`').map(str::to_owned);
    }
    let body = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = vec![];
    let mut rest = body.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let letter = match rest.next()? {
            'x' => {
                bytes.push(u8::try_from(hex(&mut rest, 2)?).ok()?);
                continue;
            }
            'u' => char::from_u32(hex(&mut rest, 4)?)?,
            'U' => char::from_u32(hex(&mut rest, 8)?)?,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'v' => '\x0b',
            same @ ('\\' | '"' | '\'') => same,
            _ => return None,
        };
        bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn hex(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<u32> {
    let text: String = rest.by_ref().take(digits).collect();
    u32::from_str_radix(&text, 16).ok().filter(|_| text.len() == digits)
}
