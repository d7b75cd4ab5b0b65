//! What holds for all bytes.

use gosumdb::note::{Verifier, open};
use gosumdb::testkit::{Log, Signer};
use gosumdb::tlog::{
    Hash, Tile, Tree, check_record, check_tree, format_record, hash_from_tile, parse_record,
    prove_record, prove_tree, split_stored_hash_index, stored_hash_index,
};
use gosumdb::{Setting, verify};
use proptest::prelude::*;

fn log(size: u64) -> Log {
    let mut log = Log::default();
    for n in 0..size {
        log.add(&format!("example.com/{n}"), "v1.0.0", &format!("{n}\n")).unwrap();
    }
    log
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let key = Verifier::new(gosumdb::SUM_GOLANG_ORG).unwrap();
        prop_assert!(open(&bytes, &[key]).is_err());
        let _ = Tree::parse(&bytes);
        let _ = parse_record(&bytes);
    }

    #[test]
    fn texts_like_notes_are_read_or_refused(text in "((— |go.sum database tree|[a+=A/ 01é\n]){0,9}\n){0,9}") {
        let _ = verify(gosumdb::SUM_GOLANG_ORG, text.as_bytes());
        let _ = Tree::parse(text.as_bytes());
        if let Ok(record) = parse_record(text.as_bytes()) {
            prop_assert!(record.text.ends_with('\n'));
            prop_assert!(text.as_bytes().ends_with(record.rest));
        }
    }

    #[test]
    fn any_key_and_setting_is_read_or_refused(text in "\\PC{0,40}", key in "[a-z.+ 0-9A-F=/]{0,60}") {
        let _ = Verifier::new(&text);
        let _ = Verifier::new(&key);
        let _ = Setting::parse(&text);
        let _ = Setting::parse(&key);
        let _ = gosumdb::join(&text, &key);
    }

    #[test]
    fn a_signed_text_comes_back(text in "([^\u{0}-\u{1f}]{0,20}\n){1,5}", name in "[^+\\s\u{0}-\u{1f}]{1,10}") {
        let signer = Signer::new(&name, [6; 32]).unwrap();
        let note = verify(&signer.vkey(), signer.sign(&text).as_bytes()).unwrap();
        prop_assert_eq!(note.text, text);
        prop_assert_eq!(&note.sigs[0].key.name, &name);
    }

    #[test]
    fn heads_and_records_come_back(size in 0..=i64::MAX.cast_unsigned(), id in any::<i64>(), bytes in any::<[u8; 32]>(), text in "([a-z:é]{1,9}\n){1,4}", rest in prop::collection::vec(any::<u8>(), 0..20)) {
        let tree = Tree { size, hash: Hash(bytes) };
        prop_assert_eq!(Tree::parse(tree.format().as_bytes()).unwrap(), tree);
        let message = [format_record(id, &text).unwrap().as_bytes(), &rest].concat();
        let record = parse_record(&message).unwrap();
        prop_assert_eq!((record.id, record.text, record.rest), (id, text.as_str(), rest.as_slice()));
    }

    #[test]
    fn tile_paths_come_back(height in 1..=30_u32, level in -1..70_i64, number in 0..=i64::MAX, width in any::<prop::sample::Index>()) {
        let full = Tile { height, level, number, width: 0 }.full().width;
        let width = 1 + i64::try_from(width.index(1 << height)).unwrap();
        let tile = Tile { height, level, number, width: width.min(full) };
        prop_assert_eq!(Tile::parse(&tile.path()).unwrap(), tile);
    }

    #[test]
    fn any_tile_path_is_read_or_refused(path in "(tile/8/0/)?(tile|data|x?[0-9]{1,4}|.p/|/|[.+-]){0,9}") {
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn any_tile_and_index_is_answered(height in any::<u32>(), level in any::<i64>(), number in any::<i64>(), width in any::<i64>(), index in any::<u64>(), data in prop::collection::vec(any::<u8>(), 0..200)) {
        let tile = Tile { height, level, number, width };
        let _ = hash_from_tile(tile, &data, index);
        let _ = hash_from_tile(Tile { height: height % 33, level: level % 70, ..tile }, &data, index);
        let _ = tile.path();
    }

    #[test]
    fn storage_places_come_back(index in any::<u64>(), level in 0..80_u32, n in any::<u64>()) {
        let (at_level, at) = split_stored_hash_index(index);
        prop_assert_eq!(stored_hash_index(at_level, at), Some(index));
        if let Some(index) = stored_hash_index(level, n) {
            prop_assert_eq!(split_stored_hash_index(index), (level, n));
        }
    }

    #[test]
    fn any_proof_is_judged(proof in prop::collection::vec(any::<[u8; 32]>(), 0..70), size in any::<u64>(), n in any::<u64>(), hash in any::<[u8; 32]>()) {
        let proof: Vec<Hash> = proof.into_iter().map(Hash).collect();
        let tree = Tree { size, hash: Hash(hash) };
        let _ = check_record(&proof, tree, n, Hash(hash));
        let _ = check_tree(&proof, tree, Tree { size: n, hash: Hash(hash) });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn proofs_hold_for_their_record_and_no_other(size in 1..400_u64, n in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let log = log(size);
        let place = |index: prop::sample::Index| u64::try_from(index.index(usize::try_from(size).unwrap())).unwrap();
        let (n, other) = (place(n), place(other));
        let tree = log.head(size).unwrap();
        let hash = |n: u64| Hash::of_record(format!("{n}\n").as_bytes());
        let proof = prove_record(size, n, log.hashes()).unwrap();
        prop_assert!(check_record(&proof, tree, n, hash(n)).is_ok());
        prop_assert_eq!(check_record(&proof, tree, other, hash(n)).is_ok(), other == n);
        prop_assert_eq!(check_record(&proof, tree, n, hash(other)).is_ok(), other == n);
        let proof = prove_tree(size, n + 1, log.hashes()).unwrap();
        let older = log.head(n + 1).unwrap();
        prop_assert!(check_tree(&proof, tree, older).is_ok());
        let wrong = Tree { hash: hash(n), ..older };
        prop_assert_eq!(check_tree(&proof, tree, wrong).is_ok(), older.hash == hash(n));
    }
}
