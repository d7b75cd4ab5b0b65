//! One finding as a compiler would print it, with `annotate-snippets`.

use crate::text::{columns, lines, one_line};
use crate::words::{self, Loudness};
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use goward_model::{Finding, Lang, Location, Outcome};
use std::ops::Range;

/// Places beyond this many are not printed.
const RELATED_SHOWN: usize = 10;
/// Lines are cut around what is pointed at so that they fit into this many columns.
const WIDTH: usize = 120;

/// Renders findings.
pub(crate) struct Diagnostics {
    renderer: Renderer,
    lang: Lang,
}

impl Diagnostics {
    pub(crate) fn new(lang: Lang, color: bool) -> Self {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        Self { renderer: renderer.term_width(WIDTH), lang }
    }

    /// The finding with its lines, what to do about it, and how to name it; no line end.
    pub(crate) fn render(&self, outcome: &Outcome, finding: &Finding) -> String {
        let lang = self.lang;
        let title = self
            .level(outcome, finding)
            .primary_title(one_line(finding.message.in_lang(lang)))
            .id(one_line(&outcome.check));
        let mut elements = vec![place(finding)];
        elements.extend(self.notes(finding));
        elements.extend(self.related(finding));
        self.renderer.render(&[Group::with_title(title).elements(elements)])
    }

    /// What to do about it, who accepted it, and its name.
    fn notes(&self, finding: &Finding) -> Vec<Element<'static>> {
        let lang = self.lang;
        let waiver = finding.waiver.as_ref().map(|note| one_line(&words::waiver(note, lang)));
        let level = if finding.counts() { Level::WARNING } else { Level::NOTE };
        [
            (Level::HELP, lang.pick("help", "处理"), lines(finding.help.in_lang(lang))),
            (level, lang.pick("waiver", "豁免"), waiver.unwrap_or_default()),
            (Level::NOTE, lang.pick("fingerprint", "指纹"), one_line(&finding.fingerprint.0)),
        ]
        .into_iter()
        .filter(|(_, _, text)| !text.is_empty())
        .map(|(level, name, text)| level.with_name(name).message(text).into())
        .collect()
    }

    /// The other places, and what each has to do with the finding.
    fn related(&self, finding: &Finding) -> Vec<Element<'static>> {
        let note =
            |text: String| Level::NOTE.with_name(self.lang.pick("note", "另见")).message(text);
        let shown = finding.related.iter().take(RELATED_SHOWN);
        let mut elements: Vec<Element<'static>> = shown
            .map(|related| {
                let message = related.message.in_lang(self.lang);
                note(one_line(&format!("{}: {message}", related.location))).into()
            })
            .collect();
        if let Some(more @ 1..) = finding.related.len().checked_sub(RELATED_SHOWN) {
            elements.push(note(words::more(more, self.lang)).into());
        }
        elements
    }

    fn level(&self, outcome: &Outcome, finding: &Finding) -> Level<'static> {
        if !finding.counts() {
            return Level::NOTE.with_name(self.lang.pick("waived", "已豁免"));
        }
        match Loudness::of(outcome.tier) {
            Loudness::Error => Level::ERROR.with_name(self.lang.pick("error", "错误")),
            Loudness::Warning => Level::WARNING.with_name(self.lang.pick("warning", "警告")),
            Loudness::Note => Level::NOTE.with_name(self.lang.pick("note", "提示")),
        }
    }
}

/// The quoted lines with the place marked, or only `--> path:line:column` where there are none, or
/// where they are not the lines that the location names.
fn place(finding: &Finding) -> Element<'static> {
    let quoted = finding.snippet.as_ref().and_then(|snippet| {
        let quotable = snippet.text.lines().count() <= goward_model::Snippet::MAX_LINES
            && snippet.text.len() <= goward_model::Snippet::MAX_COLUMNS * 4 * 3;
        let source = columns(quotable.then_some(&snippet.text)?);
        let first = usize::try_from(snippet.first_line).ok()?;
        let span = span(&source, first, &finding.location)?;
        let annotation = AnnotationKind::Primary.span(span);
        let path = one_line(&finding.location.path);
        Some(Snippet::source(source).line_start(first).path(path).annotation(annotation).into())
    });
    quoted.unwrap_or_else(|| origin(&finding.location).into())
}

fn origin(location: &Location) -> Origin<'static> {
    let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    Origin::path(one_line(&location.path))
        .line(number(location.line))
        .char_column(number(location.column))
}

/// The bytes of `source`, whose first line has the number `first`, that the location names. What
/// ends outside is cut; what starts outside is none.
fn span(source: &str, first: usize, location: &Location) -> Option<Range<usize>> {
    let start = offset(source, first, location.line, location.column)?;
    let end = offset(source, first, location.end_line, location.end_column)
        .or_else(|| line(source, first, location.end_line).map(|line| line.end))
        .unwrap_or(source.len());
    Some(start..end.max(start))
}

/// Where a line and a column, counted in characters, are in the bytes of `source`.
fn offset(source: &str, first: usize, number: u32, column: u32) -> Option<usize> {
    let line = line(source, first, number)?;
    let before = usize::try_from(column).ok()?.checked_sub(1)?;
    let text = source.get(line.clone())?;
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    Some(line.start + starts.nth(before)?)
}

/// The bytes of a line of `source`, without its end.
fn line(source: &str, first: usize, number: u32) -> Option<Range<usize>> {
    let index = usize::try_from(number).ok()?.checked_sub(first)?;
    let mut start = 0;
    for (at, text) in source.split('\n').enumerate() {
        if at == index {
            return Some(start..start + text.len());
        }
        start += text.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_spans_are_bytes() {
        let source = "a: 中文\n\tb";
        for (name, location, bytes) in [
            ("the wide characters", Location::span("", (7, 4), (7, 6)), Some(3..9)),
            ("the end of a line", Location::point("", 7, 6), Some(9..9)),
            ("past the end of a line", Location::point("", 7, 7), None),
            ("after the tab", Location::span("", (8, 2), (8, 3)), Some(11..12)),
            ("over the line end", Location::span("", (7, 1), (8, 2)), Some(0..11)),
            ("ends past its line", Location::span("", (7, 1), (7, 90)), Some(0..9)),
            ("ends past the lines", Location::span("", (7, 1), (90, 1)), Some(0..12)),
            ("before the lines", Location::point("", 6, 1), None),
            ("after the lines", Location::point("", 9, 1), None),
            ("the highest numbers", Location::point("", u32::MAX, u32::MAX), None),
        ] {
            assert_eq!(span(source, 7, &location), bytes, "{name}");
        }
    }
}
