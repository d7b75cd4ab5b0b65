//! Scripts, Makefiles and CI files that set Go's variables; placeholders.
#![no_main]

use goenv::{FileKind, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for kind in [
        FileKind::Shell,
        FileKind::Makefile,
        FileKind::Dockerfile,
        FileKind::GithubWorkflow,
        FileKind::GitlabCi,
        FileKind::EnvFile,
    ] {
        for assignment in scan(kind, text) {
            let _ = goenv::bypass::judge(&assignment.name, &assignment.value);
        }
    }
    for path in ["a.yaml", "a.toml", "a.xml", "a.sql", "a.sh", "a"] {
        for mode in [leftover::Mode::Source, leftover::Mode::Rendered] {
            let _ = leftover::scan(path, text.as_bytes(), mode, &|_| false);
        }
    }
});
