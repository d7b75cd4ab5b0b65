//! What lies in a build cache: entries, heads of packages and programs, objects in packages.
#![no_main]

use gocache::{origin, parse_archive, parse_entry, program_build_id};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(entry) = parse_entry(data) {
        // What is read is written as Go writes it, but for capitals and signs.
        let text =
            format!("v1 {} {} {:>20} {:>20}\n", entry.action, entry.output, entry.size, entry.time);
        assert_eq!(parse_entry(text.as_bytes()), Ok(entry));
    }
    for id in [parse_archive(data).and_then(|head| head.build_id), program_build_id(data)] {
        if let Some(id) = id {
            assert_eq!((id.action().len(), id.content().len()), (20, 20));
        }
    }
    let _ = origin(&|at, length| {
        let from = usize::try_from(at).ok()?.min(data.len());
        Some(data[from..data.len().min(from.saturating_add(length))].to_vec())
    });
});
