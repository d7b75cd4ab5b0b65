//! `goward context`: what docker build would send, and what must not be in it.

use crate::cli::{BuildArgs, ContextArgs, ContextCommand};
use crate::console::Console;
use crate::printable::printable;
use anyhow::{Context as _, bail};
use buildcontext::{BuildContext, Filter, Matcher, Need, Options, Pattern, Severity, Share};
use goward_model::{ExitStatus, Lang};
use goward_system::{OsSystem, System as _, SystemError};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Names in the tables of `size`.
const SHOWN: usize = 15;

pub(crate) fn run(args: &ContextArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let (out, status) = match &args.command {
        ContextCommand::Ls(build) => (ls(&Build::read(build)?)?, ExitStatus::Open),
        ContextCommand::Size(build) => {
            (size(&Build::read(build)?, console.lang)?, ExitStatus::Open)
        }
        ContextCommand::Why { path, build } => {
            (why(&Build::read(build)?, path, console.lang)?, ExitStatus::Open)
        }
        ContextCommand::Leaks(build) => leaks(&Build::read(build)?, console.lang)?,
        ContextCommand::Suggest(build) => (suggest(&Build::read(build)?)?, ExitStatus::Open),
    };
    console.print(&out)?;
    Ok(status)
}

/// A folder that is sent, its `.dockerignore`, and what the Dockerfile asks for.
struct Build {
    dir: PathBuf,
    ignore: Option<(PathBuf, Vec<Pattern>)>,
    needs: Option<Vec<Need>>,
}

impl Build {
    fn read(args: &BuildArgs) -> anyhow::Result<Self> {
        let dir = args.dir.clone();
        if !dir.is_dir() {
            bail!("{} is no folder; name the one that docker build sends", dir.display());
        }
        let file = args.file.clone().unwrap_or_else(|| dir.join("Dockerfile"));
        let text = match read(&file, dockerfile::MAX_SIZE as u64)? {
            None if args.file.is_some() => bail!("{} is not there", file.display()),
            text => text,
        };
        let needs = text.map(|text| {
            let (parsed, _) = dockerfile::parse_lenient(&String::from_utf8_lossy(&text));
            buildcontext::needs(&parsed)
        });
        let mut own = file.into_os_string();
        own.push(".dockerignore");
        let mut ignore = None;
        for path in [PathBuf::from(own), dir.join(".dockerignore")] {
            if let Some(text) = read(&path, buildcontext::MAX_SIZE as u64)? {
                let patterns =
                    buildcontext::parse(&text).with_context(|| path.display().to_string())?;
                ignore = Some((path, patterns));
                break;
            }
        }
        Ok(Self { dir, ignore, needs })
    }

    /// What `.dockerignore` alone says.
    fn filter(&self) -> anyhow::Result<Filter> {
        Ok(match &self.ignore {
            None => Filter::everything(),
            Some((path, patterns)) => {
                Filter::new(Matcher::new(patterns).with_context(|| path.display().to_string())?)
            }
        })
    }

    /// What is really sent: BuildKit asks only for what the Dockerfile names.
    fn needed(&self) -> anyhow::Result<Filter> {
        let filter = self.filter()?;
        match self.needs.as_deref().and_then(buildcontext::follow_paths) {
            None => Ok(filter),
            Some(paths) => {
                let paths = buildcontext::follow_links(&self.dir, &paths)?;
                Ok(filter.needing(&paths)?)
            }
        }
    }

    fn walk(&self, options: &Options) -> anyhow::Result<BuildContext> {
        Ok(buildcontext::walk(&self.dir, &self.needed()?, options)?)
    }

    /// The file whose lines decide, for messages.
    fn ignore_name(&self) -> String {
        let path = self.ignore.as_ref().map(|(path, _)| path.display().to_string());
        path.unwrap_or_else(|| ".dockerignore".to_owned())
    }
}

/// A file's bytes; `None` where it is not there.
fn read(path: &Path, limit: u64) -> anyhow::Result<Option<Vec<u8>>> {
    match OsSystem::at(".").read(&path.display().to_string(), limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(SystemError::NotFound(_)) => Ok(None),
        Err(err) => Err(err.into()),
    }
}

fn ls(build: &Build) -> anyhow::Result<String> {
    let found = build.walk(&Options::default())?;
    let mut out = String::new();
    for entry in found.entries.iter().filter(|entry| entry.is_sent()) {
        let slash = if entry.kind == buildcontext::EntryKind::Folder { "/" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}{slash}", printable(&entry.path));
    }
    if found.truncated {
        let _ = writeln!(out, "… ({} in all)", found.summary.all.sent.files);
    }
    Ok(out)
}

