//! What one run of a tool was: a line of JSON that the observer of the tool appends to a file.

use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;

/// One run of `compile`, `asm`, `link`, `cgo`, `vet`, `gcc`, …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRun {
    /// The import path it worked for (`TOOLEXEC_IMPORTPATH`); empty where Go does not say.
    #[serde(default)]
    pub package: String,
    /// The tool as the go command called it.
    pub path: String,
    /// Nanoseconds since 1970.
    pub started_ns: u64,
    /// Nanoseconds from start to end.
    pub wall_ns: u64,
    /// Microseconds of the processor in user mode; with what the tool itself started.
    pub user_us: u64,
    /// Microseconds of the processor in the kernel.
    pub sys_us: u64,
    /// Peak resident memory in bytes.
    pub peak_rss: u64,
    /// The exit status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// The signal that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Why it could not be started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_started: Option<String>,
    /// Bytes of the file that `-o` names.
    #[serde(default)]
    pub output_bytes: u64,
    /// No run: it was only asked who it is (`-V=full`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
}

impl ToolRun {
    /// The tool's name.
    pub fn tool(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The installation that it is of: `GOROOT/pkg/tool/linux_amd64/compile`.
    pub(crate) fn goroot(&self) -> Option<&Path> {
        let tools = Path::new(&self.path).parent()?.parent()?;
        tools.ends_with("pkg/tool").then(|| tools.parent()?.parent()).flatten()
    }

    /// Whether it did what it should.
    pub fn succeeded(&self) -> bool {
        self.exit == Some(0)
    }
}

/// Nobody's build runs more tools; a hostile file shall not fill the memory.
const MAX_BYTES: u64 = 256 << 20;

/// Reads what the observers wrote. A line that was cut by a kill is left out and counted.
///
/// # Errors
/// Reading fails.
pub fn read(input: impl Read) -> std::io::Result<(Vec<ToolRun>, usize)> {
    let mut text = vec![];
    input.take(MAX_BYTES).read_to_end(&mut text)?;
    let mut runs = vec![];
    let mut broken = 0;
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line) {
            Ok(run) => runs.push(run),
            Err(_) => broken += 1,
        }
    }
    Ok((runs, broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_costs_no_other() {
        let text = b"{\"path\":\"/x/compile\",\"started_ns\":1,\"wall_ns\":2,\"user_us\":3,\"sys_us\":4,\"peak_rss\":5,\"exit\":0}\n{\"path\":\"/x/li";
        let (runs, broken) = read(&text[..]).unwrap();
        assert_eq!((runs.len(), broken), (1, 1));
        assert_eq!(runs[0].tool(), "compile");
        assert!(runs[0].succeeded());
    }
}
