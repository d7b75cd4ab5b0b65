//! A client among honest, broken and hostile servers.

use crate::world::{Case, NAME, World, agree, client, hash, log, module, server, signer};
use gosumdb::testkit::Signer;
use gosumdb::{Error, Ops as _};

const HEIGHT: u32 = 2;

fn lookup_path(n: u64) -> String {
    format!("/lookup/example.com/!mod{n}@v1.{n}.0")
}

/// A world in which a client has looked some modules up.
fn after(world: &World, height: u32, modules: &[u64]) -> World {
    let client = client(world, height);
    for n in modules {
        let (path, version) = module(*n);
        client.lookup(&path, &version).unwrap();
    }
    let mut state = world.state.lock().unwrap();
    let mut next = World { remote: world.remote.clone(), ..World::default() };
    next.cache = std::mem::take(&mut state.wrote);
    next.cache.extend(world.cache.clone());
    next.latest = state.latest.take().unwrap_or_else(|| world.latest.clone());
    next
}

#[test]
fn a_lookup_gives_the_lines_of_the_version() {
    let world = server(&log(21, 0, 0), 21, HEIGHT);
    let client = client(&world, HEIGHT);
    let (path, version) = module(13);
    assert_eq!(client.lookup(&path, &version).unwrap(), [format!("{path} {version} {}", hash(13))]);
    let go_mod = format!("{version}/go.mod");
    assert_eq!(client.lookup(&path, &go_mod).unwrap(), [format!("{path} {go_mod} {}", hash(13))]);
    assert_eq!(client.latest().size, 21);
    // Both came from one answer.
    let asked = client.ops().state.lock().unwrap().asked.clone();
    assert_eq!(asked.iter().filter(|path| path.starts_with("/lookup/")).count(), 1);
    assert_eq!(
        client.ops().read_config(&format!("{NAME}/latest")).unwrap(),
        world.remote["/latest"]
    );
}

#[test]
fn honest_servers_are_used_as_go_uses_them() {
    let big = log(300, 0, 0);
    let mut cases = Vec::new();
    for height in [1, 2, 8] {
        for size in [1, 2, 5, 16, 17, 65] {
            let world = server(&big, size, height);
            let modules = [0, size / 2, size - 1, 0, size];
            cases.push(Case::new(format!("new client, {size}"), world.clone(), height, &modules));
            let known = after(&world, height, &[size / 3]);
            cases.push(Case::new(format!("known tree, {size}"), known.clone(), height, &modules));
            for later in [size + 1, size + 3, 200] {
                // The server has grown; the cache is of the smaller tree.
                let mut grown = server(&big, later, height);
                grown.cache = known.cache.clone();
                grown.latest = known.latest.clone();
                let modules = [later - 1, size / 3, size / 2];
                cases.push(Case::new(
                    format!("{size} grown to {later}"),
                    grown.clone(),
                    height,
                    &modules,
                ));
                // Only full tiles are left on the server.
                let mut full = grown;
                let all: Vec<String> =
                    full.remote.keys().filter(|path| path.contains(".p/")).cloned().collect();
                for path in all {
                    if full.remote.contains_key(path.split(".p/").next().unwrap()) {
                        full.remote.remove(&path);
                    }
                }
                cases.push(Case::new(
                    format!("full tiles only, {size} to {later}"),
                    full,
                    height,
                    &modules,
                ));
            }
        }
    }
    let (answered, alarms) = agree(&cases);
    assert!(answered > cases.len() * 2, "{answered}");
    assert_eq!(alarms, 0);
}

#[test]
fn paths_versions_and_exclusions_are_those_of_go() {
    let world = server(&log(5, 0, 0), 5, HEIGHT);
    let mut case = Case::new("odd names", world, HEIGHT, &[1]);
    case.skip = "*.corp.example.com,example.com/private,[".to_owned();
    let odd = [
        ("example.com/private/x", "v1.0.0"),
        ("example.com/privateer", "v1.0.0"),
        ("git.corp.example.com", "v1.0.0"),
        ("git.corp.example.com/a", "v1.0.0"),
        ("", "v1.0.0"),
        ("nodot", "v1.0.0"),
        ("example.com/a\tb", "v1.0.0"),
        ("example.com/../a", "v1.0.0"),
        ("Example.com/a", "v1.0.0"),
        ("example.com/Mod1", ""),
        ("example.com/Mod1", "/go.mod"),
        ("example.com/Mod1", "v1.1.0/go.mod/go.mod"),
        ("example.com/Mod1", "v1.1.0/x"),
        ("example.com/Mod1", "V1.1.0"),
        ("example.com/Mod1", "v1.1.0!"),
        ("example.com/Mod1", "..\u{1}\""),
        ("example.com/mod1", "v1.1.0"),
        ("example.com/Mod1", "v1.1.0+incompatible"),
    ];
    case.lookups.extend(odd.map(|(path, version)| (path.to_owned(), version.to_owned())));
    agree(&[case]);
}

