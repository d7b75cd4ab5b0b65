//! Reachability items against real servers: redis-server, PostgreSQL, and peers that misbehave.

use crate::world::World;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server that is stopped when the test ends.
struct Server {
    child: Child,
    _dir: TempDir,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn wait_for(port: u16, child: &mut Child) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the server did not come up");
        assert!(child.try_wait().unwrap().is_none(), "the server ended");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn redis(args: &[&str]) -> Server {
    let (dir, port) = (tempfile::tempdir().unwrap(), free_port());
    let mut child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .args(args)
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is not installed: apt-get install redis-server");
    wait_for(port, &mut child);
    Server { child, _dir: dir, port }
}

/// PostgreSQL's programs: on the PATH, or where Debian keeps them.
fn postgres_program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders =
        debian.map(|version| version.path().join("bin")).chain(std::env::split_paths(&path));
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: apt-get install postgresql"))
}

/// PostgreSQL refuses to run as root, so as root it runs as nobody.
fn as_server_user(program: &Path) -> Command {
    let uid = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap();
    if uid.trim() != "0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command
}

fn postgres(auth: &str) -> Server {
    let (dir, port) = (tempfile::tempdir().unwrap(), free_port());
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(dir.path(), open).unwrap();
    let (data, password) = (dir.path().join("data"), dir.path().join("password"));
    std::fs::write(&password, "s3cret\n").unwrap();
    let made = as_server_user(&postgres_program("initdb"))
        .args(["--username=bob", "--no-sync", "--locale=C", "--auth", auth])
        .arg(format!("--pwfile={}", password.display()))
        .arg("-D")
        .arg(&data)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "initdb failed");
    let mut child = as_server_user(&postgres_program("postgres"))
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-F"])
        .arg("-k")
        .arg(dir.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(port, &mut child);
    // It listens before it lets anybody in.
    let ready = || {
        let mut command = Command::new(postgres_program("pg_isready"));
        command.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).status().unwrap().success()
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    while !ready() {
        assert!(Instant::now() < deadline, "PostgreSQL did not get ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    Server { child, _dir: dir, port }
}

fn item(kind: &str, url: &str) -> World {
    World::policy(&format!("[[custom]]\nid = \"x\"\n{kind} = \"{url}\"\ntimeout_ms = 3000\n"))
}

fn answer(world: &World) -> (String, String) {
    let checked = world.check(&["--only", "x"]);
    (checked.verdict("x").to_owned(), checked.error("x").to_owned())
}

#[test]
fn redis_answers_ping() {
    let server = redis(&[]);
    let url = format!("redis://127.0.0.1:{}", server.port);
    assert_eq!(answer(&item("redis-ping", &url)).0, "pass");
    assert_eq!(answer(&item("tcp", &format!("127.0.0.1:{}", server.port))).0, "pass");
    // Something else that listens is no PostgreSQL.
    let (verdict, error) =
        answer(&item("postgres", &format!("postgres://u@127.0.0.1:{}/d", server.port)));
    assert_ne!(verdict, "pass", "{error}");
}

#[test]
fn redis_asks_for_the_password() {
    let server = redis(&["--requirepass", "s3cret"]);
    let host = format!("127.0.0.1:{}", server.port);
    assert_eq!(answer(&item("redis-ping", &format!("redis://:s3cret@{host}"))).0, "pass");
    let (verdict, error) = answer(&item("redis-ping", &format!("redis://:wrong@{host}")));
    assert_eq!(verdict, "fail");
    assert!(error.contains("WRONGPASS") && !error.contains("wrong@"), "{error}");
    let (verdict, error) = answer(&item("redis-ping", &format!("redis://{host}")));
    assert!(verdict == "fail" && error.contains("NOAUTH"), "{error}");
}

#[test]
fn postgres_accepts_us_and_answers() {
    for auth in ["scram-sha-256", "md5", "password", "trust"] {
        let server = postgres(auth);
        let url = format!("postgres://bob:s3cret@127.0.0.1:{}/postgres", server.port);
        for kind in ["postgres", "postgres-ping"] {
            assert_eq!(answer(&item(kind, &url)), ("pass".into(), String::new()), "{auth} {kind}");
        }
        if auth == "trust" {
            let (verdict, error) = answer(&item(
                "postgres",
                &url.replace("/postgres", "/none").replace("none://", "postgres://"),
            ));
            assert!(verdict == "fail" && error.contains("3D000"), "{error}");
        } else {
            let (verdict, error) =
                answer(&item("postgres-ping", &url.replace("s3cret", "hunter2")));
            assert!(verdict == "fail" && error.contains("28P01"), "{auth}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn the_password_can_come_from_the_environment() {
    let server = redis(&["--requirepass", "s3cret"]);
    let world =
        item("redis-ping", &format!("redis://:${{REDIS_PASSWORD}}@127.0.0.1:{}", server.port));
    assert_eq!(answer(&world).1, "the environment variable REDIS_PASSWORD is not set");
    let mut command = world.command(&["check", "--only", "x", "--no-history"]);
    assert_eq!(command.env("REDIS_PASSWORD", "s3cret").status().unwrap().code(), Some(0));
}

#[test]
fn nobody_there_is_a_failure() {
    let port = free_port();
    for (kind, url) in [
        ("tcp", format!("127.0.0.1:{port}")),
        ("http", format!("http://127.0.0.1:{port}/")),
        ("redis-ping", format!("redis://127.0.0.1:{port}")),
        ("postgres", format!("postgres://u@127.0.0.1:{port}/d")),
    ] {
        let (verdict, error) = answer(&item(kind, &url));
        assert!(verdict == "fail" && error.contains("refused"), "{kind}: {verdict} {error}");
    }
}

/// Serves each connection with `serve`; the thread ends with the test process.
fn peer(serve: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(serve));
    port
}

#[test]
fn http_statuses_and_bodies_are_judged() {
    let port = peer(|mut stream| {
        let mut request = [0; 1024];
        let n = stream.read(&mut request).unwrap_or(0);
        let (status, body) = match String::from_utf8_lossy(&request[..n]).split(' ').nth(1) {
            Some("/ok") => ("200 OK", "{\"status\": true, \"replicas\": 3}"),
            Some("/away") => ("302 Found", ""),
            _ => ("503 Service Unavailable", "down for maintenance"),
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        let _ = stream.write_all(answer.as_bytes());
    });
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    assert_eq!(answer(&item("http", &url("/ok"))).0, "pass");
    assert_eq!(
        answer(&item("http", &url("/down"))).1,
        "answered with HTTP status 503: down for maintenance"
    );
    assert_eq!(answer(&item("http", &url("/away"))).1, "answered with HTTP status 302");
    let world = item("http", &url("/ok"));
    world.file(
        "m/goward.toml",
        format!("[[custom]]\nid = \"x\"\nhttp = \"{}\"\nassert = {{ json = {{ replicas = {{ min = 5 }} }} }}\n", url("/ok")),
    );
    assert_eq!(answer(&world).1, "replicas is 3, less than 5");
}

#[test]
fn peers_that_say_nothing_or_never_stop_are_bounded() {
    let silent = peer(|stream| {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(30));
            drop(stream);
        });
    });
    let endless = peer(|mut stream| {
        std::thread::spawn(move || while stream.write_all(&[b'x'; 65536]).is_ok() {});
    });
    for (kind, scheme) in [("redis-ping", "redis"), ("postgres", "postgres"), ("http", "http")] {
        for (port, name) in [(silent, "silent"), (endless, "endless")] {
            let started = Instant::now();
            let (verdict, error) = answer(&item(kind, &format!("{scheme}://127.0.0.1:{port}/")));
            assert_ne!(verdict, "pass", "{kind} {name}: {error}");
            assert!(started.elapsed() < Duration::from_secs(20), "{kind} {name}");
        }
        let (verdict, _) = answer(&item(kind, &format!("{scheme}://127.0.0.1:{silent}/")));
        assert_eq!(verdict, "inconclusive", "{kind}: a timeout is no failure");
    }
}
