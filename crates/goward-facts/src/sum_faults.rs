//! Packages that the go command refuses since go.sum has no line for their modules.

use crate::package_faults::{Fault, Place, near};
use buildlist::{BuildList, Module, ModuleVersion};
use gopackages::{ErrorKind, Options, Package, Packages, SumGap};
use std::collections::BTreeSet;

/// What go.sum lacks, as faults of the first package of each module that is imported: in Go's words
/// (`modload.ImportMissingSumError`).
pub(crate) fn sum_faults(packages: &Packages, list: &BuildList, options: &Options) -> Vec<Fault> {
    let mut told = BTreeSet::new();
    let gaps = packages.sum_gaps().iter();
    gaps.filter_map(|gap| match gap {
        SumGap::Missing { module, go_mod } if told.insert(module) => {
            Some(missing(packages, list, options, module, *go_mod))
        }
        SumGap::Missing { .. } => None,
        SumGap::Malformed(_) => {
            let main = list.modules().iter().find(|module| module.is_main());
            let package = main.map(|main| main.path.clone()).unwrap_or_default();
            let place = Some(Place { file: "go.sum".to_owned(), line: 1, column: 1 });
            let message = gap.to_string();
            Some(Fault { kind: ErrorKind::Other, package, message, place, chain: vec![] })
        }
    })
    .collect()
}

fn missing(
    packages: &Packages,
    list: &BuildList,
    options: &Options,
    module: &ModuleVersion,
    go_mod: bool,
) -> Fault {
    let modules = || list.modules().iter().enumerate();
    let index = modules().find(|(_, one)| one.content().as_ref() == Some(module));
    let index = index.map(|(index, _)| index);
    let is_main = |one: &Package| {
        let of = one.module.and_then(|index| list.modules().get(index));
        of.is_some_and(Module::is_main)
    };
    let mut imports = packages.iter().filter_map(|(from, importer)| {
        let mut dependencies = importer.dependencies.iter();
        let to = dependencies.find(|to| {
            let of = packages.get(**to).and_then(|package| package.module);
            index.is_some() && of == index && importer.module != index
        })?;
        Some((from, importer, *to))
    });
    let first = imports.next();
    // What the main module imports itself says more.
    let found = first.filter(|(_, importer, _)| is_main(importer));
    let found = found.or_else(|| imports.find(|(_, importer, _)| is_main(importer))).or(first);
    let name = format!("{}@{}", module.path, module.version);
    let Some((from, importer, to)) = found else {
        let message = match go_mod {
            true => format!("{name}: missing go.sum entry for go.mod file"),
            false => {
                format!("{name}: missing go.sum entry for a module in which Go looks for packages")
            }
        };
        let package = module.path.clone();
        return Fault { kind: ErrorKind::Missing, package, message, place: None, chain: vec![] };
    };
    let package = packages.get(to).map(|one| one.import_path.to_string()).unwrap_or_default();
    let message = match go_mod {
        true => format!("{name}: missing go.sum entry for go.mod file"),
        false => format!(
            "missing go.sum entry for module providing package {package} (imported by {})",
            importer.import_path
        ),
    };
    let place = packages.import_place(from, to).map(|(file, at)| Place {
        file: near(&file, options),
        line: at.line,
        column: at.column,
    });
    let line = place.as_ref().map(|at| format!("{}:{}", at.file, at.line)).unwrap_or_default();
    let chain = vec![(importer.id(), line), (package.clone(), String::new())];
    Fault { kind: ErrorKind::Missing, package, message, place, chain }
}
