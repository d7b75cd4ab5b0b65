//! Formatted files held against the installed Go, byte for byte.

use crate::ask::{ask_go, corpus, go_edit_text};
use crate::files::FILES;
use crate::random::{damaged, sample, soup};
use crate::work_files::WORK_FILES;
use gomod::{format_go_mod, format_go_work, parse_go_mod};
use proptest::prelude::*;
use serde_json::Value;

/// Files that Go writes in a way which is not obvious.
const ODD: &[(&str, &str)] = &[
    ("comment at the top", "// a\n\n\n\n// b\nmodule m\n// c"),
    ("blank lines", "\n\n\nmodule m\n\n\n\ngo 1.21\n\n\n"),
    ("no blank line between directives", "module m\ngo 1.21\nrequire a v1.0.0\nrequire b v1.0.0\n"),
    ("block of one", "require (\n\ta v1.0.0\n)\n"),
    (
        "block of one with comments everywhere",
        "// 1\nrequire ( // 2\n\t// 3\n\ta v1.0.0 // 4\n) // 5\n",
    ),
    ("block of one with a comment at its end", "require (\n\ta v1.0.0\n\t// end\n)\n"),
    ("block of one with a blank line at its end", "require (\n\ta v1.0.0\n\n)\n"),
    ("block of one behind blank and comment", "require (\n\t// x\n\n\ta v1.0.0\n)\n"),
    (
        "block of two with comments everywhere",
        "// 1\nrequire ( // 2\n\t// 3\n\tb v1.0.0 // 4\n\n\t// 5\n\ta v1.0.0 // 6\n\t// 7\n\n\t// 8\n) // 9\n",
    ),
    ("comment and blank at the end of a block", "require (\n\tb v1.0.0\n\ta v1.0.0\n\t// 7\n\n)\n"),
    ("blank and comment at the end of a block", "require (\n\tb v1.0.0\n\ta v1.0.0\n\n\t// 7\n)\n"),
    ("empty block", "// c\nrequire ( // d\n) // e\ngo 1.21\n"),
    ("empty block on one line", "// c\nrequire () // e\ngo 1.21\n"),
    ("empty block with comments", "require (\n\t// lonely\n)\n"),
    ("dropped lines leave one", "exclude (\n\ta v1.0.0\n\ta v1.0.0 // twice\n)\n"),
    ("dropped lines leave none", "replace (\n\ta => ./x\n)\nreplace a => ./y // y\n"),
    ("dropped with comments", "// one\nexclude a v1.0.0\n// two\nexclude a v1.0.0 // three\n"),
    ("exclude by text", "go 1.20\nexclude (\n\ta v1.10.0\n\ta v1.9.0\n\tA v1.0.0\n)\n"),
    ("exclude by version", "go 1.21\nexclude (\n\ta v1.10.0\n\ta v1.9.0\n\tA v1.0.0\n)\n"),
    ("exclude under a release candidate", "go 1.21rc1\nexclude (\n\ta v1.10.0\n\ta v1.9.0\n)\n"),
    ("exclude without go", "exclude (\n\ta v1.10.0\n\ta v1.9.0\n)\n"),
    (
        "retract sorted",
        "retract (\n\tv1.0.0\n\t[v1.1.0, v1.2.0] // x\n\tv1.10.0\n\t[ v1.1.0,v1.1.5 ]\n\t// above\n\tv1.9.0\n)\n",
    ),
    ("retract what is no version", "retract (\n\tfoo\n\tv1.0.0\n\tbar\n)\n"),
    ("retract quoted", "retract \"v1.0.0 x\"\nretract [\"a\",\"b c\"]\n"),
    ("retract the empty string", "retract \"\" // x\n"),
    ("short versions", "require a v1\nexclude b v1.2\nreplace c v1 => d v2.0.0+incompatible\n"),
    ("build metadata", "require a v1.2.3+meta\n"),
    (
        "quoted without need",
        "module \"m\"\nrequire \"a\" \"v1\"\nreplace \"a\" \"v1\" => \"./x\"\ntool \"t\"\nignore \"i\"\n",
    ),
    (
        "quoted for a reason",
        "module \"a b\"\nignore \"\"\ntool \"a//b\"\nreplace a => \"./x (y)\"\n",
    ),
    ("escapes", "ignore \"\\x41\\u00e9\\n\\xff\"\nignore \"\\xff\"\nignore \"\\u200b\"\n"),
    ("one-character words", "ignore (\n\t\"(\"\n\t\"[\"\n\t\",\"\n\t,\n\t]\n)\n"),
    ("brackets", "ignore [\nignore {\nignore }\n"),
    ("indented", "   module m\n\t\tgo 1.21   // x   \n"),
    ("CRLF", "module m\r\n\r\n// c\r\nrequire (\r\n\ta v1.0.0 // x\r\n\tb v1.0.0\r\n)\r\n"),
    ("CR in a comment", "module m // a\rb\r\r\n"),
    ("blanks of Unicode around a comment", "//\u{a0}a\u{2003}\nmodule m //\u{a0}\n"),
    ("two comments at one place", "require ( // 1\n\n) // 2\n"),
    ("godebug sorted", "godebug (\n\tb=1\n\ta=1\n)\n"),
    ("tool sorted", "tool (\n\tb\n\ta // a\n\n\tc\n)\n"),
    ("require with blank groups", "require (\n\tb v1.0.0\n\n\ta v1.0.0\n\n\n\tc v1.0.0\n)\n"),
    ("replace sorted", "replace (\n\tb => ./b\n\ta v1.0.0 => ./a\n\ta => ./c\n)\n"),
    ("module in a block", "// Deprecated: x\nmodule (\n\tm // y\n)\n"),
    ("comment between", "module m\n// a\n\n// b\n\ngo 1.21\n// c\n"),
    ("comment glued", "module m//x\n"),
];

