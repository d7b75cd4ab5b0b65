//! Changes, as `git diff --raw -z` prints them.

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It came.
    Added,
    /// Its content or mode changed.
    Modified,
    /// It went.
    Deleted,
    /// It became a link, a file or a submodule.
    Type,
    /// It is in conflict.
    Unmerged,
}

/// A file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The file, relative to the top.
    pub path: String,
    /// The mode before, as git writes it: `100644`; `000000` where there was nothing.
    pub old_mode: String,
    /// The mode afterwards.
    pub new_mode: String,
    /// The object before; zeros where git does not know it.
    pub old: String,
    /// The object afterwards; zeros where git has not hashed it.
    pub new: String,
}

impl Change {
    /// A change of which no more is known.
    pub fn plain(kind: ChangeKind, path: String) -> Self {
        let none = String::new;
        Self { kind, path, old_mode: none(), new_mode: none(), old: none(), new: none() }
    }

    /// Whether only the mode of a file changed, to or from executable.
    pub fn is_mode_only(&self) -> bool {
        self.old == self.new && self.old_mode != self.new_mode && self.is_file()
    }

    /// Whether it is a regular file, before and afterwards.
    pub(crate) fn is_file(&self) -> bool {
        self.old_mode.starts_with("100") && self.new_mode.starts_with("100")
    }

    /// Whether it is a submodule, before or afterwards.
    pub fn is_submodule(&self) -> bool {
        self.old_mode == "160000" || self.new_mode == "160000"
    }
}

/// Parses the output of `--raw -z` without renames; what does not have this form is left out.
pub(crate) fn parse(printed: &str) -> Vec<Change> {
    let mut fields = printed.split('\0');
    let mut all = vec![];
    while let Some(head) = fields.next() {
        let Some(head) = head.strip_prefix(':') else { continue };
        let mut words = head.split(' ').map(str::to_owned);
        let (old_mode, new_mode) = (words.next(), words.next());
        let (old, new, status) = (words.next(), words.next(), words.next());
        let (Some(path), Some(status)) = (fields.next(), status) else { break };
        let kind = match status.as_bytes().first() {
            Some(b'A') => ChangeKind::Added,
            Some(b'D') => ChangeKind::Deleted,
            Some(b'T') => ChangeKind::Type,
            Some(b'U') => ChangeKind::Unmerged,
            _ => ChangeKind::Modified,
        };
        let text = Option::unwrap_or_default;
        all.push(Change {
            kind,
            path: path.to_owned(),
            old_mode: text(old_mode),
            new_mode: text(new_mode),
            old: text(old),
            new: text(new),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_parsed() {
        let printed = ":100644 100755 aa bb M\0a b\nc.go\0:000000 100644 00 cc A\0x\0:160000 000000 dd 00 D\0sub\0";
        let all = parse(printed);
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].kind, all[0].path.as_str()), (ChangeKind::Modified, "a b\nc.go"));
        assert_eq!((all[1].kind, all[1].new.as_str()), (ChangeKind::Added, "cc"));
        assert!(all[2].is_submodule());
        assert_eq!(parse(":1 2"), vec![]);
    }
}
