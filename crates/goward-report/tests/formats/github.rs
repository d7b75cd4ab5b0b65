//! GitHub's workflow commands, read the way the runner reads them.

use crate::arbitrary::report;
use crate::sample::{many, rendered, sample};
use goward_model::{Lang, Report};
use goward_report::Format;
use proptest::prelude::*;
use std::collections::HashMap;

/// A command as `ActionCommand.TryParseV2` of actions/runner reads it.
struct Command {
    name: String,
    properties: HashMap<String, String>,
    data: String,
}

fn unescape(text: &str) -> String {
    let text = text.replace("%3A", ":").replace("%2C", ",");
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

fn read(line: &str) -> Command {
    let (head, data) = line.strip_prefix("::").expect(line).split_once("::").expect(line);
    let (name, rest) = head.split_once(' ').expect(line);
    let pairs = rest.split(',').map(|pair| pair.split_once('=').expect(line));
    let properties = pairs.map(|(key, value)| (key.to_owned(), unescape(value))).collect();
    Command { name: name.to_owned(), properties, data: unescape(data) }
}

fn commands(report: &Report) -> Vec<Command> {
    rendered(report, Format::Github, Lang::En).lines().map(read).collect()
}

#[test]
fn the_most_severe_come_first_and_the_gate_last() {
    let all = commands(&sample());
    let titles: Vec<&str> =
        all.iter().map(|command| command.properties["title"].as_str()).collect();
    let tiers: Vec<&str> = titles.iter().map(|title| title.split(' ').next().unwrap()).collect();
    assert_eq!(
        tiers,
        ["P0", "P0", "P1", "P1", "P1", "P1", "P1", "P1", "P1", "P2", "P2", "P3", "goward"]
    );
    let last = all.last().unwrap();
    assert!(last.name == "notice" && last.data.starts_with("gate CLOSED"), "{}", last.data);
    assert!(!titles.contains(&"P1 tls-age"), "what is waived is not annotated");
}

#[test]
fn files_are_named_from_the_repository() {
    let all = commands(&sample());
    let first = &all[0];
    let property = |name: &str| first.properties[name].as_str();
    assert_eq!(
        (property("file"), property("line"), property("col"), property("endColumn")),
        ("services/pay/go.mod", "5", "28", "39")
    );
    let outside = all.iter().find(|command| command.data.starts_with("/etc/ssl")).unwrap();
    assert!(!outside.properties.contains_key("file"));
}

#[test]
fn annotations_are_bounded() {
    let all = commands(&many(1, 1_000));
    assert_eq!(all.len(), 101);
    assert!(all[100].data.ends_with("and 900 more (see --format json)"), "{}", all[100].data);
}

proptest! {
    #[test]
    fn every_line_is_one_command_with_known_properties(report in report()) {
        for command in commands(&report) {
            prop_assert!(["error", "warning", "notice"].contains(&command.name.as_str()));
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            prop_assert!(command.properties.keys().all(|key| known.contains(&key.as_str())));
        }
    }
}
