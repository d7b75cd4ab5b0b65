//! One change, one difference: each rule fires where it should and nowhere else.
#![expect(clippy::unwrap_used, reason = "tests")]

mod changes;
mod plugins;
mod world;

use changes::{CHANGES, SILENT};
use world::*;

use goartifact::AfterLink;
use gosnapshot::{Comparison, Kind, RULES, Snapshot, compare};
use std::collections::BTreeSet;

#[test]
fn one_change_is_one_difference_and_hides_nothing() {
    for (name, change, wanted) in CHANGES {
        let (a, mut b) = (service(), service());
        change(&mut b);
        let comparison = compare(&a, &b);
        assert_eq!(rules(&comparison), *wanted, "{name}: {:?}", comparison.differences);
        assert_eq!(comparison.gaps, [], "{name}");
    }
}

#[test]
fn an_experiment_in_the_version_is_no_other_toolchain() {
    // Until Go 1.25 behind a blank, then behind a hyphen.
    for version in ["go1.24.11 X:nodwarf5", "go1.24.11-X:nodwarf5"] {
        let (a, mut b) = (service(), service());
        b.program.as_mut().unwrap().go_version = version.into();
        set(&mut b, "GOEXPERIMENT", "nodwarf5");
        assert_eq!(rules(&compare(&a, &b)), ["goexperiment"], "{version}");
    }
}

#[test]
fn without_cgo_its_flags_do_not_matter() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        set(side, "CGO_ENABLED", "0");
    }
    b.paths.as_mut().unwrap().flags.insert("CGO_CFLAGS".into(), "-O3".into());
    assert_eq!(rules(&compare(&a, &b)), Vec::<&str>::new());
}

#[test]
fn what_a_side_does_not_tell_is_no_equality() {
    for (name, take_away, rule) in SILENT {
        for swapped in [false, true] {
            let (whole, mut less) = (service(), service());
            take_away(&mut less);
            let comparison = match swapped {
                false => compare(&whole, &less),
                true => compare(&less, &whole),
            };
            // What A's program asks for does not matter where its machine is known.
            if swapped && *rule == "glibc" {
                continue;
            }
            assert_eq!(comparison.differences, [], "{name}");
            assert!(comparison.gaps.iter().any(|gap| gap.rule == *rule), "{name} {swapped}");
        }
    }
}

#[test]
fn a_folder_that_replaces_on_both_sides_has_unknown_content_unless_it_has_a_sum() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        modules(side)[0] = replaced("example.com/direct", "v1.2.0", "../fork", "");
    }
    let comparison = compare(&a, &b);
    assert_eq!((rules(&comparison), comparison.gaps[0].rule), (vec![], "replace-local"));
    for (side, sum) in [(&mut a, "h1:1"), (&mut b, "h1:2")] {
        modules(side)[0].replace.as_mut().unwrap().sum = sum.into();
    }
    assert_eq!(rules(&compare(&a, &b)), ["replace-local"]);
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "../other", "");
    assert_eq!(rules(&compare(&a, &b)), ["replace-local"]);
}

#[test]
fn other_forks_are_told_apart() {
    let (mut a, mut b) = (service(), service());
    modules(&mut a)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.1");
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.2");
    assert_eq!(rules(&compare(&a, &b)), ["replace-changed"]);
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.1");
    assert_eq!(rules(&compare(&a, &b)), Vec::<&str>::new());
    modules(&mut b)[0].replace.as_mut().unwrap().sum = "h1:moved".into();
    assert_eq!(rules(&compare(&a, &b)), ["module-sum"]);
}

#[test]
fn two_programs_tell_no_toolchain_and_that_is_said() {
    let program = |mut it: Snapshot| {
        (it.toolchain, it.c_compiler, it.host, it.paths) = (None, None, None, None);
        it.source.kind = Kind::Binary;
        it
    };
    let (a, b) = (program(service()), program(service()));
    // One that is of the link that a snapshot was taken of was made by its toolchain and flags.
    let linked = |mut it: Snapshot, id: &str| {
        it.program.as_mut().unwrap().build_id = Some(id.into());
        it
    };
    for (id, all_known) in [("a/b/c/d", true), ("chosen", false)] {
        let comparison = compare(&linked(service(), id), &linked(b.clone(), id));
        assert_eq!((rules(&comparison), comparison.gaps.is_empty()), (vec![], all_known), "{id}");
    }
    let comparison = compare(&a, &b);
    assert_eq!((rules(&comparison), comparison.gaps.len()), (vec![], 0));
    for rule in ["toolchain-identity", "c-compiler", "ldflags", "cgo-flags"] {
        assert!(comparison.skipped.contains_key(rule), "{rule}");
    }
    // A needs what its machine has; more than that nobody knows.
    let mut newer = b;
    newer.links = Some(links("GLIBC_2.34"));
    assert_eq!(compare(&a, &newer).gaps[0].rule, "glibc");
    newer.links = Some(links("GLIBC_2.14"));
    assert_eq!(compare(&a, &newer).gaps, []);
}

