//! A progress bar on standard error: only on a terminal, only when the run lasts.

use crate::console::Console;
use goward_engine::Observer;
use goward_model::Outcome;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A shorter run needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bar, and what is being tried.
pub(super) struct Progress {
    bar: ProgressBar,
    running: Mutex<Vec<String>>,
    visible_from: Instant,
}

impl Progress {
    #[expect(clippy::disallowed_methods, reason = "a bar is drawn for people, by the wall clock")]
    pub(super) fn new(items: usize, _: &Console) -> Self {
        let bar = ProgressBar::new(items as u64);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("[{pos}/{len}] {bar:24} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, running: Mutex::default(), visible_from: Instant::now() + PATIENCE }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    #[expect(clippy::disallowed_methods, reason = "a bar is drawn for people, by the wall clock")]
    fn show(&self, change: impl FnOnce(&mut Vec<String>)) {
        let Ok(mut running) = self.running.lock() else { return };
        change(&mut running);
        if self.bar.is_hidden()
            && Instant::now() >= self.visible_from
            && std::io::stderr().is_terminal()
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        self.bar.set_message(running.first().cloned().unwrap_or_default());
    }
}

impl Observer for Progress {
    fn started(&self, id: &str) {
        self.show(|running| running.push(id.to_owned()));
    }

    fn finished(&self, outcome: &Outcome) {
        self.show(|running| running.retain(|id| *id != outcome.check));
        self.bar.inc(1);
    }
}
