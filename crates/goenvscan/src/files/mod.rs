//! The kinds of files.

mod compose;
mod github;
mod gitlab;
mod image;
mod lines;
mod makefile;
mod yaml;

use crate::FileKind;
use crate::assignment::{Assignment, Found};
use crate::shell::Script;
use crate::text::{Position, Text};

/// A larger file is not read.
pub const MAX_SIZE: usize = 1 << 20;

/// More assignments than this are not listed: nobody wrote them by hand.
const MAX_FOUND: usize = 20_000;

/// What one file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// In the order of the file.
    pub assignments: Vec<Assignment>,
    /// What could not be read: then there may be more assignments.
    pub unread: Option<Unread>,
}

/// Why a file, or the rest of it, could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where reading stopped.
    pub at: Position,
    /// Why, as a lowercase fragment.
    pub message: String,
}

/// Lists the assignments in a file.
///
/// Time is linear in the length of the text, up to a fixed depth of scripts within scripts.
pub fn scan(kind: FileKind, text: &str) -> Scan {
    if text.len() > MAX_SIZE {
        let at = Position { line: 1, column: 1 };
        let unread = Some(Unread { at, message: "file larger than 1 MiB".to_owned() });
        return Scan { assignments: Vec::new(), unread };
    }
    let mut found = Found::default();
    let mut unread = match kind {
        FileKind::Shell => {
            let mut script = Script::default();
            script.scan(Text::file(text));
            found = script.finish();
            None
        }
        FileKind::Makefile => {
            makefile::scan(&Text::file(text), &mut found);
            None
        }
        FileKind::Dockerfile => image::scan(text, &mut found),
        FileKind::GithubWorkflow => github::scan(text, &mut found),
        FileKind::GitlabCi => gitlab::scan(text, &mut found),
        FileKind::Compose => compose::scan(text, &mut found),
        FileKind::GoEnvFile => {
            lines::go_env(&Text::file(text), &mut found);
            None
        }
        FileKind::DotEnv => {
            lines::dot_env(&Text::file(text), &mut found);
            None
        }
    };
    let mut assignments = found.0;
    assignments.sort_by_key(|one| (one.span.start, one.span.end));
    // What is met twice, such as a step that a YAML alias repeats, counts once.
    assignments.dedup();
    if let Some(more) = assignments.get(MAX_FOUND) {
        unread = Some(Unread {
            at: more.span.start,
            message: format!("more than {MAX_FOUND} assignments"),
        });
        assignments.truncate(MAX_FOUND);
    }
    Scan { assignments, unread }
}
