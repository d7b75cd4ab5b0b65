//! The terminal: what may be printed where, and in which language.

use crate::cli::{Color, Global};
use goward_history::HistoryError;
use goward_model::Lang;
use goward_report::{Options, RuleHelp};
use std::io::{IsTerminal as _, Write as _};

/// The terminal and the user's wishes.
pub(crate) struct Console {
    /// The language.
    pub(crate) lang: Lang,
    /// Whether standard output takes colours.
    pub(crate) color: bool,
    quiet: bool,
    verbose: bool,
}

impl Console {
    /// Reads the flags and looks at the terminal.
    #[expect(clippy::disallowed_methods, reason = "the terminal's own switch, not the target's")]
    pub(crate) fn new(global: &Global, lang: Lang) -> Self {
        // https://no-color.org: set to anything but the empty string.
        let no_color = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stdout().is_terminal() && !no_color,
        };
        Self { lang, color, quiet: global.quiet, verbose: global.verbose }
    }

    /// How reports are rendered; `color` only where they go to the terminal.
    pub(crate) fn options(&self, color: bool) -> Options<'_> {
        Options {
            lang: self.lang,
            color,
            quiet: self.quiet,
            verbose: self.verbose,
            rule_help: match self.lang {
                Lang::En => &|id| rule_help(id, Lang::En),
                Lang::Zh => &|id| rule_help(id, Lang::Zh),
            },
        }
    }

    /// Whether only what did not pass is to be shown.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether more is to be shown.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Prints to standard output. A reader that went away (`| head`) is no error.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(err) if err.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        }
    }

    /// Says on standard error why an input is refused, in the words of the tool that would.
    pub(crate) fn refuse(&self, why: &str) {
        // Where standard error is gone there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "{why}");
    }

    /// Adds a text to standard error, below what others said there.
    pub(crate) fn tell(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Says what went wrong.
    pub(crate) fn error(&self, err: &anyhow::Error) {
        self.say(self.lang.pick("error", "错误"), err);
    }

    /// Says what went wrong although the run goes on.
    pub(crate) fn warn(&self, err: &anyhow::Error) {
        self.say(self.lang.pick("warning", "警告"), err);
    }

    fn say(&self, kind: &str, err: &anyhow::Error) {
        let message = match (self.lang, err.downcast_ref::<HistoryError>()) {
            (Lang::Zh, Some(err)) => err.zh(),
            _ => format!("{err:#}"),
        };
        // Nothing is left to do where standard error is closed.
        let _ = writeln!(std::io::stderr(), "goward: {kind}: {message}");
    }
}

/// What a report says of a check beside its findings.
fn rule_help(id: &str, lang: Lang) -> Option<RuleHelp> {
    if let Some(cause) = gorepro::cause(id).filter(|cause| cause.id == id) {
        let pick = |text: [&'static str; 2]| lang.pick(text[0], text[1]).into();
        return Some(RuleHelp { why: pick(cause.why), fix: pick(cause.fix), url: None });
    }
    if let Some(rule) = gosnapshot::rule(id) {
        let pick = |[en, zh]: [&'static str; 2]| lang.pick(en, zh).to_owned();
        return Some(RuleHelp { why: pick(rule.consequence), fix: pick(rule.fix), url: None });
    }
    let check = goward_checks::find(id)?;
    Some(RuleHelp {
        why: check.why.in_lang(lang).into(),
        fix: check.fix.in_lang(lang).into(),
        url: check.references.first().map(|url| (*url).to_owned()),
    })
}
