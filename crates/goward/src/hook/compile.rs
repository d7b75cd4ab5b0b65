//! Compiles what a change reaches, with its tests, through the go command's overlay: into the normal build cache,
//! without linking.

use super::diagnostic::{self, Diagnostic, Listed, Places};
use super::forgotten;
use super::includes::{self, Included, Key};
use super::outcome;
use super::programs;
use super::reached::Reached;
use super::subject::Subject;
use super::words::{add, counted};
use super::workspace;
use crate::graph::go_env;
use goward_git::{Repo, TOLD};
use goward_model::{Finding, Findings, Location, Outcome, Text};
use goward_system::{Command, Ended, OsSystem, Output, System as _};
use overlay::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A package takes some hundred bytes, an error some thousand.
const KEEP: usize = 64 << 20;
/// What compiling came to.
pub(super) enum Compiled {
    /// It came to its end.
    Done(Box<Outcome>),
    /// The time was over.
    TimeIsOver,
}

/// Compiles the packages of a module.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    reached: &Reached,
    system: &OsSystem,
    left: Duration,
) -> anyhow::Result<Compiled> {
    let mut findings = Findings::default();
    let mut elapsed = Duration::ZERO;
    let begun = system.now();
    let included = includes::judge(repo, subject, reached, (system, begun + left), &mut findings)?;
    let left = left.saturating_sub(system.now().duration_since(begun));
    if included.is_cut || left.is_zero() {
        return Ok(Compiled::TimeIsOver);
    }
    if lacks_vendor(subject, reached) {
        findings.unknown(Text::new(
            "vendor is staged and not on the disk, where Go reads vendor/modules.txt: `git checkout -- vendor`, or judge the commit in CI",
            "vendor 已暂存但不在磁盘上，而 Go 从磁盘读取 vendor/modules.txt：请 `git checkout -- vendor`，或在 CI 中评判",
        ));
    } else if !included.otherwise {
        let output = system.run(&command(subject, reached, &included, (system, left))?)?;
        match output.ended {
            Ended::TimedOut => return Ok(Compiled::TimeIsOver),
            Ended::Cancelled => anyhow::bail!("interrupted"),
            Ended::Signal(_) | Ended::Code(_) => {}
        }
        let all = answer(subject, &output, reached, &mut findings);
        for one in &all {
            findings.report(finding(repo, subject, reached, one));
        }
        // The linker is never asked of what does not compile.
        let files = all.iter().filter_map(|one| one.file.as_ref());
        let files = files.map(|file| subject.original(file).unwrap_or_else(|| file.clone()));
        let broken = files.filter_map(|file| Some(file.parent()?.to_owned())).collect();
        programs::judge(repo, subject, reached, &broken, &mut findings)?;
        elapsed = output.elapsed;
    }
    let count = counted(reached.compile.len());
    findings.note(Text::new(
        format!("{} compiled, with their tests", count.en),
        format!("编译了 {}（含测试）", count.zh),
    ));
    let title = Text::new("what changed compiles, and its tests", "改动及其测试能够编译");
    let mut outcome = outcome::of("compile", title, findings);
    outcome.latency_ms = elapsed.as_secs_f64() * 1e3;
    Ok(Compiled::Done(Box::new(outcome)))
}

