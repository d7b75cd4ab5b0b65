//! Texts that hold what tools say, and are no logs: programs, scripts, pages, descriptions.

use goward_causes::{Outcome, classify};

const DOCUMENTS: &[&str] = &[
    // A program that reads what a compiler says.
    r##"/// Matches: `./main.go:42:5: undefined: total`
fn compiler_line(line: &str) -> Option<Found> {
    let parts: Vec<&str> = line.splitn(4, ':').collect();
    if parts.len() < 4 {
        return None;
    }
    let sample = "main.go:25:10: undefined: total";
    assert_eq!(place(sample), (25, 10));
    Some(Found { file: parts[0].to_owned() })
}
"##,
    // A table of a test.
    r##"	{
		name: "compiler",
		log:  "# example.com/app\n./main.go:5:2: undefined: total\nmake: *** [build] Error 1\nexit status 2",
		want: "source.undefined",
	},
	{
		name: "module",
		log:  "main.go:3:8: no required module provides package example.com/lib; to add it:",
		want: "module.missing-requirement",
	},
"##,
    // A script that looks for errors.
    r##"set -eu
missing=$(go build ./... 2>&1 | grep "no required module provides package" || true)
cycles=$(go build ./... 2>&1 | grep "import cycle not allowed" || true)
if [ -n "$missing" ]; then
    echo "some packages are missing:"
    echo "$missing"
fi
for one in $cycles; do
    echo "a cycle: $one"
done
"##,
    // A page with names to be put in.
    r##"missing go.sum entry for module providing package <package_name>; to add it, run: go mod download <package_name>
#go#modules#go.sum

When it happens

missing go.sum entry for module providing package <package_name>; to add it, run: go mod download <package_name>
"##,
    // A record of a collection of errors.
    r##"{
  "id": "go/missing-go-sum-entry",
  "signature": "go: missing go.sum entry for module providing package X; to add: go mod tidy",
  "pattern": "missing go\\.sum entry for module providing package",
  "domain": "go",
  "versions": [
    "go1.21",
    "go1.22"
  ]
}
"##,
    // A paragraph that quotes.
    r##"The release job built the pages and never moved them: they are written to web/dist, while the program embeds cmd/web/dist, which is ignored. The build stopped on "pattern all:dist: no matching files found" and the release had no program at all. The image had always done this copy, and no job had ever tried the other way.
"##,
    // The description of a change.
    r##"## Why

The proxy now and then drops a module in the middle of a download, which takes the
whole image with it. Two examples of one branch, on modules that have nothing to do
with each other:

    go: example.com/lib@v0.18.0: read
      "https://proxy.golang.org/example.com/lib/@v/v0.18.0.zip":
      stream error: stream ID 4339; INTERNAL_ERROR; received from peer

These are purely transient: the same modules were there in every other job of the
same run, so they cost a whole run and tell us nothing.

## How

It tries again at most five times, and it waits a little before that.
"##,
    // Notes of who writes the tests first.
    r##"The first run is red, because nothing is written yet:

```
queue/queue_test.go:50:14: undefined: decode
queue/queue_test.go:59:14: undefined: Parse
FAIL	example.com/app/queue [build failed]
FAIL
```

GREEN: a decoder with bounds for each field.
"##,
    // A lesson, cut out of a page inside of a block.
    r##"./bank_test.go:32:9: account.Pay undefined (type Account has no field or method Pay)
FAIL	example.com/bank [build failed]
```

Now give the account its method:

```go
func (a *Account) Pay(amount float64) error {
```
"##,
    // A comment says what a compiler would.
    r##"Go will not compile a variable that is never used.

```go
for i, v := range values {
    fmt.Println(v)
}
// Go build failed: declared and not used: i
```
"##,
    // A function of a shell that looks for causes.
    r##"go_env+=("GOFLAGS=$flags")

is_of_environment() {
  pattern='missing go.sum entry|cannot find module providing package|permission denied|no space left on device'
  if have rg; then
    rg -qi "$pattern" "$output"
  else
    grep -Eqi "$pattern" "$output"
  fi
}
"##,
    // A table of what was run.
    r##"| `go test -race ./event/...` | `event` **4.93 s** |
| `make unit` | 0 FAIL (a passing `cache [build failed]` was **of this round**, see below) |
"##,
    // A function of a script that has words of its own.
    r##"function Fail($msg) { Write-Host "`n[BUILD FAILED] $msg" -ForegroundColor Red; exit 1 }
function Step($msg) { Write-Host "`n=== $msg ===" -ForegroundColor Cyan }
function Write-Plain([string]$Path, [string]$Content) {
  [System.IO.File]::WriteAllText($Path, $Content, $plain);
}
"##,
    // A literal of several lines in a test, in Swift.
    r##"    @Test func unusedNames() {
        let output = """
        # app
        ./main.go:4:2: "os" imported and not used
        """
        #expect(names(in: output) == ["os"])
        let text = "package main"
        #expect(removing(["os"], from: text) == "package main")
    }
