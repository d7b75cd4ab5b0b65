//! Reads a go.work file.

use crate::error::Error;
use crate::input::Work;
use std::path::PathBuf;

impl Work {
    /// Reads a go.work file; with it, the directories that it uses, as written, and their 1-based lines.
    ///
    /// # Errors
    /// [`Error::Parse`].
    pub fn parse(file: PathBuf, text: &[u8]) -> Result<(Self, Vec<(String, usize)>), Error> {
        let text = String::from_utf8_lossy(text);
        let mut uses = Vec::new();
        let mut rest = String::with_capacity(text.len());
        let mut in_block = false;
        for (line, content) in (1..).zip(text.split('\n')) {
            let code = content.split_once("//").map_or(content, |(code, _)| code);
            let words: Vec<&str> = code.split_whitespace().collect();
            let mut add = |path: &str| uses.push((path.trim_matches(['"', '`']).to_owned(), line));
            match (in_block, words.as_slice()) {
                (true, [")"]) => in_block = false,
                (true, []) => {}
                (true, [path]) => add(path),
                (false, ["use", "("]) => in_block = true,
                (false, ["use", path]) => add(path),
                _ => rest.push_str(content),
            }
            rest.push('\n');
        }
        match gomod::parse_go_mod(&rest) {
            Ok(read) => {
                let go = read.go.map(|go| go.version);
                let toolchain = read.toolchain.map(|one| one.name);
                Ok((Self { file, go, toolchain, replace: read.replace }, uses))
            }
            Err(errors) => Err(Error::Parse { file, errors }),
        }
    }
}
