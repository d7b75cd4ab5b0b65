//! Which files were verified already, so that a warm build need not hash hundreds of megabytes again.
//!
//! What shows that a file was not touched since is what the kernel says of it: device, inode, size, modification
//! and change time. The change time cannot be set by anybody but root (and not at all while the clock stands), so who
//! writes to the file, replaces it or unpacks an archive over it is seen; a disk that fails is not, and so every file
//! is read again after a day.
//!
//! The memory itself is kept away from the cache, in a file that only its owner may write, and counts on this machine
//! until it boots again: who can write to the cache, or has a CI system restore it, cannot write the memory that
//! vouches for it.

use crate::{KeyId, Statement, Trusted};
use gocache::Id;
use rustix::fs::Stat;
use rustix::process::geteuid;
use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// After so many seconds a file is read again.
const FRESH: u64 = 24 * 3600;
/// A change within so many seconds before the look may have been made after it, in the same tick of the kernel's clock.
const TICK: i128 = 2;
/// A memory over this is not read, in bytes: some 400,000 actions.
const MAX_MEMORY: u64 = 128 << 20;
/// Bytes of a record. A warm build begins with reading all of them, so they are no text.
const RECORD: usize = 2 * 32 + 3 * 8 + 8 + 14 * 16;

/// What the kernel says of a file. Its numbers have other types on other systems; all fit here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp([i128; 7]);

impl Stamp {
    pub(crate) fn of(found: &Metadata) -> Self {
        Self([
            found.dev().into(),
            found.ino().into(),
            found.len().into(),
            found.mtime().into(),
            found.mtime_nsec().into(),
            found.ctime().into(),
            found.ctime_nsec().into(),
        ])
    }

    pub(crate) fn of_stat(found: &Stat) -> Self {
        Self([
            found.st_dev.into(),
            found.st_ino.into(),
            found.st_size.into(),
            found.st_mtime.into(),
            found.st_mtime_nsec.into(),
            found.st_ctime.into(),
            found.st_ctime_nsec.into(),
        ])
    }

    /// Whether a later change would certainly show.
    pub(crate) fn is_settled(&self, now: u64) -> bool {
        let Self([.., changed, _]) = self;
        *changed < i128::from(now).saturating_sub(TICK)
    }
}

/// Whether only we may write to it: else somebody may have it open for writing, or map it.
pub(crate) fn is_ours(found: &Metadata) -> bool {
    found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0
}

/// An entry and its object, as they were when they were verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) statement: Statement,
    pub(crate) key: KeyId,
    pub(crate) entry: Stamp,
    pub(crate) object: Stamp,
    /// Seconds since 1970.
    pub(crate) since: u64,
}

/// The memory of one cache.
#[derive(Debug, Default)]
pub struct Memory {
    path: Option<PathBuf>,
    boot: String,
    known: Mutex<(HashMap<Id, Known>, bool)>,
}

impl Memory {
    /// One that forgets at the end: every file is read in every session.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the memory in a file; an empty one where there is none, where others may write it, or where it is from
    /// another machine or boot. `boot` names the machine's run: Linux' `/proc/sys/kernel/random/boot_id`.
    pub fn read(path: &Path, boot: &str) -> Self {
        let boot = boot.trim().to_owned();
        let known = load(path, &boot).unwrap_or_default();
        let path = (!boot.is_empty()).then(|| path.to_owned());
        Self { path, boot, known: Mutex::new((known, false)) }
    }

    /// What is known of an action, unless it is old or of a key that is not trusted now.
    pub(crate) fn get(&self, action: &Id, trusted: &Trusted, now: u64) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.0.get(action).copied()?;
        let fresh = known.since <= now && now - known.since < FRESH;
        (fresh && trusted.knows(known.key)).then_some(known)
    }

    pub(crate) fn remember(&self, known: Known) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.0.insert(known.statement.action, known);
        all.1 = true;
    }

    pub(crate) fn forget(&self, action: &Id) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.1 |= all.0.remove(action).is_some();
    }

    /// Writes what is new, beside the file and renamed. Another session that ends at the same time may be forgotten.
    ///
    /// # Errors
    /// Where the file cannot be written: the next session reads all again.
    pub fn save(&self, now: u64) -> io::Result<()> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(path), true) = (&self.path, known.1) else { return Ok(()) };
        let mut bytes = head(&self.boot).into_bytes();
        for known in known.0.values().filter(|it| it.since <= now && now - it.since < FRESH) {
            record(&mut bytes, known);
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".verified-").tempfile_in(folder)?;
        file.write_all(&bytes)?;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o600))?;
        file.persist(path).map_err(|err| err.error).map(drop)
    }
}

