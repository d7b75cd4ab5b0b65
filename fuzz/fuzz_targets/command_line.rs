//! Command lines, units, manifests: whether a flag is on.
#![no_main]

use launchflag::{Kind, State, judge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    for kind in Kind::ALL {
        let verdict = judge(kind, text, "audit-log-enabled");
        // What does not name the flag cannot switch it on.
        if verdict.state == State::On {
            let lower = text.to_ascii_lowercase();
            assert!(lower.windows(5).any(|window| window == b"audit"));
        }
    }
});
