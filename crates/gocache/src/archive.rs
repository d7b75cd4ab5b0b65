//! The head of a compiled package: toolchain and build ID
//! ([`ReadFile`](https://go.dev/src/cmd/internal/buildid/buildid.go)).

/// So many bytes hold the head; Go reads as many.
pub(crate) const HEAD: usize = 1024;
/// `!<arch>\n` and the first member, which the go command always writes first.
const MAGIC: &[u8] = b"!<arch>\n__.PKGDEF";

/// What ties an output to the action that made it: `action/[…/]content`
/// ([`cmd/go/internal/work/buildid.go`](https://go.dev/src/cmd/go/internal/work/buildid.go)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildId(pub String);

impl BuildId {
    /// A build ID of the form that the go command writes; `-buildid` takes any text.
    pub fn of_go(text: &str) -> Option<Self> {
        let is_part = |part: &str| {
            part.len() == 20
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let parts = text.split('/').count();
        (matches!(parts, 2 | 4) && text.split('/').all(is_part)).then(|| Self(text.to_owned()))
    }

    /// The head of the action's hash.
    pub fn action(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The head of the hash of the output, the build ID in it zeroed.
    pub fn content(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// The head of a compiled package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// `GOOS`.
    pub goos: String,
    /// `GOARCH`.
    pub goarch: String,
    /// The compiler: `go1.26.8`.
    pub version: String,
    /// The build ID; none where there is none, or one that the go command did not write.
    pub build_id: Option<BuildId>,
}

/// Reads the head of a compiled package; none where the bytes are something else.
pub fn parse_archive(head: &[u8]) -> Option<Archive> {
    let head = &head[..head.len().min(HEAD)];
    if !head.starts_with(MAGIC) {
        return None;
    }
    let mut lines = head.split(|byte| *byte == b'\n').skip(2);
    let object = std::str::from_utf8(lines.next()?).ok()?.strip_prefix("go object ")?;
    let mut words = object.split(' ');
    let (goos, goarch, version) = (words.next()?, words.next()?, words.next()?);
    let build_id = lines.next().and_then(|line| {
        let quoted = std::str::from_utf8(line).ok()?.strip_prefix("build id \"")?;
        BuildId::of_go(quoted.strip_suffix('"')?)
    });
    // Development versions have spaces: `devel go1.27-abc Thu …`.
    let version = if version == "devel" { words.next().unwrap_or(version) } else { version };
    Some(Archive {
        goos: goos.to_owned(),
        goarch: goarch.to_owned(),
        version: version.to_owned(),
        build_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "aaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbb-_";

    fn head(object: &str, id: &str) -> Vec<u8> {
        let member = "__.PKGDEF       0           0     0     644     7955      `";
        format!("!<arch>\n{member}\n{object}\n{id}\nmain\n").into_bytes()
    }

    #[test]
    fn a_head_is_read() {
        let line = format!("build id \"{ID}\"");
        let found = parse_archive(&head("go object linux amd64 go1.26.8 X:none", &line)).unwrap();
        assert_eq!(
            (found.goos.as_str(), found.goarch.as_str(), found.version.as_str()),
            ("linux", "amd64", "go1.26.8")
        );
        let id = found.build_id.unwrap();
        assert_eq!((id.action(), id.content()), (&ID[..20], &ID[21..]));
        let devel =
            parse_archive(&head("go object linux arm64 devel go1.27-ab X:none", "")).unwrap();
        assert_eq!((devel.version.as_str(), devel.build_id), ("go1.27-ab", None));
    }

    #[test]
    fn only_ids_of_the_go_command_tie() {
        let of = |text: &str| BuildId::of_go(text).is_some();
        assert!(of(ID) && of(&format!("{ID}/{ID}")));
        assert!(!of("") && !of("redacted") && !of(&ID[1..]) && !of(&format!("{ID}/{}", &ID[..20])));
        assert!(!of(&ID.replace('a', "\"")));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>, object in ".*", line in ".*") {
            let _ = parse_archive(&bytes);
            let _ = parse_archive(&head(&object, &line));
        }
    }
}
