//! PEM blocks exactly as Go sees them, and the ones that Go silently overlooks.
//!
//! [`blocks`] is a port of Go's `encoding/pem.Decode` in a loop, which is how `tls.X509KeyPair` and
//! `CertPool.AppendCertsFromPEM` read their files. Go skips what it cannot decode without a word; an
//! operator then sees "failed to find any PEM data". [`PemFile::damaged`] names those lines and says why.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::{memchr, memchr_iter, memmem};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Go's `base64.StdEncoding`: padding is required, bits after the last byte are ignored.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// One block that Go decodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What stands after `BEGIN`.
    pub(crate) label: String,
    /// Where its `BEGIN` line is, 1-based.
    pub(crate) line: usize,
    /// Whether it has RFC 1421 headers, such as `Proc-Type`.
    pub(crate) has_headers: bool,
    /// Whether those headers say that the body is encrypted.
    pub(crate) encrypted: bool,
    /// The decoded body.
    pub(crate) der: Vec<u8>,
}

/// A `BEGIN` line that opens no block that Go can decode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damaged {
    /// What stands after `BEGIN`.
    pub(crate) label: String,
    /// Where the `BEGIN` line is, 1-based.
    pub(crate) line: usize,
    /// What is wrong with it.
    pub(crate) damage: Damage,
}

/// Why Go overlooks a `BEGIN` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// No `END` line follows, as in a file that was cut off.
    NoEnd,
    /// The `END` line names another type.
    OtherEnd,
    /// The `BEGIN` line does not end with five dashes.
    BeginLine,
    /// The body is not base64.
    NotBase64,
    /// Blanks stand before `BEGIN`, as in a block copied out of YAML.
    Indented,
    /// A UTF-8 byte order mark stands before `BEGIN`.
    ByteOrderMark,
    /// Line ends are written as a backslash and an `n`, as in an environment variable or in JSON.
    EscapedNewlines,
}

/// All that stands in one PEM file, in its order.
#[derive(Debug, Default)]
pub(crate) struct PemFile {
    pub(crate) blocks: Vec<Block>,
    pub(crate) damaged: Vec<Damaged>,
}

/// Reads every block of `data`.
pub(crate) fn blocks(data: &[u8]) -> PemFile {
    let lines = Lines::of(data);
    let mut file = PemFile::default();
    let mut begins = Vec::new();
    let mut at = 0;
    while let Some(found) = next_block(data, at) {
        begins.push(found.begin);
        file.blocks.push(Block {
            label: String::from_utf8_lossy(found.label).into_owned(),
            line: lines.number(found.begin),
            has_headers: found.has_headers,
            encrypted: found.encrypted,
            der: found.der,
        });
        at = found.rest;
    }
    let mut last_line = 0;
    for begin in memmem::find_iter(data, BEGIN) {
        // Only the first BEGIN of a line can open a block; this also keeps one endless line linear.
        let line = lines.number(begin);
        if line == last_line || begins.binary_search(&begin).is_ok() {
            continue;
        }
        last_line = line;
        let before = data.get(lines.start(line)..begin).unwrap_or_default();
        if let Some(damage) = damage(data, begin, before) {
            let label = label(line_at(data, begin + BEGIN.len()).0);
            file.damaged.push(Damaged { label, line, damage });
        }
    }
    file
}

struct Found<'a> {
    begin: usize,
    rest: usize,
    label: &'a [u8],
    has_headers: bool,
    encrypted: bool,
    der: Vec<u8>,
}

/// Go's `pem.Decode` on `data[at..]`: finds the first `END`, the last `BEGIN` before it, and moves on past
/// that `END` when the two do not make a block.
fn next_block(data: &[u8], at: usize) -> Option<Found<'_>> {
    let mut from = at;
    loop {
        let end = from + memmem::find(data.get(from..)?, END)?;
        let after_end = end + END.len();
        let begin = memmem::rfind(data.get(from..end)?, BEGIN).map(|b| from + b);
        let search_from = from;
        from = after_end;
        let Some(begin) = begin else { continue };
        if begin > search_from && data.get(begin - 1) != Some(&b'\n') {
            continue;
        }
        if let Some(found) = block_between(data, begin, end) {
            return Some(found);
        }
    }
}

