//! What the user wants the go command to do, and where our own flags go among theirs.
//!
//! The rules are those of `cmd/go/main.go`: `-C DIR` comes first, before or behind the verb; of a
//! flag that stands twice the last one counts; the first word that is no flag ends the flags of a
//! verb; `GOFLAGS` stands before what is typed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

/// A verb of the go command that has the build flags (`AddBuildFlags`).
const BUILDING: &[&str] = &["build", "install", "run", "test", "vet", "list", "get"];

/// All verbs: what else stands first is a flag or a package of `go build`.
const VERBS: &[&str] = &[
    "bug",
    "build",
    "clean",
    "doc",
    "env",
    "fix",
    "fmt",
    "generate",
    "get",
    "install",
    "list",
    "mod",
    "work",
    "run",
    "telemetry",
    "test",
    "tool",
    "version",
    "vet",
    "help",
];

/// Build flags that take their value from the next word.
const WITH_VALUE: &[&str] = &[
    "C",
    "o",
    "p",
    "asmflags",
    "buildmode",
    "compiler",
    "gccgoflags",
    "gcflags",
    "installsuffix",
    "ldflags",
    "mod",
    "modfile",
    "overlay",
    "pgo",
    "pkgdir",
    "tags",
    "toolexec",
    "covermode",
    "coverpkg",
    "exec",
    "f",
    "debug-actiongraph",
    "debug-trace",
    "debug-runtime-trace",
    "vettool",
    "bench",
    "benchtime",
    "count",
    "coverprofile",
    "cpu",
    "parallel",
    "run",
    "skip",
    "timeout",
    "vet",
    "fuzz",
    "fuzztime",
    "blockprofile",
    "cpuprofile",
    "memprofile",
    "mutexprofile",
    "outputdir",
    "trace",
    "list",
    "shuffle",
    "reuse",
];

/// A command line of the go command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoCommand {
    /// Before the verb: `-C DIR`.
    before: Vec<OsString>,
    /// What it does.
    verb: OsString,
    /// Behind the verb.
    rest: Vec<OsString>,
}

/// What observes a build, where the verb builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// `-debug-actiongraph`: the file.
    pub action_graph: Option<OsString>,
    /// `-toolexec`: the command.
    pub toolexec: Option<OsString>,
}

impl GoCommand {
    /// From what stands behind `goward build [--]`: with or without `go`, with or without a verb
    /// (then it is `build`).
    pub fn parse(words: &[OsString]) -> Self {
        let mut words = words.to_vec();
        if words.first().is_some_and(|word| word == "go") {
            words.remove(0);
        }
        let mut before = vec![];
        let chdir = words.first().and_then(|word| flag(word)).filter(|flag| flag.name == "C");
        if let Some(chdir) = chdir {
            let count = if chdir.value.is_some() { 1 } else { 2 };
            let verb = words.get(count).and_then(|word| word.to_str());
            if verb.is_some_and(|verb| VERBS.contains(&verb)) {
                before = words.drain(..count).collect();
            }
        }
        let verb = match words.first().and_then(|word| word.to_str()) {
            Some(verb) if VERBS.contains(&verb) => words.remove(0),
            _ => "build".into(),
        };
        Self { before, verb, rest: words }
    }

    /// `build`, `test`, …
    pub fn verb(&self) -> &str {
        self.verb.to_str().unwrap_or_default()
    }

    /// Whether the verb takes build flags, so that it can be observed from inside.
    pub fn builds(&self) -> bool {
        BUILDING.contains(&self.verb()) && !self.has("h") && !self.has("help")
    }

    /// The flags of the verb; what belongs to a program or a test is none.
    fn flags(&self) -> impl Iterator<Item = (usize, Flag<'_>)> {
        Flags { words: &self.rest, at: 0, mixed: self.verb() == "test" }
    }

    /// Whether a boolean flag is set.
    pub fn has(&self, name: &str) -> bool {
        let last = self.flags().filter(|(_, flag)| flag.name == name).last();
        last.is_some_and(|(_, flag)| flag.value.as_deref() != Some(OsStr::new("false")))
    }

    /// The value of a flag; the last one counts.
    pub fn value(&self, name: &str) -> Option<OsString> {
        self.flags().filter(|(_, flag)| flag.name == name).last().and_then(|(_, flag)| flag.value)
    }

    /// The folder that `-C` names.
    pub fn chdir(&self) -> Option<OsString> {
        let first = self.before.first().and_then(|word| flag(word));
        match first {
            Some(Flag { value: Some(value), .. }) => Some(value),
            Some(_) => self.before.get(1).cloned(),
            None => self.value("C"),
        }
    }

    /// As it was typed, the go command itself left out.
    pub fn words(&self) -> Vec<OsString> {
        self.before.iter().chain([&self.verb]).chain(&self.rest).cloned().collect()
    }

