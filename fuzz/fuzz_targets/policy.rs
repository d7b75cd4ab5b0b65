//! The policy, all of its layers.
#![no_main]

use goward_config::{PolicyText, Sources, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: (&str, &str, &str, &str)| {
    let file = |path: &str, text: &str| Some(PolicyText { path: path.into(), text: text.into() });
    let _ = load(&Sources {
        organisation: file("org.toml", texts.0),
        repository: file("goward.toml", texts.1),
        environment: vec![(format!("GOWARD_{}", texts.2), texts.3.into())],
        flags: vec![("--set".into(), texts.2.into(), texts.3.into())],
    });
});
