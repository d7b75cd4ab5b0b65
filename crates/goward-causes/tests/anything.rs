//! Whatever the log holds, however it arrives, the verdict is the same and its evidence lies in it.

use goward_causes::{Facts, Outcome, classify, classify_with, read};
use proptest::prelude::*;
use std::io::Read;

/// Gives a few bytes at a time, as a pipe does.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = out.len().min(self.1).min(self.0.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"# example.com/m\n".to_vec()),
        Just(b"./main.go:5:2: undefined: x\n".to_vec()),
        Just(b"=== RUN   TestX\n".to_vec()),
        Just(b"go: x@v1: dial tcp: lookup x: no such host\r\n".to_vec()),
        Just(b"\x1b[31m##[error]".to_vec()),
        Just(b"{\"Action\":\"output\",\"Output\":\"FAIL\\tx\\u00".to_vec()),
        Just(b"2024-05-01T12:00:00.0Z ".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn evidence_lies_in_the_log(log in pieces(), step in 1_usize..50) {
        let verdict = classify(&log);
        prop_assert_eq!(verdict.bytes, log.len() as u64);
        for evidence in verdict.causes.iter().flat_map(|cause| &cause.evidence) {
            let offset = usize::try_from(evidence.offset.unwrap()).unwrap();
            let line = log[..offset].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            prop_assert_eq!(evidence.line, Some(line));
        }
        let dripped = read(&mut Drip(&log, step), &Facts::default()).unwrap();
        prop_assert_eq!(verdict, dripped);
    }
}

#[test]
fn facts_beat_the_text() {
    let log = b"go build example.com/m: /usr/local/go/pkg/tool/linux_amd64/link: signal: killed\n";
    assert_eq!(classify(log).id(), "resource.killed");
    let facts = |facts: Facts| classify_with(log, &Facts { exit_status: Some(1), ..facts });
    assert_eq!(facts(Facts { out_of_memory: true, ..Facts::default() }).id(), "resource.memory");
    assert_eq!(
        facts(Facts { memory_near_limit: true, ..Facts::default() }).id(),
        "resource.memory"
    );
    assert_eq!(facts(Facts { no_space: true, ..Facts::default() }).id(), "resource.disk-full");
    assert_eq!(facts(Facts { deadline_passed: true, ..Facts::default() }).id(), "resource.timeout");
    let succeeded = Facts { exit_status: Some(0), ..Facts::default() };
    assert_eq!(classify_with(log, &succeeded).outcome, Outcome::Success);
    let silent = classify_with(b"", &Facts { exit_status: Some(1), ..Facts::default() });
    assert_eq!(silent.outcome, Outcome::Unknown);
}

#[test]
fn followers_are_told_from_the_root() {
    let mut log = "# m\n./a.go:3:1: syntax error: unexpected }\n".to_owned();
    for line in 0..13 {
        log += &format!("./a.go:{line}:1: undefined: x{line}\n");
    }
    let verdict = classify(log.as_bytes());
    assert_eq!((verdict.id(), verdict.errors, verdict.followers), ("source.syntax", 14, 13));
}

#[test]
fn a_line_without_end_is_looked_through() {
    let mut log = vec![b'x'; 3 << 20];
    log.extend_from_slice(b" go: updates to go.mod needed");
    assert_eq!(classify(&log).id(), "module.update-needed");
}

#[test]
fn what_others_say_without_go_is_not_go_s() {
    for log in [
        "git ls-remote https://git.example.com/site.git error: exit status 128, detail: fatal: could not read \
         Username for 'https://git.example.com': terminal prompts disabled",
        "c++: internal compiler error: Killed (program cc1plus)\n\
         make[3]: *** [CMakeFiles/hello.dir/build.make:63: CMakeFiles/hello.dir/hello.cpp.o] Error 4",
        "ERROR: failed to solve: unexpected status: 403 Forbidden",
    ] {
        assert_eq!(classify(log.as_bytes()).id(), "none.other-failure", "{log}");
    }
}

#[test]
fn a_document_about_failures_is_none() {
    let document = "# Changelog\n\n## 2.1.0 / 2024-05-01\n\n\
        * [BUGFIX] Store: no panic when running out of disk space, and `exit status 2` is kept.\n\n\
        ## 2.0.0 / 2024-04-01\n\n\
        * [CHANGE] go.mod: [an old Go](https://example.com/1) says `go: errors parsing go.mod`.\n\n\
        ## 1.0.0\n\n\
        * The build failed without a C compiler: exec: \"gcc\": executable file not found in $PATH.\n";
    assert_eq!(classify(document.as_bytes()).outcome, Outcome::Success);
}

