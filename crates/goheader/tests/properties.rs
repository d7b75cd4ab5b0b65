//! Nothing that is read makes the library panic.

use goheader::{Tags, constraint, file_name_tags, read_go, read_other};
use proptest::prelude::*;

/// Any bytes, and those that mean something to Go more often than others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        "[ \n\r\t/*\"'`\\\\();:.,#_0-9a-f\u{feff}\u{fffd}]{0,8}".prop_map(String::into_bytes),
        prop_oneof![
            "package p\n",
            "import",
            "import \"embed\"\n",
            "//go:embed ",
            "//go:build ",
            "// \\+build ",
            "//line ",
            "/\\*line ",
            ":1:2\n",
            "/\\*",
            "\\*/"
        ]
        .prop_map(String::into_bytes),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_complete_file_is_always_enough(bytes in bytes()) {
        let header = read_go(&bytes, true);
        prop_assert!(header.is_ok());
        prop_assert!(read_other(&bytes, true).is_ok());
    }

    #[test]
    fn a_header_with_a_package_or_an_error(bytes in bytes()) {
        let header = read_go(&bytes, true).unwrap();
        prop_assert!(header.package.is_some() || header.error.is_some());
        prop_assert!(header.error.is_none() || header.imports.is_empty());
    }

    #[test]
    fn a_beginning_agrees_with_the_file(bytes in bytes(), length in 0_usize..100) {
        let beginning = &bytes[..length.min(bytes.len())];
        if let Ok(header) = read_go(beginning, false) {
            prop_assert_eq!(Ok(header), read_go(&bytes, true));
        }
        if let Ok(constraint) = read_other(beginning, false) {
            prop_assert_eq!(Ok(constraint), read_other(&bytes, true));
        }
    }

    #[test]
    fn what_a_constraint_prints_reads_as_itself(line in "//go:build [a-c!&|() ]{0,20}") {
        if let Ok(expr) = constraint::parse(&line) {
            let again = constraint::parse(&format!("//go:build {expr}")).unwrap();
            prop_assert_eq!(again.to_string(), expr.to_string());
            let has = |tag: &str| tag.contains('a');
            prop_assert_eq!(again.eval(&mut |tag| has(tag)), expr.eval(&mut |tag| has(tag)));
        }
    }

    #[test]
    fn a_file_matches_if_its_tags_are_set(name in "[a-z]{0,3}(_(linux|windows|arm|amd64|test|x)){0,4}(\\.go)?") {
        let tags = Tags::new("linux", "amd64", 26);
        let (os, arch) = file_name_tags(&name);
        prop_assert_eq!(tags.file_name_matches(&name), os.is_none_or(|os| tags.has(os)) && arch.is_none_or(|arch| tags.has(arch)));
    }
}
