//! What becomes of an output that came: from the go command, or from the remote.

use crate::look::sha256;
use crate::memory::{Known, Stamp, is_ours};
use crate::program::Run;
use crate::spool::Spooled;
use crate::upload::Upload;
use crate::{Event, Signed, Statement, Store};
use gocache::Id;
use std::path::PathBuf;
use std::time::SystemTime;

impl<W: std::io::Write + Send> Run<'_, W> {
    /// Signs what the go command put, keeps it and sends it on; where the file is, or why there is none.
    pub(crate) fn put(&self, action: Id, output: Id, spooled: Spooled) -> Result<PathBuf, String> {
        if spooled.output != output {
            return Err(format!("the body hashes to {}, not to its OutputID", spooled.output));
        }
        let time = nanoseconds(SystemTime::now());
        let statement = Statement { action, output, size: spooled.size, time };
        let signed = self.program.signer.as_ref().map(|signer| signer.sign(statement));
        let object = self.keep(spooled, statement, signed.as_ref())?;
        if let (Some(signed), Some(uploads)) = (signed, &self.uploads) {
            // The other end goes only after us.
            let _ = uploads.send(Upload { signed, object: object.clone() });
        }
        Ok(object)
    }

    /// Keeps an output whose hash was compared: in the folder if it is signed and may be written, else for the session.
    pub(crate) fn keep(
        &self,
        spooled: Spooled,
        statement: Statement,
        signed: Option<&Signed>,
    ) -> Result<PathBuf, String> {
        let Spooled { file, in_store, failed, .. } = spooled;
        let why = failed.map(|err| err.to_string());
        let store = self.program.store.as_ref().filter(|_| self.program.writable);
        if let (Some(why), Some(_), Some(_)) = (&why, store, signed) {
            self.not_kept(why);
        }
        let file = file.ok_or_else(|| {
            format!("no place for the output: {}", why.as_deref().unwrap_or("nowhere to write"))
        })?;
        let (Some(store), Some(signed), true) = (store, signed, in_store) else {
            return Ok(self.session.keep(statement, file));
        };
        let object = match has(store, &statement) {
            true => store.path(&statement.output, 'd'),
            false => match store.keep_object(file, &statement.output) {
                Ok(path) => path,
                Err((err, file)) => {
                    self.not_kept(&err.to_string());
                    return Ok(match file {
                        Some(file) => self.session.keep(statement, file),
                        None => store.path(&statement.output, 'd'),
                    });
                }
            },
        };
        match store.keep_entry(signed) {
            Ok(()) => self.remember(store, signed),
            Err(err) => {
                self.not_kept(&err.to_string());
                self.session.know(statement, object.clone());
            }
        }
        Ok(object)
    }

    /// What we hashed ourselves need not be hashed again.
    fn remember(&self, store: &Store, signed: &Signed) {
        let stamp = |id: &Id, suffix| {
            let found = std::fs::symlink_metadata(store.path(id, suffix)).ok()?;
            (found.is_file() && is_ours(&found)).then(|| Stamp::of(&found))
        };
        let statement = signed.statement;
        let stamps = (stamp(&statement.action, 's'), stamp(&statement.output, 'd'));
        let (Some(entry), Some(object)) = stamps else { return };
        let since = nanoseconds(SystemTime::now()) / 1_000_000_000;
        let known = Known { statement, key: signed.key, entry, object, since };
        self.program.memory.remember(known);
    }

    fn not_kept(&self, why: &str) {
        if !self.told_not_kept.swap(true, std::sync::atomic::Ordering::Relaxed) {
            (self.listener)(Event::NotKept { why: why.to_owned() });
        }
    }
}

/// Whether the folder has this very object already: another action made it, too. It is read, for it is not believed.
pub(crate) fn has(store: &Store, statement: &Statement) -> bool {
    let Ok((file, found)) = store.object(&statement.output) else { return false };
    found.len() == statement.size
        && is_ours(&found)
        && sha256(&file, statement.size).is_ok_and(|hash| hash == statement.output)
}

/// Since 1970; of a clock before that, zero.
pub(crate) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
