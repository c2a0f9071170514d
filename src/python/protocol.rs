//! The messages between the driver and a worker, shared by both programs.
//!
//! A message is its length as four little-endian bytes, then that many bytes of
//! postcard. A worker answers every request with one reply, in order. What comes
//! from a worker was shaped by code that nobody has reviewed, so the length is
//! bounded and a message that can't be read is an error, never a panic.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::model::{Analysis, Code, Containment, ShownFile, Trace};

/// The longest message that either side reads: sixty-four mebibytes.
pub const MAX_MESSAGE: usize = 64 << 20;

/// What the driver asks of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Set up what contains snippets. It is asked first, and once.
    Begin(Setup),
    /// Parse each of these, and tell what it is made of.
    Analyze(Vec<Code>),
    /// Run this in a process of its own.
    Run(Box<Job>),
}

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// It is set up, as far as the system can.
    Begun(Containment),
    /// One for each of the sources asked about.
    Analyzed(Vec<Analysis>),
    /// A snippet was run.
    Ran(Ran),
    /// The worker itself could not do it, and why.
    Refused(String),
}

impl Reply {
    /// True where the worker answers nothing more: another one is to be started for what follows.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match self {
            Self::Ran(ran) => ran.retires,
            Self::Refused(_) => true,
            Self::Begun(_) | Self::Analyzed(_) => false,
        }
    }
}

/// How a snippet was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// What happened.
    pub trace: Box<Trace>,
    /// It can't be shown that the next snippet would find all as this one did. This is no fault of the
    /// snippet's, and its trace is as good as any.
    pub retires: bool,
}

/// Argument of a worker that leaves out what packages do when Python starts (`.pth` files, site.py):
/// most of the time that a start takes where much is installed.
pub const WITHOUT_PACKAGES: &str = "without-packages";

/// Argument of a worker whose snippets are in a virtual environment; its interpreter and its folder follow.
pub const WITHIN: &str = "within";

/// What the snippets of a worker may reach beyond their own folders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// They are contained as far as the system can.
    pub contained: bool,
    /// The folder of the user, which they may not read.
    pub home: Option<PathBuf>,
    /// The root of the project, from which grants are named.
    pub root: PathBuf,
    /// Files and folders that they may read.
    pub read: Vec<PathBuf>,
    /// Files and folders that they may also write to.
    pub write: Vec<PathBuf>,
    /// Folders that packages are imported from beside those of the interpreter.
    pub packages: Vec<PathBuf>,
    /// The folder of the worker, under which they get theirs.
    pub folder: PathBuf,
}

/// One snippet to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The note's path, for tracebacks.
    pub path: String,
    /// Files that lie in its folder when it begins.
    pub files: Vec<ShownFile>,
    /// Earlier snippets to run first, their output left out.
    pub replay: Vec<Code>,
    /// Modules to import before it, for code that uses them without saying so.
    pub imports: Vec<String>,
    /// Modules that all this code imports; workers that have them already are faster.
    #[serde(skip)]
    pub modules: Vec<String>,
    /// The snippet.
    pub code: Code,
    /// First and last lines of the statements whose worth is asked for.
    pub values: Vec<(u32, u32)>,
    /// Whether to tell what values rest on that another run may give otherwise.
    pub open: bool,
    /// How far it may go.
    pub limits: Limits,
}

/// How far a snippet may go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds of processor time.
    pub cpu: u64,
    /// Seconds on the clock.
    pub wall: f64,
    /// Bytes of memory beyond what the worker itself has.
    pub memory: u64,
    /// Bytes of output that are kept; what is more is counted.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: 10,
            wall: 30.0,
            memory: 1 << 30,
            output: 1 << 20,
        }
    }
}

/// Writes one message.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    let mut framed = postcard::to_extend(message, vec![0; 4]).map_err(io::Error::other)?;
    let length = framed.len() - 4;
    let head = u32::try_from(length)
        .ok()
        .filter(|_| length <= MAX_MESSAGE)
        .ok_or_else(|| io::Error::other("the message is too long"))?;
    framed[..4].copy_from_slice(&head.to_le_bytes());
    to.write_all(&framed)?;
    to.flush()
}

/// Reads one message; `None` where the other side has closed the channel between messages.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_MESSAGE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the message is too long",
        ));
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    postcard::from_bytes(&body)
        .map(Some)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_was_sent() {
        let request = Request::Run(Box::new(Job {
            path: "notes/数字.md".into(),
            code: Code::script(7, "print(1)"),
            ..Job::default()
        }));
        let mut wire = Vec::new();
        send(&mut wire, &request).unwrap();
        let mut from = wire.as_slice();
        assert_eq!(receive::<Request>(&mut from).unwrap(), Some(request));
        assert_eq!(receive::<Request>(&mut from).unwrap(), None);
    }

    #[test]
    fn a_length_beyond_the_bound_is_refused_before_anything_is_reserved() {
        let wire = u32::MAX.to_le_bytes();
        assert!(receive::<Reply>(&mut wire.as_slice()).is_err());
    }

    #[test]
    fn nonsense_and_torn_messages_are_errors() {
        let mut wire = 3u32.to_le_bytes().to_vec();
        wire.extend([0xff, 0xff, 0xff]);
        assert!(receive::<Reply>(&mut wire.as_slice()).is_err());
        assert!(receive::<Reply>(&mut &wire[..5]).is_err());
    }
}
