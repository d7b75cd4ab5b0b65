//! `--online` against module proxies and checksum databases that are slow, broken or lie.

use crate::world::{Checked, World};
use gosumdb::testkit::{Log, Signer};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the proxy does with a request.
#[derive(Clone)]
enum Answer {
    /// Status 200 and this.
    Body(Vec<u8>),
    /// This status and no body.
    Status(u16),
    /// The connection stays open, and nothing comes.
    Hang,
    /// Half of what was promised, and then the end.
    Half(Vec<u8>),
    /// A byte every 50 ms, for ever.
    Drip,
    /// Bytes without end.
    Endless,
    /// To this path.
    Redirect(&'static str),
}

/// A proxy on loopback. Its thread ends with the test's process.
struct Proxy {
    url: String,
}

impl Proxy {
    fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || serve(stream, answer.as_ref()));
            }
        });
        Self { url }
    }
}

/// Answers one request. A client that has enough of us closes the connection: no error of ours.
fn serve(mut stream: TcpStream, answer: &dyn Fn(&str) -> Answer) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(request)) = lines.next() else { return };
    let mut path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    for line in lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, credentials)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            path = format!("{path} {credentials}");
        }
    }
    let head = |status: u16, length: &str| {
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{length}\r\n")
    };
    let length = |body: &[u8]| format!("content-length: {}\r\n", body.len());
    let _ = match answer(&path) {
        Answer::Body(body) => {
            stream.write_all(&[head(200, &length(&body)).as_bytes(), &body].concat())
        }
        Answer::Status(status) => {
            stream.write_all(head(status, "content-length: 0\r\n").as_bytes())
        }
        Answer::Half(body) => {
            let half = body.split_at(body.len() / 2).0;
            stream.write_all(&[head(200, &length(&body)).as_bytes(), half].concat())
        }
        Answer::Redirect(to) => {
            let location = format!("location: {to}\r\ncontent-length: 0\r\n");
            stream.write_all(head(302, &location).as_bytes())
        }
        Answer::Hang => {
            std::thread::sleep(Duration::from_secs(60));
            Ok(())
        }
        Answer::Drip => {
            let _ = stream.write_all(head(200, "").as_bytes());
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        Answer::Endless => {
            let _ = stream.write_all(head(200, "").as_bytes());
            let piece = vec![b'x'; 1 << 20];
            while stream.write_all(&piece).is_ok() {}
            Ok(())
        }
    };
}

const UUID: &str = "package uuid\n\nfunc New() string { return \"1\" }\n";
const EVIL: &str = "package uuid\n\nfunc New() string { return \"2\" }\n";

/// The zip of example.com/uuid v1.6.0 with this source.
pub(crate) fn zip(source: &str) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(vec![]);
    for (name, content) in [("go.mod", "module example.com/uuid\n"), ("uuid.go", source)] {
        let name = format!("example.com/uuid@v1.6.0/{name}");
        let (mut entry, config) = archive.new_file(name).start().unwrap();
        let mut data = config.wrap(&mut entry);
        data.write_all(content.as_bytes()).unwrap();
        let (_, descriptor) = data.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// A module that vendors example.com/uuid with this source; go.sum has the sum of [`UUID`].
fn vendored(source: &str) -> World {
    let world = World::module();
    world.file("uuid.zip", zip(UUID));
    let sum = world.run(&["plumbing", "h1", "../uuid.zip"]).stdout;
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n\nrequire example.com/uuid v1.6.0\n",
    );
    let go_mod = "example.com/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=";
    world.file("m/go.sum", format!("example.com/uuid v1.6.0 {sum}{go_mod}\n"));
    world
        .file("m/vendor/modules.txt", "# example.com/uuid v1.6.0\n## explicit\nexample.com/uuid\n");
    world.file("m/vendor/example.com/uuid/uuid.go", source);
    world
}

/// A run whose go command knows these proxies and this checksum database.
fn online(world: &World, goproxy: &str, gosumdb: &str, args: &[&str]) -> Checked {
    let mut command = world.command(&["check", "--no-history", "--format", "json", "--online"]);
    command.args(args).env("GOPROXY", goproxy).env("GOSUMDB", gosumdb).env("GOTOOLCHAIN", "local");
    command.env("GOMODCACHE", world.path("cache")).env("GOPATH", world.path("gopath"));
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}", String::from_utf8_lossy(&output.stderr)));
    Checked { status: output.status.code().unwrap(), report }
}

