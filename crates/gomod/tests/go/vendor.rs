//! vendor/modules.txt: what is read, what is passed over, and all of it held against the go command's own reader.

use crate::ask::ask_go;
use crate::random::sample;
use gomod::{ModuleVersion, Replacement, VendorModules, parse_vendor_modules};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Name, text, and the notes as `LINE words`, separated by `; `.
const CASES: &[(&str, &str, &str)] = &[
    ("empty", "", ""),
    ("module", "# a v1.0.0\n## explicit; go 1.20\na\na/b\n", ""),
    ("module without annotations", "# a v1.0.0\na\n", ""),
    ("module without packages", "# a v1.0.0\n## explicit\n", ""),
    ("go only", "# a v1.0.0\n## go 1.20\na\n", ""),
    ("annotations on two lines", "# a v1.0.0\n## explicit\n## go 1.20\na\n", ""),
    ("annotations in another order", "# a v1.0.0\n## go 1.20;explicit\na\n", ""),
    ("two go versions", "# a v1.0.0\n## go 1.20; go 1.19\na\n", ""),
    ("empty annotation", "# a v1.0.0\n## explicit;\n## \na\n", ""),
    ("replaced by a directory", "# a v1.0.0 => ../a\n## explicit\na\n", ""),
    ("replaced by a module", "# a v1.0.0 => b v1.2.0\n## explicit\na\n", ""),
    ("replaced by a bare word", "# a v1.0.0 => b\na\n", ""),
    ("replaced in all versions", "# a v1.0.0 => ../a\na\n# a => ../a\n", ""),
    ("replacement only", "# a v1.0.0 => ../a\n# b => c v1.0.0\n", ""),
    ("workspace", "## workspace\n# a v1.0.0\na\n", ""),
    ("workspace and more", "## workspace; foo\n# a v1.0.0\na\n", "1 unknown annotation \"foo\""),
    (
        "workspace as the second entry",
        "## x;  workspace\n# a v1.0.0\na\n",
        "1 unknown annotation \"x\"",
    ),
    ("workspace glued", "##workspace\n# a v1.0.0\na\n", "1 belongs to no module"),
    ("workspace on the second line", "\n## workspace\n# a v1.0.0\na\n", "2 belongs to no module"),
    ("workspace below a module", "# a v1.0.0\n## workspace\na\n", "2 first line"),
    (
        "workspace behind a byte order mark",
        "\u{feff}## workspace\n# a v1.0.0\na\n",
        "1 belongs to no module",
    ),
    ("workspace in capitals", "## Workspace\n# a v1.0.0\na\n", "1 belongs to no module"),
    ("module of one word", "# a v1.0.0\na\n# b\nc\n", "3 one word"),
    ("module of no word", "# a v1.0.0\n# \na\n", "2 one word"),
    (
        "module with a branch",
        "# a v1.0.0\na\n# b main\n## explicit\nc\n",
        "3 neither a version; 4 no module; 5 no module",
    ),
    ("module with a short version", "# a v1\na\n", ""),
    ("version without v", "# a 1.0.0\na\n", "1 neither a version; 2 no module"),
    ("words behind the version", "# a v1.0.0 b v1.0.0\na\n", "1 words behind"),
    (
        "arrow without target",
        "# a v1.0.0 =>\na\n# b =>\nb\n",
        "1 replacement that go; 3 replacement that go",
    ),
    ("replaced by a branch", "# a v1.0.0 => b main\na\n", "1 replacement that go"),
    ("replaced by too many words", "# a v1.0.0 => b v1.0.0 c\na\n", "1 replacement that go"),
    (
        "two arrows",
        "# a => => b\n# a => =>\n",
        "1 replacement that go; 2 has a line before: line 1",
    ),
    ("package before all modules", "a\n# a v1.0.0\na\n", "1 belongs to no module"),
    (
        "unknown annotation",
        "# a v1.0.0\n## explicit; foo; go 1.20\na\n",
        "2 unknown annotation \"foo\"",
    ),
    ("annotation glued", "# a v1.0.0\n##explicit\na\n", "2 neither a module"),
    ("annotation indented", "# a v1.0.0\n ## explicit\na\n", "2 neither a module"),
    ("annotation in capitals", "# a v1.0.0\n## Explicit\na\n", "2 unknown annotation \"Explicit\""),
    ("module indented", "# a v1.0.0\na\n # b v1.0.0\nb\n", "3 neither a module"),
    ("module glued", "#a v1.0.0\na\n", "1 no module; 2 no module"),
    ("tab for the blank", "#\ta v1.0.0\na\n", "1 no module; 2 no module"),
    ("two words in a package", "# a v1.0.0\na b\n", "2 neither a module"),
    (
        "package that is no path",
        "# a v1.0.0\na/../b\na//b\n/a\n-a\na\n",
        "2 nor a package; 3 nor a package; 4 nor a package; 5 nor a package",
    ),
    ("package with a byte order mark", "# a v1.0.0\n\u{feff}a\n", "2 nor a package"),
    ("package twice", "# a v1.0.0\na\na\n", "3 listed before: line 2"),
    ("package of two modules", "# a v1.0.0\na\n# b v1.0.0\na\n", "4 listed before: line 2"),
    (
        "module twice",
        "# a v1.0.0\na\n# b v1.0.0\n# a v1.0.0\n## explicit\na/b\n",
        "4 line before: line 1",
    ),
    ("module at two versions", "# a v1.0.0\na\n# a v1.1.0\na/b\n", "4 another version, v1.0.0"),
    (
        "module at two versions, falling",
        "# a v1.1.0\na\n# a v1.0.0\na/b\n",
        "4 another version, v1.1.0",
    ),
    ("go version that is none", "# a v1.0.0\n## go 1.x\na\n", "2 \"1.x\" is no Go version"),
    ("go version of the future", "# a v1.0.0\n## go 1.99\na\n# b v1.0.0\n## go 1.98\n", ""),
    ("go alone", "# a v1.0.0\n## go\na\n", "2 unknown annotation \"go\""),
    ("comment", "# a v1.0.0\n// x\na\n", "2 nor a package"),
    ("CRLF", "## workspace\r\n# a v1.0.0 => ../a\r\n## explicit; go 1.20\r\na\r\n\r\n", ""),
    ("blank lines", "\n# a v1.0.0\n\n## explicit\n   \na\n\n", ""),
    ("no line end", "# a v1.0.0\n## explicit\na", ""),
    ("no-break space parts words", "# a\u{a0}v1.0.0\na\n", ""),
    (
        "merge conflict",
        "# a v1.0.0\n<<<<<<< x\na\n=======\nb\n>>>>>>> y\n",
        "2 nor a package; 4 nor a package; 6 nor a package",
    ),
    ("NUL", "# a v1.0.0\na\0\n", "2 nor a package"),
    (
        "go and toolchain as modules",
        "# go 1.21\n# toolchain v1.0.0\ntoolchain\n",
        "1 neither a version",
    ),
    (
        "versions with build metadata",
        "# a v2.0.0+incompatible\na\n# a v2.0.0+x\na/b\n",
        "4 another version",
    ),
];

