//! Pairs of real programs, damaged: compared, or refused; never a panic, never "the same".
//!
//! The input is a pair and a list of edits; `cargo xtask fuzz` builds the pairs into `fuzz/programs`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Two programs of one name, with `-a` and `-b` behind it.
static PAIRS: LazyLock<Vec<[Vec<u8>; 2]>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/programs");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("cargo xtask fuzz makes fuzz/programs")
        .filter_map(|file| Some(file.ok()?.path().display().to_string()))
        .filter_map(|name| Some(name.strip_suffix("-a")?.to_owned()))
        .collect();
    names.sort();
    let read = |name: String| std::fs::read(&name).unwrap_or_else(|err| panic!("{name}: {err}"));
    names.iter().map(|name| [read(format!("{name}-a")), read(format!("{name}-b"))]).collect()
});

/// Bytes of an edit.
const EDIT: usize = 6;

fuzz_target!(|data: &[u8]| {
    let Some((which, edits)) = data.split_first() else { return };
    let mut pair = PAIRS[usize::from(*which) % PAIRS.len()].clone();
    for edit in edits.chunks_exact(EDIT) {
        let program = &mut pair[usize::from(edit[0] & 1)];
        let end = program.len();
        let far = usize::from(edit[1]) << 16 | usize::from(edit[2]) << 8 | usize::from(edit[3]);
        // Headers, the tables at the end, or anywhere.
        let at = match edit[0] >> 1 & 3 {
            0 => far % 4096,
            1 => end.saturating_sub(1 + far % 65_536),
            _ => far % end.max(1),
        };
        match edit[0] >> 3 & 3 {
            // A number of eight bytes: where a length or an address is, this is a lie.
            0 => program.iter_mut().skip(at & !7).take(8).for_each(|byte| *byte = edit[4]),
            1 if edit[4] == 0 => program.truncate(at),
            _ => program.iter_mut().skip(at).take(1).for_each(|byte| *byte = edit[4] ^ edit[5]),
        }
    }
    // These are slow: one way round each.
    let back = edits.len() & 1;
    let [a, b] = [&pair[back], &pair[1 - back]];
    let Ok(found) = gorepro::compare(a, b) else { return };
    assert_eq!(found.same, a == b, "bit for bit");
    assert!(found.same || !found.causes.is_empty(), "what differs has a cause, or is unexplained");
});