"##,
    // A chat whose times have no brackets.
    "10:02 wei: the release branch is red again, does anyone know why?\n\
     10:03 ana: I think it is \"go: example.com/lib@v1.2.3: missing go.sum entry\"\n\
     10:05 ana: it was not in the commit and now it is, so it should be green\n",
    // A guest who leaves two spaces between sentences, and speaks to somebody.
    r##"Has anyone solved "x86_64-w64-mingw32-gcc: error: unrecognized command line option"?  @ann the answer of yours did not work for me.  It builds in the container but that is very slow.  I would like to do without.
"##,
];

#[test]
fn what_a_document_holds_nobody_said() {
    for text in DOCUMENTS {
        assert_eq!(classify(text.as_bytes()).outcome, Outcome::Success, "{text}");
    }
}

/// A test in Python, whose strings hold whole logs, and a file of Go whose comment shows one.
#[test]
fn what_a_string_or_a_comment_holds_nobody_said() {
    let file = r##"package main

import "example.com/app/a"

/*
package example.com/app
	imports example.com/app/a
	imports example.com/app/b
	imports example.com/app/a: import cycle not allowed
*/
func main() {
	a.Get(13)
}
"##;
    assert_eq!(classify(file.as_bytes()).outcome, Outcome::Success);
    let text = r##"def test_a_package_that_stops_building(tmp_path):
    root, base = make_repository(tmp_path)
    outputs = iter([
        "RC=1\n# example.com/p\np/parse.go:3:1: syntax error: unexpected {\nFAIL\texample.com/p [build failed]\n",
        "RC=0\nok  \texample.com/p\t0.01s\n",
    ])
    commands = []

    def fake(command):
        commands.append(command)
"##;
    assert_eq!(classify(text.as_bytes()).outcome, Outcome::Success);
}

/// A runner of GitHub shows the script of a step, and the error comes below.
#[test]
fn a_script_that_is_shown_hides_no_error() {
    let shown = "##[group]Run missing=$(go build ./... 2>&1 | grep \"no required module provides package\" || true)\n\
        missing=$(go build ./... 2>&1 | grep \"no required module provides package\" || true)\n\
        if [ -n \"$missing\" ]; then\n  echo \"$missing\"\n  exit 1\nfi\ngo test ./...\n##[endgroup]\n";
    let log = format!(
        "{shown}# m\n./a.go:1:2: undefined: x\n##[error]Process completed with exit code 1.\n"
    );
    let verdict = classify(log.as_bytes());
    assert_eq!((verdict.id(), verdict.causes.len()), ("source.undefined", 1));
}

/// What a program prints of its own source is not what it says.
#[test]
fn an_error_beside_a_program_is_an_error() {
    for text in DOCUMENTS {
        let log = format!(
            "$ cat text\n{text}\n$ go build ./...\n# m\n./a.go:1:2: undefined: x\nmake: *** [build] Error 1\n"
        );
        assert_eq!(classify(log.as_bytes()).id(), "source.undefined", "{log}");
    }
}

/// A pasted report has the error in its blocks, too: who asks wants to know, and a bot met it.
#[test]
fn an_error_that_was_met_is_an_error() {
    for text in [
        "My build stops here:\n```\n# m\n./a.go:1:2: undefined: x\n```\nWhat did I do?\n",
        "My build stops here:\n```\n# m\n./a.go:1:2: undefined: x\n```\n",
        "##### File name: go.sum\n\n```\nCommand failed: go get ./...\n# m\n./a.go:1:2: undefined: x\n```\n\nOnce a week.\n",
    ] {
        assert_eq!(classify(text.as_bytes()).id(), "source.undefined", "{text}");
    }
}

