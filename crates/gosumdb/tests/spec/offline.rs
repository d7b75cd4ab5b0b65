//! What can be proven from the cache of the go command alone.

use crate::world::{World, client, hash, log, module, server};
use gosumdb::note::Error as NoteError;
use gosumdb::{Error, Proof, ReadError};

const HEIGHT: u32 = 2;

/// The cache of one who looked up the modules of each step in turn, while the server had that many records.
fn cache(steps: &[(u64, &[u64])]) -> World {
    let log = log(40, 0, 0);
    let mut world = World::default();
    for (size, modules) in steps {
        let mut next = server(&log, *size, HEIGHT);
        (next.cache, next.latest) = (world.cache, world.latest);
        let client = client(&next, HEIGHT);
        for n in *modules {
            let (path, version) = module(*n);
            client.lookup(&path, &version).unwrap();
        }
        let state = std::mem::take(&mut *next.state.lock().unwrap());
        next.cache.extend(state.wrote);
        next.latest = state.latest.unwrap_or(next.latest);
        world = World { cache: next.cache, latest: next.latest, offline: true, ..World::default() };
    }
    world
}

fn prove(world: &World, n: u64, hash: &str) -> Proof {
    let (path, version) = module(n);
    client(world, HEIGHT).prove(&path, &version, hash)
}

#[test]
fn a_cached_record_is_proven() {
    let world = cache(&[(13, &[3, 9])]);
    let Proof::Proven(evidence) = prove(&world, 3, &hash(3)) else { panic!() };
    assert_eq!((evidence.record, evidence.tree.size, evidence.on_timeline), (3, 13, true));
    let (path, version) = module(3);
    let proof = client(&world, HEIGHT).prove(&path, &format!("{version}/go.mod"), &hash(3));
    assert_eq!(proof, Proof::Proven(evidence));
}

#[test]
fn another_hash_is_a_contradiction() {
    let world = cache(&[(13, &[3])]);
    let Proof::Contradicts { recorded, evidence } = prove(&world, 3, &hash(4)) else { panic!() };
    assert_eq!(recorded, [hash(3)]);
    assert_eq!(evidence.record, 3);
}

#[test]
fn what_was_not_looked_up_is_not_in_the_cache() {
    let world = cache(&[(13, &[3])]);
    let file = "sum.example.com/lookup/example.com/!mod4@v1.4.0".to_owned();
    assert_eq!(prove(&world, 4, &hash(4)), Proof::NotInCache { file: file.clone() });
    // An empty file is one that is being written.
    let mut world = world;
    world.cache.insert(file.clone(), Vec::new());
    assert_eq!(prove(&world, 4, &hash(4)), Proof::NotInCache { file });
    assert!(matches!(
        prove(&World { offline: true, ..World::default() }, 4, ""),
        Proof::NotInCache { .. }
    ));
}

#[test]
fn without_the_link_to_the_latest_tree_the_records_own_tree_vouches_for_it() {
    // Somebody else's newer tree head, without the tiles that lead there.
    let mut world = cache(&[(13, &[3, 9])]);
    world.latest = server(&log(40, 0, 0), 33, HEIGHT).remote["/latest"].clone();
    let Proof::Proven(evidence) = prove(&world, 9, &hash(9)) else { panic!() };
    assert_eq!((evidence.tree.size, evidence.on_timeline), (13, false));
    assert!(matches!(prove(&world, 9, &hash(1)), Proof::Contradicts { .. }));
}

#[test]
fn a_grown_log_is_proven_as_one_history() {
    let world = cache(&[(13, &[3, 9]), (21, &[15]), (40, &[30, 3, 9, 15])]);
    for n in [3, 9, 15, 30] {
        let Proof::Proven(evidence) = prove(&world, n, &hash(n)) else { panic!("{n}") };
        assert!(evidence.on_timeline, "{n}");
        assert_eq!(evidence.tree.size, 40);
    }
}

