//! `goward cache`: Go's build cache, which every build trusts.

mod clean;
mod programs;
mod rebuild;
mod report;
mod serve;
mod serve_words;
mod status;
mod verify;
mod words;

use crate::cli::{CacheArgs, CacheCommand, Global};
use crate::console::Console;
use anyhow::{Context as _, bail};
use gocache::Cache;
use goward_build::GoSettings;
use goward_model::ExitStatus;
use std::path::{Path, PathBuf};

pub(crate) fn run(
    args: &CacheArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    match &args.command {
        CacheCommand::Status(args) => status::run(args, global, console),
        CacheCommand::Clean(args) => clean::run(args, global, console),
        CacheCommand::Serve(args) => serve::run(args, global, console),
        CacheCommand::Verify(args) => verify::run(args, global, console),
    }
}

/// The folder that is meant: the one that is named, else the go command's.
fn place(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let dir = GoSettings::here().build_cache();
    let dir = dir.context("no build cache: neither GOCACHE nor HOME is set; name its folder")?;
    if dir == Path::new("off") || !dir.is_absolute() {
        bail!("GOCACHE={} is no absolute path: go has no build cache", dir.display());
    }
    Ok(dir)
}

/// The cache in a folder.
fn open(dir: &Path) -> anyhow::Result<Cache> {
    Ok(Cache::open(dir)?)
}
