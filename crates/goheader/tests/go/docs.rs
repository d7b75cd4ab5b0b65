//! Doc comments and classes of characters.

use crate::ask::{Request, ask_go};
use crate::random::Random;
use crate::{cases, compare, ours};
use goheader::constraint;

const PIECES: &[&str] = &[
    "// Package p does things. And more.\n",
    "// Package p does\n",
    "// A. B is one.\n",
    "// AB. C is one.\n",
    "// e.g. this\n",
    "//\n",
    "// \n",
    "//  - one\n",
    "// - two\n",
    "//\t1. three\n",
    "//   more\n",
    "// 2) four\n",
    "//\tcode {\n",
    "// code {\n",
    "// }\n",
    "// a \\\n",
    "//\tx\n",
    "// # Heading\n",
    "// #\n",
    "// Old Heading\n",
    "// It's Old\n",
    "// v1.2 Of\n",
    "// [x]: https://example.com/a\n",
    "// [y z]: ftp://b\n",
    "// [x]: bad\n",
    "// see [x] and [y\n",
    "// z], [math.Sin], [os], [*io.Reader], [a/b.C], m[os]x [a [x] b]\n",
    "// [a.b/c.D.E] [/x.Y] [fmt.x]\n",
    "// http://a.b/c``d''(e).\n",
    "// ``quoted'' and ```code``` x``\n",
    "// https://[::1]:80/{a}[b)] ''\n",
    "// gopher://x!? http://. xhttp://a''b\n",
    "// Copyright 2020. X\n",
    "// all rights\n",
    "// Authors\n",
    "// 完了。次\n",
    "// É. F g. H\n",
    "//go:generate x\n",
    "//nolint:all\n",
    "//x y\n",
    "/* Package p\n\t is a thing. */\n",
    "/*\n\tPackage p.\n\n\tMore\n*/\n",
    "/*x*/ /*y*/\n",
    "// • item\n",
    "//\t• item\n",
    "//      deep\n",
    "// [x]:\n",
];

#[test]
fn doc_comments_shorten_as_in_go() {
    let file = |seed: usize| {
        let random = &mut Random::new(seed as u64);
        random.sequence(PIECES, 6) + "package p\n"
    };
    let files: Vec<_> =
        (0..cases(10_000)).map(|seed| (format!("seed {seed}"), file(seed))).collect();
    compare("go", files.iter().map(|(name, text)| (name.clone(), text.as_bytes())), ours::go_file);
}

#[test]
fn every_character_is_of_the_classes_that_go_has_it_in() {
    let [classes] = &ask_go([Request { kind: "unicode", name: "", data: b"" }])[..] else {
        unreachable!()
    };
    let is = |class: &str, c: char| {
        let edges = classes[class].as_array().unwrap();
        edges.partition_point(|edge| edge.as_u64().unwrap() <= u64::from(c)) % 2 == 1
    };
    let read = |file: String| goheader::read_go(file.as_bytes(), true).unwrap();
    // All that are assigned, but for the middle of one block of Chinese characters.
    let low = '\0'..='\u{20000}';
    for c in low.chain('\u{2a6d0}'..='\u{32400}').chain('\u{e0000}'..='\u{e0fff}') {
        assert_eq!(c.is_whitespace(), is("space", c), "{c:?}");

        let tag = constraint::parse(&format!("//go:build {c}")).is_ok();
        assert_eq!(tag, is("letter", c) || is("digit", c) || "_.".contains(c), "a tag of {c:?}");

        let import = read(format!("package p\nimport `a{c}`")).error.is_none();
        let refused = " !\"#$%&'()*,:;<=>?[\\]^{|}\u{fffd}".contains(c);
        // Go drops carriage returns, and does not look behind the literal.
        let legal = is("print", c) && !refused || "\r`".contains(c);
        assert_eq!(import, legal, "an import path with {c:?}");

        if is("letter", c) {
            let ends = !read(format!("// A {c}. B\npackage p\n")).doc.ends_with('B');
            assert_eq!(ends, !is("upper", c), "a sentence that ends with {c:?}");
        }
        if is("print", c) && !" \\[]".contains(c) {
            let link = !read(format!("// A {c}[os]\npackage p\n")).doc.contains('[');
            assert_eq!(link, is("punct", c), "a link behind {c:?}");
        }
    }
}
