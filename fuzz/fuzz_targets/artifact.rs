//! Programs: containers, build info, function tables, symbols, DWARF, images; and their levels.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(all) = goartifact::read_bytes(data) else { return };
    for artifact in all {
        for level in goartifact::levels(&artifact) {
            assert!(level.known <= level.functions && level.missing.len() <= 20);
        }
        if let Some(table) = &artifact.functions {
            assert!(table.functions.is_sorted());
        }
    }
});
