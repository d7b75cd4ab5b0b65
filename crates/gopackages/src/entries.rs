//! What lies in a folder and of what kind it is, links not followed: for `//go:embed`, which takes files of any name.

use crate::evidence::Looks;
use overlay::Entry;
use std::fs::FileType;
use std::io;
use std::path::Path;

/// The kind of a directory entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A link, a pipe, a device.
    Irregular,
}

impl Kind {
    fn from(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Irregular
        }
    }

    /// What a path names.
    pub(crate) fn of(path: &Path, looks: Looks<'_>) -> io::Result<Self> {
        looks.note_itself(path);
        match looks.overlay.find(path) {
            Some(Entry::Folder) => Ok(Self::Folder),
            Some(Entry::Hidden) => Err(io::ErrorKind::NotFound.into()),
            Some(Entry::File(file)) => Ok(Self::from(file.symlink_metadata()?.file_type())),
            None => Ok(Self::from(path.symlink_metadata()?.file_type())),
        }
    }
}

/// The entries of a folder, in any order.
pub(crate) fn entries(dir: &Path, looks: Looks<'_>) -> io::Result<Vec<(String, Kind)>> {
    looks.note(dir);
    let overlay = looks.overlay;
    let over = overlay.find(dir);
    let mut all = match over {
        Some(Entry::Hidden | Entry::File(_)) => return Err(io::ErrorKind::NotFound.into()),
        Some(Entry::Folder) => on_disk(dir).unwrap_or_default(),
        None => on_disk(dir)?,
    };
    let Some(names) = overlay.names(dir) else { return Ok(all) };
    all.retain(|(name, _)| !names.contains_key(name));
    for name in names.keys() {
        if let Ok(kind) = Kind::of(&dir.join(name), looks) {
            all.push((name.clone(), kind));
        }
    }
    Ok(all)
}

fn on_disk(dir: &Path) -> io::Result<Vec<(String, Kind)>> {
    let mut all = vec![];
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        all.push((name, Kind::from(entry.file_type()?)));
    }
    Ok(all)
}
