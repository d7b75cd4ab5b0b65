//! Whether what is built is what was reviewed.

mod advice;
pub(crate) mod build_list;
pub(crate) mod go_mod_valid;
pub(crate) mod go_sum_complete;
pub(crate) mod go_sum_contradictory;
pub(crate) mod go_sum_database;
pub(crate) mod go_sum_direct;
pub(crate) mod go_sum_stale;
pub(crate) mod go_sum_valid;
pub(crate) mod go_work_valid;
pub(crate) mod module_cache_modified;
pub(crate) mod module_look_alike;
pub(crate) mod module_new;
pub(crate) mod replace_fork;
pub(crate) mod replace_local;
pub(crate) mod replace_outside;
pub(crate) mod require_deprecated;
pub(crate) mod require_incompatible;
pub(crate) mod require_retracted;
pub(crate) mod require_untagged;
pub(crate) mod vendor_modified;
pub(crate) mod vendor_modules_txt;
pub(crate) mod vendor_uncommitted;

use buildlist::BuildList;
use goward_facts::{BuildLists, GoModFile, GoPackages, Listed};
use goward_model::{Findings, Location, Text};

/// A span of go.mod as a location.
pub(crate) fn span(span: &gomod::Span) -> Location {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let at = |place: gomod::Position| (small(place.line), small(place.column));
    Location::span("go.mod", at(span.start), at(span.end))
}

/// Why there is no build list where there is no module to list, or no module cache to read.
pub(crate) fn no_module(module: &GoModFile, findings: &mut Findings) {
    findings.not_applicable(match module.valid() {
        None => Text::new("there is no go.mod", "没有 go.mod"),
        Some(_) => Text::new("`go env` names no module cache", "`go env` 未给出模块缓存"),
    });
}

/// The modules of a build list, or why there are none. Where a part of the requirement graph is not downloaded, those
/// that the build needs at least.
pub(crate) fn listed<'l>(
    module: &GoModFile,
    lists: &'l BuildLists,
    findings: &mut Findings,
) -> Option<&'l BuildList> {
    match (&lists.build, &lists.partial) {
        (Listed::List(list), _) => return Some(list),
        (Listed::NotDownloaded(_), Some(list)) => return Some(list),
        (Listed::NotDownloaded(why), None) => findings.unknown(why.clone()),
        (Listed::NoModule, _) => no_module(module, findings),
        // `build-list` says why.
        (Listed::Refused(_), _) => {
            findings.not_applicable(Text::new("there is no build list", "没有构建列表"));
        }
    }
    None
}

/// Go builds from the vendor folder.
pub(crate) fn from_vendor() -> Text {
    Text::new(
        "Go builds from the vendor folder and reads no other go.mod",
        "Go 从 vendor 目录构建，不读取其他 go.mod",
    )
}

/// Whether a part of the requirement graph may be missing, since this build reads only what go.mod names (lazy loading),
/// or the go command itself has just loaded all packages: what the judgement then rests on.
pub(crate) fn reads_no_more(packages: &GoPackages) -> Option<Text> {
    let complete = packages.known && packages.absent.is_empty();
    match (packages.by_go, packages.needs_graph) {
        _ if !complete => None,
        // What is wrong with packages may have kept it from looking at more.
        (true, _) if !packages.faults.is_empty() => None,
        (true, _) => Some(Text::new(
            "the go command loaded all packages by go.mod and go.sum as they are",
            "go 命令按现有的 go.mod 与 go.sum 加载了所有包",
        )),
        (false, false) => Some(Text::new(
            "this build reads no more of the requirement graph than go.mod names",
            "本次构建只读取 go.mod 列出的部分依赖图",
        )),
        (false, true) => None,
    }
}

/// How a file differs from what it should be, in both languages.
fn change_words(name: &str, kind: &modcache::ChangeKind) -> (String, String) {
    use modcache::ChangeKind;
    match kind {
        ChangeKind::Modified { line: 0, .. } => {
            (format!("{name} was changed"), format!("{name} 被改动"))
        }
        ChangeKind::Modified { line, expected, found } => (
            format!("{name}:{line} is `{found}` instead of `{expected}`"),
            format!("{name}:{line} 应为 `{expected}`，实为 `{found}`"),
        ),
        ChangeKind::Missing => (format!("{name} is missing"), format!("缺少 {name}")),
        ChangeKind::Extra => {
            (format!("{name} is not from the module"), format!("{name} 不属于该模块"))
        }
        ChangeKind::Link => (format!("{name} is a link"), format!("{name} 是符号链接")),
    }
}
