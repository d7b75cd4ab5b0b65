//! Which of the causes found is the root, and which only follow.

use crate::rules::{EXPLAINS, GENERATOR, GIVES_WAY, follows, rank};
use crate::weigh::{Weight, Weights};

/// Tells roots from followers.
pub(crate) fn relate(weights: &mut Weights) {
    let near = |a: &Weight, b: &Weight, most: u64| {
        a.evidence.iter().filter_map(|e| e.line).any(|first| {
            b.evidence
                .iter()
                .filter_map(|e| e.line)
                .any(|second| second >= first && second - first <= most)
        })
    };
    for (leader, other, most) in EXPLAINS {
        if let (Some(a), Some(b)) = (weights.get(leader), weights.get(other))
            && a.follows.is_none()
            && near(a, b, *most)
            && let Some(b) = weights.get_mut(other)
        {
            b.follows = Some(leader);
        }
    }
    // A generator that does not compile: that go generate failed only follows.
    let compiled = weights.iter().filter(|(id, source)| {
        id.starts_with("source.")
            && !matches!(**id, "source.test" | "source.vet")
            && weights.get("config.generate").is_some_and(|step| {
                let only = |text: &str| {
                    text.contains("exit status") || text.contains("not all generators")
                };
                step.evidence.iter().all(|e| only(&e.text)) && near(source, step, GENERATOR)
            })
    });
    let compiled = compiled.map(|(id, _)| *id).min_by_key(|id| rank(id));
    if let (Some(root), Some(step)) = (compiled, weights.get_mut("config.generate")) {
        step.follows = Some(root);
    }
    for (gives, takes, most) in GIVES_WAY {
        if let (Some(a), Some(b)) = (weights.get(gives), weights.get(takes))
            && b.follows.is_none()
            && (near(a, b, *most) || *most > 100 && near(b, a, *most))
            && let Some(a) = weights.get_mut(gives)
        {
            a.follows = Some(takes);
        }
    }
    let mut order: Vec<(&'static str, u32, u64)> = weights
        .iter()
        .filter(|(_, weight)| weight.follows.is_none())
        .map(|(id, weight)| (*id, rank(id), weight.first))
        .collect();
    order.sort_by_key(|(_, rank, first)| (*rank, *first));
    for (at, (id, ..)) in order.iter().enumerate() {
        let root = order.iter().take(at).find(|(root, ..)| follows(root, id));
        if let (Some((root, ..)), Some(weight)) = (root, weights.get_mut(id)) {
            weight.follows = Some(root);
        }
    }
}
