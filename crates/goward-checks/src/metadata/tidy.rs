//! What the checks of requirements have in common: where go.mod is not what `go mod tidy` would make of it.

use gomod::GoMod;
use goward_facts::{GoModFile, ModuleNeeds, Needed};
use goward_model::{Findings, Location};

/// The parsed go.mod, where all that is needed is known; otherwise the check does not apply.
pub(super) fn known<'m>(
    module: &'m GoModFile,
    needs: &ModuleNeeds,
    findings: &mut Findings,
) -> Option<&'m GoMod> {
    if let Some(why) = &needs.unknown {
        why.tell(findings);
        return None;
    }
    module.valid()
}

/// Whether `go mod tidy` keeps a requirement, as an indirect one, since tests of other modules' packages reach it: before
/// Go 1.17 it lists those, too. Since then it may hold a version for them.
pub(super) fn is_of_tests_of_others(go_mod: &GoMod, needs: &ModuleNeeds, path: &str) -> bool {
    let is_pruned = go_mod
        .go
        .as_ref()
        .is_some_and(|go| gomod::go_version::compare(&go.version, "1.17").is_ge());
    !is_pruned && needs.for_tests_of_others.as_ref().is_some_and(|all| all.contains(path))
}

/// Where something is imported; go.mod, where that is not a file of the module.
pub(super) fn place(need: &Needed) -> Location {
    let inside =
        |file: &str| !file.starts_with('/') && !file.starts_with("../") && !file.contains('@');
    match &need.place {
        Some(at) if inside(&at.file) => {
            Location::point(at.file.as_str(), at.line, at.column.max(1))
        }
        _ => Location::whole("go.mod"),
    }
}
