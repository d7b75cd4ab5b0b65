//! Paths in a PDB against rules: where sources must be, and where nothing may be.

use super::{PathKind, Pdb};
use serde::Serialize;

/// What is required of paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// A source path begins with one of these; empty: any will do.
    pub required: Vec<String>,
    /// No path begins with one of these, nor does any word of a command line.
    pub forbidden: Vec<String>,
    /// Nor is any of them of the machine that it was built on; see [`is_machine_local`].
    pub no_local: bool,
}

/// A path that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// What it is of.
    pub kind: PathKind,
    /// The path; of a command line, the word that breaks the rule.
    pub path: String,
    /// The prefix that it has and should not have; none where it has none of those it should have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// Folders of a person or of a moment, with `*` for one name.
const LOCAL: &[&str] = &[
    "/home/*/",
    "/root/",
    "/Users/*/",
    "/tmp/",
    "/var/tmp/",
    "/private/tmp/",
    "/private/var/folders/",
    "/var/folders/",
    "/builds/",
    "/__w/",
    "?:/Users/*/",
    "?:/Documents and Settings/*/",
    "?:/Temp/",
    "?:/Windows/Temp/",
    "?:/a/",
    "?:/agent/_work/",
    "?:/actions-runner/_work/",
];

/// The prefix by which a path is one of the machine that built it, in slashes: a person's folder, a temporary
/// one, a CI runner's working folder.
pub fn is_machine_local(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    LOCAL.iter().find_map(|pattern| glob(&path, pattern))
}

/// What of the path the pattern covers; Windows' names know no case.
fn glob(path: &str, pattern: &str) -> Option<String> {
    let mut rest = path;
    let any_case = pattern.starts_with('?');
    for sign in pattern.chars() {
        let first = rest.chars().next()?;
        let same = match sign {
            '*' => {
                let end = rest.find('/').filter(|end| *end > 0)?;
                rest = rest.get(end..)?;
                continue;
            }
            '?' => first.is_ascii_alphabetic(),
            sign if any_case => first.eq_ignore_ascii_case(&sign),
            sign => first == sign,
        };
        if !same {
            return None;
        }
        rest = rest.get(first.len_utf8()..)?;
    }
    path.get(..path.len() - rest.len()).map(str::to_owned)
}

/// Whether a path begins so; slashes of both kinds are the same.
fn begins(path: &str, prefix: &str) -> bool {
    path.replace('\\', "/").starts_with(&prefix.replace('\\', "/"))
}

/// Sources that are of no place: made up by the compiler.
fn is_placeless(path: &str) -> bool {
    path.is_empty() || path.starts_with('<') || path == "*"
}

/// The words of a line that may be paths: `-pdb:/tmp/x.pdb` and `-I/home/x` have theirs in the middle.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_ascii_whitespace().map(|word| word.trim_matches(['"', '\'']));
    words.flat_map(|word| {
        let colon = word.find(':').filter(|at| *at > 1).map(|at| at + 1);
        let equals = word.find('=').map(|at| at + 1);
        let slash = word.find('/').filter(|_| word.starts_with('-'));
        let parts = [Some(0), colon, equals, slash];
        parts.into_iter().flatten().filter_map(|at| word.get(at..)).collect::<Vec<_>>()
    })
}

impl Pdb {
    /// Paths that break a rule, each once: first sources, which all readers see. `file` is the PDB's own path as
    /// the image has it.
    pub fn broken(&self, file: Option<&str>, rules: &Rules) -> Vec<Broken> {
        let file = file.map(|file| (PathKind::PdbFile, file.to_owned()));
        let mut broken = vec![];
        for (kind, text) in file.iter().chain(&self.paths) {
            let lines = matches!(kind, PathKind::Linker | PathKind::Compiler);
            let candidates: Vec<&str> = if lines { words(text).collect() } else { vec![text] };
            let forbidden = |path: &str| {
                let named = rules.forbidden.iter().find(|prefix| begins(path, prefix)).cloned();
                named.or_else(|| is_machine_local(path).filter(|_| rules.no_local))
            };
            for path in std::iter::once(text.as_str()).filter(|_| lines).chain(candidates) {
                if let Some(prefix) = forbidden(path) {
                    // A folder with spaces is a word, too; a whole command line is not.
                    broken.push(Broken {
                        kind: *kind,
                        path: path.to_owned(),
                        prefix: Some(prefix),
                    });
                    break;
                }
            }
            let required = &rules.required;
            if *kind == PathKind::Source
                && !required.is_empty()
                && !is_placeless(text)
                && !required.iter().any(|prefix| begins(text, prefix))
            {
                broken.push(Broken { kind: *kind, path: text.clone(), prefix: None });
            }
        }
        broken.sort_unstable();
        broken.dedup();
        broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_a_person_or_a_moment_are_local() {
        for (path, wanted) in [
            ("/home/ann/pay/a.c", Some("/home/ann/")),
            ("/tmp/go-build1/x.o", Some("/tmp/")),
            ("C:\\Users\\ann\\a.cc", Some("C:/Users/ann/")),
            ("d:\\users\\ann\\a.cc", Some("d:/users/ann/")),
            ("D:\\a\\repo\\repo\\a.cc", Some("D:/a/")),
            ("/Users/ann/a.c", Some("/Users/ann/")),
            ("/src/a.c", None),
            ("/homes/ann/a.c", None),
            ("/home/", None),
            ("/usr/lib/crt2.o", None),
            ("C:\\src\\a.cc", None),
            ("ä:/users/x/", None),
            ("tmp/x", None),
        ] {
            assert_eq!(is_machine_local(path).as_deref(), wanted, "{path}");
        }
    }

    #[test]
    fn words_of_command_lines_are_looked_into() {
        let all: Vec<&str> =
            words("-lldmingw -pdb:/tmp/x.pdb -I/home/a/inc \"-out:C:\\Users\\a\\x\"").collect();
        for path in ["/tmp/x.pdb", "/home/a/inc", "C:\\Users\\a\\x"] {
            assert!(all.contains(&path), "{path}: {all:?}");
        }
        assert!(words("C:\\Users\\a").any(|word| word == "C:\\Users\\a"));
    }
}