#[test]
fn between_minor_versions_a_default_on_one_side_says_nothing() {
    let (a, mut b) = (service(), service());
    go(&mut b, "go1.25.5");
    set(&mut b, "DefaultGODEBUG", "tlsmlkem=0,containermaxprocs=0");
    assert_eq!(rules(&compare(&a, &b)), ["go-minor"]);
    set(&mut b, "DefaultGODEBUG", "tlsmlkem=1");
    assert_eq!(rules(&compare(&a, &b)), ["go-minor", "godebug-default"]);
}

#[test]
fn the_same_build_id_is_the_same_program() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        side.program.as_mut().unwrap().build_id = Some("x/y".into());
    }
    (a.links, a.packages, a.host) = (None, None, None);
    assert_eq!(compare(&a, &b).gaps, []);
}

#[test]
fn another_link_is_said_where_nothing_else_differs() {
    let (mut a, mut b) = (service(), service());
    a.program.as_mut().unwrap().build_id = Some("x/y".into());
    b.program.as_mut().unwrap().build_id = Some("x/z".into());
    assert_eq!(rules(&compare(&a, &b)), ["code"]);
}

/// What is unknown of a kind of difference, in English.
fn unknown<'a>(comparison: &'a Comparison, rule: &str) -> Vec<&'a str> {
    let gaps = comparison.gaps.iter().filter(|it| it.rule == rule);
    gaps.map(|it| it.why.en.as_str()).collect()
}

#[test]
fn a_commit_that_is_not_named_is_no_equality() {
    let (named, mut nameless) = (service(), service());
    nameless.program.as_mut().unwrap().settings.remove("vcs.revision");
    let comparison = compare(&named, &nameless);
    assert!(comparison.differences.is_empty());
    assert_eq!(
        unknown(&comparison, "vcs"),
        ["B names no commit: built with -buildvcs=false or outside of a repository"]
    );
    let neither = compare(&nameless, &nameless);
    assert!(neither.skipped["vcs"].en.contains("-buildvcs=false"));
    // A folder is not built yet.
    let mut folder = nameless.clone();
    folder.program.as_mut().unwrap().built = false;
    assert!(unknown(&compare(&named, &folder), "vcs").is_empty());
}

#[test]
fn two_changed_worktrees_at_one_commit_may_be_two_sources() {
    let mut dirty = service();
    set(&mut dirty, "vcs.modified", "true");
    assert_eq!(unknown(&compare(&dirty, &dirty), "dirty").len(), 1);
    // One link is one source.
    dirty.program.as_mut().unwrap().build_id = Some("a/b/c/d".into());
    assert!(unknown(&compare(&dirty, &dirty), "dirty").is_empty());
}

#[test]
fn programs_of_files_are_told_apart_by_their_main_function() {
    let of = |main_file: &str, content: &str| {
        let mut snapshot = service();
        let program = snapshot.program.as_mut().unwrap();
        program.path = Some("command-line-arguments".into());
        program.main = None;
        program.main_file = Some(main_file.into());
        program.build_id = Some(format!("a{content}/m{content}/{content}/e{content}"));
        snapshot
    };
    let found = |a: &Snapshot, b: &Snapshot| {
        let comparison = compare(a, b);
        let differs = comparison.differences.iter().any(|it| it.rule == "program");
        (differs, unknown(&comparison, "program").len())
    };
    let pay = of("/src/pay.go", "c1");
    assert_eq!(found(&pay, &of("/src/tool.go", "c2")), (true, 0));
    assert_eq!(found(&pay, &of("/src/pay.go", "c2")), (false, 0), "a patch of it");
    assert_eq!(found(&pay, &of("/other/pay.go", "c1")), (false, 0), "the same main package");
    assert_eq!(found(&of("./main.go", "c1"), &of("./main.go", "c2")), (false, 1));
    let mut package = service();
    package.program.as_mut().unwrap().build_id = Some("a/m/c3/e".into());
    assert_eq!(found(&pay, &package), (false, 1), "one of a package");
}

#[test]
fn a_change_after_the_link_on_both_sides_is_not_compared() {
    let mut changed = service();
    after_link(&mut changed, AfterLink::Changed { signs: vec![] });
    let both = compare(&changed, &changed);
    assert!(both.differences.is_empty() && both.skipped["after-link"].en.contains("both sides"));
    // Where the other side does not tell, the changed one still shows.
    let mut older = service();
    older.program.as_mut().unwrap().after_link = None;
    assert_eq!(rules(&compare(&older, &changed)), ["after-link"]);
    assert!(compare(&older, &service()).skipped.contains_key("after-link"));
}

#[test]
fn every_rule_has_a_test() {
    let mut tested: BTreeSet<&str> =
        CHANGES.iter().flat_map(|(_, _, rules)| *rules).copied().collect();
    tested.extend(SILENT.iter().map(|(_, _, rule)| *rule));
    tested.extend(["code", "replace-changed", "package-hash", "plugin-host", "plugin-go-version"]);
    // Two builds without -trimpath in two folders: in the end-to-end tests.
    tested.insert("source-root");
    for rule in RULES {
        assert!(tested.contains(rule.id), "{} has no test", rule.id);
    }
}
