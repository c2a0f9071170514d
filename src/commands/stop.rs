//! Lets the user stop what runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use verify::run::{Failure, Finished, Stop};

use super::ending::Exit;
use super::keys;

/// A question is open: nothing runs, and nothing is half written.
pub(crate) static ASKING: AtomicBool = AtomicBool::new(false);

/// How long a run that the user has stopped may take to tell what it knows.
const PATIENCE: Duration = Duration::from_millis(800);

/// Runs something that the user can stop.
pub(crate) fn stoppable(
    job: impl FnOnce(&Stop) -> Result<Finished, Failure>,
) -> Result<Finished, Failure> {
    let stopped = Finished {
        interrupted: true,
        ..Finished::default()
    };
    until_stopped(job).map(|finished| finished.unwrap_or(stopped))
}

/// Runs something that the user can stop; nothing comes of it where that was done too early.
pub(crate) fn until_stopped<T>(
    job: impl FnOnce(&Stop) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let stop = Stop::default();
    let handle = stop.clone();
    on_signal(move || {
        if ASKING.load(Ordering::SeqCst) {
            keys::restore();
            std::process::exit(Exit::Interrupted as i32);
        }
        end(&handle);
    });
    match job(&stop) {
        Err(Failure::Pool(_)) if stop.is_stopped() => Ok(None),
        other => other.map(Some),
    }
}

/// Does this where the user or the system wants the program to end.
pub(crate) fn on_signal(act: impl FnMut() + Send + 'static) {
    // Without a handler the default action ends the program, which is all that is lost.
    let _ = ctrlc::set_handler(act);
}

/// Ends the program, after what was found out so far was told.
pub(crate) fn end(stop: &Stop) {
    stop.stop();
    // What was found out so far is told meanwhile, which ends the program.
    std::thread::sleep(PATIENCE);
    stop.abandon();
    std::process::exit(Exit::Interrupted as i32);
}