/// A record of the file: numbers with their lowest byte first.
fn record(bytes: &mut Vec<u8>, known: &Known) {
    let Known { statement, key, entry, object, since } = known;
    let Statement { action, output, size, time } = statement;
    bytes.extend(action.0);
    bytes.extend(output.0);
    bytes.extend(size.to_le_bytes());
    bytes.extend(time.to_le_bytes());
    bytes.extend(key.0);
    bytes.extend(since.to_le_bytes());
    bytes.extend(entry.0.iter().chain(&object.0).flat_map(|number| number.to_le_bytes()));
}

fn parse(record: &[u8]) -> Option<Known> {
    let mut rest = record;
    let action = Id(take(&mut rest)?);
    let output = Id(take(&mut rest)?);
    let size = u64::from_le_bytes(take(&mut rest)?);
    let time = u64::from_le_bytes(take(&mut rest)?);
    let key = KeyId(take(&mut rest)?);
    let since = u64::from_le_bytes(take(&mut rest)?);
    let mut stamps = [Stamp([0; 7]); 2];
    for number in stamps.iter_mut().flat_map(|stamp| &mut stamp.0) {
        *number = i128::from_le_bytes(take(&mut rest)?);
    }
    let ([entry, object], statement) = (stamps, Statement { action, output, size, time });
    rest.is_empty().then_some(Known { statement, key, entry, object, since })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*bytes)
}

fn load(path: &Path, boot: &str) -> Option<HashMap<Id, Known>> {
    let (file, found) = gocache::open_regular(path).ok()?;
    if !is_ours(&found) || found.len() > MAX_MEMORY {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).ok()? + 1);
    file.take(MAX_MEMORY).read_to_end(&mut bytes).ok()?;
    let rest = bytes.strip_prefix(head(boot).as_bytes())?;
    let mut known = HashMap::with_capacity(rest.len() / RECORD);
    known.extend(rest.chunks(RECORD).filter_map(parse).map(|it| (it.statement.action, it)));
    Some(known)
}

fn head(boot: &str) -> String {
    format!("goward verified v2 {boot}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let statement = Statement { action: Id([1; 32]), output: Id([2; 32]), size: 3, time: 4 };
        let stamp = Stamp([1, 2, 3, 4, 5, 6, 7]);
        let since = 1_000_000;
        Known { statement, key: KeyId([9; 8]), entry: stamp, object: stamp, since }
    }

    #[test]
    fn it_counts_until_the_next_boot_and_where_nobody_else_can_write_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("of/verified");
        let memory = Memory::read(&path, "boot-1\n");
        memory.remember(known());
        memory.save(1_000_010).unwrap();
        let load = |boot| load(&path, boot).map(|known| known.len());
        assert_eq!(load("boot-1"), Some(1));
        assert_eq!(load("boot-2"), None);
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(0o622);
        assert_eq!(load("boot-1"), None);
        mode(0o600);
        Memory::read(&path, "boot-1").forget(&Id([7; 32]));
        assert_eq!(
            Memory::read(&path, "boot-1").known.into_inner().unwrap().0[&Id([1; 32])],
            known()
        );
    }

    #[test]
    fn what_is_old_or_of_nobody_we_trust_is_not_known() {
        let key = crate::Signer::new(ed25519_dalek::SigningKey::from_bytes(&[1; 32]));
        let signed = key.sign(known().statement);
        let memory = Memory::none();
        memory.remember(Known { key: signed.key, ..known() });
        let (trusted, nobody) = (Trusted::new([key.public()]), Trusted::default());
        let is_known = |trusted: &Trusted, now| memory.get(&Id([1; 32]), trusted, now).is_some();
        assert!(is_known(&trusted, 1_000_001));
        assert!(!is_known(&nobody, 1_000_001));
        assert!(!is_known(&trusted, 1_000_000 + FRESH));
        assert!(!is_known(&trusted, 999_999), "the clock was set back");
    }
}
