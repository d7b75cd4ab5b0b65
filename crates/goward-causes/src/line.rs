//! The shapes of a line: a diagnostic of the compiler, a package's header, a linter's remark.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What comes after `file.go:12:3: `.
pub(crate) struct Diagnostic<'a> {
    pub(crate) message: &'a [u8],
    /// It ends in a linter's name: `(errcheck)`.
    pub(crate) linter: Option<&'a [u8]>,
    /// It is indented as the output of a test is.
    pub(crate) indented: bool,
    /// There was a column.
    pub(crate) column: bool,
}

/// Finds `.go:12:3: message`, or `.go:12: message`, in a line.
pub(crate) fn diagnostic(line: &[u8]) -> Option<Diagnostic<'_>> {
    static PLACE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b".go:"));
    let mut from = 0;
    while let Some(at) = PLACE.find(line.get(from..)?) {
        let behind = from + at + 4;
        if let Some((message, column)) = position(line.get(behind..)?) {
            let indented = line.starts_with(b"    ") || line.starts_with(b"\t\t");
            return Some(Diagnostic { message, linter: linter(message), indented, column });
        }
        from = behind;
    }
    None
}

/// `12:3: message`.
fn position(text: &[u8]) -> Option<(&[u8], bool)> {
    let digits =
        |text: &[u8]| text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let end = digits(text);
    if end == 0 {
        return None;
    }
    let rest = text.get(end..)?.strip_prefix(b":")?;
    let end = digits(rest);
    if end == 0 {
        return rest.strip_prefix(b" ").map(|message| (message, false));
    }
    let rest = rest.get(end..)?;
    // golang.org/x/tools and editors leave the last colon out.
    let message = rest.strip_prefix(b":").unwrap_or(rest);
    message.strip_prefix(b" ").map(|message| (message, true))
}

/// `… (errcheck)`, `… (SA4006)`: who says it, if it is a linter.
fn linter(message: &[u8]) -> Option<&[u8]> {
    let message = message.trim_ascii_end();
    // In columns: `x.go:702:100   govet  composites: …`.
    if message.starts_with(b"  ") {
        let name = message.trim_ascii_start().split(|byte| *byte == b' ').next()?;
        return LINTERS.contains(&name).then_some(name);
    }
    let inside = message.strip_suffix(b")")?;
    let open = memchr::memrchr(b'(', inside)?;
    let name = inside.get(open + 1..)?;
    let is_name = name.len() >= 3
        && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
        && inside.get(open.checked_sub(1)?) == Some(&b' ');
    let is_check = name.len() >= 5
        && name.iter().take(2).all(u8::is_ascii_uppercase)
        && name.iter().rev().take(4).all(u8::is_ascii_digit);
    // The compiler itself ends messages in words in brackets, of more than one word.
    (is_name && LINTERS.contains(&name) || is_check).then_some(name)
}

/// Those whose remarks look like the compiler's.
const LINTERS: &[&[u8]] = &[
    b"asciicheck",
    b"bodyclose",
    b"containedctx",
    b"contextcheck",
    b"cyclop",
    b"deadcode",
    b"depguard",
    b"dogsled",
    b"dupl",
    b"durationcheck",
    b"errcheck",
    b"errchkjson",
    b"errname",
    b"errorlint",
    b"exhaustive",
    b"exhaustruct",
    b"exportloopref",
    b"copyloopvar",
    b"forbidigo",
    b"forcetypeassert",
    b"funlen",
    b"gci",
    b"gochecknoglobals",
    b"gochecknoinits",
    b"gocognit",
    b"goconst",
    b"gocritic",
    b"gocyclo",
    b"godot",
    b"godox",
    b"goerr113",
    b"err113",
    b"gofmt",
    b"gofumpt",
    b"goheader",
    b"goimports",
    b"golint",
    b"gomnd",
    b"mnd",
    b"gomodguard",
    b"goprintffuncname",
    b"gosec",
    b"gosimple",
    b"govet",
    b"intrange",
    b"ineffassign",
    b"interfacebloat",
    b"ireturn",
    b"lll",
    b"loggercheck",
    b"maintidx",
    b"makezero",
    b"maligned",
    b"mirror",
    b"misspell",
    b"musttag",
    b"nakedret",
    b"nestif",
    b"nilerr",
    b"nilnil",
    b"nlreturn",
    b"noctx",
    b"nolintlint",
    b"nonamedreturns",
    b"paralleltest",
    b"perfsprint",
    b"prealloc",
    b"predeclared",
    b"promlinter",
    b"protogetter",
    b"reassign",
    b"revive",
    b"rowserrcheck",
    b"scopelint",
    b"sloglint",
    b"sqlclosecheck",
    b"staticcheck",
    b"structcheck",
    b"stylecheck",
    b"tagalign",
    b"tagliatelle",
    b"tenv",
    b"testifylint",
    b"testpackage",
    b"thelper",
    b"tparallel",
    b"unconvert",
    b"unparam",
    b"typecheck",
    b"unused",
    b"usestdlibvars",
    b"usetesting",
    b"varcheck",
    b"varnamelen",
    b"wastedassign",
    b"whitespace",
    b"wrapcheck",
    b"wsl",
    b"modernize",
    b"recvcheck",
    b"fatcontext",
    b"canonicalheader",
];

/// Whether the line ends in `# example.com/package`, as the go command heads a package's errors.
pub(crate) fn header(line: &[u8]) -> Option<Header> {
    let line = line.trim_ascii_end();
    let at = if line.starts_with(b"# ") { 0 } else { memchr::memmem::rfind(line, b" # ")? + 1 };
    let rest = line.get(at + 2..)?;
    if let Some(inside) = rest.strip_prefix(b"[") {
        // `# [example.com/package]` heads what vet says.
        return (inside.ends_with(b"]") && is_path(inside.strip_suffix(b"]")?))
            .then_some(Header::Vet);
    }
    let (path, of_test) = match memchr::memmem::find(rest, b" [") {
        Some(end) if rest.ends_with(b"]") => (rest.get(..end)?, true),
        _ => (rest, false),
    };
    // One word that looks like an import path: a comment of one word in a shell script is rare.
    let plausible = is_path(path)
        && (of_test
            || path.contains(&b'/')
            || path == b"command-line-arguments"
            || at == 0
                && path.iter().all(|byte| {
                    byte.is_ascii_lowercase()
                        || byte.is_ascii_digit()
                        || matches!(byte, b'_' | b'-' | b'.')
                }));
    plausible.then_some(Header::Package)
}

/// What a header heads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    Package,
    Vet,
}

fn is_path(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'~' | b'+' | b'@')
        })
}
