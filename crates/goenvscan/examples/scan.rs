//! Lists what the files under directories set: `cargo run --example scan -- DIR...`; with `--bypass` only the bypasses.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads files and prints"
)]

use goenvscan::{FileKind, bypass, scan};
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let mut only = false;
    for argument in std::env::args().skip(1) {
        if argument == "--bypass" {
            only = true;
            continue;
        }
        let root = PathBuf::from(argument);
        let mut pending = vec![root.clone()];
        while let Some(path) = pending.pop() {
            if path.is_dir() && !path.is_symlink() {
                let mut entries: Vec<PathBuf> =
                    std::fs::read_dir(&path)?.flatten().map(|entry| entry.path()).collect();
                entries.sort();
                pending.extend(entries.into_iter().rev().filter(|path| !path.ends_with(".git")));
            } else if path.is_file() {
                file(&path, path.strip_prefix(&root).unwrap_or(&path), only)?;
            }
        }
    }
    Ok(())
}

fn file(path: &Path, name: &Path, only: bool) -> std::io::Result<()> {
    let bytes = std::fs::read(path)?;
    let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
    let first = text.lines().next().unwrap_or_default();
    let Some(kind) = FileKind::of(&name.to_string_lossy(), first) else { return Ok(()) };
    let found = scan(kind, &text);
    if let Some(unread) = found.unread {
        println!("{}:{}: UNREAD {}", path.display(), unread.at.line, unread.message);
    }
    for one in &found.assignments {
        let bypasses = bypass::judge_all(one);
        if bypasses.is_empty() && only {
            continue;
        }
        let at = one.span.start;
        let default = if one.default { " (default)" } else { "" };
        println!(
            "{}:{}:{}: {}={:?}{default} {:?}",
            path.display(),
            at.line,
            at.column,
            one.name,
            one.value,
            one.via
        );
        for bypass in bypasses {
            let at = bypass.span;
            println!(
                "    {:?} {:?} {}:{}-{}:{}",
                bypass.kind,
                bypass.pattern,
                at.start.line,
                at.start.column,
                at.end.line,
                at.end.column
            );
        }
    }
    Ok(())
}
