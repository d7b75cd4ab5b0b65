//! What the go command refuses in a workspace, held against it.

use crate::ask::{go, running, tree};
use gomod::{GoMod, SourceFile, Workspace, check_workspace, godebug, parse_go_mod, parse_go_work};

const M: &str = "module example.com/m\n\ngo 1.24.0\n";

/// Name, go.work, a/go.mod, b/go.mod, and the places of our errors, as `FILE:LINE`.
const CASES: &[(&str, &str, &str, &str, &[&str])] = &[
    ("good", "go 1.24.0\nuse ./a\nuse ./b\n", "module a\n", M, &[]),
    (
        "good, with replacements",
        "go 1.24.0\nuse ./a\nuse ./b\nreplace x => ./x\n",
        "module a\nreplace y => ../y\n",
        "module b\nreplace y => ../a/../y\nreplace x => ./z\n",
        &[],
    ),
    ("directory twice", "go 1.24.0\nuse ./a\nuse ./b\nuse a/\n", "module a\n", M, &["work:4"]),
    (
        "directory twice, once rooted by ..",
        "go 1.24.0\nuse ./a\nuse ./b/../a\n",
        "module a\n",
        "",
        &["work:3"],
    ),
    ("godebug unknown", "go 1.24.0\nuse ./a\ngodebug x=1\n", "module a\n", "", &["work:3"]),
    ("godebug removed", "go 1.24.0\nuse ./a\ngodebug x509sha1=1\n", "module a\n", "", &["work:3"]),
    (
        "godebug default of no version",
        "go 1.24.0\nuse ./a\ngodebug default=1.21\n",
        "module a\n",
        "",
        &["work:3"],
    ),
    (
        "godebug default of the future",
        "go 1.24.0\nuse ./a\ngodebug default=go1.99\n",
        "module a\n",
        "",
        &["work:3"],
    ),
    (
        "godebug good",
        "go 1.24.0\nuse ./a\ngodebug (\n\tdefault=go1.21\n\tpanicnil=1\n)\n",
        "module a\n",
        "",
        &[],
    ),
    ("godebug of a member counts not", "go 1.24.0\nuse ./a\n", "module a\ngodebug x=1\n", "", &[]),
    ("no members", "go 1.24.0\n", "module a\n", "", &["work:1"]),
    ("go.work too old", "go 1.24.0\nuse ./a\n", "module a\ngo 1.25.0\n", "", &["a:2"]),
    (
        "go.work too old for two",
        "go 1.24.0\nuse ./a\nuse ./b\n",
        "module a\ngo 1.25.0\n",
        "module b\ngo 1.24.1\n",
        &["a:2", "b:2"],
    ),
    ("go.work without go", "use ./a\n", "module a\ngo 1.21\n", "", &["a:2"]),
    ("go.work without go, for an old module", "use ./a\n", "module a\ngo 1.20\n", "", &[]),
    (
        "go.work too old for a module before strictness",
        "go 1.18\nuse ./a\n",
        "module a\ngo 1.20\n",
        "",
        &[],
    ),
    ("language against release", "go 1.24\nuse ./a\n", "module a\ngo 1.24.0\n", "", &["a:2"]),
    ("no module directive", "go 1.24.0\nuse ./a\n", "go 1.20\n", "", &["a:1"]),
    ("reserved module path", "go 1.24.0\nuse ./a\n", "module go\n", "", &["a:1"]),
    ("malformed module path", "go 1.24.0\nuse ./a\n", "module \"x y\"\n", "", &["a:1"]),
    ("malformed tool path", "go 1.24.0\nuse ./a\n", "module a\ntool \"x y\"\n", "", &["a:2"]),
    ("the same module twice", "go 1.24.0\nuse ./a\nuse ./b\n", M, M, &["b:1"]),
    ("member replaced", "go 1.24.0\nuse ./a\nreplace a => ./b\n", "module a\n", "", &["work:3"]),
    (
        "member replaced at a version",
        "go 1.24.0\nuse ./a\nreplace a v1.0.0 => ./b\n",
        "module a\n",
        "",
        &[],
    ),
    (
        "replaced twice in go.work",
        "go 1.24.0\nuse ./a\nreplace x => ./b\nreplace x => ./c\n",
        "module a\n",
        "",
        &["work:4"],
    ),
    (
        "replaced twice by the same in go.work",
        "go 1.24.0\nuse ./a\nreplace x => ./b\nreplace x => ./b\n",
        "module a\n",
        "",
        &[],
    ),
    (
        "replaced twice in a member",
        "go 1.24.0\nuse ./a\n",
        "module a\nreplace x v1.0.0 => ./b\nreplace x v1.0.0 => y v1.0.0\n",
        "",
        &["a:3"],
    ),
    (
        "replaced by two members",
        "go 1.24.0\nuse ./a\nuse ./b\n",
        "module a\nreplace x => ./x\n",
        "module b\nreplace x => ./x\n",
        &["b:2"],
    ),
    (
        "replaced by two members by modules",
        "go 1.24.0\nuse ./a\nuse ./b\n",
        "module a\nreplace x v1.0.0 => y v1.0.0\n",
        "module b\nreplace x v1.0.0 => y v1.1.0\n",
        &["b:2"],
    ),
    (
        "replaced by two members and go.work",
        "go 1.24.0\nuse ./a\nuse ./b\nreplace x v1 => ./z\n",
        "module a\nreplace x => ./x\n",
        "module b\nreplace x => ./x\n",
        &[],
    ),
];

