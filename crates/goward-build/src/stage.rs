//! Which stage an action or a tool belongs to, and how long a stage was at work.

use crate::Interval;
use std::path::Path;

/// The stages of a build, in order.
pub const STAGES: &[&str] = &["list", "resolve", "compile", "link", "vet", "test", "run", "output"];

/// Of an action, by its mode; none for what only ties others together. An unknown mode compiles: what
/// newer Gos split off was part of `build`.
pub(crate) fn of_action(mode: &str) -> Option<&'static str> {
    Some(match mode {
        "nop" | "built-in package" | "collect cgo" | "go build" | "go install" | "go test"
        | "test build" | "test clean" | "test barrier" => return None,
        _ if mode.ends_with("-install") || mode == "install" => "output",
        _ if mode.starts_with("link") => "link",
        _ if mode.starts_with("vet") => "vet",
        _ if mode.starts_with("test") => "test",
        "run" | "tool" | "go run" | "go tool" => "run",
        _ => "compile",
    })
}

/// Of a tool.
pub(crate) fn of_tool(tool: &str) -> &'static str {
    match tool {
        "link" => "link",
        "vet" | "fix" => "vet",
        _ => "compile",
    }
}

/// Of a program that the go command runs: one of its tools, or what it has just built (`go test` in
/// `b001/NAME.test`, `go run` in `b001/exe/NAME`).
pub(crate) fn of_program(program: &Path) -> Option<&'static str> {
    let folder = program.parent()?;
    if program.extension().is_some_and(|it| it == "test") {
        return Some("test");
    }
    if folder.file_name().is_some_and(|it| it == "exe") {
        return Some("run");
    }
    let tools = folder.parent().is_some_and(|it| it.ends_with("pkg/tool"));
    tools.then(|| program.file_name()?.to_str().map(of_tool)).flatten()
}

/// The total length of intervals, what overlaps counted once.
pub(crate) fn union(intervals: &mut [Interval]) -> i64 {
    intervals.sort_unstable();
    let mut total = 0;
    let mut end = i64::MIN;
    for interval in intervals {
        let start = interval.start.max(end);
        if interval.end > start {
            total += interval.end - start;
            end = interval.end;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_union_is_what_a_clock_would_count(pairs in proptest::collection::vec((0_i64..200, 0_i64..40), 0..20)) {
            let mut all: Vec<Interval> =
                pairs.iter().map(|(start, length)| Interval { start: *start, end: start + length }).collect();
            let counted = (0..300).filter(|at| all.iter().any(|it| it.start <= *at && *at < it.end)).count();
            prop_assert_eq!(union(&mut all), counted as i64);
        }
    }

    #[test]
    fn kinds_of_tomorrow_compile() {
        assert_eq!(of_action("build check cache"), Some("compile"));
        assert_eq!(of_action("link-install"), Some("output"));
        assert_eq!(of_action("test run"), Some("test"));
        assert_eq!(of_action("go run"), Some("run"));
        assert_eq!(of_action("nop"), None);
        assert_eq!(of_action("quantum fold"), Some("compile"));
    }

    #[test]
    fn a_process_tells_what_is_at_work() {
        let of = |path: &str| of_program(Path::new(path));
        assert_eq!(of("/usr/lib/go/pkg/tool/linux_amd64/link"), Some("link"));
        assert_eq!(of("/tmp/go-build1/b001/a.test"), Some("test"));
        assert_eq!(of("/tmp/go-build1/b001/exe/server"), Some("run"));
        assert_eq!(of("/usr/bin/gcc"), None);
    }
}
