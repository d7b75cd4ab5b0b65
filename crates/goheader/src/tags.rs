//! The tags of a build, and the file names that they exclude.

use std::collections::BTreeSet;

/// For what is built (`go/build.Context`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// `GOOS`
    pub goos: String,
    /// `GOARCH`
    pub goarch: String,
    /// `CGO_ENABLED=1`
    pub cgo: bool,
    /// `gc`
    pub compiler: String,
    /// `-tags`
    pub build_tags: BTreeSet<String>,
    /// Tags of the toolchain: `goexperiment.*`, `amd64.v1`.
    pub tool_tags: BTreeSet<String>,
    /// `go1.1` and so on up to the toolchain's version.
    pub release_tags: BTreeSet<String>,
}

/// `internal/syslist.KnownOS`
const OS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// `internal/syslist.UnixOS`
const UNIX: [&str; 12] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "linux",
    "netbsd",
    "openbsd",
    "solaris",
];

/// `internal/syslist.KnownArch`
const ARCH: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "arm64",
    "arm64be",
    "armbe",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

impl Tags {
    /// Whether a tag is set (`go/build.Context.matchTag`).
    pub fn has(&self, tag: &str) -> bool {
        if tag == self.goos || tag == self.goarch || tag == self.compiler {
            return true;
        }
        let implied = match tag {
            "cgo" => self.cgo,
            "linux" => self.goos == "android",
            "solaris" => self.goos == "illumos",
            "darwin" => self.goos == "ios",
            "unix" => UNIX.binary_search(&self.goos.as_str()).is_ok(),
            _ => false,
        };
        let tag = if tag == "boringcrypto" { "goexperiment.boringcrypto" } else { tag };
        implied
            || [&self.build_tags, &self.tool_tags, &self.release_tags]
                .iter()
                .any(|tags| tags.contains(tag))
    }

    /// Whether a file's name lets it be built: `x_linux_arm64_test.go` (`go/build.Context.goodOSArchFile`).
    pub fn file_name_matches(&self, name: &str) -> bool {
        let name = name.split('.').next().unwrap_or_default();
        // What is before the first underscore never counts: linux.go is built everywhere.
        let Some((_, suffixes)) = name.split_once('_') else { return true };
        let mut parts = suffixes.rsplit('_').peekable();
        if parts.peek() == Some(&"test") {
            parts.next();
        }
        let Some(last) = parts.next() else { return true };
        let is_arch = ARCH.binary_search(&last).is_ok();
        if is_arch
            && let Some(os) = parts.next()
            && OS.binary_search(&os).is_ok()
        {
            return self.has(last) && self.has(os);
        }
        if is_arch || OS.binary_search(&last).is_ok() { self.has(last) } else { true }
    }
}
