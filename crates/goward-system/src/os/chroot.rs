//! Paths of a container, looked up below the folder that stands for its root: what the kernel does
//! for `openat2` with `RESOLVE_IN_ROOT`, which not every kernel has.

use crate::SystemError;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// The kernel's own limit.
const MAX_LINKS: usize = 40;

/// The file that `path` names below `root`. Links are followed; an absolute one begins at `root`, and
/// `..` does not lead out of it.
pub(super) fn resolve(root: &Path, path: &str) -> Result<String, SystemError> {
    let mut open: VecDeque<OsString> = parts(Path::new(path)).collect();
    let mut below = PathBuf::new();
    let mut links = 0;
    while let Some(part) = open.pop_front() {
        if part == ".." {
            below.pop();
            continue;
        }
        let here = root.join(&below).join(&part);
        // What is absent or secret is for the reader to say.
        let link = std::fs::read_link(&here).ok();
        let Some(link) = link else {
            below.push(part);
            continue;
        };
        links += 1;
        if links > MAX_LINKS {
            return Err(SystemError::Failed(format!("{path}: too many symbolic links")));
        }
        if link.is_absolute() {
            below.clear();
        }
        for part in parts(&link).collect::<Vec<_>>().into_iter().rev() {
            open.push_front(part);
        }
    }
    Ok(root.join(below).to_string_lossy().into_owned())
}

fn parts(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_stay_inside() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("etc/fx/..2026"))?;
        std::fs::write(dir.path().join("host.key"), "host")?;
        let host = dir.path().join("host.key");
        for (target, name) in [
            (host.as_path(), "etc/fx/absolute.key"),
            (Path::new("../../../host.key"), "etc/fx/relative.key"),
            (Path::new("..2026"), "etc/fx/..data"),
            (Path::new("/etc/fx/..data/tls.key"), "etc/fx/tls.key"),
            (Path::new("loop"), "etc/loop"),
        ] {
            std::os::unix::fs::symlink(target, root.join(name))?;
        }
        let of = |path: &str| {
            resolve(&root, path).map(|path| path.replace(&*root.to_string_lossy(), ""))
        };
        assert_eq!(of("/etc/fx/tls.key").as_deref(), Ok("/etc/fx/..2026/tls.key"));
        assert_eq!(of("/../../etc/fx").as_deref(), Ok("/etc/fx"));
        assert!(of("/etc/loop/x").is_err());
        for name in ["absolute", "relative"] {
            let found = resolve(&root, &format!("/etc/fx/{name}.key")).unwrap_or_default();
            assert!(!Path::new(&found).exists(), "{found}");
        }
        Ok(())
    }
}
