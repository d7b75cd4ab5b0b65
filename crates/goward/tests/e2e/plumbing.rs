//! The plumbing commands keep their shapes.

use crate::world::World;
use std::io::Write as _;
use std::process::Stdio;

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|err| panic!("{err}: {text}"))
}

fn launch(kind: &str, text: &[u8]) -> serde_json::Value {
    let world = World::module();
    world.file("m/input", text);
    let args = ["plumbing", "launch-flag", "--kind", kind, "--flag", "audit-log-enabled"];
    let from_file = world.run(&[&args[..], &["input"]].concat());
    let mut child = world
        .command(&[&args[..], &["-"]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let from_pipe = child.wait_with_output().unwrap();
    assert_eq!(from_file.stdout.as_bytes(), from_pipe.stdout);
    assert_eq!(from_file.status, 0, "{}", from_file.stderr);
    let answer = json(&from_file.stdout);
    assert!(!answer["why"].as_str().unwrap().is_empty());
    answer["state"].clone()
}

#[test]
fn launch_flag_answers_on_off_or_unknown() {
    for (kind, text, state) in [
        ("cmdline", &b"/srv\0--audit-log-enabled=true\0"[..], "on"),
        ("cmdline", b"/srv\0--audit-log-enabled=true\0--audit-log-enabled=false\0", "off"),
        ("cmdline", b"/pause\0", "unknown"),
        ("dockerfile", b"FROM x\nENTRYPOINT [\"/srv\", \"--audit-log-enabled=true\"]\n", "on"),
        ("systemd", b"[Service]\nExecStart=/srv --audit-log-enabled\nExecStart=\nExecStart=/srv\n", "off"),
        (
            "k8s",
            b"kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: a\n    command: [/srv]\n    args: [--audit-log-enabled=true]\n",
            "on",
        ),
        ("compose", b"services:\n  a:\n    image: x\n    command: [/srv, --audit-log-enabled=true]\n", "on"),
        ("config", b"audit:\n  log:\n    enabled: true\n", "on"),
    ] {
        assert_eq!(launch(kind, text), state, "{kind} {}", String::from_utf8_lossy(text));
    }
}

#[test]
fn placeholders_print_a_line_each() {
    let world = World::module();
    world.file("m/app.yaml", "a: {{DB_PASSWORD}}\nb: x {{ secret_key }}\nc: ${X}\n");
    let ran = world.run(&[
        "plumbing",
        "placeholders",
        "app.yaml",
        "--mode",
        "source",
        "--allow",
        "DB_PASSWORD",
    ]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let lines: Vec<_> = ran.stdout.lines().map(json).collect();
    assert_eq!(lines, [serde_json::json!({"name": "secret_key", "line": 2, "column": 6})]);
    let ran = world.run(&["plumbing", "placeholders", "app.yaml", "--mode", "rendered"]);
    assert_eq!(ran.stdout.lines().count(), 3);
}

#[test]
fn tls_prints_a_list_of_ids() {
    let world = World::module();
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "10", "-subj", "/CN=a"])
        .args(["-addext", "subjectAltName=DNS:a.example.com", "-keyout", "k.key", "-out", "c.crt"])
        .current_dir(world.root())
        .output()
        .expect("openssl is not installed");
    assert!(made.status.success());
    let tls = |args: &[&str]| {
        json(&world.run(&[&["plumbing", "tls", "--cert", "c.crt"][..], args].concat()).stdout)
    };
    assert_eq!(tls(&["--host", "a.example.com"]), serde_json::json!([]));
    assert_eq!(
        tls(&["--host", "b.example.com", "--min-days", "30"]),
        serde_json::json!(["tls-expires-soon", "tls-name-mismatch"])
    );
    let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(world.path("m/k.key"), mode(0o644)).unwrap();
    assert_eq!(tls(&["--key", "k.key"]), serde_json::json!(["tls-key-perm"]));
    let ran = world.run(&["plumbing", "tls", "--cert", "none.crt"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("none.crt"));
}
