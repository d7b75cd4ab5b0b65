//! The tags of a build: `matchTag` and `goodOSArchFile` of go/build/build.go, and internal/syslist.

use crate::build_lines::{Constraint, ConstraintError};
use crate::constraint::{self, Expr};
use std::collections::BTreeSet;

/// `syslist.KnownOS`
const KNOWN_OS: &[&str] = &[
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

/// `syslist.UnixOS`
const UNIX_OS: &[&str] = &[
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

/// `syslist.KnownArch`
const KNOWN_ARCH: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
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

/// What a build has: the part of `build.Context` that constraints ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// GOOS.
    pub goos: String,
    /// GOARCH.
    pub goarch: String,
    /// Whether cgo is enabled.
    pub cgo: bool,
    /// `gc` or `gccgo`.
    pub compiler: String,
    /// Those of `-tags`.
    pub build_tags: BTreeSet<String>,
    /// Those of the toolchain, such as `goexperiment.regabiwrappers` or `amd64.v1`.
    pub tool_tags: BTreeSet<String>,
    /// `go1.1` and on, to that of the toolchain.
    pub release_tags: BTreeSet<String>,
    /// For no build in particular but for all of them together, as `go mod tidy` does: every tag but `ignore` is both
    /// set and not set, and any file name will do (`imports.AnyTags`).
    pub any: bool,
}

impl Tags {
    /// Those of Go 1.`minor` with the compiler gc and without cgo, `-tags` and tool tags.
    pub fn new(goos: impl Into<String>, goarch: impl Into<String>, minor: u32) -> Self {
        Self {
            goos: goos.into(),
            goarch: goarch.into(),
            compiler: "gc".to_owned(),
            release_tags: (1..=minor).map(|minor| format!("go1.{minor}")).collect(),
            ..Self::default()
        }
    }

    /// Whether a file of this constraint is built: `Context.shouldBuild`.
    ///
    /// # Errors
    /// The message of Go, which it prints behind `FILE: `.
    pub fn builds(&self, constraint: &Constraint) -> Result<bool, ConstraintError> {
        let holds = constraint.matches(&|tag| self.has(tag))?;
        Ok(if self.any { constraint.expressions().iter().all(Expr::may_hold) } else { holds })
    }

    /// Whether a tag is set: `Context.matchTag`.
    pub fn has(&self, tag: &str) -> bool {
        if self.cgo && tag == "cgo"
            || [&self.goos, &self.goarch, &self.compiler].iter().any(|name| *name == tag)
        {
            return true;
        }
        let implied = matches!(
            (self.goos.as_str(), tag),
            ("android", "linux") | ("illumos", "solaris") | ("ios", "darwin")
        );
        if implied || tag == "unix" && UNIX_OS.contains(&self.goos.as_str()) {
            return true;
        }
        let tag = if tag == "boringcrypto" { "goexperiment.boringcrypto" } else { tag };
        [&self.build_tags, &self.tool_tags, &self.release_tags]
            .iter()
            .any(|tags| tags.contains(tag))
    }

    /// Whether the condition of a `#cgo` line holds, such as `linux,amd64` or `linux && amd64`: `Context.matchAuto`.
    pub fn matches_auto(&self, text: &str) -> bool {
        let go_build = text.contains(['&', '|', '(', ')']);
        let marker = if go_build { "//go:build" } else { "// +build" };
        let expr = constraint::parse(&format!("{marker} {text}"));
        expr.is_ok_and(|expr| expr.eval(&mut |tag| self.has(tag)))
    }

    /// Whether the name of a file, such as `name_linux_amd64_test.go`, lets it be built: `Context.goodOSArchFile`.
    pub fn file_name_matches(&self, name: &str) -> bool {
        let (os, arch) = file_name_tags(name);
        self.any || arch.is_none_or(|arch| self.has(arch)) && os.is_none_or(|os| self.has(os))
    }
}

/// The operating system and the architecture that the name of a file asks for: what `goodOSArchFile` adds to
/// `Package.AllTags`.
pub fn file_name_tags(name: &str) -> (Option<&str>, Option<&str>) {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    // A name such as `linux.go` asks for nothing: only what is behind the first `_` counts.
    let Some((_, words)) = stem.split_once('_') else { return (None, None) };
    let words = match words.rsplit_once('_') {
        Some((words, "test")) => words,
        None if words == "test" => return (None, None),
        _ => words,
    };
    let (before, last) =
        words.rsplit_once('_').map_or((None, words), |(before, last)| (Some(before), last));
    let before = before.map(|before| before.rsplit_once('_').map_or(before, |(_, word)| word));
    let before = before.filter(|word| KNOWN_OS.contains(word));
    if KNOWN_ARCH.contains(&last) {
        (before, Some(last))
    } else if KNOWN_OS.contains(&last) {
        (Some(last), None)
    } else {
        (None, None)
    }
}
