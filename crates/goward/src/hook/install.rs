//! Lets git run goward, and takes it away again. A hook that is there is kept and runs first.
#![expect(clippy::disallowed_methods, reason = "hooks are files of the user's repository")]

use super::record;
use crate::console::Console;
use anyhow::{Context as _, bail};
use goward_config::Record;
use goward_git::Repo;
use goward_model::{ExitStatus, Lang};
use goward_system::OsSystem;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The line by which our hooks are known.
const MARK: &str = "# goward hook, written by `goward hook install`";

/// The hooks, and what goward is asked in each.
const PRE_COMMIT: (&str, &str) = ("pre-commit", "hook run");
/// A merge without conflicts asks this one instead (git 2.24).
const PRE_MERGE_COMMIT: (&str, &str) = ("pre-merge-commit", "hook run");
const PRE_PUSH: (&str, &str) = ("pre-push", "hook run --push --remote \"$1\"");
const COMMIT_MSG: (&str, &str) = ("commit-msg", "hook record \"$1\"");
const POST_COMMIT: (&str, &str) = ("post-commit", "hook record");

/// What git said, as git said it: where nothing is to be pushed, nothing.
const FEED: &str = "{ [ -z \"$refs\" ] || printf '%s\\n' \"$refs\"; }";
/// How our hooks end.
const END: &str =
    "  echo 'goward is not installed: install it, or run git with --no-verify' >&2\n  exit 1\nfi\n";

fn script(name: &str, args: &str, program: &Path) -> String {
    let program = program.to_string_lossy().replace('\'', "'\\''");
    // A pre-push hook's standard input is read twice: by the one that was there, and by goward.
    let chain = match name {
        "pre-push" => format!(
            "refs=$(cat)\nif [ -x \"$here/{name}.before-goward\" ]; then\n  \
             {FEED} | \"$here/{name}.before-goward\" \"$@\" || exit $?\nfi\n"
        ),
        _ => format!(
            "if [ -x \"$here/{name}.before-goward\" ]; then\n  \"$here/{name}.before-goward\" \"$@\" || exit $?\nfi\n"
        ),
    };
    let feed = if name == "pre-push" { format!("{FEED} | ") } else { "exec ".to_owned() };
    format!(
        "#!/bin/sh\n{MARK}\n# `goward hook uninstall` removes it.\nhere=$(dirname \"$0\")\n{chain}\
         if command -v goward >/dev/null 2>&1; then\n  {feed}goward {args}\n\
         elif [ -x '{program}' ]; then\n  {feed}'{program}' {args}\n\
         else\n{END}"
    )
}

pub(super) fn install(dir: &Path, push: bool, console: &Console) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(dir);
    let repo = Repo::find(&system)?;
    let program = std::env::current_exe()?;
    if repo.hooks.exists() && !repo.hooks.is_dir() {
        bail!(
            "{} is no folder, so git runs no hooks here: see `git config --show-origin core.hooksPath`",
            repo.hooks.display()
        );
    }
    fs::create_dir_all(&repo.hooks).with_context(|| format!("{}", repo.hooks.display()))?;
    let mut text = String::new();
    let recorder = match record::wanted(&repo)? {
        Record::Local => None,
        Record::Trailer => Some(COMMIT_MSG),
        Record::Note => Some(POST_COMMIT),
    };
    let hooks = [Some(PRE_COMMIT), Some(PRE_MERGE_COMMIT), push.then_some(PRE_PUSH), recorder];
    for (name, args) in hooks.into_iter().flatten() {
        let file = overlay::cleaned(&repo.hooks.join(name));
        let is_tracked = repo.tracks_file(&file)?;
        let kept = keep(&file, name)?;
        write(&file, &script(name, args, &program))?;
        text += &match (console.lang, &kept) {
            (Lang::En, None) => format!("{} is installed\n", file.display()),
            (Lang::Zh, None) => format!("已安装 {}\n", file.display()),
            // Git runs none that is not executable, and neither do we.
            (Lang::En, Some(old)) if !is_executable(old) => {
                format!("{} is installed; {} is not executable\n", file.display(), old.display())
            }
            (Lang::Zh, Some(old)) if !is_executable(old) => {
                format!("已安装 {}；{} 不可执行\n", file.display(), old.display())
            }
            (Lang::En, Some(old)) => {
                format!(
                    "{} is installed; {} was there and runs first\n",
                    file.display(),
                    old.display()
                )
            }
            (Lang::Zh, Some(old)) => {
                format!("已安装 {}；原有的钩子保留为 {}，会先运行\n", file.display(), old.display())
            }
        };
        if is_tracked {
            text += &tracked(&file, console.lang);
        }
    }
    console.print(&text)?;
    Ok(ExitStatus::Open)
}

