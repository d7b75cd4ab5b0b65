//! vendor/modules.txt against go.mod and go.work: our findings held against the message of the go command.

use crate::ask::{go, running, tree};
use crate::random::sample;
use gomod::{
    GoMod, MainModules, SourceFile, VendorFinding, VendorModules, Workspace, check_workspace,
    inconsistent_vendoring, parse_go_mod, parse_go_work, parse_vendor_modules, vendor_by_default,
    vendor_consistency,
};
use proptest::prelude::*;
use std::path::Path;

type Files = Vec<(&'static str, String)>;
/// A name, and which text is exchanged for which in which file.
type Edit = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

const TXT: &str = "vendor/modules.txt";

const MODULE: &[(&str, &str)] = &[
    ("m.go", "package m\n"),
    (
        "go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.2.0 // indirect\n\
         \texample.com/c/v2 v2.1.0\n\texample.com/e v0.1.0 // indirect\n)\n\nreplace example.com/b => ../b\n\n\
         replace example.com/c/v2 v2.1.0 => example.com/fork/v2 v2.2.0\n\nreplace example.com/d v1.0.0 => ./d\n",
    ),
    (
        TXT,
        "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n# example.com/b v1.2.0 => ../b\n\
         ## explicit; go 1.20\nexample.com/b/x\n# example.com/c/v2 v2.1.0 => example.com/fork/v2 v2.2.0\n## explicit\n\
         example.com/c/v2\n# example.com/e v0.1.0\n## explicit; go 1.19\nexample.com/e\n# example.com/b => ../b\n\
         # example.com/d v1.0.0 => ./d\n",
    ),
];

const MODULE_EDITS: &[Edit] = &[
    ("nothing", &[]),
    (
        "a not explicit",
        &[(TXT, "## explicit; go 1.20\nexample.com/a\n", "## go 1.20\nexample.com/a\n")],
    ),
    (
        "explicit without a blank",
        &[(TXT, "## explicit; go 1.20\nexample.com/a\n", "##explicit\nexample.com/a\n")],
    ),
    ("explicit misspelt", &[(TXT, "## explicit\n", "## explicitly\n")]),
    ("explicit in another case", &[(TXT, "## explicit\n", "## Explicit\n")]),
    (
        "explicit behind go",
        &[(TXT, "## explicit; go 1.20\nexample.com/a\n", "## go 1.20 ;explicit \nexample.com/a\n")],
    ),
    ("a gone", &[(TXT, "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n", "")]),
    ("a of another version", &[(TXT, "# example.com/a v1.0.0", "# example.com/a v1.0.1")]),
    ("a of a short version", &[(TXT, "# example.com/a v1.0.0", "# example.com/a v1.0")]),
    ("a of no version", &[(TXT, "# example.com/a v1.0.0", "# example.com/a")]),
    ("a of a branch", &[(TXT, "# example.com/a v1.0.0", "# example.com/a main")]),
    ("a in another case", &[(TXT, "# example.com/a v1.0.0", "# example.com/A v1.0.0")]),
    ("a replaced", &[(TXT, "# example.com/a v1.0.0", "# example.com/a v1.0.0 => ./a")]),
    (
        "a replaced by what go does not understand",
        &[(TXT, "# example.com/a v1.0.0", "# example.com/a v1.0.0 => x main")],
    ),
    ("words behind a", &[(TXT, "# example.com/a v1.0.0", "# example.com/a v1.0.0 x")]),
    ("e explicit and not required", &[("go.mod", "\texample.com/e v0.1.0 // indirect\n", "")]),
    (
        "e explicit and not required, without packages",
        &[
            ("go.mod", "\texample.com/e v0.1.0 // indirect\n", ""),
            (TXT, "1.19\nexample.com/e\n", "1.19\n"),
        ],
    ),
    ("e gone", &[(TXT, "# example.com/e v0.1.0\n## explicit; go 1.19\nexample.com/e\n", "")]),
    (
        "e not required and not marked",
        &[
            ("go.mod", "\texample.com/e v0.1.0 // indirect\n", ""),
            (TXT, "explicit; go 1.19", "go 1.19"),
        ],
    ),
    (
        "e not required and not marked, Go 1.16",
        &[
            ("go.mod", "\texample.com/e v0.1.0 // indirect\n", ""),
            (TXT, "explicit; go 1.19", "go 1.19"),
            ("go.mod", "1.24.0", "1.16"),
        ],
    ),
    (
        "e required and excluded",
        &[(
            "go.mod",
            "replace example.com/d",
            "exclude example.com/e v0.1.0\n\nreplace example.com/d",
        )],
    ),
    (
        "the main module provides packages",
        &[(TXT, "# example.com/e", "# example.com/m v1.0.0\nexample.com/m/x\n# example.com/e")],
    ),
    (
        "a wildcard provides packages",
        &[(TXT, "# example.com/b => ../b\n", "# example.com/b => ../b\nexample.com/b/y\n")],
    ),
    (
        "e at a higher version below",
        &[(
            TXT,
            "# example.com/b =>",
            "# example.com/e v0.2.0\nexample.com/e/x\n# example.com/b =>",
        )],
    ),
    (
        "e at a lower version below",
        &[(
            TXT,
            "# example.com/b =>",
            "# example.com/e v0.0.2\nexample.com/e/x\n# example.com/b =>",
        )],
    ),
    ("b not replaced", &[(TXT, "# example.com/b v1.2.0 => ../b", "# example.com/b v1.2.0")]),
    (
        "b replaced by another directory",
        &[(TXT, "# example.com/b v1.2.0 => ../b", "# example.com/b v1.2.0 => ../bb")],
    ),
    (
        "b replaced by a form of the directory",
        &[(TXT, "# example.com/b v1.2.0 => ../b", "# example.com/b v1.2.0 => .././b")],
    ),
    ("wildcard of b gone", &[(TXT, "# example.com/b => ../b\n", "")]),
    (
        "wildcard of b with another target",
        &[(TXT, "# example.com/b => ../b\n", "# example.com/b => ../x\n")],
    ),
    (
        "wildcard of b with a module",
        &[(TXT, "# example.com/b => ../b\n", "# example.com/b => example.com/x v1.0.0\n")],
    ),
    ("c not replaced", &[(TXT, " => example.com/fork/v2 v2.2.0", "")]),
    ("c replaced by another version", &[(TXT, "fork/v2 v2.2.0", "fork/v2 v2.2.1")]),
    ("c replaced by another fork", &[(TXT, "example.com/fork/v2", "example.com/fark/v2")]),
    ("c replaced without version", &[(TXT, "fork/v2 v2.2.0", "fork/v2")]),
    ("unused d gone", &[(TXT, "# example.com/d v1.0.0 => ./d\n", "")]),
    ("unused d with another target", &[(TXT, "d v1.0.0 => ./d", "d v1.0.0 => ./e")]),
    (
        "a replacement that go.mod lacks",
        &[(TXT, "# example.com/d", "# example.com/x v1.0.0 => ./x\n# example.com/d")],
    ),
    (
        "a wildcard that go.mod lacks",
        &[(TXT, "# example.com/d", "# example.com/x => ./x\n# example.com/d")],
    ),
    (
        "a replacement twice that go.mod lacks",
        &[(
            TXT,
            "# example.com/d",
            "# example.com/x => ./x\n# example.com/x => ./y\n# example.com/d",
        )],
    ),
    (
        "the main module replaced",
        &[(TXT, "# example.com/d", "# example.com/m => ./x\n# example.com/d")],
    ),
    (
        "the main module replaced in both",
        &[
            (TXT, "# example.com/d", "# example.com/m => ./x\n# example.com/d"),
            (
                "go.mod",
                "replace example.com/d",
                "replace example.com/m => ./x\n\nreplace example.com/d",
            ),
        ],
    ),
    (
        "the main module replaced in go.mod",
        &[(
            "go.mod",
            "replace example.com/d",
            "replace example.com/m => ./x\n\nreplace example.com/d",
        )],
    ),
    (
        "the main module at a version replaced in go.mod",
        &[(
            "go.mod",
            "replace example.com/d",
            "replace example.com/m v1.0.0 => ./x\n\nreplace example.com/d",
        )],
    ),
    ("go.mod requires more", &[("go.mod", "require (\n", "require (\n\texample.com/f v1.0.0\n")]),
    (
        "go.mod requires e twice",
        &[("go.mod", "require (\n", "require (\n\texample.com/e v0.0.1\n")],
    ),
    ("go.mod requires less", &[("go.mod", "\texample.com/a v1.0.0\n", "")]),
    ("go.mod requires another a", &[("go.mod", "example.com/a v1.0.0", "example.com/a v1.1.0")]),
    (
        "go.mod requires a twice",
        &[("go.mod", "require (\n", "require (\n\texample.com/a v1.1.0\n")],
    ),
    (
        "go.mod replaces more",
        &[(
            "go.mod",
            "replace example.com/d",
            "replace example.com/a => ./a\n\nreplace example.com/d",
        )],
    ),
    (
        "go.mod replaces b at a version too",
        &[(
            "go.mod",
            "replace example.com/d",
            "replace example.com/b v1.2.0 => ./a\n\nreplace example.com/d",
        )],
    ),
    (
        "go.mod replaces b at another version",
        &[("go.mod", "replace example.com/b =>", "replace example.com/b v1.1.0 =>")],
    ),
    ("go.mod replaces less", &[("go.mod", "replace example.com/b => ../b\n", "")]),
    ("go.mod replaces by another directory", &[("go.mod", "=> ../b", "=> ../c")]),
    (
        "go.mod replaces twice by the same",
        &[(
            "go.mod",
            "replace example.com/d",
            "replace example.com/b => ../b\n\nreplace example.com/d",
        )],
    ),
    ("empty modules.txt", &[(TXT, "*", "")]),
    ("modules.txt of a workspace", &[(TXT, "# example.com/a", "## workspace\n# example.com/a")]),
    ("modules.txt with CRLF", &[(TXT, "\n", "\r\n")]),
    ("modules.txt with a byte order mark", &[(TXT, "# example.com/a", "\u{feff}# example.com/a")]),
    ("a module of the future", &[(TXT, "go 1.19", "go 1.99")]),
    ("a module of no version of Go", &[(TXT, "go 1.19", "go 1.x")]),
    ("no go", &[("go.mod", "go 1.24.0\n", "")]),
    ("Go 1.13", &[("go.mod", "go 1.24.0\n", "go 1.13\n")]),
    (
        "Go 1.13 without annotations",
        &[("go.mod", "go 1.24.0\n", "go 1.13\n"), (TXT, "## explicit", "## x")],
    ),
    (
        "Go 1.13 with another version of a",
        &[
            ("go.mod", "go 1.24.0\n", "go 1.13\n"),
            (TXT, "example.com/a v1.0.0", "example.com/a v1.0.1"),
        ],
    ),
    (
        "Go 1.13 with a wildcard that provides packages",
        &[
            ("go.mod", "go 1.24.0\n", "go 1.13\n"),
            (TXT, "# example.com/a v1.0.0", "# example.com/a => ./a"),
        ],
    ),
    (
        "Go 1.13 without replacements",
        &[
            ("go.mod", "go 1.24.0\n", "go 1.13\n"),
            (TXT, "# example.com/b => ../b\n# example.com/d v1.0.0 => ./d\n", ""),
            (TXT, " => ../b", ""),
            (TXT, " => example.com/fork/v2 v2.2.0", ""),
        ],
    ),
    ("Go 1.14", &[("go.mod", "go 1.24.0\n", "go 1.14\n"), (TXT, "## explicit", "## x")]),
];

const WORKSPACE: &[(&str, &str)] = &[
    ("a/a.go", "package a\n"),
    ("b/b.go", "package b\n"),
    ("go.work", "go 1.24.0\n\nuse (\n\t./a\n\t./b\n)\n\nreplace example.com/w => ./lib/w\n"),
    (
        "a/go.mod",
        "module example.com/a\n\ngo 1.24.0\n\nrequire (\n\texample.com/x v1.0.0\n\texample.com/y v1.0.0\n)\n\n\
         replace example.com/y => ../lib/y\n",
    ),
    (
        "b/go.mod",
        "module example.com/b\n\ngo 1.24.0\n\nrequire (\n\texample.com/x v1.1.0\n\texample.com/w v1.0.0\n)\n\n\
         replace example.com/z v1.0.0 => ./z\n",
    ),
    (
        TXT,
        "## workspace\n# example.com/w v1.0.0 => ./lib/w\n## explicit; go 1.20\nexample.com/w\n# example.com/x v1.0.0\n\
         ## explicit\n# example.com/x v1.1.0\n## explicit; go 1.20\nexample.com/x\n\
         # example.com/y v1.0.0 => ./lib/y\n## explicit; go 1.20\nexample.com/y\n# example.com/w => ./lib/w\n\
         # example.com/y => ./lib/y\n# example.com/z v1.0.0 => ./b/z\n",
    ),
];

const WORKSPACE_EDITS: &[Edit] = &[
    ("nothing", &[]),
    ("no mark of a workspace", &[(TXT, "## workspace\n", "")]),
    (
        "w not explicit",
        &[(TXT, "## explicit; go 1.20\nexample.com/w\n", "## go 1.20\nexample.com/w\n")],
    ),
    ("the lower x gone", &[(TXT, "# example.com/x v1.0.0\n## explicit\n", "")]),
    ("the higher x gone", &[(TXT, "# example.com/x v1.1.0\n## explicit; go 1.20\n", "")]),
    ("x of another version", &[(TXT, "example.com/x v1.1.0", "example.com/x v1.2.0")]),
    ("w not replaced", &[(TXT, "w v1.0.0 => ./lib/w", "w v1.0.0")]),
    ("w replaced by another directory", &[(TXT, "w v1.0.0 => ./lib/w", "w v1.0.0 => ./w")]),
    ("wildcard of w gone", &[(TXT, "# example.com/w => ./lib/w\n", "")]),
    (
        "wildcard of w with another target",
        &[(TXT, "# example.com/w => ./lib/w\n", "# example.com/w => ./lib\n")],
    ),
    ("y as seen from its module", &[(TXT, "y v1.0.0 => ./lib/y", "y v1.0.0 => ../lib/y")]),
    ("wildcard of y as seen from its module", &[(TXT, "y => ./lib/y", "y => ../lib/y")]),
    ("wildcard of y gone", &[(TXT, "# example.com/y => ./lib/y\n", "")]),
    ("y without a dot", &[(TXT, "y => ./lib/y", "y => lib/y")]),
    ("z gone", &[(TXT, "# example.com/z v1.0.0 => ./b/z\n", "")]),
    (
        "z for all versions",
        &[(TXT, "# example.com/z v1.0.0 => ./b/z\n", "# example.com/z => ./b/z\n")],
    ),
    (
        "a replacement that nothing says",
        &[(TXT, "# example.com/z", "# example.com/q => ./q\n# example.com/z")],
    ),
    ("a member replaced", &[(TXT, "# example.com/z", "# example.com/a => ./q\n# example.com/z")]),
    (
        "a member at a version replaced",
        &[(TXT, "# example.com/z", "# example.com/a v1.0.0 => ./q\n# example.com/z")],
    ),
    (
        "a member replaces another",
        &[("a/go.mod", "replace", "replace example.com/b => ../b\n\nreplace")],
    ),
    (
        "a member replaces another at a version",
        &[("a/go.mod", "replace", "replace example.com/b v1.0.0 => ../b\n\nreplace")],
    ),
    (
        "a member replaces another, marked",
        &[
            ("a/go.mod", "replace", "replace example.com/b => ../b\n\nreplace"),
            (TXT, "# example.com/z", "# example.com/b => ./b\n# example.com/z"),
        ],
    ),
    (
        "a member replaces what go.work replaces",
        &[("a/go.mod", "replace", "replace example.com/w => ../w\n\nreplace")],
    ),
    (
        "a member replaces a version of what go.work replaces",
        &[("a/go.mod", "replace", "replace example.com/w v1.0.0 => ../w\n\nreplace")],
    ),
    (
        "two members replace by the same directory",
        &[("b/go.mod", "replace", "replace example.com/y => ../lib/y\n\nreplace")],
    ),
    (
        "two members replace by one rooted differently",
        &[("b/go.mod", "replace", "replace example.com/y => ../../b/lib/y\n\nreplace")],
    ),
    (
        "two members replace by different things",
        &[("b/go.mod", "replace", "replace example.com/y => ./y\n\nreplace")],
    ),
    (
        "a version against a wildcard",
        &[("b/go.mod", "replace", "replace example.com/y v1.0.0 => ./y\n\nreplace")],
    ),
    (
        "a wildcard against a version",
        &[("a/go.mod", "replace", "replace example.com/z => ./z\n\nreplace")],
    ),
    ("go.work replaces more", &[("go.work", "replace", "replace example.com/x => ./x\n\nreplace")]),
    ("go.work replaces by a module", &[("go.work", "=> ./lib/w", "=> example.com/ww v1.0.0")]),
    (
        "go.work replaces by a form of the directory",
        &[("go.work", "=> ./lib/w", "=> ./lib/../lib/w")],
    ),
    ("go.work replaces less", &[("go.work", "replace example.com/w => ./lib/w\n", "")]),
    ("go.work uses less", &[("go.work", "\t./b\n", "")]),
    ("go.work uses in another form", &[("go.work", "./a", "a/")]),
    (
        "a member requires more",
        &[(
            "b/go.mod",
            "require (\n",
            "require (\n\texample.com/y v1.0.0\n\texample.com/v v1.0.0\n",
        )],
    ),
    ("a member requires less", &[("b/go.mod", "\texample.com/x v1.1.0\n", "")]),
    (
        "two members require the same that is not marked",
        &[
            ("a/go.mod", "require (\n", "require (\n\texample.com/v v1.0.0\n"),
            ("b/go.mod", "require (\n", "require (\n\texample.com/v v1.0.0\n"),
        ],
    ),
    ("empty modules.txt", &[(TXT, "*", "")]),
    (
        "a module of the future",
        &[(TXT, "explicit; go 1.20\nexample.com/x", "explicit; go 1.99\nexample.com/x")],
    ),
    (
        "members before Go 1.14",
        &[("a/go.mod", "go 1.24.0", "go 1.13"), (TXT, "# example.com/y => ./lib/y\n", "")],
    ),
];

/// The files with the edits applied; an edit whose text is gone does nothing.
fn edited(base: &[(&'static str, &str)], edits: &[&Edit]) -> Files {
    let mut files: Files = base.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    for (name, from, to) in edits.iter().flat_map(|(_, edits)| edits.iter()) {
        let (_, text) = files.iter_mut().find(|(file, _)| file == name).unwrap();
        *text = match *from {
            "*" => (*to).to_owned(),
            "\n" => text.replace(from, to),
            from => text.replacen(from, to, 1),
        };
    }
    files
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text)
}

/// Our message in the words of the go command, and the findings.
fn ours(dir: &str, files: &Files) -> (Option<String>, Vec<VendorFinding>) {
    let vendor = parse_vendor_modules(text(files, TXT));
    let running = running();
    let verdict = |main: &MainModules<'_>| {
        let findings = vendor_consistency(&vendor, main);
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        let too_new = vendor.too_new(&running);
        let message = if let Some(error) = too_new {
            Some(error.to_string().replace(")", "; GOTOOLCHAIN=local)"))
        } else if told.first().is_some_and(|one| one.starts_with("vendored module")) {
            let end =
                "updates to go.mod needed, disabled by -mod=vendor; to update it:\n\tgo mod tidy";
            Some(format!("{}\ngo: {end}", told.join("\ngo: ")))
        } else {
            inconsistent_vendoring(dir, main, &findings)
        };
        let conflict = told.into_iter().find(|one| one.starts_with("conflicting"));
        (message.map(|message| format!("go: {message}\n")).or(conflict), findings)
    };
    if files.iter().all(|(name, _)| *name != "go.work") {
        let go_mod = parse_go_mod(text(files, "go.mod")).unwrap();
        return verdict(&MainModules::Module(&go_mod));
    }
    let work = parse_go_work(text(files, "go.work")).unwrap();
    let members: Vec<GoMod> = work
        .uses
        .iter()
        .map(|one| format!("{}/go.mod", one.path.trim_start_matches("./").trim_end_matches('/')))
        .map(|name| parse_go_mod(text(files, &name)).unwrap())
        .collect();
    let members: Vec<&GoMod> = members.iter().collect();
    let workspace = Workspace { dir, work: &work, members: &members };
    if let Some(error) = check_workspace(&workspace, &running).first() {
        return (Some(format!("go: {error}\n")), Vec::new());
    }
    verdict(&MainModules::Workspace(workspace))
}

fn theirs(root: &Path, files: &Files) -> Option<String> {
    let package = if text(files, "go.work").is_empty() { "." } else { "./a" };
    let told = go(root, &["list", "-mod=vendor", package]).err()?;
    // Of requirements that are excluded or at two versions, Go tells at another stage.
    let lines = told.split_inclusive('\n');
    let told: String =
        lines.filter(|line| !line.starts_with("go: ignoring requirement on excluded")).collect();
    (!told.starts_with("go: updates to go.mod needed")).then_some(told)
}

/// Whether Go refused it; and the number of findings.
fn compare(name: &str, files: &Files) -> (bool, usize) {
    let list: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (_dir, root) = tree(&list);
    let theirs = theirs(&root, files);
    let (message, findings) = ours(root.to_str().unwrap(), files);
    match (&message, &theirs) {
        // Of conflicting replacements that it meets while it compares, Go tells in lines of their own.
        (Some(ours), Some(theirs)) if theirs.contains("conflicting replacements found") => {
            let rest: String = theirs
                .lines()
                .skip_while(|one| one.starts_with("conflicting"))
                .fold(String::new(), |all, one| all + one + "\n");
            let told = findings
                .iter()
                .map(ToString::to_string)
                .filter(|one| one.starts_with("conflicting"));
            told.for_each(|one| assert!(theirs.contains(&one), "{name}: {one}\n{theirs}"));
            assert!(
                ours.starts_with("conflicting") && rest.is_empty() || *ours == rest,
                "{name}: {files:?}\n{ours}\n{theirs}"
            );
        }
        _ => assert_eq!(message, theirs, "{name}: {files:?}"),
    }
    for finding in &findings {
        let file = match finding.at.file {
            SourceFile::ModulesTxt => text(files, TXT),
            SourceFile::GoWork => text(files, "go.work"),
            SourceFile::GoMod(0) if text(files, "go.work").is_empty() => text(files, "go.mod"),
            SourceFile::GoMod(0) => text(files, "a/go.mod"),
            SourceFile::GoMod(_) => text(files, "b/go.mod"),
        };
        let line = file.lines().nth(finding.at.line - 1).unwrap();
        assert!(line.contains(&finding.module.path), "{name}: {finding} at {line}");
    }
    (theirs.is_some(), findings.len())
}

#[test]
fn modules_are_judged_as_by_go() {
    let mut refused = 0;
    for edit in MODULE_EDITS {
        refused += usize::from(compare(edit.0, &edited(MODULE, &[edit])).0);
    }
    assert!(refused > 25 && MODULE_EDITS.len() - refused > 8, "{refused}");
}

#[test]
fn workspaces_are_judged_as_by_go() {
    let mut refused = 0;
    for edit in WORKSPACE_EDITS {
        refused += usize::from(compare(edit.0, &edited(WORKSPACE, &[edit])).0);
    }
    assert!(refused > 20 && WORKSPACE_EDITS.len() - refused > 5, "{refused}");
}

#[test]
fn several_edits_are_judged_as_by_go() {
    let some = |edits: &'static [Edit]| prop::collection::vec(prop::sample::select(edits), 2..5);
    for edits in sample(200, some(MODULE_EDITS)) {
        compare("several", &edited(MODULE, &edits.iter().collect::<Vec<_>>()));
    }
    for edits in sample(200, some(WORKSPACE_EDITS)) {
        compare("several", &edited(WORKSPACE, &edits.iter().collect::<Vec<_>>()));
    }
}

/// What `go mod vendor` and `go work vendor` write themselves has no findings and no notes.
#[test]
fn what_go_writes_is_consistent() {
    let package = |name: &str| format!("package {name}\n");
    let (a, b, c) = (package("a"), package("b"), package("c"));
    let main = "package m\n\nimport (\n\t_ \"example.com/b\"\n\t_ \"example.com/c/v2\"\n)\n";
    let go_mod = |module: &str| {
        format!(
            "module {module}\n\ngo 1.24.0\n\nrequire (\n\texample.com/b v1.0.0\n\texample.com/c/v2 v2.0.0\n)\n\n\
             replace example.com/b => ../b\n\nreplace example.com/c/v2 v2.0.0 => ../c\n\n\
             replace example.com/d => example.com/e v1.0.0\n"
        )
    };
    let (m, n) = (go_mod("example.com/m"), go_mod("example.com/n"));
    let (_dir, root) = tree(&[
        ("m/m.go", main),
        ("m/go.mod", &m),
        ("n/m.go", main),
        ("n/go.mod", &n),
        ("b/b.go", &b),
        ("b/go.mod", "module example.com/b\n\ngo 1.20\n"),
        ("c/c.go", &c),
        ("c/go.mod", "module example.com/c/v2\n"),
        ("a/a.go", &a),
    ]);
    go(&root.join("m"), &["mod", "vendor"]).unwrap();
    let read = |name: &str| std::fs::read(root.join(name)).unwrap();
    let vendor = parse_vendor_modules(read("m/vendor/modules.txt"));
    let go_mod = parse_go_mod(&m).unwrap();
    good(&vendor, &MainModules::Module(&go_mod));
    assert_eq!(vendor.providers().count(), 2);

    std::fs::write(root.join("go.work"), "go 1.24.0\n\nuse ./m\nuse ./n\n").unwrap();
    go(&root, &["work", "vendor"]).unwrap();
    let vendor = parse_vendor_modules(read("vendor/modules.txt"));
    let work = parse_go_work(read("go.work")).unwrap();
    let other = parse_go_mod(&n).unwrap();
    let members = [&go_mod, &other];
    let workspace = Workspace { dir: root.to_str().unwrap(), work: &work, members: &members };
    good(&vendor, &MainModules::Workspace(workspace));
    assert!(vendor_by_default(&vendor, &MainModules::Module(&go_mod)).is_err());
}

fn good(vendor: &VendorModules, main: &MainModules<'_>) {
    assert_eq!(vendor_consistency(vendor, main), []);
    assert_eq!(vendor.notes, []);
    assert_eq!(vendor_by_default(vendor, main), Ok(()));
}
