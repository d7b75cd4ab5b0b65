//! Signatures are data: what a line looks like that proves a cause.
//!
//! A signature has literals, one of which every matching line holds: one pass over the log with all
//! literals of all signatures finds the few lines that are looked at. Only those meet a regular
//! expression, and that is linear.

mod build;
mod compile;
mod integrity;
mod machine;
mod module;
mod network;
mod own;
mod settings;
mod source;
mod toolchain;
mod vet;

use crate::Stage;
use regex::bytes::Regex;
use std::sync::OnceLock;

/// How much a match proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Only if the log shows that a Go build failed and nothing better explains it: other programs
    /// say it too, and some say it and go on.
    Weak,
    /// Words that Go's tools use when they give up.
    Strong,
}

/// What of a line the pattern sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The whole line, without the CI's prefixes.
    Line,
    /// What comes after `file.go:12:3: `.
    Diagnostic,
}

/// One declaration.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Unique.
    pub name: &'static str,
    /// The cause it proves.
    pub cause: &'static str,
    /// Where it strikes, unless the line itself says otherwise.
    pub stage: Stage,
    /// How much it proves.
    pub strength: Strength,
    /// What the pattern sees.
    pub form: Form,
    /// One of these is in every line that matches, in any case of letters.
    pub literals: &'static [&'static str],
    /// A regular expression; `{at}` is the beginning of a line or of a quoted message in it.
    pub pattern: &'static str,
    /// The first Go version that says it; empty where all do.
    pub since: &'static str,
    /// Whether it counts in the output of a test that runs, too.
    pub in_tests: bool,
    /// Whether other languages' tools say it, too: counts only where Go is at work.
    pub shared: bool,
    /// Whether nobody else says it after a file and a line: counts without a column, too.
    pub plain: bool,
    /// Whether it counts only right below a package's header.
    pub headed: bool,
}

impl Signature {
    const fn line(
        name: &'static str,
        cause: &'static str,
        stage: Stage,
        literals: &'static [&'static str],
        pattern: &'static str,
    ) -> Signature {
        Signature {
            name,
            cause,
            stage,
            strength: Strength::Strong,
            form: Form::Line,
            literals,
            pattern,
            since: "",
            in_tests: false,
            shared: false,
            plain: false,
            headed: false,
        }
    }

    const fn diagnostic(
        name: &'static str,
        cause: &'static str,
        stage: Stage,
        literals: &'static [&'static str],
        pattern: &'static str,
    ) -> Signature {
        let mut signature = Signature::line(name, cause, stage, literals, pattern);
        signature.form = Form::Diagnostic;
        signature
    }

    const fn weak(mut self) -> Signature {
        self.strength = Strength::Weak;
        self
    }

    const fn since(mut self, version: &'static str) -> Signature {
        self.since = version;
        self
    }

    const fn shared(mut self) -> Signature {
        self.shared = true;
        self
    }

    const fn plain(mut self) -> Signature {
        self.plain = true;
        self
    }

    const fn headed(mut self) -> Signature {
        self.headed = true;
        self
    }

    const fn in_tests(mut self) -> Signature {
        self.in_tests = true;
        self
    }
}

/// Whether the text matches the signature of that index. A pattern is compiled when a line first
/// holds its literal: most logs need a handful.
pub(crate) fn matches(index: usize, text: &[u8]) -> bool {
    static COMPILED: OnceLock<Vec<OnceLock<Option<Regex>>>> = OnceLock::new();
    let all = COMPILED.get_or_init(|| signatures().iter().map(|_| OnceLock::new()).collect());
    let (Some(cell), Some(signature)) = (all.get(index), signatures().get(index)) else {
        return false;
    };
    let regex = cell.get_or_init(|| compile(signature.pattern).ok());
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let full = pattern.replace("{at}", r#"(?:^|[\s>|:"'`=(\]])"#);
    regex::bytes::RegexBuilder::new(&full).unicode(false).size_limit(1 << 20).build()
}

/// All signatures. Where several match a line, the first counts: the more basic stand before.
pub fn signatures() -> &'static [&'static Signature] {
    static ALL: OnceLock<Vec<&'static Signature>> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            machine::SIGNATURES,
            toolchain::SIGNATURES,
            integrity::SIGNATURES,
            settings::SIGNATURES,
            own::SIGNATURES,
            module::SIGNATURES,
            network::SIGNATURES,
            build::SIGNATURES,
            source::SIGNATURES,
            vet::SIGNATURES,
            compile::SIGNATURES,
        ]
        .into_iter()
        .flatten()
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_declaration_is_sound() {
        let mut names = HashSet::new();
        for signature in signatures() {
            assert!(names.insert(signature.name), "{} is there twice", signature.name);
            assert!(
                crate::cause_of(signature.cause).is_some(),
                "{}: {}",
                signature.name,
                signature.cause
            );
            assert!(!signature.literals.is_empty(), "{} has no literal", signature.name);
            assert!(signature.literals.iter().all(|l| l.len() >= 3), "{}: short", signature.name);
            if let Err(err) = compile(signature.pattern) {
                panic!("{}: {err}", signature.name);
            }
        }
    }
}