fn size(build: &Build, lang: Lang) -> anyhow::Result<String> {
    let options = Options { largest: SHOWN, ..Options::summary() };
    let found = build.walk(&options)?;
    let summary = &found.summary;
    let mut out = String::new();
    let all = summary.all;
    let _ = writeln!(
        out,
        "{}",
        match lang {
            Lang::En => format!(
                "{} in {} files lie there; {} in {} files are sent",
                human(all.seen.bytes),
                all.seen.files,
                human(all.sent.bytes),
                all.sent.files
            ),
            Lang::Zh => format!(
                "目录中有 {}（{} 个文件）；发送 {}（{} 个文件）",
                human(all.seen.bytes),
                all.seen.files,
                human(all.sent.bytes),
                all.sent.files
            ),
        }
    );
    table(&mut out, lang.pick("by folder", "按目录"), &summary.by_folder, lang);
    table(&mut out, lang.pick("by kind", "按种类"), &summary.by_extension, lang);
    let _ = writeln!(out, "\n{}", lang.pick("largest that are sent", "发送的最大文件"));
    for entry in &summary.largest {
        let _ = writeln!(out, "  {:>10}  {}", human(entry.size), printable(&entry.path));
    }
    if let Some((_, patterns)) = &build.ignore {
        let _ = writeln!(out, "\n{}", lang.pick("left out by", "被排除的"));
        let mut excluded: Vec<_> = summary.excluded.iter().collect();
        excluded.sort_by_key(|(_, total)| std::cmp::Reverse(total.bytes));
        for (index, total) in excluded.into_iter().take(SHOWN) {
            let pattern = usize::try_from(*index).ok().and_then(|at| patterns.get(at));
            let Some(pattern) = pattern else { continue };
            let (name, line) = (build.ignore_name(), pattern.line);
            let _ = writeln!(out, "  {:>10}  {name}:{line}  {}", human(total.bytes), pattern.text);
        }
    }
    for problem in found.problems.iter().take(SHOWN) {
        let _ = writeln!(out, "  ! {}: {}", printable(&problem.path), problem.message);
    }
    Ok(out)
}

fn table(out: &mut String, title: &str, rows: &BTreeMap<String, Share>, lang: Lang) {
    let mut rows: Vec<(&String, &Share)> = rows.iter().collect();
    rows.sort_by_key(|(_, share)| std::cmp::Reverse((share.sent.bytes, share.seen.bytes)));
    let _ = writeln!(
        out,
        "\n{title:<24}  {:>10}  {:>10}",
        lang.pick("there", "原有"),
        lang.pick("sent", "发送")
    );
    let more = rows.len().saturating_sub(SHOWN);
    for (name, share) in rows.into_iter().take(SHOWN) {
        let name = if name.is_empty() { "." } else { name.as_str() };
        let (seen, sent) = (human(share.seen.bytes), human(share.sent.bytes));
        let _ = writeln!(out, "  {:<22}  {seen:>10}  {sent:>10}", printable(name));
    }
    if more > 0 {
        let _ = writeln!(out, "  … {more}");
    }
}

/// Bytes for people, in powers of 1000 as `docker build` prints them.
fn human(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, size) in units {
        if bytes >= size {
            return format!("{}.{:02}{unit}", bytes / size, bytes % size * 100 / size);
        }
    }
    format!("{bytes}B")
}

fn why(build: &Build, path: &str, lang: Lang) -> anyhow::Result<String> {
    let is_dir = path.ends_with('/') || build.dir.join(path).is_dir();
    let filter = build.needed()?;
    let decision = filter.decide(path, is_dir)?;
    let verdict = match (decision.ignored, decision.unneeded) {
        (true, true) => lang.pick(
            "is not sent: no COPY, ADD or mount asks for it",
            "不会发送：没有 COPY、ADD 或挂载需要它",
        ),
        (true, false) => lang.pick("is not sent", "不会发送"),
        (false, _) => lang.pick("is sent", "会发送"),
    };
    let mut out = format!("{path} {verdict}\n");
    match decision.pattern {
        Some(pattern) => {
            let _ = writeln!(out, "{}:{}: {}", build.ignore_name(), pattern.line, pattern.text);
            if decision.at != path.trim_matches('/') {
                let said = lang.pick("decided at", "决定于");
                let _ = writeln!(out, "{said} {}", decision.at);
            }
        }
        None if !decision.unneeded => {
            let _ = writeln!(out, "{}", lang.pick("no line speaks of it", "没有任何行提到它"));
        }
        None => {}
    }
    Ok(out)
}

/// The leaks, those by name alone settled by their content.
fn found_leaks(build: &Build) -> anyhow::Result<Vec<buildcontext::Leak>> {
    let found = build.walk(&Options::default())?;
    if found.truncated {
        bail!("the context has more files than can be judged; narrow it with a .dockerignore");
    }
    let mut leaks = vec![];
    for leak in buildcontext::leaks(&found.entries) {
        let path = build.dir.join(&leak.path);
        let holds = || {
            read(&path, 64 << 10)
                .ok()
                .flatten()
                .is_some_and(|c| buildcontext::holds_private_key(&c))
        };
        if !leak.wants_content || holds() {
            leaks.push(leak);
        }
    }
    Ok(leaks)
}

fn leaks(build: &Build, lang: Lang) -> anyhow::Result<(String, ExitStatus)> {
    let mut out = String::new();
    let mut status = ExitStatus::Open;
    for leak in found_leaks(build)? {
        let secret = leak.category.severity() == Severity::Secret && !leak.in_test_data;
        if secret {
            status = ExitStatus::Closed;
        }
        let word =
            if secret { lang.pick("secret", "机密") } else { lang.pick("waste", "浪费") };
        let slash = if leak.is_folder { "/" } else { "" };
        let (path, size, category) = (printable(&leak.path), human(leak.bytes), leak.category);
        let _ = writeln!(out, "{word:<6}  {size:>10}  {path}{slash}  {category:?}");
    }
    Ok((out, status))
}

fn suggest(build: &Build) -> anyhow::Result<String> {
    let leaks = found_leaks(build)?;
    let sources = build.needs.iter().flatten().flat_map(|need| &need.sources);
    let named: Vec<String> = sources.filter_map(buildcontext::Source::path).collect();
    let present =
        build.ignore.as_ref().map(|(_, patterns)| patterns.as_slice()).unwrap_or_default();
    let lines = buildcontext::suggest(&leaks, &named, present);
    Ok(lines.iter().map(|suggestion| suggestion.line.clone() + "\n").collect())
}