/// `go list -test -export` of the packages, with what is staged in place of the worktree's files.
fn command(
    subject: &Subject,
    reached: &Reached,
    included: &Included,
    (system, left): (&OsSystem, Duration),
) -> anyhow::Result<Command> {
    let mut args: Vec<String> =
        ["list", "-e", "-test", "-export", "-find=false", "-buildvcs=false"]
            .map(str::to_owned)
            .into();
    let mut overlay = Arc::clone(&subject.overlay);
    for (dir, Key { digest, package }) in &included.unseen {
        // A Go file more is among what Go caches by. Of one for C it would copy all, away from their folder
        // (`OverlayLoop` in cmd/go/internal/work/exec.go), and `#pragma once` would not know the copies again.
        let file = subject.scratch(&format!("{digest}.go"));
        write(&file, &format!("package {package}\n"))?;
        Arc::make_mut(&mut overlay).replace(dir.join(format!("goward_{digest}_key.go")), file);
    }
    if !overlay.is_empty() {
        let file = subject.scratch("overlay.json");
        write(&file, &overlay.to_json().to_string())?;
        args.push(format!("-overlay={}", file.display()));
    }
    args.extend(["-json=ImportPath,Error,DepsErrors".to_owned(), "--".to_owned()]);
    args.extend(reached.compile.iter().cloned());
    let root = reached.root.to_string_lossy();
    let mut command = Command::go(system, args).env("PWD", &root).dir(&root).limit(left).keep(KEEP);
    // Of the environment, or of the user's env file.
    let told = reached.variables.iter().find(|(name, _)| *name == "GOFLAGS");
    if let Some(flags) = told.map(|(_, flags)| flags.clone()).or_else(|| go_env("GOFLAGS")) {
        command = command.env("GOFLAGS", &compiling(&flags));
    }
    for (name, value) in reached.variables.iter().filter(|(name, _)| *name != "GOFLAGS") {
        command = command.env(name, value);
    }
    if let Some(work) = workspace::aside(subject, reached)? {
        command = command.env("GOWORK", &work.to_string_lossy());
    }
    // What go leaves when it is killed goes with our folder.
    if system.env("GOTMPDIR").is_none_or(|dir| dir.is_empty()) {
        command = command.env("GOTMPDIR", &subject.scratch("").to_string_lossy());
    }
    // A git that the go command starts must not hear what git tells its hooks.
    for name in TOLD {
        command = command.without(name);
    }
    Ok(command)
}

/// Whether Go would read a `vendor/modules.txt` that is staged, and not on the disk: it looks there, whatever the overlay
/// says.
fn lacks_vendor(subject: &Subject, reached: &Reached) -> bool {
    let work = reached.changed.tree.work().and_then(Path::parent);
    let file = work.unwrap_or(&reached.root).join("vendor/modules.txt");
    matches!(subject.overlay.find(&file), Some(Entry::File(_))) && !file.is_file()
}

/// The user's flags without those that keep packages from being compiled (`-n`), that make go list print something else
/// (`-f`, `-json`, `-m`), that compile other text than is there (`-cover` and its kin, which do not know overlays), or
/// that compile everything anew (`-a`); `-mod=mod` would write into go.mod and go.sum.
fn compiling(flags: &str) -> String {
    let is_kept = |flag: &&String| {
        let name = flag.trim_start_matches('-').split('=').next().unwrap_or_default();
        !matches!(name, "n" | "a" | "f" | "json" | "m") && !name.starts_with("cover")
    };
    let words = goward_build::split_quoted(flags);
    let kept = words.iter().flatten().filter(is_kept).map(String::as_str);
    let mut kept: Vec<&str> = kept
        .map(|flag| match flag.trim_start_matches('-') {
            "mod=mod" => "-mod=readonly",
            _ => flag,
        })
        .collect();
    // Nothing in the environment would let the env file speak.
    if kept.is_empty() {
        kept.push("-buildvcs=false");
    }
    // What Go cannot read either, it is to complain of.
    words
        .as_ref()
        .and_then(|_| goward_build::join_quoted(kept.iter().copied()))
        .unwrap_or_else(|| flags.to_owned())
}

