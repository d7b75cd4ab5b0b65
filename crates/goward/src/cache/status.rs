//! `goward cache status`: what the caches hold.

use super::programs::{self, Program};
use super::report;
use crate::check::to_files_as;
use crate::cli::{CacheStatusArgs, Global};
use crate::console::Console;
use crate::units::human;
use gocache::{Listing, Modules, Survey, Total, Usage, usage};
use goward_build::GoSettings;
use goward_history::{BuildQuery, History};
use goward_model::{ExitStatus, Gate, Lang, Outcome};
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Modules in the table, unless `--verbose` asks for all.
const MODULES: usize = 15;
/// Builds that the hit rate is taken from.
const BUILDS: usize = 50;

/// All that is shown.
struct Status {
    dir: PathBuf,
    usage: Usage,
    strays: usize,
    /// Seconds since Go last trimmed it.
    trimmed_ago: Option<u64>,
    hits: Option<Hits>,
    module_dir: Option<PathBuf>,
    modules: Option<Survey>,
    bin: Option<PathBuf>,
    programs: Vec<Program>,
    toolchain: Option<String>,
}

/// How much of what builds needed was in the cache.
struct Hits {
    builds: usize,
    packages: u64,
    built: u64,
}

pub(super) fn run(
    args: &CacheStatusArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let dir = super::place(args.dir.as_deref())?;
    let cache = super::open(&dir)?;
    let system = OsSystem::at(".");
    let (begun, unix_time) = (system.now(), system.unix_time());
    let seconds = u64::try_from(unix_time).unwrap_or(0);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let listing = cache.list();
    let settings = GoSettings::here();
    let (module_dir, bin) = (settings.module_cache(), settings.programs());
    let toolchain = programs::current_toolchain();
    let status = Status {
        dir: cache.dir().to_owned(),
        usage: usage(&cache, &listing, now),
        strays: strays(&listing),
        trimmed_ago: cache.trimmed().map(|then| seconds.saturating_sub(then)),
        hits: super::place(None)
            .is_ok_and(|of_go| is_same(cache.dir(), &of_go))
            .then(hits)
            .flatten(),
        modules: module_dir.as_deref().and_then(|dir| Some(Modules::open(dir).ok()?.survey())),
        programs: bin.as_deref().map_or_else(Vec::new, |bin| {
            programs::of(bin, module_dir.as_deref(), toolchain.as_deref())
        }),
        module_dir,
        bin,
        toolchain,
    };
    let latency_ms = system.now().duration_since(begun).as_secs_f64() * 1e3;
    let report = report::report(status.outcomes(), Gate::Open, &status.dir, unix_time, latency_ms);
    let text = |format: Format| match format {
        Format::Json => format!("{:#}\n", status.json()),
        Format::Human => status.text(console.lang, global.verbose),
        _ => render(&report, format, &console.options(false)),
    };
    console.print(&text(global.format))?;
    Ok(to_files_as(&report, global, console, &text))
}

fn strays(listing: &Listing) -> usize {
    listing.stray_count.values().sum()
}

/// Builds use go's own cache: of another folder they tell nothing.
fn is_same(dir: &Path, of_go: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(dir) == real(of_go)
}

/// From the builds that `goward build` kept.
fn hits() -> Option<Hits> {
    let path = crate::history::path(None).ok().filter(|path| path.exists())?;
    let query = BuildQuery { limit: BUILDS, ..BuildQuery::default() };
    let rows = History::open(&path).ok()?.builds(&query).ok()?;
    let rows: Vec<_> =
        rows.iter().filter(|row| row.exit_status == Some(0) && row.packages > 0).collect();
    let sum = |of: fn(&goward_history::BuildRow) -> u64| rows.iter().map(|row| of(row)).sum();
    let hits =
        Hits { builds: rows.len(), packages: sum(|row| row.packages), built: sum(|row| row.built) };
    (hits.builds > 0).then_some(hits)
}

impl Hits {
    /// In percent.
    fn rate(&self) -> f64 {
        let found = self.packages.saturating_sub(self.built);
        found as f64 * 100.0 / self.packages.max(1) as f64
    }
}

