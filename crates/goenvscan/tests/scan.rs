//! What is found in which file, and what is not.
#![expect(clippy::unwrap_used, reason = "tests")]

use goenvscan::bypass::{Bypass, judge};
use goenvscan::{FileKind, scan};

fn found(kind: FileKind, text: &str) -> Vec<String> {
    let show = |a: goenvscan::Assignment| {
        let mark = if a.is_literal { "" } else { "?" };
        format!(
            "{}={}{mark}@{}:{}-{}",
            a.name, a.value, a.span.start.line, a.span.start.column, a.span.end.column
        )
    };
    scan(kind, text).into_iter().map(show).collect()
}

fn table(kind: FileKind, cases: &[(&str, &[&str])]) {
    for (text, wanted) in cases {
        assert_eq!(&found(kind, text), wanted, "{text}");
    }
}

#[test]
fn shell_scripts() {
    table(
        FileKind::Shell,
        &[
            ("export GOSUMDB=off\n", &["GOSUMDB=off@1:8-19"]),
            ("GOFLAGS=-mod=mod go build ./...", &["GOFLAGS=-mod=mod@1:1-17"]),
            ("GOFLAGS=\"-mod=mod -v\" go build", &["GOFLAGS=-mod=mod -v@1:1-22"]),
            ("GOFLAGS='-mod=mod'", &["GOFLAGS=-mod=mod@1:1-19"]),
            ("env -i GOPROXY=direct go build", &["GOPROXY=direct@1:8-22"]),
            ("sudo env GOSUMDB=off go build", &["GOSUMDB=off@1:10-21"]),
            ("go env -w GOPRIVATE=* GOSUMDB=off", &["GOPRIVATE=*@1:11-22", "GOSUMDB=off@1:23-34"]),
            ("export GOFLAGS=\"$GOFLAGS -mod=mod\"", &["GOFLAGS= -mod=mod?@1:8-35"]),
            ("GOSUMDB=${GOSUMDB:-off}", &["GOSUMDB=off?@1:1-24"]),
            ("GOPROXY=$PROXY", &["GOPROXY=?@1:1-15"]),
            ("GOPROXY=$(cat proxy; echo GOSUMDB=off) x", &["GOPROXY=?@1:1-39"]),
            (
                "a && GOSUMDB=off b || GOPROXY=direct c",
                &["GOSUMDB=off@1:6-17", "GOPROXY=direct@1:23-37"],
            ),
            ("if true; then GOSUMDB=off go build; fi", &["GOSUMDB=off@1:15-26"]),
            ("x \\\n  && export GOSUMDB=off", &["GOSUMDB=off@2:13-24"]),
            ("go build -mod=mod ./...", &["GOFLAGS=-mod=mod@1:10-18"]),
            ("go test -mod mod ./...", &["GOFLAGS=-mod=mod@1:9-13"]),
            ("go build -modcacherw", &["GOFLAGS=-modcacherw@1:10-21"]),
            ("echo \"GOSUMDB=off\" >> \"$GITHUB_ENV\"", &["GOSUMDB=off@1:6-19"]),
            ("echo GOSUMDB=off", &[]),
            ("echo 'set GOSUMDB=off to skip'", &[]),
            ("# GOSUMDB=off", &[]),
            ("true # GOSUMDB=off", &[]),
            ("unset GOSUMDB", &[]),
            ("cat <<EOF\nGOSUMDB=off\nEOF\nGOPROXY=direct\n", &["GOPROXY=direct@4:1-15"]),
            ("cat <<-'EOF' >x\n\tGOSUMDB=off\n\tEOF\nGOPROXY=direct", &["GOPROXY=direct@4:1-15"]),
            ("run --env GOSUMDB=off", &[]),
            ("go mod tidy -mod=mod", &[]),
            ("go install example.com/x@latest -mod=mod", &[]),
            ("FOO=GOSUMDB=off", &[]),
            ("GOSUMDB = off", &[]),
            ("s='\nGOSUMDB=off\n'", &[]),
            ("export 中文=1 GOSUMDB=off", &["GOSUMDB=off@1:13-24"]),
            ("GOSUMDB=off\r\nGOPROXY=direct\r\n", &["GOSUMDB=off@1:1-12", "GOPROXY=direct@2:1-15"]),
        ],
    );
}

