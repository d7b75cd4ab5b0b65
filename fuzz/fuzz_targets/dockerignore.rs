//! .dockerignore files and the paths they decide about.
#![no_main]

use buildcontext::{Filter, Matcher};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let (text, path) = input;
    let Ok(patterns) = buildcontext::parse(text) else { return };
    let Ok(matcher) = Matcher::new(&patterns) else { return };
    let _ = matcher.matches_or_parent_matches(path);
    let filter = Filter::new(matcher);
    let _ = filter.decide(path, false);
    let _ = filter.decide(path, true);
    let (file, _) = dockerfile::parse_lenient(&String::from_utf8_lossy(text));
    let needs = buildcontext::needs(&file);
    let _ = buildcontext::follow_paths(&needs);
    let _ = buildcontext::facts(&file, &needs, Some(&filter));
});
