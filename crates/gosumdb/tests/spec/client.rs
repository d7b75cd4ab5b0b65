//! A client among honest and broken servers, and other processes.

use crate::world::{
    Case, NAME, World, after, agree, client, hash, log, lookup_path, module, server, signer,
};
use gosumdb::{Error, Ops as _};

const HEIGHT: u32 = 2;

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