#[test]
fn makefiles() {
    table(
        FileKind::Makefile,
        &[
            ("GOFLAGS := -mod=mod\n", &["GOFLAGS=-mod=mod@1:1-20"]),
            ("export GOSUMDB=off # why\n", &["GOSUMDB=off@1:8-19"]),
            ("GOPROXY ?= direct\n", &["GOPROXY=direct@1:1-18"]),
            ("GOFLAGS += $(X) -mod=mod\n", &["GOFLAGS= -mod=mod?@1:1-25"]),
            ("build: export GOSUMDB = off\n", &["GOSUMDB=off@1:15-28"]),
            ("build:\n\t@GOSUMDB=off go build\n", &["GOSUMDB=off@2:3-14"]),
            (
                "build:\n\tGOFLAGS=$(F) go build -mod=mod $$X\n",
                &["GOFLAGS=?@2:2-14", "GOFLAGS=-mod=mod@2:24-32"],
            ),
            ("build:\n\tcd x && \\\n\tGOSUMDB=off go build\n", &["GOSUMDB=off@3:2-13"]),
            ("# GOSUMDB=off\n", &[]),
            ("X = GOSUMDB=off\n", &[]),
            ("GOBIN=$(shell go env GOPATH)/bin\n", &["GOBIN=/bin?@1:1-33"]),
            ("ifeq ($(GOFLAGS),)\n", &[]),
        ],
    );
}

#[test]
fn dockerfiles() {
    table(
        FileKind::Dockerfile,
        &[
            ("FROM x\nENV GOSUMDB=off\n", &["GOSUMDB=off@2:5-16"]),
            ("FROM x\nENV GOSUMDB off\n", &["GOSUMDB=off@2:5-16"]),
            ("FROM x\nENV A=b GOFLAGS=\"-mod=mod -v\"\n", &["GOFLAGS=-mod=mod -v@2:9-30"]),
            ("FROM x\nARG GOPROXY=direct\n", &["GOPROXY=direct@2:5-19"]),
            ("FROM x\nARG GOPROXY\n", &[]),
            ("FROM x\nRUN GOSUMDB=off go build\n", &["GOSUMDB=off@2:5-16"]),
            ("FROM x\nRUN a && \\\n    GOSUMDB=off b\n", &["GOSUMDB=off@3:5-16"]),
            ("FROM x\nRUN <<EOF\nexport GOSUMDB=off\nEOF\n", &["GOSUMDB=off@3:8-19"]),
            ("FROM x\n# ENV GOSUMDB=off\n", &[]),
            ("FROM x\nRUN [\"sh\", \"-c\", \"x\"]\n", &[]),
        ],
    );
}

#[test]
fn github_workflows() {
    table(
        FileKind::GithubWorkflow,
        &[
            ("env:\n  GOSUMDB: off\n", &["GOSUMDB=off@2:3-15"]),
            ("jobs:\n  a:\n    env: {GOPROXY: direct}\n", &["GOPROXY=direct@3:11-26"]),
            (
                "jobs:\n  a:\n    steps:\n      - run: |\n          export GOSUMDB=off\n          go build -mod=mod\n",
                &["GOSUMDB=off@5:18-29", "GOFLAGS=-mod=mod@6:20-28"],
            ),
            (
                "jobs:\n  a:\n    steps:\n      - run: GOSUMDB=off go build\n",
                &["GOSUMDB=off@4:14-25"],
            ),
            (
                "jobs:\n  a:\n    steps:\n      - run: \"GOSUMDB=off go build\"\n",
                &["GOSUMDB=off@4:15-26"],
            ),
            ("env:\n  GOFLAGS: ${{ inputs.x }} -mod=mod\n", &["GOFLAGS= -mod=mod?@2:3-36"]),
            ("# env:\n#   GOSUMDB: off\nname: GOSUMDB=off\n", &[]),
        ],
    );
}

#[test]
fn gitlab_ci() {
    table(
        FileKind::GitlabCi,
        &[
            ("variables:\n  GOSUMDB: \"off\"\n", &["GOSUMDB=off@2:3-17"]),
            (
                "variables:\n  GOSUMDB:\n    value: off\n    description: x\n",
                &["GOSUMDB=off@2:3-15"],
            ),
            (
                "build:\n  script:\n    - export GOSUMDB=off\n    - go build\n",
                &["GOSUMDB=off@3:14-25"],
            ),
            ("build:\n  before_script: GOPROXY=direct go build\n", &["GOPROXY=direct@2:18-32"]),
            (".b: &b\n  variables:\n    GOSUMDB: off\nx:\n  <<: *b\n", &["GOSUMDB=off@3:5-17"]),
        ],
    );
}

#[test]
fn env_files() {
    table(
        FileKind::EnvFile,
        &[(
            "GOSUMDB=off\nexport GOPROXY=\"direct\"\n# GOFLAGS=x\n",
            &["GOSUMDB=off@1:1-12", "GOPROXY=direct@2:8-24"],
        )],
    );
}

