//! Two machines and a server between them; and servers that lie, hang, and never end.

use super::{Folder, Place, Signer, Statement, TEXT, key, poisoned, write};

use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// `goward cache serve --listen`, killed at the end.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(place: &Place, words: &str) -> Self {
        let prog = place.prog(&format!("--listen 127.0.0.1:0 {words}"));
        let mut words = prog.split(' ');
        let mut command = Command::new(words.next().unwrap());
        command.args(words).env_clear().env("HOME", place.path("home")).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address }
    }

    /// A request as it is, and the status of its answer with the rest.
    fn ask(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = vec![];
        // A connection may be reset after its answer.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0), answer)
    }

    fn put(&self, path: &str, headers: &str, body: &[u8]) -> u16 {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{headers}\r\n",
            body.len()
        );
        self.ask(&[head.as_bytes(), body].concat()).0
    }

    fn signal(&mut self, signal: &str) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_one_machine_built_another_gets_and_nothing_else() {
    let place = Place::new();
    std::fs::write(place.path("token"), "a-secret\n").unwrap();
    let server =
        Server::start(&place, "--dir {served} --token-file {token} --verify-key {mine.pub}");
    let remote = format!("--remote http://{} --token-file {{token}}", server.address);
    let first = place.build(&format!("--dir {{one}} --key {{mine.pem}} {remote} --verbose"));
    assert_eq!(first.count(" puts"), first.count(" sent"), "{}", first.said);
    let second =
        place.build(&format!("--dir {{two}} --verify-key {{mine.pub}} {remote} --verbose"));
    assert!(
        second.bytes == first.bytes && second.count(" from the remote") > 30,
        "{}",
        second.said
    );
    // What came is in the folder now, with its signature.
    let alone = place.build("--dir {two} --verify-key {mine.pub} --verbose");
    assert!(alone.count(" verified before") > 30, "{}", alone.said);

    // Somebody changes what the server has.
    let served = Folder(place.path("served"));
    let object = served.package(TEXT);
    let whole = std::fs::read(&object).unwrap();
    let mut cases: Vec<(Vec<u8>, &str)> = vec![
        (poisoned(&object), "in the remote cache: altered"),
        (whole[..whole.len() / 2].to_vec(), "in the remote cache: truncated"),
        ([&whole[..], b"more"].concat(), "in the remote cache: longer than"),
    ];
    for (number, (bytes, message)) in cases.drain(..).enumerate() {
        write(&object, bytes);
        let built = place.build(&format!("--dir {{d{number}}} --verify-key {{mine.pub}} {remote}"));
        assert!(built.printed.contains(TEXT) && built.said.contains(message), "{}", built.said);
    }
    write(&object, &whole);
    let (entry, signed) = served.entry(&object);
    let output = served.put(&poisoned(&object));
    write(&entry, Signer::new(key(2)).sign(Statement { output, ..signed.statement }).text());
    let built = place.build(&format!("--dir {{d9}} --verify-key {{mine.pub}} {remote}"));
    assert!(
        built.printed.contains(TEXT) && built.said.contains("which is not trusted here"),
        "{}",
        built.said
    );

    // Without the token there is nothing, and it is said once.
    let built = place
        .build(&format!("--dir {{d10}} --key {{mine.pem}} --remote http://{}", server.address));
    assert!(
        built.printed.contains(TEXT) && built.said.contains("the token is not taken"),
        "{}",
        built.said
    );
    assert_eq!(built.said.matches("is left alone").count(), 2, "{}", built.said);
}

#[test]
fn a_remote_that_is_away_or_misbehaves_costs_no_build() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    type Reply = fn(TcpStream);
    let cases: [(&str, Option<Reply>, &str); 5] = [
        ("away", None, "refused"),
        ("hangs", Some(std::mem::forget), "timeout"),
        (
            "redirects",
            Some(|mut stream| {
                let answer = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ =
                    stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(answer.as_bytes()));
            }),
            "redirects are not followed",
        ),
        (
            "never ends",
            Some(|mut stream| {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
                while stream.write_all(&[b'x'; 4096]).is_ok() {}
            }),
            "does not have the form of a signed entry",
        ),
        (
            "no HTTP",
            Some(|mut stream| {
                let _ =
                    stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(b"220 welcome\r\n"));
            }),
            "is left alone",
        ),
    ];
    let place = Place::new();
    place.filled();
    for (name, reply, message) in cases {
        let address = match reply {
            None => nobody,
            Some(reply) => {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let address = listener.local_addr().unwrap();
                std::thread::spawn(move || {
                    for stream in listener.incoming().flatten() {
                        std::thread::spawn(move || reply(stream));
                    }
                });
                address
            }
        };
        // Only the module's own packages are missing, so that little is compiled.
        std::fs::write(
            place.path("m/a/a.go"),
            format!("package a\n\nvar Text = \"{TEXT}, {name}\"\n"),
        )
        .unwrap();
        let built = place.build(&format!(
            "--dir {{d}} --key {{mine.pem}} --remote http://{address} --download-only"
        ));
        assert!(built.printed.contains(TEXT), "{name}: {}", built.printed);
        assert!(built.said.to_lowercase().contains(message), "{name}: {}", built.said);
        assert!(built.said.matches("is left alone").count() <= 1, "{name}: {}", built.said);
    }
}

