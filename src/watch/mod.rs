//! `verify watch`: looks anew at what a save touched, and shows one screen.
//!
//! A loop over what happens: files change, keys are pressed, somebody ends it. It reads no note and
//! judges nothing, and it writes where it is told to.

mod files;
pub mod terminal;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

pub use self::files::{WatchError, Watching};
use crate::model::Lang;
use crate::report::progress::Bar;
use crate::report::terminal::{self as full, Verbosity};
use crate::report::{self, watch::Screen};
use crate::run::live::{Live, Refreshed, Trouble};

/// How long files must rest before they are looked at: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(20);
/// How long files may go on changing before they are looked at all the same.
const MOST: Duration = Duration::from_millis(200);
/// How often the size of the terminal is asked for.
const LOOK: Duration = Duration::from_millis(400);
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// These files or folders were touched.
    Changed(Vec<PathBuf>),
    /// So much was touched that nobody knows what.
    Lost,
    /// A key was pressed.
    Key(char),
    /// It is to end.
    End,
}

/// How it ended.
#[derive(Debug)]
pub enum Ended {
    /// Somebody wanted it to.
    Quit,
    /// The system or Ctrl-C wanted it to.
    Stopped,
    /// It could not begin.
    Unable(Trouble),
}

/// How it shows things.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// It has a terminal of its own: a screen and keys.
    pub interactive: bool,
    /// Columns where there is no terminal.
    pub width: usize,
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    /// The screen.
    #[default]
    Screen,
    /// The report in full.
    All,
    /// The question whether to record.
    Question,
}

/// One session of watching.
pub struct Watch<'a> {
    live: Live<'a>,
    watching: Watching,
    events: Receiver<Event>,
    out: &'a mut dyn Write,
    options: Options,
    last: Refreshed,
    shown: Shown,
    size: Option<(usize, usize)>,
    /// What happened while something else was waited for.
    next: Option<Event>,
}

impl<'a> Watch<'a> {
    /// Watches what `live` is about, from now on.
    pub fn new(
        live: Live<'a>,
        watching: Watching,
        events: Receiver<Event>,
        out: &'a mut dyn Write,
        options: Options,
    ) -> Self {
        Self {
            live,
            watching,
            events,
            out,
            options,
            last: Refreshed::default(),
            shown: Shown::Screen,
            size: None,
            next: None,
        }
    }

    /// Looks at everything, and from then on at what changes, until it is to end.
    pub fn run(mut self) -> io::Result<Ended> {
        if let Err(trouble) = self.live.prepare() {
            return Ok(Ended::Unable(trouble));
        }
        self.watching.follow(&self.live.folders());
        self.refresh(&[])?;
        self.live.warm_up();
        loop {
            let event = match self.next.take() {
                Some(event) => Ok(event),
                None => self.events.recv_timeout(LOOK),
            };
            match event {
                Ok(Event::End) => return Ok(Ended::Stopped),
                Ok(Event::Key('q')) | Err(RecvTimeoutError::Disconnected) => {
                    return Ok(Ended::Quit);
                }
                Ok(Event::Key(key)) => self.press(key)?,
                Ok(Event::Lost) => self.look_at_all()?,
                Ok(Event::Changed(paths)) => {
                    let (paths, next) = self.rest(paths);
                    self.next = next;
                    self.refresh(&paths)?;
                }
                Err(RecvTimeoutError::Timeout) => self.fit()?,
            }
        }
    }

    /// All that is touched until it rests, and what else happened meanwhile.
    fn rest(&self, mut paths: Vec<PathBuf>) -> (Vec<PathBuf>, Option<Event>) {
        let begun = Instant::now();
        while begun.elapsed() < MOST {
            match self.events.recv_timeout(QUIET) {
                Ok(Event::Changed(more)) => paths.extend(more),
                Ok(other) => return (paths, Some(other)),
                Err(_) => break,
            }
        }
        (paths, None)
    }

    fn press(&mut self, key: char) -> io::Result<()> {
        match (self.shown, key) {
            (Shown::Question, 'y') => self.record(),
            (Shown::Screen, 'r') => self.look_at_all(),
            (Shown::Screen, 'u') => self.ask(),
            (Shown::Screen, '\n' | '\r') => self.show_all(),
            _ => self.show(),
        }
    }

