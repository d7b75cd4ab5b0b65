//! All packages of a workspace, where no module is at its top: there go takes `./...` for nothing and refuses it.

use crate::graph::go_env;
use crate::graph::toolchain::workspace;
use overlay::Overlay;
use std::path::{Component, Path};

/// A go.work file has some lines.
const MAX_BYTES: u64 = 4 << 20;

/// The patterns as go takes them: what stands for all packages here is that of each module of the workspace below.
pub(super) fn patterns(asked: &[String], dir: &Path) -> Vec<String> {
    let is_module = dir.join("go.mod").is_file();
    if asked != ["./..."] || is_module {
        return asked.to_vec();
    }
    let setting = go_env("GOWORK").unwrap_or_default();
    let file = workspace(&setting, dir, &Overlay::default());
    let modules = file.map(|file| below(&file, dir)).unwrap_or_default();
    if modules.is_empty() { asked.to_vec() } else { modules }
}

/// Patterns of its modules below a folder, in its order; none where the folder lies in one of them. A module around the
/// folder that the workspace does not use is none for go.
#[expect(clippy::disallowed_methods, reason = "the user's own file")]
fn below(file: &Path, dir: &Path) -> Vec<String> {
    let is_small =
        std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_BYTES);
    let text = is_small.then(|| std::fs::read(file).ok()).flatten().unwrap_or_default();
    let Ok(work) = gomod::parse_go_work(text) else { return vec![] };
    let base = file.parent().unwrap_or(dir);
    let root = |used: &gomod::Use| base.join(&used.path).canonicalize().ok();
    let is_around = |used: &gomod::Use| root(used).is_some_and(|root| dir.starts_with(root));
    if work.uses.iter().any(is_around) {
        return vec![];
    }
    let pattern = |used: &gomod::Use| {
        let root = root(used)?;
        let below = root.strip_prefix(dir).ok()?;
        let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
        (plain && below.components().next().is_some()).then(|| format!("./{}/...", below.display()))
    };
    work.uses.iter().filter_map(pattern).collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write a file")]
mod tests {
    use super::*;

    #[test]
    fn the_modules_below_stand_for_all_packages() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().canonicalize().unwrap();
        for module in ["a", "in/b", "other"] {
            std::fs::create_dir_all(dir.join("top").join(module)).unwrap();
        }
        std::fs::create_dir(dir.join("beside")).unwrap();
        let file = dir.join("top/go.work");
        std::fs::write(&file, "go 1.24\nuse (\n ./a\n ./in/b/\n ../beside\n ./absent\n)\n")
            .unwrap();
        assert_eq!(below(&file, &dir.join("top")), ["./a/...", "./in/b/..."]);
        assert_eq!(below(&file, &dir.join("top/in")), ["./b/..."]);
        assert_eq!(below(&file, &dir.join("top/a")), [""; 0], "within a module that is used");
        assert_eq!(below(&dir.join("none"), &dir), [""; 0]);
        // A module around the workspace that the workspace does not use is no module of it.
        std::fs::write(dir.join("go.mod"), "module example.com/around\n").unwrap();
        let all = ["./...".to_owned()];
        assert_eq!(patterns(&all, &dir.join("top")), ["./a/...", "./in/b/..."]);
        let one = ["./a".to_owned()];
        assert_eq!(patterns(&one, &dir), one, "what is named is meant");
    }
}
