//! txtar archives, the format of Go's own script tests (`golang.org/x/tools/txtar`): a comment,
//! then files, each behind a line `-- NAME --`.

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What stands between the dashes.
    pub name: String,
    /// The lines up to the next marker.
    pub body: String,
}

/// Splits an archive. Text before the first marker is a comment and is dropped.
pub fn parse(archive: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![];
    for line in archive.split_inclusive('\n') {
        if let Some(name) = marker(line.trim_end()) {
            entries.push(Entry { name: name.into(), body: String::new() });
        } else if let Some(entry) = entries.last_mut() {
            entry.body.push_str(line);
        }
    }
    entries
}

fn marker(line: &str) -> Option<&str> {
    let name = line.strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_split_at_its_markers() {
        let entries = parse("comment\n-- a --\none\n--b--\n-- c d --\n");
        let pairs: Vec<_> = entries.iter().map(|e| (e.name.as_str(), e.body.as_str())).collect();
        assert_eq!(pairs, [("a", "one\n--b--\n"), ("c d", "")]);
    }
}
