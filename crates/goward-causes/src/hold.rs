//! A line is held against the signatures that its words may mean.

use crate::hands::{Hand, hand};
use crate::level::{Level, level};
use crate::line::{Diagnostic, Header, diagnostic};
use crate::lines::Candidate;
use crate::literals::Meanings;
use crate::mark::Mark;
use crate::others::{fails_another, reaches_service};
use crate::quote::is_quoted;
use crate::says::{contains, is_plain, is_warning};
use crate::signature::{Form, Signature, Strength, matches, signatures};
use crate::state::{State, indent};
use crate::{Stage, rules};

/// A header heads the lines that follow it, not those of the next step.
const HEADED: u64 = 300;

/// So soon below its header a tool's own death is told.
const BELOW: u64 = 2;

/// So soon another host answers.
const ANSWER: u64 = 12;

/// `pkg/main.go:12:3: text`
fn begins_with_place(text: &[u8]) -> bool {
    let end = memchr::memchr(b' ', text.get(..200).unwrap_or(text));
    let word = end.and_then(|end| text.get(..end)).unwrap_or_default();
    word.ends_with(b":") && contains(word, b".go:")
}

/// How records in JSON and logfmt begin, at a glance.
fn begins_as_record(line: &[u8]) -> bool {
    [&b"{\""[..], b"time=", b"ts=", b"level="].iter().any(|word| line.starts_with(word))
}

/// Whether what the line says may prove something; none if its speaker is nobody of the build.
fn speaks(signature: &Signature, diagnostic: Option<&Diagnostic<'_>>, text: &[u8]) -> Option<bool> {
    let hand = if diagnostic.is_some() { None } else { hand(text) };
    // Who tidies up meets what the build left; a full disk is full for everyone.
    let machine =
        signature.cause.starts_with("resource.") && signature.cause != "resource.permission";
    (machine || hand != Some(Hand::Tidies)).then_some(machine || hand.is_none())
}

impl State {
    /// Whether a test is known to have failed.
    fn test_failed(&self) -> bool {
        let all = signatures();
        let of_tests = |index: &usize| {
            all.get(*index).is_some_and(|s| s.cause == "source.test" && s.name != "test-event")
        };
        self.tallies.keys().any(of_tests)
    }

    /// Whether the line only quotes what it holds, or may belong to a patch.
    fn quotes(&self, candidate: &Candidate<'_>, text: &[u8]) -> bool {
        // An old compiler's lines may be headed as packages are.
        let headed =
            self.header.is_some_and(|(line, _)| candidate.line - line.min(candidate.line) <= BELOW);
        if headed && text.starts_with(b"# ") && diagnostic(text).is_some() {
            return false;
        }
        let (end, least) = self.literal;
        // An excerpt may leave its end out: what follows stands further left.
        candidate.line <= end && indent(text) >= least
            || candidate.line <= self.patch_to && matches!(text.first(), Some(b'-' | b' '))
            || is_quoted(text)
            || text.len() < candidate.text.len() && is_quoted(candidate.text)
    }

    /// Whether a service says so of itself, and no build of it.
    pub(crate) fn service_says(&self, candidate: &Candidate<'_>) -> bool {
        let go = self.header.is_some() || self.go_command > 0 && self.go_command < candidate.line;
        // golangci-lint's own log.
        // What begins with a path, or a place in a file, is no record.
        let path = matches!(candidate.whole.first(), Some(b'.' | b'/'))
            || begins_with_place(candidate.whole);
        let linter = || {
            let words = [&b"typechecking error: "[..], b"Running error: "];
            words.iter().any(|words| contains(candidate.whole, words))
        };
        !go && !path && self.level(candidate).is_some() && !linter()
    }

    /// The level of the record that the line is, if it is one.
    fn level(&self, candidate: &Candidate<'_>) -> Option<Level> {
        // Of a long line, parts are looked at one by one.
        let (line, part) = (candidate.line, candidate.whole.as_ptr().addr());
        match self.record.get() {
            Some((at, from, known)) if at == line && from == part => known,
            _ => {
                let known = level(candidate.whole);
                self.record.set(Some((line, part, known)));
                known
            }
        }
    }

    /// Whether a service says it, or the line only quotes it.
    fn is_of_others(&self, candidate: &Candidate<'_>, text: &[u8], signature: &Signature) -> bool {
        // What a tool says as it gives up may be the go command's.
        let own = signature.strength == Strength::Strong && !signature.shared;
        let dies = || own && self.level(candidate) == Some(Level::Last);
        self.service_says(candidate) && !dies() || self.quotes(candidate, text)
    }

