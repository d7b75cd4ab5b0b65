//! What is remembered while a log goes by: counts and first lines, never the log.

use crate::clean::clean;
use crate::code::embeds;
use crate::forget::Running;
use crate::level::Level;
use crate::line::{Header, diagnostic, header};
use crate::lines::{Candidate, Done};
use crate::literals::{Meanings, of_line};
use crate::manner::Manner;
use crate::mark::Mark;
use crate::pieces::{holds_lines, pieces};
use crate::quote::{begins_literal, patch_lines, without_quotes};
use crate::says::{
    contains, fails_package, is_done, is_heading, is_prose, is_step, may_run_go, names_linter,
};
use crate::signature::signatures;
use crate::tally::{Tally, evidence};
use crate::verdict::Evidence;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Longer than a time stamp: a name is in it.
const LONG_PREFIX: usize = 38;

/// A literal of a program's source has so many lines at most.
const LITERAL: u64 = 60;

/// Everything that is remembered.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) tallies: BTreeMap<usize, Tally>,
    /// Diagnostics that no signature knows, of the compiler and of vet.
    pub(crate) unnamed: [Tally; 2],
    pub(crate) done: Done,
    /// The last line that says that a command failed.
    pub(crate) failed: Option<Evidence>,
    pub(crate) succeeded: u64,
    pub(crate) go_command: u64,
    pub(crate) other: Option<Evidence>,
    /// A linter remarked something.
    pub(crate) linted: bool,
    pub(crate) panic: Option<Evidence>,
    /// The last line that calls itself an error.
    pub(crate) error: Option<Evidence>,
    /// Where a line last called itself an error, and was none of a CI's that tell that a command failed.
    pub(crate) complaint_at: u64,
    /// Where Go was first and last seen at work, and where another language's tools.
    pub(crate) go_from: u64,
    pub(crate) go_at: u64,
    pub(crate) foreign_at: u64,
    /// Where another host was last spoken to, and not for a module.
    pub(crate) remote_at: Option<u64>,
    /// Steps are told apart, and Go may be at work in this one.
    pub(crate) stepped: bool,
    pub(crate) step_of_go: bool,
    /// A step failed in which Go may have been at work.
    pub(crate) failed_in_go: bool,
    /// Commands that failed were named, and whether one of them may run Go.
    pub(crate) named_in_go: Option<bool>,
    /// The go command says something that no signature knows.
    pub(crate) unknown: Option<Evidence>,
    pub(crate) build_failed: u64,
    pub(crate) build_failed_at: Option<Evidence>,
    pub(crate) packages_passed: u64,
    /// Where the last of them did, and whether tests told their names.
    pub(crate) passed_at: u64,
    pub(crate) verbose: bool,
    pub(crate) packages_failed: u64,
    pub(crate) bazel: bool,
    /// The log of a hosted runner is whole, and whether it tells an error.
    pub(crate) ended: bool,
    pub(crate) job_failed: bool,
    /// So many parts of a document were headed.
    pub(crate) headings: u64,
    /// Something failed, and the line is none of a program's source.
    pub(crate) plain: bool,
    /// A hint was found behind a file, a line and a column.
    pub(crate) located: bool,
    /// What kind of text it is.
    pub(crate) manner: Manner,
    /// The test that runs.
    pub(crate) running: Running,
    /// A package's errors were headed.
    pub(crate) headed: bool,
    /// What ran last is go vet.
    pub(crate) vets: bool,
    /// What ran last is a program, by go run: how it ends is its own.
    pub(crate) runs: bool,
    /// The step goes on with another program when its go command has done: `go build -o x && ./x`.
    pub(crate) chained: bool,
    /// Where something that failed was last tried again.
    pub(crate) again_at: u64,
    /// Where a part of a patch ends.
    pub(crate) patch_to: u64,
    /// Where a literal of a program's source ends at the latest, and how far the line that opens it is indented.
    pub(crate) literal: (u64, usize),
    pub(crate) header: Option<(u64, Header)>,
    pub(crate) in_test: bool,
    /// Of the line that was last asked for, by its number and place in memory: the level of the record that it is.
    pub(crate) record: Cell<Option<(u64, usize, Option<Level>)>>,
}

