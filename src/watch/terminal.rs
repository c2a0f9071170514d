//! The terminal of `verify watch`: its size, and keys that are read one by one.
//!
//! Ctrl-C still sends its signal. The terminal is given back as it was.

use std::io::{self, Read};
use std::sync::OnceLock;
use std::sync::mpsc::Sender;

use rustix::termios::{self, LocalModes, OptionalActions, Termios};

use super::Event;

/// The terminal as it was.
static BEFORE: OnceLock<Termios> = OnceLock::new();

/// Columns and rows, where standard output is a terminal.
pub fn size() -> Option<(usize, usize)> {
    let size = termios::tcgetwinsize(io::stdout()).ok()?;
    let (width, height) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (width > 0 && height > 0).then_some((width, height))
}

/// Tells keys as they are pressed, from a thread of its own. `ending` is called at once where
/// the key is the one that ends it.
pub fn read_keys(events: Sender<Event>, ending: impl Fn() + Send + 'static) -> io::Result<()> {
    let before = termios::tcgetattr(io::stdin())?;
    let mut single = before.clone();
    single
        .local_modes
        .remove(LocalModes::ICANON | LocalModes::ECHO);
    // Only the first is what the terminal really was.
    BEFORE.get_or_init(|| before);
    termios::tcsetattr(io::stdin(), OptionalActions::Now, &single)?;
    std::thread::spawn(move || {
        for byte in io::stdin().lock().bytes() {
            let key = byte.map_or('q', char::from);
            if key == 'q' {
                ending();
            }
            if events.send(Event::Key(key)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Gives the terminal back as it was, if anything was changed.
pub fn restore() {
    if let Some(before) = BEFORE.get() {
        // Nothing can be done for a terminal that is gone.
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, before);
    }
}
