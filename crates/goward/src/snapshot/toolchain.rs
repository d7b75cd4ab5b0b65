//! The toolchain itself, and not its words: a patched one calls itself by the same version.
#![expect(clippy::disallowed_methods, reason = "reads the toolchain's own files")]

use super::program::failed;
use anyhow::Context as _;
use gosnapshot::{Tool, Toolchain, Unknown};
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The tools whose work is in a program; `cgo` may be built only when it is needed.
const TOOLS: &[(&str, bool)] = &[("compile", true), ("link", true), ("asm", true), ("cgo", false)];
/// What the go command compiles, or links in.
const SOURCES: &[&str] = &["go", "s", "S", "c", "h", "cc", "syso"];
/// The standard library has a twentieth of it.
const MAX_FILES: usize = 200_000;
const MAX_DEPTH: usize = 40;

/// What came of it, and what did not.
type Taken = (Option<Toolchain>, Vec<Unknown>);

/// Toolchains that were looked at, by their version and folder: there is a hundred megabytes to read.
#[derive(Debug, Default)]
pub(crate) struct Known(RefCell<BTreeMap<(String, PathBuf), Taken>>);

impl Known {
    /// Looks at the toolchain in `goroot`, once.
    pub(super) fn take(
        &self,
        version: &str,
        goroot: &Path,
        tools: &Path,
        unknown: &mut Vec<Unknown>,
    ) -> Option<Toolchain> {
        let key = (version.to_owned(), goroot.to_owned());
        let mut known = self.0.borrow_mut();
        let (found, gaps) = known.entry(key).or_insert_with(|| {
            let mut gaps = vec![];
            (take(version, goroot, tools, &mut gaps), gaps)
        });
        unknown.extend(gaps.iter().cloned());
        found.clone()
    }
}

fn take(
    version: &str,
    goroot: &Path,
    tools: &Path,
    unknown: &mut Vec<Unknown>,
) -> Option<Toolchain> {
    let mut found = Toolchain { version: version.to_owned(), ..Toolchain::default() };
    let suffix = std::env::consts::EXE_SUFFIX;
    let all =
        TOOLS.iter().map(|(name, needed)| (*name, tools.join(format!("{name}{suffix}")), *needed));
    let go = ("go", goroot.join("bin").join(format!("go{suffix}")), true);
    for (name, file, needed) in all.chain([go]) {
        match tool(&file) {
            Ok(tool) => {
                found.tools.insert(name.to_owned(), tool);
            }
            Err(_) if !needed => {}
            Err(err) => unknown.push(failed("toolchain", format!("{}: {err:#}", file.display()))),
        }
    }
    match library(&goroot.join("src")) {
        Ok(digest) => found.library = Some(digest),
        Err(err) => unknown.push(failed("toolchain", format!("the standard library: {err:#}"))),
    }
    (!found.tools.is_empty()).then_some(found)
}

fn tool(file: &Path) -> anyhow::Result<Tool> {
    let brief = goartifact::brief(file).map_err(|err| anyhow::anyhow!("{err}"))?;
    let build_id = brief.into_iter().next().and_then(|it| it.build_id).unwrap_or_default();
    Ok(Tool { build_id, sha256: sha256(file)? })
}

fn sha256(file: &Path) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    let mut opened = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = opened.read(&mut buffer)?;
        match buffer.get(..read) {
            Some([]) | None => return Ok(hex(hash.finalize().as_slice())),
            Some(bytes) => hash.update(bytes),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Over the names and the contents of the sources that programs are made of: tests, test data and the commands are
/// left out, for a toolchain from the module proxy has fewer of them than an archive.
fn library(src: &Path) -> anyhow::Result<String> {
    // Distributions make it a link.
    let root = src.canonicalize().with_context(|| src.display().to_string())?;
    let mut files = BTreeMap::new();
    walk(&root, "", 0, &mut files)?;
    anyhow::ensure!(!files.is_empty(), "{}: no sources are there", src.display());
    let mut all = Sha256::new();
    for (name, path) in &files {
        all.update(format!("{}  {name}\n", sha256(path)?));
    }
    Ok(format!("sha256:{}", hex(all.finalize().as_slice())))
}

fn walk(
    folder: &Path,
    name: &str,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let Ok(own) = entry.file_name().into_string() else { continue };
        let below = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
        // A link counts as what it leads to.
        if std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()) {
            let left_out = own == "testdata" || below == "cmd" || depth > MAX_DEPTH;
            if !left_out {
                walk(&entry.path(), &below, depth + 1, files)?;
            }
        } else {
            let kind = own.rsplit_once('.').map(|(_, kind)| kind);
            let is_source = kind.is_some_and(|kind| SOURCES.contains(&kind));
            if is_source && !own.ends_with("_test.go") {
                anyhow::ensure!(files.len() < MAX_FILES, "more than {MAX_FILES} files");
                files.insert(below, entry.path());
            }
        }
    }
    Ok(())
}
