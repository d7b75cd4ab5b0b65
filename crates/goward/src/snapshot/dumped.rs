//! A core file: what of the program is in the memory that was dumped, and, where the program is still there with the
//! same build ID, the rest of it.

use super::machine;
use super::program::{add_after_link, failed, modules, of_brief, of_info};
use goartifact::Core;
use gosnapshot::{Host, Kind, Snapshot, Source};
use std::path::Path;

pub(super) fn take(file: &Path) -> anyhow::Result<Snapshot> {
    let core = goartifact::read_core(file)
        .map_err(|err| anyhow::anyhow!(crate::inspect::named(file, &err)))?;
    let program = core.program.as_ref().map(|it| format!(" ({})", it.display()));
    let name = format!("{}{}", file.display(), program.unwrap_or_default());
    let source = Source { kind: Kind::Core, name };
    // The machine is another one, perhaps; but which C library it had is in the list of mapped files.
    let libc =
        core.mappings.iter().find_map(|it| machine::libc_of_path(&it.path.to_string_lossy()));
    let host = libc.map(|libc| Host { runs: true, libc: Some(libc), ..Host::default() });
    if let Some(whole) = still_there(&core) {
        return Ok(Snapshot { source, host, ..whole });
    }
    let mut snapshot = Snapshot { source, host, ..Snapshot::default() };
    if let Some(info) = &core.build_info {
        let mut program = of_info(info);
        program.build_id.clone_from(&core.build_id);
        snapshot.program = Some(program);
        snapshot.modules = Some(modules(info));
    }
    let not_dumped = "read-only memory is not dumped, and the program is not";
    let gone = match &core.program {
        Some(path) => {
            format!("{not_dumped} there any more, or is another build: {}", path.display())
        }
        None => format!("{not_dumped} named"),
    };
    snapshot.unknown.push(failed("packages", gone.clone()));
    snapshot.unknown.push(failed("links", gone));
    snapshot.unknown.extend(core.gaps.iter().map(|gap| failed("program", gap.clone())));
    snapshot.unknown.push(super::program::by_nature(
        "toolchain",
        "a core file has only the version of the toolchain",
    ));
    Ok(snapshot)
}

/// The program itself, if the file that was mapped is the one that is there now.
fn still_there(core: &Core) -> Option<Snapshot> {
    let path = core.program.as_ref()?;
    let wanted = core.build_id.as_ref().filter(|id| !id.is_empty())?;
    let found = goartifact::brief(path).ok()?.into_iter().next()?;
    (found.build_id.as_ref() == Some(wanted) && found.build_info == core.build_info).then(|| {
        let mut snapshot = of_brief(found, Source::default());
        add_after_link(&mut snapshot, path);
        snapshot
    })
}
