//! The messages between the driver and a worker, shared by both programs.
//!
//! A message is its length as four little-endian bytes, then that many bytes of
//! postcard. A worker answers every request with one reply, in order. What comes
//! from a worker was shaped by code that nobody has reviewed, so the length is
//! bounded and a message that can't be read is an error, never a panic.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::model::Trace;

/// The longest message that either side reads: sixty-four mebibytes.
pub const MAX_MESSAGE: usize = 64 << 20;

/// What the driver asks of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Parse each of these, and tell what it is made of.
    Analyze(Vec<Code>),
    /// Run this in a process of its own.
    Run(Box<Job>),
}

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// One for each of the sources asked about.
    Analyzed(Vec<Analysis>),
    /// What happened.
    Ran(Box<Trace>),
    /// The worker itself could not do it, and why.
    Refused(String),
}

/// Python code with its place in the note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Typed at a prompt: values are displayed, and an exception does not end it.
    pub prompts: bool,
    /// The inputs; a script has one.
    pub pieces: Vec<Piece>,
}

impl Code {
    /// A script that begins at `line`.
    pub fn script(line: usize, text: impl Into<String>) -> Self {
        Self { prompts: false, pieces: vec![Piece::new(line, text)] }
    }
}

/// Consecutive lines of code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The line of the note on which it begins, 1-based.
    pub line: u32,
    /// Its text.
    pub text: String,
}

impl Piece {
    /// The piece that begins at `line`.
    pub fn new(line: usize, text: impl Into<String>) -> Self {
        Self { line: u32::try_from(line).unwrap_or(u32::MAX), text: text.into() }
    }
}

/// One snippet to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The note's path, for tracebacks.
    pub path: String,
    /// Earlier snippets to run first, their output left out.
    pub replay: Vec<Code>,
    /// The snippet.
    pub code: Code,
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
        Self { cpu: 10, wall: 30.0, memory: 1 << 30, output: 1 << 20 }
    }
}

/// What CPython's own parser says about a piece of code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// Why it is no Python 3, where it is none.
    pub error: Option<SyntaxProblem>,
    /// What each statement at the top level is.
    pub statements: Vec<StatementKind>,
    /// Names that it binds at its top level.
    pub binds: Vec<String>,
    /// Names that it uses and nothing in it binds first, built-in names left out.
    pub uses: Vec<String>,
    /// Those of `uses` whose objects it changes.
    pub changes: Vec<String>,
    /// The top-level modules that it imports.
    pub imports: Vec<String>,
    /// What never ends when it is run, such as `while True` on a line.
    pub endless: Option<Endless>,
}

/// Where and why the parser gave up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntaxProblem {
    /// The line of the note, 1-based.
    pub line: u32,
    /// The column in the code, 1-based, 0 where none is known.
    pub column: u32,
    /// The parser's message.
    pub message: String,
}

/// What looks as if it never ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endless {
    /// The line of the note, 1-based.
    pub line: u32,
    /// The code in short, such as `while True` or `serve_forever()`.
    pub what: String,
    /// True where nothing else in the snippet could end it.
    pub certain: bool,
}

/// What a statement is, as far as telling code from other text needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementKind {
    /// `import`, `def`, `class`, `if`, `for`, `while`, `try`, `with`, `match`, `return`, `raise` and the like.
    Keyword,
    /// An assignment of something other than a bare name.
    Assign,
    /// An assignment of a bare name, or an annotation alone: also how settings files look.
    WeakAssign,
    /// A call, awaited or not.
    Call,
    /// A call of a capitalised name with literal arguments: also how a repr looks.
    Repr,
    /// An expression with operators, subscripts or the like.
    Expression,
    /// A name, an attribute, or names with commas: also how words look.
    Word,
    /// A literal: also how output looks.
    Literal,
}

/// Writes one message.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(body.len())
        .ok()
        .filter(|_| body.len() <= MAX_MESSAGE)
        .ok_or_else(|| io::Error::other("the message is too long"))?;
    let mut framed = Vec::with_capacity(body.len() + 4);
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(&body);
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
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the message is too long"));
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
        assert!(receive::<Reply>(&mut wire[..5].as_ref()).is_err());
    }
}