/// What is like an error of Go's, and is another's.
#[test]
fn others_fail_alike() {
    for text in [
        "ERROR: failed to calculate checksum of ref: \"/web/index.config.js\": not found\n",
        "src/list.c:17:5: error: unknown type name 'ssize_t'\nmake: *** [Makefile:12: list] Error 1\n",
        "g++-5: internal compiler error: Killed (program cc1plus)\nmake[2]: *** [a.o] Error 4\n",
        "dh_auto_build: error: make -j4 returned exit code 2\n",
        "./foo.cc:4:39: error: foo.h: No such file or directory\n",
        "ld.lld-15: error: undefined symbol: lld::elf::demangle(llvm::StringRef)\n>>> referenced by a.o\n",
        "Clock.obj : error LNK2001: unresolved external symbol \"public: void run(void)\"\n",
        "src/fuzz/crc.c:54:37: error: use of undeclared identifier 'O_BINARY'\n1 error generated.\n",
        "kernel: Out of memory: Killed process 4121 (java) total-vm:9121212kB, anon-rss:4012312kB\n\
         systemd[1]: ci.service: A process of this unit has been killed by the OOM killer.\n\
         systemd[1]: ci.service: Failed with result 'oom-kill'.\n",
        "+ go generate ./...\n+ git diff --exit-code\ndiff --git a/mock/store.go b/mock/store.go\n\
         --- a/mock/store.go\n+++ b/mock/store.go\n@@ -1,2 +1,2 @@\n-\tcalls int\n+\tcount int\n\
         make: *** [Makefile:60: verify] Error 1\n",
        "In scripts/build.sh line 14:\ngo build -o $OUT ./cmd/app\n            ^--^ SC2086 (info): Double quote.\n\
         For more information:\n  https://www.shellcheck.net/wiki/SC2086\n##[error]Process completed with exit code 1.\n",
        "> vitest run\n FAIL  src/price.test.ts > rounds up\nError: expected 3\n1 failed, 10 passed\nnpm ERR! code 1\n",
        "[ OK ] reads\n[FAIL] writes: value differs\n1 failed, 10 passed\nmake: *** [Makefile:4: check] Error 1\n",
        "[ 97%] Linking CXX executable viewer\n/usr/bin/ld: final link failed: No space left on device\n\
         collect2: error: ld returned 1 exit status\nmake[2]: *** [src/build.make:401: src/viewer] Error 1\n",
        "$ npm run build\n> vite build\nError: The operation was canceled.\n",
        "$ go build -o bin/api ./cmd/api && ./bin/api check\nconfig: open api.yaml: no such file or directory\n\
         make: *** [Makefile:9: check] Error 1\n",
    ] {
        assert_eq!(classify(text.as_bytes()).outcome, Outcome::OtherFailure, "{text}");
    }
}

/// A literal of several lines in CUE, and the log of a module proxy.
#[test]
fn a_chat_a_letter_a_service_and_c_are_no_failed_build() {
    for text in [
        r##"[10:02] ann: the nightly is red again
[10:03] bob: go: example.com/lib@v1.2.3: reading https://proxy.example.com/lib: 502 Bad Gateway
[10:04] bob: proxy was down
[10:05] ann: green now
"##,
        r##"{"level":"info","ts":"2024-05-01T12:00:00Z","msg":"POST /v1/builds 202"}
{"level":"error","ts":"2024-05-01T12:00:09Z","msg":"build of a tenant failed","error":"exit status 1: # tenant/app\n./main.go:12:2: undefined: greet\n"}
{"level":"info","ts":"2024-05-01T12:00:10Z","msg":"GET /healthz 200"}
"##,
        r##"gcc -O2 -Wall -c -o crypto.o crypto.c
crypto.c:4:10: fatal error: openssl/evp.h: No such file or directory
    4 | #include <openssl/evp.h>
      |          ^~~~~~~~~~~~~~~
compilation terminated.
make: *** [Makefile:12: crypto.o] Error 1
"##,
        "From: ann@example.com\nTo: platform@example.com\nSubject: Re: nightly build\n\n\
         > make: *** [Makefile:3: build] Error 1\n> ./main.go:3:4: undefined: x\n\nFixed, thank you.\n",
        "2024-05-01T12:00:00Z WRN no answer error=\"Get \\\"https://proxy.golang.org/x/@v/list\\\": context deadline exceeded\"\n\
         2024-05-01T12:00:01Z INF request path=/healthz status=200\n",
        "go: downloading example.com/lib v1.0.0\n$ gcc -c t.c\n\
         t.c:1:25: error: 'x' undeclared (first use in this function)\nERROR: Job failed: exit code 1\n",
    ] {
        let verdict = classify(text.as_bytes());
        assert!(verdict.id().starts_with("none."), "{}: {text}", verdict.id());
    }
    // One alone, and two that speak of a build, are a build's.
    let record = r##"{"level":"error","msg":"build failed","output":"# example.com/app\n./main.go:5:2: undefined: greet\n"}"##;
    assert_eq!(classify(record.as_bytes()).id(), "source.undefined");
}

