//! What it costs to name the cause of a difference, beside who lists the bytes or shows the sections.

use super::{compare, goward, measure, memory, side};
use crate::shell::{command, exists, root, run};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// diffoscope finds no end on large programs; it is given so many seconds.
const LIMIT: &str = "60";
const DIFFOSCOPE: &str = "diffoscope==332";
/// Seconds in which two programs of 128 MB are to be compared and the cause named.
const AIM: f64 = 2.0;

/// Two programs, a checkout whose program is built twice with another `-X`, or the example's.
pub(super) fn repro(args: &[&str]) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let [a, b] = match args {
        [a, b] => [(*a).to_owned(), (*b).to_owned()],
        [repo] => pair(Path::new(repo), &program_of(Path::new(repo))?, dir.path())?,
        _ => pair(&root().join("examples/payments"), "./cmd/payments", dir.path())?,
    };
    let size = |path: &str| -> Result<u64> {
        Ok(std::fs::metadata(path).with_context(|| path.to_owned())?.len())
    };
    let bytes = size(&a)? + size(&b)?;
    let goward = goward();
    let ours = side(
        "goward repro --compare",
        &[&goward, "repro", "--no-history", "--format", "json", "--compare", &a, &b],
    );
    println!("\ncauses that goward names: {}", causes(&ours.argv)?);
    compare(
        &format!("{a} and {b}, {:.1} MiB together", bytes as f64 / f64::from(1 << 20)),
        &[
            side(ours.name, &ours.argv.iter().map(String::as_str).collect::<Vec<_>>()),
            // To the null device it would list nothing, and stop at the first.
            side("cmp -l | wc -l", &["sh", "-c", "cmp -l \"$0\" \"$1\" | wc -l", &a, &b]),
            side("sha256sum", &["sha256sum", &a, &b]),
        ],
        "goward hashes both and names the cause; cmp lists the places of the bytes that differ, sha256sum tells that some do",
    )?;
    let (cost, peak) = (measure(&ours)?, memory(&ours)?);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "\ngoward once more: {:.2} s of CPU and {:.2} s of wall time (the aim for 2 × 128 MB: under {AIM} s), at a load of {} on {} processors; peak memory {:.2} × both files (the aim: under 2)",
        cost.cpu,
        cost.wall,
        load.split(' ').next().unwrap_or_default(),
        std::thread::available_parallelism()?,
        peak * f64::from(1 << 20) / bytes as f64,
    );
    match diffoscope() {
        Ok(program) => beside(cost, &program, [&a, &b]),
        Err(err) => {
            println!("diffoscope cannot be had here: {err:#}");
            Ok(())
        }
    }
}

/// The identifiers in goward's report.
fn causes(argv: &[String]) -> Result<String> {
    let (program, args) = argv.split_first().context("a command has a name")?;
    let output = Command::new(program).args(args).output()?;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let found = report["repro"]["comparison"]["causes"].as_array().cloned().unwrap_or_default();
    let names: Vec<&str> = found.iter().filter_map(|found| found["cause"].as_str()).collect();
    Ok(if names.is_empty() { "none".to_owned() } else { names.join(", ") })
}

/// diffoscope once: what it needs where it ends, and that it does not where not.
fn beside(ours: super::Cost, program: &Path, [a, b]: [&str; 2]) -> Result<()> {
    let program = program.display().to_string();
    let argv = ["timeout", LIMIT, &program, "--text", "/dev/null", a, b];
    let before = std::time::Instant::now();
    let status = Command::new(argv[0]).args(&argv[1..]).status()?;
    let wall = before.elapsed().as_secs_f64();
    let ended = match status.code() {
        Some(0 | 1) => format!("{wall:.1} s of wall time, {:.0} × goward's", wall / ours.wall),
        Some(124) => format!("not done after {LIMIT} s, {:.0} × goward's time", wall / ours.wall),
        _ => format!("it failed: {status}"),
    };
    println!(
        "{DIFFOSCOPE}, once, at most {LIMIT} s: {ended}; it shows what readelf, objdump and strings show of both, and names no cause"
    );
    Ok(())
}

/// The one on the PATH, or one of our own in the target folder.
fn diffoscope() -> Result<PathBuf> {
    if exists("diffoscope") {
        return Ok("diffoscope".into());
    }
    let home = root().join("target/diffoscope");
    let program = home.join("bin/diffoscope");
    if !program.is_file() {
        let place = home.display().to_string();
        run(command("python3", &["-m", "venv", &place]))?;
        let pip = home.join("bin/pip").display().to_string();
        run(command(&pip, &["install", "--quiet", DIFFOSCOPE]))?;
    }
    let works = Command::new(&program).arg("--version").output()?;
    ensure!(works.status.success(), "{}", String::from_utf8_lossy(&works.stderr));
    Ok(program)
}

/// The program that a repository is about: of its own name, or the first.
fn program_of(repo: &Path) -> Result<String> {
    let list = |format: &str, what: &str| -> Result<String> {
        let mut go = Command::new("go");
        go.args(["list", "-f", format, what]).current_dir(repo);
        let output = go.output().with_context(|| repo.display().to_string())?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    };
    let module = list("{{.Module.Path}}", ".").or_else(|_| list("{{.Module.Path}}", "./..."))?;
    let module = module.lines().next().unwrap_or_default();
    let major = |part: &&str| {
        part.strip_prefix('v')
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let name = module.split('/').rfind(|part| !major(part)).unwrap_or(module);
    let mains = list("{{if eq .Name \"main\"}}{{.ImportPath}}{{end}}", "./...")?;
    let mains: Vec<&str> = mains.lines().filter(|line| !line.is_empty()).collect();
    let own = mains.iter().find(|path| path.rsplit('/').next() == Some(name));
    let program = own.or(mains.first()).context("the repository has no program")?;
    Ok((*program).to_owned())
}

/// Builds a program twice, with another version by `-X`.
fn pair(dir: &Path, package: &str, to: &Path) -> Result<[String; 2]> {
    let mut made = vec![];
    for version in ["1.0.0", "2.0.0-next"] {
        let program = to.join(version).display().to_string();
        let flag = format!("-ldflags=-X main.version={version}");
        let mut go = Command::new("go");
        go.args(["build", "-buildvcs=false", &flag, "-o", &program, package]);
        go.current_dir(dir);
        run(go)?;
        made.push(program);
    }
    <[String; 2]>::try_from(made).map_err(|_| anyhow::anyhow!("two builds make two programs"))
}
