//! One file per format. A renderer is a pure function of the report: same report, same bytes.
//!
//! A report quotes foreign text (file names, lines of files, output of commands). No format lets
//! such text act on whoever reads it: see [`text`](crate#foreign-text) below.
//!
//! # Foreign text
//!
//! - Control characters, bidirectional overrides and invisible characters are shown as escapes.
//! - Workflow commands of CI systems (`::error`, `##[…]`, `##vso[…]`) are broken up.
//! - Markdown, HTML, XML and URI syntax is escaped where the format has it.
//! - JSON and SARIF lose nothing: what is dangerous to print is written as `\uXXXX`.

mod diagnostic;
mod format;
mod github;
mod human;
mod json;
mod junit;
mod markdown;
mod place;
mod sarif;
mod text;
mod words;

pub use format::{Format, UnknownFormat};
pub use json::{render_json_with, report_schema};

use goward_model::{Lang, Report};

/// How many findings of one check are written out where a person reads them; JSON has them all.
const FINDINGS_SHOWN: usize = 20;

/// The documentation of a check, for formats that carry it beside the results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleHelp {
    /// Why it matters. Markdown.
    pub why: String,
    /// What to do about a failure. Markdown.
    pub fix: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// How a report is rendered.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The language of the wording. JSON carries both and does not depend on it.
    pub lang: Lang,
    /// Whether the human format uses ANSI colours. The other formats never do.
    pub color: bool,
    /// Whether the human format shows only what failed or is inconclusive, and the gate.
    pub quiet: bool,
    /// Whether the human format also shows titles, waived findings in full, and documentation.
    pub verbose: bool,
    /// The documentation of a check, by its identifier.
    pub rule_help: &'a dyn Fn(&str) -> Option<RuleHelp>,
}

/// Renders `report`. The text ends with a line end.
pub fn render(report: &Report, format: Format, options: &Options<'_>) -> String {
    match format {
        Format::Human => human::render(report, options),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report, options),
        Format::Junit => junit::render(report, options.lang),
        Format::Github => github::render(report, options.lang),
        Format::Markdown => markdown::render(report, options.lang),
    }
}
