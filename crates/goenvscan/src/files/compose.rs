//! Compose files: `environment` and `build.args` of services, as maps or as `NAME=VALUE` lists.

use crate::assignment::{Found, Via};
use crate::files::{Unread, yaml};
use crate::shell;
use conftree::Node;

pub(crate) fn scan(source: &str, found: &mut Found) -> Option<Unread> {
    let (documents, unread) = yaml::parse(source);
    for root in &documents {
        for service in root.get("services").and_then(Node::as_map).unwrap_or_default() {
            let service = &service.value;
            settings(service.get("environment"), source, &Via::ContainerEnv, found);
            settings(service.at("build.args"), source, &Via::BuildArg, found);
        }
    }
    unread
}

fn settings(node: Option<&Node>, source: &str, via: &Via, found: &mut Found) {
    yaml::variables(node, source, via, found);
    for item in node.and_then(Node::as_list).unwrap_or_default() {
        let Some(text) = yaml::text(item, source) else { continue };
        if let Some((name, value)) = shell::expand(&text).split_assignment() {
            found.add(&name, &value, text.span(0..text.len()), via.clone());
        }
    }
}
