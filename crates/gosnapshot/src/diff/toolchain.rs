//! Which Go built them: its version, and what it is behind its words.

use super::{Comparison, Roles, why};
use crate::{Program, Snapshot};
use gomod::go_version;
use std::cmp::Ordering;

pub(super) fn compare(
    a: &Snapshot,
    b: &Snapshot,
    old: &Program,
    new: &Program,
    roles: Roles,
    all: &mut Comparison,
) {
    let (left, right) = (words(&old.go_version), words(&new.go_version));
    let shown = (Some(old.go_version.as_str()), Some(new.go_version.as_str()));
    all.compared.extend(["go-minor", "go-patch", "go-older", "go-devel"]);
    if roles.plugins {
        all.compared.insert("plugin-go-version");
    }
    let versions = (go_version::of_toolchain(left), go_version::of_toolchain(right));
    let (Some(from), Some(to)) = versions else {
        // `devel go1.27-0a1b2c3 …`: a commit, not a version.
        if left != right {
            all.differs("go-devel", "go", shown.0, shown.1);
        } else if left.is_empty() {
            all.gap("go-minor", "neither side says its version of Go", "两侧均未说明 Go 版本");
        } else {
            identity(a, b, all);
        }
        return;
    };
    let minor = if roles.plugins { "plugin-go-version" } else { "go-minor" };
    if go_version::lang(from) != go_version::lang(to) {
        all.differs(minor, "go", shown.0, shown.1);
    } else if from != to {
        all.differs("go-patch", "go", shown.0, shown.1);
    } else if left != right {
        // `go1.24.11` and `go1.24.11-bank1`
        all.differs("toolchain-identity", "go", shown.0, shown.1);
    } else {
        identity(a, b, all);
    }
    if go_version::compare(to, from) == Ordering::Less {
        all.differs("go-older", "go", shown.0, shown.1);
    }
}

/// A toolchain's version without the experiments, which are a setting: `go1.24.11 X:nodwarf5`, and since Go 1.26
/// `go1.26.8-X:nodwarf5`.
pub fn words(version: &str) -> &str {
    let end = version.find(" X:").or_else(|| version.find("-X:")).unwrap_or(version.len());
    version.get(..end).unwrap_or_default().trim()
}

/// The same words: is it the same toolchain?
fn identity(a: &Snapshot, b: &Snapshot, all: &mut Comparison) {
    const RULE: &str = "toolchain-identity";
    let (Some(old), Some(new)) = (&a.toolchain, &b.toolchain) else {
        let silent = [("A", a), ("B", b)].into_iter().filter(|(_, it)| it.toolchain.is_none());
        let silent: Vec<_> = silent.collect();
        match silent.as_slice() {
            [(side, snapshot)] => all.gap(
                RULE,
                format!(
                    "{side} ({}) does not tell which toolchain is behind its version{}",
                    snapshot.source.name,
                    why(snapshot, "toolchain").en
                ),
                format!(
                    "{side}({})没有说明其版本号背后的工具链{}",
                    snapshot.source.name,
                    why(snapshot, "toolchain").zh
                ),
            ),
            _ => all.skip(
                RULE,
                "neither side tells more of its toolchain than the version: a program does not; snapshots taken where it is built do",
                "两侧除版本号外均未说明工具链:程序本身不记录,在构建处记录的快照才有",
            ),
        }
        return;
    };
    all.compared.insert(RULE);
    for (name, tool) in &old.tools {
        let Some(other) = new.tools.get(name) else { continue };
        if tool.build_id != other.build_id {
            all.differs(RULE, name, Some(&tool.build_id), Some(&other.build_id));
        } else if tool.sha256 != other.sha256 {
            all.differs(RULE, name, Some(&tool.sha256), Some(&other.sha256));
        }
    }
    match (&old.library, &new.library) {
        (Some(left), Some(right)) if left != right => {
            all.differs(RULE, "standard library", Some(left), Some(right));
        }
        (Some(_), Some(_)) => {}
        _ => all.gap(
            RULE,
            "the sources of the standard library were recorded on one side at most",
            "至多只有一侧记录了标准库源码",
        ),
    }
    if !old.tools.keys().any(|name| new.tools.contains_key(name)) {
        all.gap(RULE, "no tool was recorded on both sides", "没有在两侧都记录的工具");
    }
}
