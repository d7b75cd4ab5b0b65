//! Where a body goes while it comes: to the folder, and on to the next place where one is full.

use crate::Store;
use crate::session::Session;
use gocache::Id;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::PathBuf;
use tempfile::{NamedTempFile, TempPath};

/// A place for files.
#[derive(Clone, Debug)]
enum Room {
    Store(Store),
    Session(PathBuf),
}

/// A body that comes.
pub(crate) struct Spool<'a> {
    session: &'a Session,
    rooms: Vec<Room>,
    file: Option<(NamedTempFile, bool)>,
    hash: Sha256,
    size: u64,
    failed: Option<io::Error>,
}

/// A body that came.
pub(crate) struct Spooled {
    /// The file, unless no place took it.
    pub(crate) file: Option<TempPath>,
    /// Whether the file is in the folder.
    pub(crate) in_store: bool,
    pub(crate) output: Id,
    pub(crate) size: u64,
    /// Why the folder did not take it.
    pub(crate) failed: Option<io::Error>,
}

impl<'a> Spool<'a> {
    /// Into the folder if there is one, else the session's.
    pub(crate) fn new(store: Option<&Store>, session: &'a Session) -> Self {
        // The last room is tried first.
        let mut rooms: Vec<Room> = Session::rooms().into_iter().rev().map(Room::Session).collect();
        rooms.extend(store.cloned().map(Room::Store));
        let mut spool =
            Self { session, rooms, file: None, hash: Sha256::new(), size: 0, failed: None };
        spool.next();
        spool
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        while let Some((file, _)) = &mut self.file {
            match file.write_all(bytes) {
                Ok(()) => break,
                Err(err) => self.move_on(err),
            }
        }
        self.size += bytes.len() as u64;
    }

    /// Opens a file in the next room that takes one.
    fn next(&mut self) {
        self.file = None;
        while let Some(room) = self.rooms.pop() {
            let opened = match &room {
                Room::Store(store) => store.unfinished(),
                Room::Session(parent) => self.session.unfinished(parent),
            };
            match opened {
                Ok(file) => {
                    self.file = Some((file, matches!(room, Room::Store(_))));
                    return;
                }
                Err(err) => self.failed = self.failed.take().or(Some(err)),
            }
        }
    }

    /// Takes what has come so far to the next room.
    fn move_on(&mut self, err: io::Error) {
        self.failed = self.failed.take().or(Some(err));
        let before = self.file.take();
        self.next();
        while let (Some((old, _)), Some((new, _))) = (&before, &mut self.file) {
            let copy = |old: &NamedTempFile, new: &mut NamedTempFile| {
                let mut from = old.as_file();
                from.rewind()?;
                io::copy(&mut from.take(self.size), new)
            };
            match copy(old, new) {
                Ok(copied) if copied == self.size => break,
                _ => self.next(),
            }
        }
    }

    pub(crate) fn finish(mut self) -> Spooled {
        // A tempfile is unbuffered; some file systems tell only now that there is no room.
        let in_store = self.file.as_ref().is_some_and(|(_, in_store)| *in_store);
        let file = self.file.take().map(|(file, _)| file.into_temp_path());
        let output = Id(self.hash.finalize().into());
        Spooled { file, in_store, output, size: self.size, failed: self.failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_come_goes_along_when_a_place_is_full() {
        let session = Session::default();
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(dir.path(), false).unwrap();
        let mut spool = Spool::new(Some(&store), &session);
        spool.write(b"one ");
        spool.move_on(io::ErrorKind::StorageFull.into());
        spool.write(b"two");
        let spooled = spool.finish();
        assert!(!spooled.in_store && spooled.failed.is_some());
        assert_eq!(std::fs::read(spooled.file.unwrap()).unwrap(), b"one two");
        assert_eq!((spooled.size, spooled.output), (7, Id(Sha256::digest(b"one two").into())));
    }
}