    /// With our own flags: behind `-C` and before the user's, of which a `-toolexec` gives way, as ours calls it.
    pub fn observed(&self, probes: &Probes) -> Vec<OsString> {
        let mut words: Vec<OsString> = self.before.iter().chain([&self.verb]).cloned().collect();
        let mut rest: Vec<OsString> = self.rest.clone();
        if let Some(chdir) =
            rest.first().and_then(|word| flag(word)).filter(|flag| flag.name == "C")
        {
            let count = if chdir.value.is_some() { 1 } else { 2 };
            words.extend(rest.drain(..count.min(rest.len())));
        }
        let kept = Self { before: vec![], verb: self.verb.clone(), rest };
        let mut take = vec![false; kept.rest.len()];
        if probes.toolexec.is_some() {
            for (at, flag) in kept.flags().filter(|(_, flag)| flag.name == "toolexec") {
                let count = if flag.separate { 2 } else { 1 };
                take.iter_mut().skip(at).take(count).for_each(|taken| *taken = true);
            }
        }
        let mut add = |name: &str, value: &Option<OsString>| {
            if let Some(value) = value {
                let mut word = OsString::from(format!("-{name}="));
                word.push(value);
                words.push(word);
            }
        };
        add("debug-actiongraph", &probes.action_graph);
        add("toolexec", &probes.toolexec);
        let kept =
            kept.rest.into_iter().zip(take).filter(|(_, taken)| !taken).map(|(word, _)| word);
        words.extend(kept);
        words
    }
}

/// A flag and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flag<'a> {
    name: &'a str,
    value: Option<OsString>,
    /// The value is the next word.
    separate: bool,
}

/// A word as a flag: one dash or two, a value behind `=`.
fn flag(word: &OsStr) -> Option<Flag<'_>> {
    let text = word.as_encoded_bytes();
    let body = text.strip_prefix(b"--").or_else(|| text.strip_prefix(b"-"))?;
    let end = body.iter().position(|byte| *byte == b'=').unwrap_or(body.len());
    let name = std::str::from_utf8(body.get(..end)?).ok().filter(|name| !name.is_empty())?;
    let value = body.get(end + 1..).map(os);
    Some(Flag { name, value, separate: false })
}

fn os(bytes: &[u8]) -> OsString {
    OsStr::from_bytes(bytes).to_owned()
}

/// The flags of a verb, each with the place where it stands.
struct Flags<'a> {
    words: &'a [OsString],
    at: usize,
    /// `go test` takes flags behind packages.
    mixed: bool,
}

impl<'a> Iterator for Flags<'a> {
    type Item = (usize, Flag<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.at;
            let word = self.words.get(at)?;
            if word == "--" || word == "-args" || word == "--args" {
                return None;
            }
            self.at += 1;
            let Some(mut found) = flag(word) else {
                if self.mixed {
                    continue;
                }
                self.at = self.words.len();
                return None;
            };
            let name = found.name.strip_prefix("test.").unwrap_or(found.name);
            if found.value.is_none() && WITH_VALUE.contains(&name) {
                found.value = self.words.get(self.at).cloned();
                found.separate = found.value.is_some();
                self.at += 1;
            }
            return Some((at, found));
        }
    }
}

/// Splits a value as `cmd/internal/quoted.Split` does: words in single or double quotes may hold blanks.
pub fn split_quoted(text: &str) -> Option<Vec<String>> {
    let mut words = vec![];
    let mut rest = text.trim_start_matches(BLANKS);
    while let Some(first) = rest.chars().next() {
        let (word, behind) = if first == '\'' || first == '"' {
            rest.get(1..)?.split_once(first)?
        } else {
            rest.split_at(rest.find(BLANKS).unwrap_or(rest.len()))
        };
        words.push(word.to_owned());
        rest = behind.trim_start_matches(BLANKS);
    }
    Some(words)
}

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Joins words so that [`split_quoted`] gives them back; none where a word holds both quotes.
pub fn join_quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        let plain = !word.is_empty() && !word.contains(BLANKS) && !word.starts_with(['\'', '"']);
        match (plain, word.contains('\''), word.contains('"')) {
            (true, ..) => text += word,
            (false, false, _) => text.extend(["'", word, "'"]),
            (false, true, false) => text.extend(["\"", word, "\""]),
            (false, true, true) => return None,
        }
    }
    Some(text)
}

/// The value of `-toolexec` in `GOFLAGS`; the last one counts.
pub(crate) fn toolexec_of_goflags(goflags: &str) -> Option<String> {
    let words = split_quoted(goflags)?;
    let value = |word: &String| {
        let body = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
        body.strip_prefix("toolexec=").map(str::to_owned)
    };
    words.iter().rev().find_map(value)
}
