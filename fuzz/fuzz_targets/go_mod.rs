//! go.mod and go.sum.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = gomod::parse_go_mod(text);
    let _ = gomod::parse_go_mod_lax(text);
    let _ = gomod::parse_go_sum(text);
});
