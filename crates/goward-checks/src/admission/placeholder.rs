//! What the checks of placeholders have in common.

use crate::Words;
use goward_facts::{LeftoverFile, PlaceholderScan};
use goward_model::{Finding, Findings, Location, Text};

/// Reports what `wording` has words for.
pub(super) fn report(
    scan: &PlaceholderScan,
    help: Words,
    findings: &mut Findings,
    wording: impl Fn(&LeftoverFile, &leftover::Finding) -> Option<Text>,
) {
    for (_, err) in &scan.unreadable {
        findings.unknown(Text::new(err.to_string(), err.zh()));
    }
    for file in &scan.files {
        if file.truncated {
            let most = leftover::MAX_FINDINGS;
            findings.unknown(Text::new(
                format!("{} holds more than {most} placeholders", file.path),
                format!("{} 含有超过 {most} 个占位符", file.path),
            ));
        }
        for left in &file.findings {
            let Some(message) = wording(file, left) else { continue };
            let location =
                Location::span(&*file.path, (left.line, left.column), (left.line, left.end_column));
            let finding = Finding::at(location, left.name.clone(), message, help.into());
            findings.report(finding.quoting(&file.source));
        }
    }
}
