//! Tree heads, records, hashes and where they are stored.

use crate::go;
use gosumdb::tlog::{
    Hash, Tree, format_record, parse_record, split_stored_hash_index, stored_hash_count,
    stored_hash_index, tile_for_index, tree_hash,
};
use serde_json::json;

const HASH: &str = "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=";

/// The text with each byte changed, left out, doubled, and cut there.
fn mutations(good: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![good.to_vec()];
    for at in 0..good.len() {
        for byte in *b"\n\r 0-+=\x1f\xffA" {
            let mut changed = good.to_vec();
            changed[at] = byte;
            all.push(changed.clone());
            changed.insert(at, good[at]);
            all.push(changed);
        }
        all.push([&good[..at], &good[at + 1..]].concat());
        all.push(good[..at].to_vec());
    }
    all
}

#[test]
fn tree_heads_are_read_as_go_reads_them() {
    let head =
        |size: &str, hash: &str| format!("go.sum database tree\n{size}\n{hash}\n").into_bytes();
    let mut cases = mutations(&head("123456789012", HASH));
    let sizes = [
        "0",
        "1",
        "-1",
        "-0",
        "+1",
        "01",
        "",
        " 1",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        "0x1",
    ];
    cases.extend(sizes.iter().map(|size| head(size, HASH)));
    let hashes = [
        "",
        "AAAA",
        &HASH[1..],
        &format!("{HASH}\r"),
        &HASH.replace("QeI=", "QeJ="),
        &format!("{HASH}="),
    ];
    cases.extend(hashes.iter().map(|hash| head("1", hash)));
    for end in ["", "more\n", "more", "\n\n", "\0"] {
        cases.push([head("1", HASH), end.as_bytes().to_vec()].concat());
    }
    cases.push([head("1", HASH), vec![b'x'; 1_000_000 - head("1", HASH).len()]].concat());
    cases.push([head("1", HASH), vec![b'x'; 1_000_001 - head("1", HASH).len()]].concat());
    let ask = |case: &Vec<u8>| json!({"Op": "tree", "Data": go::base64(case)});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for (case, answer) in cases.iter().zip(answers) {
        let show = String::from_utf8_lossy(&case[..case.len().min(100)]);
        match Tree::parse(case) {
            Ok(tree) => {
                accepted += 1;
                assert_eq!(answer["size"], tree.size, "{show}");
                assert_eq!(answer["hash"], tree.hash.to_string(), "{show}");
                assert_eq!(go::bytes(&answer["format"]), tree.format().as_bytes(), "{show}");
            }
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{show}"),
        }
    }
    assert!(accepted > 20 && accepted < cases.len() / 2, "{accepted}");
}

#[test]
fn records_are_read_as_go_reads_them() {
    let good =
        b"42\nexample.com/a v1.0.0 h1:x\nexample.com/\xc3\xa9 v1.0.0/go.mod h1:y\n\nrest\n\nof it";
    let mut cases = mutations(good);
    for case in [
        b"".as_slice(),
        b"\n",
        b"1\n",
        b"1\n\n",
        b"1\n\n\n",
        b"1\n\n\n\n",
        b"1\na\n",
        b"1\na\n\n",
        b"-1\na\n\n",
        b"-9223372036854775808\na\n\n",
        b"9223372036854775807\na\n\n",
        b"9223372036854775808\na\n\n",
        b"+007\na\n\n",
        b"1_0\na\n\n",
        b"\xff\na\n\n",
        b"1\na\tb\n\n",
        b"1\na\x7f\n\n",
        b"1\na\n\n\xff\0",
    ] {
        cases.push(case.to_vec());
    }
    let ask = |case: &Vec<u8>| json!({"Op": "record", "Data": go::base64(case)});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut accepted = 0;
    for (case, answer) in cases.iter().zip(answers) {
        let show = String::from_utf8_lossy(case);
        match parse_record(case) {
            Ok(record) => {
                accepted += 1;
                assert_eq!(answer["id"], record.id, "{show:?}");
                assert_eq!(go::bytes(&answer["text"]), record.text.as_bytes(), "{show:?}");
                assert_eq!(go::bytes(&answer["rest"]), record.rest, "{show:?}");
            }
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{show:?}"),
        }
    }
    assert!(accepted > 100 && accepted < cases.len(), "{accepted}");
}

