//! Whether a text is a log at all, or tells about one: a manual, a mail, the message of a commit
//! quote what tools say.

use crate::code::{Share, embeds};
use crate::ending::{is_zero, trouble};
use crate::level::{Level, level};
use crate::prose::{PARAGRAPH, is_part, is_sentence, sentences, speaker, unquoted};

/// So many parts make a page.
const PAGE: u64 = 10;

/// So many sentences are told, whatever comes first.
const MANY: u64 = 5;

/// What the beginning and the end of a text show of it.
#[derive(Debug, Default)]
pub(crate) struct Manner {
    /// Of the beginning: lines that are not blank.
    lines: u64,
    /// Of them: lines of a person's sentences, 1-based; how many are in it, and whether they are in a language of tools.
    sentences: Vec<(u64, u64, bool)>,
    /// Where code begins or ends in Markdown, 1-based, and whether a word stands behind the fence.
    fences: Vec<(u64, bool)>,
    /// The last line that is not blank, and whether it asks something.
    last: (u64, bool),
    /// A bot reports what it ran: `Command failed: go get …`, as Renovate does.
    reported: bool,
    /// Of them: those of a program's source.
    code: Share,
    /// A file of a program: the first of them says which package a Go file is of, and the last closes something; or it is a
    /// script from its first line to its last; or a page of HTML.
    file: bool,
    /// It holds several files, each behind its name.
    archive: bool,
    /// Somebody answers to what is quoted behind `>`.
    pub(crate) answers: bool,
    /// It is the message of a commit.
    committed: bool,
    /// It is a chat, of several.
    chat: bool,
    /// It is a letter, with its head.
    pub(crate) letter: bool,
    /// Records of a service that tell no error.
    pub(crate) records: u64,
    /// The last line has no end.
    open: bool,
    /// A line near the end complains, so many lines before it: 0 is the last.
    pub(crate) trouble: Option<(u64, String)>,
    /// A person asked a shell, and what ran last went well.
    pub(crate) zero: bool,
}

