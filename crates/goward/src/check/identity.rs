//! What was judged, by whom, when.

use crate::cli::CheckArgs;
use goward_config::Policy;
use goward_facts::{Fact, FactKey, Facts, GoEnv, GoModFile, Repository};
use goward_model::Identity;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// The identity is not worth a longer wait; what is not there is left out.
const LIMIT: Duration = Duration::from_secs(3);

/// Starts gathering, so that it is done beside the checks.
pub(super) fn start(facts: &Arc<Facts>) {
    facts.start(FactKey::of::<Repository>());
    facts.start(FactKey::of::<GoEnv>());
}

/// Puts the identity together from what could be gathered.
pub(super) fn of(
    facts: &Arc<Facts>,
    args: &CheckArgs,
    policy: &Policy,
    unix_time: i64,
) -> Identity {
    let repository = gathered::<Repository>(facts);
    let go_env = gathered::<GoEnv>(facts);
    let go_mod = gathered::<GoModFile>(facts);
    let named = |name: &str| {
        let value = go_env.as_ref()?.get(name);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let started = jiff::Timestamp::from_second(unix_time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Identity {
        prefix: repository.as_ref().map(|r| r.prefix.clone()).unwrap_or_default(),
        module: go_mod.and_then(|file| file.module_path().map(str::to_owned)),
        commit: repository.as_ref().and_then(|r| r.commit.clone()),
        dirty: repository.as_ref().and_then(|r| r.dirty),
        go_version: named("GOVERSION"),
        goflags: named("GOFLAGS"),
        policy: policy.files.clone(),
        selection: selection(args),
        ..begun(started, args.dir.display().to_string())
    }
}

fn selection(args: &CheckArgs) -> Vec<String> {
    let flags = [("--only", &args.only), ("--skip", &args.skip), ("--group", &args.group)];
    let each = flags.into_iter().flat_map(|(flag, ids)| ids.iter().map(move |id| (flag, id)));
    each.map(|(flag, id)| format!("{flag} {id}")).collect()
}

fn gathered<F: Fact>(facts: &Arc<Facts>) -> Option<Arc<F>> {
    facts.wait(FactKey::of::<F>(), LIMIT).ok()?;
    facts.get::<F>().ok()
}

/// A run of this goward on a target, which began then; whose it is besides, the command knows.
pub(crate) fn begun(started: jiff::Timestamp, target: String) -> Identity {
    Identity {
        run_id: run_id(started),
        started_at: started.to_string(),
        goward_version: env!("CARGO_PKG_VERSION").into(),
        target,
        ..Identity::default()
    }
}

/// Sorts by time; two runs of the same second differ.
pub(crate) fn run_id(started: jiff::Timestamp) -> String {
    let mut random = RandomState::new().build_hasher();
    random.write_u32(std::process::id());
    format!("{}-{:08x}", started.strftime("%Y%m%dT%H%M%SZ"), random.finish() as u32)
}
