//! Listings of `go list -json`: refused or read, never a panic; what is read has an order and no package twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|bytes: &[u8]| {
    let Ok((packages, modules)) = gopackages::from_list(bytes) else { return };
    let names: Vec<String> = packages.iter().map(|(_, package)| package.id()).collect();
    assert!(!names.is_empty());
    for (_, package) in packages.iter() {
        assert!(package.module.is_none_or(|index| index < modules.len()));
        assert!(package.dependencies.iter().all(|id| packages.get(*id).is_some()));
    }
    let ids: BTreeSet<usize> = packages.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), names.len());
});