#[test]
fn records_are_written_as_go_writes_them() {
    let texts = [
        "", "\n", "a", "a\n", "a\nb\n", "a\n\nb\n", "\na\n", "\n\n", "a\n\n", "a\tb\n", "é\n",
        "\u{7f}\n", "\0\n",
    ];
    let ask = |text: &&str| json!({"Op": "format", "N": -7, "Data": go::base64(text.as_bytes())});
    let answers = go::ask(&texts.iter().map(ask).collect::<Vec<_>>());
    for (text, answer) in texts.iter().zip(answers) {
        match format_record(-7, text) {
            Ok(record) => assert_eq!(go::bytes(&answer["data"]), record.as_bytes(), "{text:?}"),
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{text:?}"),
        }
    }
}

#[test]
fn hashes_are_read_as_go_reads_them() {
    let mut cases: Vec<String> = mutations(HASH.as_bytes())
        .into_iter()
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .collect();
    cases.push(String::new());
    cases.push(format!("{}==", &HASH[..42]));
    let ask = |case: &String| json!({"Op": "hash", "Text": case});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    for (case, answer) in cases.iter().zip(answers) {
        match case.parse::<Hash>() {
            Ok(hash) => assert_eq!(answer["hash"], hash.to_string(), "{case:?}"),
            Err(error) => assert_eq!(Some(error.to_string()), go::error(&answer), "{case:?}"),
        }
    }
}

#[test]
fn hashes_are_stored_where_go_stores_them() {
    let mut cases: Vec<(u32, u64)> = Vec::new();
    for level in 0..12 {
        cases.extend((0..40).map(|n| (level, n)));
    }
    cases.extend((0..61).flat_map(|bit| [(0, 1 << bit), (0, (1 << bit) - 1), (0, (1 << bit) + 1)]));
    cases.extend((0..62).map(|level| (level, 0)));
    let ask = |(level, n): &(u32, u64)| json!({"Op": "index", "Level": level, "N": n});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    for ((level, n), answer) in cases.iter().zip(answers) {
        let index = stored_hash_index(*level, *n).unwrap();
        assert_eq!(answer["index"], index, "{level} {n}");
        assert_eq!(split_stored_hash_index(index), (*level, *n));
    }
    let indexes: Vec<u64> = (0..300).chain((9..61).map(|bit| (1 << bit) + 5)).collect();
    for height in [1, 2, 8, 30] {
        let ask = |index: &u64| json!({"Op": "split", "Index": index, "Height": height});
        let answers = go::ask(&indexes.iter().map(ask).collect::<Vec<_>>());
        for (index, answer) in indexes.iter().zip(answers) {
            let (level, n) = split_stored_hash_index(*index);
            assert_eq!((&answer["level"], &answer["n"]), (&json!(level), &json!(n)), "{index}");
            assert_eq!(answer["tile"], tile_for_index(height, *index).unwrap().path(), "{index}");
            assert_eq!(answer["count"], stored_hash_count(*index).unwrap(), "{index}");
        }
    }
}

#[test]
fn places_beyond_64_bits_are_none() {
    assert_eq!(stored_hash_index(0, (1 << 63) - 1), Some(u64::MAX - 64));
    assert_eq!(stored_hash_index(0, u64::MAX), None);
    assert_eq!(stored_hash_index(64, 0), None);
    assert_eq!(stored_hash_index(127, 1), None);
    assert_eq!(stored_hash_index(u32::MAX, u64::MAX), None);
    assert_eq!(stored_hash_count(u64::MAX), None);
    let (level, n) = split_stored_hash_index(u64::MAX);
    assert_eq!(stored_hash_index(level, n), Some(u64::MAX));
}

#[test]
fn the_empty_tree_has_the_hash_of_nothing() {
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert_eq!(tree_hash(0, [].as_slice()).unwrap().to_string(), empty);
    assert_eq!(Tree::empty().hash.to_string(), empty);
}
