//! What something did to a program after Go had linked it.

use crate::found::{Causes, Found};
use crate::image::Image;
use goartifact::AfterLink;

/// Names the programs that are not as Go linked them; what strip took away is told by that.
pub(crate) fn changed(images: [&Image<'_>; 2], causes: &mut Causes) {
    let [a, b] = images;
    for (image, other, side) in [(a, b, "first"), (b, a, "second")] {
        let lost =
            other.has_symbols() && !image.has_symbols() || other.has_debug() && !image.has_debug();
        let what: Vec<String> = match &image.after_link {
            AfterLink::Added { what } => what.iter().map(|added| added.text()).collect(),
            AfterLink::Changed { .. } if lost && causes.has("strip-after-link") => {
                continue;
            }
            AfterLink::Changed { signs } if signs.is_empty() => {
                vec!["its bytes are not those that its build ID is the hash of".into()]
            }
            AfterLink::Changed { signs } => {
                signs.iter().map(|sign| sign.as_str().to_owned()).collect()
            }
            AfterLink::Intact | AfterLink::Unknown { .. } => continue,
        };
        causes.add("after-link", format!("the {side} program: {}", what.join("; ")));
    }
}

/// Both were linked as one, so that nothing of the build is a cause: what was found shows what was changed.
pub(crate) fn instead(found: Causes) -> Causes {
    let mut causes = Causes::default();
    let is_after =
        |found: &Found| matches!(found.cause.id, "repro.after-link" | "repro.strip-after-link");
    let (after, others): (Vec<Found>, Vec<Found>) = found.finish().into_iter().partition(is_after);
    let stripped = after.iter().any(|found| found.cause.id == "repro.strip-after-link");
    for found in after {
        found.evidence.into_iter().for_each(|line| causes.add(found.cause.id, line));
    }
    if causes.is_empty() {
        causes.add("after-link", "the build IDs are equal, the programs are not".into());
    }
    if !stripped || causes.has("after-link") {
        let lines = others.into_iter().flat_map(|found| found.evidence);
        lines.for_each(|line| causes.add("after-link", line));
    }
    causes
}
