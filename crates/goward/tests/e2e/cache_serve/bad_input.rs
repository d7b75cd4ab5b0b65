//! Who speaks with it may say anything; what is put may be anything; the machine may be full, or die.

use super::{Folder, Place, STANDARD, TEXT, speak};
use crate::world::{World, ran};
use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

const WORDS: &str = "--dir {d} --key {mine.pem}";

/// A request to put a body, under the hash of another or its own, with this size.
fn put(id: u64, action: u8, body: &[u8], hashed: &[u8], size: usize) -> String {
    let output = STANDARD.encode(Sha256::digest(hashed));
    let action = STANDARD.encode([action; 32]);
    let head = format!(
        "{{\"ID\":{id},\"Command\":\"put\",\"ActionID\":\"{action}\",\"OutputID\":\"{output}\",\"BodySize\":{size}}}\n\n"
    );
    if size == 0 { head } else { format!("{head}\"{}\"\n", STANDARD.encode(body)) }
}

fn get(id: u64, action: u8) -> String {
    let action = STANDARD.encode([action; 32]);
    format!("{{\"ID\":{id},\"Command\":\"get\",\"ActionID\":\"{action}\"}}\n\n")
}

const CLOSE: &str = "{\"ID\":99,\"Command\":\"close\"}\n";

/// The answers, by the request.
fn answers(stdout: &str) -> impl Fn(u64) -> Value {
    let all: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    move |id| all.iter().find(|it| it["ID"] == id).cloned().unwrap_or_default()
}

#[test]
fn what_is_put_is_got_and_what_is_wrong_is_refused() {
    let place = Place::new();
    let ok = speak(
        &place,
        WORDS,
        (put(1, 1, b"hello", b"hello", 5) + &put(2, 2, b"", b"", 0) + CLOSE).as_bytes(),
    );
    let of = answers(&ok.stdout);
    assert_eq!(of(0)["KnownCommands"].as_array().unwrap().len(), 3);
    let kept = of(1)["DiskPath"].as_str().unwrap().to_owned();
    assert_eq!(std::fs::read(&kept).unwrap(), b"hello");
    assert_eq!(std::fs::read(of(2)["DiskPath"].as_str().unwrap()).unwrap(), b"");
    assert!(of(99).is_object() && ok.status == 0, "{}", ok.stdout);

    let wrong = put(3, 3, b"hello", b"other", 5)
        + &put(4, 4, b"hell", b"hell", 6)
        + "{\"ID\":5,\"Command\":\"get2\"}\n"
        + "{\"ID\":6,\"Command\":\"get\",\"ActionID\":\"aGk=\"}\n"
        + &put(7, 7, b"", b"not empty", 0)
        + &get(8, 1)
        + &get(9, 3)
        + &get(10, 4);
    let said = speak(&place, WORDS, (wrong + CLOSE).as_bytes());
    let of = answers(&said.stdout);
    for id in [3, 4, 5, 6, 7] {
        assert!(of(id)["Err"].is_string() && of(id)["DiskPath"].is_null(), "{id}: {}", said.stdout);
    }
    assert_eq!(of(8)["DiskPath"].as_str(), Some(kept.as_str()));
    assert_eq!(
        (of(8)["Size"].as_u64(), &of(8)["OutputID"]),
        (Some(5), &STANDARD.encode(Sha256::digest(b"hello")).into())
    );
    assert!(of(8)["Time"].as_str().unwrap().ends_with('Z'));
    assert_eq!((of(9)["Miss"].as_bool(), of(10)["Miss"].as_bool()), (Some(true), Some(true)));
    assert_eq!(said.status, 0, "{}", said.stderr);
}

#[test]
fn who_does_not_speak_the_protocol_is_told_so() {
    let place = Place::new();
    let endless = put(1, 1, &[b'x'; 5000], b"x", 5);
    for (input, status) in [
        (&b""[..], 0),
        (b"GET / HTTP/1.1\r\n", 2),
        (b"{\"ID\":1,\"Command\":\"put\",\"BodySize\":5}\nnothing\n", 2),
        (b"{\"ID\":1,\"Command\":\"put\",\"BodySize\":-5}\n", 2),
        (&[b'x'; 100_000], 2),
        (&[0xff; 70_000], 2),
        (endless.as_bytes(), 2),
        // Killed in the middle.
        (b"{\"ID\":1,\"Comm", 0),
    ] {
        let said = speak(&place, WORDS, input);
        assert_eq!(said.status, status, "{:?}: {}", &input[..input.len().min(40)], said.stderr);
        assert_eq!(
            said.stderr.contains("no go command speaks here"),
            status == 2,
            "{}",
            said.stderr
        );
    }
    assert_eq!(Folder(place.path("d")).files("-d").len(), 0);
}

#[test]
fn wrong_use_is_one_clear_message() {
    let place = Place::new();
    std::fs::write(place.path("bad.pem"), "no key").unwrap();
    for (words, message) in [
        ("--dir {d}", "nobody is trusted"),
        ("--dir {d} --key {absent.pem}", "absent.pem"),
        ("--dir {d} --key {bad.pem}", "openssl genpkey -algorithm ed25519"),
        ("--dir {d} --key {mine.pub}", "no Ed25519 or P-256 private key"),
        ("--dir {d} --verify-key {mine.pem}", "openssl pkey -in"),
        ("--dir {d} --key {mine.pem} --remote ftp://x", "https://"),
        (
            "--dir {d} --key {mine.pem} --remote http://10.0.0.1 --token-file {mine.pem}",
            "has no token",
        ),
        ("--dir {d} --listen 0.0.0.0:0", "name a token"),
        ("--dir {d} --listen 127.0.0.1:0 --key {mine.pem}", "--listen"),
        ("--key {mine.pem}", "--dir"),
        ("--dir ~/cache --key {mine.pem}", "write the whole path"),
    ] {
        let said = speak(&place, words, b"");
        assert_eq!(said.status, 2, "{words}: {}", said.stderr);
        assert!(said.stderr.contains(message), "{words}: {}", said.stderr);
    }
}