fn hex(bytes: &[u8]) -> Value {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// How many could be formatted; panics with what differs.
fn compare<'a>(files: impl Iterator<Item = &'a [u8]> + Clone) -> usize {
    let mut formatted = 0;
    for kind in ["format", "formatwork"] {
        let theirs = ask_go(files.clone().map(|text| (kind, text)));
        for (text, theirs) in files.clone().zip(theirs) {
            let ours = if kind == "format" { format_go_mod(text) } else { format_go_work(text) };
            formatted += usize::from(ours.is_ok());
            let shown = String::from_utf8_lossy(text);
            let ours = ours.map_or(Value::Null, |ours| hex(&ours));
            assert_eq!(ours, theirs, "{kind} {shown:?}");
        }
    }
    formatted
}

fn bytes<'a>(files: &'a [(&str, &str)]) -> impl Iterator<Item = &'a [u8]> + Clone {
    files.iter().map(|(_, text)| text.as_bytes())
}

#[test]
fn the_tables_are_formatted_as_by_go() {
    let formatted = compare(bytes(ODD).chain(bytes(FILES)).chain(bytes(WORK_FILES)));
    assert!(formatted > 150, "{formatted}");
    for (name, text) in ODD {
        assert!(parse_go_mod(text).is_ok(), "{name} is refused");
    }
}

#[test]
fn the_table_is_formatted_as_by_go_mod_edit() {
    for (name, text) in ODD.iter().chain(FILES) {
        let Ok(ours) = format_go_mod(text) else { continue };
        let theirs = go_edit_text("go.mod", text, "-print").unwrap();
        assert_eq!(ours.escape_ascii().to_string(), theirs.escape_ascii().to_string(), "{name}");
    }
    for (name, text) in WORK_FILES {
        let Ok(ours) = format_go_work(text) else { continue };
        let theirs = go_edit_text("go.work", text, "-print").unwrap();
        assert_eq!(ours.escape_ascii().to_string(), theirs.escape_ascii().to_string(), "{name}");
    }
}

#[test]
fn every_file_of_the_module_cache_is_formatted_as_by_go() {
    let corpus = [corpus("mod"), corpus("work")].concat();
    assert!(compare(corpus.iter().map(|(_, text)| text.as_slice())) > 0);
}

