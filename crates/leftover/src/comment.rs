//! Where comments are, line by line.

use crate::FileKind;

/// What is known of one line.
pub(crate) struct Code {
    /// Byte ranges that are comments, in order.
    comments: Vec<(usize, usize)>,
    /// Whether the line is part of a shell script inside another file.
    pub(crate) is_shell: bool,
}

impl Code {
    /// Whether a byte is part of a comment.
    pub(crate) fn is_comment(&self, at: usize) -> bool {
        let behind = self.comments.partition_point(|(start, _)| *start <= at);
        let last = behind.checked_sub(1).and_then(|last| self.comments.get(last));
        last.is_some_and(|(_, end)| at < *end)
    }
}

/// Follows comments and strings that span lines.
pub(crate) struct Comments {
    kind: FileKind,
    /// Inside `<!--` or `/*`.
    in_block: bool,
    /// Inside a multi-line string of TOML: its delimiter.
    in_string: Option<&'static str>,
    /// Inside a block scalar of YAML.
    scalar: Option<Scalar>,
    /// The last item of a list of YAML was a shell's `-c`.
    is_script_next: bool,
}

/// A block scalar: lines that are indented more than its key.
#[derive(Clone, Copy)]
struct Scalar {
    indent: usize,
    /// Whether its first line has been seen, and was `#!`.
    is_shell: Option<bool>,
}

impl Comments {
    pub(crate) fn new(kind: FileKind) -> Self {
        Self { kind, in_block: false, in_string: None, scalar: None, is_script_next: false }
    }

    /// Looks at the next line.
    pub(crate) fn next(&mut self, line: &str) -> Code {
        let end = line.len();
        let from = |start: Option<usize>| start.map(|start| (start, end)).into_iter().collect();
        let mut is_shell = false;
        let comments = match self.kind {
            FileKind::Yaml | FileKind::Workflow | FileKind::Dashboard | FileKind::Likely => {
                let (start, shell) = self.yaml(line);
                is_shell = shell;
                from(start)
            }
            FileKind::GoTemplate => from(hash(line, Quotes::Yaml)),
            FileKind::Toml => from(self.toml(line)),
            FileKind::Env | FileKind::Shell => from(hash(line, Quotes::Shell)),
            FileKind::Ini | FileKind::Unit | FileKind::Conf => {
                from(first(line, &["#", ";"]).or_else(|| hash(line, Quotes::Shell)))
            }
            FileKind::Properties => from(first(line, &["#", "!"])),
            FileKind::Dockerfile => from(first(line, &["#"])),
            FileKind::Makefile => from(makefile(line)),
            FileKind::Plain => from(first(line, &["#", "//"])),
            FileKind::Markup => self.blocks(line, "<!--", "-->", None),
            FileKind::Jsonc => self.blocks(line, "/*", "*/", Some("//")),
            FileKind::Hcl => {
                let found = self.blocks(line, "/*", "*/", Some("//"));
                and_from(found, hash(line, Quotes::Shell), end)
            }
            FileKind::Sql => self.blocks(line, "/*", "*/", Some("--")),
            FileKind::Page => self.blocks(line, "<!--", "-->", None),
            FileKind::Script => {
                let found = self.blocks(line, "/*", "*/", Some("//"));
                and_from(found, first(line, &["#"]), end)
            }
            FileKind::Json
            | FileKind::Documentation
            | FileKind::Tool
            | FileKind::Program
            | FileKind::OtherTemplate => vec![],
        };
        Code { comments, is_shell }
    }

    /// Where a comment of YAML begins, and whether the line is part of a script.
    fn yaml(&mut self, line: &str) -> (Option<usize>, bool) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let blank = line.trim().is_empty();
        if let Some(scalar) = &mut self.scalar {
            if blank {
                return (None, scalar.is_shell == Some(true));
            }
            if indent > scalar.indent {
                let is_shell =
                    *scalar.is_shell.get_or_insert_with(|| line.trim_start().starts_with("#!"));
                // A script's comments are comments; other content is content.
                let comment = if is_shell { hash(line, Quotes::Shell) } else { None };
                return (comment, is_shell);
            }
            self.scalar = None;
        }
        let comment = hash(line, Quotes::Yaml);
        if blank {
            return (comment, false);
        }
        let code = line.get(..comment.unwrap_or(line.len())).unwrap_or(line).trim_end();
        let indicator = code.rsplit([' ', '\t']).next().unwrap_or_default();
        let is_indicator = indicator.starts_with(['|', '>'])
            && indicator
                .get(1..)
                .unwrap_or_default()
                .chars()
                .all(|ch| matches!(ch, '+' | '-' | '0'..='9'));
        let mut before = code.strip_suffix(indicator).unwrap_or_default().trim_end();
        // `a: &anchor !tag |`
        while let Some((rest, word)) = before.rsplit_once(' ')
            && word.starts_with(['&', '!'])
        {
            before = rest.trim_end();
        }
        let is_script =
            std::mem::replace(&mut self.is_script_next, is_dash_c(code)) || runs_shell(code);
        if is_indicator && (before.ends_with(':') || before.ends_with('-')) {
            // Of `- key: |` the key's column counts, of `- |` the dash's.
            let bare = line.trim_start_matches([' ', '-']);
            let indent = if before.ends_with(':') { line.len() - bare.len() } else { indent };
            self.scalar = Some(Scalar { indent, is_shell: is_script.then_some(true) });
        }
        (comment, is_script)
    }

    fn toml(&mut self, line: &str) -> Option<usize> {
        let mut at = 0;
        loop {
            let rest = line.get(at..)?;
            if let Some(delimiter) = self.in_string {
                at += rest.find(delimiter)? + delimiter.len();
                self.in_string = None;
                continue;
            }
            let next = rest.find(['#', '"', '\''])?;
            let found = rest.get(next..)?;
            at += next;
            let delimiter =
                ["\"\"\"", "'''"].into_iter().find(|delimiter| found.starts_with(delimiter));
            if found.starts_with('#') {
                return Some(at);
            } else if let Some(delimiter) = delimiter {
                self.in_string = Some(delimiter);
                at += 3;
            } else {
                at += string_length(found);
            }
        }
    }

    /// Comments between two marks, over lines, and from a third mark to the end of the line.
    fn blocks(
        &mut self,
        line: &str,
        open: &str,
        close: &str,
        rest_of_line: Option<&str>,
    ) -> Vec<(usize, usize)> {
        let mut found = vec![];
        let mut at = 0;
        while let Some(rest) = line.get(at..) {
            if self.in_block {
                let end = rest.find(close).map(|end| at + end + close.len());
                self.in_block = end.is_none();
                found.push((at, end.unwrap_or(line.len())));
                at = end.unwrap_or(line.len() + 1);
                continue;
            }
            let next = rest.char_indices().find(|(i, ch)| {
                let here = rest.get(*i..).unwrap_or_default();
                here.starts_with(open)
                    || rest_of_line.is_some_and(|mark| here.starts_with(mark) && !is_url(rest, *i))
                    || (rest_of_line.is_some() && matches!(ch, '"' | '\''))
            });
            let Some((next, _)) = next else { break };
            let here = rest.get(next..).unwrap_or_default();
            if here.starts_with(open) {
                found.push((at + next, at + next + open.len()));
                at += next + open.len();
                self.in_block = true;
            } else if rest_of_line.is_some_and(|mark| here.starts_with(mark)) {
                found.push((at + next, line.len()));
                break;
            } else {
                at += next + string_length(here);
            }
        }
        found
    }
}