#[test]
fn half_a_put_is_nothing_even_after_a_kill() {
    let place = Place::new();
    let prog = place.prog(WORDS);
    let mut words = prog.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).env_clear().env("HOME", place.path("home"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut to = child.stdin.take().unwrap();
    let body = vec![b'x'; 300_000];
    let whole = put(1, 1, b"one", b"one", 3);
    let half = put(2, 2, &body, &body, body.len());
    to.write_all(whole.as_bytes()).unwrap();
    to.write_all(&half.as_bytes()[..200_000]).unwrap();
    let mut from = BufReader::new(child.stdout.take().unwrap()).lines();
    // The first words, then the first answer.
    assert!(from.nth(1).unwrap().unwrap().contains("DiskPath"));
    child.kill().unwrap();
    child.wait().unwrap();
    let said = speak(&place, WORDS, (get(1, 1) + &get(2, 2) + CLOSE).as_bytes());
    let of = answers(&said.stdout);
    assert!(of(1)["DiskPath"].is_string() && of(2)["Miss"] == true, "{}", said.stdout);
    let world = World::module();
    let verified = world.run(&["cache", "verify", place.path("d").to_str().unwrap()]);
    assert_eq!(verified.status, 0, "{}", verified.stdout);
}

#[test]
fn two_sessions_on_one_folder_do_not_harm_each_other() {
    let place = Place::new();
    let bodies: Vec<Vec<u8>> = (0..40_u8).map(|n| vec![n; usize::from(n) * 3000 + 1]).collect();
    let puts = |reverse: bool| {
        let mut numbered: Vec<(u8, &Vec<u8>)> = (0..).zip(&bodies).collect();
        if reverse {
            numbered.reverse();
        }
        let puts =
            numbered.iter().map(|(n, body)| put(u64::from(*n) + 1, *n, body, body, body.len()));
        puts.collect::<String>() + CLOSE
    };
    std::thread::scope(|scope| {
        for reverse in [false, true, false, true] {
            let (place, puts) = (&place, puts(reverse));
            scope.spawn(move || assert_eq!(speak(place, WORDS, puts.as_bytes()).status, 0));
        }
    });
    let gets = (0..40_u8).map(|n| get(u64::from(n) + 1, n)).collect::<String>() + CLOSE;
    let said = speak(&place, &format!("{WORDS} --reread"), gets.as_bytes());
    let of = answers(&said.stdout);
    for (n, body) in (0_u64..).zip(&bodies) {
        let path = of(n + 1)["DiskPath"]
            .as_str()
            .unwrap_or_else(|| panic!("{n}: {}", said.stderr))
            .to_owned();
        assert_eq!(&std::fs::read(path).unwrap(), body);
    }
    assert_eq!(said.stderr, "");
}

#[test]
fn a_folder_that_cannot_be_written_costs_no_build() {
    let place = Place::new();
    std::fs::write(place.path("d"), "no folder").unwrap();
    let built = place.build("--dir {d} --key {mine.pem}");
    assert!(built.printed.contains(TEXT));
    assert!(
        built.said.contains("cannot be kept in the folder, and the build goes on"),
        "{}",
        built.said
    );
    assert_eq!(built.said.lines().count(), 1, "{}", built.said);
}

#[test]
fn somebody_elses_folder_is_left_alone_and_costs_no_build() {
    let place = Place::new();
    let theirs = place.path("d").join("tmp/thesis.tex");
    std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    std::fs::write(&theirs, "theirs").unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(40 * 86_400);
    std::fs::File::options().write(true).open(&theirs).unwrap().set_modified(old).unwrap();
    let built = place.build("--dir {d} --key {mine.pem}");
    assert!(built.printed.contains(TEXT));
    assert!(built.said.contains("it is not empty and no cache"), "{}", built.said);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "theirs");
    assert_eq!(std::fs::read_dir(place.path("d")).unwrap().count(), 1);
}

#[test]
fn a_full_disk_costs_no_build() {
    let place = Place::new();
    std::fs::create_dir(place.path("d")).unwrap();
    let (program, prog) = (place.path("program"), place.prog("--dir {d} --key {mine.pem}"));
    let go = place.go("local", Some(&prog), &["build", "-o", program.to_str().unwrap(), "."]);
    // In a namespace of its own, so that the mount ends with it.
    let script = "mount -t tmpfs -o size=3m full \"$0\" && exec \"$@\"";
    let mut inside = Command::new("unshare");
    inside.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(place.path("d"));
    inside.arg("go").args(go.get_args()).current_dir(go.get_current_dir().unwrap()).env_clear();
    inside.envs(go.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let built = ran(inside.output().unwrap());
    assert_eq!(built.status, 0, "{}", built.stderr);
    assert!(built.stderr.contains("the build goes on"), "{}", built.stderr);
    assert!(ran(Command::new(&program).output().unwrap()).stderr.contains(TEXT));
}
