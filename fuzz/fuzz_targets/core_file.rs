//! Core files and what a program says in short: refused, or read; never a panic, and no memory beyond the file's size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Write as _;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(bytes).is_err() {
        return;
    }
    let _ = goartifact::is_core(file.path());
    let _ = goartifact::read_core(file.path());
    let _ = goartifact::brief(file.path());
    let _ = goartifact::of_archive(file.path());
});