#[test]
fn kinds_by_name_and_first_line() {
    for (path, kind) in [
        ("a/build.sh", Some(FileKind::Shell)),
        ("Makefile", Some(FileKind::Makefile)),
        ("tools/x.mk", Some(FileKind::Makefile)),
        ("Dockerfile.dev", Some(FileKind::Dockerfile)),
        ("a.Dockerfile", Some(FileKind::Dockerfile)),
        ("Dockerfile.dockerignore", None),
        (".github/workflows/ci.yml", Some(FileKind::GithubWorkflow)),
        (".gitlab-ci.yml", Some(FileKind::GitlabCi)),
        (".env.local", Some(FileKind::EnvFile)),
        ("main.go", None),
    ] {
        assert_eq!(FileKind::of_path(path), kind, "{path}");
    }
    assert_eq!(FileKind::of_first_line("#!/usr/bin/env -S bash -e"), Some(FileKind::Shell));
    assert_eq!(FileKind::of_first_line("#!/bin/sh"), Some(FileKind::Shell));
    assert_eq!(FileKind::of_first_line("#!/usr/bin/python3"), None);
}

#[test]
fn bypasses() {
    let wide = |pattern: &str| vec![Bypass::PrivateTooWide { pattern: pattern.into() }];
    let narrow = |patterns: &str| vec![Bypass::PrivateWithoutSumdb { patterns: patterns.into() }];
    for (name, value, wanted) in [
        ("GOSUMDB", "off", vec![Bypass::SumdbOff]),
        ("GOSUMDB", "sum.golang.org", vec![]),
        ("GONOSUMCHECK", "1", vec![Bypass::SumdbOff]),
        ("GONOSUMCHECK", "0", vec![]),
        ("GOPRIVATE", "*", wide("*")),
        ("GOPRIVATE", "*.com", wide("*.com")),
        ("GOPRIVATE", "github.com", wide("github.com")),
        ("GOPRIVATE", "github.com/*", wide("github.com/*")),
        ("GONOSUMDB", "*/*", wide("*/*")),
        ("GOPRIVATE", "github.com/acme/*", narrow("github.com/acme/*")),
        ("GOPRIVATE", "github.com/acme", narrow("github.com/acme")),
        ("GOPRIVATE", "git.example.com", narrow("git.example.com")),
        ("GOPRIVATE", "*.corp.example.com", narrow("*.corp.example.com")),
        ("GONOPROXY", "git.example.com", vec![]),
        ("GONOPROXY", "none", vec![]),
        ("GONOPROXY", "*", wide("*")),
        ("GOPRIVATE", "", vec![]),
        (
            "GOINSECURE",
            "git.example.com",
            vec![Bypass::Insecure { patterns: "git.example.com".into() }],
        ),
        ("GOINSECURE", "", vec![]),
        ("GOFLAGS", "-v -mod=mod", vec![Bypass::ModMod]),
        ("GOFLAGS", "--mod=mod -modcacherw", vec![Bypass::ModMod, Bypass::ModCacheRw]),
        ("GOFLAGS", "-mod=vendor -trimpath", vec![]),
        ("GOFLAGS", "-mod=readonly", vec![]),
        ("GOPROXY", "direct", vec![Bypass::ProxyDirect]),
        ("GOPROXY", "off", vec![]),
        ("GOPROXY", "https://proxy.example.com,direct", vec![]),
        ("GOPROXY", "https://a.example.com|direct", vec![Bypass::ProxyPipe]),
        ("GOPROXY", "direct|https://a.example.com", vec![Bypass::ProxyDirect, Bypass::ProxyPipe]),
    ] {
        assert_eq!(judge(name, value), wanted, "{name}={value}");
    }
    assert_eq!(judge("GOPRIVATE", "*,git.example.com").len(), 2);
}

const KINDS: [FileKind; 6] = [
    FileKind::Shell,
    FileKind::Makefile,
    FileKind::Dockerfile,
    FileKind::GithubWorkflow,
    FileKind::GitlabCi,
    FileKind::EnvFile,
];

proptest::proptest! {
    #[test]
    fn nothing_panics_and_spans_lie_inside(text in "([ \\t\\n\\r\"'`$(){}<>|&;#\\\\=:@é-]|GOSUMDB=off|export |env |go build |-mod=mod|<<EOF|EOF|RUN |ENV |run: \\||script:|\\$\\{X:-)*") {
        for kind in KINDS {
            for a in scan(kind, &text) {
                let line = text.split('\n').nth(a.span.end.line as usize - 1).unwrap();
                proptest::prop_assert!(a.span.start <= a.span.end);
                proptest::prop_assert!(a.span.end.column as usize <= line.chars().count() + 1);
            }
        }
    }
}
