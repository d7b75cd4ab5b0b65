//! What other programs of a job say in their own name: who fetches, copies and tidies up is not the build.

/// Programs that look after files and processes; a build goes on without them.
const TIDY: &[&str] = &[
    "rm", "rmdir", "find", "ls", "chown", "chmod", "grep", "cat", "sed", "awk", "touch", "kill",
    "pkill", "du", "stat",
];

/// Programs that bring what a step needs, and may be why it fails.
const BRING: &[&str] =
    &["curl", "wget", "cp", "mv", "ln", "mkdir", "tar", "unzip", "gzip", "rsync"];

/// Whose word a line is, if a program of the job's own begins it with its name: `rm: cannot remove 'x': …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// It tidies up.
    Tidies,
    /// It brings something: nothing is proven, but it may explain.
    Brings,
}

/// Who says the line.
pub(crate) fn hand(text: &[u8]) -> Option<Hand> {
    let text = text.trim_ascii_start();
    let end = text.iter().take(60).position(|byte| *byte == b':')?;
    let name = text.get(..end)?;
    if text.get(end + 1) != Some(&b' ') {
        return None;
    }
    let name = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
    let is = |names: &[&str]| names.iter().any(|one| one.as_bytes() == name);
    if is(TIDY) {
        Some(Hand::Tidies)
    } else if is(BRING) || is_exception(name) {
        Some(Hand::Brings)
    } else {
        None
    }
}

/// `RuntimeError`, `java.io.IOException`: another language's.
fn is_exception(name: &[u8]) -> bool {
    name.len() > 7
        && (name.ends_with(b"Error") || name.ends_with(b"Exception"))
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_its_name() {
        for (line, wanted) in [
            ("rm: cannot remove '/go/pkg/mod/x': Permission denied", Some(Hand::Tidies)),
            ("/usr/bin/find: '/proc/1': Permission denied", Some(Hand::Tidies)),
            ("curl: (22) The requested URL returned error: 404", Some(Hand::Brings)),
            ("  /usr/bin/tar: x: Cannot open: File exists", Some(Hand::Brings)),
            ("RuntimeError: undefined: x", Some(Hand::Brings)),
            ("Error: x", None),
            ("go: updates to go.mod needed", None),
            ("go build x: copying /tmp/a: permission denied", None),
            ("rm:x", None),
            ("cp", None),
        ] {
            assert_eq!(hand(line.as_bytes()), wanted, "{line}");
        }
    }
}
