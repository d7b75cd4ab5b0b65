//! A program's own words, as a snapshot: pure.

use goartifact::{Brief, BuildInfo, Format};
use gosnapshot::{Links, Module, Program, Replacement, Snapshot, Source, Unknown};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a program never tells.
pub(super) fn by_nature(part: &str, why: &str) -> Unknown {
    Unknown { part: part.into(), why: why.into(), by_nature: true }
}

/// What went wrong.
pub(super) fn failed(part: &str, why: impl Into<String>) -> Unknown {
    Unknown { part: part.into(), why: why.into(), by_nature: false }
}

/// All that a program tells.
pub(super) fn of_brief(brief: Brief, source: Source) -> Snapshot {
    let mut unknown = vec![
        by_nature("toolchain", "a program has only the version of its toolchain"),
        by_nature("c-compiler", "a program does not tell its C compiler"),
    ];
    // A gap means that what it is about was not read.
    let broken = |part: &str| brief.gaps.iter().any(|gap| gap.starts_with(part));
    let (no_hashes, no_versions) = (broken("package hashes"), broken("symbol versions"));
    unknown.extend(brief.gaps.iter().map(|gap| {
        let part = match gap.split(':').next() {
            Some("package hashes") => "packages",
            Some("symbol versions") => "links",
            _ => "program",
        };
        failed(part, gap.clone())
    }));
    let mut snapshot = Snapshot { source, ..Snapshot::default() };
    match &brief.build_info {
        Some(info) => {
            let format = match brief.format {
                Format::Elf => "elf",
                Format::MachO => "macho",
                Format::Pe => "pe",
            };
            let mut program = of_info(info);
            program.format = Some(format.to_owned());
            program.build_id = brief.build_id;
            program.main_file = brief.main_file;
            snapshot.program = Some(program);
            snapshot.modules = Some(modules(info));
        }
        None if unknown.iter().all(|it| it.part != "program") => unknown.push(failed(
            "program",
            "no build info: it is no Go program, or it is packed, or was stripped of it",
        )),
        None => {}
    }
    if brief.format == Format::Elf && !no_versions {
        snapshot.links = Some(Links {
            interpreter: brief.links.interpreter,
            libraries: brief.links.libraries.into_iter().collect(),
            versions: brief.links.versions,
        });
    }
    if snapshot.program.is_some() && !no_hashes {
        snapshot.packages = Some(brief.packages);
    }
    snapshot.unknown = unknown;
    snapshot
}

/// Whether its file was changed after Go linked it: all of the file is read for it.
pub(super) fn add_after_link(snapshot: &mut Snapshot, file: &Path) {
    if let Some(program) = &mut snapshot.program {
        program.after_link =
            goartifact::after_link(file).ok().and_then(|all| all.into_iter().next());
    }
}

/// What the build info says of the program itself.
pub(super) fn of_info(info: &BuildInfo) -> Program {
    let settings = info.settings.iter().map(|it| (it.key.clone(), it.value.clone()));
    Program {
        go_version: info.go_version.clone(),
        path: info.path.clone(),
        main: info.main.as_ref().map(|main| Module { used: true, ..of_module(main) }),
        settings: settings.collect(),
        format: None,
        build_id: None,
        main_file: None,
        after_link: None,
        built: true,
    }
}

/// The modules that its packages come from.
pub(super) fn modules(info: &BuildInfo) -> Vec<Module> {
    let mut seen = BTreeSet::new();
    let all = info.deps.iter().filter(|dep| seen.insert(dep.path.clone()));
    all.map(of_module).collect()
}

fn of_module(module: &goartifact::Module) -> Module {
    let replace = module.replace.as_ref().map(|it| Replacement {
        path: it.path.clone(),
        version: it.version.clone(),
        sum: it.sum.clone(),
    });
    Module {
        path: module.path.clone(),
        version: module.version.clone(),
        sum: module.sum.clone(),
        replace,
        indirect: None,
        used: true,
        go: None,
    }
}

/// The modules in a program, with what only its sources tell of them; and those that it does not use.
pub(super) fn merge(
    built: Option<Vec<Module>>,
    listed: Option<Vec<Module>>,
) -> Option<Vec<Module>> {
    let mut built = built?;
    let mut listed: BTreeMap<String, Module> =
        listed?.into_iter().map(|it| (it.path.clone(), it)).collect();
    for module in &mut built {
        if let Some(known) = listed.remove(&module.path) {
            module.indirect = known.indirect;
            module.go = known.go;
            // A folder has a sum only where it can be read.
            if let (Some(mine), Some(other)) = (&mut module.replace, known.replace)
                && mine.sum.is_empty()
                && mine.path == other.path
            {
                mine.sum = other.sum;
            }
        }
    }
    built.extend(listed.into_values().map(|it| Module { used: false, ..it }));
    Some(built)
}
