//! The document: what is written is read again, what was changed is refused, nothing panics.

use gosnapshot::{Kind, Module, Program, ReadError, SCHEMA, Snapshot, Source, compare, read};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9./=,-]{0,12}", "\\PC{0,6}"]
}

fn module() -> impl Strategy<Value = Module> {
    (text(), text(), text(), any::<bool>(), any::<Option<bool>>()).prop_map(
        |(path, version, sum, used, indirect)| Module {
            path,
            version,
            sum,
            used,
            indirect,
            ..Module::default()
        },
    )
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let settings = prop::collection::btree_map(
        prop_oneof![
            Just("GOAMD64".to_owned()),
            Just("-trimpath".to_owned()),
            Just("DefaultGODEBUG".to_owned()),
            text()
        ],
        text(),
        0..6,
    );
    let program = (prop_oneof![Just("go1.24.11".to_owned()), text()], settings, any::<bool>())
        .prop_map(|(go_version, settings, built)| Program {
            go_version,
            settings,
            built,
            ..Program::default()
        });
    let hashes = prop::collection::btree_map(text(), "[0-9a-f]{16}", 0..4);
    (
        text(),
        prop::option::of(program),
        prop::option::of(prop::collection::vec(module(), 0..5)),
        prop::option::of(hashes),
        prop::collection::btree_map(text(), text(), 0..3),
    )
        .prop_map(|(name, program, modules, packages, environment)| Snapshot {
            source: Source { kind: Kind::Binary, name },
            program,
            modules,
            packages,
            environment,
            ..Snapshot::default()
        })
        .prop_map(Snapshot::seal)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_is_read_again(snapshot in snapshot()) {
        prop_assert_eq!(read(snapshot.to_json().as_bytes()), Ok(snapshot));
    }

    #[test]
    fn a_changed_byte_is_noticed(snapshot in snapshot(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = snapshot.to_json().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // Blanks between values mean nothing.
        if let Ok(other) = read(&bytes) {
            prop_assert_eq!(other, snapshot);
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused(snapshot in snapshot(), at in any::<prop::sample::Index>()) {
        let text = snapshot.to_json();
        let cut = &text.as_bytes()[..at.index(text.trim_end().len())];
        prop_assert!(matches!(read(cut), Err(ReadError::Damaged(_))));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn nothing_differs_from_itself_and_no_pair_panics(a in snapshot(), b in snapshot()) {
        prop_assert_eq!(compare(&a, &a).differences, []);
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(there.differences.is_empty(), back.differences.is_empty());
    }
}

#[test]
fn the_version_is_judged_before_anything_else() {
    let newer = br#"{"schema":"goward.snapshot/v2","whatever":[1,2]}"#;
    assert_eq!(read(newer), Err(ReadError::Newer("v2".into())));
    let other = br#"{"schema":"goward.report/v1"}"#;
    assert_eq!(read(other), Err(ReadError::OtherSchema("goward.report/v1".into())));
    for damaged in [&b""[..], b"{", b"[]", b"{}", b"null", br#"{"schema":"goward.snapshot/v1"}"#] {
        assert!(matches!(read(damaged), Err(ReadError::Damaged(_))));
    }
}

#[test]
fn a_field_that_is_not_known_is_no_snapshot_of_this_version() {
    let sealed = Snapshot::default().seal();
    let text = sealed.to_json().replacen('{', "{\"surprise\": 1,", 1);
    assert!(matches!(read(text.as_bytes()), Err(ReadError::Damaged(_))));
    assert_eq!(sealed.schema, SCHEMA);
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{{\"schema\":{}", "[".repeat(100_000));
    assert!(matches!(read(deep.as_bytes()), Err(ReadError::Damaged(_))));
}

#[test]
fn modules_and_hashes_make_sense() {
    let module = Module { path: "a".into(), ..Module::default() };
    let mut twice = Snapshot { modules: Some(vec![module.clone()]), ..Snapshot::default() }.seal();
    twice.modules = Some(vec![module.clone(), module]);
    // A digest that fits does not make it right.
    let resealed = reseal(&twice);
    assert!(matches!(read(resealed.as_bytes()), Err(ReadError::Damaged(_))));
    let packages = Some(BTreeMap::from([("fmt".to_owned(), "no hash".to_owned())]));
    let wrong = Snapshot { packages, ..Snapshot::default() }.seal();
    assert!(matches!(read(wrong.to_json().as_bytes()), Err(ReadError::Damaged(_))));
}

/// With the digest that the reader finds.
fn reseal(snapshot: &Snapshot) -> String {
    let Err(ReadError::Changed { given, found }) = read(snapshot.to_json().as_bytes()) else {
        return snapshot.to_json();
    };
    snapshot.to_json().replace(&given, &found)
}
