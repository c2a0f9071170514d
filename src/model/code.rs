//! Python code on its way to a worker, and what CPython's parser says about it.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::text;

/// Python code with its place in the note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Typed at a prompt: values are displayed, and an exception does not end it.
    pub prompts: bool,
    /// The inputs; a script has one.
    pub pieces: Vec<Stretch>,
}

impl Code {
    /// A script that begins at `line`.
    pub fn script(line: usize, text: impl Into<String>) -> Self {
        Self {
            prompts: false,
            pieces: vec![Stretch::new(line, text)],
        }
    }

    /// The index of the piece that line `line` of the note belongs to.
    pub fn piece_of(&self, line: usize) -> Option<usize> {
        let begins = |piece: &Stretch| piece.line as usize <= line;
        self.pieces.partition_point(begins).checked_sub(1)
    }
}

/// Consecutive lines of code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The line of the note on which it begins, 1-based.
    pub line: u32,
    /// Its text.
    pub text: String,
}

impl Stretch {
    /// The piece that begins at `line`.
    pub fn new(line: usize, text: impl Into<String>) -> Self {
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            text: text.into(),
        }
    }
}

/// A file that a note shows, as it lies in the folder of a snippet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFile {
    /// Its name, relative to the folder and with no way out of it.
    pub name: String,
    /// What is in it.
    pub text: String,
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
    /// Those of `uses` that are the names of modules of the standard library and stand before a
    /// dot wherever they are used, such as the `sys` of `sys.path`.
    pub modules: Vec<String>,
    /// What the compiler warns of.
    pub warnings: Vec<CodeWarning>,
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

/// What CPython's compiler warns of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeWarning {
    /// The line of the note, 1-based.
    pub line: u32,
    /// The warning's class, such as `SyntaxWarning`.
    pub class: String,
    /// Its text.
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

impl Endless {
    /// What never ends, and where.
    pub fn told(&self) -> Text {
        let Self { line, what, .. } = self;
        text!("{what} on line {line}", "第 {line} 行的 {what}")
    }
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
