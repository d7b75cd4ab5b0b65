//! What holds for every report in every format.

use crate::arbitrary::report;
use crate::sample::{many, options, sample};
use goward_model::Lang;
use goward_report::{Format, Options, render};
use proptest::prelude::*;

/// What may act on a terminal, hide, or turn text around.
fn acts(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A line that a CI system would take as a command. GitHub's own format consists of them.
fn commands(format: Format, line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let forged = ["##[", "##vso[", "##teamcity["].iter().any(|sign| lower.contains(sign));
    let own = ["::error ", "::warning ", "::notice "].iter().any(|sign| line.starts_with(sign));
    forged || (line.trim_start().starts_with("::") && !(format == Format::Github && own))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_acts_on_the_reader(report in report(), verbose: bool, quiet: bool, zh: bool) {
        let options = Options { verbose, quiet, ..options(if zh { Lang::Zh } else { Lang::En }) };
        for format in Format::ALL {
            let text = render(&report, format, &options);
            prop_assert!(text.ends_with('\n'));
            prop_assert_eq!(text.chars().find(|c| acts(*c)), None, "{}", format);
            let command = text.lines().find(|line| commands(format, line));
            prop_assert_eq!(command, None, "{}", format);
        }
    }

    #[test]
    fn colours_are_the_only_escapes(report in report()) {
        let plain = render(&report, Format::Human, &options(Lang::En));
        let coloured = render(&report, Format::Human, &Options { color: true, ..options(Lang::En) });
        let mut stripped = String::new();
        for (n, part) in coloured.split('\u{1b}').enumerate() {
            let rest = match n {
                0 => part,
                _ => part.split_once('m').expect("an escape ends").1,
            };
            stripped += rest;
        }
        let trimmed = |text: &str| text.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(trimmed(&stripped), trimmed(&plain));
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        for lang in [Lang::En, Lang::Zh] {
            let once = || render(&sample(), format, &options(lang));
            assert_eq!(once(), once(), "{format}");
        }
    }
}

#[test]
fn only_json_grows_with_every_finding() {
    let (few, lots) = (many(1, 1_000), many(1, 2_000));
    for format in Format::ALL {
        let size = |report| render(report, format, &options(Lang::En)).len();
        let grows = matches!(format, Format::Json | Format::Sarif);
        assert_eq!(size(&lots) > size(&few) + 1_000, grows, "{format}");
    }
}
