//! `goward cache clean`: first what would go and how much that is; with `--yes` it goes.

use super::{programs, report};
use crate::check::to_files_as;
use crate::cli::{CacheCleanArgs, Global};
use crate::console::Console;
use crate::units::human;
use anyhow::Context as _;
use gocache::{Cache, Choice, Modules, Plan, plan};
use goward_build::GoSettings;
use goward_model::{ExitStatus, Lang};
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Something that would go.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    /// `build-cache`, `module-cache`, `program`.
    pub(super) what: &'static str,
    pub(super) path: PathBuf,
    /// Objects and entries, files, or one program.
    pub(super) count: usize,
    pub(super) bytes: u64,
    /// What went; absent in a dry run.
    pub(super) deleted: Option<usize>,
    /// Its bytes.
    pub(super) freed: u64,
    /// What could not be deleted, and why.
    pub(super) failed: Vec<String>,
}

pub(super) fn run(
    args: &CacheCleanArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(".");
    let (begun, unix_time) = (system.now(), system.unix_time());
    let mut parts = vec![];
    // Before anything is deleted: what is no module cache ends it all.
    let modules = (args.modules || args.thorough).then(module_cache).transpose()?.flatten();
    if !args.modules {
        parts.push(build_cache(args)?);
    }
    parts.extend(modules.map(|modules| all_modules(&modules, args)));
    if args.thorough {
        parts.extend(programs(args));
    }
    let outcome = report::of_cleaning(&parts, args.yes);
    let gate = outcome.verdict.gate();
    let target = parts.first().map_or(Path::new("."), |part| &part.path);
    let latency_ms = system.now().duration_since(begun).as_secs_f64() * 1e3;
    let report = report::report(vec![outcome], gate, target, unix_time, latency_ms);
    let json = serde_json::to_string_pretty(&parts)? + "\n";
    let text = |format: Format| match format {
        Format::Json => json.clone(),
        Format::Human => told(&parts, args.yes, console.lang),
        _ => render(&report, format, &console.options(false)),
    };
    console.print(&text(global.format))?;
    let status = to_files_as(&report, global, console, &text);
    // What was deleted is told later, too.
    if args.yes
        && let Err(err) = crate::history::keep(&report, target, Path::new("."))
    {
        console.warn(&err);
    }
    Ok(status)
}

fn build_cache(args: &CacheCleanArgs) -> anyhow::Result<Part> {
    let dir = super::place(args.dir.as_deref())?;
    let cache = super::open(&dir)?;
    let plan = chosen(args, &cache);
    let mut part = Part {
        what: "build-cache",
        path: cache.dir().to_owned(),
        count: plan.count(),
        bytes: plan.bytes(),
        deleted: None,
        freed: 0,
        failed: vec![],
    };
    if args.yes {
        let cleaned = plan.carry_out(&cache).with_context(|| dir.display().to_string())?;
        (part.deleted, part.freed) = (Some(cleaned.deleted), cleaned.bytes);
        part.failed = cleaned.failed.iter().map(|(path, why)| format!("{path}: {why}")).collect();
        if args.tests
            && let Err(err) = expire_tests(&cache)
        {
            part.failed.push(format!("testexpire.txt: {err}"));
        }
    }
    Ok(part)
}

fn chosen(args: &CacheCleanArgs, cache: &Cache) -> Plan {
    let listing = cache.list();
    if args.corrupt {
        let verified = gocache::verify(cache, &listing, 0, &|| false);
        return plan(cache, &listing, Choice::Corrupt(&verified.problems));
    }
    if args.tests {
        return plan(cache, &listing, Choice::Tests);
    }
    if let Some(version) = &args.go {
        return plan(cache, &listing, Choice::Version(version));
    }
    if let Some(age) = args.older_than {
        let since = now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        return plan(cache, &listing, Choice::UnusedSince(since));
    }
    plan(cache, &listing, Choice::All)
}

