//! What turned out to be no failure: errors inside of what went well.

use crate::state::State;
use crate::tally::Tally;
use crate::verdict::Evidence;

/// A test that runs, and what was counted before.
#[derive(Default)]
pub(crate) struct Running {
    name: Vec<u8>,
    line: u64,
    build_failed: u64,
    packages_failed: u64,
    failed: Option<Evidence>,
}

/// Of a test's name so much is compared.
const MAX_NAME: usize = 200;

impl State {
    /// A hosted runner begins a step. It tells an error where a step fails, so that the steps before
    /// went well unless it did.
    pub(crate) fn next_step(&mut self) {
        if self.job_failed {
            return;
        }
        self.tallies.clear();
        self.unnamed = <[Tally; 2]>::default();
        for slot in self.slots() {
            *slot = None;
        }
        self.build_failed = 0;
        self.packages_failed = 0;
        self.located = false;
        self.linted = false;
    }

    /// BuildKit has done a step: `#12 DONE 3.4s`.
    pub(crate) fn step_done(&mut self, raw: &[u8]) {
        let Some(number) = step_number(raw) else { return };
        let of_it = |evidence: &Evidence| step_number(evidence.text.as_bytes()) == Some(number);
        self.tallies.retain(|_, tally| !tally.evidence.iter().all(of_it));
        for tally in &mut self.unnamed {
            if tally.evidence.iter().all(of_it) {
                *tally = Tally::default();
            }
        }
        if self.build_failed_at.as_ref().is_some_and(of_it) {
            self.build_failed = 0;
        }
        for slot in self.slots() {
            if slot.as_ref().is_some_and(of_it) {
                *slot = None;
            }
        }
    }

    /// `=== RUN   TestX/case`: what the test runs may fail.
    pub(crate) fn test_runs(&mut self, text: &[u8], line: u64) {
        let name = text.strip_prefix(b"=== RUN").map(<[u8]>::trim_ascii).and_then(test_name);
        if let Some(name) = name.filter(|name| *name != self.running.name) {
            self.running = Running {
                name: name.to_owned(),
                line,
                build_failed: self.build_failed,
                packages_failed: self.packages_failed,
                failed: self.failed.clone(),
            };
        }
    }

    /// `--- PASS: TestX (0.1s)`: the packages that failed inside were to fail.
    pub(crate) fn test_passed(&mut self, text: &[u8]) {
        let name = text.strip_prefix(b"--- PASS: ").and_then(test_name);
        if name.is_none_or(|name| name != self.running.name) {
            return;
        }
        self.build_failed = self.running.build_failed;
        self.packages_failed = self.running.packages_failed;
        self.failed = self.running.failed.take();
        self.running.name.clear();
        let at = self.build_failed_at.as_ref().and_then(|evidence| evidence.line);
        if at.is_some_and(|at| at >= self.running.line) {
            self.build_failed_at = None;
        }
    }

    /// Lines that were remembered one by one.
    fn slots(&mut self) -> [&mut Option<Evidence>; 6] {
        [
            &mut self.failed,
            &mut self.other,
            &mut self.panic,
            &mut self.error,
            &mut self.unknown,
            &mut self.build_failed_at,
        ]
    }

    /// Places in the text are not those in the file.
    pub(crate) fn forget_offsets(&mut self) {
        for slot in self.slots().into_iter().flatten() {
            slot.offset = None;
        }
        let tallies = self.tallies.values_mut().chain(&mut self.unnamed);
        for evidence in tallies.flat_map(|tally| &mut tally.evidence) {
            evidence.offset = None;
        }
    }
}

/// The name of the outermost test.
fn test_name(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| matches!(byte, b'/' | b' ')).unwrap_or(text.len());
    text.get(..end.min(MAX_NAME)).filter(|name| !name.is_empty())
}

/// The number of BuildKit's step: 12 in `#12 3.456 text`, behind what a CI adds.
fn step_number(raw: &[u8]) -> Option<u32> {
    let window = raw.get(..80).unwrap_or(raw);
    let behind = window.get(memchr::memchr(b'#', window)? + 1..)?;
    let end = behind.iter().position(|byte| !byte.is_ascii_digit())?;
    let digits = std::str::from_utf8(behind.get(..end)?).ok()?;
    (behind.get(end) == Some(&b' ')).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_a_number() {
        for (raw, number) in [
            ("#12 3.456 go: x", Some(12)),
            ("2024-05-01T12:00:00.0000000Z #7 DONE 0.1s", Some(7)),
            ("##[error]x", None),
            ("issue #12", None),
            ("# example.com/x", None),
        ] {
            assert_eq!(step_number(raw.as_bytes()), number, "{raw}");
        }
    }
}
