//! What a go command, a remote cache and an HTTP client may send to `goward cache serve`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signedcache::protocol::{Body, Request, read_body, read_request};
use signedcache::{Head, Signed};

fuzz_target!(|data: &[u8]| {
    let mut from = data;
    while let Ok(Some(request)) = read_request(&mut from) {
        let Request::Put { size, .. } = request else { continue };
        let mut seen = 0;
        let read = read_body(&mut from, size, &mut |part| seen += part.len() as u64);
        assert!(seen <= size, "more than was announced");
        match read {
            Ok(Body::Whole) => assert_eq!(seen, size),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    if let Ok(signed) = Signed::parse(data) {
        assert_eq!(signed.text().as_bytes(), data);
    }
    let _ = Head::parse(data);
});
