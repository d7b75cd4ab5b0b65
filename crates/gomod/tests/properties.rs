//! What holds for every text.

use gomod::{Span, format_go_mod, format_go_work, parse_go_mod, parse_go_mod_lax, parse_go_work};
use proptest::prelude::*;

fn inside(text: &str, span: Span) -> bool {
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    let good = |line: usize, column: usize| {
        line >= 1 && column >= 1 && lines.get(line - 1).is_some_and(|length| column <= length + 1)
    };
    (span.start.line, span.start.column) < (span.end.line, span.end.column)
        && good(span.start.line, span.start.column)
        && good(span.end.line, span.end.column)
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_go_mod(&bytes);
        let _ = parse_go_mod_lax(&bytes);
    }

    #[test]
    fn what_strict_mode_accepts_lax_mode_accepts(text in "(module|require|exclude|tool|retract|[ \n()\"a/v.012]){0,30}") {
        if let Ok(strict) = parse_go_mod(&text) {
            let lax = parse_go_mod_lax(&text).unwrap();
            prop_assert_eq!(strict.require, lax.require);
            prop_assert_eq!(strict.module, lax.module);
        }
    }

    #[test]
    fn places_lie_inside_the_file(text in "((module|require|tool|retract) |é|中|// |[ \n()\"a/v.012])*") {
        match parse_go_mod(&text) {
            Ok(file) => {
                let spans = file.module.iter().map(|one| one.span);
                let spans = spans.chain(file.require.iter().map(|one| one.span));
                let spans = spans.chain(file.tool.iter().map(|one| one.span));
                for span in spans.chain(file.retract.iter().map(|one| one.span)) {
                    prop_assert!(inside(&text, span), "{:?}", span);
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    let line = text.split('\n').nth(error.line - 1).unwrap();
                    prop_assert!(error.column >= 1 && error.column <= line.chars().count() + 1);
                }
            }
        }
    }

    #[test]
    fn requirements_survive_writing_and_reading(
        modules in prop::collection::vec(("[a-z]{1,8}\\.example/[a-zA-Z0-9_~-]{1,8}x", 0..2_u8, 0..100_u32, any::<bool>()), 0..20)
    ) {
        let mut text = "module m\nrequire (\n".to_owned();
        for (path, major, patch, indirect) in &modules {
            let comment = if *indirect { "// indirect" } else { "" };
            text += &format!("\t{path} v{major}.0.{patch} {comment}\n");
        }
        let file = parse_go_mod(text + ")\n").unwrap();
        prop_assert_eq!(file.require.len(), modules.len());
        for (index, (one, (path, major, patch, indirect))) in file.require.iter().zip(&modules).enumerate() {
            prop_assert_eq!(&one.path, path);
            prop_assert_eq!(&one.version, &format!("v{major}.0.{patch}"));
            prop_assert_eq!(one.indirect, *indirect);
            prop_assert_eq!(one.span.start.line, index + 3);
        }
    }
}

#[test]
fn hostile_sizes_are_read() {
    let deep = "(".repeat(200_000);
    assert!(parse_go_mod(&deep).is_err());
    assert!(parse_go_mod(deep + "\n").is_err());
    assert!(parse_go_mod("require (\n".repeat(50_000)).is_err());
    assert!(parse_go_mod("module \"".to_owned() + &"\\\"".repeat(200_000)).is_err());
    assert_eq!(parse_go_mod("x\n".repeat(50_000)).unwrap_err().len(), 50_000);
    let comments = "// x\n".repeat(100_000) + "module m\n" + &"// y\n".repeat(100_000);
    assert!(parse_go_mod(comments).is_ok());
    let lines = "require a v1.0.0 // indirect\n".repeat(50_000);
    assert_eq!(parse_go_mod(lines).unwrap().require.len(), 50_000);
    let star = "a*".repeat(5_000);
    assert_eq!(gomod::glob::matches(&star, &"a".repeat(20_000)), Ok(true));
}