impl Manner {
    pub(crate) fn of(head: &[u8], tail: &[u8]) -> Manner {
        let mut manner = Manner {
            committed: is_commit(head),
            open: tail.last().is_some_and(|byte| *byte != b'\n'),
            trouble: trouble(tail),
            zero: is_zero(tail),
            ..Manner::default()
        };
        let mut told = false;
        let mut quotes = false;
        let script = head.starts_with(b"#!");
        let mut opening = Opening::default();
        let (mut files, mut tags) = (0, 0);
        let (mut said, mut first, mut others) = (0, None, false);
        for (raw, at) in head.split(|byte| *byte == b'\n').zip(1..) {
            let line = unquoted(raw);
            quotes |= raw.starts_with(b"> ");
            if line.trim_ascii().is_empty() {
                told = false;
                continue;
            }
            opening.add(line);
            files += u64::from(is_file_of_archive(line));
            tags += u64::from(is_tag(line));
            manner.letter |= manner.lines < 6 && line.starts_with(b"Subject: ");
            manner.records += u64::from(level(line) == Some(Level::Quiet));
            if let Some(name) = speaker(line) {
                said += 1;
                others |= *first.get_or_insert(name) != name;
            }
            manner.lines += 1;
            if !(script && line.trim_ascii_start().starts_with(b"#")) {
                manner.code.add(line);
            }
            manner.last = (at, line.trim_ascii_end().ends_with(b"?"));
            manner.reported |= line.starts_with(b"Command failed: ");
            if let Some(behind) = line.trim_ascii().strip_prefix(b"```") {
                manner.fences.push((at, !behind.is_empty()));
            }
            told = is_sentence(line) || told && is_part(line);
            if told {
                manner.sentences.push((at, sentences(line), line.is_ascii()));
                manner.answers |= quotes && !raw.starts_with(b">");
            }
        }
        let closed = |line: &[u8]| matches!(line.trim_ascii(), b"}" | b")");
        let last = tail.rsplit(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
        manner.file = opening.clause && last.is_some_and(closed)
            || script && manner.code.is_mostly() && last.is_some_and(embeds)
            || tags >= PAGE;
        manner.archive = files > 1;
        manner.chat = others && said > 2 && said * 10 >= manner.lines * 8;
        manner
    }

    /// Whether it is a file of Go's, from its first line to its last: comments of it may show any output.
    pub(crate) fn is_file(&self) -> bool {
        self.file
    }

    /// Whether it is an archive of files; a test that fails may print one.
    pub(crate) fn is_archive(&self) -> bool {
        self.archive
    }

    /// Whether it is in Markdown, with code of its own.
    pub(crate) fn is_marked_up(&self) -> bool {
        self.fences.len() > 1
    }

    /// Whether all these lines stand between fences, and the page goes on behind them. Who asks at its end has the error,
    /// and a bot met it.
    pub(crate) fn shows(&self, lines: &[u64]) -> bool {
        if self.reported || self.last.1 {
            return false;
        }
        // A text may be cut out of a page, and begin inside.
        let cut = self.fences.len() % 2 == 1 && self.fences.first().is_some_and(|(_, word)| !word);
        let before = |line: u64| self.fences.iter().filter(|(at, _)| *at < line).count();
        let Some(last) = lines.iter().max() else { return false };
        let end = self.fences.iter().map(|(at, _)| *at).find(|at| at > last);
        end.is_some_and(|end| end < self.last.0)
            && lines.iter().all(|line| before(*line) % 2 == usize::from(!cut))
    }

    /// Whether it is a program's source.
    pub(crate) fn is_code(&self) -> bool {
        self.code.is_code()
    }

    /// The number of the last line, in a log with so many ends of lines.
    pub(crate) fn last_line(&self, ends: u64) -> u64 {
        ends + u64::from(self.open)
    }

    /// Whether a person tells about what these lines quote. Where the text says that a command failed,
    /// it must be nearly all sentences, or be a manual.
    pub(crate) fn is_told(&self, quotes: &[u64], failed: bool, manual: bool) -> bool {
        if self.chat || self.committed && !failed {
            return true;
        }
        let fenced = self.is_marked_up();
        let share = match (failed, manual && fenced, manual || fenced || self.answers) {
            // Who goes on after it explains it.
            (false, _, true)
                if self.sentences.last().map(|(line, ..)| line) > quotes.iter().max() =>
            {
                30
            }
            (false, ..) => 40,
            (true, true, _) => 20,
            (true, false, true) => 35,
            (true, false, false) => 60,
        };
        // A tool's own sentence may be the error; a paragraph is not.
        let own = |(line, count, ascii): &&(u64, u64, bool)| {
            !ascii || *count >= PARAGRAPH || !quotes.contains(line)
        };
        let told = self.sentences.iter().filter(own);
        let (lines, told) =
            told.fold((0, 0), |(lines, told), (_, count, _)| (lines + 1, told + count));
        let from = self.sentences.first().map(|(line, ..)| *line);
        let before =
            quotes.iter().min().is_none_or(|first| from.is_some_and(|from| from <= *first));
        let least = if manual || fenced || self.answers { 2 } else { 3 };
        told >= least
            && (before || !failed && told >= MANY)
            && lines * 100 >= self.lines.saturating_mul(share)
    }
}

/// The lines before the first one that is no comment of Go's, and whether that one is a package clause.
#[derive(Default)]
struct Opening {
    begun: bool,
    in_comment: bool,
    clause: bool,
}

impl Opening {
    fn add(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if self.begun || line.starts_with(b"//") {
            return;
        }
        if self.in_comment || line.starts_with(b"/*") {
            self.in_comment = !line.ends_with(b"*/");
            return;
        }
        self.begun = true;
        self.clause = is_clause(line);
    }
}

/// `-- dir/go.mod --`: a file in an archive of txtar, as the go command's own tests are.
fn is_file_of_archive(line: &[u8]) -> bool {
    let name =
        line.strip_prefix(b"-- ").and_then(|rest| rest.trim_ascii_end().strip_suffix(b" --"));
    name.is_some_and(|name| !name.contains(&b' ') && name.iter().any(|byte| b"./".contains(byte)))
}

/// A line of a page that only opens or closes a part of it. The console of a CI is one part.
fn is_tag(line: &[u8]) -> bool {
    const TAGS: [&[u8]; 12] = [
        b"<p>", b"</p>", b"<li>", b"</li>", b"<ul>", b"</ul>", b"<ol>", b"</ol>", b"<h2", b"<h3",
        b"<dl>", b"<dd>",
    ];
    TAGS.iter().any(|tag| line.trim_ascii().starts_with(tag))
}

/// `package main`
fn is_clause(line: &[u8]) -> bool {
    let name = line.trim_ascii_end().strip_prefix(b"package ").unwrap_or_default();
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// `commit 4f2c1d9…`, and who made it.
fn is_commit(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let hash = lines.next().and_then(|line| line.trim_ascii().strip_prefix(b"commit "));
    let is_hash = |hash: &[u8]| hash.len() >= 7 && hash.iter().take(7).all(u8::is_ascii_hexdigit);
    hash.is_some_and(is_hash) && lines.take(3).any(|line| line.starts_with(b"Author: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(text: &str) -> bool {
        Manner::of(text.as_bytes(), text.as_bytes()).is_told(&[100], false, false)
    }

    #[test]
    fn a_page_shows_what_stands_in_its_blocks() {
        let shows = |text: &str, lines: &[u64]| Manner::of(text.as_bytes(), b"").shows(lines);
        let page = "Run it:\n```\n./a.go:1:2: undefined: x\n```\nThat is what we want.\n";
        assert!(shows(page, &[3]));
        assert!(!shows(page, &[3, 5]) && !shows(page, &[1]) && !shows(page, &[]));
        // Cut out of one.
        assert!(shows("./a.go:1:2: undefined: x\n```\nNow it fails.\n", &[1]));
        for report in [
            "I get:\n```\n./a.go:1:2: undefined: x\n```\nHow do I fix it?\n",
            "I get:\n```\n./a.go:1:2: undefined: x\n```\n",
            "I get:\n```\nCommand failed: go get x\n./a.go:1:2: undefined: x\n```\n#### a\n",
        ] {
            assert!(!shows(report, &[3]), "{report}");
        }
    }

    #[test]
    fn who_tells_is_known_by_sentences() {
        assert!(is_told(
            "> > I get this when building on my machine:\n> >\n> > ./main.go:12:2: undefined: x\n> >\n\
             > > Which Go version do you use?\n>\n> I use 1.9 as in the README.\n\n\
             It works for me after pulling master. Thanks, closing this.\n"
        ));
        assert!(is_told("commit 4f2c1d99a3\nAuthor: a\n\n    go: updates to go.mod needed\n"));
        assert!(!is_told(
            "verifying x@v1: checksum mismatch\n\tdownloaded: h1:x\n\tgo.sum:     h1:y\n\nSECURITY ERROR\n\
             This download does NOT match an earlier download recorded in go.sum.\n\
             The bits may have been replaced on the origin server, or an attacker may\n\
             have intercepted the download attempt.\n\n\
             For more information, see 'go help module-auth'.\n"
        ));
    }
}
