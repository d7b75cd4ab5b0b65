//! What a file is.

use goenvscan::FileKind;

#[test]
fn files_are_known_by_path_and_shebang() {
    use FileKind::*;
    let cases: &[(&str, &str, Option<FileKind>)] = &[
        ("build.sh", "", Some(Shell)),
        ("hack/lib.bash", "", Some(Shell)),
        ("hack/build", "#!/bin/sh", Some(Shell)),
        ("hack/build", "#!/usr/bin/env bash", Some(Shell)),
        ("hack/build", "#!/usr/bin/env -S bash -e", Some(Shell)),
        ("hack/build", "\u{feff}#! /bin/dash -e", Some(Shell)),
        ("hack/build", "#!/usr/bin/env python3", None),
        ("hack/build", "#!/usr/bin/make -f", Some(Makefile)),
        ("hack/build", "echo", None),
        ("hack/build", "#!", None),
        ("Makefile", "", Some(Makefile)),
        ("a/GNUmakefile", "", Some(Makefile)),
        ("makefile", "", Some(Makefile)),
        ("Makefile.common", "", Some(Makefile)),
        ("build/rules.mk", "", Some(Makefile)),
        ("Dockerfile", "", Some(Dockerfile)),
        ("a/Dockerfile.alpine", "", Some(Dockerfile)),
        ("a/alpine.Dockerfile", "", Some(Dockerfile)),
        ("a/Dockerfile-dev", "", Some(Dockerfile)),
        ("Containerfile", "", Some(Dockerfile)),
        ("dockerfile.go", "", None),
        ("Dockerfile.dockerignore", "", None),
        ("mydockerfile", "", None),
        (".github/workflows/ci.yml", "", Some(GithubWorkflow)),
        (".github/workflows/ci.yaml", "", Some(GithubWorkflow)),
        ("sub/.github/workflows/ci.yml", "", Some(GithubWorkflow)),
        (".github/actions/setup/action.yml", "", Some(GithubWorkflow)),
        ("action.yaml", "", Some(GithubWorkflow)),
        (".github/dependabot.yml", "", None),
        (".gitlab-ci.yml", "", Some(GitlabCi)),
        (".gitlab/ci/build.yml", "", Some(GitlabCi)),
        ("templates/go.gitlab-ci.yml", "", Some(GitlabCi)),
        ("deploy.yaml", "", None),
        ("docker-compose.yml", "", Some(Compose)),
        ("compose.override.yaml", "", Some(Compose)),
        ("home/.config/go/env", "", Some(GoEnvFile)),
        ("go/env", "", Some(GoEnvFile)),
        ("go.env", "", Some(GoEnvFile)),
        ("cargo/env", "", None),
        (".env", "", Some(DotEnv)),
        (".env.local", "", Some(DotEnv)),
        ("ci.env", "", Some(DotEnv)),
        ("main.go", "package main", None),
        ("", "", None),
    ];
    for (path, line, want) in cases {
        assert_eq!(FileKind::of(path, line), *want, "{path} {line}");
    }
}
