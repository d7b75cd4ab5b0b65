//! Where a finding's file is, seen from the repository, and how a URI says so.

/// A finding's file, seen from the root of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the repository: a clean relative path without `.` or `..`; `.` for the root itself.
    Inside(String),
    /// Above the repository's root as far as we know: starts with `../`.
    Outside(String),
    /// An absolute path, starting with a slash; a Windows drive comes after it.
    Absolute(String),
}

impl Place {
    /// The place of `path`, which is relative to the target, in a repository that has the target in
    /// the folder `prefix` ([`goward_model::Identity::prefix`]).
    pub(crate) fn of(prefix: &str, path: &str) -> Self {
        if path.starts_with('/') {
            return Self::Absolute(path.to_owned());
        }
        if let [drive, b':', b'/' | b'\\', ..] = path.as_bytes()
            && drive.is_ascii_alphabetic()
        {
            return Self::Absolute(format!("/{}", path.replace('\\', "/")));
        }
        let (mut up, mut parts) = (0_usize, vec![]);
        for part in prefix.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.pop().is_none() => up += 1,
                ".." => {}
                part => parts.push(part),
            }
        }
        match (up, parts.is_empty()) {
            (0, true) => Self::Inside(".".into()),
            (0, false) => Self::Inside(parts.join("/")),
            (up, _) => Self::Outside("../".repeat(up) + &parts.join("/")),
        }
    }

    /// The URI reference (RFC 3986) of the place: relative, or `file://` for absolute paths.
    pub(crate) fn uri(&self) -> String {
        match self {
            Self::Inside(path) | Self::Outside(path) => percent_encode(path, false),
            Self::Absolute(path) => format!("file://{}", percent_encode(path, true)),
        }
    }
}

/// Encodes everything but the characters that RFC 3986 allows in a path. A colon would make a
/// scheme of a relative reference's first segment.
fn percent_encode(path: &str, colon: bool) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*'
            | b'+' | b',' | b';' | b'=' | b'@' => out.push(char::from(byte)),
            b':' if colon => out.push(':'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_their_uris() {
        for (prefix, path, uri) in [
            ("", "go.mod", "go.mod"),
            ("services/pay/", "go.mod", "services/pay/go.mod"),
            ("services/pay/", "../../go.work", "go.work"),
            ("services/pay/", "../lib/./x//y.go", "services/lib/x/y.go"),
            ("services/pay", "a/../b", "services/pay/b"),
            ("pay/", "../../other/go.mod", "../other/go.mod"),
            ("pay/", "..", "."),
            ("", "", "."),
            ("", "..", "../"),
            ("pay/", "/etc/ssl/a b.pem", "file:///etc/ssl/a%20b.pem"),
            ("pay/", "C:\\certs\\a.pem", "file:///C:/certs/a.pem"),
            ("", "c:x", "c%3Ax"),
            ("", "中 文/100%?#.yaml", "%E4%B8%AD%20%E6%96%87/100%25%3F%23.yaml"),
            ("", "a\nb\u{1b}", "a%0Ab%1B"),
            ("", "[v1]/{{x}}|y", "%5Bv1%5D/%7B%7Bx%7D%7D%7Cy"),
        ] {
            assert_eq!(Place::of(prefix, path).uri(), uri, "{prefix} {path}");
        }
    }
}
