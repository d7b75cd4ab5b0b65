//! What a build needs to take nothing from any cache but one of its own.

use anyhow::Context as _;
use goward_system::{Command, OsSystem, System as _};
use std::path::Path;
use std::time::Duration;

/// A go command that does not answer in time is none.
const LIMIT: Duration = Duration::from_secs(60);
/// Wrappers of C compilers that keep objects of their own: ccache is switched off, sccache compiles anew.
const OF_C: [(&str, &str); 2] = [("CCACHE_DISABLE", "1"), ("SCCACHE_RECACHE", "1")];

/// The variables with which the go command of `dir` has no cache but `cache`.
///
/// `GOCACHEPROG` (Go 1.24 and later) comes before `GOCACHE`. Empty in the environment it counts as not set
/// (`cmd/go/internal/cfg.Getenv`), so where a file has it (that of `go env -w`, or `go.env` of GOROOT, which the former
/// overrides) a copy of the user's without it is written into `scratch`.
pub(crate) fn variables(
    go: &str,
    dir: &Path,
    cache: &Path,
    scratch: &Path,
    system: &OsSystem,
) -> anyhow::Result<Vec<(String, String)>> {
    let text = |path: &Path| path.to_str().map(str::to_owned).context("a folder's name is no text");
    let mut variables: Vec<(String, String)> =
        OF_C.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    variables.push(("GOCACHE".into(), text(cache)?));
    variables.push(("GOCACHEPROG".into(), String::new()));
    let command = Command::new(go, ["env", "GOCACHEPROG", "GOENV"]).dir(&text(dir)?);
    let command = command.env("GOCACHEPROG", "").limit(LIMIT);
    // A go command that cannot say it will build nothing either, and say why.
    let Ok(answer) = system.run(&command).and_then(|output| output.success(&command)) else {
        return Ok(variables);
    };
    let mut lines = answer.lines();
    let (program, file) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if !program.is_empty() {
        let own = scratch.join("go-env");
        write(Path::new(file), &own).with_context(|| own.display().to_string())?;
        variables.push(("GOENV".into(), text(&own)?));
    }
    Ok(variables)
}

/// The user's settings with no cache program: the last line counts.
#[expect(clippy::disallowed_methods, reason = "the user's own file, and a folder of our own")]
fn write(file: &Path, own: &Path) -> std::io::Result<()> {
    // `off` and what is not there have no lines.
    let lines = match std::fs::read(file) {
        Ok(lines) => lines,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(err) => return Err(err),
    };
    std::fs::write(own, [&lines[..], b"\nGOCACHEPROG=\n"].concat())
}