/// What files are stamped by.
fn now() -> SystemTime {
    let seconds = OsSystem::at(".").unix_time();
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// What `go clean -testcache` writes: results from before now do not count any more, whatever they
/// look like.
fn expire_tests(cache: &Cache) -> anyhow::Result<()> {
    use std::io::Write as _;
    let nanos = now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos();
    // Renamed into place: whatever lies there is replaced, and no link is followed.
    let mut file = tempfile::NamedTempFile::new_in(cache.dir())?;
    writeln!(file, "{nanos}")?;
    file.persist(cache.dir().join("testexpire.txt"))?;
    Ok(())
}

/// The module cache, where there is something in one.
#[expect(clippy::disallowed_methods, reason = "the user's own module cache")]
fn module_cache() -> anyhow::Result<Option<Modules>> {
    let dir = GoSettings::here().module_cache().context("neither GOMODCACHE nor HOME is set")?;
    let is_empty = std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_none());
    match Modules::open(&dir) {
        Ok(modules) => Ok(Some(modules)),
        Err(_) if is_empty || !dir.exists() => Ok(None),
        Err(err) => {
            let dir = dir.display();
            anyhow::bail!("{dir} is no module cache, there is no cache/download in it: {err}");
        }
    }
}

fn all_modules(modules: &Modules, args: &CacheCleanArgs) -> Part {
    let survey = modules.survey();
    let mut part = Part {
        what: "module-cache",
        path: modules.dir().to_owned(),
        count: survey.files,
        bytes: survey.bytes,
        deleted: None,
        freed: 0,
        failed: vec![],
    };
    if args.yes {
        (part.deleted, part.freed) = (Some(survey.files), survey.bytes);
        if let Err(err) = modules.delete() {
            part.failed.push(err.to_string());
            let left = modules.survey();
            part.deleted = Some(survey.files.saturating_sub(left.files));
            part.freed = survey.bytes.saturating_sub(left.bytes);
        }
    }
    part
}

/// The Go programs in GOBIN; nothing else that lies there.
fn programs(args: &CacheCleanArgs) -> Vec<Part> {
    let dir = GoSettings::here().programs().unwrap_or_default();
    let found = programs::of(&dir, None, None).into_iter();
    let parts = found.map(|program| {
        let mut part = Part {
            what: "program",
            path: program.path,
            count: 1,
            bytes: program.bytes,
            deleted: None,
            freed: 0,
            failed: vec![],
        };
        if args.yes {
            match remove(&part.path) {
                Ok(()) => (part.deleted, part.freed) = (Some(1), part.bytes),
                Err(err) => {
                    part.deleted = Some(0);
                    part.failed.push(err.to_string());
                }
            }
        }
        part
    });
    parts.collect()
}

fn remove(path: &Path) -> std::io::Result<()> {
    std::fs::remove_file(path)
}

fn told(parts: &[Part], yes: bool, lang: Lang) -> String {
    let mut out = String::new();
    let verb = match yes {
        true => lang.pick("deleted", "已删除"),
        false => lang.pick("would delete", "将删除"),
    };
    for part in parts {
        let things = match part.what {
            "build-cache" => lang.pick("objects and entries of", "个对象与条目，位于"),
            "module-cache" => lang.pick("files of", "个文件，位于"),
            _ => lang.pick("program", "个程序"),
        };
        let count = part.deleted.unwrap_or(part.count);
        let (size, path) = (human(if yes { part.freed } else { part.bytes }), part.path.display());
        out += &format!("{verb} {count} {things} {path} ({size})\n");
        for failed in &part.failed {
            let kept = lang.pick("not deleted", "未删除");
            out += &format!("  {kept}: {failed}\n");
        }
    }
    let of = |part: &Part| if yes { part.freed } else { part.bytes };
    let total: u64 = parts.iter().map(of).sum();
    out += &match yes {
        true => format!("{} {}\n", lang.pick("freed", "释放"), human(total)),
        false => format!(
            "{} {}; {}\n",
            lang.pick("would free", "将释放"),
            human(total),
            lang.pick("this was a dry run: --yes deletes", "以上为预演：加 --yes 才删除")
        ),
    };
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_deleted_is_not_told_as_freed() {
        let part = |deleted, freed, failed: &[&str]| Part {
            what: "program",
            path: "/bin/app".into(),
            count: 1,
            bytes: 2048,
            deleted,
            freed,
            failed: failed.iter().map(|why| (*why).to_owned()).collect(),
        };
        let kept = told(&[part(Some(0), 0, &["Permission denied"])], true, Lang::En);
        assert_eq!(
            kept,
            "deleted 0 program /bin/app (0 B)\n  not deleted: Permission denied\nfreed 0 B\n"
        );
        let gone = told(&[part(Some(1), 2048, &[])], true, Lang::En);
        assert_eq!(gone, "deleted 1 program /bin/app (2.0 KiB)\nfreed 2.0 KiB\n");
        assert!(told(&[part(None, 0, &[])], false, Lang::En).contains("would free 2.0 KiB"));
    }
}