/// Each byte of each file that a lookup needs, changed in several ways, on the server and in the cache.
#[test]
fn each_changed_byte_is_judged_as_go_judges_it() {
    let mut base = server(&log(11, 0, 0), 11, HEIGHT);
    let wanted = 6;
    let used: Vec<String> = {
        let used = client(&base, HEIGHT);
        let (path, version) = module(wanted);
        used.lookup(&path, &version).unwrap();
        let state = base.state.lock().unwrap();
        state.asked.clone()
    };
    base.remote.retain(|path, _| used.contains(path));
    let cached = after(&World { state: Default::default(), ..base.clone() }, HEIGHT, &[wanted]);
    let mut cases = Vec::new();
    let mut add =
        |name: String, world: World| cases.push(Case::new(name, world, HEIGHT, &[wanted]));
    let mutate = |data: &[u8], at: usize| {
        let mut all: Vec<Vec<u8>> = [1, 0x80]
            .iter()
            .map(|change| {
                let mut changed = data.to_vec();
                changed[at] ^= change;
                changed
            })
            .collect();
        all.push([&data[..at], &data[at + 1..]].concat());
        all.push([&data[..at], b"\n", &data[at..]].concat());
        all.push(data[..at].to_vec());
        all
    };
    for (path, data) in &base.remote {
        let step = if path.starts_with("/lookup/") { 1 } else { 16 };
        for at in (0..data.len()).step_by(step) {
            for changed in mutate(data, at) {
                let mut world = base.clone();
                world.remote.insert(path.clone(), changed);
                add(format!("{path} at {at}"), world);
            }
        }
    }
    for (file, data) in &cached.cache {
        for at in (1..data.len()).step_by(16) {
            for changed in mutate(data, at) {
                let mut world = cached.clone();
                world.cache.insert(file.clone(), changed);
                add(format!("cached {file} at {at}"), world);
            }
        }
    }
    for at in (0..cached.latest.len()).step_by(5) {
        for changed in mutate(&cached.latest, at) {
            let mut world = cached.clone();
            world.latest = changed;
            add(format!("latest at {at}"), world);
        }
    }
    let (answered, alarms) = agree(&cases);
    assert_eq!(alarms, 0);
    assert!(answered < cases.len() / 10, "{answered} of {}", cases.len());
}