#[test]
fn workspaces_are_refused_as_by_go() {
    let running = running();
    for (name, work, a, b, places) in CASES {
        let (_dir, root) = tree(&[
            ("go.work", work),
            ("a/go.mod", a),
            ("b/go.mod", b),
            ("a/a.go", "package a\n"),
            ("b/b.go", "package b\n"),
        ]);
        let theirs = go(&root, &["list", "./a"]).err().unwrap_or_default();
        let work = parse_go_work(work).unwrap();
        let members: Vec<GoMod> = work
            .uses
            .iter()
            .map(|one| if one.path.starts_with("./a") || one.path == "a/" { a } else { b })
            .map(|text| parse_go_mod(text).unwrap())
            .collect();
        let members: Vec<&GoMod> = members.iter().collect();
        let workspace = Workspace { dir: root.to_str().unwrap(), work: &work, members: &members };
        let errors = check_workspace(&workspace, &running);
        let mut ours = String::new();
        for error in &errors {
            let check = work.check(workspace.dir, &running);
            ours += &match error.at.file {
                _ if check.contains(error) => {
                    format!("go: error loading go.work:\ngo.work:{}: {error}\n", error.at.line)
                }
                _ => format!("go: {error}\n"),
            };
        }
        let ours = ours.replace("\ngo: module b listed", "\nmodule b listed");
        let theirs = theirs.replace("\ngo: module b listed", "\nmodule b listed");
        // With a fatal error, Go tells no more.
        assert!(
            ours.starts_with(&theirs) && ours.is_empty() == theirs.is_empty(),
            "{name}:\n{ours}\n{theirs}"
        );
        let at: Vec<String> = errors
            .iter()
            .map(|error| match error.at.file {
                SourceFile::GoWork => format!("work:{}", error.at.line),
                SourceFile::GoMod(0) => format!("a:{}", error.at.line),
                _ => format!("b:{}", error.at.line),
            })
            .collect();
        // The second of a directory that is used twice is the same module twice, too.
        let count = places.len().min(at.len());
        assert_eq!(at[..count], **places, "{name}");
    }
}

#[test]
fn a_later_go_is_asked_for() {
    let (_dir, root) = tree(&[("go.work", "go 1.99\n\nuse ./a\n"), ("a/go.mod", "module a\n")]);
    let theirs = go(&root, &["list", "-m"]).unwrap_err();
    let work = parse_go_work("go 1.99\n\nuse ./a\n").unwrap();
    let ours = work.check(root.to_str().unwrap(), &running());
    assert_eq!(format!("go: {}\n", ours[0]).replace(')', "; GOTOOLCHAIN=local)"), theirs);
}

#[test]
fn settings_are_those_of_the_installed_go() {
    let root = go(std::path::Path::new("/"), &["env", "GOROOT"]).unwrap();
    let table =
        std::fs::read_to_string(format!("{}/src/internal/godebugs/table.go", root.trim())).unwrap();
    let names = table.lines().filter(|line| line.contains("Package:"));
    let names: Vec<&str> = names.filter_map(|line| line.split('"').nth(1)).collect();
    assert!(names.len() > 40);
    for name in names {
        assert_eq!(godebug::check(name, "1", "1.26.0"), Ok(()), "{name}");
    }
    let cases = [
        ("x", "1", "1.26.8", Some("unknown godebug \"x\"")),
        ("x", "1", "1.27.0", None),
        ("x509sha1", "1", "1.23.0", None),
        (
            "x509sha1",
            "1",
            "1.24.0",
            Some("use of removed godebug \"x509sha1\", see https://go.dev/doc/godebug#go-124"),
        ),
        ("default", "go1.21", "1.26.0", None),
        ("default", "go1.27", "1.26.0", Some("default=go1.27 too new (toolchain is go1.26.0)")),
        ("default", "1.21", "1.26.0", Some("value for default= must be goVERSION")),
        ("a b", "1", "1.26.0", Some("key contains space")),
        ("a", "1,2", "1.26.0", Some("value contains comma")),
    ];
    for (key, value, running, want) in cases {
        let error = godebug::check(key, value, running).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), want, "{key}={value} {running}");
    }
}