/// What is wrong with the packages; what could not be found out goes to the findings at once.
fn answer(
    subject: &Subject,
    output: &Output,
    reached: &Reached,
    findings: &mut Findings,
) -> Vec<Diagnostic> {
    let printed = output.stdout.text();
    let listed = serde_json::Deserializer::from_str(&printed).into_iter::<Listed>();
    let (listed, broken): (Vec<_>, Vec<_>) = listed.partition(Result::is_ok);
    let listed: Vec<Listed> = listed.into_iter().flatten().collect();
    let said = output.stderr.text();
    let failed = output.ended != Ended::Code(0);
    let of = |package: &str| reached.dir_of(package);
    let is_file = |path: &Path| subject.overlay.is_file(path);
    let places = Places { dir: &reached.root, of: &of, is_file: &is_file };
    let mut all = diagnostic::all(&listed, &places);
    if failed {
        all.extend(diagnostic::lines(&said, None, &places));
    }
    // A network, a cache, a missing toolchain: not the commit's fault, and no pass either.
    let from_stderr = |one: &Diagnostic| one.file.is_none() && said.contains(&one.message);
    let foreign = |one: &Diagnostic| {
        is_of_network(&one.message)
            || is_of_system(subject, one)
            || is_of_copies(subject, one)
            || is_of_machine(&one.message)
            || (from_stderr(one) && !is_of_modules(&one.message))
    };
    let (foreign, all): (Vec<_>, Vec<_>) = all.into_iter().partition(foreign);
    let explained = !foreign.is_empty();
    for one in foreign.into_iter().take(SHOWN) {
        findings.unknown(Text::same(one.message));
    }
    let answered =
        reached.compile.iter().all(|path| listed.iter().any(|one| one.import_path == *path));
    let is_whole = !failed && broken.is_empty() && output.stdout.left_out() == 0 && answered;
    // Nothing that was said is no proof that all is well.
    if all.is_empty() && !explained && !is_whole {
        let last = said.trim().lines().next_back().unwrap_or_default();
        findings.unknown(Text::new(
            format!("`go list` did not say of every package how it compiles: {last}"),
            format!("`go list` 没有说明每个包的编译结果：{last}"),
        ));
    }
    all
}

fn finding(repo: &Repo<'_>, subject: &Subject, reached: &Reached, one: &Diagnostic) -> Finding {
    let known = one.file.clone().map(|file| (file, one.line, one.column));
    let (file, line, column) = known.unwrap_or_else(|| nearest(subject, reached, one));
    let file = subject.original(&file).unwrap_or(file);
    let shown = file.strip_prefix(&repo.top).unwrap_or(&file).to_string_lossy().into_owned();
    // The machine's own paths are of no use in a report.
    let message = one.message.replace(&format!("{}/", repo.top.display()), "");
    let is_source = |file: &Path| file.extension().is_some_and(|end| end == "go") && file.is_file();
    let help = match forgotten::declared(subject, &file, reached, &message) {
        Some(paths) => {
            let short = |path: &PathBuf| {
                path.strip_prefix(&repo.top).unwrap_or(path).to_string_lossy().into_owned()
            };
            add(&paths.iter().map(short).collect::<Vec<_>>())
        }
        None if is_source(&file) && subject.is_foreign(&repo.top, &file) => Text::new(
            "git does not have this file, and nobody else: correct it, or move it away",
            "git 中没有该文件，其他人也没有：更正它，或将其移走",
        ),
        None if !file.starts_with(&repo.top) => Text::new(
            "another module's file: take a version that compiles (`go get MODULE@VERSION`), or the Go that it is made for",
            "这是其他模块的文件：换用能编译的版本（`go get MODULE@VERSION`），或与之匹配的 Go 版本",
        ),
        None if message.contains("no matching files found") => Text::new(
            "make the files before the build, commit them, or correct the pattern",
            "在构建前生成这些文件、提交它们，或更正模式",
        ),
        None => help(&message),
    };
    Finding::at(Location::point(shown, line, column), message.clone(), Text::same(message), help)
}

/// What is to be done, by what go says.
fn help(message: &str) -> Text {
    let (en, zh) = if message.contains("checksum mismatch") {
        (
            "see who is right: `git diff HEAD -- go.sum`, `go mod verify`; a damaged module cache: `go clean -modcache`",
            "确认哪一方正确：`git diff HEAD -- go.sum`、`go mod verify`；模块缓存损坏时：`go clean -modcache`",
        )
    } else if message.contains("missing go.sum entry") || message.contains("updates to go.mod") {
        ("go mod tidy && git add go.mod go.sum", "go mod tidy && git add go.mod go.sum")
    } else if message.contains("inconsistent vendoring") {
        ("go mod vendor && git add go.mod vendor", "go mod vendor && git add go.mod vendor")
    } else {
        ("correct it and `git add` the file", "更正后 `git add` 该文件")
    };
    Text::new(en, zh)
}