pub(crate) fn indent(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

impl State {
    /// The log has ended; it was recoded from so many bytes, if it was.
    pub(crate) fn end(&mut self, done: Done, recoded: Option<u64>) {
        self.done = done;
        let Some(bytes) = recoded else { return };
        self.done.bytes = bytes;
        self.forget_offsets();
    }

    /// Something failed, and no program's source may say so.
    pub(crate) fn told(&mut self, candidate: &Candidate<'_>) {
        self.plain = self.plain || !embeds(candidate.whole);
    }

    /// Whether something in it proves a cause.
    pub(crate) fn proves(&self) -> bool {
        self.tallies.values().chain(&self.unnamed).any(|tally| tally.strong)
    }

    pub(crate) fn exercised(&self) -> Vec<&'static str> {
        let all = signatures();
        self.tallies.keys().filter_map(|index| all.get(*index)).map(|s| s.name).collect()
    }

    /// Looks at a line that holds a literal.
    pub(crate) fn see(&mut self, candidate: &Candidate<'_>) {
        self.see_as(candidate, candidate.text);
    }

    /// Looks at a line that says this.
    pub(crate) fn see_as(&mut self, candidate: &Candidate<'_>, line: &[u8]) {
        let cleaned = clean(line);
        let text: &[u8] = &cleaned.text;
        if holds_lines(text) {
            // Where in the line its lines stand, unless colours were taken out between them.
            let base = match &cleaned.text {
                Cow::Borrowed(text) => {
                    text.as_ptr().addr().checked_sub(candidate.text.as_ptr().addr())
                }
                Cow::Owned(_) => None,
            };
            let mut first = true;
            pieces(text, &mut |at, piece| {
                let inner = base.and_then(|base| {
                    let from = if first { 0 } else { base + at.start };
                    let text = candidate.text.get(from..base + at.end)?;
                    Some(Candidate { text, offset: candidate.offset + from as u64, ..*candidate })
                });
                first = false;
                let piece = clean(piece);
                let meanings = of_line(&piece.text);
                // Of a record most values say nothing.
                if meanings.is_empty() {
                    return;
                }
                let candidate = inner.as_ref().unwrap_or(candidate);
                self.piece(candidate, &piece.text, &meanings, cleaned.of_test);
            });
        } else if matches!(cleaned.text, Cow::Owned(_)) || line.len() - text.len() > LONG_PREFIX {
            // Colours may have stood inside of words, and words inside of the name of a step.
            let meanings = of_line(text).with(&candidate.meanings.of_prefix());
            self.piece(candidate, text, &meanings, cleaned.of_test);
        } else {
            self.piece(candidate, text, &candidate.meanings, cleaned.of_test);
        }
    }

    fn piece(
        &mut self,
        candidate: &Candidate<'_>,
        text: &[u8],
        meanings: &Meanings,
        of_test: bool,
    ) {
        let evidence = |signature| evidence(candidate, signature);
        if meanings.has(Mark::Header)
            && let Some(kind) = header(text)
        {
            self.header = Some((candidate.line, kind));
            self.headed = true;
            self.go_is_at(candidate.line);
            // A test quotes it behind something else.
            self.in_test &= !text.starts_with(b"# ");
            return;
        }
        if meanings.has(Mark::Header) && is_heading(candidate.text) {
            self.headings += 1;
            return;
        }
        if is_prose(text, self.headings > 0) {
            return;
        }
        if meanings.has(Mark::Step) && contains(candidate.text, b"##[group]Run ") {
            self.next_step();
        }
        if meanings.has(Mark::Done) && is_done(text) {
            self.step_done(candidate.text);
        }
        if meanings.has(Mark::Step) && is_step(candidate.text, text) {
            self.stepped = true;
            self.step_of_go = may_run_go(text);
            self.in_test = false;
        }
        self.tests(meanings, text, candidate.line);
        // A runner ends a job in the middle of a test; places in files it marks whoever prints them.
        let of_runner = !meanings.has(Mark::Position)
            && (meanings.has(Mark::Error) && contains(candidate.text, b"##[error]")
                || meanings.has(Mark::Failed) && text.starts_with(b"ERROR: Job failed"));
        let in_test = !of_runner && (self.in_test || of_test);
        let told = without_quotes(text);
        let diagnostic = if meanings.has(Mark::Position) { diagnostic(&told) } else { None };
        if let Some(found) = &diagnostic
            && found.linter.is_some()
        {
            self.other = Some(evidence("linter"));
            self.linted = true;
            return;
        }
        if meanings.has(Mark::BuildFailed) && fails_package(&told) {
            self.told(candidate);
            self.build_failed += 1;
            self.build_failed_at.get_or_insert_with(|| evidence("build-failed"));
        }
        if meanings.has(Mark::Bazel) {
            self.bazel = true;
            self.go_is_at(candidate.line);
            if contains(text, b" failed") {
                self.build_failed += 1;
                self.build_failed_at.get_or_insert_with(|| evidence("build-failed"));
            }
        }
        let aside = meanings.has(Mark::Go) && (contains(text, b" PATH=\"") || names_linter(text));
        self.speakers(meanings, diagnostic.as_ref(), candidate.line, aside);
        if !in_test {
            self.commands(meanings, text, candidate);
        }
        if meanings.has(Mark::Panic)
            && !in_test
            && self.panic.is_none()
            && (text.trim_ascii_start().starts_with(b"panic: ")
                || contains(text, b"Observed a panic: "))
        {
            self.panic = Some(evidence("panic"));
        }
        if meanings.has(Mark::Patch)
            && let Some(lines) = patch_lines(text)
        {
            self.patch_to = candidate.line + lines;
        }
        if meanings.has(Mark::Literal) {
            let opens = begins_literal(text).then(|| (candidate.line + LITERAL, indent(text)));
            self.literal = opens.unwrap_or_default();
        }
        self.hold(candidate, &told, meanings, diagnostic.as_ref(), in_test);
    }
}
