//! Scripts, Makefiles and CI files that set Go's variables; placeholders.
#![no_main]

use goenvscan::bypass::judge_all;
use goenvscan::{FileKind, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for kind in [
        FileKind::Shell,
        FileKind::Makefile,
        FileKind::Dockerfile,
        FileKind::GithubWorkflow,
        FileKind::GitlabCi,
        FileKind::GoEnvFile,
        FileKind::DotEnv,
        FileKind::Compose,
    ] {
        for assignment in scan(kind, text).assignments {
            let _ = judge_all(&assignment);
        }
    }
    for path in ["a.yaml", "a.toml", "a.xml", "a.sql", "a.sh", "a.tf", "a.js", "a.html", "a"] {
        for mode in [leftover::Mode::Source, leftover::Mode::Rendered] {
            let _ = leftover::scan(path, text.as_bytes(), mode, &|_| false);
        }
    }
});
