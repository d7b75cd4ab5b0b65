//! The lines of a unit file.

use crate::place::{Place, Position, Word};

/// `Key=Value` in a `[Service]` section.
pub(crate) struct Setting {
    pub(crate) key: String,
    /// The value without surrounding blanks, continuation lines joined.
    pub(crate) value: Word,
}

/// A line with its continuations: each character run with its place.
#[derive(Default)]
struct Joined {
    text: String,
    runs: Vec<(usize, Position)>,
}

impl Joined {
    fn push(&mut self, text: &str, place: Position) {
        self.runs.push((self.text.len(), place));
        self.text.push_str(text);
    }

    /// `range` of the text as a word.
    fn word(&self, range: std::ops::Range<usize>) -> Word {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let Some(last) = self.runs.last() else { return Word::default() };
        let width = self.text.get(last.0..).unwrap_or_default().chars().count();
        let end = Position { line: last.1.line, column: last.1.column.saturating_add(width) };
        let whole = Place::Runs(self.runs.clone(), end);
        // The runs of the part, counted from its start.
        let before = self.runs.partition_point(|(at, _)| *at <= range.start).saturating_sub(1);
        let mut runs: Vec<(usize, Position)> = Vec::new();
        for (at, place) in
            self.runs.iter().skip(before).take_while(|(at, _)| *at < range.end.max(range.start + 1))
        {
            let skipped =
                self.text.get(*at..range.start.max(*at)).unwrap_or_default().chars().count();
            runs.push((
                at.saturating_sub(range.start),
                Position { line: place.line, column: place.column + skipped },
            ));
        }
        let end = whole.part(&self.text, range).span().map_or(end, |span| span.end);
        Word::known(text, Place::Runs(runs, end))
    }
}

/// All settings of all `[Service]` sections, in order. Drop-ins that were put behind the unit count like the unit itself.
pub(crate) fn service_settings(text: &str) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut in_service = false;
    let mut joined = Joined::default();
    for (row, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let bare = line.trim();
        // A comment within a continuation is skipped and does not end it.
        if bare.starts_with(['#', ';']) {
            continue;
        }
        let column = line.chars().take_while(|ch| ch.is_whitespace()).count() + 1;
        let place = Position { line: row + 1, column };
        // Only at the very end of the line, behind which no blank may stand.
        let line_end = line.strip_suffix('\r').unwrap_or(line);
        if line_end.ends_with('\\')
            && bare.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
        {
            joined.push(bare.strip_suffix('\\').unwrap_or(bare), place);
            joined.text.push(' ');
            continue;
        }
        joined.push(bare, place);
        finish(&std::mem::take(&mut joined), &mut in_service, &mut settings);
    }
    finish(&joined, &mut in_service, &mut settings);
    settings
}

fn finish(line: &Joined, in_service: &mut bool, settings: &mut Vec<Setting>) {
    let bare = line.text.trim();
    if let Some(section) = bare.strip_prefix('[') {
        *in_service = section.strip_suffix(']') == Some("Service");
    } else if let Some((key, value)) = line.text.split_once('=').filter(|_| *in_service) {
        let start = key.len() + 1 + (value.len() - value.trim_start().len());
        let end = start + value.trim().len();
        settings.push(Setting { key: key.trim().to_owned(), value: line.word(start..end) });
    }
}
