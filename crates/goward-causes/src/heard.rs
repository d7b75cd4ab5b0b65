//! Who speaks in a log, and how ended what they ran.

use crate::line::Diagnostic;
use crate::lines::Candidate;
use crate::literals::Meanings;
use crate::mark::Mark;
use crate::prose::is_sentence;
use crate::quote::is_quoted;
use crate::says::{
    contains, failed_command, goes_on, is_error, is_failure, is_news, is_step, is_success,
    is_warning, may_run_go, runs_go,
};
use crate::signature::signatures;
use crate::state::State;
use crate::tally::remember;

impl State {
    /// Whose tools are at work.
    pub(crate) fn speakers(
        &mut self,
        meanings: &Meanings,
        position: Option<&Diagnostic<'_>>,
        line: u64,
        aside: bool,
    ) {
        if meanings.has(Mark::Foreign) {
            self.foreign_at = line;
        }
        if meanings.has(Mark::Remote) {
            self.remote_at = Some(line);
        }
        // `PATH="/usr/local/go/bin:…"` is no Go at work, nor is a linter's name.
        if meanings.has(Mark::Go) && !aside || position.is_some_and(|d| d.column) {
            self.go_is_at(line);
        } else if position.is_some() {
            // A program that logs has such lines, too.
            self.go_at = line;
        }
    }

    pub(crate) fn go_is_at(&mut self, line: u64) {
        if self.go_from == 0 {
            self.go_from = line;
        }
        self.go_at = line;
        self.remote_at = None;
        self.step_of_go = true;
    }

    fn failure(&mut self, candidate: &Candidate<'_>) {
        self.told(candidate);
        remember(&mut self.failed, candidate, "failed");
        self.failed_in_go |= self.step_of_go || !self.stepped;
        // GitHub repeats a tool's errors, one by one; only a container's names its command.
        let names = |text| !contains(text, b"##[error]") || contains(text, b"/bin/sh -c ");
        let command = Some(candidate.text).filter(|text| names(text)).and_then(failed_command);
        if let Some(command) = command {
            let go = runs_go(command) || may_run_go(command);
            self.named_in_go = Some(go || self.named_in_go == Some(true));
        }
    }

    /// What failed is a step without Go.
    pub(crate) fn failed_elsewhere(&self) -> bool {
        self.failed.is_some() && !self.named_in_go.unwrap_or(self.failed_in_go)
    }

    /// Where tests begin and end.
    pub(crate) fn tests(&mut self, meanings: &Meanings, text: &[u8], line: u64) {
        // `=== Running the build` is somebody's banner.
        let event =
            |word: &[u8]| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(b" "));
        if meanings.has(Mark::TestRuns)
            && [&b"=== RUN"[..], b"=== CONT", b"=== NAME", b"=== PAUSE"].into_iter().any(event)
        {
            self.verbose = true;
            self.in_test = true;
            self.test_runs(text, line);
        }
        if meanings.has(Mark::TestPassed) && text.starts_with(b"--- ") {
            self.in_test = false;
            self.test_passed(text);
        }
        if meanings.has(Mark::PackagePassed) && text.starts_with(b"ok  \t") {
            self.in_test = false;
            self.packages_passed += 1;
            self.passed_at = line;
        }
        if meanings.has(Mark::PackageFailed)
            && (text.starts_with(b"FAIL\t") || text.starts_with(b"--- FAIL"))
        {
            self.in_test = false;
            self.packages_failed += u64::from(text.starts_with(b"FAIL\t"));
        }
    }

    /// What was run, and how it ended.
    pub(crate) fn commands(&mut self, meanings: &Meanings, text: &[u8], candidate: &Candidate<'_>) {
        let line = candidate.line;
        self.ended |= meanings.has(Mark::Ended);
        self.job_failed |= meanings.has(Mark::Error) && contains(candidate.text, b"##[error]")
            || meanings.has(Mark::Failed) && text.starts_with(b"Error: Process completed");
        if meanings.has(Mark::Again) {
            self.again_at = line;
        }
        let warning = meanings.has(Mark::Warning) && is_warning(candidate.text, text);
        let failed = meanings.has(Mark::Failed)
            && is_failure(text)
            && !warning
            && !is_quoted(text)
            && (!is_sentence(text) || contains(text, b"="))
            || meanings.has(Mark::Killed) && text.trim_ascii() == b"Killed"
            || meanings.has(Mark::Error)
                && text.len() < candidate.text.len()
                && contains(candidate.text, b"##[error]");
        let error = meanings.has(Mark::Error) && is_error(text);
        let go_speaks = meanings.has(Mark::GoSpeaks) && text.starts_with(b"go: ") && !warning;
        let news = go_speaks && is_news(text);
        // A service that tells its errors goes on.
        let service = (failed || error || go_speaks && !news) && self.service_says(candidate);
        if meanings.has(Mark::Succeeded) && is_success(text) {
            self.succeeded = line;
        } else if failed && !service {
            self.failure(candidate);
        }
        if error && !service {
            self.told(candidate);
            remember(&mut self.error, candidate, "error");
            if !failed {
                self.complaint_at = line;
            }
        }
        if meanings.has(Mark::GoCommand) && runs_go(text) {
            self.go_command = line;
            self.go_is_at(line);
            self.vets = contains(text, b"go vet");
            self.runs = contains(text, b"go run");
            let step = text.starts_with(b"+ ") || is_step(candidate.text, text);
            // GitHub tells the command twice.
            self.chained = (step || self.chained) && goes_on(text);
        }
        // What `go build -x` tells.
        if meanings.has(Mark::Go) && contains(text, b"/compile -o ") {
            self.go_command = line;
        }
        // What was generated or formatted is not what was committed.
        let patch = meanings.has(Mark::Patch)
            && text.starts_with(b"diff --git ")
            && text.trim_ascii_end().ends_with(b".go");
        if meanings.has(Mark::Other) || patch {
            remember(&mut self.other, candidate, "other");
        }
        if meanings.has(Mark::Usage) && text.starts_with(b"Usage of ") {
            self.own_flag(candidate);
        }
        if go_speaks {
            self.go_is_at(line);
            if news {
                self.go_command = line;
            } else if !service {
                self.told(candidate);
                remember(&mut self.unknown, candidate, "go-says");
            }
        }
    }

    /// A program of the log's own did not know its flag; the go command tells its usage otherwise.
    fn own_flag(&mut self, candidate: &Candidate<'_>) {
        let all = signatures();
        let before = self.tallies.len();
        self.tallies.retain(|index, tally| {
            let flags = all.get(*index).is_some_and(|s| s.name == "flags-undefined");
            !flags || tally.count > 1 || candidate.line.saturating_sub(tally.last) > 3
        });
        if self.tallies.len() < before {
            remember(&mut self.other, candidate, "other");
            self.failure(candidate);
        }
    }
}
