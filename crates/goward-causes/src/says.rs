//! What a single line says: whether it warns, fails or only tells.

pub(crate) fn contains(text: &[u8], word: &[u8]) -> bool {
    find(text, word).is_some()
}

/// Where a word stands. Lines are short: to set up a searcher costs more than to look for the word's rarest letter.
pub(crate) fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let is_common = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
    let rare = word.iter().position(|byte| !is_common(byte)).unwrap_or(0);
    let byte = *word.get(rare)?;
    memchr::memchr_iter(byte, text)
        .filter_map(|at| at.checked_sub(rare))
        .find(|from| text.get(*from..).is_some_and(|rest| rest.starts_with(word)))
}

/// Whether a line that holds such a word says that something failed.
pub(crate) fn is_failure(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    let zero: [&[u8]; 5] = [
        b"exit status 0",
        b"exit code 0",
        b"exit code: 0",
        b"exited with 0",
        b"exited with code 0",
    ];
    // `make: *** [Makefile:3: build] Error 2`, in any language.
    let make = contains(&lower, b"*** [")
        && !contains(&lower, b"killed")
        && !lower.trim_ascii_end().last().is_some_and(u8::is_ascii_digit)
        && !contains(&lower, b"error ");
    !make && !zero.iter().any(|word| contains(&lower, word))
}

/// Whether a package's build failed, in the letters that go test and Heroku write it in.
pub(crate) fn fails_package(text: &[u8]) -> bool {
    [&b"[build failed]"[..], b"[setup failed]", b"ailed to compile Go app"]
        .iter()
        .any(|words| contains(text, words))
}

/// Whether a line with words of success says so of what was run: another program may tell its own exit status.
pub(crate) fn is_success(text: &[u8]) -> bool {
    let zero: [&[u8]; 3] = [b"exit code 0", b"exit status 0", b"exited with code 0"];
    let text = text.trim_ascii_start();
    let lower = text.to_ascii_lowercase();
    let tells = zero.iter().any(|word| contains(&lower, word));
    let named = text.split(|byte| *byte == b' ').next().is_some_and(|word| word.ends_with(b":"));
    // Ansible counts what failed on each host.
    let counted = !contains(&lower, b"unreachable=")
        || contains(&lower, b"unreachable=0 ") && contains(&lower, b" failed=0");
    !(contains(&lower, b"exit code 0x") || tells && named) && counted
}

/// What the go command tells on its way, and what is no error.
pub(crate) fn is_news(text: &[u8]) -> bool {
    const NEWS: &[&[u8]] = &[
        b"downloading ",
        b"finding ",
        b"found ",
        b"added ",
        b"upgraded ",
        b"downgraded ",
        b"removed ",
        b"extracting ",
        b"warning: ",
        b"creating new ",
        b"to add ",
        b"adding ",
        b"updating ",
        b"trying ",
        b"using ",
        b"upgrading ",
        b"copying ",
        b"accepting ",
        b"no module dependencies",
        b"converting ",
        b"switching ",
        b"toolchain ",
        b"dropping ",
        b"normalizing ",
        b"unshallow",
    ];
    let said = text.get(4..).unwrap_or_default();
    NEWS.iter().any(|news| said.starts_with(news))
        || contains(said, b" is deprecated: ")
        || contains(said, b"; switching to go")
}

/// What nobody else says after a file and a line.
pub(crate) fn is_plain(message: &[u8]) -> bool {
    message.starts_with(b"syntax error: ")
        || message.ends_with(b" composite literal uses unkeyed fields")
        || message.starts_with(b"possible formatting directive in ")
        || message.starts_with(b"arg ") && contains(message, b" for printf verb %")
        || message.starts_with(b"undefined: ")
        || message.starts_with(b"cannot use ") && contains(message, b" as type ")
        || message.starts_with(b"too many arguments in call to ")
        || message.starts_with(b"not enough arguments in call to ")
        || message.ends_with(b" declared and not used")
        || message.ends_with(b" declared but not used")
        || message.starts_with(b"imported and not used: ")
        || message.starts_with(b"can't find import: ")
        || message.starts_with(b"impossible type assertion:")
        || contains(message, b" refers to unknown identifier: ")
        || message.starts_with(b"running \"")
}

/// Whether a line heads a part of a document: `## Title`.
pub(crate) fn is_heading(text: &[u8]) -> bool {
    let level = text.iter().position(|byte| *byte != b'#').unwrap_or(0);
    let title = text.get(level..).unwrap_or_default();
    // Letters of other scripts are in it, and quotes.
    (2..=6).contains(&level)
        && matches!(title, [b' ', first, ..]
            if first.is_ascii_alphanumeric() || b"[\"`'*".contains(first) || *first >= 0x80)
}

/// Whether a document lists something here: it links to it, or has headings.
pub(crate) fn is_prose(text: &[u8], in_document: bool) -> bool {
    matches!(text, [b'-' | b'*' | b'|', b' ', ..]) && (in_document || contains(text, b"](http"))
}