#[test]
fn the_server_takes_what_is_what_it_says_and_keeps_it() {
    let place = Place::new();
    let mut server = Server::start(&place, "--dir {served} --verify-key {mine.pub}");
    let hex = |bytes: &[u8]| {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let body = vec![b'y'; 200_000];
    let object = format!("/v1/object/{}", hex(&body));
    let entry = |seed| {
        let output = gocache::Id(Sha256::digest(b"x").into());
        Signer::new(key(seed))
            .sign(Statement { action: gocache::Id([1; 32]), output, size: 1, time: 1 })
            .text()
    };
    let action = format!("/v1/entry/{}", "01".repeat(32));
    for (path, headers, body, status) in [
        (object.as_str(), "", &body[..], 201),
        (&object, "", &body[1..], 422),
        (&object, "Expect: 100-continue\r\n", &body, 100),
        (&action, "", entry(1).as_bytes(), 201),
        (&action, "", entry(2).as_bytes(), 403),
        (&action, "", b"what?", 422),
        (&format!("/v1/entry/{}", "02".repeat(32)), "", entry(1).as_bytes(), 422),
        (&action, "", &[b'x'; 600], 413),
        ("/v1/object/../../x", "", b"x", 404),
        (&object, "Transfer-Encoding: chunked\r\n", b"", 501),
        (&object, "Content-Length: 7\r\n", b"", 400),
    ] {
        assert_eq!(server.put(path, headers, body), status, "{path} {headers}");
    }
    for (request, status) in [
        ("GET /v1/object/x HTTP/1.1\r\n\r\n", 404),
        ("DELETE /v1/object/x HTTP/1.1\r\n\r\n", 405),
        ("PUT /v1/object/x HTTP/1.1\r\n\r\n", 404),
        ("hello\r\n\r\n", 400),
    ] {
        assert_eq!(server.ask(request.as_bytes()).0, status, "{request}");
    }
    assert_eq!(server.ask(format!("PUT {object} HTTP/1.1\r\n\r\n").as_bytes()).0, 411);
    // Half a body, then the connection ends: nothing is kept of it.
    let other = hex(b"other");
    let half = format!("PUT /v1/object/{other} HTTP/1.1\r\nContent-Length: 5\r\n\r\noth");
    server.ask(half.as_bytes());

    // What was acknowledged survives a kill.
    server.signal("-KILL");
    let mut again = Server::start(&place, "--dir {served}");
    let get = |path: &str| {
        again.ask(format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes())
    };
    assert!(get(&object).1.ends_with(std::str::from_utf8(&body).unwrap()));
    assert!(get(&action).1.ends_with(&entry(1)));
    assert_eq!(get(&format!("/v1/object/{other}")).0, 404);
    // An idle connection does not hold it up.
    let _idle = TcpStream::connect(&again.address).unwrap();
    assert_eq!(again.signal("-TERM").code(), Some(0));
}

#[test]
fn a_server_with_a_full_disk_says_so_and_builds_go_on() {
    let place = Place::new();
    std::fs::create_dir(place.path("served")).unwrap();
    let prog = place.prog("--listen 127.0.0.1:0 --dir {served}");
    let script = format!("mount -t tmpfs -o size=3m full \"$0\" && exec {prog}");
    let mut inside = Command::new("unshare");
    inside
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .arg(place.path("served"));
    let mut child = inside.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    let server = Server { child, address };
    let built = place.build(&format!(
        "--dir {{d}} --key {{mine.pem}} --remote http://{} --verbose",
        server.address
    ));
    assert!(
        built.printed.contains(TEXT) && built.said.contains("its disk is full"),
        "{}",
        built.said
    );
}
