//! GitHub workflows and actions: `env` of the workflow, its jobs and steps, and the scripts of `run`.
//!
//! Keys: "Workflow syntax for GitHub Actions" and "Metadata syntax for GitHub Actions".

use crate::assignment::{Found, Scope, Via, line_span};
use crate::files::{Unread, yaml};
use crate::shell::Script;
use crate::value::Value;
use conftree::Node;

pub(crate) fn scan(source: &str, found: &mut Found) -> Option<Unread> {
    let (documents, unread) = yaml::parse(source);
    for root in &documents {
        let env = |node: &Node, scope, found: &mut Found| {
            yaml::variables(node.get("env"), source, &Via::GithubEnv(scope), found);
        };
        env(root, Scope::Workflow, found);
        let shell = root.at("defaults.run.shell").and_then(Node::as_str);
        for job in root.get("jobs").and_then(Node::as_map).unwrap_or_default() {
            let job = &job.value;
            env(job, Scope::Job, found);
            if let Some(container) = job.get("container") {
                env(container, Scope::Job, found);
            }
            for service in job.get("services").and_then(Node::as_map).unwrap_or_default() {
                env(&service.value, Scope::Job, found);
            }
            let shell = job.at("defaults.run.shell").and_then(Node::as_str).or(shell);
            steps(job.get("steps"), shell, source, found);
        }
        steps(root.at("runs.steps"), None, source, found);
        if let Some(runs) = root.get("runs") {
            env(runs, Scope::Job, found);
        }
    }
    unread
}

fn steps(steps: Option<&Node>, shell: Option<&str>, source: &str, found: &mut Found) {
    for step in steps.and_then(Node::as_list).unwrap_or_default() {
        yaml::variables(step.get("env"), source, &Via::GithubEnv(Scope::Step), found);
        let shell = step.get("shell").and_then(Node::as_str).or(shell);
        // An expression may give any shell.
        let foreign = |name: &str| {
            ["pwsh", "powershell", "cmd", "python"].iter().any(|s| name.starts_with(s))
        };
        let run = step.get("run").filter(|_| !shell.is_some_and(foreign));
        if let Some(text) = run.and_then(|run| yaml::text(run, source)) {
            let mut script = Script::default();
            script.scan(text);
            found.0.extend(script.finish().0);
        }
        // docker/build-push-action
        let arguments = step.at("with.build-args").and_then(|node| yaml::value(node, source));
        for line in &arguments.iter().flat_map(Value::lines).collect::<Vec<_>>() {
            if let Some((name, value)) = line.split_assignment() {
                found.add(name.trim(), &value, line_span(line), Via::BuildArg);
            }
        }
    }
}
