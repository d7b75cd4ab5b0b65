//! From what was remembered to the verdict.

use crate::literals::of_line;
use crate::mark::Mark;
use crate::others::{leave_before, leave_c, leave_to_others};
use crate::relate;
use crate::rules::rank;
use crate::signature::signatures;
use crate::state::State;
use crate::tally::Tally;
use crate::told::is_only_told;
use crate::verdict::{Evidence, Found, Outcome, Verdict};
use crate::{Facts, Stage, cause_of};
use std::collections::BTreeMap;

/// Evidence that is kept of each cause.
const MAX_EVIDENCE: usize = 5;

/// A cause, with what speaks for it.
pub(crate) struct Weight {
    strong: bool,
    pub(crate) headed: bool,
    unnamed: bool,
    pub(crate) shared: bool,
    count: u64,
    pub(crate) first: u64,
    pub(crate) last: u64,
    stage: Stage,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) follows: Option<&'static str>,
}

/// An error so many lines before the end is what ended it.
pub(crate) const END: u64 = 25;

/// What speaks for each cause.
pub(crate) type Weights = BTreeMap<&'static str, Weight>;

pub(crate) fn weigh(state: &State, facts: &Facts) -> Verdict {
    let mut weights = gather(state);
    let outside = apply(facts, &mut weights);
    let binary = state.done.is_binary() && !outside;
    let outcome =
        if binary { Outcome::Unknown } else { decide(state, facts, &mut weights, outside) };
    let mut verdict = Verdict {
        outcome,
        causes: vec![],
        errors: 0,
        followers: 0,
        evidence: vec![],
        lines: state.done.lines,
        bytes: state.done.bytes,
        text: state.done.text && !binary,
    };
    match outcome {
        Outcome::Failed => {}
        Outcome::Success => return verdict,
        Outcome::Unknown if binary => return verdict,
        Outcome::OtherFailure => {
            let deciding = [&state.error, &state.other, &state.panic, &state.failed];
            let ending = ending(state);
            let deciding = deciding.into_iter().flatten().chain(&ending);
            verdict.evidence = deciding.take(1).cloned().collect();
            return verdict;
        }
        Outcome::Unknown => {
            let deciding = [&state.unknown, &state.build_failed_at, &state.failed];
            verdict.evidence = deciding.into_iter().flatten().take(1).cloned().collect();
            return verdict;
        }
    }
    relate::relate(&mut weights);
    let mut order: Vec<(&'static str, Weight)> = weights.into_iter().collect();
    order.sort_by_key(|(id, weight)| (weight.follows.is_some(), rank(id), weight.first));
    let root = order.first().map(|(id, _)| *id);
    let builds = order.iter().filter(|(id, _)| *id != "source.test").count() as u64;
    let echoes = if builds > 0 { state.build_failed } else { 0 };
    verdict.errors = order.iter().map(|(_, weight)| weight.count).sum::<u64>() + echoes;
    let following = order.iter().filter(|(_, weight)| weight.follows.is_some());
    verdict.followers = following.map(|(_, weight)| weight.count).sum::<u64>() + echoes;
    let alone = order.iter().filter(|(_, weight)| weight.follows.is_none()).count() == 1;
    let failed = state.failed.is_some() || state.build_failed > 0;
    verdict.causes = order
        .into_iter()
        .filter_map(|(id, weight)| {
            let confidence =
                confidence(&weight, alone || Some(id) == root && weight.headed, failed);
            found(id, weight, confidence)
        })
        .collect();
    verdict
}

/// The line near the end that complains.
fn ending(state: &State) -> Option<Evidence> {
    let (back, text) = state.manner.trouble.as_ref()?;
    let line = state.manner.last_line(state.done.lines).checked_sub(*back);
    Some(Evidence { line, offset: None, text: text.clone(), signature: "ending" })
}

/// What the signatures found, by cause.
fn gather(state: &State) -> Weights {
    let mut weights = Weights::new();
    let all = signatures();
    let spans = |tally: &Tally| tally.evidence.iter().all(|e| e.text.trim_start().starts_with('`'));
    for (index, tally) in &state.tallies {
        if let Some(signature) = all.get(*index).filter(|_| {
            // Code inside of a person's words.
            !(tally.is_told() || state.manner.is_marked_up() && spans(tally))
        }) {
            add(&mut weights, signature.cause, tally, signature.stage, false);
        }
    }
    for (tally, cause, stage) in [
        (&state.unnamed[0], "source.type", Stage::Compile),
        (&state.unnamed[1], "source.vet", Stage::Vet),
    ] {
        // Below a header the compiler speaks; what no signature knows is most often of this kind.
        if tally.count > 0 {
            add(&mut weights, cause, tally, stage, true);
        }
    }
    for weight in weights.values_mut() {
        weight.evidence.sort_by_key(|evidence| evidence.line);
        weight.evidence.truncate(MAX_EVIDENCE);
    }
    weights
}

fn add(weights: &mut Weights, cause: &'static str, tally: &Tally, stage: Stage, unnamed: bool) {
    let stage = tally.stage.unwrap_or(stage);
    let weight = weights.entry(cause).or_insert(Weight {
        strong: false,
        headed: false,
        unnamed,
        shared: true,
        count: 0,
        first: u64::MAX,
        last: 0,
        stage,
        evidence: vec![],
        follows: None,
    });
    if tally.strong && !weight.strong {
        weight.evidence.clear();
        weight.count = 0;
        weight.first = u64::MAX;
    } else if weight.strong && !tally.strong {
        return;
    }
    if tally.first < weight.first {
        weight.first = tally.first;
        weight.stage = stage;
    }
    weight.strong |= tally.strong;
    weight.headed |= tally.headed;
    weight.unnamed &= unnamed;
    weight.shared &= tally.shared;
    weight.count += tally.count;
    weight.last = weight.last.max(tally.last);
    weight.evidence.extend(tally.evidence.iter().cloned());
}

/// What is known besides the text beats it. Gives whether it says that something failed.
fn apply(facts: &Facts, weights: &mut Weights) -> bool {
    let killed = facts.signal == Some(9)
        || matches!(facts.exit_status, Some(137))
        || weights.contains_key("resource.killed");
    let mut prove = |id: &'static str, text: &str| {
        let stage = facts.stage.unwrap_or(Stage::Compile);
        let evidence =
            Evidence { line: None, offset: None, text: text.to_owned(), signature: "fact" };
        let weight = weights.entry(id).or_insert(Weight {
            strong: true,
            headed: true,
            unnamed: false,
            shared: false,
            count: 0,
            first: 0,
            last: 0,
            stage,
            evidence: vec![],
            follows: None,
        });
        weight.strong = true;
        weight.headed = true;
        weight.shared = false;
        weight.stage = facts.stage.unwrap_or(weight.stage);
        weight.count += 1;
        weight.evidence.insert(0, evidence);
    };
    if facts.no_space {
        prove("resource.disk-full", "a write failed with ENOSPC or EDQUOT");
    }
    if facts.out_of_memory {
        prove("resource.memory", "the kernel reports an out-of-memory kill");
    } else if facts.memory_limit_passed {
        prove("resource.memory", "the build's own memory limit ended it");
    } else if facts.memory_near_limit && killed {
        prove("resource.memory", "a tool was killed while memory was near its limit");
    }
    if facts.deadline_passed {
        prove("resource.timeout", "the build's deadline passed");
    } else if let Some(signal) = facts.cancelled {
        prove("infra.runner", &format!("it was cancelled: signal {signal}"));
    } else if let Some(signal) = facts.signal
        && !facts.out_of_memory
        && !facts.memory_near_limit
        && !facts.memory_limit_passed
    {
        prove("resource.killed", &format!("signal {signal}"));
    }
    let explained = facts.deadline_passed || facts.memory_limit_passed || facts.cancelled.is_some();
    if explained || facts.out_of_memory || (facts.memory_near_limit && killed) {
        weights.remove("resource.killed");
    }
    facts.exit_status.is_some_and(|status| status != 0)
        || facts.signal.is_some()
        || facts.deadline_passed
}