impl Status {
    fn outcomes(&self) -> Vec<Outcome> {
        vec![
            report::of_usage(&self.usage),
            report::of_toolchains(&self.usage, self.toolchain.as_deref()),
            report::of_modules(self.module_dir.as_deref(), self.modules.as_ref()),
            report::of_programs(&self.programs),
        ]
    }

    fn json(&self) -> Value {
        let total = |it: &Total| json!({"count": it.count, "bytes": it.bytes, "oldest_use_s": it.oldest.as_secs()});
        let table = |of: &BTreeMap<String, Total>| {
            of.iter().map(|(name, it)| (name.clone(), total(it))).collect::<serde_json::Map<_, _>>()
        };
        let kinds = self.usage.kinds.iter().map(|(kind, it)| (kind.as_str().to_owned(), *it));
        json!({
            "schema": "goward.cache-status/v1",
            "build_cache": self.dir,
            "all": total(&self.usage.all),
            "entries": total(&self.usage.entries),
            "kinds": table(&kinds.collect()),
            "toolchains": table(&self.usage.versions),
            "modules": table(&self.usage.modules),
            "trim": total(&self.usage.trim),
            "trimmed_s_ago": self.trimmed_ago,
            "foreign": self.strays,
            "hit_rate": self.hits.as_ref().map(|it| json!({
                "builds": it.builds, "packages": it.packages, "built": it.built, "percent": it.rate(),
            })),
            "module_cache": self.module_dir,
            "module_cache_content": self.modules.as_ref().map(|it| json!({
                "modules": it.modules, "files": it.files, "bytes": it.bytes,
                "writable": it.writable, "writable_names": it.writable_names,
            })),
            "gobin": self.bin,
            "programs": self.programs,
            "toolchain": self.toolchain,
        })
    }

    fn text(&self, lang: Lang, all: bool) -> String {
        // Writing to a string cannot fail.
        let mut out = String::new();
        let used = &self.usage;
        let _ = writeln!(
            out,
            "{} {}: {}, {} {}, {} {}",
            lang.pick("build cache", "构建缓存"),
            self.dir.display(),
            human(used.all.bytes),
            used.all.count - used.entries.count,
            lang.pick("objects", "个对象"),
            used.entries.count,
            lang.pick("index entries", "个索引条目"),
        );
        let kinds = used.kinds.iter().map(|(kind, it)| (kind.as_str().to_owned(), *it)).collect();
        table(&mut out, lang.pick("by kind", "按种类"), &kinds, usize::MAX, lang);
        table(&mut out, lang.pick("by toolchain", "按工具链"), &used.versions, usize::MAX, lang);
        let shown = if all { usize::MAX } else { MODULES };
        table(
            &mut out,
            lang.pick("compiled packages by module", "按模块的已编译包"),
            &used.modules,
            shown,
            lang,
        );
        out += "\n";
        self.trim(&mut out, lang);
        if let Some(hits) = &self.hits {
            let _ = match lang {
                Lang::En => writeln!(
                    out,
                    "hits: {:.1} % of {} packages in the last {} builds that goward observed",
                    hits.rate(),
                    hits.packages,
                    hits.builds
                ),
                Lang::Zh => writeln!(
                    out,
                    "命中率：goward 观察的最近 {} 次构建、{} 个包中为 {:.1} %",
                    hits.builds,
                    hits.packages,
                    hits.rate()
                ),
            };
        }
        if self.strays > 0 {
            let words = lang.pick("things that go did not put there", "项并非 go 所放");
            let _ = writeln!(out, "{} {words}", self.strays);
        }
        self.toolchains(&mut out, lang);
        self.module_cache(&mut out, lang);
        self.bin(&mut out, lang);
        out
    }

