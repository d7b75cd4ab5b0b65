//! Constraints, names of files and tags.

use crate::ask::{Request, ask_go};
use crate::cases;
use crate::random::{Random, constraint_line, file_name};
use goheader::{Tags, constraint, read_go};
use serde_json::json;

#[test]
fn constraint_lines_read_as_in_go() {
    let mut lines: Vec<String> =
        (0..cases(30_000)).map(|seed| constraint_line(&mut Random::new(seed as u64))).collect();
    // At the limits of size and depth.
    for size in [99, 100, 101, 102, 998, 999, 1000, 1001, 1002] {
        let many = |word: &str| word.repeat(size);
        lines.push(format!("//go:build {}x", many("a && ")));
        lines.push(format!("//go:build {}x{}", many("("), many(")")));
        lines.push(format!("//go:build {}x{}", many("!("), many(")")));
        lines.push(format!("//go:build {}", many("(")));
        lines.push(format!("// +build {}", many("a,")));
        lines.push(format!("// +build {}", many("a ")));
    }
    let requests =
        lines.iter().map(|line| Request { kind: "constraint", name: "", data: line.as_bytes() });
    let mut good = 0;
    for (line, theirs) in lines.iter().zip(ask_go(requests)) {
        let (go, plus) = (constraint::is_go_build(line), constraint::is_plus_build(line));
        let ours = match constraint::parse(line) {
            Ok(expr) => {
                let mut tags = Vec::new();
                let holds = expr.eval(&mut |tag| {
                    tags.push(tag.to_owned());
                    tag.len() % 2 == 0
                });
                assert!(expr.tags().eq(tags.iter().map(String::as_str)));
                good += 1;
                let version = expr.go_version().unwrap_or_default();
                json!({ "String": expr.to_string(), "Eval": holds, "Tags": tags, "GoVersion": version, "Go": go, "Plus": plus })
            }
            Err(error) => {
                json!({ "Error": error.message, "Offset": error.offset, "Go": go, "Plus": plus })
            }
        };
        assert_eq!(ours, theirs, "{line:?}");
    }
    assert!(good > lines.len() / 10 && good < lines.len(), "{good} of {}", lines.len());
}

#[test]
fn names_and_tags_match_as_in_go() {
    const SYSTEMS: &[&str] = &[
        "linux", "android", "illumos", "ios", "darwin", "windows", "js", "wasip1", "plan9",
        "solaris", "hurd", "zos",
    ];
    const ARCHITECTURES: &[&str] = &["amd64", "arm64", "wasm", "386", "riscv64"];
    const EXPRESSIONS: &[&str] = &[
        "cgo",
        "unix",
        "linux",
        "solaris",
        "darwin",
        "gc",
        "gccgo",
        "go1.1",
        "go1.26",
        "go1.27",
        "boringcrypto",
        "mine",
        "goexperiment.x",
        "js",
        "wasm",
    ];
    let mut cases = Vec::new();
    for seed in 0..20_000 {
        let random = &mut Random::new(seed);
        let mut tags = Tags::new(random.pick(SYSTEMS), random.pick(ARCHITECTURES), 26);
        tags.cgo = random.below(2) == 0;
        tags.build_tags.insert(random.pick(&["mine", "x", "windows"]).to_owned());
        tags.tool_tags
            .insert(random.pick(&["goexperiment.x", "goexperiment.boringcrypto"]).to_owned());
        let name = if random.below(2) == 0 { "f.go".to_owned() } else { file_name(random) };
        let content = format!("//go:build {}\n\npackage p\n", random.pick(EXPRESSIONS));
        cases.push((tags, name, content));
    }
    // MatchFile refuses these before it looks at the tags.
    cases.retain(|(_, name, _)| !name.starts_with(['_', '.']));
    let settings = |tags: &Tags| {
        let list = |tags: &std::collections::BTreeSet<String>| {
            tags.iter().cloned().collect::<Vec<_>>().join(",")
        };
        format!(
            "{} {} {} {} {}\n",
            tags.goos,
            tags.goarch,
            tags.cgo,
            list(&tags.build_tags),
            list(&tags.tool_tags)
        )
    };
    let data: Vec<String> =
        cases.iter().map(|(tags, _, content)| settings(tags) + content).collect();
    let requests = cases.iter().zip(&data).map(|((_, name, _), data)| Request {
        kind: "match",
        name,
        data: data.as_bytes(),
    });
    for ((tags, name, content), theirs) in cases.iter().zip(ask_go(requests)) {
        let constraint = read_go(content.as_bytes(), true).unwrap().constraint;
        let ours =
            tags.file_name_matches(name) && constraint.matches(&|tag| tags.has(tag)).unwrap();
        assert_eq!(json!({ "Match": ours, "Error": "" }), theirs, "{name} {content:?} {tags:?}");
    }
}

#[test]
fn the_conditions_of_cgo_lines_hold_as_in_go() {
    const WORDS: &[&str] =
        &["linux", "amd64", "windows", ",", "!", " && ", " || ", "(", ")", "cgo"];
    let tags = Tags::new("linux", "amd64", 26);
    let conditions: Vec<String> =
        (0..3_000).map(|seed| Random::new(seed).sequence(WORDS, 6)).collect();
    // What matchAuto, which no program can call, makes of a condition; as the constraint of a file.
    let file = |condition: &String| {
        let go_build = condition.contains(['&', '|', '(', ')']);
        let marker = if go_build { "//go:build" } else { "// +build" };
        format!("linux amd64 false - -\n{marker} {condition}\n\npackage p\n")
    };
    let data: Vec<String> = conditions.iter().map(file).collect();
    let requests =
        data.iter().map(|data| Request { kind: "match", name: "f.go", data: data.as_bytes() });
    for (condition, theirs) in conditions.iter().zip(ask_go(requests)) {
        assert_eq!(tags.matches_auto(condition), theirs["Match"], "{condition:?}");
    }
}
