//! Plugins and their hosts.

use crate::world::*;
use goartifact::AfterLink;
use gosnapshot::{Snapshot, compare};
use std::collections::BTreeMap;

/// A host that can load plugins, and a plugin.
fn host_and_plugin() -> (Snapshot, Snapshot) {
    let hashes = |names: &[(&str, &str)]| -> Option<BTreeMap<String, String>> {
        Some(names.iter().map(|(name, hash)| ((*name).into(), hash.repeat(8))).collect())
    };
    let (mut host, mut plugin) = (service(), service());
    host.packages = hashes(&[("fmt", "01"), ("main", "02"), ("plugin", "03"), ("runtime", "04")]);
    plugin.packages = hashes(&[("fmt", "01"), ("runtime", "04"), ("example.com/plug", "05")]);
    plugin.program.as_mut().unwrap().path = Some("example.com/plug".into());
    set(&mut plugin, "-buildmode", "plugin");
    plugin.links.as_mut().unwrap().interpreter = None;
    (host, plugin)
}

#[test]
fn a_plugin_fits_its_host_as_plugin_open_has_it() {
    let (host, plugin) = host_and_plugin();
    assert_eq!(rules(&compare(&host, &plugin)), Vec::<&str>::new());
    let with = |change: Change| {
        let (_, mut plugin) = host_and_plugin();
        change(&mut plugin);
        rules(&compare(&host, &plugin))
    };
    let other = |b: &mut Snapshot| {
        b.packages.as_mut().unwrap().insert("fmt".into(), "06".repeat(8));
    };
    assert_eq!(with(other), ["package-hash"]);
    // A package that only the plugin has comes with it.
    let own = |b: &mut Snapshot| {
        b.packages.as_mut().unwrap().insert("example.com/own".into(), "07".repeat(8));
    };
    assert_eq!(with(own), Vec::<&str>::new());
    assert_eq!(with(|b| go(b, "go1.25.5")), ["plugin-go-version"]);
    assert_eq!(with(|b| go(b, "go1.24.12")), ["go-patch"]);
    assert_eq!(with(|b| modules(b).push(module("example.com/own", "v1.0.0"))), Vec::<&str>::new());
}

#[test]
fn a_program_without_a_loader_loads_no_plugin() {
    let (mut host, plugin) = host_and_plugin();
    host.packages = Some(BTreeMap::new());
    assert_eq!(rules(&compare(&host, &plugin)), ["plugin-host"]);
    host.packages = None;
    let comparison = compare(&host, &plugin);
    assert!(comparison.gaps.iter().any(|gap| gap.rule == "package-hash"), "{:?}", comparison.gaps);
}

#[test]
fn a_stripped_host_takes_plugins_and_a_stripped_plugin_is_told() {
    let changed = AfterLink::Changed { signs: vec![goartifact::Change::Stripped] };
    let (mut host, plugin) = host_and_plugin();
    after_link(&mut host, changed.clone());
    assert!(!rules(&compare(&host, &plugin)).contains(&"after-link"));
    let (host, mut plugin) = host_and_plugin();
    after_link(&mut plugin, changed);
    assert!(rules(&compare(&host, &plugin)).contains(&"after-link"));
}
