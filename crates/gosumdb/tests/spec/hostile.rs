//! Servers that lie.

use crate::world::{
    Case, NAME, World, after, agree, client, hash, log, lookup_path, module, server, signer,
};
use gosumdb::Error;
use gosumdb::testkit::{Log, Signer};

const HEIGHT: u32 = 2;

/// The record that is asked for, and how many the honest log has.
const ASKED: u64 = 7;
const SIZE: u64 = 20;

fn honest() -> Log {
    log(SIZE, 0, 0)
}

/// Another log of the same key: its records differ from number `from` on.
fn fork(size: u64, from: u64) -> Log {
    log(size, from, 100)
}

fn head(log: &Log) -> String {
    log.head(log.size()).unwrap().format()
}

/// A server that the client already knows, from when it had 10 records.
fn remembered(world: World) -> World {
    let known = after(&server(&honest(), 10, HEIGHT), HEIGHT, &[3]);
    World { cache: known.cache, latest: known.latest, ..world }
}

/// Answers to the lookup, among honest tiles. Each line: its name, the answer.
fn answers() -> Vec<(&'static str, Vec<u8>)> {
    let server = server(&honest(), SIZE, HEIGHT);
    let good = |n: u64| String::from_utf8(server.remote[&lookup_path(n)].clone()).unwrap();
    let text = good(ASKED);
    let record = text.split_once("\n\n").unwrap().0;
    let edit = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    let note = |note: String| format!("{record}\n\n{note}").into_bytes();
    let signed = |text: &str| note(signer().sign(text));
    let head = head(&honest());
    let stranger = Signer::new("stranger.example.com", [4; 32]).unwrap();
    let thief = Signer::new(NAME, [5; 32]).unwrap();
    let resized = |size: &str| head.replace("\n20\n", &format!("\n{size}\n"));
    vec![
        ("a record of another hash", text.replace(&hash(ASKED), &hash(8)).into_bytes()),
        ("the answer for another module", good(8).into_bytes()),
        ("the number of another record", edit("7\n", "8\n")),
        ("a number behind the end", edit("7\n", "99\n")),
        ("the largest number", edit("7\n", "9223372036854775807\n")),
        ("a number below zero", edit("7\n", "-7\n")),
        ("a line more", edit("7\n", "7\nexample.com/Mod7 v1.7.0 h1:evil=\n")),
        ("another key's signature", note(stranger.sign(&head))),
        ("another key of the same name", note(thief.sign(&head))),
        ("no signature", note(head.clone())),
        ("a truncated note", text.as_bytes()[..text.len() - 9].to_vec()),
        ("no tree head", record.as_bytes().to_vec()),
        ("something else is signed", signed("a letter\n")),
        ("a shrunken tree", signed(&honest().head(5).unwrap().format())),
        ("the empty tree", signed(&honest().head(0).unwrap().format())),
        ("an empty tree of another hash", signed(&resized("0"))),
        ("a larger size than the hash has", signed(&resized("21"))),
        ("an empty answer", Vec::new()),
        ("garbage", vec![0xab; 500]),
        ("a web page", b"<html>\n\n</html>\n".to_vec()),
        ("a fork that hides behind honest tiles", signed(&self::head(&fork(SIZE, 6)))),
        ("a fork of the size that is known", signed(&self::head(&fork(10, 6)))),
        ("a fork of the past", signed(&self::head(&fork(9, 3)))),
    ]
}

/// An honest server with other data for its tiles, or none.
fn with_tiles(other: impl Fn(&str, &[u8]) -> Option<Vec<u8>>) -> World {
    let mut world = server(&honest(), SIZE, HEIGHT);
    let all = std::mem::take(&mut world.remote);
    for (path, data) in all {
        let data = if path.starts_with("/tile/") { other(&path, &data) } else { Some(data) };
        world.remote.extend(data.map(|data| (path, data)));
    }
    world
}

/// Servers whose tiles are not those of the honest log. Each line: its name, the server.
fn tiles() -> Vec<(&'static str, World)> {
    let forked = server(&fork(SIZE, 6), SIZE, HEIGHT);
    vec![
        ("no tiles", with_tiles(|_, _| None)),
        ("garbage for tiles", with_tiles(|_, data| Some(vec![0xab; data.len()]))),
        ("empty tiles", with_tiles(|_, _| Some(Vec::new()))),
        ("tiles that are too long", with_tiles(|_, data| Some([data, &[0xab; 32]].concat()))),
        ("tiles of another log", with_tiles(|path, _| forked.remote.get(path).cloned())),
        ("a fork", forked.clone()),
    ]
}

/// All of them, as one sees them who knows the server from before.
fn servers() -> Vec<(&'static str, World)> {
    let answer = |(name, data): (&'static str, Vec<u8>)| {
        let mut world = server(&honest(), SIZE, HEIGHT);
        world.remote.insert(lookup_path(ASKED), data);
        (name, world)
    };
    let all = answers().into_iter().map(answer).chain(tiles());
    all.map(|(name, world)| (name, remembered(world))).collect()
}

#[test]
fn lies_are_not_believed() {
    let (path, version) = module(ASKED);
    for (name, world) in servers() {
        let client = client(&world, HEIGHT);
        match client.lookup(&path, &version) {
            // The record of another module has no line for this one: the go command refuses that, too.
            Ok(lines) if lines.is_empty() => assert_eq!(name, "the answer for another module"),
            // A smaller tree of the same history is no lie: the record is in the tree that is known.
            Ok(lines) => {
                assert!(["a shrunken tree", "the empty tree"].contains(&name), "{name}: {lines:?}");
                assert_eq!(lines, [format!("{path} {version} {}", hash(ASKED))]);
            }
            Err(error) => {
                let wrote = &world.state.lock().unwrap().wrote;
                assert!(!wrote.keys().any(|file| file.contains("/lookup/")), "{name}: {error}");
            }
        }
    }
}

#[test]
fn lies_are_told_as_go_tells_them() {
    let mut cases = Vec::new();
    for (name, world) in servers() {
        cases.push(Case::new(name, world.clone(), HEIGHT, &[ASKED, ASKED, 2]));
        let fresh = World { cache: Default::default(), latest: Vec::new(), ..world };
        cases.push(Case::new(format!("{name}, no memory"), fresh, HEIGHT, &[ASKED, 2, 15]));
    }
    let (_, alarms) = agree(&cases);
    assert!(alarms >= 5, "{alarms}");
}

#[test]
fn a_fork_is_reported_with_both_tree_heads_and_the_proof() {
    let (_, world) = servers().into_iter().find(|(name, _)| *name == "a fork").unwrap();
    let client = client(&world, HEIGHT);
    let (path, version) = module(ASKED);
    let error = client.lookup(&path, &version).unwrap_err();
    let Error::Security(message) = error.root() else { panic!("{error}") };
    assert_eq!(error.to_string(), format!("{path}@{version}: security error: misbehaving server"));
    let alarms = world.state.lock().unwrap().alarms.clone();
    assert_eq!(alarms, [message.to_string()]);
    let start = "SECURITY ERROR\ngo.sum database server misbehavior detected!\n\n\
                 old database:\n\tgo.sum database tree\n\t10\n\t";
    assert!(message.starts_with(start));
    assert!(message.contains("new database:\n\tgo.sum database tree\n\t20\n\t"));
    assert!(message.contains("proof of misbehavior:\n\t"));
    // The latest tree head stays the one that was known.
    assert_eq!(client.latest().size, 10);
}