/// What `vendor-modified` says where the proxy answers so.
fn vendor(source: &str, answer: Answer) -> (String, String) {
    let proxy = Proxy::new(move |_| answer.clone());
    let only = ["--only", "vendor-modified", "--set", "run.slow_timeout_ms=3000"];
    let checked = online(&vendored(source), &proxy.url, "off", &only);
    (checked.verdict("vendor-modified").to_owned(), checked.error("vendor-modified").to_owned())
}

#[test]
fn an_honest_proxy_proves_the_vendor_folder() {
    assert_eq!(vendor(UUID, Answer::Body(zip(UUID))), ("pass".to_owned(), String::new()));
    let (verdict, error) = vendor(EVIL, Answer::Body(zip(UUID)));
    assert_eq!(verdict, "fail");
    assert!(error.contains("vendor/example.com/uuid/uuid.go:3"), "{error}");
}

#[test]
fn a_proxy_that_gives_what_was_vendored_is_not_believed() {
    // The attacker has the proxy and the vendor folder, but not the committed sum.
    let (verdict, error) = vendor(EVIL, Answer::Body(zip(EVIL)));
    assert_eq!(verdict, "inconclusive");
    assert!(error.contains("another example.com/uuid v1.6.0 than go.sum says"), "{error}");
}

#[test]
fn a_broken_proxy_is_never_a_pass_and_costs_bounded_time() {
    for (answer, said) in [
        (Answer::Status(500), "500"),
        (Answer::Status(404), "no proxy of GOPROXY has example.com/uuid/@v/v1.6.0.zip"),
        (Answer::Body(b"<html>please log in</html>".to_vec()), "zip"),
        (Answer::Half(zip(UUID)), "uuid/@v/v1.6.0.zip"),
        (Answer::Redirect("/again"), "redirect"),
        (Answer::Hang, "timed out"),
        (Answer::Drip, "timed out"),
        (Answer::Endless, ""),
    ] {
        let begun = Instant::now();
        let (verdict, error) = vendor(UUID, answer);
        assert_eq!(verdict, "inconclusive", "{said}: {error}");
        assert!(error.contains(said), "{said:?} is not in {error:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{said}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_password_in_goproxy_is_used_and_never_shown() {
    let asked = Proxy::new(|path| match path.split_once(" Basic ") {
        // bob:s3cret
        Some((_, "Ym9iOnMzY3JldA==")) => Answer::Body(zip(UUID)),
        _ => Answer::Status(401),
    });
    let host = asked.url.trim_start_matches("http://");
    let only = ["--only", "vendor-modified"];
    let checked = online(&vendored(UUID), &format!("http://bob:s3cret@{host}"), "off", &only);
    assert_eq!(checked.verdict("vendor-modified"), "pass", "{}", checked.report);
    let checked = online(&vendored(UUID), &format!("http://bob:wr0ng@{host}"), "off", &only);
    let error = checked.error("vendor-modified");
    assert!(error.contains("401") && error.contains("bob:xxxxx@"), "{error}");
    assert!(!checked.report.to_string().contains("wr0ng"), "{}", checked.report);
}

#[test]
fn a_folder_may_be_the_proxy_as_for_go() {
    let world = vendored(UUID);
    world.file("proxy/example.com/uuid/@v/v1.6.0.zip", zip(UUID));
    let url = format!("file://{}", world.path("proxy").display());
    let checked = online(&world, &url, "off", &["--only", "vendor-modified"]);
    assert_eq!(checked.verdict("vendor-modified"), "pass", "{}", checked.report);
}

/// A database with these lines of go.sum in one record, and its key.
fn database(lines: &str) -> (Log, Signer) {
    let mut log = Log::default();
    let signer = Signer::new("sum.example.com", [7; 32]).unwrap();
    log.add("example.com/other", "v1.0.0", "example.com/other v1.0.0 h1:x=\n").unwrap();
    log.add("example.com/uuid", "v1.6.0", lines).unwrap();
    (log, signer)
}

/// What `go-sum-database` says; `proxied` answers of the proxy come before the database's own.
fn sums(
    world: &World,
    record: &str,
    proxied: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static,
) -> (String, String, String) {
    let (log, signer) = database(record);
    let signed = log.signed(log.size(), &signer).unwrap();
    let proxy = Proxy::new(move |path| {
        if let Some(answer) = proxied(path) {
            return answer;
        }
        match path.strip_prefix("/sumdb/sum.example.com") {
            Some("/supported") => Answer::Body(vec![]),
            Some(path) => {
                log.answer(path, log.size(), &signed).map_or(Answer::Status(404), Answer::Body)
            }
            None => Answer::Status(404),
        }
    });
    let only = ["--only", "go-sum-database", "--set", "run.slow_timeout_ms=3000"];
    let checked = online(world, &proxy.url, &signer.vkey(), &only);
    let outcome = checked.outcome("go-sum-database");
    (
        checked.verdict("go-sum-database").to_owned(),
        checked.error("go-sum-database").to_owned(),
        outcome["note"]["en"].as_str().unwrap_or_default().to_owned(),
    )
}

fn go_sum(world: &World) -> String {
    std::fs::read_to_string(world.path("m/go.sum")).unwrap()
}

#[test]
fn a_checksum_database_behind_the_proxy_vouches() {
    let world = vendored(UUID);
    let (verdict, error, note) = sums(&world, &go_sum(&world), |_| None);
    assert_eq!((verdict.as_str(), error.as_str()), ("pass", ""));
    assert!(note.contains("vouches for 2 of 2 lines"), "{note}");
    // What was proven is kept: the same holds when the proxy is gone.
    let gone = |_: &str| Some(Answer::Status(500));
    let (verdict, error, note) = sums(&world, &go_sum(&world), gone);
    assert_eq!((verdict.as_str(), error.as_str()), ("pass", ""));
    assert!(note.contains("vouches for 2 of 2 lines"), "{note}");
}

#[test]
fn a_committed_sum_that_the_database_does_not_have_closes_the_gate() {
    let world = vendored(UUID);
    let record = go_sum(&world).replace("v1.6.0 h1:", "v1.6.0 h1:A");
    let (verdict, error, _) = sums(&world, &record, |_| None);
    assert_eq!(verdict, "fail");
    assert!(
        error.contains("sum.example.com has another sum of example.com/uuid v1.6.0"),
        "{error}"
    );
}

#[test]
fn a_database_that_lies_or_hangs_is_never_a_pass() {
    let world = vendored(UUID);
    let sum = go_sum(&world);
    let lookup =
        |answer: Answer| move |path: &str| path.contains("/lookup/").then(|| answer.clone());
    // A record with another number than its place, a head that nobody signed, no text at all.
    for lie in
        ["0\nexample.com/uuid v1.6.0 h1:x\n\n", "go.sum database tree\n2\nAAAA\n", "\u{fffd}"]
    {
        let (verdict, error, _) = sums(&world, &sum, lookup(Answer::Body(lie.into())));
        assert!(matches!(verdict.as_str(), "inconclusive" | "fail"), "{lie}: {verdict} {error}");
    }
    for bad in [Answer::Status(500), Answer::Hang, Answer::Drip, Answer::Endless] {
        let begun = Instant::now();
        let (verdict, error, _) = sums(&world, &sum, lookup(bad));
        assert_eq!(verdict, "inconclusive", "{error}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{error}");
    }
}

#[test]
fn a_proxy_that_cannot_say_whether_it_has_the_database_is_not_passed_by() {
    // As the go command: only 404 and 410 send it to the database itself.
    let world = vendored(UUID);
    let broken = |path: &str| path.ends_with("/supported").then_some(Answer::Status(503));
    let (verdict, error, _) = sums(&world, &go_sum(&world), broken);
    assert_eq!(verdict, "inconclusive");
    assert!(error.contains("503"), "{error}");
}

#[test]
fn what_authors_retracted_is_asked_and_nonsense_is_not_believed() {
    let retracted = "module example.com/uuid\n\nretract v1.6.0 // leaks ids\n";
    let proxy = |go_mod: Answer| {
        Proxy::new(move |path| match path {
            "/example.com/uuid/@latest" => Answer::Body(b"{\"Version\":\"v1.7.0\"}".to_vec()),
            "/example.com/uuid/@v/list" => Answer::Body(b"v1.6.0\nv1.7.0\n".to_vec()),
            "/example.com/uuid/@v/v1.7.0.mod" => go_mod.clone(),
            _ => Answer::Status(404),
        })
    };
    let ask = |answer: Answer| {
        let only = ["--only", "require-retracted", "--set", "run.slow_timeout_ms=3000"];
        let checked = online(&vendored(UUID), &proxy(answer).url, "off", &only);
        let (verdict, error) =
            (checked.verdict("require-retracted"), checked.error("require-retracted"));
        (verdict.to_owned(), error.to_owned())
    };
    let (verdict, error) = ask(Answer::Body(retracted.into()));
    assert_eq!(verdict, "fail", "{error}");
    assert!(error.contains("leaks ids"), "{error}");
    for bad in
        [Answer::Status(500), Answer::Hang, Answer::Endless, Answer::Body(b"module (".to_vec())]
    {
        let (verdict, error) = ask(bad);
        assert_eq!(verdict, "inconclusive", "{error}");
    }
}
