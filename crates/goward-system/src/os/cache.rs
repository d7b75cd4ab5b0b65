//! The user's cache folder: `$XDG_CACHE_HOME/goward`, else `~/.cache/goward`.

use std::io::Write as _;
use std::path::PathBuf;

/// Larger things are not kept.
const LIMIT: u64 = 16 << 20;

/// Where a name lies. Names come from elsewhere, so none may lead out of the folder.
fn place(name: &str) -> Option<PathBuf> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    if !name.split('/').all(plain) {
        return None;
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let root = match set("XDG_CACHE_HOME") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(set("HOME")?).join(".cache"),
    };
    root.is_absolute().then(|| root.join("goward").join(name))
}

/// Whether something can be kept: the folder is made for that.
pub(super) fn is_writable() -> bool {
    let Some(folder) = place("x").and_then(|path| path.parent().map(PathBuf::from)) else {
        return false;
    };
    std::fs::create_dir_all(&folder).is_ok()
        && rustix::fs::access(&folder, rustix::fs::Access::WRITE_OK).is_ok()
}

pub(super) fn read(name: &str) -> Option<Vec<u8>> {
    let path = place(name)?;
    let size = std::fs::metadata(&path).ok()?.len();
    if size > LIMIT { None } else { std::fs::read(path).ok() }
}

/// Writes beside and renames, so that no reader sees a half.
pub(super) fn write(name: &str, bytes: &[u8]) {
    let Some(path) = place(name) else { return };
    let Some(folder) = path.parent() else { return };
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(&path).map_err(|err| err.error)
    });
    // A cache that cannot be written costs time, and nothing else.
    drop(written);
}
