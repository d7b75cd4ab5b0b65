//! What program it is, of which commit and version, and whether it is as its link made it.

use super::{Comparison, Roles};
use crate::Program;
use goartifact::AfterLink;

pub(super) fn compare(old: &Program, new: &Program, roles: Roles, all: &mut Comparison) {
    let why = ["one side is a plugin, the other its host", "一侧是插件,另一侧是其宿主"];
    // A host that was stripped runs; what comes to it should be what was linked.
    if roles.host_and_plugin && !is_changed(new) {
        all.skip("after-link", why[0], why[1]);
    } else {
        after_link(old, new, all);
    }
    if roles.host_and_plugin {
        all.skip("buildmode", why[0], why[1]);
        all.skip("program", why[0], why[1]);
    } else {
        all.same("buildmode", "-buildmode", old.setting("-buildmode"), new.setting("-buildmode"));
        which_program(old, new, all);
        if let (Some(left), Some(right)) = (&old.build_id, &new.build_id) {
            all.same("code", "build ID", Some(left), Some(right));
        }
    }
    commit(old, new, all);
    let (Some(left), Some(right)) = (&old.main, &new.main) else { return };
    if left.path == right.path {
        all.same("main-version", &left.path, Some(&left.version), Some(&right.version));
    }
    if let (Some(from), Some(to)) = (&left.go, &right.go) {
        all.same("go-line", "go", Some(from), Some(to));
    }
}

fn is_changed(program: &Program) -> bool {
    matches!(program.after_link, Some(AfterLink::Changed { .. }))
}

/// Only one side is not what its link made.
fn after_link(old: &Program, new: &Program, all: &mut Comparison) {
    let word = |program: &Program| match &program.after_link {
        Some(AfterLink::Intact | AfterLink::Added { .. }) => "as linked",
        Some(AfterLink::Changed { .. }) => "changed after the link",
        Some(AfterLink::Unknown { .. }) | None => "not known",
    };
    match (word(old), word(new)) {
        _ if is_changed(old) != is_changed(new) => {
            all.differs("after-link", "file", Some(word(old)), Some(word(new)));
        }
        ("as linked", "as linked") => {
            all.compared.insert("after-link");
        }
        _ if is_changed(old) => all.skip(
            "after-link",
            "both sides were changed after their link; by what, `goward inspect` says",
            "两侧在链接之后都被改动;`goward inspect` 会说明由何造成",
        ),
        _ => all.skip(
            "after-link",
            "a side does not tell: its file was not looked at, or has no build ID of the go command",
            "有一侧无法得知:未查看其文件,或没有 go 命令的构建 ID",
        ),
    }
}

/// The content of the main package, of the four parts of a build ID: the third.
fn main_package(program: &Program) -> Option<&str> {
    program.build_id.as_deref()?.split('/').nth(2).filter(|part| !part.is_empty())
}

/// Whether they are the same program.
fn which_program(old: &Program, new: &Program, all: &mut Comparison) {
    // Files that were named one by one have no import path of their own.
    let is_unnamed = |it: &str| it.starts_with("plugin/unnamed") || it == "command-line-arguments";
    let (Some(left), Some(right)) = (&old.path, &new.path) else { return };
    if !is_unnamed(left) && !is_unnamed(right) {
        all.same("program", "main package", Some(left), Some(right));
        return;
    }
    if main_package(old).is_some() && main_package(old) == main_package(new) {
        all.compared.insert("program");
        return;
    }
    let name = |it: &str| it.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    match (&old.main_file, &new.main_file) {
        (Some(from), Some(to)) if name(from) != name(to) => {
            all.differs("program", "main.main", Some(from), Some(to));
        }
        // A whole path is of one folder.
        (Some(from), Some(to)) if from == to && from.contains(['/', '\\']) && !is_trimmed(from) => {
            all.compared.insert("program");
        }
        _ => all.gap(
            "program",
            "what was built of files (go build FILE) has no import path, so whether both are the same program is not told; build packages",
            "由文件构建(go build FILE)的程序没有导入路径,无法得知两侧是否为同一程序;请按包构建",
        ),
    }
}

/// `./main.go`, `command-line-arguments/main.go`: under `-trimpath` the folder is left out.
fn is_trimmed(file: &str) -> bool {
    file.starts_with("./") || file.starts_with("command-line-arguments/")
}

/// Which commit was built, and whether more than that.
fn commit(old: &Program, new: &Program, all: &mut Comparison) {
    let revision = |it: &Program| it.setting("vcs.revision").map(str::to_owned);
    let dirty = |it: &Program| is_dirty(it);
    let one_link = old.build_id.is_some() && old.build_id == new.build_id;
    let planned = !old.built || !new.built;
    match (revision(old), revision(new)) {
        (Some(left), Some(right)) => all.same("vcs", "vcs.revision", Some(&left), Some(&right)),
        _ if planned => all.skip(
            "vcs",
            "one side is a folder of sources: its commit goes into what is built there, and is not recorded before",
            "有一侧是源码目录:提交在构建时才写入程序,此前没有记录",
        ),
        (None, None) => all.skip(
            "vcs",
            "neither side names its commit: built with -buildvcs=false, outside of a repository, or of another package than the main module's",
            "两侧均未记录提交:构建时使用了 -buildvcs=false、不在仓库中,或构建的不是主模块的包",
        ),
        (left, _) if !one_link => {
            let (side, zh) = if left.is_none() { ("A", "A") } else { ("B", "B") };
            all.gap(
                "vcs",
                format!("{side} names no commit: built with -buildvcs=false or outside of a repository"),
                format!("{zh} 未记录提交:构建时使用了 -buildvcs=false 或不在仓库中"),
            );
        }
        _ => {}
    }
    match (dirty(old), dirty(new)) {
        _ if planned => {}
        _ if one_link => {
            all.compared.insert("dirty");
        }
        (Some(false), Some(true)) => {
            all.differs("dirty", "vcs.modified", Some("false"), Some("true"));
        }
        (Some(true), Some(true)) => all.gap(
            "dirty",
            "both were built of a worktree with changes that no commit has (vcs.modified, +dirty): one commit does not mean one source",
            "两侧均由含未提交改动的工作区构建(vcs.modified、+dirty):提交相同并不意味着源码相同",
        ),
        (None, Some(true)) => all.differs("dirty", "vcs.modified", None, Some("true")),
        (_, None) => {}
        (_, Some(false)) => {
            all.compared.insert("dirty");
        }
    }
}

/// Whether it was built of a changed worktree: Go says so in its settings and, from 1.24 on, in the version of the
/// main module.
fn is_dirty(program: &Program) -> Option<bool> {
    let told = program.setting("vcs.modified").map(|value| value == "true");
    let version = program.main.as_ref().map(|main| main.version.as_str()).unwrap_or_default();
    let suffix =
        version.split_once('+').is_some_and(|(_, build)| build.split('.').any(|it| it == "dirty"));
    told.or_else(|| suffix.then_some(true))
}
