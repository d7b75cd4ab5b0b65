//! What a file is, by its name and first line.

/// A kind of file that sets variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A shell script.
    Shell,
    /// A Makefile.
    Makefile,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A GitHub workflow or action.
    GithubWorkflow,
    /// A GitLab CI file.
    GitlabCi,
    /// `NAME=value` lines: a `.env` file, or the one that `go env -w` writes.
    EnvFile,
}

impl FileKind {
    /// By the path; `None` for what may be a script only by its first line.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        let yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
        let ends = |extensions: &[&str]| extensions.iter().any(|e| lower.ends_with(e));
        match () {
            () if ends(&[".sh", ".bash", ".zsh", ".ksh"]) => Some(Self::Shell),
            () if matches!(lower.as_str(), "makefile" | "gnumakefile") || ends(&[".mk"]) => {
                Some(Self::Makefile)
            }
            () if lower.starts_with("makefile.") => Some(Self::Makefile),
            () if ends(&[".dockerignore"]) => None,
            () if matches!(lower.as_str(), "dockerfile" | "containerfile")
                || lower.starts_with("dockerfile.")
                || lower.starts_with("containerfile.")
                || ends(&[".dockerfile"]) =>
            {
                Some(Self::Dockerfile)
            }
            () if yaml && path.contains(".github/workflows/") => Some(Self::GithubWorkflow),
            () if matches!(lower.as_str(), "action.yml" | "action.yaml") => {
                Some(Self::GithubWorkflow)
            }
            () if lower.ends_with(".gitlab-ci.yml") || (yaml && path.contains(".gitlab/")) => {
                Some(Self::GitlabCi)
            }
            () if ends(&[".env"]) || lower == ".env" || lower.starts_with(".env.") => {
                Some(Self::EnvFile)
            }
            () => None,
        }
    }

    /// By the first line: `#!/bin/sh`, `#!/usr/bin/env bash`.
    pub fn of_first_line(line: &str) -> Option<Self> {
        let command = line.strip_prefix("#!")?;
        let mut words =
            command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let mut program = words.next()?;
        if program == "env" {
            program = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
        }
        matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh").then_some(Self::Shell)
    }
}
