//! Logs of CI runs: any bytes give a verdict whose evidence lies in them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|log: &[u8]| {
    let verdict = goward_causes::classify(log);
    assert_eq!(verdict.bytes, log.len() as u64);
    for evidence in verdict.causes.iter().flat_map(|cause| &cause.evidence) {
        if let Some(offset) = evidence.offset {
            assert!(offset < log.len() as u64);
        }
    }
});
