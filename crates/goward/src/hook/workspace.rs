//! A workspace beside the repository: in a workspace the go command adds what go.work.sum lacks, even with `-mod=readonly`
//! (`modload.WriteGoMod`), and nothing of the worktree is to change.

use super::reached::Reached;
use super::subject::Subject;
use gomod::{GoWork, Replacement};
use overlay::{Overlay, cleaned};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A go.work of the same content, with its sums, among what the run leaves nothing of; `None` outside workspaces, and in
/// those that have a vendor folder, where Go asks for no sums.
#[expect(clippy::disallowed_methods, reason = "temporary files for the go command")]
pub(super) fn aside(subject: &Subject, reached: &Reached) -> std::io::Result<Option<PathBuf>> {
    let overlay = &subject.overlay;
    let Some(work) = reached.changed.tree.work() else { return Ok(None) };
    let Some(dir) = work.parent() else { return Ok(None) };
    if overlay.is_file(&dir.join("vendor/modules.txt")) {
        return Ok(None);
    }
    let parsed = overlay.read(work).ok().and_then(|text| gomod::parse_go_work(&text).ok());
    let Some(text) = parsed.and_then(|file| text(&file, dir)) else { return Ok(None) };
    let at = subject.scratch("go.work");
    std::fs::write(&at, text)?;
    std::fs::write(subject.scratch("go.work.sum"), sums(overlay, &dir.join("go.work.sum")))?;
    Ok(Some(at))
}

/// The sums as they are staged, else those that git does not know: whoever builds the commit gets them from Go, too.
#[expect(clippy::disallowed_methods, reason = "a file that git need not know")]
fn sums(overlay: &Overlay, file: &Path) -> Vec<u8> {
    overlay.read(file).or_else(|_| std::fs::read(file)).unwrap_or_default()
}

/// The file as it would be written elsewhere; `None` where a path has characters that no go.work takes.
fn text(file: &GoWork, dir: &Path) -> Option<String> {
    let is_odd = |c: char| matches!(c, '"' | '\\') || c.is_control();
    let word = |word: &str| (!word.contains(is_odd)).then(|| format!("\"{word}\""));
    let folder = |path: &str| word(cleaned(&dir.join(path)).to_str()?);
    let mut text = String::new();
    if let Some(go) = &file.go {
        let _ = writeln!(text, "go {}", go.version);
    }
    if let Some(toolchain) = &file.toolchain {
        let _ = writeln!(text, "toolchain {}", toolchain.name);
    }
    for one in &file.godebug {
        let _ = writeln!(text, "godebug {}={}", one.key, one.value);
    }
    for one in &file.uses {
        let _ = writeln!(text, "use {}", folder(&one.path)?);
    }
    for one in &file.replace {
        let version = one.version.as_deref().unwrap_or_default();
        let new = match &one.new {
            Replacement::Directory(path) => folder(path)?,
            Replacement::Module(new) => format!("{} {}", word(&new.path)?, new.version),
        };
        let _ = writeln!(text, "replace {} {version} => {new}", word(&one.path)?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::text;
    use std::path::Path;

    #[test]
    fn a_go_work_means_the_same_elsewhere() {
        let file = b"go 1.24.0\ntoolchain go1.24.5\ngodebug default=go1.21\nuse (\n\t.\n\t\"./a b\"\n\t../c\n)\n\
            replace x.org/y => ./y\nreplace x.org/z v1.0.0 => x.org/w v1.2.0\n";
        let file = gomod::parse_go_work(file).unwrap();
        let moved = text(&file, Path::new("/r/w")).unwrap();
        let again = gomod::parse_go_work(moved.as_bytes()).unwrap();
        let uses: Vec<&str> = again.uses.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(uses, ["/r/w", "/r/w/a b", "/r/c"]);
        assert_eq!(again.toolchain.unwrap().name, "go1.24.5");
        assert_eq!((again.godebug.len(), again.go.unwrap().version.as_str()), (1, "1.24.0"));
        let y = gomod::Replacement::Directory("/r/w/y".to_owned());
        assert_eq!((&again.replace[0].new, &again.replace[0].version), (&y, &None));
        assert_eq!(again.replace[1].new, file.replace[1].new);
        assert_eq!(again.replace[1].version.as_deref(), Some("v1.0.0"));
    }
}
