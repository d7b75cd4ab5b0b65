//! `$(VAR)` in `command`, `args` and `env`.

use std::collections::HashMap;

use crate::place::Word;

/// A value may not grow longer than this, nor all of a container's words together than 128 times this.
const MAX_VALUE: usize = 64 << 10;

/// The variables of a container, in so far as the manifest tells.
pub(super) struct Environment {
    /// `None`: set, to something unknown.
    values: HashMap<String, Option<String>>,
    /// `envFrom` may set anything that `env` does not.
    from_elsewhere: bool,
    spent: usize,
}

impl Environment {
    pub(super) fn new(from_elsewhere: bool) -> Self {
        Self { values: HashMap::new(), from_elsewhere, spent: 0 }
    }

    pub(super) fn set(&mut self, name: String, value: Word) {
        self.values.insert(name, value.as_known().map(str::to_owned));
    }

    /// Whether the expansions were given up because variables double each other.
    pub(super) fn too_large(&self) -> bool {
        self.spent > MAX_VALUE * 128
    }

    pub(super) fn into_values(self) -> HashMap<String, Option<String>> {
        self.values
    }

    /// Expands the references in `word`. Rules: `Expand` of Kubernetes' `third_party/forked/golang/expansion/expand.go`.
    pub(super) fn expand(&mut self, word: Word) -> Word {
        let mut text = String::new();
        let mut rest = word.text.as_str();
        while let Some((before, behind)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(behind) = behind.strip_prefix('$') {
                text.push('$');
                rest = behind;
                continue;
            }
            let Some((name, behind)) =
                behind.strip_prefix('(').and_then(|inner| inner.split_once(')'))
            else {
                text.push('$');
                rest = behind;
                continue;
            };
            rest = behind;
            let known = match self.values.get(name) {
                Some(Some(value)) if text.len() + value.len() <= MAX_VALUE && !self.too_large() => {
                    text.push_str(value);
                    self.spent += value.len();
                    true
                }
                None if !self.from_elsewhere => {
                    text.push_str("$(");
                    text.push_str(name);
                    text.push(')');
                    true
                }
                _ => false,
            };
            if !known {
                return Word { text, open: Some(name.to_owned()), place: word.place };
            }
        }
        text.push_str(rest);
        Word { text, ..word }
    }
}
