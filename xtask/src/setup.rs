//! What the tests need beside Rust and Go. Nothing is skipped when it is missing: it is installed,
//! or the run ends here with the list of what to install.

use crate::shell::{exists, run, step};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// A program the tests use, where else it may be, and its Debian package.
struct Need {
    program: &'static str,
    elsewhere: Option<fn() -> bool>,
    package: &'static str,
}

const NEEDS: &[Need] = &[
    Need { program: "git", elsewhere: None, package: "git" },
    Need { program: "openssl", elsewhere: None, package: "openssl" },
    Need { program: "xmllint", elsewhere: None, package: "libxml2-utils" },
    Need { program: "redis-server", elsewhere: None, package: "redis-server" },
    Need { program: "initdb", elsewhere: Some(debian_postgres), package: "postgresql" },
    Need { program: "setpriv", elsewhere: None, package: "util-linux" },
    Need { program: "strace", elsewhere: None, package: "strace" },
    Need { program: "script", elsewhere: None, package: "bsdutils" },
    Need { program: "python3", elsewhere: None, package: "python3-venv" },
    Need { program: "npm", elsewhere: None, package: "npm" },
    Need { program: "tini", elsewhere: None, package: "tini" },
    Need { program: "dumb-init", elsewhere: None, package: "dumb-init" },
    Need { program: "clang++-19", elsewhere: None, package: "clang-19" },
    Need { program: "lld-19", elsewhere: None, package: "lld-19" },
    Need { program: "osslsigncode", elsewhere: None, package: "osslsigncode" },
    Need { program: "llvm-pdbutil-19", elsewhere: None, package: "llvm-19" },
    Need { program: "x86_64-w64-mingw32-g++", elsewhere: None, package: "mingw-w64" },
];

/// Debian keeps the server's programs off the PATH.
fn debian_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Installs what is missing; as another user than root, lists it.
pub fn run_setup() -> Result<()> {
    for (program, from) in [("cargo", "https://rustup.rs"), ("go", "https://go.dev/dl")] {
        if !exists(program) {
            bail!("{program} is not on the PATH; install it from {from}");
        }
    }
    let missing: Vec<&str> = NEEDS
        .iter()
        .filter(|need| !exists(need.program) && !need.elsewhere.is_some_and(|there| there()))
        .map(|need| need.package)
        .collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    python()?;
    if !exists("cargo-deny") {
        step("cargo", &["install", "--locked", "cargo-deny@0.20.2"])?;
    }
    Ok(())
}

/// The validators of the supply chain's documents, in an environment of their own.
fn python() -> Result<()> {
    const PACKAGES: [&str; 2] =
        ["cyclonedx-python-lib[json-validation]==11.12.0", "in-toto-attestation==0.9.3"];
    let dir = crate::shell::root().join("target/python");
    if dir.join("ready").exists() {
        return Ok(());
    }
    let dir = dir.display().to_string();
    step("python3", &["-m", "venv", &dir])?;
    let pip = format!("{dir}/bin/pip");
    step(&pip, &["install", "--quiet", "--disable-pip-version-check", PACKAGES[0], PACKAGES[1]])?;
    std::fs::write(format!("{dir}/ready"), "")?;
    Ok(())
}

fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !nix::unistd::geteuid().is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!("the tests need these Debian packages: {list}\n  sudo apt-get install -y {list}");
    }
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(command)
    };
    apt(&["update", "-q"])?;
    let mut args = vec!["install", "-y", "-q", "--no-install-recommends"];
    args.extend(packages);
    apt(&args)
}
