//! Random files that are nearly right.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// Words that make sense here and there, so that most lines come close to being right.
pub(crate) fn soup() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "module",
        "go",
        "toolchain",
        "require",
        "exclude",
        "replace",
        "retract",
        "tool",
        "ignore",
        "godebug",
        "use",
        "(",
        ")",
        "()",
        "[",
        "]",
        ",",
        "{",
        "=>",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t",
        "//",
        "// indirect",
        "// Deprecated: x",
        "/*",
        "\"",
        "`",
        "'",
        "\\",
        "a",
        "a/v2",
        "gopkg.in/a.v1",
        "example.com/A",
        "v1.2.3",
        "v2.0.0",
        "v1.2",
        "v2.0.0+incompatible",
        "\"v1.0.0\"",
        "\"a\\x41\"",
        "1.21",
        "1.21rc1",
        "go1.21.0",
        "default",
        "a=b",
        "./a",
        "../a",
        "C:\\a",
        "中",
        "\u{feff}",
        "\0",
    ]);
    let junk = prop::collection::vec(any::<u8>(), 1..3);
    let piece = prop_oneof![
        20 => word.prop_map(|word| word.as_bytes().to_vec()),
        1 => junk,
    ];
    let pieces = prop::collection::vec((piece, any::<bool>()), 0..24);
    pieces.prop_map(|pieces| {
        let blank = |blank| if blank { &b" "[..] } else { b"" };
        pieces.iter().flat_map(|(piece, b)| [piece, blank(*b)].concat()).collect()
    })
}

/// One of a table, with some bytes gone, doubled or exchanged.
pub(crate) fn damaged(
    files: &'static [(&'static str, &'static str)],
) -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..4, any::<u8>()), 1..4);
    (prop::sample::select(files), edits).prop_map(|((_, text), edits)| {
        let mut text = text.as_bytes().to_vec();
        for (index, edit, byte) in edits {
            let at = index.index(text.len() + 1);
            match edit {
                0 if at < text.len() => drop(text.remove(at)),
                1 if at < text.len() => text.insert(at, text[at]),
                2 if at < text.len() => text[at] = byte,
                _ => text.insert(at, b" \n\t\"/()\\,"[usize::from(byte) % 9]),
            }
        }
        text
    })
}

/// So many values, the same in each run.
pub(crate) fn sample<S: Strategy>(count: usize, strategy: S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
