//! What a build and its observers leave behind, and what a user types.
#![no_main]

use goward_build::{GoCommand, join_quoted, read_actions, read_tool_runs, split_quoted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(actions) = read_actions(data) {
        for action in &actions {
            let _ = action.interval();
        }
    }
    let _ = read_tool_runs(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(words) = split_quoted(text)
        && let Some(joined) = join_quoted(words.iter().map(String::as_str))
    {
        assert_eq!(split_quoted(&joined), Some(words));
    }
    let words: Vec<_> = text.split(' ').map(std::ffi::OsString::from).collect();
    let command = GoCommand::parse(&words);
    let _ = (command.builds(), command.chdir(), command.value("toolexec"));
});