/// Servers that sign lies. Each line: its name, the world.
fn hostile() -> Vec<(&'static str, World)> {
    let honest = log(20, 0, 0);
    let known = after(&server(&honest, 10, HEIGHT), HEIGHT, &[3]);
    let with_memory = |mut world: World| {
        world.cache = known.cache.clone();
        world.latest = known.latest.clone();
        world
    };
    let forked = server(&log(20, 6, 100), 20, HEIGHT);
    let answer = |n: u64| server(&honest, 20, HEIGHT).remote[&lookup_path(n)].clone();
    let text = |n: u64| String::from_utf8(answer(n)).unwrap();
    let with = |path: String, data: Vec<u8>| {
        let mut world = server(&honest, 20, HEIGHT);
        world.remote.insert(path, data);
        with_memory(world)
    };
    let here = || lookup_path(7);
    let stranger = Signer::new("stranger.example.com", [4; 32]).unwrap();
    let thief = Signer::new(NAME, [5; 32]).unwrap();
    let head = honest.head(20).unwrap().format();
    let resigned = |note: String| text(7).split_once("\n\n").unwrap().0.to_owned() + "\n\n" + &note;
    let garbage = |len: usize| vec![0xab; len];
    let mut no_tiles = with_memory(server(&honest, 20, HEIGHT));
    no_tiles.remote.retain(|path, _| !path.starts_with("/tile/"));
    let mut garbage_tiles = with_memory(server(&honest, 20, HEIGHT));
    let mut empty_tiles = garbage_tiles.clone();
    let mut long_tiles = garbage_tiles.clone();
    let mut other_tiles = garbage_tiles.clone();
    for (path, data) in &mut garbage_tiles.remote {
        if path.starts_with("/tile/") {
            *data = garbage(data.len());
            empty_tiles.remote.insert(path.clone(), Vec::new());
            long_tiles.remote.get_mut(path).unwrap().extend(garbage(32));
            other_tiles.remote.insert(path.clone(), forked.remote[path].clone());
        }
    }
    let small = honest.head(5).unwrap().format();
    let same_size = signer().sign(&log(10, 6, 100).head(10).unwrap().format());
    vec![
        (
            "a record of another hash",
            with(here(), text(7).replace(&hash(7), &hash(8)).into_bytes()),
        ),
        ("the answer for another module", with(here(), answer(8))),
        (
            "the number of another record",
            with(here(), text(7).replacen("7\n", "8\n", 1).into_bytes()),
        ),
        ("a number behind the end", with(here(), text(7).replacen("7\n", "99\n", 1).into_bytes())),
        (
            "the largest number",
            with(here(), text(7).replacen("7\n", "9223372036854775807\n", 1).into_bytes()),
        ),
        ("a number below zero", with(here(), text(7).replacen("7\n", "-7\n", 1).into_bytes())),
        (
            "a line more",
            with(
                here(),
                text(7).replacen("7\n", "7\nexample.com/Mod7 v1.7.0 h1:evil=\n", 1).into_bytes(),
            ),
        ),
        ("another key's signature", with(here(), resigned(stranger.sign(&head)).into_bytes())),
        ("another key of the same name", with(here(), resigned(thief.sign(&head)).into_bytes())),
        ("no signature", with(here(), resigned(head.clone()).into_bytes())),
        ("a truncated note", with(here(), text(7)[..text(7).len() - 9].as_bytes().to_vec())),
        ("no tree head", with(here(), text(7).split_once("\n\n").unwrap().0.as_bytes().to_vec())),
        (
            "something else is signed",
            with(here(), resigned(signer().sign("a letter\n")).into_bytes()),
        ),
        ("a shrunken tree", with(here(), resigned(signer().sign(&small)).into_bytes())),
        (
            "the empty tree",
            with(here(), resigned(signer().sign(&honest.head(0).unwrap().format())).into_bytes()),
        ),
        (
            "an empty tree of another hash",
            with(here(), resigned(signer().sign(&head.replace("\n20\n", "\n0\n"))).into_bytes()),
        ),
        (
            "a larger size than the hash has",
            with(here(), resigned(signer().sign(&head.replace("\n20\n", "\n21\n"))).into_bytes()),
        ),
        ("an empty answer", with(here(), Vec::new())),
        ("garbage", with(here(), garbage(500))),
        ("a web page", with(here(), b"<html>\n\n</html>\n".to_vec())),
        ("no tiles", no_tiles),
        ("garbage for tiles", garbage_tiles),
        ("empty tiles", empty_tiles),
        ("tiles that are too long", long_tiles),
        ("tiles of another log", other_tiles),
        ("a fork", with_memory(forked)),
        (
            "a fork that hides behind honest tiles",
            with(
                here(),
                resigned(signer().sign(&log(20, 6, 100).head(20).unwrap().format())).into_bytes(),
            ),
        ),
        ("a fork of the same size", with(here(), resigned(same_size).into_bytes())),
        (
            "a fork of the past",
            with(
                here(),
                resigned(signer().sign(&log(9, 3, 100).head(9).unwrap().format())).into_bytes(),
            ),
        ),
    ]
}

#[test]
fn hostile_servers_are_not_believed() {
    let (path, version) = module(7);
    let honest_line = format!("{path} {version} {}", hash(7));
    let mut cases = Vec::new();
    for (name, world) in hostile() {
        cases.push(Case::new(name, world.clone(), HEIGHT, &[7, 7, 2]));
        let fresh = World { cache: Default::default(), latest: Vec::new(), ..world.clone() };
        cases.push(Case::new(format!("{name}, no memory"), fresh, HEIGHT, &[7, 2, 15]));
        let client = client(&World { state: Default::default(), ..world }, HEIGHT);
        // A smaller tree of the same history is no lie: the record is checked in the larger one that is known.
        let honest = ["a shrunken tree", "the empty tree"].contains(&name);
        match client.lookup(&path, &version) {
            // The record of another module has no line for this one: the go command refuses that, too.
            Ok(lines) if lines.is_empty() => assert_eq!(name, "the answer for another module"),
            Ok(lines) => assert!(honest && lines == [honest_line.clone()], "{name}: {lines:?}"),
            Err(error) => {
                assert!(!honest || error.to_string().contains("tree of size"), "{name}: {error}")
            }
        }
        if let Err(error) = client.lookup(&path, &version) {
            let wrote = &client.ops().state.lock().unwrap().wrote;
            assert!(!wrote.keys().any(|file| file.contains("/lookup/")), "{name}: {error}");
        }
    }
    let (_, alarms) = agree(&cases);
    assert!(alarms >= 5, "{alarms}");
}

