//! The chain of actions that decided when the build ended.

use crate::Action;
use std::collections::{BTreeMap, BTreeSet};

/// Indices of actions, first to last: from the one that ended last, always back to the dependency
/// that ended last. No dependency in it is followed twice, so a graph with a cycle ends too.
pub(crate) fn of(actions: &[Action]) -> Vec<usize> {
    let by_id: BTreeMap<u64, usize> =
        actions.iter().enumerate().map(|(at, action)| (action.id, at)).collect();
    let end = |at: usize| actions.get(at).and_then(Action::interval).map(|interval| interval.end);
    let last = (0..actions.len()).filter_map(|at| Some((end(at)?, at))).max();
    let mut path = vec![];
    let mut seen = BTreeSet::new();
    let mut next = last.map(|(_, at)| at);
    while let Some(at) = next.filter(|at| seen.insert(*at)) {
        path.push(at);
        let deps = actions.get(at).map(|action| action.deps.as_slice()).unwrap_or_default();
        let deps = deps.iter().filter_map(|id| by_id.get(id).copied());
        next = deps.filter_map(|at| Some((end(at)?, at))).max().map(|(_, at)| at);
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_back_to_the_dependency_that_ended_last() {
        let text = r#"[
          {"ID":0,"Mode":"link","Deps":[1,2],"TimeStart":"2026-01-01T00:00:09Z","TimeDone":"2026-01-01T00:00:10Z"},
          {"ID":1,"Mode":"build","Deps":[3],"TimeStart":"2026-01-01T00:00:01Z","TimeDone":"2026-01-01T00:00:02Z"},
          {"ID":2,"Mode":"build","Deps":[3,0],"TimeStart":"2026-01-01T00:00:01Z","TimeDone":"2026-01-01T00:00:09Z"},
          {"ID":3,"Mode":"build","TimeStart":"2026-01-01T00:00:00Z","TimeDone":"2026-01-01T00:00:01Z"}]"#;
        let actions = crate::actions::read(text.as_bytes()).unwrap();
        // The dependency of 2 on 0 is a cycle, which Go's graph never has.
        assert_eq!(of(&actions), [2, 0]);
        assert_eq!(of(&[]), [0_usize; 0]);
    }
}
