//! Damaged programs: an error, or a comparison; never a panic, and never "the same".
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build a real program")]

use proptest::prelude::*;
use std::process::Command;
use std::sync::LazyLock;

/// Small programs: with symbols, without, and of Windows.
static PROGRAMS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let dir = std::env::temp_dir().join(format!("gorepro-damage-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("main.go"), "package main\n\nfunc main() { println(1) }\n").unwrap();
    let build = |(os, flags): &(&str, &str)| {
        let mut go = Command::new("go");
        go.args(["build", flags, "-o", "program", "main.go"]).current_dir(&dir);
        go.env("CGO_ENABLED", "0").env("GOOS", os);
        assert!(go.status().unwrap().success());
        std::fs::read(dir.join("program")).unwrap()
    };
    let programs = [("linux", "-ldflags="), ("linux", "-ldflags=-s"), ("windows", "-ldflags=")];
    let programs = programs.iter().map(build).collect();
    std::fs::remove_dir_all(&dir).unwrap();
    programs
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_may_be_altered(
        which in 0..3_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..40),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let whole = PROGRAMS.get(which).unwrap();
        let mut damaged = whole.clone();
        for (place, byte, near) in edits {
            // Headers more often than the rest.
            let length = if near { damaged.len().min(4096) } else { damaged.len() };
            let place = place.index(length);
            if let Some(slot) = damaged.get_mut(place) {
                *slot = byte;
            }
        }
        if let Some(cut) = cut {
            damaged.truncate(cut.index(whole.len()));
        }
        for pair in [(whole, &damaged), (&damaged, whole)] {
            if let Ok(found) = gorepro::compare(pair.0, pair.1) {
                prop_assert_eq!(found.same, *whole == damaged);
                prop_assert!(found.same || !found.causes.is_empty() || found.unexplained > 0);
            }
        }
    }
}
