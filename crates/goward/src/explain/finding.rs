//! A cause as a finding of a report: its stage, its place, its words. Of a build that was watched, and of a log.

use goward_causes::cause_of;
use goward_model::{Finding, Location, Text};

/// The stages and what each makes sure of.
pub(crate) const STAGES: &[(&str, &str, &str)] = &[
    ("list", "the packages are found and parsed", "找到并解析所有包"),
    ("resolve", "the modules are downloaded and verified", "模块已下载并校验"),
    ("compile", "the packages compile", "所有包编译通过"),
    ("link", "the programs link", "程序链接通过"),
    ("vet", "vet finds nothing", "vet 无发现"),
    ("test", "the tests pass", "测试通过"),
    ("run", "the program runs", "程序运行成功"),
    ("output", "what was built is written", "产物已写出"),
];

/// The identifier of a stage's outcome; flags and environment have no stage of their own.
pub(crate) fn outcome_id(stage: &str) -> String {
    format!("build.{}", if stage.is_empty() { "env" } else { stage })
}

/// What a cause is, and the place that its lines name; or that it has elsewhere.
pub(crate) fn finding<'a>(
    id: &str,
    lines: impl Iterator<Item = &'a str> + Clone,
    dir: &str,
    elsewhere: Location,
) -> Finding {
    let first = lines.clone().next().unwrap_or_default();
    let (meaning, fix) = cause_of(id).map_or_else(
        || (Text::default(), Text::default()),
        |cause| {
            (Text::new(cause.meaning.en, cause.meaning.zh), Text::new(cause.fix.en, cause.fix.zh))
        },
    );
    let said = |text: &str| match first.trim() {
        "" => format!("{id}: {text}"),
        line => format!("{id}: {text}: {line}"),
    };
    let message = Text::new(said(&meaning.en), said(&meaning.zh));
    // The first line often only announces: `go: errors parsing go.mod:`.
    let place = lines.clone().find_map(|line| place(line, dir)).unwrap_or(elsewhere);
    Finding::at(place, id.to_owned(), message, fix)
}

/// `./main.go:5:2: …` is a place; what has none is the module's. A path of another folder than the build's is none.
fn place(line: &str, dir: &str) -> Option<Location> {
    let line = line.trim();
    let line = line.strip_prefix("vet: ").unwrap_or(line);
    let inside = line.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/'));
    let mut parts = inside.filter(|_| !dir.is_empty()).unwrap_or(line).splitn(4, ':');
    let path = parts.next().unwrap_or_default();
    let path = path.strip_prefix("./").unwrap_or(path);
    let number = parts.next().and_then(|part| part.parse().ok())?;
    let column = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
    let is_file =
        !path.is_empty() && !path.contains(char::is_whitespace) && !path.starts_with(['/', '.']);
    is_file.then(|| Location::point(path, number, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_has_a_place() {
        let place = |line| place(line, "/src/m");
        let at = |path, line, column| Some(Location::point(path, line, column));
        assert_eq!(place("./cmd/main.go:5:2: undefined: x"), at("cmd/main.go", 5, 2));
        assert_eq!(place("vet: a/a.go:7:1: x"), at("a/a.go", 7, 1));
        assert_eq!(place("/src/m/a.go:7:1: x"), at("a.go", 7, 1));
        assert_eq!(place("go.mod:3: unknown directive"), at("go.mod", 3, 1));
        for nowhere in ["go: no module provides it", "../up.go:1:1: x", "/src/mm/a.go:1:1: x", ""] {
            assert_eq!(place(nowhere), None, "{nowhere}");
        }
    }
}
