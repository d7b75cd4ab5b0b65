//! GitLab CI files: `variables` wherever they stand, and the scripts of jobs.
//!
//! Keys: "CI/CD YAML syntax reference". Jobs are the keys that are no keywords; as `variables` and scripts mean the same
//! at every level, the whole tree is searched.

use crate::assignment::{Found, Scope, Via};
use crate::files::{Unread, yaml};
use crate::shell::Script;
use crate::text::Text;
use conftree::{Entry, Node};

const SCRIPTS: [&str; 4] = ["script", "before_script", "after_script", "pre_get_sources_script"];

pub(crate) fn scan(source: &str, found: &mut Found) -> Option<Unread> {
    let (documents, unread) = yaml::parse(source);
    for root in &documents {
        for entry in root.as_map().unwrap_or_default() {
            let key = entry.key.as_str().unwrap_or_default();
            let all = matches!(key, "variables" | "default" | "workflow") || SCRIPTS.contains(&key);
            node(entry, if all { Scope::Workflow } else { Scope::Job }, source, found);
        }
    }
    unread
}

/// Depth is bounded by parsing.
fn node(entry: &Entry, scope: Scope, source: &str, found: &mut Found) {
    let value = &entry.value;
    match entry.key.as_str().unwrap_or_default() {
        "variables" => variables(value, scope, source, found),
        "matrix" => {
            for combination in value.as_list().unwrap_or_default() {
                variables(combination, scope, source, found);
            }
        }
        key if SCRIPTS.contains(&key) => script(value, source, found),
        _ => children(value, scope, source, found),
    }
}

fn children(value: &Node, scope: Scope, source: &str, found: &mut Found) {
    for entry in value.as_map().unwrap_or_default() {
        node(entry, scope, source, found);
    }
    for item in value.as_list().unwrap_or_default() {
        children(item, scope, source, found);
    }
}

/// `NAME: value`, `NAME: {value: …, options: […]}`, and `NAME: [value, …]` in a matrix.
fn variables(map: &Node, scope: Scope, source: &str, found: &mut Found) {
    let via = Via::GitlabVariable(scope);
    for entry in map.as_map().unwrap_or_default() {
        let list = entry.value.as_list().unwrap_or_default().iter();
        let one = entry.value.get("value").unwrap_or(&entry.value);
        for value in list.chain([one]).filter_map(|node| yaml::value(node, source)) {
            yaml::variable(entry, &value, &via, found);
        }
    }
}

/// All commands of a job run in one shell.
fn script(node: &Node, source: &str, found: &mut Found) {
    let mut whole = Text::default();
    for text in yaml::strings(Some(node), source) {
        let end = text.at(text.len());
        whole.push(&text);
        whole.push_char('\n', end);
    }
    let mut script = Script::default();
    script.scan(whole);
    found.0.extend(script.finish().0);
}
