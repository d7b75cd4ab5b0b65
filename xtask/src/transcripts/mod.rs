//! `cargo xtask transcripts`: breaks builds with the real tools and records what they say.
//!
//! A scenario is a small module, an environment and a command. It runs in a folder of its own under
//! several Go versions; what comes out, freed from this machine's paths, is the truth that the
//! classifier is held against. What real tools cannot be made to say here is written by hand in the
//! style of the CI that says it, and marked as made.

mod proxy;
mod scenario;
mod scripts;

use crate::shell::root;
use anyhow::{Context as _, Result, bail, ensure};
use scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The toolchains, oldest first; the last released one is the machine's own.
const VERSIONS: &[&str] =
    &["1.21.13", "1.22.12", "1.23.12", "1.24.11", "1.25.5", "1.26.8", "1.27rc1"];

/// Those that a scenario runs under unless it names others.
const USUAL: &[&str] = &["1.21.13", "1.24.11", "1.26.8"];

/// No scenario takes longer.
const LIMIT: Duration = Duration::from_secs(180);

const FILES: &[&str] = &[
    include_str!("scenarios/source.txt"),
    include_str!("scenarios/module.txt"),
    include_str!("scenarios/machine.txt"),
    include_str!("scenarios/surroundings.txt"),
    include_str!("scenarios/made.txt"),
];

pub fn run(args: &[&str]) -> Result<()> {
    match args {
        ["--script-tests"] => scripts::run(),
        [flag, ..] if flag.starts_with('-') => {
            bail!("transcripts [CAUSE/NAME …] | transcripts --script-tests")
        }
        only => record(only),
    }
}

/// Where transcripts are kept.
fn folder() -> PathBuf {
    root().join("crates/goward-causes/transcripts")
}

fn record(only: &[&str]) -> Result<()> {
    let proxy = proxy::start()?;
    let work = tempfile::tempdir()?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = 0;
    for text in FILES {
        for scenario in scenario::parse(text)? {
            let full = format!("{}/{}", scenario.cause, scenario.name);
            if !only.is_empty() && !only.iter().any(|part| full.contains(part)) {
                continue;
            }
            let written = if let Some(log) = scenario.log() {
                write(&scenario, "", None, log)?;
                wrong += usize::from(!judge(&scenario, "made", log));
                1
            } else {
                let mut written = 0;
                for version in scenario.versions(VERSIONS, USUAL) {
                    let (exit, log) = execute(&scenario, version, work.path(), &proxy)?;
                    if (exit == 0) != (scenario.cause == "none.success") {
                        println!(
                            "{}/{}-{version}: exit status {exit}\n{log}",
                            scenario.cause, scenario.name
                        );
                        continue;
                    }
                    write(&scenario, version, Some(exit), &log)?;
                    wrong += usize::from(!judge(&scenario, version, &log));
                    written += 1;
                }
                written
            };
            *counts.entry(scenario.cause.clone()).or_default() += written;
        }
    }
    let total: usize = counts.values().sum();
    println!("==> {total} transcripts of {} causes, {wrong} not classified as meant", counts.len());
    Ok(())
}

/// A transcript that is kept.
pub struct Transcript {
    pub name: String,
    pub cause: String,
    pub made: bool,
    pub log: String,
}

/// All that are kept.
pub fn read() -> Result<Vec<Transcript>> {
    let mut all = vec![];
    for dir in fs::read_dir(folder())?.flatten() {
        for file in fs::read_dir(dir.path())?.flatten() {
            let text = fs::read_to_string(file.path())?;
            let (header, log) = text.split_once("---\n").context("no header")?;
            let cause =
                header.lines().find_map(|line| line.strip_prefix("cause: ")).context("no cause")?;
            all.push(Transcript {
                name: file.file_name().to_string_lossy().into_owned(),
                cause: cause.to_owned(),
                made: header.contains("made: true"),
                log: log.to_owned(),
            });
        }
    }
    all.sort_by(|a, b| (&a.cause, &a.name).cmp(&(&b.cause, &b.name)));
    Ok(all)
}

/// Says when the classifier sees it otherwise.
fn judge(scenario: &Scenario, version: &str, log: &str) -> bool {
    let verdict = goward_causes::classify(log.as_bytes());
    let right = verdict.id() == scenario.cause;
    if !right {
        let head: String = log.chars().take(600).collect();
        println!("--- {}/{}-{version}: {}\n{head}", scenario.cause, scenario.name, verdict.id());
    }
    right
}

