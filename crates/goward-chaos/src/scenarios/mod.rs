//! The scenarios, one file for each stage.

mod cache;
mod compile;
mod env;
mod link;
mod list;
mod resolve;

use crate::Scenario;

/// Every scenario, in the order of a build.
pub fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    [
        list::SCENARIOS,
        resolve::SCENARIOS,
        compile::SCENARIOS,
        link::SCENARIOS,
        cache::SCENARIOS,
        env::SCENARIOS,
    ]
    .into_iter()
    .flatten()
}

/// The scenario of that name.
pub fn find(id: &str) -> Option<&'static Scenario> {
    scenarios().find(|scenario| scenario.id == id)
}

/// The name that is most like a wrong one.
pub fn nearest(id: &str) -> Option<&'static str> {
    let alike = |name: &str| strsim::jaro_winkler(id, name);
    let best = scenarios().map(|s| s.id).max_by(|a, b| alike(a).total_cmp(&alike(b)))?;
    (alike(best) > 0.7).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stage;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_sound() {
        let mut seen = HashSet::new();
        for scenario in scenarios() {
            let id = scenario.id;
            assert!(seen.insert(id), "{id} is there twice");
            let stage = format!("{}-", scenario.stage.as_str());
            assert!(id.starts_with(&stage), "{id} does not begin with {stage}");
            assert!(!scenario.expected.is_empty(), "{id} expects nothing");
            for cause in scenario.expected {
                assert!(goward_causes::cause_of(cause).is_some(), "{id}: {cause} is no cause");
            }
            assert!(!scenario.does.en.is_empty() && !scenario.does.zh.is_empty(), "{id}");
            assert!((0.0..=1.0).contains(&scenario.probability), "{id}");
        }
        for stage in Stage::ALL {
            assert!(scenarios().any(|s| s.stage == stage), "{stage:?} has no scenario");
        }
    }

    #[test]
    fn a_wrong_name_has_a_neighbour() {
        assert_eq!(nearest("compile-kiled"), Some("compile-killed"));
        assert!(nearest("resolve-405").is_some_and(|name| name.starts_with("resolve-40")));
        assert_eq!(nearest("zzz"), None);
    }
}
