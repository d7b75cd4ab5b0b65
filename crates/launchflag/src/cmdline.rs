//! `/proc/N/cmdline`: the words of a running process, each ended by a NUL.
//!
//! An empty file is a kernel thread or a dead process. A process that has rewritten its title (`setproctitle`, nginx) shows
//! one word with blanks, perhaps followed by NULs: its words cannot be recovered, so nothing can be said.

use crate::argv::{Finding, scan};
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::{Place, Word};
use crate::shell::Variables;
use crate::verdict::Why;

pub(crate) fn judge(bytes: &[u8], flag: &Flag) -> Finding {
    // Whoever saved the file may have added a newline; a process hardly ever has one at the end of its last word.
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    // A word that is not UTF-8 can be no flag; its neighbours still count.
    let words: Vec<Word> = bytes
        .split(|byte| *byte == 0)
        .map(|word| Word::known(String::from_utf8_lossy(word).into_owned(), Place::Nowhere))
        .collect();
    let Some((first, rest)) = words.split_first().filter(|_| !bytes.is_empty()) else {
        return Finding::without(Why::NoProcess, None);
    };
    let only = rest.iter().all(|word| word.text.is_empty());
    if first.text.is_empty() && only {
        return Finding::without(Why::NoProcess, None);
    }
    if only && first.text.contains(char::is_whitespace) {
        return Finding::without(Why::Title, None);
    }
    // The first word is the program's name, whatever it looks like.
    if first.text.starts_with("--") {
        return scan(rest, flag);
    }
    launch(words, flag, &Variables::default())
}
