//! Certificates, keys and CA bundles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servercert::{Input, judge};

fuzz_target!(|files: (&[u8], &[u8], &[u8])| {
    let _ = judge(&Input {
        cert_pem: files.0,
        key_pem: Some(files.1),
        key_mode: Some(0o600),
        ca_pem: Some(files.2),
        hosts: &["example.com".to_owned()],
        min_days: 30,
        now_unix: 1_767_225_600,
    });
});
