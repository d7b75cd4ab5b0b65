//! Scenarios, as they are written: a heading, how to run it, and files.

use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::Path;

/// One way to break a build.
pub struct Scenario {
    pub cause: String,
    pub name: String,
    pub stage: String,
    pub run: String,
    pub env: Vec<(String, String)>,
    versions: String,
    files: Vec<(String, String)>,
}

impl Scenario {
    /// What was written by hand instead.
    pub fn log(&self) -> Option<&str> {
        self.files.iter().find(|(name, _)| name == "log").map(|(_, text)| text.as_str())
    }

    /// The versions to run under: named ones, or the usual.
    pub fn versions<'a>(&self, all: &[&'a str], usual: &[&'a str]) -> Vec<&'a str> {
        let named = |version: &&&str| {
            self.versions.split_whitespace().any(|name| version.starts_with(name))
        };
        match self.versions.as_str() {
            "" => usual.to_vec(),
            "all" => all.to_vec(),
            _ => all.iter().filter(named).copied().collect(),
        }
    }

    /// Writes its files; those under `proxy/MODULE@VERSION/` become a module proxy.
    pub fn unpack(&self, dir: &Path, proxy: &Path) -> Result<()> {
        let _ = fs::remove_dir_all(proxy);
        fs::create_dir_all(dir)?;
        fs::create_dir_all(proxy)?;
        let has_module = self.files.iter().any(|(name, _)| name == "go.mod" || name == "no-go.mod");
        if !has_module {
            fs::write(dir.join("go.mod"), "module example.com/hello\n\ngo 1.21\n")?;
        }
        let mut modules: Vec<(String, Vec<(&str, &str)>)> = vec![];
        for (name, text) in &self.files {
            if name == "no-go.mod" {
                continue;
            }
            if let Some(rest) = name.strip_prefix("proxy/") {
                let at = rest.find('@').context("proxy/MODULE@VERSION/FILE")?;
                let slash = rest
                    .get(at..)
                    .and_then(|r| r.find('/'))
                    .context("proxy/MODULE@VERSION/FILE")?
                    + at;
                let (module, file) = rest.split_at(slash);
                let file = file.trim_start_matches('/');
                match modules.iter_mut().find(|(known, _)| known == module) {
                    Some((_, files)) => files.push((file, text)),
                    None => modules.push((module.to_owned(), vec![(file, text)])),
                }
                continue;
            }
            let path = dir.join(name);
            fs::create_dir_all(path.parent().context("no folder")?)?;
            fs::write(path, text)?;
        }
        for (module, files) in modules {
            super::proxy::publish(proxy, &module, &files)?;
        }
        Ok(())
    }
}

/// Reads a file of scenarios: `=== CAUSE/NAME`, then `key: value` lines, then txtar.
pub fn parse(text: &str) -> Result<Vec<Scenario>> {
    let mut scenarios: Vec<Scenario> = vec![];
    let mut file = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if let Some(heading) = bare.strip_prefix("=== ").filter(|heading| is_heading(heading)) {
            let (cause, name) = heading.split_once('/').context("=== CAUSE/NAME")?;
            scenarios.push(Scenario {
                cause: cause.to_owned(),
                name: name.to_owned(),
                stage: "compile".to_owned(),
                run: "go build ./...".to_owned(),
                env: vec![],
                versions: String::new(),
                files: vec![],
            });
            file = false;
            continue;
        }
        let Some(scenario) = scenarios.last_mut() else { continue };
        if let Some(name) = bare.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            scenario.files.push((name.to_owned(), String::new()));
            file = true;
        } else if file {
            if let Some((_, text)) = scenario.files.last_mut() {
                *text += line;
            }
        } else if let Some((key, value)) = bare.split_once(": ") {
            match key {
                "stage" => scenario.stage = value.to_owned(),
                "run" => scenario.run = value.to_owned(),
                "go" => scenario.versions = value.to_owned(),
                "env" => {
                    let (name, value) = value.split_once('=').context("env: NAME=VALUE")?;
                    scenario.env.push((name.to_owned(), value.to_owned()));
                }
                _ => anyhow::bail!("{}/{}: {key}?", scenario.cause, scenario.name),
            }
        } else {
            ensure!(bare.is_empty(), "{}/{}: {bare}?", scenario.cause, scenario.name);
        }
    }
    Ok(scenarios)
}

/// A log may hold `=== RUN   TestX/y`.
fn is_heading(text: &str) -> bool {
    text.split_once('/').is_some_and(|(cause, _)| goward_causes::cause_of(cause).is_some())
}