#[test]
fn a_fork_is_reported_with_both_tree_heads_and_the_proof() {
    let (_, world) = hostile().into_iter().find(|(name, _)| *name == "a fork").unwrap();
    let client = client(&world, HEIGHT);
    let (path, version) = module(7);
    let error = client.lookup(&path, &version).unwrap_err();
    let Error::Security(message) = error.root() else { panic!("{error}") };
    assert_eq!(error.to_string(), format!("{path}@{version}: security error: misbehaving server"));
    let alarms = world.state.lock().unwrap().alarms.clone();
    assert_eq!(alarms, [message.to_string()]);
    assert!(message.starts_with("SECURITY ERROR\ngo.sum database server misbehavior detected!\n\nold database:\n\tgo.sum database tree\n\t10\n\t"));
    assert!(message.contains("new database:\n\tgo.sum database tree\n\t20\n\t"));
    assert!(message.contains("proof of misbehavior:\n\t"));
    // The latest tree head stays the one that was known.
    assert_eq!(client.latest().size, 10);
}

#[test]
fn the_latest_tree_head_of_another_process_is_merged() {
    let log = log(20, 0, 0);
    let note = |size| signer().sign(&log.head(size).unwrap().format()).into_bytes();
    // Another process writes an older, the same, or a newer tree head between reading and writing.
    for (rival, latest) in [(5, 15), (15, 15), (20, 20)] {
        let mut world = server(&log, 15, HEIGHT);
        world.remote.extend(
            server(&log, 20, HEIGHT)
                .remote
                .into_iter()
                .filter(|(path, _)| path.starts_with("/tile/")),
        );
        {
            let mut state = world.state.lock().unwrap();
            (state.conflicts, state.rival) = (1, note(rival));
        }
        let client = client(&world, HEIGHT);
        let (path, version) = module(7);
        client.lookup(&path, &version).unwrap();
        assert_eq!(client.latest().size, latest);
        assert_eq!(world.state.lock().unwrap().latest, Some(note(latest)), "{rival}");
    }
    // One that writes a fork is noticed, and one that never stops is not waited for.
    for (conflicts, rival, expected) in [
        (
            1,
            signer().sign(&crate::world::log(5, 2, 100).head(5).unwrap().format()),
            "misbehaving server",
        ),
        (usize::MAX, String::new(), "write conflict"),
    ] {
        let world = server(&log, 15, HEIGHT);
        {
            let mut state = world.state.lock().unwrap();
            (state.conflicts, state.rival) = (conflicts, rival.into_bytes());
        }
        let (path, version) = module(7);
        let error = client(&world, HEIGHT).lookup(&path, &version).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn endless_answers_are_refused() {
    let mut world = server(&log(5, 0, 0), 5, HEIGHT);
    let answer = world.remote.get_mut(&lookup_path(3)).unwrap();
    answer.extend(vec![b'x'; gosumdb::MAX_ANSWER]);
    let length = answer.len();
    let (path, version) = module(3);
    let error = client(&world, HEIGHT).lookup(&path, &version).unwrap_err();
    assert_eq!(*error.root(), Error::TooLong(length));
}

#[test]
fn a_signed_tree_of_impossible_size_ends() {
    let honest = log(5, 0, 0);
    for size in [(1_u64 << 62) - 1, 1 << 62, i64::MAX.cast_unsigned()] {
        let mut world = server(&honest, 5, HEIGHT);
        let note = signer()
            .sign(&honest.head(5).unwrap().format().replace("\n5\n", &format!("\n{size}\n")));
        let answer = world.remote.get_mut(&lookup_path(3)).unwrap();
        let text = String::from_utf8(answer.clone()).unwrap();
        *answer = (text.split_once("\n\n").unwrap().0.to_owned() + "\n\n" + &note).into_bytes();
        let (path, version) = module(3);
        assert!(client(&world, HEIGHT).lookup(&path, &version).is_err(), "{size}");
    }
}

#[test]
fn threads_share_one_history_and_ask_once() {
    let world = server(&log(200, 0, 0), 200, HEIGHT);
    let client = client(&world, HEIGHT);
    std::thread::scope(|scope| {
        for start in 0..8 {
            let client = &client;
            scope.spawn(move || {
                for n in (0..200).map(|n| (n + start * 25) % 200) {
                    let (path, version) = module(n);
                    assert_eq!(client.lookup(&path, &version).unwrap().len(), 1);
                }
            });
        }
    });
    let mut asked = world.state.lock().unwrap().asked.clone();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all);
}
