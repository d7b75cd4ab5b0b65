//! What an object is, by how it begins.

/// What Go keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A compiled package.
    Package,
    /// A linked program or test (Go 1.24 and later keep those of `go run` and `go tool`).
    Program,
    /// The index of a module or of a folder of packages
    /// ([`cmd/go/internal/modindex`](https://go.dev/src/cmd/go/internal/modindex/read.go)).
    ModuleIndex,
    /// What a test read and printed.
    Test,
    /// Nothing: the output of a tool that had nothing to say.
    Empty,
    /// Anything else: generated sources, lists of files, facts of vet, profiles.
    #[default]
    Other,
}

impl Kind {
    /// All, in the order of reports.
    pub const ALL: [Self; 6] =
        [Self::Package, Self::Program, Self::ModuleIndex, Self::Test, Self::Empty, Self::Other];

    /// Of an object that begins so.
    pub fn of(head: &[u8]) -> Self {
        let begins = |words: &[&[u8]]| words.iter().any(|word| head.starts_with(word));
        if head.is_empty() {
            Self::Empty
        } else if begins(&[b"!<arch>\n__.PKGDEF"]) {
            Self::Package
        } else if begins(&[b"go index v"]) {
            Self::ModuleIndex
        } else if begins(&[b"# test log\n", b"ok  \t", b"PASS\n", b"=== RUN", b"\x16=== RUN"]) {
            Self::Test
        } else {
            Self::Other
        }
    }

    /// A name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Program => "program",
            Self::ModuleIndex => "module-index",
            Self::Test => "test",
            Self::Empty => "empty",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        assert_eq!(Kind::of(b""), Kind::Empty);
        assert_eq!(Kind::of(b"!<arch>\n__.PKGDEF       0"), Kind::Package);
        assert_eq!(Kind::of(b"!<arch>\n_cgo_.o"), Kind::Other);
        assert_eq!(Kind::of(b"go index v2\n"), Kind::ModuleIndex);
        assert_eq!(Kind::of(b"# test log\ngetenv HOME\n"), Kind::Test);
    }
}
