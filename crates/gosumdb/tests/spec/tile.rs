//! The paths of tiles, and hashes out of them.

use crate::go;
use gosumdb::tlog::{Error, Tile, hash_from_tile, new_tiles, read_tile_data, tile_for_index};
use serde_json::json;

const PATHS: &[&str] = &[
    "tile/4/0/001",
    "tile/4/0/001.p/5",
    "tile/3/5/x123/x456/078",
    "tile/3/5/x123/x456/078.p/2",
    "tile/1/0/x003/x057/500",
    "tile/3/5/123/456/078",
    "tile/3/-1/123/456/078",
    "tile/1/data/x003/x057/500",
    "tile/30/63/000",
    "tile/31/0/000",
    "tile/0/0/000",
    "tile/-1/0/000",
    "tile/8/64/000",
    "tile/8/9223372036854775807/000",
    "tile/8/9223372036854775808/000",
    "tile/8/0/x009/x223/x372/x036/x854/x775/807",
    "tile/8/0/x009/x223/x372/x036/x854/x775/808",
    "tile/8/0/x018/x446/x744/x073/x709/x551/616",
    "tile/8/0/x001/x000/x000/x000/x000/x000/x000/000",
    "tile/8/0/x000/000",
    "tile/8/0/000.p/0",
    "tile/8/0/000.p/1",
    "tile/8/0/000.p/255",
    "tile/8/0/000.p/256",
    "tile/8/0/000.p/-1",
    "tile/8/0/000.p/+1",
    "tile/8/0/000.p/01",
    "tile/8/0/000.p/",
    "tile/8/0/000.p",
    "tile/8/0/.p/1",
    "tile/8/0.p/1",
    "tile/8/data/000.p/7",
    "tile/8/data.p/7",
    "tile/8/0/x1/000",
    "tile/8/0/x001/x000",
    "tile/8/0/xx01/000",
    "tile/8/0/1000",
    "tile/8/0/00",
    "tile/8/0/ 00",
    "tile/8/0/+01",
    "tile/8/00/000",
    "tile/+8/0/000",
    "tile/08/0/000",
    "tile/8/0/000/",
    "tile/8/0//000",
    "tile/8/0/",
    "tile/8/0",
    "tile/8",
    "tile",
    "",
    "/tile/8/0/000",
    "Tile/8/0/000",
    "tile/8/0/000\u{e9}\t\"\u{200b}",
];

#[test]
fn tile_paths_are_read_as_go_reads_them() {
    let mut cases: Vec<String> = PATHS.iter().map(|path| (*path).to_owned()).collect();
    for path in ["tile/3/5/x123/x456/078.p/2", "tile/8/data/x001/234"] {
        for at in 0..path.len() {
            for c in "x0p./-+9 ".chars() {
                let (before, after) = path.split_at(at);
                cases.push(format!("{before}{c}{after}"));
                cases.push(format!("{before}{c}{}", &after[1..]));
            }
            cases.push(path[..at].to_owned());
            cases.push(format!("{}{}", &path[..at], &path[at + 1..]));
        }
    }
    let ask = |path: &String| json!({"Op": "tile", "Path": path});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for (path, answer) in cases.iter().zip(answers) {
        match Tile::parse(path) {
            Ok(tile) => {
                accepted += 1;
                assert_eq!(tile.path(), *path);
                let Tile { height, level, number, width } = tile;
                let go = json!([answer["h"], answer["l"], answer["n"], answer["w"]]);
                assert_eq!(json!([height, level, number, width]), go, "{path}");
            }
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{path}"),
        }
    }
    assert!(accepted > 30 && accepted < cases.len() / 2, "{accepted} of {}", cases.len());
}

#[test]
fn tiles_to_publish_are_those_of_go() {
    let mut cases = Vec::new();
    for height in [1, 2, 3, 8, 30] {
        for old in (0..40).chain([255, 256, 257, 511, 65_535, 65_536]) {
            for more in [0, 1, 2, 3, 7, 8, 9, 255, 256, 300] {
                cases.push((height, old, old + more));
            }
        }
        cases.push((height, 9, 3));
        cases.push((height, (1 << 61) - 3, (1 << 61) + 2));
    }
    let ask = |(height, old, new): &(u32, u64, u64)| json!({"Op": "newtiles", "Height": height, "N": old, "Size": new});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    for ((height, old, new), answer) in cases.iter().zip(answers) {
        let paths: Vec<String> = new_tiles(*height, *old, *new).map(|tile| tile.path()).collect();
        assert_eq!(json!(paths), answer["paths"], "{height} {old} {new}");
    }
    for height in [0, 31, 64, u32::MAX] {
        assert_eq!(new_tiles(height, 0, 1000).count(), 0);
    }
    assert_eq!(new_tiles(8, 0, u64::MAX).take(1000).count(), 1000);
}

#[test]
fn hashes_come_out_of_a_tile_as_in_go() {
    let data: Vec<u8> = (0..=255_u8).cycle().take(256 * 32).collect();
    let mut cases = Vec::new();
    for path in [
        "tile/2/0/000",
        "tile/2/0/000.p/3",
        "tile/2/1/000",
        "tile/2/0/001.p/1",
        "tile/8/0/000",
        "tile/8/0/000.p/9",
        "tile/8/64/000",
        "tile/2/data/000",
    ] {
        for index in 0..30 {
            for length in [0, 31, 32, 96, 128, 288, 8192] {
                cases.push((path, index, length));
            }
        }
    }
    let ask = |(path, index, length): &(&str, u64, usize)| json!({"Op": "hashfromtile", "Path": path, "Index": index, "Data": go::base64(&data[..*length])});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut found = 0;
    for ((path, index, length), answer) in cases.into_iter().zip(answers) {
        match hash_from_tile(Tile::parse(path).unwrap(), &data[..length], index) {
            Ok(hash) => {
                found += 1;
                assert_eq!(answer["hash"], hash.to_string(), "{path} {index} {length}");
            }
            Err(error) => {
                assert_eq!(Some(error.to_string()), go::error(&answer), "{path} {index} {length}");
            }
        }
    }
    assert!(found > 50, "{found}");
}

#[test]
fn coordinates_put_together_by_hand_are_checked() {
    let odd = [i64::MIN, -1000, -1, 0, 1, 255, 256, 257, i64::MAX];
    for height in [0, 1, 8, 30, 31, 63, 64, u32::MAX] {
        for at in 0..odd.len().pow(3) {
            let (level, number, width) = (odd[at % 9], odd[at / 9 % 9], odd[at / 81]);
            let tile = Tile { height, level, number, width };
            let sound = (1..=30).contains(&height) && width >= 1 && width <= 1_i64 << height;
            if hash_from_tile(tile, &[0; 64], 0).is_ok() {
                assert!(sound && (level, number) == (0, 0), "{tile:?}");
            }
            // A store without hashes has no tile.
            let hashes: &[gosumdb::tlog::Hash] = &[];
            assert!(read_tile_data(tile, hashes).is_err(), "{tile:?}");
            let _ = tile.path();
        }
        let made = tile_for_index(height, 7);
        assert_eq!(made.is_ok(), (1..=30).contains(&height));
    }
    let error = tile_for_index(0, 7).unwrap_err();
    assert!(matches!(error, Error::InvalidTile(_)));
}
