//! The index, as `git ls-files -z --stage -v` prints it.

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The file, relative to the top.
    pub path: String,
    /// `100644`, `100755`, `120000` for a link, `160000` for a submodule.
    pub mode: String,
    /// The object.
    pub object: String,
    /// A sparse checkout leaves it out of the worktree.
    pub skip_worktree: bool,
    /// Git does not look at the worktree's file.
    pub assume_unchanged: bool,
}

impl IndexEntry {
    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.mode == "120000"
    }
}

/// Parses the listing; what does not have this form is left out.
pub(crate) fn parse(printed: &str) -> Vec<IndexEntry> {
    printed.split('\0').filter_map(entry).collect()
}

/// `H 100644 OBJECT 0<tab>path`
fn entry(line: &str) -> Option<IndexEntry> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let (tag, mode, object) = (words.next()?, words.next()?, words.next()?);
    Some(IndexEntry {
        path: path.to_owned(),
        mode: mode.to_owned(),
        object: object.to_owned(),
        skip_worktree: tag.eq_ignore_ascii_case("S"),
        assume_unchanged: tag.chars().all(|c| c.is_ascii_lowercase()),
    })
}

/// Names with zeros between them.
pub(crate) fn names(printed: &str) -> Vec<String> {
    printed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_parsed() {
        let all =
            parse("H 100644 aa 0\ta\tb.go\0S 120000 bb 0\tlink\0h 160000 cc 0\tsub\0rubbish\0");
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].path.as_str(), all[0].skip_worktree), ("a\tb.go", false));
        assert!(all[1].skip_worktree && !all[1].assume_unchanged);
        assert!(all[2].assume_unchanged);
    }
}
