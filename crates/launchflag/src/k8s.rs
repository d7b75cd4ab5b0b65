//! Kubernetes manifests: the containers of every pod template.
//!
//! - `command` and `args` are joined; `$(VAR)` is expanded as `third_party/forked/golang/expansion` does it: `$$` escapes, an
//!   undefined name stays as it is written. Values from `valueFrom`, or perhaps from `envFrom`, are unknown.
//! - A word of a list is one word, blanks or not.
//! - `initContainers` (sidecars included) and `ephemeralContainers` are not the service.
//! - Several containers: those that mention the flag decide, off before unknown before on. If none does, a container with
//!   neither `command` nor `args` makes the answer unknown, because its image decides. One with `args` alone that lacks the
//!   flag is off: what its image's `ENTRYPOINT` may add is not what the manifest launches.
//! - Any kind counts that has its pods in `spec`, `spec.template.spec`, `spec.jobTemplate.spec.template.spec` or
//!   `template.spec`; so do `List`s, several documents, and partial manifests of kustomize.

mod expansion;

use crate::argv::{Finding, sum_up};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::Word;
use crate::shell::Variables;
use crate::tree::{self, Node};
use crate::verdict::Why;
use expansion::Environment;

/// Where a resource may keep its pod.
const POD_PATHS: &[&[&str]] = &[
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["spec"],
    &["template", "spec"],
    &[],
];

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let documents = match tree::documents(text) {
        Ok(documents) => documents,
        Err(finding) => return finding,
    };
    let mut findings = Vec::new();
    let mut patch = false;
    let mut open: Vec<&Node> = documents.iter().rev().collect();
    while let Some(node) = open.pop() {
        if let Some(items) = tree::items(node) {
            patch |= items.iter().any(|item| tree::child(item, "op").is_some());
            continue;
        }
        if let Some(items) = tree::child(node, "items").and_then(tree::items) {
            open.extend(items.iter().rev());
        }
        findings.extend(containers(node, flag));
    }
    let absent = if patch { Why::Patch } else { Why::NoWorkload };
    sum_up(findings).unwrap_or_else(|| Finding::without(absent, None))
}

/// The findings of a resource's containers.
fn containers(resource: &Node, flag: &Flag) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in POD_PATHS {
        let pod = path.iter().try_fold(resource, |node, key| tree::child(node, key));
        let Some(list) = pod.and_then(|pod| tree::child(pod, "containers")) else { continue };
        match tree::items(list) {
            Some(items) => findings
                .extend(items.iter().filter_map(|container| judge_container(container, flag))),
            None => findings.push(shape("containers", list)),
        }
    }
    // A single container of its own, as in documentation and partial patches.
    let lone = findings.is_empty()
        && ["kind", "spec"].iter().all(|key| tree::child(resource, key).is_none());
    let has_words = ["command", "args"]
        .iter()
        .any(|key| tree::child(resource, key).and_then(tree::items).is_some());
    if lone && has_words {
        findings.extend(judge_container(resource, flag));
    }
    findings
}

fn shape(what: &str, node: &Node) -> Finding {
    let why = if tree::is_template(node) { Why::Template } else { Why::Shape(what.to_owned()) };
    Finding::without(why, Some(&tree::word(node)))
}

/// `None` for a container that a patch deletes.
fn judge_container(container: &Node, flag: &Flag) -> Option<Finding> {
    if tree::child(container, "$patch").is_some_and(|action| tree::word(action).text == "delete") {
        return None;
    }
    let mut environment = Environment::read(container);
    let mut words: Vec<Word> = Vec::new();
    for key in ["command", "args"] {
        let Some(list) = tree::child(container, key).filter(|list| !tree::is_null(list)) else {
            continue;
        };
        let Some(items) = tree::items(list) else { return Some(shape(key, list)) };
        for item in items {
            if !tree::is_text(item) {
                return Some(shape(&format!("a word of {key}"), item));
            }
            words.push(environment.expand(tree::word(item)));
        }
    }
    if environment.too_large() {
        return Some(Finding::without(Why::TooLarge, words.first()));
    }
    if words.is_empty() {
        let name = tree::child(container, "name").map(tree::word);
        return Some(Finding::without(Why::ImageDecides, name.as_ref()));
    }
    Some(launch(words, flag, &environment.into_variables()))
}

impl Environment {
    /// The `env` and `envFrom` of a container.
    fn read(container: &Node) -> Self {
        let from_elsewhere =
            tree::child(container, "envFrom").is_some_and(|list| !tree::is_null(list));
        let mut environment = Self::new(from_elsewhere);
        let list = tree::child(container, "env").and_then(tree::items).unwrap_or_default();
        for variable in list {
            let Some(name) = tree::child(variable, "name").map(tree::word) else { continue };
            let literal = tree::child(variable, "value").filter(|value| !tree::is_null(value));
            let value = match literal {
                Some(value) => environment.expand(tree::word(value)),
                None if tree::child(variable, "valueFrom").is_some() => {
                    Word { open: Some(name.text.clone()), ..Word::default() }
                }
                None => Word::default(),
            };
            environment.set(name.text, value);
        }
        environment
    }
}

/// Variables as a shell in the container would see them.
impl Environment {
    fn into_variables(self) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in self.into_values() {
            variables.set(&name, value);
        }
        variables
    }
}