fn block_between(data: &[u8], begin: usize, end: usize) -> Option<Found<'_>> {
    let (type_line, mut body) = line_at(data, begin + BEGIN.len());
    let label = type_line.strip_suffix(DASHES)?;
    let mut has_headers = false;
    let mut encrypted = false;
    loop {
        if body >= data.len() || (has_headers && body > end) {
            return None;
        }
        let (line, next) = line_at(data, body);
        let Some(colon) = memchr(b':', line) else { break };
        let (key, value) = (line.get(..colon)?, line.get(colon..)?);
        has_headers = true;
        encrypted |=
            key.trim_ascii() == b"Proc-Type" && memmem::find(value, b"ENCRYPTED").is_some();
        body = next;
    }
    let trailer = data.get(end + END.len()..)?;
    let end_of_line = trailer.strip_prefix(label)?.strip_prefix(DASHES)?;
    if !line_at(end_of_line, 0).0.is_empty() {
        return None;
    }
    // `body > end` is an empty block: END is on the line after BEGIN.
    let der = match data.get(body..end) {
        Some(text) => base64(text)?,
        None => Vec::new(),
    };
    let rest = line_at(data, end + 1).1;
    Some(Found { begin, rest, label, has_headers, encrypted, der })
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let dense: Vec<u8> = text.iter().copied().filter(|b| !b" \t\r\n".contains(b)).collect();
    STANDARD.decode(dense).ok()
}

/// The line that starts at `at`, without blanks at its end, and where the next one starts.
fn line_at(data: &[u8], at: usize) -> (&[u8], usize) {
    let rest = data.get(at..).unwrap_or_default();
    let (line, next) = match memchr(b'\n', rest) {
        Some(end) => (rest.get(..end).unwrap_or_default(), at + end + 1),
        None => (rest, data.len()),
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let blanks = line.iter().rev().take_while(|b| **b == b' ' || **b == b'\t').count();
    (line.get(..line.len() - blanks).unwrap_or_default(), next)
}

/// Why the `BEGIN` at `begin` opens no block; `None` where it is mere text, as in a comment.
fn damage(data: &[u8], begin: usize, before: &[u8]) -> Option<Damage> {
    if before == BOM {
        return Some(Damage::ByteOrderMark);
    }
    if !before.is_empty() {
        let blank = before.iter().all(|b| *b == b' ' || *b == b'\t');
        return blank.then_some(Damage::Indented);
    }
    let (type_line, body) = line_at(data, begin + BEGIN.len());
    if memmem::find(type_line, b"-----\\n").is_some()
        || memmem::find(type_line, b"-----\\r").is_some()
    {
        return Some(Damage::EscapedNewlines);
    }
    let Some(label) = type_line.strip_suffix(DASHES) else { return Some(Damage::BeginLine) };
    let rest = data.get(body.saturating_sub(1)..).unwrap_or_default();
    let until_next = memmem::find(rest, b"\n-----BEGIN ").unwrap_or(rest.len());
    let Some(end) = memmem::find(rest.get(..until_next)?, END) else { return Some(Damage::NoEnd) };
    let trailer = line_at(rest, end + END.len()).0;
    let same = trailer.strip_suffix(DASHES) == Some(label);
    Some(if same { Damage::NotBase64 } else { Damage::OtherEnd })
}

fn label(type_line: &[u8]) -> String {
    let end = memmem::find(type_line, DASHES).unwrap_or(type_line.len());
    String::from_utf8_lossy(type_line.get(..end).unwrap_or_default()).chars().take(40).collect()
}

/// The places of the line ends, to number lines.
struct Lines(Vec<usize>);

impl Lines {
    fn of(data: &[u8]) -> Self {
        Self(memchr_iter(b'\n', data).collect())
    }

    /// Where a line starts.
    fn start(&self, number: usize) -> usize {
        number.checked_sub(2).and_then(|n| self.0.get(n)).map_or(0, |end| end + 1)
    }

    fn number(&self, at: usize) -> usize {
        self.0.partition_point(|end| *end < at) + 1
    }
}
