//! What is read of ordinary files in one pass is what the whole reader says.

use crate::random::{Random, damaged, soup};
use crate::{beginnings, cases, go_files};
use goheader::{Incomplete, read_brief, read_go};
use std::fs;

/// Whether the file is an ordinary one.
fn check(text: &[u8]) -> bool {
    let brief = read_brief(text, true).unwrap();
    if let Some(brief) = &brief {
        let header = read_go(text, true).unwrap();
        let shown = String::from_utf8_lossy(text);
        assert_eq!(header.error, None, "{shown:?}");
        assert_eq!(brief.package, header.package.unwrap().name, "{shown:?}");
        let ours = brief.imports.iter().map(|one| (one.path, one.line, one.column));
        let theirs = header.imports.iter().map(|one| {
            assert_eq!(one.position.file, None, "{shown:?}");
            (one.path.as_str(), one.position.line, one.position.column)
        });
        assert_eq!(ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>(), "{shown:?}");
        assert_eq!(brief.constraint, header.constraint, "{shown:?}");
        assert_eq!(brief.doc(), header.doc, "{shown:?}");
        assert_eq!(header.embeds, [], "{shown:?}");
    }
    for length in [0, 10, 60, 200, 500, 1000, text.len() / 2, text.len().saturating_sub(1)] {
        let Some(beginning) = text.get(..length) else { continue };
        match read_brief(beginning, false) {
            Err(Incomplete) => {}
            // What the beginning calls ordinary is so.
            Ok(Some(begun)) => assert_eq!(brief.as_ref(), Some(&begun)),
            Ok(None) => {}
        }
    }
    brief.is_some()
}

#[test]
fn ordinary_files_of_goroot_read_the_same_in_one_pass() {
    let paths = go_files();
    let ordinary = paths.iter().filter(|path| check(&fs::read(path).unwrap())).count();
    assert!(ordinary * 10 > paths.len() * 8, "{ordinary} of {} are ordinary", paths.len());
}

#[test]
fn damaged_files_read_the_same_in_one_pass_or_are_left_alone() {
    let texts = beginnings();
    let damaged = (0..cases(20_000)).map(|seed| damaged(&mut Random::new(seed as u64), &texts));
    let ordinary = damaged.filter(|text| check(text)).count();
    assert!(ordinary > 1000, "only {ordinary} are ordinary");
}

#[test]
fn pieces_of_go_read_the_same_in_one_pass_or_are_left_alone() {
    for seed in 0..cases(40_000) {
        check(&soup(&mut Random::new(seed as u64)));
    }
}