/// Whether a line calls itself an error. What a program logs does so in other ways.
pub(crate) fn is_error(text: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        b"error: ",
        b"Error: ",
        b"ERROR: ",
        b"[ERROR] ",
        b"fatal: ",
        b"FATAL ",
        b"FATA[",
        b"fatal error: ",
    ];
    // A script asks git for a name, and goes on without.
    const ASKED: &[&[u8]] = &[
        b"fatal: No names found",
        b"fatal: No tags can describe",
        b"fatal: no tag exactly matches",
        b"fatal: not a git repository",
        b"error: pathspec ",
    ];
    let text = text.trim_ascii_start();
    if ASKED.iter().any(|beginning| text.starts_with(beginning)) {
        return false;
    }
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// What warns does not fail, and what a program says of itself is not its build's.
pub(crate) fn is_warning(raw: &[u8], text: &[u8]) -> bool {
    let head = text.get(..400).unwrap_or(text);
    // Go builds without a cache then; up to 1.11 it did.
    if contains(head, b"disabling cache (")
        || contains(head, b"; switching to go")
        || contains(raw, b"##[warning]")
        // BuildKit builds without what was to be remembered.
        || contains(head, b"failed to configure registry cache importer")
    {
        return true;
    }
    if text.starts_with(b"WARNING: DATA RACE") {
        return false;
    }
    // `ld` says where; what follows says what.
    if contains(head, b": in function `") && text.ends_with(b"':") {
        return true;
    }
    // A service that cannot listen was built.
    if contains(head, b"bind: ") && contains(head, b"listen ") {
        return true;
    }
    if text.starts_with(b"go: warning: ")
        || text.starts_with(b"warning: ")
        || text.starts_with(b"Warning: ")
        || text.starts_with(b"WARNING: ")
        // A rule of Bazel's prints what it looks for; gazelle goes on without it.
        || text.starts_with(b"DEBUG: ") && contains(head, b".bzl:")
        || text.starts_with(b"gazelle: finding module path for import ")
    {
        return true;
    }
    contains(head, b": warning: ") && !contains(head, b" error") && !contains(head, b"FAIL")
}

/// Whether the only Go in a line is in the name of a linter.
pub(crate) fn names_linter(text: &[u8]) -> bool {
    contains(text, b"golangci")
        && ![&b"/go/"[..], b"go.mod", b"/pkg/", b"golang "].iter().any(|word| contains(text, word))
}

/// `DONE 3.4s`: BuildKit has done a step.
pub(crate) fn is_done(text: &[u8]) -> bool {
    let time =
        text.strip_prefix(b"DONE ").and_then(|rest| rest.trim_ascii_end().strip_suffix(b"s"));
    time.is_some_and(|time| time.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// Whether the go command is run here; `cargo build` is another.
pub(crate) fn runs_go(text: &[u8]) -> bool {
    memchr::memmem::find_iter(&text.to_ascii_lowercase(), b"go ").any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        !before.is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// Whether a CI begins a step here, or tells the command that it runs next.
pub(crate) fn is_step(raw: &[u8], text: &[u8]) -> bool {
    text.starts_with(b"$ ")
        || contains(raw, b"##[group]Run ")
        || contains(raw, b"[Container] ") && contains(raw, b" Running command ")
        || text.starts_with(b"Starting: ") && contains(raw, b"[Step ")
}

/// Whether another program than go runs last in a line of commands: `go build -o x && ./x`.
pub(crate) fn goes_on(text: &[u8]) -> bool {
    let ends =
        memchr::memmem::rfind_iter(text, b"&& ").chain(memchr::memmem::rfind_iter(text, b"; "));
    let last = ends.filter_map(|at| text.get(at + 2..)).min_by_key(|rest| rest.len());
    last.is_some_and(|last| {
        let word = last.trim_ascii_start().split(|byte| *byte == b' ').next().unwrap_or_default();
        !runs_go(last) && !may_run_go(last) && !matches!(word, b"exit" | b"echo" | b"cd" | b"")
    })
}

/// The command that a line says failed: `process "/bin/sh -c ./x" did not complete`.
pub(crate) fn failed_command(text: &[u8]) -> Option<&[u8]> {
    const NAMES: [(&[u8], &[u8]); 4] = [
        (b"process \"/bin/sh -c ", b"\" did not complete"),
        (b"The command '/bin/sh -c ", b"' returned a non-zero"),
        (b"The command \"", b"\" exited with "),
        (b" did not exit successfully ", b" exit status "),
    ];
    NAMES.iter().find_map(|(open, close)| {
        let from = find(text, open)? + open.len();
        let rest = text.get(from..)?;
        rest.get(..find(rest, close)?)
    })
}

/// Whether the step may run Go though it does not say so.
pub(crate) fn may_run_go(text: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"make", b"build", b"mage", b"task", b"bazel", b"release", b"test", b"compile", b"go.mod",
        b"go.sum", b"tidy", b"vendor",
    ];
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| contains(&lower, word))
}
