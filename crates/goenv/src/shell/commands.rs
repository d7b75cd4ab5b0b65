//! Splits a script into simple commands.

use super::words::{Word, word};

/// A simple command.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    /// Its words, assignments included, redirections not.
    pub(super) words: Vec<Word>,
    /// Where `>` or `>>` sends its output, as written.
    pub(super) output: Option<String>,
}

/// The simple commands of a script, in order. Command substitutions are not looked into.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut reader =
        Reader { text, at: 0, heredocs: vec![], found: vec![], command: Command::default() };
    reader.run();
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Here-documents whose bodies begin on the next line: terminator, and whether tabs go.
    heredocs: Vec<(String, bool)>,
    found: Vec<Command>,
    command: Command,
}

impl Reader<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn run(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if matches!(self.byte(1), Some(b'\n')) => self.at += 2,
                b'\\' if self.byte(1) == Some(b'\r') && self.byte(2) == Some(b'\n') => self.at += 3,
                b'\n' => {
                    self.finish();
                    self.at += 1;
                    self.skip_heredocs();
                }
                b'#' => self.skip_line(),
                b';' | b'&' | b'|' | b'(' | b')' => {
                    self.finish();
                    self.at += 1;
                }
                b'<' | b'>' => self.redirection(),
                _ => self.word(),
            }
        }
        self.finish();
    }

    fn finish(&mut self) {
        if !self.command.words.is_empty() {
            self.found.push(std::mem::take(&mut self.command));
        }
        self.command = Command::default();
    }

    fn skip_line(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn word(&mut self) {
        let (word, end) = word(self.text, self.at);
        // A number in front of `>` is a descriptor.
        let descriptor = matches!(self.text.as_bytes().get(end), Some(b'<' | b'>'))
            && !word.text.is_empty()
            && word.text.bytes().all(|byte| byte.is_ascii_digit());
        self.at = end.max(self.at + 1);
        if !descriptor {
            self.command.words.push(word);
        }
    }

    fn redirection(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_heredoc = rest.starts_with("<<") && !rest.starts_with("<<<");
        let to_output = rest.starts_with('>');
        let length = rest.bytes().take_while(|byte| b"<>&|".contains(byte)).count();
        self.at += length;
        let tabs = is_heredoc && self.byte(0) == Some(b'-');
        self.at += usize::from(tabs);
        while matches!(self.byte(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        let (target, end) = word(self.text, self.at);
        self.at = end;
        if is_heredoc && !target.text.is_empty() {
            self.heredocs.push((target.text, tabs));
        } else if to_output {
            let written = self.text.get(start..end).unwrap_or_default();
            self.command.output = Some(written.to_owned());
        }
    }

    fn skip_heredocs(&mut self) {
        for (terminator, tabs) in std::mem::take(&mut self.heredocs) {
            while self.at < self.text.len() {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                let line = line.trim_end_matches('\r');
                let line = if tabs { line.trim_start_matches('\t') } else { line };
                if line == terminator {
                    break;
                }
            }
        }
    }
}
