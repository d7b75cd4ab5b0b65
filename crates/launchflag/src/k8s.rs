//! Kubernetes manifests: the containers of every pod template.
//!
//! - `command` and `args` are joined; `$(VAR)` is expanded as `third_party/forked/golang/expansion` does it: `$$` escapes, an
//!   undefined name stays as it is written. Values from `valueFrom`, or perhaps from `envFrom`, are unknown.
//! - A word of a list is one word, blanks or not.
//! - `initContainers` (sidecars included) and `ephemeralContainers` are not the service.
//! - Several containers: those that mention the flag decide, off before unknown before on. If none does, the flag is off,
//!   unless no container has `command` or `args` at all: then the images decide. What an image's `ENTRYPOINT` may add to
//!   `args` is not what the manifest launches.
//! - Jobs and CronJobs count only where no other workload is: they are not the service.
//! - Any kind counts that has its pods in `spec`, `spec.template.spec`, `spec.jobTemplate.spec.template.spec` or
//!   `template.spec`; so do `List`s, several documents, and partial manifests of kustomize.

mod expansion;

use conftree::{Node, Value};

use crate::argv::{Finding, sum_up};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::{Place, Word};
use crate::tree::{Tree, given, is_template};
use crate::verdict::Why;
use expansion::Environment;

/// Where a resource may keep its pod.
const POD_PATHS: &[&str] =
    &["spec.template.spec", "spec.jobTemplate.spec.template.spec", "spec", "template.spec"];

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let tree = match Tree::parse(text) {
        Ok(tree) => tree,
        Err(finding) => return finding,
    };
    let manifest = Manifest { tree: &tree, flag };
    let (mut services, mut jobs) = (Vec::new(), Vec::new());
    let mut patch = false;
    let mut open: Vec<&Node> = tree.documents.iter().rev().collect();
    while let Some(node) = open.pop() {
        if let Some(items) = node.as_list() {
            patch |= items.iter().any(|item| item.get("op").is_some());
            continue;
        }
        if let Some(items) = node.get("items").and_then(Node::as_list) {
            open.extend(items.iter().rev());
        }
        let is_job = node
            .get("kind")
            .and_then(Node::as_str)
            .is_some_and(|kind| matches!(kind, "Job" | "CronJob"));
        let findings = if is_job { &mut jobs } else { &mut services };
        findings.extend(manifest.containers(node));
    }
    let absent = if patch { Why::Patch } else { Why::NoWorkload };
    sum_up(services).or_else(|| sum_up(jobs)).unwrap_or_else(|| Finding::without(absent, None))
}

struct Manifest<'m> {
    tree: &'m Tree<'m>,
    flag: &'m Flag,
}

impl Manifest<'_> {
    /// The findings of a resource's containers.
    fn containers(&self, resource: &Node) -> Vec<Finding> {
        let mut findings = Vec::new();
        let pods = POD_PATHS.iter().filter_map(|path| resource.at(path)).chain([resource]);
        for list in pods.filter_map(|pod| given(pod, "containers")) {
            match list.as_list() {
                Some(items) => {
                    findings.extend(items.iter().filter_map(|container| self.container(container)))
                }
                None => findings.push(self.shape("containers", list)),
            }
        }
        // A single container of its own, as in documentation and partial patches.
        let lone =
            findings.is_empty() && resource.get("kind").is_none() && resource.get("spec").is_none();
        if lone
            && ["command", "args"]
                .iter()
                .any(|key| resource.get(key).is_some_and(|list| list.as_list().is_some()))
        {
            findings.extend(self.container(resource));
        }
        findings
    }

    fn shape(&self, what: &str, node: &Node) -> Finding {
        let why = if is_template(node) { Why::Template } else { Why::Shape(what.to_owned()) };
        Finding::without(why, Some(&self.tree.word(node)))
    }

    /// `None` for a container that a patch deletes.
    fn container(&self, container: &Node) -> Option<Finding> {
        if container.get("$patch").and_then(Node::as_str) == Some("delete") {
            return None;
        }
        let mut environment = self.environment(container);
        let mut words: Vec<Word> = Vec::new();
        for key in ["command", "args"] {
            let Some(list) = given(container, key) else { continue };
            let Some(items) = list.as_list() else { return Some(self.shape(key, list)) };
            for item in items {
                // The API server refuses a number or a boolean.
                if item.as_str().is_none() {
                    return Some(self.shape(&format!("a word of {key}"), item));
                }
                words.push(environment.expand(&self.tree.word(item)));
            }
        }
        if environment.too_large() {
            return Some(Finding::without(Why::TooLarge, words.first()));
        }
        if words.is_empty() {
            let name = container.get("name").map(|name| self.tree.word(name));
            return Some(Finding::without(Why::ImageDecides, name.as_ref()));
        }
        Some(launch(words, self.flag, &environment.into_variables()))
    }

    /// The `env` and `envFrom` of a container. Each value sees those in front of it.
    fn environment(&self, container: &Node) -> Environment {
        let mut environment = Environment::new(given(container, "envFrom").is_some());
        let list = container.get("env").and_then(Node::as_list).unwrap_or_default();
        for variable in list {
            let Some(name) = variable.get("name").and_then(Node::as_str) else { continue };
            let value = match (given(variable, "value"), given(variable, "valueFrom")) {
                (Some(value), _) if matches!(value.value, Value::String(_)) => {
                    environment.expand(&self.tree.word(value))
                }
                (None, None) => Word::default(),
                _ => Word::open("", name, Place::Nowhere),
            };
            environment.set(name, &value);
        }
        environment
    }
}
