//! go.mod, go.work, go.sum, vendor/modules.txt and module paths.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = gomod::parse_go_mod(text);
    let _ = gomod::parse_go_mod_lax(text);
    let _ = gomod::format_go_mod(text);
    let _ = gomod::format_go_work(text);
    if let Ok(work) = gomod::parse_go_work(text) {
        let _ = work.to_json();
    }
    if let Ok(sum) = gomod::parse_go_sum(text) {
        let _ = sum.problems();
    }
    let vendor = gomod::parse_vendor_modules(text);
    let _ = vendor.to_json();
    if let Ok(go_mod) = gomod::parse_go_mod(text) {
        let main = gomod::MainModules::Module(&go_mod);
        let _ = gomod::vendor_consistency(&vendor, &main);
    }
    let text = String::from_utf8_lossy(text);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    let _ = gomod::confusable(one, other);
    let _ = gomod::module_path::check(one);
    let _ = gomod::pseudo::parse(other);
});
