//! Program databases: lists of blocks, streams, records, paths.
#![no_main]

use goartifact::pdb::{Pdb, Place, Rules};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|data: &[u8]| {
    let Ok(pdb) = Pdb::read(Cursor::new(data)) else { return };
    for place in pdb.publics.iter().chain(&pdb.procedures) {
        assert!(pdb.names(*place));
        let _ = pdb.has_line(*place);
    }
    let _ = (pdb.has_line(Place { segment: 1, offset: 0 }), pdb.is_prebuilt(Place { segment: 1, offset: u32::MAX }));
    let rules = Rules { required: vec!["/src/".into()], forbidden: vec!["/sym".into()], no_local: true };
    assert!(pdb.broken(Some("/tmp/x.pdb"), &rules).is_sorted());
});
