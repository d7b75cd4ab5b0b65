//! Logs made by Go, and proofs in them.

use crate::go;
use gosumdb::testkit::Log;
use gosumdb::tlog::{
    Error, Hash, Tile, TileHashReader, TileReader, Tree, check_record, check_tree, new_tiles,
    prove_record, prove_tree, read_tile_data, stored_hash_index,
};
use gosumdb::tlog::{HashReader, MAX_TREE_SIZE};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;

fn texts(count: u64) -> Vec<String> {
    (0..count).map(|n| format!("example.com/m{n} v1.0.{n} h1:{n}=\n")).collect()
}

fn log(count: u64) -> Log {
    let mut log = Log::default();
    for (n, text) in texts(count).iter().enumerate() {
        log.add(&format!("example.com/m{n}"), &format!("v1.0.{n}"), text).unwrap();
    }
    log
}

fn hashes(value: &Value) -> Vec<Hash> {
    let list = value.as_array().unwrap();
    list.iter().map(|hash| hash.as_str().unwrap().parse().unwrap()).collect()
}

/// Pairs of a tree size and a smaller number, over small and odd sizes up to `count`.
fn pairs(count: u64) -> Vec<(u64, u64)> {
    let mut pairs: Vec<(u64, u64)> = (1..18).flat_map(|t| (0..t).map(move |n| (t, n))).collect();
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..300 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let t = 1 + state % count;
        pairs.push((t, (state >> 32) % t));
    }
    pairs
}

#[test]
fn trees_tiles_and_proofs_are_those_of_go() {
    let count = 1300;
    let pairs = pairs(count);
    let sizes: Vec<u64> = (0..=count).collect();
    let ours = log(count);
    for height in [1, 2, 3, 8] {
        let request = json!({"Op": "log", "Texts": texts(count), "Sizes": sizes, "Pairs": pairs, "Height": height});
        let answer = &go::ask(&[request])[0];
        assert_eq!(go::error(answer), None);
        assert_eq!(hashes(&answer["hashes"]), ours.hashes());
        let trees = hashes(&answer["trees"]);
        for (size, hash) in sizes.iter().zip(&trees) {
            assert_eq!(ours.head(*size).unwrap(), Tree { size: *size, hash: *hash });
        }
        let head = |size: u64| ours.head(size).unwrap();
        let lists =
            |name: &str| answer[name].as_array().unwrap().iter().map(hashes).collect::<Vec<_>>();
        for ((t, n), proof) in pairs.iter().zip(lists("records")) {
            assert_eq!(prove_record(*t, *n, ours.hashes()).unwrap(), proof);
            let hash = ours.hashes()[usize::try_from(stored_hash_index(0, *n).unwrap()).unwrap()];
            check_record(&proof, head(*t), *n, hash).unwrap();
        }
        for ((t, n), proof) in pairs.iter().zip(lists("older")) {
            assert_eq!(prove_tree(*t, n + 1, ours.hashes()).unwrap(), proof);
            check_tree(&proof, head(*t), head(n + 1)).unwrap();
        }
        let tiles = answer["tiles"].as_object().unwrap();
        let made: Vec<Tile> = new_tiles(height, 0, count).collect();
        assert_eq!(made.len(), tiles.len());
        for tile in made {
            let data = read_tile_data(tile, ours.hashes()).unwrap();
            assert_eq!(go::bytes(&tiles[&tile.path()]), data, "{}", tile.path());
        }
    }
}

/// Every proof for small trees with a hash changed, left out or added, and for other numbers than its own.
#[test]
fn proofs_are_judged_as_go_judges_them() {
    let log = log(20);
    let record = |n: u64| log.hashes()[usize::try_from(stored_hash_index(0, n).unwrap()).unwrap()];
    let mut cases = Vec::new();
    for (t, n) in (1..12).flat_map(|t| (0..t).map(move |n| (t, n))) {
        let tree = log.head(t).unwrap();
        for is_record in [true, false] {
            let (good, n, hash) = if is_record {
                (prove_record(t, n, log.hashes()).unwrap(), n, record(n))
            } else {
                (prove_tree(t, n + 1, log.hashes()).unwrap(), n + 1, log.head(n + 1).unwrap().hash)
            };
            let mut proofs = vec![good.clone(), [good.clone(), vec![hash]].concat()];
            for at in 0..good.len() {
                let mut changed = good.clone();
                changed[at].0[31] ^= 1;
                proofs.push(changed);
                proofs.push([&good[..at], &good[at + 1..]].concat());
            }
            for proof in proofs {
                for (t, n) in
                    [(t, n), (t + 1, n), (t, n + 1), (t, n.wrapping_sub(1)), (0, 0), (t, 0)]
                {
                    cases.push((is_record, proof.clone(), Tree { size: t, ..tree }, n, hash));
                }
            }
            let zero = Hash([0; 32]);
            cases.push((is_record, good.clone(), tree, n, zero));
            cases.push((is_record, good, Tree { hash: zero, ..tree }, n, hash));
        }
    }
    // A number below zero is none in Rust.
    cases.retain(|(_, _, _, n, _)| i64::try_from(*n).is_ok());
    let ask = |(is_record, proof, tree, n, hash): &(bool, Vec<Hash>, Tree, u64, Hash)| {
        let op = if *is_record { "checkrecord" } else { "checktree" };
        let proof: Vec<String> = proof.iter().map(|hash| go::base64(&hash.0)).collect();
        json!({"Op": op, "Hashes": proof, "Size": tree.size, "Hash": go::base64(&tree.hash.0), "N": n, "Old": go::base64(&hash.0)})
    };
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for ((is_record, proof, tree, n, hash), answer) in cases.into_iter().zip(answers) {
        let result = if is_record {
            check_record(&proof, tree, n, hash)
        } else {
            check_tree(&proof, tree, Tree { size: n, hash })
        };
        accepted += usize::from(result.is_ok());
        let ours = result.err().map(|error| error.to_string());
        assert_eq!(ours, go::error(&answer), "{is_record} {proof:?} {tree:?} {n}");
    }
    assert!(accepted >= 132, "{accepted}");
}

