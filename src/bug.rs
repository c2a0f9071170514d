//! Bugs of the program itself: a panic about one note costs no other note anything.
//!
//! What is done for one note is done inside [`kept_to`], at one place for each stage of a run. A
//! panic becomes what is to be told of that note, and everything else goes on.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::model::{Grade, Text, Warning};
use crate::text;

/// What is done with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its blocks are found.
    Read,
    /// It is decided what of it runs.
    Plan,
    /// What it did is compared with what it says.
    Judge,
    /// What it did is recorded.
    Record,
    /// What came is written into it.
    Fix,
}

impl Stage {
    fn told(self) -> Text {
        match self {
            Self::Read => text!("read", "读取"),
            Self::Plan => text!("planned", "安排运行"),
            Self::Judge => text!("judged", "判断"),
            Self::Record => text!("recorded", "记录"),
            Self::Fix => text!("fixed", "改写"),
        }
    }

    #[cfg(debug_assertions)]
    fn word(self) -> String {
        self.told().get(crate::model::Lang::En).to_owned()
    }
}

/// How much work is under way whose panics are told as bugs.
static KEPT: AtomicUsize = AtomicUsize::new(0);
/// The last panic in such work, with its place.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Keeps panics that are told as bugs from being told twice. For the start of a program.
pub fn watch() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if KEPT.load(Ordering::SeqCst) == 0 {
            before(info);
        } else {
            *LAST.lock().unwrap_or_else(PoisonError::into_inner) = described(info);
        }
    }));
}

fn described(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(ToString::to_string);
    format!("{}: {}", place.unwrap_or_default(), words(info.payload()))
}

/// What a panic says.
fn words(payload: &dyn Any) -> String {
    let plain = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    plain
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

/// The result of some work, or what went wrong in it in words, for whoever mends it.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    KEPT.fetch_add(1, Ordering::SeqCst);
    // What the work leaves half done is not looked at any more.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    KEPT.fetch_sub(1, Ordering::SeqCst);
    done.map_err(|payload| {
        let what = words(&*payload);
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if last.ends_with(&what) && !last.is_empty() {
            last
        } else {
            what
        }
    })
}

/// What is done for the note with this path, or what is to be told where that panics.
pub fn kept_to<T>(path: &str, stage: Stage, work: impl FnOnce() -> T) -> Result<T, Box<Warning>> {
    let done = caught(|| {
        provoke(path, stage);
        work()
    });
    done.map_err(|what| Box::new(told(path, stage, &what)))
}

/// What is told of a note about which something panicked.
fn told(path: &str, stage: Stage, what: &str) -> Warning {
    let Text { en, zh } = stage.told();
    let version = env!("CARGO_PKG_VERSION");
    let project = env!("CARGO_PKG_REPOSITORY");
    Warning {
        path: path.to_owned(),
        line: None,
        message: text!(
            "a bug of verify {version}: it can't be {en} ({what}); all other notes can",
            "verify {version} 自身的错误：无法{zh}这篇笔记（{what}），其他笔记不受影响"
        ),
        help: Some(text!(
            "please report this line, with the note or the part of it that is enough for it, at {project}/issues; a `.verifyignore` leaves the note out until then",
            "请把这一行连同笔记（或足以重现的部分）报告到 {project}/issues；在此之前可以用 `.verifyignore` 排除这篇笔记"
        )),
        grade: Grade::Bug,
    }
}

/// Lets a test ask for a panic: `VERIFY_FAULT=judged:b.md` about that note at that stage.
///
/// # Panics
///
/// Where it is asked for. No release has it.
#[cfg(debug_assertions)]
pub fn provoke(path: &str, stage: Stage) {
    let asked = std::env::var("VERIFY_FAULT").unwrap_or_default();
    let (word, note) = asked.split_once(':').unwrap_or_default();
    let is_asked_for = word == stage.word() && path.ends_with(note);
    assert!(!is_asked_for, "asked for by a test");
}

/// Does nothing: only builds for development panic when they are asked to.
#[cfg(not(debug_assertions))]
pub fn provoke(_: &str, _: Stage) {}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_its_note_and_what_was_done() {
        let bug = kept_to("b.md", Stage::Judge, || -> u8 { panic!("no {}", "way") }).unwrap_err();
        assert_eq!((bug.path.as_str(), bug.grade), ("b.md", Grade::Bug));
        assert!(bug.message.en.contains("it can't be judged") && bug.message.en.contains("no way"));
        assert!(bug.help.unwrap().en.contains("/issues"));
        assert_eq!(kept_to("b.md", Stage::Judge, || 3).unwrap(), 3);
    }
}
