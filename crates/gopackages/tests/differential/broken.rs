//! Files that cannot be understood, where this build takes them and where it does not.

use crate::{HERE, Target, differences, same, world};
use overlay::Overlay;

/// One module for all cases, since each run of go costs: for each a package with a test and with a file that is wrong,
/// and a program that imports it.
fn all(cases: impl Iterator<Item = (String, String)>, more: &str, target: &Target) {
    let mut text = "-- go.mod --\nmodule example.com/m\n\ngo 1.24\n".to_owned();
    for (at, (name, broken)) in cases.enumerate() {
        text += &format!(
            "-- c{at}/a.go --\n// Package a is tried {broken:?} {name}\npackage a\n\nimport _ \"strings\"\n\
             -- c{at}/a_test.go --\npackage a\n\nimport (\n\t_ \"os\"\n\t_ \"testing\"\n)\n\
             -- c{at}/e.go --\npackage a\n\nimport _ \"embed\"\n\n//go:embed e.go\nvar e string\n\
             -- p{at}/p.go --\npackage main\n\nimport _ \"example.com/m/c{at}\"\n\
             -- c{at}/{name} --\n{broken}\n"
        );
    }
    let dir = world(&(text + more));
    let root = dir.path().canonicalize().unwrap();
    let said = differences(&root, target, &Overlay::default(), &["./..."]);
    assert!(said.is_empty(), "{}", said.join("\n"));
}

fn each<'a>(names: &'a [&'a str], texts: &'a [&'a str]) -> impl Iterator<Item = (String, String)> {
    names.iter().flat_map(|name| texts.iter().map(|text| ((*name).to_owned(), (*text).to_owned())))
}

/// Name of the file, and what is in it.
const BROKEN: &[&str] = &[
    "packa",
    "package a\n\nimport \"a b\"",
    "package a\n\nimport \"fmt",
    "package a\n\nimport (",
    "",
    "//go:build linux\n//go:build amd64\n\npackage a",
    "//go:build linux\n//go:build amd64\n\npacka",
    "//go:build linux &&\n\npackage a\n\nimport _ \"fmt\"",
    "//go:build linux &&\n\npacka",
    "//go:build ignore\n\npacka",
    "package a\0",
    "package other",
];

/// Those of them that go/parser refuses where this build takes them.
const UNPARSED: &[&str] = &["packa", "package a\n\nimport \"fmt", "package a\n\nimport (", ""];

#[test]
fn broken_files_are_told_as_by_go_whatever_their_names() {
    let names = ["z_windows.go", "z.go", "z_windows_test.go", "0.go"];
    // go list parses tests to their ends; a main program's error is not modelled.
    let tests: Vec<&str> = BROKEN.iter().copied().filter(|text| !UNPARSED.contains(text)).collect();
    all(each(&names, BROKEN).chain(each(&["z_test.go"], &tests)), "", &HERE);
}

/// Where a link lies, and with vendoring, the go command has no index, and does not open what a name excludes.
#[test]
fn without_gos_index_other_rules_count() {
    let names = ["z_windows.go", "z.go"];
    let mut links = String::new();
    for at in 0..BROKEN.len() * 2 {
        links += &format!("-- c{at}/link.txt -> a.go --\n");
    }
    all(each(&names, BROKEN), &links, &HERE);
    let vendored = "-- go.mod --\nmodule example.com/m\n\ngo 1.24\n\nrequire example.com/v v1.0.0\n\
        -- vendor/modules.txt --\n# example.com/v v1.0.0\n## explicit\nexample.com/v\n\
        -- vendor/example.com/v/v.go --\npackage v\n";
    all(each(&names, BROKEN), vendored, &HERE);
}

#[test]
fn files_of_other_languages_end_everything_by_a_constraint_that_is_none() {
    let texts = ["//go:build linux &&\n", "//go:build linux\n//go:build amd64\n", "/* open"];
    all(each(&["z.s", "z_windows.s", "z.h"], &texts), "", &HERE);
}

#[test]
fn cgo_lines_are_refused_as_by_go() {
    const LINES: &[&str] = &[
        "#cgo BAD",
        "#cgo BAD: x",
        "#cgo : x",
        "#cgo:",
        "#cgo LDFLAGS: $(x)",
        "#cgo LDFLAGS: -L${SRCDIR}/lib -lfoo",
        "#cgo LDFLAGS: -L${SRCDIR};rm",
        "#cgo LDFLAGS: \"-Wl,a b\" 'c'd",
        "#cgo LDFLAGS: \"open",
        "#cgo LDFLAGS: -a\\",
        "#cgo LDFLAGS: \"\"",
        "#cgo windows LDFLAGS: $(x)",
        "#cgo linux,amd64 windows LDFLAGS: $(x)",
        "#cgo noescape f",
        "#cgo nocallback f g",
        "#cgo pkg-config: a b",
        "#cgo\tCFLAGS: -Da=1\n#cgo NO",
    ];
    let text = |line: &&str| format!("package a\n\n/*\n{line}\nint x;\n*/\nimport \"C\"");
    let texts: Vec<String> = LINES.iter().map(text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for cgo in [true, false] {
        all(each(&["z.go", "z_windows.go", "z_test.go"], &texts), "", &Target { cgo, ..HERE });
    }
}

/// The package with its tests is in a cycle of its own, whether the tests import it or not.
#[test]
fn a_cycle_shows_in_its_tests_too() {
    for (a, tests) in [
        ("\"example.com/m/b\"", ["a/a_test.go", "package a\n\nimport _ \"testing\""]),
        ("\"example.com/m/b\"", ["a/a_test.go", "package a_test\n\nimport _ \"example.com/m/b\""]),
        ("\"example.com/m/b\"", ["b/b_test.go", "package b\n\nimport _ \"example.com/m/c\""]),
        ("\"example.com/m/c\"", ["b/b_test.go", "package b"]),
        ("\"example.com/m/c\"", ["c/c_test.go", "package c\n\nimport _ \"example.com/m/a\""]),
    ] {
        let text = format!(
            "-- go.mod --\nmodule example.com/m\n\ngo 1.24\n-- a/a.go --\npackage a\n\nimport _ {a}\n\
             -- b/b.go --\npackage b\n\nimport _ \"example.com/m/a\"\n\
             -- c/c.go --\npackage c\n\nimport _ \"example.com/m/b\"\n-- {} --\n{}\n",
            tests[0], tests[1]
        );
        same(&format!("{a} {tests:?}"), &text, &HERE);
    }
}
