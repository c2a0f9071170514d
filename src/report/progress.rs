//! How far a run is, on standard error of a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::words::summary as words;
use crate::model::Lang;
use crate::run::Progress;

/// Runs that end sooner than this show nothing.
const PATIENCE: Duration = Duration::from_millis(600);

/// A bar that appears where a run takes long.
pub struct Bar {
    bar: ProgressBar,
    begun: std::time::Instant,
}

impl Bar {
    /// A bar, or nothing where `shown` is false.
    pub fn new(shown: bool, lang: Lang) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let what = words::progress();
        let template = format!("{{bar:30}} {{pos}}/{{len}} {} {{elapsed}}", what.get(lang));
        if shown && let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        if !shown {
            bar.finish();
        }
        Self {
            bar,
            begun: std::time::Instant::now(),
        }
    }
}

impl Progress for Bar {
    fn begin(&self, total: usize) {
        self.bar.set_length(total as u64);
    }

    fn step(&self) {
        if !self.bar.is_finished() && self.bar.is_hidden() && self.begun.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
