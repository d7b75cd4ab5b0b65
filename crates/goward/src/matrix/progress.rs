//! What is being built, and how long it may still take: on a terminal only, and for people only.

use super::cell::{Known, Measured};
use super::state::State;
use super::work::{Job, Observer};
use crate::console::Console;
use goward_model::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::Duration;

/// Keeps finished cells, and draws.
pub(super) struct Progress<'a> {
    bar: ProgressBar,
    state: Option<State>,
    /// The cells as they were planned.
    planned: Vec<Known>,
    running: Vec<String>,
    left: usize,
    jobs: usize,
    /// Of the cells that were built.
    walls: Vec<u64>,
    console: &'a Console,
}

impl<'a> Progress<'a> {
    pub(super) fn new(
        planned: Vec<Known>,
        left: usize,
        jobs: usize,
        state: Option<State>,
        console: &'a Console,
    ) -> Self {
        let bar = ProgressBar::new(left as u64);
        let target = match std::io::stderr().is_terminal() && !console.is_quiet() {
            true => ProgressDrawTarget::stderr_with_hz(10),
            false => ProgressDrawTarget::hidden(),
        };
        bar.set_draw_target(target);
        if let Ok(style) =
            ProgressStyle::with_template("[{pos}/{len}] {bar:24} {elapsed} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar, state, planned, running: vec![], left, jobs, walls: vec![], console }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self) {
        let left = time_left(&self.walls, self.left, self.jobs).map_or_else(String::new, |left| {
            let seconds = left.as_secs();
            match self.console.lang {
                Lang::En => format!("about {seconds} s left · "),
                Lang::Zh => format!("约剩 {seconds} 秒 · "),
            }
        });
        self.bar.set_message(left + &self.running.join(" "));
    }
}

impl Observer for Progress<'_> {
    fn started(&mut self, job: &Job) {
        self.running.push(job.cell.id());
        self.show();
    }

    fn finished(&mut self, job: &Job, measured: Option<&Measured>) {
        self.running.retain(|id| *id != job.cell.id());
        self.left = self.left.saturating_sub(1);
        self.bar.inc(1);
        let Some(measured) = measured else { return };
        self.walls.push(measured.wall_ms);
        self.show();
        let known = self.planned.get(job.place);
        // What nobody could judge is built again.
        let judged = measured.verdict != super::cell::Verdict::Unknown;
        if let (Some(state), Some(known), true) = (&mut self.state, known, judged)
            && let Err(err) = state.keep(known, measured)
        {
            self.console.warn(&anyhow::Error::from(err).context("the state for --resume"));
            self.state = None;
        }
    }
}

/// The cells that are left, as long as the mean of those that were built.
fn time_left(walls: &[u64], left: usize, jobs: usize) -> Option<Duration> {
    let mean = walls.iter().sum::<u64>().checked_div(walls.len() as u64)?;
    let rounds = left.div_ceil(jobs.max(1)) as u64;
    Some(Duration::from_millis(mean.saturating_mul(rounds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_that_of_the_mean_cell() {
        assert_eq!(time_left(&[], 4, 2), None);
        assert_eq!(time_left(&[1000, 3000], 4, 2), Some(Duration::from_secs(4)));
        assert_eq!(time_left(&[1000], 0, 2), Some(Duration::ZERO));
    }
}
