//! Reads a go.work file: the parser of go.mod files reads all but the `use` directives.

use crate::error::Error;
use crate::input::Work;
use gomod::GoMod;
use std::path::PathBuf;

/// A `use` directive: the directory as written, and its 1-based line.
type Use = (String, usize);

impl Work {
    /// Reads a go.work file; with it, the directories that it uses, as written, and their 1-based lines.
    ///
    /// # Errors
    /// [`Error::Parse`].
    pub fn parse(file: PathBuf, text: &[u8]) -> Result<(Self, Vec<Use>), Error> {
        let text = String::from_utf8_lossy(text);
        let (uses, rest) = split(&text);
        let read = match gomod::parse_go_mod(&rest) {
            Ok(read) => read,
            Err(errors) => return Err(Error::Parse { file, errors }),
        };
        if let Some(error) = foreign(&read) {
            return Err(Error::Parse { file, errors: vec![error] });
        }
        let go = read.go.map(|go| go.version);
        let toolchain = read.toolchain.map(|one| one.name);
        Ok((Self { file, go, toolchain, replace: read.replace }, uses))
    }
}

/// The `use` directives, and the file without them: blank lines take their place.
fn split(text: &str) -> (Vec<Use>, String) {
    let mut uses = Vec::new();
    let mut rest = String::with_capacity(text.len());
    let mut block = None;
    for (line, content) in (1..).zip(text.split('\n')) {
        let code = content.split_once("//").map_or(content, |(code, _)| code);
        let words: Vec<&str> = code.split_whitespace().collect();
        let mut add = |path: &str| uses.push((path.trim_matches(['"', '`']).to_owned(), line));
        match (block.is_some(), words.as_slice()) {
            (true, [")"]) => block = None,
            (true, []) => {}
            (true, [path]) => add(path),
            (false, ["use", "("]) => block = Some(line),
            (false, ["use", path]) => add(path),
            // What is malformed, the parser refuses: it knows no `use`.
            _ => rest.push_str(content),
        }
        rest.push('\n');
    }
    if block.is_some() {
        rest.push_str("use (\n");
    }
    (uses, rest)
}

/// A directive that only go.mod files may have.
fn foreign(file: &GoMod) -> Option<gomod::Error> {
    let module = file.module.iter().map(|one| ("module", one.span));
    let require = file.require.iter().map(|one| ("require", one.span));
    let exclude = file.exclude.iter().map(|one| ("exclude", one.span));
    let retract = file.retract.iter().map(|one| ("retract", one.span));
    let tool = file.tool.iter().map(|one| ("tool", one.span));
    let ignore = file.ignore.iter().map(|one| ("ignore", one.span));
    let all = module.chain(require).chain(exclude).chain(retract).chain(tool).chain(ignore);
    let (verb, span) = all.min_by_key(|(_, span)| span.start)?;
    let (line, column) = (span.start.line, span.start.column);
    Some(gomod::Error { line, column, message: format!("unknown directive: {verb}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(Work, Vec<Use>), Error> {
        Work::parse("/w/go.work".into(), text.as_bytes())
    }

    #[test]
    fn a_file_of_every_directive() {
        let text = "go 1.24 // c\ntoolchain go1.24.1\n\nuse ./a // a\nuse (\n\t. // here\n\n\t\"../b\"\n)\n\
                    godebug default=go1.21\nreplace example.com/a => ./x\n";
        let (work, uses) = parse(text).unwrap();
        let want = [("./a", 4), (".", 6), ("../b", 8)];
        assert_eq!(uses, want.map(|(path, line)| (path.to_owned(), line)));
        assert_eq!((work.go_version(), work.toolchain.as_deref()), ("1.24", Some("go1.24.1")));
        assert_eq!(work.replace[0].span.start.line, 11);
    }

    #[test]
    fn what_go_refuses_is_refused() {
        let cases = [
            ("use (\n./a\n", "unterminated block"),
            ("use ./a ./b\n", "two directories"),
            ("go 1.24\nrequire example.com/a v1.0.0\n", "a directive of go.mod"),
            ("go one\n", "a malformed version"),
        ];
        for (text, name) in cases {
            assert!(matches!(parse(text), Err(Error::Parse { .. })), "{name}");
        }
    }
}
