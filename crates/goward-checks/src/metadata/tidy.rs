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
