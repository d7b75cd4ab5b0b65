//! `...` in package patterns (`cmd/internal/pkgpattern`).

use regex::Regex;

/// Stands for a `vendor` that is followed by something: no wildcard matches it.
const VENDOR: &str = "\0";

/// A pattern with `...`.
#[derive(Debug)]
pub(crate) struct Wildcard {
    /// `None` matches nothing.
    regex: Option<Regex>,
    /// What stands before the first `...`.
    start: String,
}

impl Wildcard {
    pub(crate) fn new(pattern: &str) -> Self {
        let start = pattern.split("...").next().unwrap_or_default().to_owned();
        let regex = if pattern.contains(VENDOR) { None } else { regex(pattern) };
        Self { regex, start }
    }

    /// `pkgpattern.MatchPattern`
    pub(crate) fn matches(&self, name: &str) -> bool {
        !name.contains(VENDOR)
            && self.regex.as_ref().is_some_and(|regex| regex.is_match(&without_vendor(name)))
    }

    /// Whether something below a name may match (`pkgpattern.TreeCanMatchPattern`).
    pub(crate) fn may_match_below(&self, name: &str) -> bool {
        let is_above = self.start.len() >= name.len()
            && self.start.strip_prefix(name).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || name.ends_with('/') || name.is_empty()
            });
        is_above || name.starts_with(&self.start)
    }
}

/// `pkgpattern.matchPatternInternal`
fn regex(pattern: &str) -> Option<Regex> {
    let quoted = without_vendor(&regex::escape(pattern));
    let vendored = format!(r"/{VENDOR}/\.\.\.");
    let mut text = if let Some(start) = quoted.strip_suffix(&vendored) {
        format!(r"{start}(/vendor|/{VENDOR}/\.\.\.)")
    } else if quoted.strip_prefix(VENDOR) == Some(r"/\.\.\.") {
        format!(r"(/vendor|/{VENDOR}/\.\.\.)")
    } else {
        quoted
    };
    if let Some(start) = text.strip_suffix(r"/\.\.\.") {
        text = format!(r"{start}(/\.\.\.)?");
    }
    let text = text.replace(r"\.\.\.", &format!("[^{VENDOR}]*"));
    Regex::new(&format!("^(?:{text})$")).ok()
}

/// `pkgpattern.replaceVendor`
fn without_vendor(path: &str) -> String {
    let mut elements: Vec<&str> = path.split('/').collect();
    if let Some((_, before)) = elements.split_last_mut() {
        before.iter_mut().filter(|one| **one == "vendor").for_each(|one| *one = VENDOR);
    }
    elements.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `cmd/internal/pkgpattern/pat_test.go`: a pattern, what it matches, and what not.
    #[test]
    fn patterns_match_as_in_go() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("...", &["foo", "foo/bar", "vendor"], &["foo/vendor/x", "vendor/x"]),
            ("net", &["net"], &["net/http", "not/http/httptest", "netchan"]),
            ("net...", &["net", "net/http", "net/http/httptest", "netchan"], &["not/http"]),
            ("net/...", &["net", "net/http", "net/http/httptest"], &["netchan", "not"]),
            ("abc.../def", &["abcxyz/def"], &["xyz/def", "abcxyz"]),
            ("x/vendor/...", &["x/vendor", "x/vendor/foo"], &["x", "x/y", "x/vendor/foo/vendor/y"]),
            ("x/...", &["x", "x/y", "x/vendor"], &["x/vendor/y", "y/x"]),
            ("./...", &[".", "./vendor", "./x"], &["./foo/vendor/bar", "../x"]),
            (".../vendor/...", &["x/vendor", "x/vendor/y"], &["vendor/y", "x/y"]),
        ];
        for (pattern, yes, no) in cases {
            let wildcard = Wildcard::new(pattern);
            for name in *yes {
                assert!(wildcard.matches(name), "{pattern} {name}");
            }
            for name in *no {
                assert!(!wildcard.matches(name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn trees_are_entered_where_something_may_match() {
        let net = Wildcard::new("net/http...");
        assert!(net.may_match_below("net") && net.may_match_below("net/httptest/x"));
        assert!(!net.may_match_below("ne") && !net.may_match_below("net/url"));
    }
}
