//! The linker's flags, as `-ldflags` has them.

use std::collections::BTreeMap;

/// What stands between words for the go command.
pub const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The words of `-ldflags`, with the quotes that the go command understands (`cmd/internal/quoted`, `Split`).
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let mut rest = text.trim_start_matches(BLANKS);
    while let Some(first) = rest.chars().next() {
        let (word, behind) = match first {
            quote @ ('\'' | '"') => {
                let body = rest.get(1..).unwrap_or_default();
                body.split_once(quote).unwrap_or((body, ""))
            }
            _ => rest.split_once(BLANKS).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = behind.trim_start_matches(BLANKS);
    }
    words
}

/// Flags of the linker with their values, the last of each; `-X` by the variable, as `X main.version`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkerFlags(BTreeMap<String, String>);

impl LinkerFlags {
    /// Of the text of a `-ldflags`, which may begin with packages that they are for: `all=-s`.
    pub fn of(text: &str) -> Self {
        /// Flags without a value (`cmd/link -help`).
        const PLAIN: &[&str] = &[
            "8",
            "a",
            "asan",
            "aslr",
            "bindnow",
            "c",
            "checklinkname",
            "compressdwarf",
            "d",
            "debugnosplit",
            "dumpdep",
            "e",
            "f",
            "g",
            "h",
            "linkshared",
            "msan",
            "n",
            "pruneweakmap",
            "race",
            "s",
            "v",
            "w",
        ];
        let text = text.trim_matches(BLANKS);
        // `PerPackageFlag` of `cmd/go/internal/load`.
        let text = match text.split_once('=') {
            Some((_, flags)) if !text.starts_with('-') => flags,
            _ => text,
        };
        let mut out = BTreeMap::new();
        let mut rest = words(text).into_iter();
        while let Some(word) = rest.next() {
            let name = word.trim_start_matches('-').to_owned();
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name.to_owned(), value.to_owned()),
                None if PLAIN.contains(&name.as_str()) => (name, "true".to_owned()),
                None => (name, rest.next().unwrap_or_default()),
            };
            match value.split_once('=') {
                Some((variable, value)) if name == "X" => {
                    out.insert(format!("X {variable}"), value.to_owned())
                }
                _ => out.insert(name, value),
            };
        }
        Self(out)
    }

    /// The value of a flag.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a flag without a value is on; none where it is not given.
    pub fn on(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True"))
    }

    /// All, by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether they ask for no symbol table.
    pub fn drop_symbols(&self) -> bool {
        self.on("s") == Some(true)
    }

    /// Whether they ask for no debug information: `-s` does, too, unless `-w=false` stands beside it (Go 1.22).
    pub fn drop_debug(&self) -> bool {
        self.on("w").unwrap_or_else(|| self.drop_symbols())
    }

    /// Whether the linker of C is asked for one of both.
    pub fn c_linker_strips(&self) -> bool {
        let asks = |flag| matches!(flag, "-s" | "-S" | "-Wl,-s" | "-Wl,-S" | "-Wl,--strip-all");
        self.get("extldflags").is_some_and(|flags| flags.split_whitespace().any(asks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_within_another_is_no_flag() {
        for (text, symbols, debug) in [
            ("-s", true, true),
            ("--s -w", true, true),
            ("-w=true", false, true),
            ("-s=1", true, true),
            ("-s=false", false, false),
            ("-w -w=0", false, false),
            ("-s -w=false", true, false),
            ("all=-s", true, true),
            (" -X main.version=9", false, false),
            ("-X main.flag=-s", false, false),
            ("-X -s", false, false),
            ("-X 'main.text=a -w b'", false, false),
            ("-extldflags \"-static -s\"", false, false),
            ("-linkmode external '-s'", true, true),
            ("-compressdwarf=0 -s", true, true),
            ("-bindnow -s", true, true),
        ] {
            let flags = LinkerFlags::of(text);
            assert_eq!((flags.drop_symbols(), flags.drop_debug()), (symbols, debug), "{text}");
        }
        assert!(LinkerFlags::of("-extldflags \"-static -s\"").c_linker_strips());
    }
}
