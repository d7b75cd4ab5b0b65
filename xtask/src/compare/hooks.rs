//! `goward hook` against lefthook and pre-commit, which run `go build ./... && go vet ./...` as they are usually asked to:
//! in which cases the commit is rightly blocked or let through, and what the hook costs.

use super::goward;
use anyhow::{Context as _, Result, ensure};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How often each tool judges a good commit.
const ROUNDS: usize = 7;

/// A commit: what is done before it, as a shell does it, and whether it must be blocked.
struct Case {
    name: &'static str,
    script: &'static str,
    blocked: bool,
}

/// What is committed before each case.
const WORLD: &str = r#"
mkdir -p a b e
printf 'module example.com/m\n\ngo 1.24\n' > go.mod
printf 'package a\n\nfunc A() int { return half() }\n' > a/a.go
printf 'package a\n\nfunc half() int { return 1 }\n' > a/half.go
printf 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) { A() }\n' > a/a_test.go
printf 'package b\n\nimport "example.com/m/a"\n\nvar B = a.A()\n' > b/b.go
printf 'package e\n\nimport _ "embed"\n\n//go:embed data.txt\nvar data string\n' > e/e.go
printf 'data\n' > e/data.txt
"#;

const CASES: [Case; 9] = [
    Case {
        name: "broken as staged, mended on the disk",
        script: "printf 'package a\n\nfunc A() int { return nope() }\n' > a/a.go; git add a; printf 'package a\n\nfunc A() int { return half() }\n' > a/a.go",
        blocked: true,
    },
    Case {
        name: "good as staged, broken on the disk",
        script: "printf 'package a\n\nfunc A() int { return half() + 1 }\n' > a/a.go; git add a; printf 'package a\n\nfunc A() int { return nope() }\n' > a/a.go",
        blocked: false,
    },
    Case {
        name: "deleted in the index, still on the disk",
        script: "git rm -q --cached a/half.go",
        blocked: true,
    },
    Case {
        name: "staged, and gone from the disk",
        script: "printf 'package a\n\nfunc more() int { return 2 }\n' > a/more.go; printf 'package a\n\nfunc A() int { return half() + more() }\n' > a/a.go; git add a; rm a/more.go",
        blocked: false,
    },
    Case {
        name: "an untracked file breaks the package",
        script: "printf '// x\n' >> b/b.go; git add b; printf 'package a\n\nfunc {\n' > a/junk.go",
        blocked: false,
    },
    Case {
        name: "a helper that was never added",
        script: "printf 'package a\n\nfunc A() int { return helper() }\n' > a/a.go; git add a; printf 'package a\n\nfunc helper() int { return 1 }\n' > a/helper.go",
        blocked: true,
    },
    Case {
        name: "a staged test that does not compile",
        script: "printf 'package a\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { Nope() }\n' > a/a_test.go; git add a",
        blocked: true,
    },
    Case {
        name: "go.mod broken on the disk only",
        script: "printf '// x\n' >> b/b.go; git add b; printf 'nonsense\n' >> go.mod",
        blocked: false,
    },
    Case {
        name: "an embedded file removed from the index only",
        script: "git rm -q --cached e/data.txt",
        blocked: true,
    },
];

/// A tool, and how it comes into a repository.
struct Tool {
    name: &'static str,
    install: String,
}

fn sh(dir: &Path, script: &str) -> Result<bool> {
    let status = Command::new("sh")
        .args(["-ec", script])
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.com")
        .env("GIT_COMMITTER_NAME", "a")
        .env("GIT_COMMITTER_EMAIL", "a@example.com")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(status.success())
}

/// Lefthook from npm and pre-commit from PyPI, in a folder of their own.
fn tools(folder: &Path) -> Result<Vec<Tool>> {
    let path = folder.display();
    let npm = format!("npm install --silent --no-fund --no-audit --prefix '{path}' lefthook");
    ensure!(sh(folder, &npm)?, "`{npm}` failed");
    let pip = format!(
        "python3 -m venv '{path}/venv' && '{path}/venv/bin/pip' install --quiet pre-commit"
    );
    ensure!(sh(folder, &pip)?, "`{pip}` failed");
    let usual = "go build ./... && go vet ./...";
    Ok(vec![
        Tool { name: "goward", install: format!("'{}' hook install", goward()) },
        Tool {
            name: "lefthook",
            install: format!(
                "printf 'pre-commit:\\n  commands:\\n    go:\\n      run: {usual}\\n' > lefthook.yml; \
                 git add lefthook.yml; '{path}/node_modules/.bin/lefthook' install"
            ),
        },
        Tool {
            name: "pre-commit",
            install: format!(
                "printf 'repos:\\n- repo: local\\n  hooks:\\n  - id: go\\n    name: go\\n    language: system\\n    \
                 pass_filenames: false\\n    always_run: true\\n    entry: sh -c \"{usual}\"\\n' > .pre-commit-config.yaml; \
                 git add .pre-commit-config.yaml; '{path}/venv/bin/pre-commit' install"
            ),
        },
    ])
}

/// A repository with the tool's hook, and one commit.
fn repository(tool: &Tool) -> Result<tempfile::TempDir> {
    let dir = tempfile::tempdir()?;
    ensure!(
        sh(dir.path(), &format!("git init -q .\n{WORLD}\ngit add -A"))?,
        "the world was not made"
    );
    ensure!(sh(dir.path(), &tool.install)?, "{} was not installed", tool.name);
    ensure!(sh(dir.path(), "git commit -q --no-verify -m first")?, "the first commit failed");
    Ok(dir)
}

pub(super) fn cases() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let tools = tools(folder.path()).context("npm and python3 are needed")?;
    let mut text = format!("{:<54}", "");
    for tool in &tools {
        write!(text, "{:>12}", tool.name)?;
    }
    text.push('\n');
    let mut right = vec![0; tools.len()];
    for case in &CASES {
        let wanted = if case.blocked { "blocked" } else { "passes" };
        write!(text, "{:<54}", format!("{} ({wanted})", case.name))?;
        for (index, tool) in tools.iter().enumerate() {
            let dir = repository(tool)?;
            ensure!(sh(dir.path(), case.script)?, "`{}` failed", case.name);
            let is_right = sh(dir.path(), "git commit -q -m second")? != case.blocked;
            right[index] += usize::from(is_right);
            write!(text, "{:>12}", if is_right { "right" } else { "wrong" })?;
        }
        text.push('\n');
    }
    write!(text, "{:<54}", "right")?;
    for count in right {
        write!(text, "{:>12}", format!("{count} of {}", CASES.len()))?;
    }
    text.push('\n');
    // A good commit, with everything compiled; each tool in turn.
    let dirs = tools.iter().map(repository).collect::<Result<Vec<_>>>()?;
    let mut walls = vec![vec![]; tools.len()];
    for round in 0..=ROUNDS {
        for (dir, walls) in dirs.iter().zip(&mut walls) {
            let change = format!("printf '// {round}\\n' >> b/b.go; git add b");
            ensure!(sh(dir.path(), &change)?, "the change failed");
            let started = Instant::now();
            ensure!(sh(dir.path(), "git commit -q -m good")?, "a good commit was blocked");
            walls.push(started.elapsed().as_secs_f64());
        }
    }
    write!(text, "{:<54}", "a good commit, seconds (median)")?;
    for walls in &mut walls {
        // The first fills the caches.
        walls.remove(0);
        walls.sort_by(f64::total_cmp);
        write!(text, "{:>12.2}", walls[walls.len() / 2])?;
    }
    println!("{text}");
    Ok(())
}
