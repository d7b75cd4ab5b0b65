//! Signed notes, tree heads, records and tile paths of a checksum database.
#![no_main]

use gosumdb::tlog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key: Vec<_> = gosumdb::note::Verifier::new(gosumdb::SUM_GOLANG_ORG).into_iter().collect();
    let _ = gosumdb::note::open(bytes, &key);
    let _ = tlog::parse_record(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = gosumdb::note::Verifier::new(&text);
    let _ = gosumdb::Setting::parse(&text);
    let _ = tlog::Tile::parse(&text);
    let _ = tlog::Tree::parse(bytes);
});