/// Whether the slashes at an offset are those of `https://`, in a text without quotes.
fn is_url(line: &str, at: usize) -> bool {
    line.get(..at).unwrap_or_default().ends_with(':')
}

/// Whether a list item is a shell's `-c`, so that a script is the next.
fn is_dash_c(code: &str) -> bool {
    let item = code.trim_start().strip_prefix("- ").unwrap_or_default();
    is_shell_option(item.trim().trim_matches(['"', '\'']))
}

/// `-c`, `-ec`, `-lc`.
fn is_shell_option(word: &str) -> bool {
    let letters = word.strip_prefix('-').and_then(|word| word.strip_suffix('c'));
    letters.is_some_and(|letters| letters.bytes().all(|byte| b"eluxo".contains(&byte)))
}

/// Whether a line has a shell and its script: `["sh", "-c", "exec server --port ${PORT}"]`.
fn runs_shell(code: &str) -> bool {
    let mut words = code.split([' ', ',', '[', ']', '"', '\'']).filter(|word| !word.is_empty());
    words.any(|word| matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash")))
        && words.next().is_some_and(is_shell_option)
}

/// The comments, and all from `start` to the end of the line; still in order.
fn and_from(
    mut found: Vec<(usize, usize)>,
    start: Option<usize>,
    end: usize,
) -> Vec<(usize, usize)> {
    if let Some(start) = start {
        found.retain(|(other, _)| *other < start);
        found.push((start, end));
    }
    found
}

/// The length of the string literal that a text begins with; of one without end, all of it.
fn string_length(text: &str) -> usize {
    let Some(quote) = text.chars().next() else { return 1 };
    let mut escaped = false;
    for (at, ch) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if ch == '\\' && quote == '"' {
            escaped = true;
        } else if ch == quote {
            return at + ch.len_utf8();
        }
    }
    text.len().max(1)
}

/// Who may open a quotation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Only a value's first character: in `it's` and `a "b"` they are content.
    Yaml,
    /// Any character.
    Shell,
}

/// A `#` behind a blank, or first on its line, outside quotes.
fn hash(line: &str, quotes: Quotes) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    // The last character that is no blank; a line's beginning is like a separator.
    let mut separator = ':';
    let mut escaped = false;
    let mut chars = line.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"') if ch == '\\' => escaped = true,
            // YAML writes a quote inside quotes twice.
            Some('\'')
                if ch == '\''
                    && quotes == Quotes::Yaml
                    && chars.peek().is_some_and(|(_, next)| *next == '\'') =>
            {
                chars.next();
            }
            Some(open) if ch == open => quote = None,
            Some(_) => {}
            None if ch == '#' && before.is_whitespace() => return Some(at),
            None if matches!(ch, '"' | '\'') => {
                let begins = matches!(separator, '[' | '{' | ',' | '(' | ':' | '=' | '-' | '?');
                if quotes == Quotes::Shell || begins {
                    quote = Some(ch);
                }
            }
            None => {}
        }
        before = ch;
        if !ch.is_whitespace() {
            separator = ch;
        }
    }
    None
}

/// A mark that is the first thing on its line.
fn first(line: &str, marks: &[&str]) -> Option<usize> {
    let bare = line.trim_start();
    marks.iter().any(|mark| bare.starts_with(mark)).then(|| line.len() - bare.len())
}

/// A `#` anywhere, unless a backslash stands in front of it; in a recipe it is the shell's.
fn makefile(line: &str) -> Option<usize> {
    if line.starts_with('\t') {
        return hash(line, Quotes::Shell);
    }
    line.match_indices('#')
        .map(|(at, _)| at)
        .find(|at| !line.get(..*at).unwrap_or_default().ends_with('\\'))
}