/// Where to look for what go names no place: the line of go.sum, the package's first file, or go.mod.
fn nearest(subject: &Subject, reached: &Reached, one: &Diagnostic) -> (PathBuf, u32, u32) {
    if one.message.contains("checksum mismatch") {
        let file = reached.root.join("go.sum");
        let text = subject.overlay.read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let named = |line: &str| {
            let (module, sum) = line.rsplit_once(' ')?;
            let (path, version) = module.split_once(' ')?;
            let version = version.trim_end_matches("/go.mod");
            let is_named = one.message.contains(&format!("{path}@{version}"));
            (is_named && one.message.contains(sum)).then_some(())
        };
        let at = text.lines().position(|line| named(line).is_some()).unwrap_or_default();
        return (file, u32::try_from(at).unwrap_or_default() + 1, 1);
    }
    let file = one.package.as_deref().and_then(|package| reached.first_file(package));
    (file.unwrap_or_else(|| reached.root.join("go.mod")), 1, 1)
}

/// Whether the go command complains about go.mod, go.sum or vendor, without naming them.
fn is_of_modules(message: &str) -> bool {
    [
        "updates to go.mod needed",
        "missing go.sum entry",
        "inconsistent vendoring",
        "go.mod file not found",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// Whether a module could not be had from where it is.
fn is_of_network(message: &str) -> bool {
    [
        "module lookup disabled by",
        "dial tcp",
        "i/o timeout",
        "connection refused",
        "no such host",
        "TLS handshake",
        "unexpected status",
        "502 Bad Gateway",
        "503 Service Unavailable",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// Whether a header is there twice for the compiler only: where a C file of the package is staged otherwise than it lies
/// there, Go compiles copies of all of them, and `#pragma once` knows a copy for another file.
fn is_of_copies(subject: &Subject, one: &Diagnostic) -> bool {
    let twice = ["conflicting types for", "redefinition of", "redeclaration of"];
    let Some(file) = one.file.as_ref().filter(|_| twice.iter().any(|it| one.message.contains(it)))
    else {
        return false;
    };
    let file = subject.original(file).unwrap_or_else(|| file.clone());
    let text = subject.overlay.read(&file).unwrap_or_default();
    let names = file.parent().and_then(|dir| subject.overlay.names(dir)).into_iter().flatten();
    let mut copied = names.filter(|(name, entry)| {
        matches!(entry, Entry::File(_)) && !name.ends_with(".go") && gopackages::is_source(name)
    });
    String::from_utf8_lossy(&text).contains("#pragma once") && copied.next().is_some()
}

/// Whether a header of the system is not on this machine: one between angle brackets that nothing of the repository is
/// called like, nor was before.
fn is_of_system(subject: &Subject, one: &Diagnostic) -> bool {
    let named = one.message.split_once("fatal error: ").map_or(&*one.message, |(_, rest)| rest);
    let Some((name, _)) = named.split_once(": No such file or directory") else { return false };
    let Some(file) = &one.file else { return false };
    let bytes = subject.overlay.read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().nth(usize::try_from(one.line).unwrap_or_default().saturating_sub(1));
    let changes = subject.changes.iter().map(|change| &change.path);
    let mut known = subject.files.iter().chain(changes).chain(&subject.submodule_files);
    line.is_some_and(|line| line.contains(&format!("<{name}>")))
        && !known.any(|path| Path::new(path).ends_with(name))
}

/// Whether this machine lacks what the package is built with.
fn is_of_machine(message: &str) -> bool {
    // cgo and the assembler run in the package's folder: that of a commit that is not checked out may not be there.
    (message.contains(": chdir ") && message.contains("no such file or directory"))
        || message.contains("out of memory allocating")
        || (message.contains("C compiler") && message.contains("not found"))
        || message.contains("executable file not found in $PATH")
        || message.contains("was not found in the pkg-config search path")
}

/// More would help nobody.
const SHOWN: usize = 5;

#[expect(clippy::disallowed_methods, reason = "a temporary file for the go command")]
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}
