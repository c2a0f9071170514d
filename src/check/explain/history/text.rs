//! Reads the history from its two texts.
//!
//! A line of `data/history.txt` is a kind, an owner where the kind has one, a name and a span;
//! a kind in the plural lists all that is there as long as its owner. `data/instead.txt` has the
//! same with what to write instead. A line that makes no sense is left out; a test finds it.

use std::sync::LazyLock;

use miniz_oxide::inflate::decompress_to_vec;

use super::{History, Kind, Record, Span, Version};

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/history.bin"));
static INSTEAD: &str = include_str!("../../../../data/instead.txt");

/// The whole history.
pub(super) fn read() -> History {
    let mut history = History::default();
    for line in generated() {
        history.take(line);
    }
    for line in by_hand() {
        history.correct(line);
    }
    history
}

/// The lines that the script wrote.
pub(super) fn generated() -> impl Iterator<Item = &'static str> {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let bytes = decompress_to_vec(PACKED).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    });
    lines(&TEXT)
}

/// The lines that people wrote.
pub(super) fn by_hand() -> impl Iterator<Item = &'static str> {
    lines(INSTEAD)
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl History {
    /// Takes in a line of the generated text; false where it makes no sense.
    pub(super) fn take(&mut self, line: &'static str) -> bool {
        let Some((word, rest)) = line.split_once(' ') else {
            return false;
        };
        if word == "versions" {
            self.versions = rest.split(' ').filter_map(Version::parse).collect();
        } else if let Some((kind, has_owner)) = word.strip_suffix('s').and_then(kind) {
            let (owner, names) = owner(has_owner, rest);
            self.names.entry((kind, owner)).or_default().same = names;
        } else if let Some((kind, has_owner)) = kind(word) {
            let (owner, rest) = owner(has_owner, rest);
            return self.take_one(kind, owner, rest).is_some();
        } else {
            return false;
        }
        true
    }

    fn take_one(&mut self, kind: Kind, owner: &'static str, rest: &'static str) -> Option<()> {
        let mut words = rest.split(' ');
        let (name, span) = (words.next()?, span(words.next()?)?);
        let mut record = Record::of(span);
        match (words.next(), words.next()) {
            (None, _) => {}
            (Some(">"), target @ Some(_)) => record.moved_to = target,
            (Some("<"), Some(base)) => {
                self.bases.insert(name, base);
            }
            _ => return None,
        }
        let names = self.names.entry((kind, owner)).or_default();
        names.changed.insert(name, record);
        Some(())
    }

    /// Takes in a line that was written by hand; `None` where it makes no sense.
    pub(super) fn correct(&mut self, line: &'static str) -> Option<()> {
        let mut fields = line.split(" | ");
        let (word, rest) = fields.next()?.split_once(' ')?;
        let (kind, has_owner) = kind(word)?;
        let (owner, rest) = owner(has_owner, rest);
        let (name, given) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut record = match (span(given), self.find(kind, owner, name)) {
            (Some(span), _) => Record::of(span),
            (None, Some(known)) if given.is_empty() => known,
            _ => return None,
        };
        record.instead = fields.next();
        let mut last = fields.next();
        record.instead_zh = last.take_if(|field| !field.starts_with("https://"));
        record.url = last.or_else(|| fields.next());
        let names = self.names.entry((kind, owner)).or_default();
        names.changed.insert(name, record);
        Some(())
    }
}

/// The kind that a word names, and whether its names have an owner.
fn kind(word: &str) -> Option<(Kind, bool)> {
    Some(match word {
        "keyword" => (Kind::Keyword, false),
        "builtin" => (Kind::Builtin, false),
        "opcode" => (Kind::Opcode, false),
        "module" => (Kind::Module, false),
        "type" => (Kind::Type, false),
        "name" => (Kind::Name, true),
        "attr" => (Kind::Attribute, true),
        "param" => (Kind::Parameter, true),
        _ => return None,
    })
}

fn owner(has_owner: bool, rest: &'static str) -> (&'static str, &'static str) {
    if has_owner {
        rest.split_once(' ').unwrap_or((rest, ""))
    } else {
        ("", rest)
    }
}

/// Reads `2.7-3.9` or `2.7-`.
fn span(text: &str) -> Option<Span> {
    let (first, last) = text.split_once('-')?;
    let last = match last {
        "" => None,
        last => Some(Version::parse(last)?),
    };
    Some(Span {
        first: Version::parse(first)?,
        last,
    })
}
