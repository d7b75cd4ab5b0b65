//! Finds template placeholders left in files that are about to be deployed.
//!
//! `{{NAME}}` is looked for everywhere it could be meant; comments, documentation, programs and the
//! templates of other engines are told apart. In files that have been *rendered* nothing may be
//! left, so there `${NAME}`, `__NAME__` and `<CHANGE_ME>` count as well.

mod comment;
mod find;
mod kind;

pub use kind::FileKind;

use find::Candidate;

/// More findings of one file are not listed.
pub const MAX_FINDINGS: usize = 10_000;

/// Whether a file has been rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It will be: only `{{NAME}}` counts, and names that are allowed may stay.
    Source,
    /// It has been: nothing may be left.
    Rendered,
}

/// How a placeholder is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// `{{NAME}}`.
    DoubleBrace,
    /// `${NAME}`.
    Dollar,
    /// `__NAME__`.
    Underscore,
    /// `<CHANGE_ME>`.
    Angle,
}

/// A placeholder that should not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name, without its marks.
    pub name: String,
    /// How it is written.
    pub syntax: Syntax,
    /// 1-based line.
    pub line: u32,
    /// 1-based column of its first mark, in Unicode code points.
    pub column: u32,
    /// The column behind its last mark.
    pub end_column: u32,
}

impl Finding {
    /// Whether the name is one that a whitelist may hold: upper case, digits, underscores.
    pub fn is_upper(&self) -> bool {
        is_upper(&self.name)
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// In the order of the file.
    pub findings: Vec<Finding>,
    /// Whether there were more than [`MAX_FINDINGS`].
    pub truncated: bool,
}

/// Whether a name is upper case; other names are refused even where somebody allows them.
fn is_upper(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a file need not be read at all: by its name it is documentation, a program or another
/// engine's template.
pub fn is_skipped(path: &str, mode: Mode) -> bool {
    FileKind::of_name(path).is_skipped(mode)
}

/// Looks for placeholders. `allowed` says which names the deployment injects.
pub fn scan(path: &str, bytes: &[u8], mode: Mode, allowed: &dyn Fn(&str) -> bool) -> Scan {
    // Nearly every file ends here, at the cost of one pass of memchr.
    let braces = memchr::memmem::find(bytes, b"{{").is_some();
    let rendered = mode == Mode::Rendered
        && (memchr::memmem::find(bytes, b"${").is_some()
            || memchr::memmem::find(bytes, b"__").is_some()
            || memchr::memchr(b'<', bytes).is_some());
    if !braces && !rendered {
        return Scan::default();
    }
    // As git does: a NUL at the beginning makes a file binary.
    if memchr::memchr(0, bytes.get(..8000).unwrap_or(bytes)).is_some() {
        return Scan::default();
    }
    let kind = FileKind::of(path, bytes);
    if kind.is_skipped(mode) {
        return Scan::default();
    }
    let mut scan = Scan::default();
    let mut comments = comment::Comments::new(kind);
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1_u32..) {
        let lossy = String::from_utf8_lossy(line);
        let text = lossy.strip_suffix('\r').unwrap_or(&lossy);
        let text = if number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
        let code = comments.next(text);
        let mut found: Vec<Candidate> = find::braces(text);
        if mode == Mode::Rendered && kind.has_other_syntaxes() && !code.is_shell {
            found.extend(find::others(text, kind));
            found.sort_by_key(|candidate| candidate.start);
        }
        // Counting goes on where it stopped: a line may be as long as the file.
        let mut counted = (0, 1_u32);
        for candidate in found {
            if code.is_comment(candidate.start)
                || !kind.means(&candidate)
                || find::is_replaced(text, &candidate)
            {
                continue;
            }
            let name = candidate.name;
            if is_upper(name) && allowed(name) {
                continue;
            }
            if scan.findings.len() == MAX_FINDINGS {
                scan.truncated = true;
                return scan;
            }
            let characters = |from: usize, to: usize| {
                let count = text.get(from..to).map_or(0, |text| text.chars().count());
                u32::try_from(count).unwrap_or(u32::MAX)
            };
            let (from, before) = counted;
            let column = before.saturating_add(characters(from, candidate.start));
            counted = (candidate.start, column);
            let length = characters(candidate.start, candidate.end);
            scan.findings.push(Finding {
                name: name.to_owned(),
                syntax: candidate.syntax,
                line: number,
                column,
                end_column: column.saturating_add(length),
            });
        }
    }
    scan
}