    /// Whether it only warns, or is a service's record: of such a log that is nearly every line, and none is
    /// held against patterns.
    fn proves_nothing(&self, candidate: &Candidate<'_>, text: &[u8], meanings: &Meanings) -> bool {
        meanings.has(Mark::Warning) && is_warning(candidate.text, text)
            || begins_as_record(candidate.whole)
                && self.service_says(candidate)
                && self.level(candidate) != Some(Level::Last)
    }

    /// Whether another program says it of itself, though it reads as Go's.
    fn leaves(
        &mut self,
        candidate: &Candidate<'_>,
        text: &[u8],
        signature: &Signature,
        quiet: bool,
    ) -> bool {
        // A program that was built, and misses what it needs.
        let service = signature.name.ends_with("-any") && reaches_service(text);
        let others = self.is_of_others(candidate, text, signature)
            || signature.name == "test-failed" && fails_another(text);
        if service && !others && !quiet {
            self.complaint_at = candidate.line;
        }
        others || service
    }

    /// Holds a line against the signatures.
    pub(crate) fn hold(
        &mut self,
        candidate: &Candidate<'_>,
        text: &[u8],
        meanings: &Meanings,
        diagnostic: Option<&Diagnostic<'_>>,
        in_test: bool,
    ) {
        if self.proves_nothing(candidate, text, meanings) {
            return;
        }
        let heading =
            self.header.filter(|(line, _)| candidate.line - line.min(&candidate.line) <= HEADED);
        // `    x_test.go:12: text` is what a test says.
        // Before Go 1.11 there were no columns.
        let vets = self.vets;
        let plain = |d: &Diagnostic<'_>| vets || is_plain(d.message);
        let bare = diagnostic.is_some_and(|d| !d.column && heading.is_none() && !plain(d));
        let indented = diagnostic.is_some_and(|d| !d.column && d.indented);
        let mut quiet = in_test || (indented || bare) && contains(text, b"_test.go:");
        let foreign = self.foreign_at > self.go_at || self.stepped && !self.step_of_go;
        let remote =
            self.remote_at.is_some_and(|at| candidate.line - at.min(candidate.line) <= ANSWER);
        let all = signatures();
        let mut best: Option<(usize, &Signature)> = None;
        for index in meanings.signatures() {
            let Some(signature) = all.get(index) else { continue };
            // The event repeats what the output said.
            if signature.name == "test-event" && self.test_failed() {
                continue;
            }
            let foreign = foreign && signature.cause != "none.other-failure";
            let plain = signature.plain && !indented;
            let seen = match signature.form {
                Form::Line => Some(text),
                Form::Diagnostic if bare && !plain => None,
                Form::Diagnostic => diagnostic.map(|d| d.message),
            };
            let below = heading.is_some_and(|(line, _)| candidate.line - line <= BELOW);
            // A linker knows no column.
            let linker = signature.form == Form::Line && signature.cause.starts_with("link.");
            if linker && diagnostic.is_some_and(|d| d.column)
                || quiet && !signature.in_tests && (in_test || !plain)
                || signature.headed && !below
                || best.is_some() && signature.strength == Strength::Weak
                || foreign && (signature.shared || signature.strength == Strength::Weak)
                || remote && signature.shared && signature.stage == Stage::Resolve
                || !seen.is_some_and(|seen| matches(index, seen))
            {
                continue;
            }
            best = Some((index, signature));
            quiet &= in_test || !plain;
            if signature.strength == Strength::Strong {
                break;
            }
        }
        if let Some((index, signature)) = best {
            if self.leaves(candidate, text, signature, quiet) {
                return;
            }
            let Some(firm) = speaks(signature, diagnostic, text) else { return };
            let tests_own = signature.cause == "source.test";
            // A compiler's word without its header may be anyone's, where the words are common.
            let common = matches!(signature.name, "type" | "too-large" | "directive");
            let strong = signature.strength == Strength::Strong
                && firm
                && (!quiet || tests_own)
                && (!common
                    || heading.is_some()
                    || self.bazel
                    || text.starts_with(b"vet: ")
                    || diagnostic.is_some_and(|d| (d.column || plain(d)) && !d.indented));
            self.located |= signature.strength == Strength::Weak
                && !quiet
                && diagnostic.is_some_and(|d| d.column);
            let stage = rules::stage(signature.cause, text, signature.stage);
            let tally = self.tallies.entry(index).or_default();
            tally.shared = signature.shared;
            tally.add(candidate, signature.name, strong, heading.is_some(), stage);
        } else if let (Some(_), Some((_, kind)), false) =
            (diagnostic.filter(|d| d.column), heading, quiet)
        {
            let vet = kind == Header::Vet || self.vets;
            let (slot, stage) = if vet { (1, Stage::Vet) } else { (0, Stage::Compile) };
            if !self.quotes(candidate, text)
                && let Some(tally) = self.unnamed.get_mut(slot)
            {
                tally.add(candidate, "diagnostic", true, true, stage);
            }
        }
    }
}
