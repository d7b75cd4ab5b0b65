//! What the user wants the go command to do, and where our own flags go among theirs.
//!
//! The rules are those of `cmd/go/main.go`: `-C DIR` comes first, before or behind the verb; of a
//! flag that stands twice the last one counts; the first word that is no flag ends the flags of a
//! verb; `GOFLAGS` stands before what is typed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

/// A verb of the go command that has the build flags (`AddBuildFlags`).
const BUILDING: &[&str] = &["build", "install", "run", "test", "vet", "list", "get"];

/// Verbs that only tell something, or change files of the user's: no build, and nothing is fetched.
const TELLING: &[&str] =
    &["bug", "clean", "doc", "env", "fix", "fmt", "telemetry", "version", "work", "help"];

/// All verbs of today.
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

/// Words that `go build` takes for packages, though they look like a verb: patterns, and what lies at the top of std.
const PACKAGES: &[&str] = &[
    "all", "cmd", "main", "std", "builtin", "bufio", "bytes", "cmp", "context", "crypto", "embed",
    "encoding", "errors", "expvar", "flag", "hash", "html", "image", "io", "iter", "log", "maps",
    "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "slices",
    "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "time", "unicode",
    "unique", "unsafe", "weak",
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
    /// What it does; none where go is only called by its name, or with flags alone.
    verb: Option<OsString>,
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
    /// From what stands behind `goward build [--]`. Behind `go` it is what go would be given, whatever that is; without it,
    /// the verb may be left out, and is `build` then: a lone word is still a verb, also one that goward does not know, unless
    /// it names a package.
    pub fn parse(words: &[OsString]) -> Self {
        let mut words = words.to_vec();
        let named = Self::arguments(&words).len() < words.len();
        if named {
            words.remove(0);
        }
        let mut before = vec![];
        let chdir = words.first().and_then(|word| flag(word)).filter(|flag| flag.name == "C");
        if let Some(chdir) = chdir {
            let count = if chdir.value.is_some() { 1 } else { 2 }.min(words.len());
            if named || words.get(count).is_some_and(|word| is_verb(word)) {
                before = words.drain(..count).collect();
            }
        }
        let verb = match words.first() {
            Some(word) if named && flag(word).is_none() || is_verb(word) => Some(words.remove(0)),
            _ if named => None,
            _ => Some("build".into()),
        };
        Self { before, verb, rest: words }
    }

    /// What go is given of what stands behind `goward build [--]`: all but its own name.
    pub fn arguments(words: &[OsString]) -> &[OsString] {
        match words {
            [go, rest @ ..] if go == "go" => rest,
            all => all,
        }
    }

    /// `build`, `test`, …
    pub fn verb(&self) -> &str {
        self.verb.as_ref().and_then(|verb| verb.to_str()).unwrap_or_default()
    }

    /// Whether it neither builds nor fetches: where it goes well there is nothing to say of it, and it is no build to keep.
    pub fn only_tells(&self) -> bool {
        !VERBS.contains(&self.verb()) || TELLING.contains(&self.verb())
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
        last.is_some_and(|(_, flag)| !flag.value.as_deref().is_some_and(is_false))
    }

    /// The same, with what stands before it in `GOFLAGS`.
    pub(crate) fn has_with(&self, goflags: Option<&str>, name: &str) -> bool {
        let typed = self.flags().any(|(_, flag)| flag.name == name);
        if typed { self.has(name) } else { goflags.is_some_and(|it| is_set_in(it, name)) }
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
        self.before.iter().chain(&self.verb).chain(&self.rest).cloned().collect()
    }

    /// With our own flags: behind `-C` and before the user's, of which a `-toolexec` gives way, as ours calls it.
    pub fn observed(&self, probes: &Probes) -> Vec<OsString> {
        let mut words: Vec<OsString> = self.before.iter().chain(&self.verb).cloned().collect();
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

/// What Go's strconv.ParseBool takes for false.
fn is_false(value: &OsStr) -> bool {
    ["0", "f", "F", "false", "FALSE", "False"].iter().any(|word| value == *word)
}

/// Whether `GOFLAGS` sets a boolean flag; the last one counts.
fn is_set_in(goflags: &str, name: &str) -> bool {
    let words = split_quoted(goflags).unwrap_or_default();
    let last = words.iter().filter_map(|word| flag(OsStr::new(word))).rfind(|it| it.name == name);
    last.is_some_and(|flag| !flag.value.as_deref().is_some_and(is_false))
}

/// Whether a word is one of go's verbs, also one that is not known here: it has neither slash nor dot, and is no package.
fn is_verb(word: &OsStr) -> bool {
    let text = word.as_encoded_bytes();
    let known = |words: &[&str]| words.iter().any(|known| known.as_bytes() == text);
    known(VERBS) || !text.is_empty() && text.iter().all(u8::is_ascii_lowercase) && !known(PACKAGES)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(line: &str) -> GoCommand {
        GoCommand::parse(
            &line
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(OsString::from)
                .collect::<Vec<_>>(),
        )
    }

    fn observed(line: &str) -> String {
        let probes = Probes { action_graph: Some("G".into()), toolexec: Some("T".into()) };
        let words = parse(line).observed(&probes);
        words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn go_and_build_may_be_left_out() {
        for line in ["go build ./...", "build ./...", "./..."] {
            assert_eq!(parse(line), parse("build ./..."), "{line}");
        }
        assert_eq!(parse("").verb(), "build");
        assert_eq!(parse("-o out .").verb(), "build");
        assert_eq!(parse("go test ./build").verb(), "test");
        assert_eq!(parse("errors").words(), ["build", "errors"]);
        assert_eq!(parse("-C d errors").words(), ["build", "-C", "d", "errors"]);
    }

    #[test]
    fn behind_go_stands_what_go_is_given() {
        for line in
            ["", "-h", "./...", "nosuchverb x", "-C d nosuchverb", "-C", "errors", "-v build"]
        {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            assert_eq!(parse(&format!("go {line}")).words(), words, "{line}");
        }
        assert!(parse("go -C d test .").builds() && !parse("go").builds());
        assert_eq!(parse("nosuchverb x").words(), ["nosuchverb", "x"], "go knows what to say");
        assert_eq!(parse("-C d nosuchverb").words(), ["-C", "d", "nosuchverb"]);
        assert!(parse("env").only_tells() && parse("go").only_tells());
        assert!(!parse("mod download").only_tells() && !parse(".").only_tells());
    }

    #[test]
    fn our_flags_come_first_but_for_the_folder() {
        assert_eq!(observed("build -v ."), "build -debug-actiongraph=G -toolexec=T -v .");
        assert_eq!(observed("-C d test ."), "-C d test -debug-actiongraph=G -toolexec=T .");
        assert_eq!(observed("build -C d ."), "build -C d -debug-actiongraph=G -toolexec=T .");
        assert_eq!(observed("build --C=d ."), "build --C=d -debug-actiongraph=G -toolexec=T .");
        assert_eq!(parse("-C d test .").chdir(), Some("d".into()));
        assert_eq!(parse("build -C=d .").chdir(), Some("d".into()));
    }

    #[test]
    fn the_users_own_toolexec_gives_way_as_ours_calls_it() {
        assert_eq!(
            observed("build -toolexec X -v ."),
            "build -debug-actiongraph=G -toolexec=T -v ."
        );
        assert_eq!(observed("build --toolexec=X ."), "build -debug-actiongraph=G -toolexec=T .");
        assert_eq!(parse("build -toolexec X -toolexec=Y .").value("toolexec"), Some("Y".into()));
        assert_eq!(toolexec_of_goflags("-v '-toolexec=a b' -x"), Some("a b".into()));
        assert_eq!(toolexec_of_goflags("-v 'open"), None);
    }

    #[test]
    fn goflags_stand_before_what_is_typed() {
        let build = |line: &str, goflags| parse(line).has_with(Some(goflags), "work");
        assert!(build("build .", "-v -work"));
        assert!(build("build .", "--work=true"));
        assert!(!build("build .", "-work -work=0"));
        assert!(!build("build .", "-workdir '-tags=-work'"));
        assert!(!build("build -work=false .", "-work"));
        assert!(build("build -work .", "-work=false"));
    }

    #[test]
    fn what_belongs_to_a_program_is_no_flag() {
        assert!(!parse("run . -x").has("x"));
        assert!(parse("run -x .").has("x"));
        assert!(!parse("build -x=false .").has("x"));
        assert!(!parse("build -o -x .").has("x"), "-x is the value of -o");
        assert!(parse("test ./... -json").has("json"), "go test takes flags behind packages");
        assert!(!parse("test ./... -args -json").has("json"));
        assert_eq!(
            observed("run . -toolexec=mine"),
            "run -debug-actiongraph=G -toolexec=T . -toolexec=mine"
        );
    }

    proptest! {
        #[test]
        fn what_is_joined_is_split_again(words in proptest::collection::vec("[a-z '\"]{0,6}", 0..5)) {
            if let Some(text) = join_quoted(words.iter().map(String::as_str)) {
                prop_assert_eq!(split_quoted(&text), Some(words));
            }
        }

        #[test]
        fn no_word_of_the_users_is_lost(words in proptest::collection::vec("-?-?[a-zC]{0,9}=?", 0..6)) {
            let typed: Vec<OsString> = words.iter().map(OsString::from).collect();
            let command = GoCommand::parse(&typed);
            let plain = command.observed(&Probes::default());
            prop_assert_eq!(&plain, &command.words());
            let with = command.observed(&Probes { action_graph: Some("G".into()), toolexec: None });
            prop_assert_eq!(with.len(), plain.len() + 1);
        }
    }
}
