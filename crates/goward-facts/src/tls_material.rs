//! The TLS files themselves, where policy maps the container's root to a folder.

use crate::{Fact, ProbeError, TlsPath, TlsPaths, TlsRole, World};
use goward_model::Text;
use goward_system::SystemError;
use servercert::{FileKind, Input, Problem};
use std::collections::BTreeMap;

/// One byte more than is judged, so that what is too large is seen to be.
const LIMIT: u64 = servercert::MAX_BYTES as u64 + 1;

/// A configured file, read.
#[derive(Clone, Debug)]
pub struct TlsFile {
    /// Where it was configured.
    pub path: TlsPath,
    /// The file that was looked at.
    pub file: String,
    /// Why it could not be read.
    pub missing: Option<SystemError>,
}

/// Files that are configured side by side, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct TlsGroup {
    /// At most one of each role.
    pub files: Vec<TlsFile>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TlsGroup {
    /// The file that a problem is about.
    pub fn file(&self, kind: FileKind) -> Option<&TlsFile> {
        let role = match kind {
            FileKind::Certificate => TlsRole::Cert,
            FileKind::Key => TlsRole::Key,
            FileKind::Ca => TlsRole::Ca,
        };
        self.files.iter().find(|file| file.path.role == role)
    }
}

/// What is known of the files; `Unmapped` where policy maps no root.
#[derive(Clone, Debug)]
pub enum TlsMaterial {
    /// The paths are a container's, and nobody said where that is.
    Unmapped,
    /// The files of each group.
    Groups(Vec<TlsGroup>, Vec<Text>),
}

impl Fact for TlsMaterial {
    const NAME: &'static str = "TLS files";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let configured = world.fact::<TlsPaths>()?;
        let Some(root) = &world.settings.tls.root else { return Ok(Self::Unmapped) };
        let mut groups: BTreeMap<&str, Vec<&TlsPath>> = BTreeMap::new();
        for path in &configured.paths {
            groups.entry(&path.group).or_default().push(path);
        }
        let groups = groups.into_values().map(|paths| judge(world, root, &paths)).collect();
        Ok(Self::Groups(groups, configured.unreadable.clone()))
    }
}

fn judge(world: &World<'_>, root: &str, paths: &[&TlsPath]) -> TlsGroup {
    let mut group = TlsGroup::default();
    let mut bytes: BTreeMap<TlsRole, Vec<u8>> = BTreeMap::new();
    let mut key_mode = None;
    for path in paths {
        if group.files.iter().any(|file| file.path.role == path.role) {
            continue;
        }
        let found = world.system.in_root(root, &path.value);
        let file = found.as_ref().map_or_else(|_| path.value.clone(), String::clone);
        let read = found.and_then(|file| world.system.read(&file, LIMIT));
        if path.role == TlsRole::Key && read.is_ok() {
            key_mode = world.system.stat(&file).ok().map(|stat| stat.mode);
        }
        let missing = match read {
            Ok(read) => {
                bytes.insert(path.role, read);
                None
            }
            // The judge says that it is too large, and how large it may be.
            Err(SystemError::TooLarge { .. }) => {
                bytes.insert(path.role, vec![0; servercert::MAX_BYTES + 1]);
                None
            }
            Err(err) => Some(err),
        };
        group.files.push(TlsFile { path: (*path).clone(), file, missing });
    }
    if let Some(cert) = bytes.get(&TlsRole::Cert) {
        group.problems = servercert::judge(&Input {
            cert_pem: cert,
            key_pem: bytes.get(&TlsRole::Key).map(Vec::as_slice),
            key_mode,
            ca_pem: bytes.get(&TlsRole::Ca).map(Vec::as_slice),
            hosts: &world.settings.tls.hosts,
            min_days: world.settings.tls.min_days,
            now_unix: world.system.unix_time(),
        });
    }
    group
}
