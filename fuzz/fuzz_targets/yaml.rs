//! YAML and the other formats of configuration, and documents inside their strings.
#![no_main]

use conftree::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [Format::Yaml, Format::Json, Format::Toml, Format::Env] {
        for document in conftree::parse_lenient(text, format).0 {
            document.walk(&mut |_, node| {
                assert!(text.get(node.span.start.offset..node.span.end.offset).is_some());
                let _ = node.embedded(text, Format::Yaml);
            });
        }
    }
});
