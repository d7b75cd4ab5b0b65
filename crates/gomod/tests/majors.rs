//! Modules that a build list holds twice.

use gomod::{Mix, ModuleVersion, mixed_majors};
use proptest::prelude::*;

/// Name, build list, and what is told: `MIX path: modules`.
const CASES: &[(&str, &str, &str)] = &[
    ("one", "a/b@v1.0.0", ""),
    (
        "different modules",
        "a/b@v1.0.0 a/c@v1.0.0 a/b/c@v1.0.0 a/b/c/v2@v2.0.0",
        "Majors a/b/c: a/b/c@v1.0.0 a/b/c/v2@v2.0.0",
    ),
    ("v1 and v2", "a/b/v2@v2.0.0 a/b@v1.0.0", "Majors a/b: a/b@v1.0.0 a/b/v2@v2.0.0"),
    ("v0 and v2", "a/b@v0.1.0 a/b/v2@v2.0.0", "Majors a/b: a/b@v0.1.0 a/b/v2@v2.0.0"),
    ("v2 and v10", "a/b/v10@v10.0.0 a/b/v2@v2.0.0", "Majors a/b: a/b/v2@v2.0.0 a/b/v10@v10.0.0"),
    (
        "three",
        "a/b@v1.0.0 a/b/v2@v2.0.0 a/b/v3@v3.0.0",
        "Majors a/b: a/b@v1.0.0 a/b/v2@v2.0.0 a/b/v3@v3.0.0",
    ),
    (
        "gopkg.in",
        "gopkg.in/yaml.v2@v2.4.0 gopkg.in/yaml.v3@v3.0.1",
        "Majors gopkg.in/yaml: gopkg.in/yaml.v2@v2.4.0 gopkg.in/yaml.v3@v3.0.1",
    ),
    (
        "gopkg.in with v0 and v1",
        "gopkg.in/a.v0@v0.1.0 gopkg.in/a.v1@v1.0.0",
        "Majors gopkg.in/a: gopkg.in/a.v0@v0.1.0 gopkg.in/a.v1@v1.0.0",
    ),
    (
        "gopkg.in unstable of the same major",
        "gopkg.in/a.v2@v2.0.0 gopkg.in/a.v2-unstable@v2.0.0",
        "",
    ),
    (
        "incompatible and v3",
        "a/b@v2.1.0+incompatible a/b/v3@v3.0.0",
        "Incompatible a/b: a/b@v2.1.0+incompatible a/b/v3@v3.0.0",
    ),
    ("incompatible alone", "a/b@v2.1.0+incompatible a/c@v1.0.0", ""),
    (
        "incompatible and the same major",
        "a/b@v2.1.0+incompatible a/b/v2@v2.0.0",
        "Incompatible a/b: a/b@v2.1.0+incompatible a/b/v2@v2.0.0",
    ),
    ("case", "a/B@v1.0.0 a/b@v1.0.0", "Case a/B: a/B@v1.0.0 a/b@v1.0.0"),
    (
        "case and majors",
        "a/B/v2@v2.0.0 a/b@v1.0.0",
        "Majors a/b: a/b@v1.0.0 a/B/v2@v2.0.0; Case a/b: a/b@v1.0.0 a/B/v2@v2.0.0",
    ),
    ("a module in a folder that is called v1", "a/b/v1@v1.0.0 a/b@v1.0.0", ""),
    ("the main module", "a/b@ a/b/v2@v2.0.0", "Majors a/b: a/b@ a/b/v2@v2.0.0"),
    ("the same path twice", "a/b@v1.0.0 a/b@v1.1.0", ""),
    ("go and toolchain", "go@1.24.0 toolchain@go1.24.1", ""),
];

fn module(text: &str) -> ModuleVersion {
    let (path, version) = text.split_once('@').unwrap_or_default();
    ModuleVersion { path: path.to_owned(), version: version.to_owned() }
}

fn shown(list: &[ModuleVersion]) -> String {
    let told = mixed_majors(list).into_iter().map(|one| {
        let modules = one.modules.iter().map(|one| format!(" {}@{}", one.path, one.version));
        format!("{:?} {}:{}", one.mix, one.path, modules.collect::<String>())
    });
    told.collect::<Vec<_>>().join("; ")
}

#[test]
fn mixed_modules_are_told() {
    for (name, list, want) in CASES {
        let list: Vec<_> = list.split(' ').map(module).collect();
        assert_eq!(shown(&list), *want, "{name}");
        let turned: Vec<_> = list.into_iter().rev().collect();
        if *name != "the same path twice" {
            assert_eq!(shown(&turned), *want, "{name}, turned");
        }
    }
    assert_eq!(Mix::Majors.to_string(), "two major versions of a module");
}

proptest! {
    #[test]
    fn what_is_told_has_at_least_two_modules(list in prop::collection::vec("[ab]/[ABab](/v[0-3])?@v[0-3]\\.0\\.0(\\+incompatible)?", 0..12)) {
        let list: Vec<_> = list.iter().map(|text| module(text)).collect();
        for mix in mixed_majors(&list) {
            prop_assert!(mix.modules.len() > 1);
            prop_assert!(mix.modules.iter().all(|module| list.contains(module)));
            prop_assert!(mix.modules[0].path.starts_with(&mix.path));
        }
    }
}

#[test]
fn long_lists_are_read() {
    let list: Vec<_> = (2..60_000).map(|n| module(&format!("a/b/v{n}@v{n}.0.0"))).collect();
    assert_eq!(mixed_majors(&list)[0].modules.len(), 59_998);
}
