//! What all snippets of a worker have in common, and the proof that one of them left it as it was.
//!
//! Nothing here looks for what a snippet did. What it could have changed is compared with what it was
//! before the first of them, and where that differs, the worker is replaced.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::folder::{Seen, room};

/// Sockets of the network namespace that it is opened in (`sockstat` in `proc_pid_net(5)`).
const SOCKETS: &str = "/proc/self/net/sockstat";
/// What was passed along in a socket that is gone is let go of a little later (unix(7)).
const PATIENCE: Duration = Duration::from_millis(10);
const PAUSE: Duration = Duration::from_micros(200);

/// What snippets have in common, beside folders that are theirs alone.
pub(super) struct Shared {
    /// None where the system does not let it be read.
    sockets: Option<File>,
    /// The folder in memory, where they have one.
    temporary: Option<Temporary>,
    at_first: Option<u64>,
}

/// The folder that all of them can write to.
struct Temporary {
    folder: File,
    at_first: State,
}

#[derive(Debug, PartialEq, Eq)]
struct State {
    seen: Seen,
    flags: u32,
    room: [u64; 2],
}

impl Shared {
    /// Begins with the network of this process.
    pub(super) fn begin() -> Self {
        Self {
            sockets: File::open(SOCKETS).ok(),
            temporary: None,
            at_first: None,
        }
    }

    /// Takes what is there now for what is there before the first snippet.
    pub(super) fn settle(&mut self, temporary: Option<&Path>) -> io::Result<()> {
        self.temporary = temporary.map(Temporary::new).transpose()?;
        self.at_first = self.sockets_in_use();
        Ok(())
    }

    /// True where all is as it was. A folder that waits for the next snippet was looked at by itself.
    pub(super) fn is_as_it_was(&self, folder_waits: bool) -> bool {
        let begun = Instant::now();
        while !self.looks_as_it_did(folder_waits) {
            if begun.elapsed() > PATIENCE {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        true
    }

    fn looks_as_it_did(&self, folder_waits: bool) -> bool {
        let temporary = self.temporary.as_ref().filter(|_| !folder_waits);
        self.sockets_in_use() == self.at_first && temporary.is_none_or(Temporary::is_as_it_was)
    }

    /// How many sockets there are in this network, in a process or under way from one to another;
    /// none where the kernel does not say.
    fn sockets_in_use(&self) -> Option<u64> {
        let mut text = [0; 256];
        let length = self.sockets.as_ref()?.read_at(&mut text, 0).ok()?;
        let text = std::str::from_utf8(&text[..length]).ok()?;
        let count = text.strip_prefix("sockets: used ")?.split('\n').next()?;
        count.trim().parse().ok()
    }
}

impl Temporary {
    fn new(path: &Path) -> io::Result<Self> {
        let folder = File::open(path)?;
        let at_first = State::of(&folder)?;
        Ok(Self { folder, at_first })
    }

    fn is_as_it_was(&self) -> bool {
        State::of(&self.folder).is_ok_and(|state| state == self.at_first)
    }
}

impl State {
    fn of(folder: &File) -> io::Result<Self> {
        Ok(Self {
            seen: Seen::of(folder)?.without_times(),
            // Where there are none, there are none to change.
            flags: rustix::fs::ioctl_getflags(folder).map_or(0, |flags| flags.bits()),
            room: room(&rustix::fs::fstatvfs(folder)?),
        })
    }
}
