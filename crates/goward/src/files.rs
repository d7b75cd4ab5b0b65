//! Files that the user names: to be written, or read in a moment. A pipe may have nobody at its other end, and then
//! opening it waits forever.
#![expect(clippy::disallowed_methods, reason = "files that the user named")]

use anyhow::{Context as _, bail};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// So long it is waited for what comes through a pipe (`<(vault read …)`).
const PATIENCE: Duration = Duration::from_secs(20);
/// So long for somebody to open a pipe at its other end: a shell has done that before we start.
const A_READER: Duration = Duration::from_secs(2);

/// Writes a file. A pipe that somebody reads will do (`>(…)`).
pub(crate) fn write(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let name = || format!("writing {}", path.display());
    if !is_pipe(path) {
        return std::fs::write(path, text).with_context(name);
    }
    let owned = path.to_owned();
    let open = move || std::fs::File::options().write(true).open(owned);
    let Some(open) = within(A_READER, open) else {
        bail!("{}: it is a pipe that nobody reads; name a file, or start the reader first", name());
    };
    open.and_then(|mut pipe| pipe.write_all(text)).with_context(name)
}

/// What comes of something within so long. Who waits in the kernel is left there; the process ends without it.
fn within<T: Send + 'static>(
    patience: Duration,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || drop(send.send(ask())));
    receive.recv_timeout(patience).ok()
}

/// Refuses a pipe or a device where a file is replaced as a whole: whoever reads from it would wait forever.
pub(crate) fn replaceable(path: &Path) -> anyhow::Result<()> {
    if is_stream(path) {
        bail!("it is a pipe or a device; name a file, or take the report from standard output");
    }
    Ok(())
}

/// Reads so many bytes of a small file at most. Through a pipe they come within twenty seconds, or not at all.
pub(crate) fn read(path: &Path, limit: u64) -> anyhow::Result<String> {
    read_within(path, limit, PATIENCE)
}

fn read_within(path: &Path, limit: u64, patience: Duration) -> anyhow::Result<String> {
    let name = format!("reading {}", path.display());
    let is_pipe = is_pipe(path);
    let owned = path.to_owned();
    let all = move || {
        let mut text = String::new();
        std::fs::File::open(owned)?.take(limit).read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    };
    if !is_pipe {
        return all().context(name);
    }
    match within(patience, all) {
        Some(read) => read.context(name),
        None => bail!(
            "{name}: it is a pipe, and nothing came through it within {} seconds; does somebody write to it?",
            patience.as_secs()
        ),
    }
}

/// Refuses to write two things to one file, whatever links lead there, and to write over what is read. Files are
/// given with the flags that name them.
pub(crate) fn distinct(written: &[(&str, &Path)], read: &[&Path]) -> anyhow::Result<()> {
    let mut seen: Vec<(&str, PathBuf)> = vec![];
    for (flag, path) in written.iter().filter(|(_, path)| !is_stream(path)) {
        let place = place(path);
        if let Some((other, _)) = seen.iter().find(|(_, it)| *it == place) {
            bail!("{other} and {flag} are one file, {}: name two", place.display());
        }
        if read.iter().any(|it| self::place(it) == place) {
            bail!("{flag} {} would write over what is read; name another file", path.display());
        }
        seen.push((flag, place));
    }
    Ok(())
}

/// Where a path leads, its last part not being there yet.
fn place(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::metadata(path).is_ok_and(|meta| meta.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

/// A terminal, a pipe, `/dev/null`: several may be written there.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipe() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        (dir, path)
    }

    #[test]
    fn a_pipe_that_nobody_writes_is_not_waited_for() {
        let (_dir, path) = pipe();
        let err = read_within(&path, 64, Duration::from_millis(50)).unwrap_err();
        assert!(err.to_string().contains("nothing came through it"), "{err}");
    }

    #[test]
    fn what_comes_through_a_pipe_is_read() {
        let (_dir, path) = pipe();
        let to = path.clone();
        let writer = std::thread::spawn(move || std::fs::write(to, "a key").unwrap());
        assert_eq!(read_within(&path, 64, Duration::from_secs(60)).unwrap(), "a key");
        writer.join().unwrap();
    }

    #[test]
    fn a_pipe_that_nobody_reads_is_not_written() {
        let (_dir, path) = pipe();
        let err = format!("{:#}", write(&path, b"text").unwrap_err());
        assert!(err.contains("nobody reads"), "{err}");
        assert!(replaceable(&path).is_err());
    }

    #[test]
    fn two_names_of_one_file_are_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b, link) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("link"));
        std::fs::write(&a, "").unwrap();
        std::os::unix::fs::symlink(&a, &link).unwrap();
        assert!(distinct(&[("--html", &a), ("--sbom", &b)], &[]).is_ok());
        let err = distinct(&[("--html", &a), ("--sbom", &link)], &[]).unwrap_err().to_string();
        assert!(err.contains("--html and --sbom are one file"), "{err}");
        assert!(distinct(&[("--html", &link)], &[&a]).is_err());
        let nowhere = dir.path().join("./new");
        assert!(
            distinct(&[("--html", &nowhere), ("--sbom", &dir.path().join("new"))], &[]).is_err()
        );
    }
}
