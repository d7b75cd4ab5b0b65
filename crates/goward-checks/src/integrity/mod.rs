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

use goward_facts::GoModFile;
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
