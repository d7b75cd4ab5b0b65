//! The machine: kernel, C library, processor.
#![expect(clippy::disallowed_methods, reason = "asks the kernel about this machine")]

use gosnapshot::{Host, Libc};
use goward_system::{OsSystem, System as _};
use std::path::{Path, PathBuf};

/// Where C libraries are, the most usual first.
const FOLDERS: &[&str] = &[
    "lib/x86_64-linux-gnu",
    "lib/aarch64-linux-gnu",
    "lib64",
    "lib",
    "usr/lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "usr/lib64",
    "usr/lib",
    "lib/i386-linux-gnu",
    "lib/arm-linux-gnueabihf",
    "lib/s390x-linux-gnu",
    "lib/powerpc64le-linux-gnu",
    "lib/riscv64-linux-gnu",
];
/// Processor flags of the x86-64 levels, as `/proc/cpuinfo` writes them.
/// Source: the x86-64 psABI, "micro-architecture levels".
const LEVELS: &[(&str, &[&str])] = &[
    ("v2", &["cx16", "lahf_lm", "popcnt", "pni", "ssse3", "sse4_1", "sse4_2"]),
    ("v3", &["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"]),
    ("v4", &["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
];

/// This machine, with the C library below `root`.
pub(super) fn host(root: &Path) -> Host {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    Host {
        runs: false,
        kernel: kernel.map(|it| it.trim().to_owned()),
        libc: libc_below(root),
        cpu_level: level(&cpu),
    }
}

/// What a path names below `root`. An absolute link in a container begins at its root, not at ours.
fn below(root: &Path, path: &str) -> Option<PathBuf> {
    OsSystem::at("/").in_root(root.to_str()?, path).ok().map(PathBuf::from)
}

/// The C library that programs below `root` would be given.
fn libc_below(root: &Path) -> Option<Libc> {
    for folder in FOLDERS {
        let path = format!("{folder}/libc.so.6");
        let Some(file) = below(root, &path) else { continue };
        if let Some(libc) = glibc(&file, &Path::new("/").join(path)) {
            return Some(libc);
        }
    }
    let entries = std::fs::read_dir(below(root, "lib")?).ok()?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let musl = names.filter(|name| name.starts_with("ld-musl-")).min()?;
    Some(Libc { kind: "musl".into(), version: None, path: format!("/lib/{musl}") })
}

/// A glibc says all versions of symbols that it has; the newest is its own.
fn glibc(file: &Path, shown: &Path) -> Option<Libc> {
    let parts = goartifact::brief(file).ok()?;
    let provides = &parts.first()?.links.provides;
    let version = |text: &String| {
        let mut numbers = text.strip_prefix("GLIBC_")?.split('.');
        let mut next = || numbers.next()?.parse::<u32>().ok();
        Some((next()?, next()?))
    };
    let (major, minor) = provides.iter().filter_map(version).max()?;
    Some(Libc {
        kind: "glibc".into(),
        version: Some(format!("{major}.{minor}")),
        path: shown.display().to_string(),
    })
}

/// The C library that a process has mapped; `maps` is its `/proc/N/maps`.
pub(super) fn mapped_libc(maps: &str, root: &Path) -> Option<Libc> {
    let paths = maps.lines().filter_map(|line| line.split_whitespace().nth(5));
    for path in paths {
        if let Some(libc) = libc_of_path(path) {
            // It may have been replaced under the running process; then its version is not known.
            let file = below(root, path);
            return Some(file.and_then(|it| glibc(&it, Path::new(path))).unwrap_or(libc));
        }
    }
    None
}

/// The kind of C library that a mapped file is.
pub(super) fn libc_of_path(path: &str) -> Option<Libc> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_musl = name.starts_with("ld-musl-") || name.starts_with("libc.musl-");
    let is_glibc = name.starts_with("libc.so") || name.starts_with("libc-2.");
    let kind = match (is_musl, is_glibc) {
        (true, _) => "musl",
        (_, true) => "glibc",
        _ => return None,
    };
    Some(Libc { kind: kind.into(), version: None, path: path.to_owned() })
}

/// The x86-64 level of the processor that `cpuinfo` describes.
fn level(cpuinfo: &str) -> Option<String> {
    let flags = cpuinfo.lines().find_map(|line| line.strip_prefix("flags")?.split_once(':'))?.1;
    let flags: Vec<&str> = flags.split_whitespace().collect();
    if !flags.contains(&"lm") {
        return None;
    }
    let has = |(_, wanted): &&(&str, &[&str])| wanted.iter().all(|it| flags.contains(it));
    let reached = LEVELS.iter().take_while(has).last();
    Some(reached.map_or("v1", |(name, _)| name).to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_container_has_its_own_c_library() {
        let root = tempfile::tempdir().unwrap();
        // Absolute links lead to our own glibc, followed as we see them.
        std::fs::create_dir_all(root.path().join("usr/lib")).unwrap();
        std::fs::write(root.path().join("usr/lib/ld-musl-x86_64.so.1"), "").unwrap();
        std::os::unix::fs::symlink("/usr/lib", root.path().join("lib")).unwrap();
        std::os::unix::fs::symlink("/lib/x86_64-linux-gnu", root.path().join("lib64")).unwrap();
        let libc = libc_below(root.path()).unwrap();
        assert_eq!((libc.kind.as_str(), libc.path.as_str()), ("musl", "/lib/ld-musl-x86_64.so.1"));
    }

    #[test]
    fn a_level_needs_all_flags_of_those_below() {
        let of = |flags: &str| level(&format!("processor\t: 0\nflags\t\t: {flags}\n"));
        let (two, three) = (LEVELS[0].1.join(" "), LEVELS[1].1.join(" "));
        assert_eq!(of("fpu lm").as_deref(), Some("v1"));
        assert_eq!(of(&format!("lm {two}")).as_deref(), Some("v2"));
        assert_eq!(of(&format!("lm {two} {three}")).as_deref(), Some("v3"));
        assert_eq!(of(&format!("lm {three}")).as_deref(), Some("v1"));
        assert_eq!(of("fpu"), None);
        assert_eq!(level("Features : fp asimd\n"), None);
    }
}
