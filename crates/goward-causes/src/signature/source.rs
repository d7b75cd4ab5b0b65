//! What go list says: packages, imports, constraints, embeds.

use super::Signature;
use crate::Stage::{List, Test, Vet};

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::line(
        "import-cycle",
        "source.import-cycle",
        List,
        &["import cycle not allowed", "import cycle: ", "import cycle", "import of itself"],
        r"import cycle(?: not allowed|: |$| in|\)$)|imports? itself",
    ),
    Signature::line(
        "internal-package",
        "source.internal-package",
        List,
        &["use of internal package", "is a program, not an importable package", "use of vendored package", "must be imported as", "not an importable package", "expects import", "code in directory", "import comment", "disallowed"],
        r#"use of (?:internal|vendored) package|is a program, not an importable package|(?:is not|not) an importable package|must be imported as|expects import "|is a pseudo-package"#,
    ),
    Signature::line(
        "build-constraints",
        "source.build-constraints",
        List,
        &["build constraints exclude all go files", "no buildable go source files", "no go files in", "no non-test go files", "found packages ", "file name collision", "import collision", "package conflicts", "multiple packages", "no go source files", "found import comments", "parse import comment"],
        r"build constraints exclude all Go files|no buildable Go source files|no (?:non-test )?Go (?:source )?files in|found packages \S+ \(\S+\) and|case-insensitive (?:file name|import) collision|no Go source files|found import comments|cannot parse import comment|(?:found|contains?) multiple packages|multiple packages in",
    ),
    Signature::line(
        "embed",
        "source.embed",
        List,
        &["no matching files found", "cannot embed", "go:embed", "invalid pattern syntax"],
        r"(?i)pattern (?:all:?\s*)?\S+: (?:no matching files found|cannot embed|invalid pattern syntax)|go:embed (?:only allowed|cannot apply|requires|missing)|invalid go:embed|misplaced go:embed|cannot embed (?:file|directory|irregular)|usage: //go:embed",
    ),
    Signature::line(
        "missing-package",
        "source.missing-package",
        List,
        &["malformed module path", "is not in std", "is not in goroot", "cannot find package", "directory not found", "invalid import path", "malformed import path", "relative import paths are not supported", "cannot import absolute path", "cannot import current directory", "import path must", "package command-line-arguments", "no such file or directory", "does not exist", "disallowed import path", "local import", "non-canonical import", "invalid package directory", "cannot find the file", "is not in the", "no packages loaded", "cannot find import", "no packages to", "matched no packages", "code in directory", "no package to get", "not provided by module", "at latest version"],
        r#"package \S+ is not in (?:std|GOROOT)\b|cannot find package|can't load package: package [\w./]+: malformed module path|^(?:go: |can't load package: |\S+\.go:\d+:\d+: ).*[:\s]directory not found|(?:malformed|invalid|disallowed) import path|relative import paths? (?:are )?not supported|cannot import (?:absolute path|current directory|"")|^(?:go: )?(?:stat|no required|lstat|package) \S+: (?:no such file or directory|directory not found|file does not exist)|local import "[^"]*" in non-local|non-canonical import path|invalid package directory|no packages loaded from|^(?:go: )?(?:stat )?\S+\.go[^:]*: (?:no such file or directory|The system cannot find|.*does not exist)|^(?:go: )?pattern \S+: lstat \S+: (?:no such file or directory|The system cannot)|cannot find import|warning: "[^"]*" matched no packages\s*no packages to|^go: no packages to|cannot load \S+: (?:malformed|cannot find|open)|no Go package in|code in directory \S+ expects|no package to get in current directory|package \S+ (?:not )?provided by (?:module )?\S+(?:$| at latest version)"#,
    ),
    Signature::line(
        "godebug",
        "source.directive",
        List,
        &["//go:debug", "go:debug"],
        r"(?:invalid|repeated|unknown|misplaced) //go:debug|//go:debug (?:only|directive|setting)",
    ),
    Signature::line(
        "wrong-test-signature",
        "source.vet",
        List,
        &["wrong signature for test", "wrong signature for"],
        r"wrong signature for (?:Test|Bench|Fuzz)\w*",
    ),
    Signature::line(
        "not-a-diagnostic-vet",
        "source.vet",
        Vet,
        &["vet: "],
        r"^vet: .*(?:found|diagnostics)|vet failed",
    ),
    // Tests.
    Signature::line(
        "test-timeout",
        "source.test",
        Test,
        &["panic: test timed out", "ran too long", "tests timed out"],
        r"panic: test timed out after|\*\*\* Test killed with|Test killed: ran too long|^TIMEOUT: //",
    )
    .in_tests(),
    Signature::line(
        "test-failed",
        "source.test",
        Test,
        &["--- fail: ", "fail\t", "[fail] ", "tests failed", "--- fail", "failed!", "fail  ", "[panicked]", "ran ", "fail: ", "fail! -- ", "failed! -- ", "oops: ", "fail\\t", "✖ ", "fail ", " failures in ", " failure in "],
        r"(?:^|[\s>|:])--- FAIL: \S|^FAIL\s+[\w./@-]+\s+\(?(?:\d+(?:\.\d+)?s|cached)|^FAIL[\t ]+[\w.-]+[./][\w./@-]*$|^(?:FAIL|FAILED)!? -- \d+ Passed|^DONE (?:\d+ runs?, )?\d+ tests?, (?:\d+ skipped, )?[1-9]\d* failures?|^✖\s+[\w.@-]+/\S* \((?:[\d.]+m?s|cached)\)|^FAIL\s+[\w.@-]+/\S+ \(-?[\d.]+m?s\)|^\s*(?://\S+\s+)?FAILED in \d|^FAIL: //|^=== FAIL: |Test(?:Suite)? Failed$|^\[(?:FAIL|PANICKED)\] .*\[(?:It|Before\w+|After\w+|Just\w+|Defer\w+|Synchronized\w+|Describe\w*|Context|Entry|Measure|TOP-LEVEL)\]|^(?:FAIL|PANIC): \w+_test\.go:\d+: |^OOPS: \d+ passed",
    )
    .in_tests(),
    // What `clean` makes of an event that tells nothing but that.
    Signature::line(
        "test-event",
        "source.test",
        Test,
        &[r#""action":"fail""#],
        r#"^"Action":"fail" \S"#,
    )
    .in_tests(),
    Signature::line(
        "test-race",
        "source.test",
        Test,
        &["warning: data race", "race detected during", " data race(s)"],
        r"^WARNING: DATA RACE|^Found \d+ data race\(s\)|^\s*testing\.go:\d+: race detected during execution of test",
    )
    .in_tests(),
    Signature::line(
        "test-setup",
        "source.test",
        Test,
        &["testing: ", "exit status 2"],
        r"panic: testing: |testing: (?:race detected|warning: no tests).*fail",
    )
    .weak(),
    Signature::line(
        "test-coverage-gate",
        "none.other-failure",
        Test,
        &["coverage"],
        r"(?i)coverage .*(?:below|less than|under) .*(?:threshold|required|minimum)",
    )
    .weak(),
];
