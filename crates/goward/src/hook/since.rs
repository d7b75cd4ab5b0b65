//! `goward check --since REV`: the hook's steps in CI, over what changed in the repository, as far as it reaches the
//! folder that is checked, so that a commit that went around its hook meets them there.

use super::hooked::Hooked;
use super::outcome;
use super::run::Run;
use super::subject::Subject;
use crate::policy::{self, Asked};
use goward_git::Repo;
use goward_model::{Gate, Outcome, Text};
use goward_system::{OsSystem, System as _};
use std::path::Path;
use std::time::Duration;

/// Nobody waits at a terminal: a cold build cache compiles everything. A larger `hook.budget_ms` holds instead.
const BUDGET: Duration = Duration::from_secs(600);

/// What the change since a revision came to. The checklist has judged the module in `dir` already; its checks are not
/// asked again of it.
pub(crate) fn judge_since(
    dir: &Path,
    revision: &str,
    asked: Asked<'_>,
    system: &OsSystem,
) -> (Vec<Outcome>, Gate) {
    match judged(dir, revision, asked, system) {
        // What was not finished is no answer, and in CI there is nobody else to leave it to.
        Ok(hooked) if hooked.left.is_empty() => (hooked.outcomes, hooked.gate),
        Ok(hooked) => (hooked.outcomes, hooked.gate.max(Gate::Inconclusive)),
        Err(err) => {
            let why = Text::same(format!("{err:#}"));
            let title = Text::new("what changed can be judged", "能够评判改动的内容");
            (vec![outcome::unknown("change", title, why)], Gate::Inconclusive)
        }
    }
}

fn judged(
    dir: &Path,
    revision: &str,
    asked: Asked<'_>,
    system: &OsSystem,
) -> anyhow::Result<Hooked> {
    let repo = Repo::find(system)?;
    let here = dir.canonicalize()?;
    let mut settings = policy::of(&here, &asked)?.file.hook;
    // Nobody comes after CI.
    settings.deep = true;
    let budget = Duration::from_millis(settings.budget_ms).max(BUDGET);
    let subject = Subject::since(&repo, revision)?;
    let deadline = system.now() + budget;
    Run { repo: &repo, system, settings, asked, deadline, covered: Some(here) }.judge(subject)
}
