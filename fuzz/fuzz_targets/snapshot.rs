//! Snapshots: refused, or read and written as they were; no pair of them makes the
//! comparison panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What the digest protects is of no interest here: the reader is shown documents that it takes for whole.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Err(gosnapshot::ReadError::Changed { given, found }) = gosnapshot::read(bytes) else { return };
    let sealed = text.replace(&given, &found);
    let Ok(snapshot) = gosnapshot::read(sealed.as_bytes()) else { return };
    assert_eq!(gosnapshot::read(snapshot.to_json().as_bytes()).as_ref(), Ok(&snapshot));
    let empty = gosnapshot::Snapshot::default();
    gosnapshot::compare(&snapshot, &snapshot);
    gosnapshot::compare(&empty, &snapshot);
    gosnapshot::compare(&snapshot, &empty);
});
