//! Dockerfiles, and what they set and launch.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (file, _) = dockerfile::parse_lenient(text);
    for stage in &file.stages {
        let _ = file.launch_of(stage).argv();
        let _ = file.env_of(stage);
    }
});