#[test]
fn what_a_person_tells_about_is_no_failure() {
    for text in [
        // A mail.
        "> > I get this when building on my machine:\n> >\n> > # example.com/m\n> > ./main.go:12:2: undefined: x\n> >\n\
         > > Which Go version do you use?\n>\n> I use 1.9 as in the README.\n\n\
         It works for me after pulling master. Thanks, closing this.\n",
        // The message of a commit.
        "commit 4f2c1d99a3\nAuthor: a <a@example.com>\n\n    The bump failed with\n\n\
         \x20       go: updates to go.mod needed; to update it:\n",
        // A page of a manual, with a title and an error near its end.
        "Fixing `exec: \"gcc\": executable file not found in $PATH` on Alpine\n\n\
         If you see this message when you build the image, the C compiler is not\n\
         installed. You have two options: install it, or switch cgo off, so that the\n\
         program is static and can be copied into an empty image.\n\n\
         \x20   exec: \"gcc\": executable file not found in $PATH\n",
        // A table.
        "| Symptom | Fix |\n|---|---|\n| `dial tcp: lookup proxy.golang.org: no such host` | set GOPROXY |\n\
         | `missing go.sum entry for module providing package` | `go mod tidy` |\n",
        // A service.
        "{\"level\":\"warn\",\"msg\":\"no plugins\",\"error\":\"exec: \\\"gcc\\\": executable file not found in $PATH\"}\n",
    ] {
        assert_eq!(classify(text.as_bytes()).outcome, Outcome::Success, "{text}");
    }
}

#[test]
fn what_somebody_wrapped_is_read() {
    let log = "> C:\\src\\m>go build\n\
        > go build example.com/hello/internal/sqlite: C:\\Go\\pkg\\tool\\windows_amd64\\cgo.exe: exit\n\
        > status 2\n";
    let verdict = classify(log.as_bytes());
    assert_eq!(verdict.id(), "cgo.compile-error");
    let evidence = &verdict.causes[0].evidence[0];
    let offset = usize::try_from(evidence.offset.unwrap()).unwrap();
    assert_eq!(evidence.line, Some(2));
    assert!(log[offset..].starts_with(&evidence.text));
    let log = "go get m: module m: Get \"https://proxy.golang.org/m/@v/v1.info\": \ndial tcp 192.0.2.1:443: i/o timeout\n";
    assert_eq!(classify(log.as_bytes()).id(), "network.timeout");
}

#[test]
fn a_log_of_powershell_is_read() {
    let text = "# m\r\n.\\main.go:5:2: undefined: x\r\n";
    let log: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let verdict = classify(&log);
    assert_eq!((verdict.id(), verdict.bytes), ("source.undefined", log.len() as u64));
    let evidence = &verdict.causes[0].evidence[0];
    assert_eq!((evidence.line, evidence.offset), (Some(2), None));
}

/// Windows PowerShell tells what a program writes as records, as wide as its window.
#[test]
fn what_powershell_wrapped_is_read() {
    let text = "go : # example.com/app/intern\r\nal/store\r\nAt C:\\app\\build.ps1:4 char:1\r\n\
        + go build ./... *> out.txt\r\n    + CategoryInfo          : \r\n   NotSpecified: (# exampl \r\n  \
        e.com/app/internal/store:S \r\n  tring) [], RemoteExceptio \r\n n\r\n \r\n\
        internal\\store\\store.go:14:\r\n2: declared and not used: \r\nrows\r\n";
    let log: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let verdict = classify(&log);
    assert_eq!(verdict.id(), "source.unused");
    assert_eq!(verdict.causes[0].evidence[0].line, Some(11));
}

/// `gh run view --log` heads each line with the names of the job and the step.
#[test]
fn names_of_steps_are_no_sentences() {
    let mut log = String::new();
    for second in 0..40 {
        let said = match second {
            30 => "# example.com/app",
            31 => "./main.go:12:2: undefined: greet",
            32 => "##[error]Process completed with exit code 1.",
            _ => "the rest of what the tools of this job have to say about their work.",
        };
        log += &format!(
            "Build the app and all of its parts\tCheck that the program can be built\t2026-03-02T10:00:{second:02}.1234567Z {said}\n"
        );
    }
    assert_eq!(classify(log.as_bytes()).id(), "source.undefined");
}