    fn trim(&self, out: &mut String, lang: Lang) {
        let (trim, size) = (&self.usage.trim, human(self.usage.trim.bytes));
        let _ = match lang {
            Lang::En => writeln!(
                out,
                "trimming (what was not used for 5 days) would take {} ({size})",
                trim.count
            ),
            Lang::Zh => writeln!(out, "自动清理（5 天未使用）会删除 {} 项（{size}）", trim.count),
        };
        if let Some(ago) = self.trimmed_ago {
            let ago = age(Duration::from_secs(ago));
            let _ = writeln!(out, "{} {ago}", lang.pick("last trimmed, ago:", "距上次清理："));
        }
    }

    /// Objects of other toolchains are of use to nobody who does not switch back.
    fn toolchains(&self, out: &mut String, lang: Lang) {
        let Some(current) = &self.toolchain else { return };
        let others: Vec<&str> =
            self.usage.versions.keys().map(String::as_str).filter(|it| it != current).collect();
        if !others.is_empty() {
            let words = lang.pick("in use, beside packages of", "在用，另有以下工具链的包：");
            let _ = writeln!(out, "{current} {words} {}", others.join(", "));
            let how =
                lang.pick("clean them: goward cache clean --go", "清理：goward cache clean --go");
            let _ = writeln!(out, "  {how} {}", others[0]);
        }
    }

    fn module_cache(&self, out: &mut String, lang: Lang) {
        let (Some(dir), Some(it)) = (&self.module_dir, &self.modules) else { return };
        let _ = writeln!(
            out,
            "\n{} {}: {}, {} {}",
            lang.pick("module cache", "模块缓存"),
            dir.display(),
            human(it.bytes),
            it.modules,
            lang.pick("modules unpacked", "个已解压模块"),
        );
        if it.writable > 0 {
            let words = lang.pick(
                "of them can be written (go makes them read-only, unless -modcacherw):",
                "个可写（go 默认设为只读，除非 -modcacherw）：",
            );
            let names: Vec<&str> = it.writable_names.iter().take(5).map(String::as_str).collect();
            let _ = writeln!(out, "  {} {words} {} …", it.writable, names.join(", "));
        }
    }

    fn bin(&self, out: &mut String, lang: Lang) {
        let Some(dir) = self.bin.as_ref().filter(|_| !self.programs.is_empty()) else { return };
        let _ = writeln!(out, "\nGOBIN {}", dir.display());
        for program in &self.programs {
            let name = program.path.file_name().unwrap_or_default().to_string_lossy();
            let module = program.module.as_deref().unwrap_or("-");
            let _ = write!(out, "  {name:<20} {:<10} {module}", program.go_version);
            if program.stale_toolchain {
                *out += lang.pick("  (another toolchain)", "（其他工具链）");
            }
            if let Some(newer) = &program.newer {
                let _ = write!(out, "  ({} {newer})", lang.pick("there is", "已有"));
            }
            *out += "\n";
        }
    }
}

fn table(out: &mut String, title: &str, rows: &BTreeMap<String, Total>, shown: usize, lang: Lang) {
    if rows.is_empty() {
        return;
    }
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by_key(|(_, it)| std::cmp::Reverse(it.bytes));
    let _ = writeln!(out, "\n{title}");
    for (name, it) in rows.iter().take(shown) {
        let used = lang.pick("oldest use", "最久未用");
        let _ = writeln!(
            out,
            "  {name:<44} {:>7} {:>11}   {used} {}",
            it.count,
            human(it.bytes),
            age(it.oldest)
        );
    }
    if rows.len() > shown {
        let _ = writeln!(out, "  … {} (--verbose)", rows.len() - shown);
    }
}

/// A time for people: the largest unit that fits.
fn age(of: Duration) -> String {
    let seconds = of.as_secs();
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min", seconds / 60),
        3600..=86399 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_of_gos_own_cache() {
        let dir = tempfile::tempdir().unwrap();
        let (own, link, other) =
            (dir.path().join("own"), dir.path().join("link"), dir.path().join("x"));
        for folder in [&own, &other] {
            std::fs::create_dir(folder).unwrap();
        }
        std::os::unix::fs::symlink(&own, &link).unwrap();
        assert!(is_same(&own, &own) && is_same(&own, &link));
        assert!(!is_same(&other, &own) && !is_same(&own, &dir.path().join("absent")));
    }
}
