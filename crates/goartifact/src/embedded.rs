//! Files in variables of type `embed.FS`.
//!
//! Such a variable points to `struct { files []file }` whose slice lies right in front of its array;
//! a `file` is two strings and a hash (`embed/embed.go`, `cmd/compile/internal/staticdata/embed.go`,
//! `WriteEmbed`). A slice that points behind itself and whose every entry is a file is found without
//! symbols, so in a stripped program, too.

use crate::Container;
use crate::memory::Memory;
use object::ReadRef;
use serde::Serialize;
use std::fmt::Write as _;

/// Nobody embeds more; a hostile file shall not fill the memory.
const MAX_FILES: u64 = 1_000_000;
/// Linux' limit of a path.
const MAX_NAME: u64 = 4096;
/// Bytes of a file's hash.
const HASH: u64 = 16;

/// The files of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedTable {
    /// Where the table is: the place of the symbol `VARIABLE.files`.
    pub address: u64,
    /// The files, in the order of the table.
    pub files: Vec<EmbeddedFile>,
}

/// A file in a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmbeddedFile {
    /// Its name in the file system that it is part of.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The compiler's hash of its content, in hexadecimal.
    pub hash: String,
    /// Where its content is in memory; 0 where it is empty.
    #[serde(skip)]
    pub address: u64,
}

/// All tables of a program, in the order of their addresses.
pub fn embedded<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Vec<EmbeddedTable> {
    let memory = Memory::of(container);
    let word = memory.word_size();
    let mut tables = vec![];
    let mut room = MAX_FILES;
    for (start, data) in memory.sections() {
        // Sections end before the last address (`Memory::of`).
        let end = start + data.len() as u64;
        let mut at = start.checked_next_multiple_of(word).unwrap_or(end);
        while end.checked_sub(3 * word).is_some_and(|last| at <= last) {
            match table(&memory, at, room) {
                Some((files, next)) => {
                    room -= files.len() as u64;
                    tables.push(EmbeddedTable { address: at, files });
                    at = next;
                }
                None => at += word,
            }
        }
    }
    tables
}

/// The files of the table at this address, and where it ends; directories are left out.
fn table(memory: &Memory<'_>, at: u64, room: u64) -> Option<(Vec<EmbeddedFile>, u64)> {
    let word = memory.word_size();
    let count = memory.plain_word(at + word)?;
    if count == 0 || count > room || memory.plain_word(at + 2 * word)? != count {
        return None;
    }
    let array = memory.pointer(at)?;
    if array != at + 3 * word {
        return None;
    }
    let size = 4 * word + HASH;
    // All of it must be there before anything is kept.
    memory.bytes(array, count.checked_mul(size)?)?;
    let mut files = vec![];
    for index in 0..count {
        let entry = array + index * size;
        let name = memory.pointer(entry)?;
        let name_length =
            memory.plain_word(entry + word).filter(|it| (1..=MAX_NAME).contains(it))?;
        let name = std::str::from_utf8(memory.bytes(name, name_length)?).ok()?;
        let bytes = memory.plain_word(entry + 3 * word)?;
        if name.contains('\0') || name.starts_with('/') {
            return None;
        }
        if name.ends_with('/') {
            if bytes != 0 {
                return None;
            }
            continue;
        }
        let address = if bytes == 0 { 0 } else { memory.pointer(entry + 2 * word)? };
        if bytes > 0 {
            memory.bytes(address, bytes)?;
        }
        let mut hash = String::new();
        for byte in memory.bytes(entry + 4 * word, HASH)? {
            // Writing to a string cannot fail.
            let _ = write!(hash, "{byte:02x}");
        }
        files.push(EmbeddedFile { name: name.to_owned(), bytes, hash, address });
    }
    Some((files, array + count * size))
}