/// What a C compiler said before Go began is no reason of Go's failure.
#[test]
fn what_failed_before_go_began_is_another_s() {
    let log = "gcc -c probe.c\nprobe.c:1:10: fatal error: sys/ioctl.h: No such file or directory\n\
        checking for sys/ioctl.h... no\n$ go build ./...\n# example.com/app\n\
        ./main.go:12:2: undefined: greet\nmake: *** [Makefile:3: build] Error 1\n";
    let verdict = classify(log.as_bytes());
    assert_eq!(verdict.id(), "source.undefined");
    assert!(
        verdict.causes.iter().all(|cause| !cause.id.starts_with("cgo.")),
        "{:?}",
        verdict.causes
    );
}

#[test]
fn evidence_in_a_string_is_the_line_that_tells_it() {
    let log = r#"{"msg":"task failed","stderr":"go: downloading x v1\n# m\n./a.go:1:2: undefined: x\n","rc":1}"#;
    let verdict = classify(log.as_bytes());
    let evidence = &verdict.causes[0].evidence[0];
    let offset = usize::try_from(evidence.offset.unwrap()).unwrap();
    assert_eq!(evidence.text, "./a.go:1:2: undefined: x");
    assert!(log[offset..].starts_with(&evidence.text));
}

const LATE: &str =
    "go: x@v1: Get \"https://proxy.golang.org/x/@v/v1.mod\": net/http: TLS handshake timeout";
const WRONG: &str = "# m\n./a.go:1:2: undefined: x";

#[test]
fn what_went_well_in_the_end_is_no_failure() {
    for log in [
        // Tried again inside of a step of BuildKit, and by hand.
        format!(
            "#12 [3/5] RUN go mod download || go mod download\n#12 2.3 {LATE}\n#12 DONE 12.3s\n#13 DONE 0.1s\n"
        ),
        format!(
            "{LATE}\nmake: *** [Makefile:3: deps] Error 1\ntrying again\nSuccessfully tagged app:latest\n"
        ),
        // A test of something that builds.
        format!(
            "=== RUN   TestBuild\n{WRONG}\nFAIL\tm [build failed]\n--- PASS: TestBuild (0.1s)\nPASS\nok  \tm/b\t0.1s\n"
        ),
    ] {
        assert_eq!(classify(log.as_bytes()).outcome, Outcome::Success, "{log}");
    }
}

#[test]
fn a_step_that_went_well_explains_nothing() {
    let log = format!(
        "##[group]Run ./fetch.sh\n{LATE}\n##[endgroup]\n##[group]Run go build\n{WRONG}\n\
         ##[error]Process completed with exit code 1.\n##[group]Run ./report.sh\n##[endgroup]\n"
    );
    let verdict = classify(log.as_bytes());
    assert_eq!((verdict.id(), verdict.causes.len()), ("source.undefined", 1));
    let buildkit = format!(
        "#7 1.2 {LATE}\n#7 DONE 3.0s\n#8 0.5 # m\n#8 0.5 ./a.go:1:2: undefined: x\n\
         #8 ERROR: process \"/bin/sh -c go build\" did not complete successfully: exit code: 1\n"
    );
    assert_eq!(classify(buildkit.as_bytes()).causes.len(), 1);
}

/// Whoever wrote the script began a part with a banner.
#[test]
fn a_banner_is_no_test_that_runs() {
    for banner in
        ["=== Running the build ===", "=== Run build", "=== Name: api", "=== CONTAINER api"]
    {
        let log = format!("{banner}\n# m\n./a.go:1:2: undefined: x\nexit status 1\n");
        assert_eq!(classify(log.as_bytes()).id(), "source.undefined", "{log}");
        let log = format!(
            "{banner}\nfork/exec /tmp/go-build3319/b001/store.test: permission denied\n\
            FAIL\tm/store\t0.001s\nFAIL\n"
        );
        assert_eq!(classify(log.as_bytes()).id(), "resource.permission", "{log}");
    }
}

#[test]
fn a_test_that_quotes_a_build_is_still_a_test() {
    let log = "=== RUN   TestBuild\n    b_test.go:12: # m\n        ./a.go:1:2: undefined: x\n\
        --- FAIL: TestBuild (0.1s)\nFAIL\nFAIL\tm/b\t0.1s\n";
    assert_eq!(classify(log.as_bytes()).id(), "source.test");
}