fn write(scenario: &Scenario, version: &str, exit: Option<i32>, log: &str) -> Result<()> {
    let folder = folder().join(&scenario.cause);
    fs::create_dir_all(&folder)?;
    let dash = if version.is_empty() { "" } else { "-" };
    let mut text = format!("cause: {}\nstage: {}\n", scenario.cause, scenario.stage);
    if let Some(exit) = exit {
        text += &format!("go: {version}\nexit: {exit}\ncommand: {}\n", scenario.run);
    } else {
        text += "made: true\n";
    }
    text += "---\n";
    text += log;
    fs::write(folder.join(format!("{}{dash}{version}.txt", scenario.name)), text)?;
    Ok(())
}

/// Runs a scenario; gives its exit status and what it said, both streams in order.
fn execute(scenario: &Scenario, version: &str, work: &Path, proxy: &str) -> Result<(i32, String)> {
    let goroot = goroot(version)?;
    let dir = work.join("src");
    let _ = fs::remove_dir_all(&dir);
    let home = work.join("home");
    let _ = Command::new("chmod").args(["-R", "u+w"]).arg(&home).stderr(Stdio::null()).status();
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("bin"))?;
    scenario.unpack(&dir, &work.join("proxy"))?;
    let log = work.join("log");
    let out = fs::File::create(&log)?;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &scenario.run]).current_dir(&dir).env_clear();
    let files = format!("file://{}", work.join("proxy").display());
    for (name, value) in [
        ("PATH", format!("{}/bin:/usr/bin:/bin", goroot.display())),
        ("HOME", home.display().to_string()),
        (
            "GOCACHE",
            std::env::temp_dir()
                .join(format!("goward-transcripts-cache-{version}"))
                .display()
                .to_string(),
        ),
        ("GOPROXY", files.clone()),
        ("GOSUMDB", "off".to_owned()),
        ("GOTOOLCHAIN", "local".to_owned()),
        ("GOFLAGS", "-buildvcs=false".to_owned()),
        ("GOTELEMETRY", "off".to_owned()),
        ("PROXY", proxy.to_owned()),
        ("FILES", files),
        ("WORK", work.display().to_string()),
        ("GOROOT_HERE", goroot.display().to_string()),
    ] {
        command.env(name, value);
    }
    for (name, value) in &scenario.env {
        let value = value
            .replace("$PROXY", proxy)
            .replace("$HOME", &home.display().to_string())
            .replace("$WORK", &work.display().to_string())
            .replace("$FILES", &format!("file://{}", work.join("proxy").display()));
        if value == "-" {
            command.env_remove(name)
        } else {
            command.env(name, value)
        };
    }
    command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
    let mut child = command.spawn().context("sh")?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("{}/{} took too long", scenario.cause, scenario.name);
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let host = proxy.trim_start_matches("http://").trim_start_matches("https://");
    let text = text
        .replace(&format!("{}/go", goroot.display()), "/usr/local/go")
        .replace(&goroot.display().to_string(), "/usr/local/go")
        .replace(&dir.display().to_string(), "/home/ci/src")
        .replace(&home.display().to_string(), "/home/ci")
        .replace(&work.display().to_string(), "/home/ci/work")
        .replace(host, "proxy.example.com");
    Ok((status.code().unwrap_or(128), scrub_ports(&text)))
}

/// Ports of this run's connections are nobody's business.
fn scrub_ports(text: &str) -> String {
    // Nor is the resolver.
    let resolver = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let servers = resolver.lines().filter_map(|line| line.strip_prefix("nameserver "));
    let text =
        servers.fold(text.to_owned(), |text, server| text.replace(server.trim(), "192.0.2.53"));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("127.0.0.1:") {
        let (before, behind) = rest.split_at(at + "127.0.0.1:".len());
        out += before;
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        out += "8080";
        rest = behind.get(digits..).unwrap_or_default();
    }
    out + rest
}

/// Where a toolchain is: the machine's own, or among those that the go command downloaded.
fn goroot(version: &str) -> Result<PathBuf> {
    let own = Path::new("/usr/local/go");
    if fs::read_to_string(own.join("VERSION"))
        .is_ok_and(|text| text.starts_with(&format!("go{version}\n")))
    {
        return Ok(own.to_owned());
    }
    let output = Command::new("go").args(["env", "GOMODCACHE"]).output()?;
    let cache = String::from_utf8(output.stdout)?;
    let path = Path::new(cache.trim())
        .join(format!("golang.org/toolchain@v0.0.1-go{version}.linux-amd64"));
    ensure!(
        path.join("bin/go").exists(),
        "go{version} is not here: GOTOOLCHAIN=go{version} go version"
    );
    Ok(path)
}
