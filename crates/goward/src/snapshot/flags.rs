//! Flags of go build, from GOFLAGS and the command line: pure.

use std::collections::BTreeMap;

/// Flags without a value.
const SWITCHES: &[&str] = &["-trimpath", "-race", "-msan", "-asan", "-cover", "-linkshared"];
/// Flags with one that build info has.
const VALUES: &[&str] = &[
    "-buildmode",
    "-compiler",
    "-tags",
    "-ldflags",
    "-gcflags",
    "-asmflags",
    "-gccgoflags",
    "-pgo",
];

/// Splits GOFLAGS as the go command does: at blanks; a whole flag may stand in quotes.
/// Source: `cmd/internal/quoted.Split`.
pub(super) fn of_goflags(text: &str) -> Vec<String> {
    let mut all = vec![];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = match first {
            '\'' | '"' => {
                let inner = rest.get(1..).unwrap_or_default();
                inner.split_once(first).unwrap_or((inner, ""))
            }
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        all.push(word.to_owned());
        rest = behind.trim_start();
    }
    all
}

/// What they set, by the names of build info; a later one wins. Flags that build info does not have are left out.
pub(super) fn settings(words: &[String]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let flag =
            word.strip_prefix("--").map(|it| format!("-{it}")).unwrap_or_else(|| word.clone());
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (flag, None),
        };
        if SWITCHES.contains(&name.as_str()) {
            let value = value.unwrap_or_else(|| "true".to_owned());
            match matches!(value.as_str(), "true" | "1" | "t" | "T" | "TRUE" | "True") {
                true => all.insert(name, "true".to_owned()),
                false => all.remove(&name),
            };
        } else if VALUES.contains(&name.as_str())
            && let Some(value) = value.or_else(|| words.next().cloned())
        {
            all.insert(name, value);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let all = settings(&of_goflags(text));
        all.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn flags_are_read_as_go_reads_them() {
        for (goflags, wanted) in [
            ("", ""),
            ("-trimpath -tags=a,b -mod=vendor", "-tags=a,b -trimpath=true"),
            ("'-ldflags=-s -w' --race", "-ldflags=-s -w -race=true"),
            ("-race -race=false", ""),
            ("-tags=a -tags=b", "-tags=b"),
        ] {
            assert_eq!(of(goflags), wanted, "{goflags}");
        }
        let words = ["-buildmode", "plugin", "-trimpath"].map(str::to_owned);
        assert_eq!(settings(&words)["-buildmode"], "plugin");
    }
}