#[test]
fn hostile_sizes_are_formatted() {
    let blocks = "require ()\n".repeat(50_000);
    assert_eq!(format_go_mod(&blocks).unwrap(), b"");
    let same = format!("replace (\n{})\n", "\ta => ./b // c\n".repeat(50_000));
    assert_eq!(format_go_mod(&same).unwrap(), b"replace a => ./b // c\n");
    let falling: String = (0..50_000).map(|n| format!("\ta v1.0.{} // x\n", 50_000 - n)).collect();
    let formatted = format_go_mod(format!("go 1.21\nexclude (\n{falling})\n")).unwrap();
    assert!(formatted.ends_with(b"\ta v1.0.49999 // x\n\ta v1.0.50000 // x\n)\n"));
    let comments = format!("module m\n{}", "// x\n\n\n".repeat(50_000));
    assert!(format_go_mod(comments).is_ok());
    let behind = format!("module m // {}\n", "x ".repeat(500_000));
    assert_eq!(format_go_mod(&behind).unwrap(), behind.replace(" \n", "\n").as_bytes());
    let bytes = [b"module m //".as_slice(), &[0xff; 500_000]].concat();
    assert_eq!(format_go_mod(&bytes).unwrap().len(), bytes.len() + 1);
    let uses = format!("use (\n{})\n", "\t./a\n".repeat(50_000));
    assert_eq!(parse_go_work(&uses).unwrap().uses.len(), 50_000);
    assert!(format_go_work(&uses).is_ok());
    assert!(parse_go_work("(".repeat(200_000)).is_err());
    assert_eq!(parse_go_work("x\n".repeat(50_000)).unwrap_err().len(), 50_000);
}

#[test]
fn every_start_of_a_file_is_read_or_refused() {
    let text = "\u{feff}// é\r\nmodule m // x\r\nrequire (\r\n\ta v1.0.0 // indirect\n\t\"b\\x41\" v1\n)\nretract [v1.0.0, v2.0.0]\n\
                use ./a\ngodebug a=b\nreplace a => ../中\n";
    for bytes in [text.as_bytes(), &text.as_bytes()[3..]] {
        for end in 0..=bytes.len() {
            let start = &bytes[..end];
            let (read, formatted) = (parse_go_mod(start).is_ok(), format_go_mod(start).is_ok());
            assert_eq!(read, formatted, "{end}");
            assert_eq!(parse_go_work(start).is_ok(), format_go_work(start).is_ok(), "{end}");
        }
    }
}

#[test]
fn a_main_module_needs_a_module_directive() {
    let main = |text| {
        parse_go_mod(text).unwrap().main_module().map(|m| m.path.clone()).map_err(|e| e.to_string())
    };
    assert_eq!(main("module m\n"), Ok("m".to_owned()));
    assert_eq!(main("module Not/A/Path!\n"), Ok("Not/A/Path!".to_owned()));
    assert_eq!(main("go 1.21\n"), Err("missing module declaration".to_owned()));
    assert_eq!(main("module go\n"), Err("invalid module path: \"go\"".to_owned()));
    assert_eq!(main("module toolchain\n"), Err("invalid module path: \"toolchain\"".to_owned()));
}

#[test]
fn toolchain_names_compare_with_versions() {
    use gomod::go_version::{compare_toolchains, of_toolchain};
    let sorted =
        ["go1.20", "go1.21", "go1.21rc2", "1.21.0", "go1.24.2", "go1.24.11-bigcorp", "go1.25"];
    for pair in sorted.windows(2) {
        assert!(compare_toolchains(pair[0], pair[1]).is_lt(), "{pair:?}");
    }
    let cases = [
        ("go1.24.11", Some("1.24.11")),
        ("go1.24.11-bigcorp", Some("1.24.11")),
        ("go1.24.11 X:foo", Some("1.24.11")),
        ("go1", Some("1")),
        ("default", None),
        ("local", None),
        ("1.24.11", None),
        ("go1.24-a/b", None),
        ("go1.24.x", None),
        ("gccgo1.24", None),
    ];
    for (name, want) in cases {
        assert_eq!(of_toolchain(name), want, "{name}");
    }
}