#[test]
fn trees_that_go_would_count_for_ever_are_refused() {
    let hash = Hash([0; 32]);
    let huge = Tree { size: MAX_TREE_SIZE, hash };
    let too_large = Error::TooLarge(MAX_TREE_SIZE);
    assert_eq!(check_record(&[], huge, 0, hash).unwrap_err(), too_large);
    assert_eq!(check_tree(&[], huge, Tree { size: 1, hash }).unwrap_err(), too_large);
    assert_eq!(prove_record(MAX_TREE_SIZE, 0, [].as_slice()).unwrap_err(), too_large);
    assert_eq!(prove_tree(MAX_TREE_SIZE, 1, [].as_slice()).unwrap_err(), too_large);
    let largest = Tree { size: MAX_TREE_SIZE - 1, hash };
    let long = vec![hash; 62];
    assert_eq!(check_record(&long, largest, 0, hash).unwrap_err(), Error::ProofFailed);
    assert_eq!(
        check_record(&long, largest, MAX_TREE_SIZE - 2, hash).unwrap_err(),
        Error::ProofFailed
    );
    assert_eq!(check_tree(&long, largest, Tree { size: 1, hash }).unwrap_err(), Error::ProofFailed);
}

/// Height, tree, tiles, and the hashes that are asked for.
type TileCase = (u32, Tree, HashMap<String, Vec<u8>>, Vec<u64>);

/// Tiles in memory.
struct Tiles {
    height: u32,
    data: HashMap<String, Vec<u8>>,
    saved: RefCell<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
enum TilesError {
    #[error("no tile {0}")]
    Missing(String),
    #[error(transparent)]
    Log(#[from] Error),
}

impl TileReader for Tiles {
    type Error = TilesError;

    fn height(&self) -> u32 {
        self.height
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, TilesError> {
        let read = |tile: &Tile| {
            let data = self.data.get(&tile.path()).cloned();
            data.ok_or_else(|| TilesError::Missing(tile.path()))
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, tiles: &[Tile], _data: &[Vec<u8>]) {
        self.saved.borrow_mut().extend(tiles.iter().map(Tile::path));
    }
}

#[test]
fn hashes_come_out_of_tiles_as_in_go() {
    let log = log(70);
    let mut cases: Vec<TileCase> = Vec::new();
    for height in [1, 2, 3, 8] {
        for size in [0, 1, 2, 7, 8, 15, 16, 33, 64, 69, 70] {
            let tree = log.head(size).unwrap();
            let end = stored_hash_index(0, size).unwrap();
            let all: HashMap<String, Vec<u8>> = (0..=size)
                .flat_map(|old| new_tiles(height, old, size))
                .map(|tile| (tile.path(), read_tile_data(tile, log.hashes()).unwrap()))
                .collect();
            let mut lists: Vec<Vec<u64>> =
                (0..end.min(140)).step_by(3).map(|index| vec![index]).collect();
            lists.extend([vec![], (0..end).collect(), vec![end], vec![0, end + 5]]);
            for indexes in lists {
                cases.push((height, tree, all.clone(), indexes));
            }
            let some = vec![end / 2];
            for path in all.keys() {
                let mut bad = all.clone();
                bad.remove(path);
                cases.push((height, tree, bad, some.clone()));
                for change in 0..4 {
                    let mut bad = all.clone();
                    let data = bad.get_mut(path).unwrap();
                    match change {
                        0 => data[0] ^= 1,
                        1 => *data.last_mut().unwrap() ^= 0x80,
                        2 => data.truncate(data.len() - 1),
                        _ => data.push(0),
                    }
                    cases.push((height, tree, bad, some.clone()));
                }
            }
            let zero = Tree { hash: Hash([0; 32]), ..tree };
            cases.push((height, zero, all.clone(), some.clone()));
        }
    }
    let ask = |(height, tree, data, indexes): &TileCase| {
        let data: HashMap<&String, String> =
            data.iter().map(|(path, data)| (path, go::base64(data))).collect();
        json!({"Op": "tilehashes", "Height": height, "Size": tree.size, "Hash": go::base64(&tree.hash.0), "Remote": data, "Idxs": indexes})
    };
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for ((height, tree, data, indexes), answer) in cases.into_iter().zip(answers) {
        let tiles = Tiles { height, data, saved: RefCell::default() };
        match TileHashReader::new(tree, &tiles).read_hashes(&indexes) {
            Ok(list) => {
                accepted += 1;
                assert_eq!(list, hashes(&answer["hashes"]), "{tree:?} {indexes:?}");
                assert_eq!(json!(tiles.saved.into_inner()), answer["saved"]);
                for (index, hash) in indexes.iter().zip(list) {
                    assert_eq!(hash, log.hashes()[usize::try_from(*index).unwrap()]);
                }
            }
            Err(error) => {
                assert!(tiles.saved.into_inner().is_empty());
                assert_eq!(
                    Some(error.to_string()),
                    go::error(&answer),
                    "{height} {tree:?} {indexes:?}"
                );
            }
        }
    }
    assert!(accepted > 500, "{accepted}");
}
