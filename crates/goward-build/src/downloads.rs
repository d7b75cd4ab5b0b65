//! Module downloads: begun where the go command says so, ended by the times of the files that they leave.

use gomod::module_path::{escape, escape_version};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// A module that came over the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Its path.
    pub module: String,
    /// Its version.
    pub version: String,
    /// Nanoseconds since 1970.
    pub started_ns: i64,
    /// When it lay unpacked in the module cache, as the file system's times tell; none where it does not.
    pub ended_ns: Option<i64>,
    /// Bytes of its zip.
    pub bytes: Option<u64>,
}

/// Of a hostile output so many are kept.
const MAX: usize = 20_000;

/// What the go command says when it begins one: `go: downloading MODULE VERSION`, and for a toolchain
/// `go: downloading go1.24.11 (linux/amd64)`.
pub(crate) fn begun(text: &[u8], at_ns: i64, all: &mut Vec<Download>) {
    for line in text.split(|byte| *byte == b'\n') {
        let Some(rest) = line.strip_prefix(b"go: downloading ") else { continue };
        let Ok(rest) = std::str::from_utf8(rest) else { continue };
        let Some((module, version)) = rest.trim_end().split_once(' ') else { continue };
        if all.len() < MAX {
            all.push(Download {
                module: module.to_owned(),
                version: version.to_owned(),
                started_ns: at_ns,
                ..Download::default()
            });
        }
    }
}

/// Looks for what they left.
pub(crate) fn ended(all: &mut [Download], module_cache: Option<&Path>) {
    let Some(cache) = module_cache else { return };
    for download in all {
        let (module, version) = match download.version.strip_prefix('(') {
            // A toolchain is a module of its own: https://go.dev/ref/mod#toolchains.
            Some(platform) => {
                let platform = platform.trim_end_matches(')').replace('/', "-");
                (
                    "golang.org/toolchain".to_owned(),
                    format!("v0.0.1-{}.{platform}", download.module),
                )
            }
            None => (download.module.clone(), download.version.clone()),
        };
        // What is no module path leads nowhere: the text may be anybody's.
        let (Ok(module), Some(version)) = (escape(&module), escape_version(&version)) else {
            continue;
        };
        let folder = cache.join("cache/download").join(&module).join("@v");
        let Ok(zip) = std::fs::metadata(folder.join(format!("{version}.zip"))) else { continue };
        download.bytes = Some(zip.len());
        let unpacked = std::fs::metadata(cache.join(format!("{module}@{version}")));
        let times = [Some(zip), unpacked.ok()].into_iter().flatten().filter_map(|it| {
            let since = it.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(since.as_nanos()).ok()
        });
        // A folder that was there before says nothing.
        download.ended_ns = times.filter(|time| *time >= download.started_ns).max();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_ends_when_it_lies_unpacked() {
        let dir = tempfile::tempdir().unwrap();
        let mut all = vec![];
        begun(
            b"go: downloading github.com/A/b v1.0.0\nx\ngo: downloading go1.24.11 (linux/amd64)\n",
            5,
            &mut all,
        );
        assert_eq!(all.len(), 2);
        let folder = dir.path().join("cache/download/github.com/!a/b/@v");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("v1.0.0.zip"), "12345").unwrap();
        ended(&mut all, Some(dir.path()));
        assert_eq!(all[0].bytes, Some(5));
        assert!(all[0].ended_ns.unwrap() > 5);
        assert_eq!(all[1].ended_ns, None);
        let mut hostile = vec![];
        begun(b"go: downloading ../../../b v1.0.0\ngo: downloading x /../y\n", 5, &mut hostile);
        ended(&mut hostile, Some(dir.path()));
        assert!(hostile.iter().all(|it| it.bytes.is_none() && it.ended_ns.is_none()));
    }
}
