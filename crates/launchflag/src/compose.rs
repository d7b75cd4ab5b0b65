//! Compose files: `command` and `entrypoint` of every service.
//!
//! - `${VAR}` is filled in from the environment of whoever starts the project, or from `.env`: unknown to us, default or
//!   not. `$$` is a dollar.
//! - A string is cut into words as compose does it, without a shell; a list is taken as it is.
//! - `entrypoint` replaces the image's and clears its `CMD`. With neither, the image decides.
//! - `extends` of a service in the same file is followed; `healthcheck`, `deploy` and `environment` are not launched.
//! - Several services count like the containers of a pod.

mod words;

use conftree::{Node, Value};

use crate::argv::{Finding, sum_up};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::Word;
use crate::shell::Variables;
use crate::tree::{Tree, given};
use crate::verdict::Why;

/// `extends` may not be followed further than this.
const MAX_EXTENDS: usize = 16;
/// A file with more services is not judged.
const MAX_SERVICES: usize = 2000;

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    // Tags by which one file of several takes back what another says.
    if let Some(tag) = ["!reset", "!override"].iter().find(|tag| text.contains(**tag)) {
        return Finding::without(Why::Elsewhere((*tag).to_owned()), None);
    }
    let tree = match Tree::parse(text) {
        Ok(tree) => tree,
        Err(finding) => return finding,
    };
    let maps = tree.documents.iter().filter_map(|document| document.get("services")?.as_map());
    let services: Vec<_> = maps.flatten().collect();
    if services.len() > MAX_SERVICES {
        return Finding::without(Why::TooLarge, None);
    }
    // A later document overrides an earlier one.
    let layers = |name: &str| -> Vec<&Node> {
        let same = services.iter().rev().filter(|entry| entry.key.as_str() == Some(name));
        same.map(|entry| &entry.value).collect()
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for entry in &services {
        let name = entry.key.as_str().unwrap_or_default();
        if !seen.contains(&name) {
            seen.push(name);
            let service = Service::read(&tree, layers(name), &layers);
            findings.push(service.judge(&tree.word(&entry.key), flag));
        }
    }
    sum_up(findings).unwrap_or_else(|| Finding::without(Why::NoServices, None))
}

/// A service, the services that it extends behind it.
struct Service<'n> {
    tree: &'n Tree<'n>,
    layers: Vec<&'n Node>,
    /// It extends a service of another file.
    elsewhere: bool,
}

impl<'n> Service<'n> {
    fn read(
        tree: &'n Tree<'n>,
        own: Vec<&'n Node>,
        layers: &dyn Fn(&str) -> Vec<&'n Node>,
    ) -> Self {
        let mut service = Service { tree, layers: own, elsewhere: false };
        for _ in 0..MAX_EXTENDS {
            let last = service.layers.last().and_then(|layer| given(layer, "extends"));
            let Some(extends) = last else { return service };
            let base = match (extends.as_str(), extends.get("service").and_then(Node::as_str)) {
                (Some(name), _) => layers(name),
                (None, Some(name)) if given(extends, "file").is_none() => layers(name),
                _ => Vec::new(),
            };
            if base.is_empty() {
                break;
            }
            service.layers.extend(base);
        }
        service.elsewhere = true;
        service
    }

    /// The value of the first layer that has the key.
    fn get(&self, key: &str) -> Option<&'n Node> {
        self.layers.iter().find_map(|layer| layer.get(key)).filter(|node| node.value != Value::Null)
    }

    fn judge(&self, name: &Word, flag: &Flag) -> Finding {
        let mut command = Vec::new();
        for key in ["entrypoint", "command"] {
            let Some(node) = self.get(key) else { continue };
            match words::command(self.tree, node) {
                Ok(more) => command.extend(more),
                Err(why) => return Finding::without(why, Some(&self.tree.word(node))),
            }
        }
        if command.is_empty() {
            let why = if self.elsewhere {
                Why::Elsewhere("extends".to_owned())
            } else {
                Why::ImageDecides
            };
            return Finding::without(why, Some(name));
        }
        launch(command, flag, &self.variables())
    }

    /// The variables of `environment`; those of an `env_file` or of the host are unknown.
    fn variables(&self) -> Variables {
        let mut variables = Variables::default();
        let known = |node: &Node| {
            let word = words::interpolate(&self.tree.word(node)).ok()?;
            word.as_known().map(str::to_owned)
        };
        for list in self.layers.iter().rev().filter_map(|layer| layer.get("environment")) {
            for item in list.as_list().unwrap_or_default() {
                let text = known(item).unwrap_or_default();
                match text.split_once('=') {
                    Some((name, value)) => variables.set(name, Some(value.to_owned())),
                    None => variables.set(item.as_str().unwrap_or_default(), None),
                }
            }
            for entry in list.as_map().unwrap_or_default() {
                let value =
                    if entry.value.value == Value::Null { None } else { known(&entry.value) };
                variables.set(entry.key.as_str().unwrap_or_default(), value);
            }
        }
        variables
    }
}
