//! What the standard library had: which names are gone, since when, and what to use instead.
//!
//! Pure lookup in `data/history.txt` (generated) and `data/instead.txt` (kept by hand). What the
//! data does not know is never said to be gone.

mod gone;
mod text;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use memchr::memmem;

pub use gone::{Gone, Owner, all, inside, missing, resolve, rule, soon};

/// A version of Python, such as 3.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u8, pub u8);

impl Version {
    /// After all that is known and announced: what is gone in it goes some day.
    pub const END: Self = Self(u8::MAX, u8::MAX);

    /// Reads `3.11`, and of `3.11.7` the first two numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        Some(Self(parts.next()??, parts.next()??))
    }

    fn next(self) -> Self {
        match self {
            Self(2, _) => Self(3, 0),
            Self(major, minor) => Self(major, minor.saturating_add(1)),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The first and the last version that has something; no last where it is there to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first version asked that has it.
    pub first: Version,
    /// The last one.
    pub last: Option<Version>,
}

impl Span {
    /// True where the version has it.
    pub fn has(self, version: Version) -> bool {
        self.first <= version && self.last.is_none_or(|last| version <= last)
    }

    /// The first version that no longer has it.
    pub fn gone_in(self) -> Option<Version> {
        self.last.map(Version::next)
    }
}

/// What is known about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The versions that have it.
    pub span: Span,
    /// The dotted name by which it is known today, if it was found there.
    pub moved_to: Option<&'static str>,
    /// What to use instead, as Markdown, where that was written by hand.
    instead: Option<&'static str>,
    /// The same in Chinese, where it is more than code.
    instead_zh: Option<&'static str>,
    url: Option<&'static str>,
}

impl Record {
    fn of(span: Span) -> Self {
        Self {
            span,
            moved_to: None,
            instead: None,
            instead_zh: None,
            url: None,
        }
    }
}

/// What a name can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Keyword,
    Builtin,
    Opcode,
    Module,
    /// A name in a module.
    Name,
    Type,
    /// An attribute of a type.
    Attribute,
    /// A parameter of a function.
    Parameter,
}

/// The names of one kind with one owner.
#[derive(Debug, Default)]
struct Names {
    /// Those that are there as long as their owner, as the data lists them.
    same: &'static str,
    /// All others.
    changed: HashMap<&'static str, Record>,
}

/// The whole history.
#[derive(Debug, Default)]
pub struct History {
    names: HashMap<(Kind, &'static str), Names>,
    /// The built-in type from which a built-in type inherits.
    bases: HashMap<&'static str, &'static str>,
    versions: Vec<Version>,
}

impl History {
    /// The history; it is unpacked when it is first asked for.
    pub fn get() -> &'static Self {
        static HISTORY: LazyLock<History> = LazyLock::new(text::read);
        &HISTORY
    }

    /// The versions that were asked what they have.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The versions that have a module.
    pub fn module(&self, name: &str) -> Option<Record> {
        self.find(Kind::Module, "", name)
    }

    /// A name in a module.
    pub fn name(&self, module: &str, name: &str) -> Option<Record> {
        self.find(Kind::Name, module, name)
    }

    /// An attribute of a built-in type such as `dict`, or of a class such as `threading.Thread`:
    /// of classes only what changed is known.
    pub fn attribute(&self, owner: &str, name: &str) -> Option<Record> {
        self.inherited(owner, name).map(|(_, record)| record)
    }

    /// A built-in name.
    pub fn builtin(&self, name: &str) -> Option<Record> {
        self.find(Kind::Builtin, "", name)
    }

    /// A keyword.
    pub fn keyword(&self, name: &str) -> Option<Record> {
        self.find(Kind::Keyword, "", name)
    }

    /// An instruction of the byte code, such as `LOAD_FAST`.
    pub fn opcode(&self, name: &str) -> Option<Record> {
        self.find(Kind::Opcode, "", name)
    }

    /// A parameter of a function such as `asyncio.sleep`: only what changed is known.
    pub fn parameter(&self, function: &str, name: &str) -> Option<Record> {
        self.find(Kind::Parameter, function, name)
    }

    /// The attribute, and the type in which it was found.
    fn inherited<'a>(&self, owner: &'a str, name: &str) -> Option<(&'a str, Record)>
    where
        'static: 'a,
    {
        let mut at = owner;
        loop {
            if let Some(record) = self.find(Kind::Attribute, at, name) {
                return Some((at, record));
            }
            at = self.bases.get(at)?;
        }
    }

    fn find(&self, kind: Kind, owner: &str, name: &str) -> Option<Record> {
        let names = self.names.get(&(kind, owner))?;
        if let Some(record) = names.changed.get(name) {
            return Some(*record);
        }
        is_listed(names.same, name).then(|| Record::of(self.whole(kind, owner)))
    }

    /// The span of an owner, which is that of all that was there as long as it.
    fn whole(&self, kind: Kind, owner: &str) -> Span {
        let of_owner = match kind {
            Kind::Name => self.find(Kind::Module, "", owner),
            Kind::Attribute => self.find(Kind::Type, "", owner),
            _ => None,
        };
        of_owner.map_or(ALWAYS, |record| record.span)
    }
}

/// True for one of the words of a list with single spaces between them.
fn is_listed(list: &str, word: &str) -> bool {
    if word.is_empty() || word.contains(' ') {
        return false;
    }
    let (list, word) = (list.as_bytes(), word.as_bytes());
    let is_whole = |at: usize| {
        let before = at.checked_sub(1).map(|before| list[before]);
        let behind = list.get(at + word.len());
        before.is_none_or(|byte| byte == b' ') && behind.is_none_or(|byte| *byte == b' ')
    };
    memmem::find_iter(list, word).any(is_whole)
}

const ALWAYS: Span = Span {
    first: Version(2, 7),
    last: None,
};

#[cfg(test)]
mod tests;
