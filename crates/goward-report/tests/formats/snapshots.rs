//! What the sample looks like in each format and language: files under `tests/snapshots`.
//! `UPDATE=1 cargo test -p goward-report` rewrites them.

use crate::sample::{fine, options, sample};
use goward_model::{Lang, Report};
use goward_report::{Format, Options, render};
use std::path::Path;

/// Compares `text` with a committed file, which is named from the crate's folder.
pub(crate) fn same(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(text.lines()).position(|(old, new)| old != new);
    let line = differs.unwrap_or_else(|| committed.lines().count().min(text.lines().count()));
    assert!(
        committed == text,
        "{file} differs at line {}:\n  committed: {:?}\n  rendered:  {:?}\nUPDATE=1 rewrites it",
        line + 1,
        committed.lines().nth(line),
        text.lines().nth(line),
    );
}

fn snapshot(name: &str, report: &Report, format: Format, options: &Options<'_>) {
    same(&format!("tests/snapshots/{name}"), &render(report, format, options));
}

#[test]
fn the_sample_in_every_format_and_language() {
    for (name, lang) in [("en", Lang::En), ("zh", Lang::Zh)] {
        for (format, extension) in [
            (Format::Human, "txt"),
            (Format::Json, "json"),
            (Format::Sarif, "sarif"),
            (Format::Junit, "xml"),
            (Format::Github, "github"),
            (Format::Markdown, "md"),
        ] {
            snapshot(&format!("sample.{name}.{extension}"), &sample(), format, &options(lang));
        }
    }
}

#[test]
fn the_human_format_in_its_other_forms() {
    let usual = options(Lang::En);
    let human = Format::Human;
    snapshot("quiet.txt", &sample(), human, &Options { quiet: true, ..usual });
    snapshot("verbose.txt", &sample(), human, &Options { verbose: true, ..usual });
    snapshot("fine.txt", &fine(), human, &usual);
    snapshot("interrupted.txt", &fine().interrupted(), human, &usual);
}

#[test]
fn a_report_in_which_all_is_well() {
    snapshot("fine.md", &fine(), Format::Markdown, &options(Lang::En));
    snapshot("fine.github", &fine(), Format::Github, &options(Lang::En));
}
