//! Where a build and its observers write: one temporary folder, removed at the end, however it comes.

use crate::command_line::GoCommand;
use crate::go_settings::GoSettings;
use crate::tool_run::{self, ToolRun};
use crate::{Action, actions, sample, toolexec};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// So much room the action graph gets: a build of 3,000 packages writes 3 MB, and fails where it cannot.
const ROOM: u64 = 16 << 20;

/// Where the build and its observers write.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new(settings: &GoSettings) -> io::Result<Self> {
        let folder =
            Self(tempfile::Builder::new().prefix("goward-build-").tempdir_in(settings.temp_dir())?);
        std::fs::create_dir(folder.temp())?;
        File::create_new(folder.tools())?;
        Ok(folder)
    }

    /// Whether what go notes of its actions has room: on a full disk a build with nothing to do succeeds, and shall
    /// not fail because it is watched.
    pub(crate) fn has_room(&self) -> bool {
        sample::free(self.0.path()).is_none_or(|bytes| bytes >= ROOM)
    }

    pub(crate) fn graph(&self) -> PathBuf {
        self.0.path().join("actions.json")
    }

    pub(crate) fn tools(&self) -> PathBuf {
        self.0.path().join("tools.jsonl")
    }

    /// The program that stands in front of the tools: the small one where it can be run, else goward.
    pub(crate) fn observer(&self, goward: &Path) -> PathBuf {
        let small = self.0.path().join("goward-toolexec");
        match toolexec::place(&small) {
            Ok(()) => small,
            Err(_) => goward.to_owned(),
        }
    }

    pub(crate) fn temp(&self) -> PathBuf {
        self.0.path().join("tmp")
    }

    pub(crate) fn read(
        &self,
        command: &GoCommand,
        unobserved: &mut Vec<String>,
    ) -> (Vec<ToolRun>, Option<Vec<Action>>) {
        let tools = File::open(self.tools()).and_then(tool_run::read);
        let tools = tools.unwrap_or_else(|err| {
            unobserved.push(format!("tools: {err}"));
            (vec![], 0)
        });
        if tools.1 > 0 {
            unobserved.push(format!("tools: {} records were cut off", tools.1));
        }
        let graph = command.value("debug-actiongraph").map_or_else(|| self.graph(), PathBuf::from);
        let graph =
            command.chdir().map_or_else(|| graph.clone(), |dir| Path::new(&dir).join(&graph));
        let actions = match File::open(graph).and_then(actions::read) {
            Ok(actions) => Some(actions),
            // A build that fails before it begins writes none.
            Err(err) if err.kind() == io::ErrorKind::NotFound => None,
            Err(err) => {
                unobserved.push(format!("action graph: {err}"));
                None
            }
        };
        (tools.0, actions)
    }
}