fn name(module: &ModuleVersion) -> String {
    format!("{}@{}", module.path, module.version)
}

/// Ours, in the form of the Go program's answers.
fn answer(file: &VendorModules) -> Value {
    let mut packages = Map::new();
    let mut meta = Map::new();
    for module in &file.modules {
        for package in &module.packages {
            let of = file.module_of(&package.path).unwrap();
            packages.insert(package.path.clone(), name(&of.module).into());
        }
        let (path, version) = match &module.replace {
            None => ("", ""),
            Some(Replacement::Module(new)) => (new.path.as_str(), new.version.as_str()),
            Some(Replacement::Directory(dir)) => (dir.as_str(), ""),
        };
        let go = module.go_version.as_deref().unwrap_or_default();
        if module.explicit || !path.is_empty() || !go.is_empty() {
            meta.insert(name(&module.module), json!([module.explicit, path, version, go]));
        }
    }
    json!({
        "list": file.providers().map(|one| name(&one.module)).collect::<Vec<_>>(),
        "replaced": file.replaced().map(|(one, _)| name(&one.module)).collect::<Vec<_>>(),
        "packages": packages,
        "meta": meta,
        "workspace": file.workspace,
        "tooNew": file.too_new("1.26.8").map(|one| one.to_string()).unwrap_or_default(),
    })
}

fn compare(texts: &[String]) {
    let theirs = ask_go(texts.iter().map(|text| ("vendor", text.as_bytes())));
    for (text, theirs) in texts.iter().zip(theirs) {
        assert_eq!(answer(&parse_vendor_modules(text)), theirs, "{text:?}");
    }
}

#[test]
fn the_table_reads_as_by_the_go_command() {
    compare(&CASES.iter().map(|(_, text, _)| (*text).to_owned()).collect::<Vec<_>>());
}

