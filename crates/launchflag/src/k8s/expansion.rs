//! `$(VAR)` in `command`, `args` and `env`.

use std::collections::HashMap;

use crate::place::Word;
use crate::shell::Variables;

/// A word may not grow longer than this by its variables, nor all words of a container together than 128 times this.
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

    pub(super) fn set(&mut self, name: &str, value: &Word) {
        self.values.insert(name.to_owned(), value.as_known().map(str::to_owned));
    }

    /// Whether the expansions were given up because variables double each other.
    pub(super) fn too_large(&self) -> bool {
        self.spent > MAX_VALUE * 128
    }

    /// The variables as a shell in the container sees them.
    pub(super) fn into_variables(self) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in self.values {
            variables.set(&name, value);
        }
        variables
    }

    /// Expands the references in `word`. Rules: `Expand` of Kubernetes' `third_party/forked/golang/expansion/expand.go`.
    pub(super) fn expand(&mut self, word: &Word) -> Word {
        let mut out = String::new();
        let mut rest = word.with_its_holes();
        while let Some((before, behind)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(behind) = behind.strip_prefix('$') {
                out.push('$');
                rest = behind;
                continue;
            }
            let Some(inner) = behind.strip_prefix('(') else {
                out.push('$');
                rest = behind;
                continue;
            };
            let Some((name, behind)) = inner.split_once(')') else {
                // No later reference is closed either.
                out.push('$');
                out.push_str(&behind.replace("$$", "$"));
                return Word::with_holes(out, word.place.clone());
            };
            rest = behind;
            match self.values.get(name) {
                Some(Some(value)) if out.len() + value.len() <= MAX_VALUE && !self.too_large() => {
                    out.push_str(value);
                    self.spent += value.len();
                }
                None if !self.from_elsewhere => {
                    out.push_str("$(");
                    out.push_str(name);
                    out.push(')');
                }
                _ => Word::push_hole(&mut out, name),
            }
        }
        out.push_str(rest);
        Word::with_holes(out, word.place.clone())
    }
}
