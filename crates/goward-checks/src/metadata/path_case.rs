//! `path-case`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{Fault, GoModFile, GoPackages, SourceTree};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::collections::BTreeMap;

pub(crate) static CHECK: Check = Check {
    id: "path-case",
    group: Group::Metadata,
    title: Words {
        en: "no two packages or files differ only in case",
        zh: "没有仅大小写不同的包或文件",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "On a file system that does not tell cases apart only one of them can be there: the same commit builds on one machine and not on another. Go refuses both where it builds them.",
        zh: "在不区分大小写的文件系统上二者只能存其一：同一提交在一台机器上能构建而在另一台上不能。若参与构建，Go 二者都拒绝。",
    },
    fix: Words {
        en: "Rename one of them, and correct the imports.",
        zh: "重命名其中之一，并更正导入。",
    },
    references: &["https://go.dev/ref/spec#Import_declarations"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- a/a.go --
package a
-- a/A.go --
package a
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- a/a.go --
package a
-- a/b.go --
package a
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &SourceTree, &mut Findings)),
};

fn judge(module: &GoModFile, packages: &GoPackages, tree: &SourceTree, findings: &mut Findings) {
    fault::judge(module, packages, findings, CHECK.fix, &[ErrorKind::Case]);
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut folders: BTreeMap<String, &str> = BTreeMap::new();
    for path in tree.paths(|_| true) {
        if let Some((folder, other)) = other_folder(path, &mut folders) {
            let message = Text::new(
                format!("the folders {other} and {folder} differ only in case"),
                format!("目录 {other} 与 {folder} 仅大小写不同"),
            );
            findings.report(Finding::at(Location::whole(path), other, message, CHECK.fix.into()));
        }
        let Some(other) = seen.insert(path.to_lowercase(), path) else { continue };
        // Of two folders that are said to be one their files are told no more.
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        if folder(path) != folder(other) {
            continue;
        }
        // Go has said it of what it builds.
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let names = [format!("\"{}\"", name(path)), format!("\"{}\"", name(other))];
        let is_told = |fault: &Fault| {
            fault.kind == ErrorKind::Case && names.iter().all(|name| fault.message.contains(name))
        };
        if packages.faults.iter().any(is_told) {
            continue;
        }
        let message = Text::new(
            format!("{other} and {path} differ only in case"),
            format!("{other} 与 {path} 仅大小写不同"),
        );
        findings.report(Finding::at(Location::whole(path), other, message, CHECK.fix.into()));
    }
}

/// The folder of a path that differs only in case from one that was seen beside it, and that one. Each is told once.
fn other_folder<'p>(
    path: &'p str,
    seen: &mut BTreeMap<String, &'p str>,
) -> Option<(&'p str, &'p str)> {
    let mut found = None;
    for (end, _) in path.match_indices('/') {
        let folder = path.get(..end).unwrap_or_default();
        match seen.get(&folder.to_lowercase()) {
            None => drop(seen.insert(folder.to_lowercase(), folder)),
            Some(other) if *other != folder => {
                let parent = |folder: &'p str| folder.rsplit_once('/').map(|(parent, _)| parent);
                // What lies in two that are one is there for each of them.
                if parent(folder) == parent(other) {
                    found = Some((folder, *other));
                }
                seen.insert(folder.to_lowercase(), folder);
            }
            Some(_) => {}
        }
    }
    found
}
