//! Builtins of shells: what they do to the variables and parameters of the rest of the script.

use super::{Candidate, Walk};
use crate::place::Word;
use crate::shell::commands::Simple;

impl Walk<'_> {
    /// Builtins that change what follows; `true` if `name` is one.
    pub(super) fn builtin(&mut self, simple: &Simple, name: &str, words: &[Word]) -> bool {
        let rest = words.get(1..).unwrap_or_default();
        match name {
            "export" | "readonly" | "local" | "declare" | "typeset" => {
                let exports = name == "export"
                    || rest
                        .iter()
                        .any(|word| word.text.starts_with('-') && word.text.contains('x'));
                for word in rest {
                    // `export $(cat .env)` sets anything.
                    if word.open.is_some() && !word.text.contains('=') {
                        self.forget();
                        continue;
                    }
                    // A name reference changes another variable.
                    if word.text.starts_with('-') && word.text.contains('n') && name != "export" {
                        self.forget();
                    }
                    let (name, value) = match word.text.split_once('=') {
                        Some((name, value)) => (name, Some(value)),
                        None => (word.text.as_str(), None),
                    };
                    if let Some(value) = value {
                        let value = word.open.is_none().then(|| value.to_owned());
                        // `declare A+=x`
                        let adds = name.ends_with('+');
                        let value = value.filter(|_| !adds);
                        self.assign(simple, name.trim_end_matches('+'), value);
                    }
                    if exports {
                        self.variables.export(Some(name.trim_end_matches('+')));
                    }
                }
            }
            "let" => self.forget(),
            "printf" if rest.first().is_some_and(|word| word.text.starts_with("-v")) => {
                let inline = rest.first().and_then(|word| word.text.strip_prefix("-v"));
                let name = inline.filter(|name| !name.is_empty()).map(str::to_owned);
                match name.or_else(|| rest.get(1)?.as_known().map(str::to_owned)) {
                    Some(name) => self.assign(simple, &name, None),
                    None => self.forget(),
                }
            }
            "unset" | "read" | "mapfile" | "readarray" | "getopts" => {
                for word in rest {
                    self.assign(simple, &word.text, None);
                }
            }
            "set" => self.set_builtin(simple, rest),
            "shift" => {
                let count = rest.first().map_or(Some(1), |word| word.as_known()?.parse().ok());
                let words = self.variables.positional.take().zip(count);
                let words = words.and_then(|(words, count): (Vec<Word>, usize)| {
                    Some(words.get(count..)?.to_vec())
                });
                self.set_positional(simple, words);
            }
            // Another file may set anything.
            "source" | "." => self.forget(),
            "exit" | "return" => {
                // `if …; then server; exit; fi`: there this is all that runs.
                let last = self.candidates.last_mut();
                let same = |last: &&mut Candidate| {
                    last.depth == simple.depth && last.function == simple.function
                };
                if let Some(last) = last.filter(|_| simple.depth > 0).filter(same) {
                    last.exec = true;
                }
            }
            "trap" | "wait" => {}
            _ => return false,
        }
        true
    }

    /// `set -e`, `set -- words`, `set -o pipefail`.
    fn set_builtin(&mut self, simple: &Simple, words: &[Word]) {
        let mut rest = words;
        while let Some((first, tail)) = rest.split_first() {
            let Some(text) = first.as_known() else { return self.set_positional(simple, None) };
            if text == "--" || text == "-" {
                return self.set_positional(simple, Some(tail.to_vec()));
            }
            if !text.starts_with(['-', '+']) {
                return self.set_positional(simple, Some(rest.to_vec()));
            }
            if text.starts_with('-') {
                let option =
                    tail.first().filter(|_| text.ends_with('o')).map(|word| word.text.as_str());
                self.not_followed |= text.contains('n') || option == Some("noexec");
            }
            let skip = usize::from(text.ends_with('o'));
            rest = tail.get(skip..).unwrap_or_default();
        }
    }
}
