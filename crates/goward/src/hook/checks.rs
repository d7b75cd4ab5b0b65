//! Checks of the catalogue, on what is staged.

use super::targets::Target;
use goward_config::Policy;
use goward_engine::{Quiet, Selection, attempt_all, grade, plan};
use goward_facts::{Facts, GoPackages};
use goward_model::{Gate, Location, Outcome, Verdict};
use goward_system::{OsSystem, Overlaid};
use overlay::Overlay;
use std::sync::Arc;
use std::time::Duration;

/// What a step came to.
pub(super) struct Judged {
    /// What each check said. Paths are relative to the top.
    pub(super) outcomes: Vec<Outcome>,
    /// The decision.
    pub(super) gate: Gate,
    /// Checks that are never what closes it, by policy.
    pub(super) beside: Vec<String>,
}

/// What decides about modules. No check here asks the network.
pub(super) const INTEGRITY: [&str; 12] = [
    "build-list",
    "go-mod-valid",
    "go-sum-complete",
    "go-sum-contradictory",
    "go-sum-direct",
    "go-sum-valid",
    "go-work-valid",
    "module-look-alike",
    "module-path-case",
    "replace-local",
    "replace-outside",
    "vendor-modules-txt",
];

/// What holds modules against go.sum.
pub(super) const OF_SUMS: [&str; 5] =
    ["go-sum-complete", "go-sum-contradictory", "go-sum-direct", "go-sum-valid", "vendor-modified"];

/// What decides about vendored files: it skips modules of which the module cache has nothing to hold them against.
pub(super) const VENDOR: [&str; 2] = ["go-mod-valid", "vendor-modified"];

/// What may be left in files.
pub(super) const FILES: [&str; 4] =
    ["placeholder-left", "placeholder-lower-case", "placeholder-unknown", "tls-key-inline"];

/// What is wrong with packages.
pub(super) const PACKAGES: [&str; 9] = [
    "embed-missing",
    "import-ambiguous",
    "import-cycle",
    "import-missing",
    "import-program",
    "internal-import",
    "package-excluded",
    "package-invalid",
    "path-case",
];

/// Runs checks on a target.
pub(super) fn run(
    target: &Target,
    ids: &[&str],
    system: &OsSystem,
    overlay: &Arc<Overlay>,
    packages: Option<GoPackages>,
    left: Duration,
) -> anyhow::Result<Judged> {
    let policy = &target.policy;
    let only = ids.iter().filter(|id| is_enabled(policy, id)).map(|id| (*id).to_owned()).collect();
    // A workspace without a module of its own has packages, and no go.mod.
    let skip = if target.is_module { vec![] } else { vec!["go-mod-valid".to_owned()] };
    let plan = plan(policy, &Selection { only, skip, ..Selection::default() })?;
    if plan.items.is_empty() {
        return Ok(Judged { outcomes: vec![], gate: Gate::Open, beside: vec![] });
    }
    let here = system.rooted(&target.root);
    let cancel = here.cancel_token();
    let world = Overlaid::new(here, target.root.clone(), Arc::clone(overlay), target.files.clone())
        .with(&target.variables);
    let settings = Arc::new(policy.file.settings());
    let facts = Arc::new(Facts::new(Arc::new(world), settings, left));
    if let Some(packages) = packages {
        facts.insert(packages);
    }
    let outcomes = attempt_all(&plan, &facts, crate::check::jobs(policy), &Quiet, &cancel);
    let anchor = Location::whole(if target.is_module { "go.mod" } else { "goward.toml" });
    let mut graded = grade(&plan, outcomes, &facts, policy, &anchor);
    for outcome in &mut graded.outcomes {
        if let Verdict::Fail(findings) = &mut outcome.verdict {
            for finding in findings {
                finding.location.path.insert_str(0, &target.prefix);
                for related in &mut finding.related {
                    related.location.path.insert_str(0, &target.prefix);
                }
            }
        }
    }
    let closes = &policy.file.gate.closes;
    let beside = graded.outcomes.iter().filter(|outcome| !closes.contains(&outcome.tier));
    let beside = beside.map(|outcome| outcome.check.clone()).collect();
    Ok(Judged { outcomes: graded.outcomes, gate: graded.gate, beside })
}

fn is_enabled(policy: &Policy, id: &str) -> bool {
    policy.file.checks.get(id).is_none_or(|check| check.enabled)
}
