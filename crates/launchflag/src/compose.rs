//! Compose files: `command` and `entrypoint` of every service.
//!
//! - `${VAR}` is filled in from the environment of whoever starts the project, or from `.env`: unknown to us, default or
//!   not. `$$` is a dollar.
//! - A string is cut into words as compose does it, without a shell; a list is taken as it is.
//! - `entrypoint` replaces the image's and clears its `CMD`. With neither, the image decides.
//! - `extends` of a service in the same file is followed; `healthcheck`, `deploy` and `environment` are not launched.
//! - Several services count like the containers of a pod.

mod words;

use crate::argv::{Finding, sum_up};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::Word;
use crate::shell::Variables;
use crate::tree::{self, Node};
use crate::verdict::Why;

/// `extends` may not be followed further than this.
const MAX_EXTENDS: usize = 16;
/// A file with more services is not judged.
const MAX_SERVICES: usize = 2000;

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let documents = match tree::documents(text) {
        Ok(documents) => documents,
        Err(finding) => return finding,
    };
    let services: Vec<(Word, &Node)> = documents
        .iter()
        .filter_map(|document| tree::child(document, "services"))
        .flat_map(|services| {
            tree::entries(services).into_iter().map(|(name, service)| (tree::word(name), service))
        })
        .collect();
    if services.len() > MAX_SERVICES {
        return Finding::without(Why::TooLarge, None);
    }
    // A later document overrides an earlier one.
    let layers = |name: &str| -> Vec<&Node> {
        services
            .iter()
            .rev()
            .filter(|(other, _)| other.text == name)
            .map(|(_, service)| *service)
            .collect()
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for (name, _) in &services {
        if !seen.contains(&name.text.as_str()) {
            seen.push(&name.text);
            findings.push(judge_service(name, &layers, flag));
        }
    }
    sum_up(findings).unwrap_or_else(|| Finding::without(Why::NoServices, None))
}

/// A service, the services that it extends behind it.
struct Service<'n> {
    layers: Vec<&'n Node>,
    /// It extends a service of another file.
    elsewhere: bool,
}

impl<'n> Service<'n> {
    fn read(name: &str, layers: &dyn Fn(&str) -> Vec<&'n Node>) -> Self {
        let mut service = Service { layers: layers(name), elsewhere: false };
        for _ in 0..MAX_EXTENDS {
            let last = service.layers.last().and_then(|layer| tree::child(layer, "extends"));
            let Some(extends) = last.filter(|extends| !tree::is_null(extends)) else {
                return service;
            };
            let base = match tree::child(extends, "service") {
                Some(base) if tree::child(extends, "file").is_none() => {
                    layers(&tree::word(base).text)
                }
                None if tree::is_text(extends) => layers(&tree::word(extends).text),
                _ => Vec::new(),
            };
            if base.is_empty() {
                service.elsewhere = true;
                return service;
            }
            service.layers.extend(base);
        }
        service.elsewhere = true;
        service
    }

    fn get(&self, key: &str) -> Option<&'n Node> {
        self.layers
            .iter()
            .find_map(|layer| tree::child(layer, key))
            .filter(|node| !tree::is_null(node))
    }

    /// The variables of `environment`; those of an `env_file` or of the host are unknown.
    fn variables(&self) -> Variables {
        let mut variables = Variables::default();
        for layer in self.layers.iter().rev() {
            let Some(list) = tree::child(layer, "environment") else { continue };
            for item in tree::items(list).unwrap_or_default() {
                let item = words::interpolate(&tree::word(item)).unwrap_or_default().into_word();
                let value = item.text.split_once('=').filter(|_| item.open.is_none());
                let name = item.text.split_once('=').map_or(item.text.as_str(), |(name, _)| name);
                variables.set(name, value.map(|(_, value)| value.to_owned()));
            }
            for (name, value) in tree::entries(list) {
                let known = words::interpolate(&tree::word(value)).ok().map(words::Text::into_word);
                let known = known.filter(|word| word.open.is_none() && !tree::is_null(value));
                variables.set(&tree::word(name).text, known.map(|word| word.text));
            }
        }
        variables
    }
}

fn judge_service<'n>(name: &Word, layers: &dyn Fn(&str) -> Vec<&'n Node>, flag: &Flag) -> Finding {
    let service = Service::read(&name.text, layers);
    let mut command = Vec::new();
    for key in ["entrypoint", "command"] {
        let Some(node) = service.get(key) else { continue };
        match words::command(node) {
            Ok(more) => command.extend(more),
            Err(why) => return Finding::without(why, Some(&tree::word(node))),
        }
    }
    if command.is_empty() {
        let why = if service.elsewhere {
            Why::Elsewhere("extends".to_owned())
        } else {
            Why::ImageDecides
        };
        return Finding::without(why, Some(name));
    }
    launch(command, flag, &service.variables())
}
