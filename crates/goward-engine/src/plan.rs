//! Stage 1: what is tried, in which order it is reported, and what must have passed before it.

use goward_checks::{CATALOGUE, Check, Group};
use goward_config::{PlacedCustom, Policy, nearest};
use goward_facts::{Fact as _, WaiverReview};
use goward_model::{SlaTier, Text};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

/// The group of custom checks.
const CUSTOM: &str = "custom";

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these checks, and what they require; empty: all.
    pub only: Vec<String>,
    /// Not these checks.
    pub skip: Vec<String>,
    /// Only checks of these groups; empty: all.
    pub groups: Vec<String>,
}

/// One thing to try.
#[derive(Clone)]
pub struct Item {
    /// The identifier.
    pub id: String,
    /// The group it is reported in.
    pub group: String,
    /// What it makes sure of.
    pub title: Text,
    /// The tier of a failure.
    pub tier: SlaTier,
    /// When it is given up.
    pub timeout: Duration,
    /// The measured value over which it fails.
    pub critical_threshold: Option<f64>,
    /// Indices of the items that must have passed; always of this plan.
    pub requires: Vec<usize>,
    /// What is done.
    pub work: Work,
}

/// What an item does.
#[derive(Clone)]
pub enum Work {
    /// Judges facts.
    Check(&'static Check),
    /// Asks what policy says, and judges the answer.
    Custom(Box<PlacedCustom>),
}

impl Item {
    /// Whether it judges the run itself, and so comes after everything else.
    pub fn reviews(&self) -> bool {
        match self.work {
            Work::Check(check) => {
                check.judge.needs().iter().any(|key| key.name == WaiverReview::NAME)
            }
            Work::Custom(_) => false,
        }
    }
}

/// What is tried, in the order of the report.
pub struct Plan {
    /// The items.
    pub items: Vec<Item>,
}

/// A name that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// What was asked for.
    pub given: String,
    /// Whether it was to be a check or a group.
    pub what: &'static str,
    /// The nearest name that exists.
    pub nearest: Option<String>,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} is called `{}`", self.what, self.given)?;
        match &self.nearest {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => write!(f, "; `goward explain` lists them"),
        }
    }
}

impl std::error::Error for PlanError {}

/// Plans a run of the catalogue and of the policy's own checks.
pub fn plan(policy: &Policy, selection: &Selection) -> Result<Plan, PlanError> {
    plan_of(CATALOGUE, policy, selection)
}

/// Plans a run of these checks and of the policy's own.
pub fn plan_of(
    checks: &[&'static Check],
    policy: &Policy,
    selection: &Selection,
) -> Result<Plan, PlanError> {
    let all: Vec<(Item, Vec<String>)> = checks
        .iter()
        .map(|check| {
            (of_check(policy, check), check.requires.iter().map(|r| (*r).into()).collect())
        })
        .chain(policy.custom.iter().map(|c| (of_custom(policy, c), c.spec.requires.clone())))
        .collect();
    let ids: Vec<&str> = all.iter().map(|(item, _)| item.id.as_str()).collect();
    for given in selection.only.iter().chain(&selection.skip) {
        known("check", given, &ids)?;
    }
    let groups: Vec<&str> = Group::ALL.iter().map(|group| group.as_str()).chain([CUSTOM]).collect();
    for given in &selection.groups {
        known("group", given, &groups)?;
    }
    let chosen = choose(policy, selection, &all);
    let mut kept: Vec<(Item, Vec<String>)> =
        all.into_iter().filter(|(item, _)| chosen.contains(&item.id)).collect();
    let index: HashMap<String, usize> =
        kept.iter().enumerate().map(|(i, (item, _))| (item.id.clone(), i)).collect();
    for (item, requires) in &mut kept {
        item.requires = requires.iter().filter_map(|id| index.get(id).copied()).collect();
    }
    Ok(Plan { items: kept.into_iter().map(|(item, _)| item).collect() })
}

fn known(what: &'static str, given: &str, names: &[&str]) -> Result<(), PlanError> {
    if names.contains(&given) {
        return Ok(());
    }
    let nearest = nearest(given, names.iter().copied()).map(str::to_owned);
    Err(PlanError { given: given.into(), what, nearest })
}

/// The identifiers of what is tried: what was asked for, with all it requires.
fn choose(policy: &Policy, selection: &Selection, all: &[(Item, Vec<String>)]) -> HashSet<String> {
    let enabled = |id: &str| {
        policy.file.checks.get(id).is_none_or(|check| check.enabled)
            && !selection.skip.iter().any(|skip| skip == id)
    };
    let requires: HashMap<&str, &[String]> =
        all.iter().map(|(item, requires)| (item.id.as_str(), requires.as_slice())).collect();
    let asked = |item: &Item| {
        let only = selection.only.is_empty() || selection.only.contains(&item.id);
        let group = selection.groups.is_empty() || selection.groups.contains(&item.group);
        only && group && enabled(&item.id)
    };
    let mut chosen = HashSet::new();
    let mut todo: Vec<String> =
        all.iter().filter(|(item, _)| asked(item)).map(|(item, _)| item.id.clone()).collect();
    while let Some(id) = todo.pop() {
        let needed = requires.get(id.as_str()).copied().unwrap_or_default();
        todo.extend(needed.iter().filter(|id| enabled(id) && !chosen.contains(*id)).cloned());
        chosen.insert(id);
    }
    chosen
}

fn of_check(policy: &Policy, check: &'static Check) -> Item {
    let own = policy.file.checks.get(check.id).cloned().unwrap_or_default();
    let slow = check.judge.needs().iter().any(|key| key.slow);
    let run = &policy.file.run;
    let timeout = if slow { run.slow_timeout_ms } else { run.timeout_ms };
    Item {
        id: check.id.into(),
        group: check.group.as_str().into(),
        title: check.title.into(),
        tier: own.tier.unwrap_or(check.tier),
        timeout: Duration::from_millis(own.timeout_ms.unwrap_or(timeout)),
        critical_threshold: own.critical_threshold,
        requires: vec![],
        work: Work::Check(check),
    }
}

fn of_custom(policy: &Policy, custom: &PlacedCustom) -> Item {
    let own = policy.file.checks.get(&custom.spec.id).cloned().unwrap_or_default();
    let spec = &custom.spec;
    let timeout = own.timeout_ms.or(spec.timeout_ms).unwrap_or(policy.file.run.timeout_ms);
    Item {
        id: spec.id.clone(),
        group: CUSTOM.into(),
        title: Text::same(spec.title.clone().unwrap_or_else(|| spec.id.clone())),
        tier: own.tier.or(spec.tier).unwrap_or(SlaTier::P1),
        timeout: Duration::from_millis(timeout),
        critical_threshold: own.critical_threshold.or(spec.critical_threshold),
        requires: vec![],
        work: Work::Custom(Box::new(custom.clone())),
    }
}