#[test]
fn what_is_told_of_others_is_no_failed_build() {
    for text in [
        r##"	cmd:      "cue export"
	exitCode: 1
	output: """
		import failed: cannot find package "example.com/a/b": cannot find module providing package example.com/a/b:
		    ./main.cue:3:8
		"""
	doc: ""
"##,
        "2026/04/02 09:11:00 INFO: request path=/a/b/@v/v1.0.9.info status=404\n\
         2026/04/02 09:11:00 ERROR: handler: a/b@v1.0.9: unknown revision v1.0.9 kind=NotFound module=a/b\n",
    ] {
        assert!(classify(text.as_bytes()).id().starts_with("none."), "{text}");
    }
}

/// A test that fails prints what it was given.
#[test]
fn an_archive_in_a_log_hides_no_failure() {
    let archive = "-- go.mod --\nmodule m\n-- a.go --\npackage m\n";
    let script = format!(
        "! go build ./...\nstderr 'a.go:1:2: undefined: x'\n./a.go:1:2: undefined: x\n{archive}"
    );
    assert_eq!(classify(script.as_bytes()).outcome, Outcome::Success);
    let log =
        format!("{archive}--- FAIL: TestScript (0.1s)\n    x_test.go:3: no\nFAIL\nFAIL\tm\t0.1s\n");
    assert_eq!(classify(log.as_bytes()).id(), "source.test");
}

/// An excerpt of a program leaves out where its literal ends.
#[test]
fn a_literal_without_end_hides_no_error() {
    let log = "tests/test_store.py:14: AssertionError\n    def test_store():\n        query = \"\"\"\n\
        go build ./...\n# m\n./a.go:1:2: undefined: x\nmake: *** [build] Error 1\n";
    assert_eq!(classify(log.as_bytes()).id(), "source.undefined");
}

/// The kernel kills for memory what builds, too.
#[test]
fn a_tool_that_the_kernel_kills_is_a_failure() {
    for name in ["compile", "link", "cc1plus", "ld.lld", "x86_64-linux-gnu-gcc"] {
        let text =
            format!("kernel: Out of memory: Killed process 4121 ({name}) total-vm:9121212kB\n");
        assert_eq!(classify(text.as_bytes()).id(), "resource.memory", "{text}");
    }
}

/// A program has words of all kinds in it.
#[test]
fn a_program_is_no_log() {
    let mut program = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0];
    program.extend([0_u8, 17, 3, b'H'].repeat(2_000));
    program.extend(b"\n# m\n./a.go:1:2: undefined: x\nsignal: killed\nexit status 1\n");
    assert_eq!(classify(&program).id(), "unknown");
    // What go prints of a damaged file is in a log.
    let mut log = b"# m\n/usr/local/go/src/internal/abi/abi.go:8:2: could not import x (not a go object file: ".to_vec();
    log.extend([0_u8; 300]);
    log.extend(b")\n./a.go:1:2: undefined: x\n");
    assert_ne!(classify(&log).id(), "unknown");
    // A log that was cut while it was written to.
    let cut = [&[0_u8; 5_000][..], b"# m\n./a.go:1:2: undefined: x\n"].concat();
    assert_eq!(classify(&cut).id(), "source.undefined");
}

/// Who asks the shell how the last command ended is told.
#[test]
fn what_went_well_at_last_went_well() {
    let text = "$ go mod download || go mod download\n\
        go: example.com/x@v1.0.0: Get \"https://example.com/x?go-get=1\": net/http: TLS handshake timeout\n\
        $ go build ./...\n$ echo $?\n0\n";
    assert_eq!(classify(text.as_bytes()).outcome, Outcome::Success);
}
