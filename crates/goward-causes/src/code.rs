//! What a program's source looks like: what tools say stands in it as a string or a comment, and nobody said it.

/// Words that a statement or a declaration begins with, in the languages that programs about builds are written in.
const WORDS: &[&str] = &[
    "func ",
    "function ",
    "fn ",
    "pub ",
    "let ",
    "const ",
    "var ",
    "return",
    "if ",
    "} else",
    "else",
    "elif ",
    "for ",
    "while ",
    "import ",
    "package ",
    "def ",
    "class ",
    "type ",
    "struct ",
    "switch ",
    "match ",
    "case ",
    "export ",
    "async ",
    "use ",
    "expect(",
    "assert",
    "it(",
    "test(",
    "describe(",
    "t.",
    "echo ",
    "continue",
    "break",
    "done",
    "then",
    "try",
    "public ",
    "private ",
    "raise ",
    "elseif ",
    "local ",
    "fi",
    "esac",
];

/// What a comment begins with.
const COMMENTS: &[&str] = &["// ", "/// ", "//! ", "/*", "* ", "*/", "#[", "<!--", "@"];

/// What ends a line of code, but for brackets alone.
const ENDS: &[&str] = &["{", "(", "[", ";", ",", "},", "),", "],", ") {", "=>", "&&", "||", " \\"];

/// What is in the middle of one.
const PARTS: &[&str] = &[
    " := ", "=$(", " = \"", " == ", "`,", "fmt.", "strings.", " = []", " = {}", ".append(", "='",
    "+=(",
];

/// So many lines make a program.
const ENOUGH: u64 = 4;

/// How much of a text is code.
#[derive(Debug, Default)]
pub(crate) struct Share {
    code: u64,
    all: u64,
}

impl Share {
    /// Takes in a line.
    pub(crate) fn add(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        // A record of JSON, or brackets alone: both are in logs, too.
        let neutral = line.iter().all(|byte| b"{}[]();,".contains(byte))
            || matches!(line.first(), Some(b'"'))
            || line.starts_with(b"{\"");
        if !neutral {
            self.all += 1;
            self.code += u64::from(is_code(line));
        }
    }

    /// Whether half of it is code: enough of what calls itself a script.
    pub(crate) fn is_mostly(&self) -> bool {
        self.code >= ENOUGH && self.code * 2 >= self.all
    }

    /// Whether the text is code for the most part.
    pub(crate) fn is_code(&self) -> bool {
        self.code >= ENOUGH && self.code * 100 >= self.all * 65
    }
}

/// Whether the line, in a text of code, holds what it says as a string, a comment or an expression.
pub(crate) fn embeds(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    matches!(line.first(), Some(b'"' | b'\'' | b'`' | b'/' | b'{' | b'[')) || is_code(line)
}

/// Whether it is a line of code. What begins with a place in a file is a tool's word, whatever it ends with.
fn is_code(line: &[u8]) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word.as_bytes()));
    let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    // So does what a task runner puts in front.
    let placed = word.ends_with(b":")
        && !word.contains(&b'"')
        && (word.contains(&b'.') || word.starts_with(b"@"));
    !placed
        && (begins(WORDS)
            || begins(COMMENTS)
            || ENDS.iter().any(|end| line.ends_with(end.as_bytes()))
            || PARTS.iter().any(|part| memchr::memmem::find(line, part.as_bytes()).is_some())
            || is_call(line)
            || is_command(line))
}

/// `log_error "text"`, `print("text")`, `"$@"`.
fn is_command(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"_.".contains(byte));
    let Some((_, rest)) = end.and_then(|end| line.split_at_checked(end)) else { return false };
    match rest {
        [b' ', b'"' | b'\'', .., last] => matches!(last, b'"' | b'\''),
        [b'(', .., b')'] => true,
        _ => false,
    }
}

/// `root, base = make(tmp_path)`
fn is_call(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(line, b" = ") else { return false };
    let (names, called) = line.split_at(at);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_, .".contains(byte);
    line.ends_with(b")") && names.iter().all(is_name) && memchr::memchr(b'(', called).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_source(text: &str) -> bool {
        let mut share = Share::default();
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .for_each(|line| share.add(line.as_bytes()));
        share.is_code()
    }

    #[test]
    fn a_program_is_no_log() {
        assert!(is_source(
            "/// Matches: `./main.go:42:5: undefined: foo`\nfn parse(output: &str) -> Vec<Found> {\n\
             \x20   let mut all = Vec::new();\n    for line in output.lines() {\n        all.push(line);\n    }\n}\n"
        ));
        assert!(is_source(
            "\t{\n\t\tname:  \"compiler\",\n\t\tline:  \"main.go:25:10: undefined: foo\",\n\t\tscore: 0,\n\t},\n\
             \t{\n\t\tname: \"other\",\n\t},\n"
        ));
        assert!(is_source(
            "MISSING=$(go build ./... 2>&1 | grep \"no required module\" || true)\nif [ -n \"$MISSING\" ]; then\n\
             \x20   echo \"missing:\"\n    echo \"$MISSING\"\nfi\n"
        ));
        for log in [
            "# m\n./a.go:1:2: syntax error: unexpected {\n./a.go:2:3: expected ';', found ','\nmake: *** [build] Error 1\n",
            "{\"Action\":\"output\",\"Output\":\"# m\"}\n{\"Action\":\"fail\"}\n",
            "{\n  \"rc\": 1,\n  \"stderr_lines\": [\n    \"# m\",\n    \"./a.go:1:2: undefined: x\"\n  ]\n}\n",
            "ok  \tm\t0.1s\n--- FAIL: TestX (0.00s)\nFAIL\nexit status 1\nFAIL\tm\t0.2s\n",
        ] {
            assert!(!is_source(log), "{log}");
        }
    }

    #[test]
    fn code_embeds_what_tools_say() {
        for line in [
            "\tline: \"main.go:25:10: undefined: foo\",",
            "  \"no required module provides package\",",
            "// ./main.go:5:2: undefined: x",
            "expect(output).toContain(\"main.go:5:2: undefined: foo\");",
        ] {
            assert!(embeds(line.as_bytes()), "{line}");
        }
        for line in
            ["./main.go:5:2: syntax error: unexpected {", "go: updates to go.mod needed", "# m"]
        {
            assert!(!embeds(line.as_bytes()), "{line}");
        }
    }
}
