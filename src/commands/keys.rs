//! Single keys of a terminal, and the terminal as it was before.

use std::io;
use std::sync::Mutex;

use rustix::termios::{self, LocalModes, OptionalActions, Termios};

/// More than any key sends.
const BYTES: usize = 64;
/// Ctrl-D, which ends the input in lines too.
const END: &[u8] = b"\x04";

/// How the terminal was before a key was waited for.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Waits for a key, and gives back all that came at once: an arrow sends several characters.
/// Nothing where the input has ended. Ctrl-C stays what it is.
pub(super) fn read() -> io::Result<Option<String>> {
    let before = termios::tcgetattr(io::stdin())?;
    let mut single = before.clone();
    single
        .local_modes
        .remove(LocalModes::ICANON | LocalModes::ECHO);
    if let Ok(mut kept) = BEFORE.lock() {
        *kept = Some(before);
    }
    termios::tcsetattr(io::stdin(), OptionalActions::Now, &single)?;
    let mut bytes = [0; BYTES];
    let read = rustix::io::retry_on_intr(|| rustix::io::read(io::stdin(), &mut bytes));
    restore();
    let typed = &bytes[..read?];
    let ended = typed.is_empty() || typed == END;
    Ok((!ended).then(|| String::from_utf8_lossy(typed).into_owned()))
}

/// Gives the terminal back as it was, where a key is being waited for.
pub(super) fn restore() {
    let before = BEFORE.lock().ok().and_then(|mut kept| kept.take());
    if let Some(before) = before {
        // Nothing else can be done where even this fails.
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, &before);
    }
}