/// A hook that everybody has (`core.hooksPath` in the repository): then this is a change for them all.
fn tracked(file: &Path, lang: Lang) -> String {
    let file = file.display();
    match lang {
        Lang::En => format!(
            "  {file} is in git: commit it with the .before-goward file beside it, and goward is asked on every machine; or put `exec goward hook run` into the hook that was there, after `goward hook uninstall`\n"
        ),
        Lang::Zh => format!(
            "  {file} 由 git 管理：若连同旁边的 .before-goward 文件一起提交，则每台机器都会运行 goward；否则请先 `goward hook uninstall`，再在原有钩子中写入 `exec goward hook run`\n"
        ),
    }
}

/// Moves a hook of somebody else aside.
fn keep(file: &Path, name: &str) -> anyhow::Result<Option<PathBuf>> {
    let old = file.with_file_name(format!("{name}.before-goward"));
    if file.symlink_metadata().is_err() || is_ours(file) {
        return Ok(old.exists().then_some(old));
    }
    if old.symlink_metadata().is_ok() {
        bail!(
            "{}: not ours, and {} is there as well; remove one of them",
            file.display(),
            old.display()
        );
    }
    fs::rename(file, &old).with_context(|| format!("moving {}", file.display()))?;
    Ok(Some(old))
}

pub(super) fn uninstall(dir: &Path, console: &Console) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(dir);
    let repo = Repo::find(&system)?;
    let mut text = String::new();
    for (name, _) in [PRE_COMMIT, PRE_MERGE_COMMIT, PRE_PUSH, COMMIT_MSG, POST_COMMIT] {
        let file = repo.hooks.join(name);
        if !is_ours(&file) {
            continue;
        }
        let text_of = fs::read_to_string(&file).unwrap_or_default();
        if text_of.rsplit_once(END).is_some_and(|(_, more)| !more.trim().is_empty()) {
            bail!(
                "{}: somebody added lines behind goward's; take them out, or delete the file",
                file.display()
            );
        }
        let old = repo.hooks.join(format!("{name}.before-goward"));
        match old.symlink_metadata() {
            Ok(_) => fs::rename(&old, &file),
            Err(_) => fs::remove_file(&file),
        }
        .with_context(|| format!("{}", file.display()))?;
        text += &match console.lang {
            Lang::En => format!("{} is as it was\n", file.display()),
            Lang::Zh => format!("{} 已恢复原状\n", file.display()),
        };
    }
    if text.is_empty() {
        text = match console.lang {
            Lang::En => format!("no hook of goward in {}\n", repo.hooks.display()),
            Lang::Zh => format!("{} 中没有 goward 的钩子\n", repo.hooks.display()),
        };
    }
    console.print(&text)?;
    Ok(ExitStatus::Open)
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

fn is_ours(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| line == MARK))
}

/// Writes beside the file and renames: git never runs half a hook.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".goward-").tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        temporary.as_file().set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    temporary.persist(file).with_context(|| format!("writing {}", file.display()))?;
    Ok(())
}