#[test]
fn a_missing_tile_is_named() {
    let mut world = cache(&[(13, &[3])]);
    world.cache.retain(|file, _| !file.ends_with("tile/2/0/000"));
    let file = "sum.example.com/tile/2/0/000".to_owned();
    assert_eq!(prove(&world, 3, &hash(3)), Proof::NotInCache { file });
}

#[test]
fn a_tampered_cache_proves_nothing() {
    let good = cache(&[(13, &[3])]);
    let change = |end: &str, from: &[u8], to: &[u8]| {
        let mut world = good.clone();
        let (_, data) = world.cache.iter_mut().find(|(file, _)| file.ends_with(end)).unwrap();
        let at = data.windows(from.len()).position(|part| part == from).unwrap();
        data.splice(at..at + from.len(), to.iter().copied());
        world
    };
    let failed = |world: &World, hash: &str| match prove(world, 3, hash) {
        Proof::Failed(error) => error.root().clone(),
        other => panic!("{other:?}"),
    };
    // Who rewrites module, go.sum and cache alike meets the signature of the tree.
    let forged = change("!mod3@v1.3.0", hash(3).as_bytes(), hash(4).as_bytes());
    assert_eq!(failed(&forged, &hash(4)), Error::Unauthenticated);
    let head = change("!mod3@v1.3.0", b"\n13\n", b"\n12\n");
    let Error::Note { error: NoteError::InvalidSignature(_), .. } = failed(&head, &hash(3)) else {
        panic!()
    };
    let number = change("!mod3@v1.3.0", b"3\n", b"2\n");
    assert_eq!(failed(&number, &hash(3)), Error::Unauthenticated);
    let tile = good.cache.keys().find(|file| file.ends_with("tile/2/0/000")).unwrap();
    let first = good.cache[tile][..4].to_vec();
    let tile = change("tile/2/0/000", &first, b"evil");
    assert_eq!(failed(&tile, &hash(3)).to_string(), "downloaded inconsistent tile");
    // Without the way to the latest tree, neither does it.
    let mut alone = forged;
    alone.latest = server(&log(40, 0, 0), 33, HEIGHT).remote["/latest"].clone();
    assert_eq!(failed(&alone, &hash(4)), Error::Unauthenticated);
}

#[test]
fn a_cache_with_two_histories_is_a_security_error() {
    let mut world = cache(&[(13, &[3])]);
    let fork = server(&log(13, 5, 100), 13, HEIGHT);
    let file = "sum.example.com/lookup/example.com/!mod9@v1.9.0".to_owned();
    world.cache.insert(file, fork.remote["/lookup/example.com/!mod9@v1.9.0"].clone());
    let Proof::SecurityError { message } = prove(&world, 9, &hash(109)) else { panic!() };
    assert!(message.contains("misbehavior detected"));
}

#[test]
fn excluded_modules_and_records_without_the_line_are_told_apart() {
    let world = cache(&[(13, &[3])]);
    let (path, version) = module(3);
    let skipping = client(&world, HEIGHT).with_no_sumdb("example.com");
    assert_eq!(skipping.prove(&path, &version, &hash(3)), Proof::Skipped);
    let mut log = gosumdb::testkit::Log::default();
    log.add("example.com/x", "v1.0.0", "example.com/x v1.0.0/go.mod h1:a=\n").unwrap();
    let mut online = World::default();
    for path in ["/lookup/example.com/x@v1.0.0", "/tile/2/0/000.p/1"] {
        let signed = log.signed(1, &crate::world::signer()).unwrap();
        let data = log.answer(path, 1, &signed).unwrap();
        online.remote.insert(path.to_owned(), data);
    }
    let client = client(&online, HEIGHT);
    assert!(matches!(client.prove("example.com/x", "v1.0.0", "h1:a="), Proof::Unlisted(_)));
    assert!(matches!(client.prove("example.com/x", "v1.0.0/go.mod", "h1:a="), Proof::Proven(_)));
    let Proof::Failed(error) = client.prove("example.com/y", "v1.0.0", "h1:a=") else { panic!() };
    let Error::Read { error: ReadError::NotFound(_), .. } = error.root() else { panic!("{error}") };
}