    fn look_at_all(&mut self) -> io::Result<()> {
        self.live.forget();
        self.refresh(&[])
    }

    fn refresh(&mut self, changed: &[PathBuf]) -> io::Result<()> {
        let warnings = self.live.report().warnings.clone();
        // Watched before it is read, so that no change of it is missed.
        let mut changed = changed.to_vec();
        changed.extend(with_files(self.watching.follow(&self.live.folders())));
        let refreshed = self.live.refresh(&changed, &self.bar());
        if self.live.is_stopped() {
            return Ok(());
        }
        let is_news = !(refreshed.touched.is_empty() && refreshed.gone.is_empty())
            || refreshed.trouble != self.last.trouble
            || self.live.report().warnings != warnings;
        if refreshed.looked && is_news {
            self.last = refreshed;
            self.show()?;
        }
        loop {
            let new = self.watching.follow(&self.live.folders());
            if new.is_empty() {
                return Ok(());
            }
            // What changed in a new folder before it was watched is found by looking once more.
            let more = self.live.refresh(&with_files(new), &self.bar());
            if !more.touched.is_empty() {
                self.last = more;
                self.show()?;
            }
        }
    }

    fn bar(&self) -> Bar {
        let progress = self.live.config().is_some_and(|config| config.progress);
        Bar::new(progress || self.options.interactive, self.lang())
    }

    fn lang(&self) -> Lang {
        let lang = self.live.config().and_then(|config| config.lang);
        lang.unwrap_or_default()
    }

    fn color(&self) -> bool {
        self.live.config().is_some_and(|config| config.color)
    }

    /// Shows the screen anew where the terminal has another size than before.
    fn fit(&mut self) -> io::Result<()> {
        if self.options.interactive && self.shown == Shown::Screen && self.size != terminal::size()
        {
            self.show()?;
        }
        Ok(())
    }

    fn screen(&self) -> Screen {
        let (width, height) = match self.size {
            Some((width, height)) => (width, Some(height)),
            None => (self.options.width, None),
        };
        Screen {
            color: self.color(),
            width,
            height,
            strict: false,
        }
    }

    fn show(&mut self) -> io::Result<()> {
        self.shown = Shown::Screen;
        self.size = self.options.interactive.then(terminal::size).flatten();
        let screen = report::watch::render(self.live.report(), &self.last, self.screen());
        self.put(&screen)
    }

    fn show_all(&mut self) -> io::Result<()> {
        let options = full::Options {
            color: self.color(),
            width: self.size.map_or(self.options.width, |(width, _)| width),
            verbosity: Verbosity::Normal,
            strict: false,
            update_hint: "verify --update".into(),
        };
        self.put_all(&full::render(self.live.report(), &options))
    }

    /// Shows a text of any length until a key is pressed.
    fn put_all(&mut self, text: &str) -> io::Result<()> {
        self.shown = Shown::All;
        let below = report::watch::below_all(self.lang(), self.color());
        self.put(&format!("{text}\n{below}\n"))
    }

    fn ask(&mut self) -> io::Result<()> {
        self.shown = Shown::Question;
        let question = report::watch::ask_record(self.lang());
        self.out.write_all(question.as_bytes())?;
        self.out.flush()
    }

    fn record(&mut self) -> io::Result<()> {
        let color = self.color();
        match self.live.record(None, &self.bar()) {
            Ok(finished) => {
                self.refresh(&[])?;
                // What was just written is not looked at once more below what is told of it.
                let (paths, next) = self.rest(Vec::new());
                self.next = next;
                self.refresh(&paths)?;
                let told = report::update::render(&finished.changes, &finished.report, color);
                self.put_all(&told)
            }
            Err(trouble) => {
                self.last.trouble = Some(trouble);
                self.show()
            }
        }
    }

    /// Puts a text on the screen, or below what was written before.
    fn put(&mut self, text: &str) -> io::Result<()> {
        let before = if self.options.interactive { CLEAR } else { "" };
        let after = if self.options.interactive { "" } else { "\n" };
        self.out
            .write_all(format!("{before}{text}{after}").as_bytes())?;
        self.out.flush()
    }
}

/// These folders and all that is directly in them.
fn with_files(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok());
    let files: Vec<PathBuf> = entries
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.extend(files);
    folders
}