#[test]
fn what_a_reviewer_should_see_is_noted() {
    for (name, text, want) in CASES {
        let notes = parse_vendor_modules(text).notes;
        let want: Vec<&str> = want.split("; ").filter(|one| !one.is_empty()).collect();
        let all: Vec<_> = notes.iter().map(|one| format!("{} {}", one.line, one.reason)).collect();
        assert_eq!(notes.len(), want.len(), "{name}: {all:?}");
        for (note, want) in notes.iter().zip(want) {
            let (line, words) = want.split_once(' ').unwrap();
            assert_eq!(note.line.to_string(), line, "{name}: {all:?}");
            assert!(note.reason.to_string().contains(words), "{name}: {all:?}");
            assert_eq!(Some(note.text.as_str()), text.lines().nth(note.line - 1), "{name}");
        }
    }
}

#[test]
fn the_mark_of_a_workspace_is_sought_in_the_first_512_bytes() {
    let text = |blanks: usize| format!("## {};workspace\n", "x".repeat(blanks));
    let texts: Vec<String> = (495..505).map(text).collect();
    compare(&texts);
    assert!(parse_vendor_modules(text(499)).workspace);
    assert!(!parse_vendor_modules(text(500)).workspace);
}

#[test]
fn the_json_form_is_the_documented_one() {
    let file = parse_vendor_modules(
        "## workspace\n# a v1.0.0 => ../a\n## explicit; go 1.20\na\na/b\n# c => d v1.2.0\n# e\n",
    );
    let reason =
        "passed over: a module line of one word, and the lines below count for the module above";
    let want = json!({
        "workspace": true,
        "modules": [
            {
                "Path": "a", "Version": "v1.0.0", "Explicit": true, "GoVersion": "1.20",
                "Replace": { "Path": "../a", "Version": "" }, "Packages": ["a", "a/b"], "Line": 2,
            },
            {
                "Path": "c", "Version": "", "Explicit": false, "GoVersion": "",
                "Replace": { "Path": "d", "Version": "v1.2.0" }, "Packages": [], "Line": 6,
            },
        ],
        "notes": [{ "Line": 7, "Text": "# e", "Reason": reason }],
    });
    assert_eq!(file.to_json(), want);
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "# a v1.0.0",
        "# a v1.1.0",
        "# a v1.0.0 => ../a",
        "# a => ../a",
        "# a => b v1.0.0",
        "# b v1.0.0",
        "# b",
        "# b main",
        "# c v0.1.0 => d v0.2.0",
        "# c v0.1.0 => d x",
        "## explicit",
        "## explicit; go 1.20",
        "## go 1.99",
        "## workspace",
        "##",
        "## ",
        "a",
        "a/b",
        "b",
        "c d",
        "",
        "\r",
        "=>",
        "# =>",
        "# => =>",
        "# go v1.0.0",
        "é",
        "#",
        "# toolchain v1.0.0",
        "# toolchain v1.1.0",
        "## go x;explicit;;",
    ]);
    let end = prop_oneof![8 => Just("\n"), 1 => Just("\r\n"), 1 => Just(" ")];
    prop::collection::vec((line, end), 0..20)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end]).collect())
}

#[test]
fn random_files_read_as_by_the_go_command() {
    compare(&sample(4_000, lines()));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = parse_vendor_modules(&bytes);
        let count = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
        prop_assert!(file.notes.iter().all(|note| (1..=count).contains(&note.line)));
    }

    #[test]
    fn places_are_those_of_the_lines(text in lines()) {
        let file = parse_vendor_modules(&text);
        let lines: Vec<&str> = text.split('\n').collect();
        for module in &file.modules {
            prop_assert!(lines[module.line - 1].contains(&module.module.path));
            for package in &module.packages {
                prop_assert_eq!(lines[package.line - 1].trim(), &package.path);
            }
        }
        prop_assert!(file.notes.is_sorted_by_key(|note| note.line));
    }
}

#[test]
fn hostile_sizes_are_read() {
    let long = format!("# a v1.0.0\n{}\n", "a ".repeat(1_000_000));
    assert_eq!(parse_vendor_modules(long).notes[0].text.len(), 200);
    let many = "# a v1.0.0\n## explicit; x\na\n".repeat(100_000);
    assert_eq!(parse_vendor_modules(many).modules.len(), 1);
    let entries = format!("# a v1.0.0\n## {}\n", ";".repeat(1_000_000));
    assert!(parse_vendor_modules(entries).notes.is_empty());
    let odd = format!("# a v1.0.0\n## {}\n", "x;".repeat(1_000_000));
    assert_eq!(parse_vendor_modules(odd).notes.len(), 1);
}
