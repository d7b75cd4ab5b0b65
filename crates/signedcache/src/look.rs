//! A look at what the folder has for an action: the entry's signature, then the object's bytes.

use crate::memory::{Known, Stamp, is_ours};
use crate::{Doubt, EntryError, Found, Memory, Place, Signed, Statement, Store, Trusted};
use gocache::{Id, place};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::time::SystemTime;

/// What is read at once.
const CHUNK: usize = 128 << 10;

/// What was found.
pub(crate) enum Looked {
    /// Nothing, or an entry whose object was trimmed.
    Absent,
    /// Something that is not to be believed.
    Bad(Found),
    /// The object is what was signed.
    Good(Statement),
}

/// Whether both files are as they were when they were verified; no more than two questions to the kernel.
pub(crate) fn remembered(
    store: &Store,
    memory: &Memory,
    trusted: &Trusted,
    action: &Id,
    now: u64,
) -> Option<Statement> {
    let known = memory.get(action, trusted, now)?;
    let same = store.stamp(action, 's') == Some(known.entry)
        && store.stamp(&known.statement.output, 'd') == Some(known.object);
    same.then_some(known.statement)
}

/// Reads both files.
pub(crate) fn look(
    store: &Store,
    memory: &Memory,
    trusted: &Trusted,
    action: &Id,
    now: SystemTime,
) -> Looked {
    memory.forget(action);
    let bad = |path: String, doubt| {
        Looked::Bad(Found { place: Place::Local, action: *action, path, doubt })
    };
    let entry_path = place(action, 's');
    let (bytes, entry, entry_found) = match store.entry(action) {
        Ok(read) => read,
        Err(err) if is_no_file(&err) => return bad(entry_path, Doubt::Kind),
        Err(_) => return Looked::Absent,
    };
    let signed = match believed(&bytes, action, trusted) {
        Ok(signed) => signed,
        Err(err) => return bad(entry_path, Doubt::Entry(err)),
    };
    let statement = signed.statement;
    let object_path = place(&statement.output, 'd');
    let (object, _) = match store.object(&statement.output) {
        Ok(opened) => opened,
        Err(err) if is_no_file(&err) => return bad(object_path, Doubt::Kind),
        Err(_) => return Looked::Absent,
    };
    // First: it changes the change time.
    store.note_use(action, [&entry, &object], now);
    let Ok(found) = object.metadata() else { return Looked::Absent };
    let (before, size) = (Stamp::of(&found), found.len());
    if size != statement.size {
        return bad(object_path, Doubt::Size { signed: statement.size, found: size });
    }
    match sha256(&object, size) {
        Ok(hash) if hash == statement.output => {}
        Ok(found) => return bad(object_path, Doubt::Content { found }),
        Err(_) => return Looked::Absent,
    }
    let again = (entry.metadata(), object.metadata());
    if let (Ok(entry), Ok(object)) = again
        && Stamp::of(&object) == before
        && is_ours(&entry_found)
        && is_ours(&object)
    {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let (entry, object) = (Stamp::of(&entry), Stamp::of(&object));
        if entry.is_settled(since) && object.is_settled(since) {
            memory.remember(Known { statement, key: signed.key, entry, object, since });
        }
    }
    Looked::Good(statement)
}

/// An entry that is trusted, of the action that it is kept for.
pub(crate) fn believed(bytes: &[u8], action: &Id, trusted: &Trusted) -> Result<Signed, EntryError> {
    let signed = Signed::parse(bytes)?;
    trusted.check(action, &signed)?;
    Ok(signed)
}

/// A link (`ELOOP`), or what is no file.
fn is_no_file(err: &io::Error) -> bool {
    err.kind() == ErrorKind::InvalidInput
        || err.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

/// The hash of so many bytes; what grows while it is read does not keep us.
pub(crate) fn sha256(file: &File, size: u64) -> io::Result<Id> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; CHUNK]);
    let mut from = file.take(size);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(Id(hash.finalize().into())),
            Ok(read) => hash.update(buffer.get(..read).unwrap_or_default()),
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
}