#[test]
fn random_files_are_formatted_as_by_go() {
    let texts =
        sample(30_000, prop_oneof![soup(), damaged(FILES), damaged(ODD), damaged(WORK_FILES)]);
    let formatted = compare(texts.iter().map(Vec::as_slice));
    assert!(formatted > 4_000, "too few are good: {formatted}");
}

/// Good lines in any order, with comments and blank lines, so that nearly all are formatted.
fn directives() -> impl Strategy<Value = String> {
    let line = |words: &'static [&'static str]| prop::sample::select(words);
    let comment = prop_oneof![3 => Just(""), 1 => Just(" // c"), 1 => Just("//d ")];
    let above =
        prop_oneof![4 => Just(""), 1 => Just("\n"), 1 => Just("\t// a\n"), 1 => Just("// b\n\n")];
    let block = |verb: &'static str, words: &'static [&'static str]| {
        let row = (above.clone(), line(words), comment.clone());
        let rows = prop::collection::vec(row, 0..5);
        (above.clone(), rows, comment.clone(), above.clone(), any::<bool>()).prop_map(
            move |(top, rows, behind, last, single)| {
                let mut text = top.to_owned();
                if !single {
                    text += &format!("{verb} ({behind}\n");
                }
                for (above, words, comment) in rows {
                    let verb = if single { verb } else { "\t" };
                    text += &format!("{above}{verb} {words}{comment}\n");
                }
                if single { text } else { format!("{text}{last}){behind}\n") }
            },
        )
    };
    let some = prop_oneof![
        block("require", &["b v1.0.0", "a v1.10.0", "a v1.9.0", "\"a\" v1", "c/v2 v2.0.0"]),
        block("exclude", &["b v1.0.0", "a v1.10.0", "a v1.9.0", "\"b\" v1", "c/v2 v2.0.0"]),
        block(
            "replace",
            &["b => ./b", "b => ../c", "b v1 => ./b", "a v1.0.0 => b v1", "\"b\" => \"./x y\""]
        ),
        block(
            "retract",
            &["v1.0.0", "v1.10.0", "[v1.0.0, v1.5.0]", "[ v1.0.0,v1.4.0 ]", "foo", "\"v2\""]
        ),
        block("tool", &["b", "a", "\"b\"", "a/\u{e9}"]),
        block("ignore", &["./b", "a", "\"./b\"", "\"\"", "\"\\xff\""]),
        block("godebug", &["b=1", "a=2", "b=3"]),
        block("go", &["1.21.0"]),
    ];
    prop::collection::vec(some, 0..5).prop_map(|all| all.concat())
}

#[test]
fn generated_files_are_formatted_as_by_go() {
    let texts = sample(10_000, directives());
    let formatted = compare(texts.iter().map(String::as_bytes));
    assert!(formatted > 5_000, "too few are good: {formatted}");
}

#[test]
fn bytes_that_are_no_utf8_stay() {
    let cases: [&[u8]; 4] = [
        b"module a\xffb // \xfe\xe4\xb8 x\n",
        b"// \xff\n\ntool (\n\t\"b\xff\"\n\t\"a\\xff b\"\n\t\xf0\x9f // \xc3\xa9\n)\n",
        b"ignore \"\\xff\"\nignore \xff\nignore \"\xff\"\n",
        b"\xffmodule m\n",
    ];
    assert_eq!(compare(cases.into_iter()), 3);
}

fn requirements(file: &[u8]) -> Vec<(String, String)> {
    let mut all: Vec<_> = parse_go_mod(file)
        .unwrap()
        .require
        .into_iter()
        .map(|one| (one.path, one.version))
        .collect();
    all.sort();
    all
}

proptest! {
    #[test]
    fn formatting_keeps_the_requirements(text in directives()) {
        if let Ok(formatted) = format_go_mod(&text) {
            prop_assert_eq!(requirements(text.as_bytes()), requirements(&formatted));
        }
    }
}
