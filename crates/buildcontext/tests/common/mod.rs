//! Asks the Go libraries that docker build uses, through the program in `tests/go`.

#![expect(clippy::disallowed_methods, reason = "the tests run a Go program and read files")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are parts of tests")]
#![allow(dead_code, reason = "not every test file uses everything")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

/// The program, built once. Its modules come from the module cache, or from the proxy.
static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    for name in ["main.go", "go.mod", "go.sum"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go").join(name);
        fs::copy(from, dir.path().join(name)).unwrap();
    }
    let program = dir.path().join("ask");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(dir.path());
    let built = build.env("GOWORK", "off").env("GOFLAGS", "-mod=readonly").output();
    let built = built.expect("go is installed");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    (dir, program)
});

/// The answers of Go, one for each question.
pub(crate) fn ask_go(questions: &[Value]) -> Vec<Value> {
    let mut input = Vec::new();
    for question in questions {
        serde_json::to_writer(&mut input, question).unwrap();
        input.push(b'\n');
    }
    let mut ask = Command::new(&PROGRAM.1);
    // The scanner in patternmatcher writes of invalid characters to standard error.
    ask.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = ask.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the Go program failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// One question, with its bytes in base64.
pub(crate) fn question(op: &str, patterns: &[String], paths: &[&[u8]]) -> Value {
    let paths: Vec<String> = paths.iter().map(|path| base64(path)).collect();
    json!({ "Op": op, "Patterns": patterns, "Paths": paths })
}

/// Standard base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut value = 0u32;
        for at in 0..3 {
            value = value << 8 | u32::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let digit = DIGITS[(value >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Small random numbers, the same in each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    /// One of these.
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A pattern out of pieces, many of them hostile.
pub(crate) fn random_pattern(random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "a",
        "b",
        "ab",
        "c",
        "/",
        "/",
        "/",
        "*",
        "*",
        "**",
        "**/",
        "/**",
        "?",
        ".",
        ".",
        "a.b",
        "[ab]",
        "[^a]",
        "[a-c]",
        "\\a",
        "\\.",
        "\\*",
        "foo",
        "bar",
        "!",
        " ",
        "é",
        "{",
        "}",
        "|",
        "^",
        "$",
        "(",
        ")",
        "+",
        "[",
        "]",
        "\\",
        "\\d",
        "\\w",
        "{2}",
        "{1,}",
        "..",
        "./",
        "[[:alpha:]]",
        "[.]",
        "[*]",
        "[?]",
        "\\b",
        "\\Q",
        "\\E",
        "\\x61",
        "-",
        "\n",
        "\\pL",
        "\\p{Greek}",
        "λ",
        "\\101",
        "{0,2}",
        "\\PL",
    ];
    const COMMON: usize = 26;
    let mut text = String::new();
    if random.below(4) == 0 {
        text.push('!');
    }
    let limit = if random.below(2) == 0 { COMMON } else { PIECES.len() };
    for _ in 0..=random.below(5) {
        text.push_str(random.one(&PIECES[..limit]));
    }
    text
}

/// A path that such a pattern may match.
pub(crate) fn random_path(random: &mut Random) -> String {
    const NAMES: &[&str] = &[
        "a", "b", "ab", "c", "foo", "bar", "a.b", "foo.b", ".", "..", "a\nb", "é", "λ", "*", "!",
        "-a", "aa", "aaa", "{2}", "a|b", "1", "a b", "^a", "a^b", "(a)", "a+b", "]", "\\",
    ];
    const COMMON: usize = 8;
    let limit = if random.below(3) > 0 { COMMON } else { NAMES.len() };
    let parts: Vec<&str> = (0..=random.below(4)).map(|_| random.one(&NAMES[..limit])).collect();
    parts.join("/")
}
