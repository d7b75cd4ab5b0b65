//! Module zips: bounded, and never extracted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Write as _;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(bytes).is_err() {
        return;
    }
    let Ok(zip) = modcache::ModuleZip::open(file.path()) else { return };
    let _ = zip.check("example.com/a", "v1.0.0");
    let _ = zip.hash(&|| false);
    for name in zip.names("example.com/a@v1.0.0").map(<[u8]>::to_vec).collect::<Vec<_>>() {
        let _ = zip.read("example.com/a@v1.0.0", &name, 1 << 16);
    }
});
