//! What a file is, by its path and first line.

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A POSIX-like shell script.
    Shell,
    /// A makefile.
    Makefile,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A GitHub Actions workflow, or the `action.yml` of an action.
    GithubWorkflow,
    /// A GitLab CI file.
    GitlabCi,
    /// The file that `go env -w` writes, or a toolchain's `go.env`.
    GoEnvFile,
    /// `NAME=VALUE` lines: `.env`.
    DotEnv,
    /// A compose file.
    Compose,
}

/// `dockerfile.go` is no Dockerfile.
const NO_IMAGE: [&str; 12] = [
    ".dockerignore",
    ".md",
    ".rst",
    ".go",
    ".py",
    ".js",
    ".ts",
    ".rs",
    ".java",
    ".json",
    ".toml",
    ".html",
];

impl FileKind {
    /// The kind of the file at `path` (with slashes, relative to the repository's root), if it is one that is scanned.
    ///
    /// `first_line` is looked at only for a shebang, where the name says nothing.
    pub fn of(path: &str, first_line: &str) -> Option<Self> {
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or(&lower);
        let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        let within = |folder: &str| {
            lower.strip_prefix(folder).is_some() || lower.contains(&format!("/{folder}"))
        };
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let image = |word: &str| {
            name == word
                || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
                || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('.'))
        };
        let action = matches!(name, "action.yml" | "action.yaml");
        Some(match () {
            () if yaml
                && (within(".github/workflows/")
                    || within(".gitea/workflows/")
                    || within(".forgejo/workflows/")) =>
            {
                Self::GithubWorkflow
            }
            () if action => Self::GithubWorkflow,
            () if yaml && (name.contains(".gitlab-ci.") || within(".gitlab/")) => Self::GitlabCi,
            () if yaml && (name.starts_with("docker-compose") || name.starts_with("compose")) => {
                Self::Compose
            }
            () if yaml => return None,
            () if ends(&[
                ".sh",
                ".bash",
                ".ksh",
                ".zsh",
                ".bats",
                ".bashrc",
                ".profile",
                ".bash_profile",
                ".envrc",
            ]) =>
            {
                Self::Shell
            }
            () if matches!(name, "makefile" | "gnumakefile" | "bsdmakefile")
                || ends(&[".mk", ".mak"])
                || name.starts_with("makefile.") =>
            {
                Self::Makefile
            }
            () if (image("dockerfile") || image("containerfile")) && !ends(&NO_IMAGE) => {
                Self::Dockerfile
            }
            () if name == "go.env" || lower == "go/env" || lower.ends_with("/go/env") => {
                Self::GoEnvFile
            }
            () if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") => {
                Self::DotEnv
            }
            () => return Self::of_shebang(first_line),
        })
    }

    /// `#!/bin/sh`, `#!/usr/bin/env -S bash -e`, `#!/usr/bin/make -f`.
    fn of_shebang(first_line: &str) -> Option<Self> {
        let line = first_line.strip_prefix('\u{feff}').unwrap_or(first_line).strip_prefix("#!")?;
        let mut words = line.split_whitespace();
        let program = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
        let mut name = program(words.next()?);
        if name == "env" {
            let is_option = |word: &&str| word.starts_with('-') || word.contains('=');
            name = program(words.find(|word| !is_option(word))?);
        }
        match name.as_str() {
            "sh" | "bash" | "dash" | "ash" | "ksh" | "mksh" | "zsh" | "bats" | "busybox" => {
                Some(Self::Shell)
            }
            "make" | "gmake" => Some(Self::Makefile),
            _ => None,
        }
    }
}