/// Whether a full disk may be why.
fn is_of_a_full_disk(id: &str) -> bool {
    matches!(
        id,
        "link.external-linker"
            | "cgo.compile-error"
            | "resource.killed"
            | "toolchain.internal-error"
    ) || id.starts_with("cache.")
}

/// Whether nothing complains from where something was tried again to the end.
fn is_quiet_since(state: &State) -> bool {
    state.again_at < state.manner.last_line(state.done.lines)
        && ending(state).is_none_or(|ending| ending.line <= Some(state.again_at))
        && state.build_failed == 0
        && state.panic.is_none()
}

/// Whether somebody complains behind Go's last word, and is none of a CI's that tell that a command failed.
fn complains_after_go(state: &State) -> bool {
    state.complaint_at > state.go_at
        || state.foreign_at > state.go_at
        || ending(state).is_some_and(|ending| {
            let go = [".go:", "compile", "link: "].iter().any(|word| ending.text.contains(word));
            let told = of_line(ending.text.as_bytes()).has(Mark::Failed);
            ending.line > Some(state.go_at) && !go && !told
        })
}

/// What happened; takes causes away that prove nothing here.
fn decide(state: &State, facts: &Facts, weights: &mut Weights, outside: bool) -> Outcome {
    if facts.exit_status == Some(0) {
        return Outcome::Success;
    }
    if state.go_at == 0 && !outside {
        leave_to_others(state, weights);
    }
    if !state.headed {
        leave_c(weights);
    }
    leave_before(state, weights);
    leave_later(weights);
    if !outside && is_only_told(state, weights.values()) {
        return Outcome::Success;
    }
    let failed_at = state.failed.as_ref().and_then(|evidence| evidence.line).unwrap_or(0);
    let proven = weights.values().filter(|weight| weight.strong);
    let last = proven.map(|weight| weight.last).max().unwrap_or(0).max(failed_at);
    let asked = state.manner.zero && state.failed.is_none();
    if (state.succeeded > last || asked) && !outside {
        return Outcome::Success;
    }
    let again = state.again_at > last && !outside && is_quiet_since(state);
    if again {
        weights.retain(|id, _| !id.starts_with("network."));
    }
    let unknown = state.unknown.is_some() && !again;
    let error_at = state.error.as_ref().and_then(|evidence| evidence.line).unwrap_or(0);
    let ended = error_at > state.succeeded && error_at + END > state.done.lines;
    let failed =
        outside || state.failed.is_some() || state.build_failed > 0 || ended || state.located;
    let passed = !failed && state.packages_passed > 0 && state.packages_failed == 0;
    // A test that runs builds, and passes, prints what they say.
    if passed && (weights.is_empty() || state.verbose && state.passed_at > last) {
        return Outcome::Success;
    }
    // `--- FAIL` in the output of a package that passed.
    if passed && weights.get("source.test").is_some_and(|test| test.last < state.passed_at) {
        weights.remove("source.test");
    }
    let explained = weights.iter().any(|(id, weight)| weight.strong && !is_of_a_full_disk(id));
    let elsewhere = state.failed_elsewhere() && !outside;
    let go_seen =
        !elsewhere && (state.go_command > 0 || unknown || state.build_failed > 0 || state.located);
    let other_at = state.other.as_ref().and_then(|evidence| evidence.line).unwrap_or(0);
    // Others speak last: what failed was theirs.
    let others = other_at > state.go_command;
    // So do those who call it an error when Go has nothing more to say.
    let complained = others || complains_after_go(state);
    let anything = weights.values().any(|weight| weight.strong);
    weights.retain(|id, weight| {
        let hint = if anything {
            *id == "resource.disk-full" && !explained
        } else {
            !others && (!state.runs || unknown)
        };
        // A disk is full whoever built the image.
        let machine = id.starts_with("resource.") && state.go_at > state.foreign_at;
        weight.strong || hint && failed && (go_seen || outside || machine)
    });
    if weights.keys().any(|id| *id != "none.other-failure") {
        weights.remove("none.other-failure");
        return Outcome::Failed;
    }
    if weights.contains_key("none.other-failure") {
        return Outcome::OtherFailure;
    }
    if state.build_failed > 0 || unknown && !(complained && failed) {
        return Outcome::Unknown;
    }
    if outside || state.failed.is_some() {
        let program = state.panic.is_some() || state.runs || state.chained;
        return if go_seen && !complained && !program || outside {
            Outcome::Unknown
        } else {
            Outcome::OtherFailure
        };
    }
    if state.panic.is_some() || state.linted || ended {
        return Outcome::OtherFailure;
    }
    if state.manner.trouble.is_some() && !passed && !again && state.succeeded == 0 {
        return Outcome::OtherFailure;
    }
    if state.done.text { Outcome::Success } else { Outcome::Unknown }
}

/// Takes away what anyone may have fetched in vain after the compiler spoke: what it needed was there.
fn leave_later(weights: &mut Weights) {
    let compiles = |id: &str| {
        id.starts_with("source.") && !matches!(id, "source.test" | "source.vet")
            || id.starts_with("cgo.")
            || id.starts_with("link.")
    };
    let spoke = weights.iter().filter(|(id, weight)| weight.strong && compiles(id));
    let spoke = spoke.map(|(_, weight)| weight.first).min();
    weights.retain(|id, weight| {
        !(weight.shared && id.starts_with("network.") && spoke.is_some_and(|at| weight.first > at))
    });
}

fn confidence(weight: &Weight, alone: bool, failed: bool) -> f64 {
    let base: f64 = match (weight.strong, weight.unnamed) {
        (false, _) => 0.6,
        (true, true) => 0.65,
        (true, false) => 0.9,
    };
    let more = f64::from(u8::from(alone)) * 0.05 + f64::from(u8::from(failed)) * 0.04;
    ((base + more) * 100.0).round() / 100.0
}

fn found(id: &'static str, weight: Weight, confidence: f64) -> Option<Found> {
    let cause = cause_of(id)?;
    Some(Found {
        id: cause.id,
        stage: weight.stage,
        confidence,
        owner: cause.owner,
        retry: cause.retry,
        tier: cause.tier,
        count: weight.count,
        follows: weight.follows,
        evidence: weight.evidence,
    })
}
