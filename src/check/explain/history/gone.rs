//! What is gone: from a dotted name to what to say about it.

use super::{History, Kind, Record, Span, Version};
use crate::model::{Lang, Rule, Text};
use crate::text;

/// What a name belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The built-in names.
    Builtins,
    /// The modules of the standard library.
    Modules,
    /// A module, a class or a built-in type.
    Of(String),
}

/// Something that Python no longer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What it belonged to.
    pub owner: Owner,
    /// Its name in there.
    pub name: String,
    /// The last version that has it.
    pub last: Version,
    /// The first version without it.
    pub since: Version,
    /// What does the same today, as Markdown.
    pub instead: Option<Text>,
    /// Where this is documented.
    pub url: String,
}

/// What of a dotted name, as written in code or prose, the version no longer has: `sys.maxint`,
/// `urllib2.urlopen` (the module), `dict.has_key`, `xrange`. `None` where all of it still exists, and
/// where any doubt remains.
///
/// It can't know whether a bare name means a module (`parser`, `user`) or a built-in
/// (`file`, `long`) and not something else: that is for the caller to tell.
pub fn resolve(dotted: &str, version: Version) -> Option<Gone> {
    let history = History::get();
    let parts: Vec<&str> = dotted.split('.').collect();
    if let [name] = parts[..]
        && let Some(record) = history.builtin(name)
    {
        return gone(Owner::Builtins, name, record, version);
    }
    let Some(length) = (1..=parts.len()).find(|length| is_end(history, &parts, *length, version))
    else {
        return in_a_type(history, &parts, version);
    };
    let module = parts[..length].join(".");
    let record = history.module(&module)?;
    if !record.span.has(version) {
        let mut gone = gone(Owner::Modules, &module, record, version)?;
        let inner = parts
            .get(length)
            .and_then(|name| history.name(&module, name));
        gone.instead = inner.and_then(instead).or(gone.instead);
        return Some(gone);
    }
    let name = parts.get(length)?;
    let record = history.name(&module, name)?;
    gone_or_inside(
        history,
        &module,
        name,
        record,
        parts.get(length + 1),
        version,
    )
}

/// What goes in a version after this one: `None` where it has no end that is known, and where it
/// is gone already.
pub fn soon(dotted: &str, version: Version) -> Option<Gone> {
    resolve(dotted, Version::END).filter(|gone| gone.since > version)
}

/// What explains that Python did not find a name where the code looked for it.
///
/// A module is also told by the package that is gone with it.
pub fn missing(owner: &Owner, name: &str) -> Option<Gone> {
    let history = History::get();
    match owner {
        Owner::Builtins => gone(Owner::Builtins, name, history.builtin(name)?, Version::END),
        Owner::Modules => {
            let dots = name.match_indices('.').map(|(at, _)| at);
            dots.chain([name.len()]).find_map(|at| {
                let record = history.module(&name[..at])?;
                gone(Owner::Modules, &name[..at], record, Version::END)
            })
        }
        Owner::Of(of) => match history.name(of, name) {
            Some(record) => gone(owner.clone(), name, record, Version::END),
            // Messages name what is written in C by its private module: `_io.StringIO`.
            None => attribute(
                history,
                of.strip_prefix('_').unwrap_or(of),
                name,
                Version::END,
            ),
        },
    }
}

/// What is gone of the classes in modules that `is_meant` tells by their dotted names.
pub fn inside(name: &str, is_meant: impl Fn(&str) -> bool) -> Option<Gone> {
    let history = History::get();
    let owners = history.names.iter().filter_map(|((kind, of), names)| {
        let is_there = *kind == Kind::Attribute && names.changed.contains_key(name);
        (is_there && of.contains('.')).then_some(*of)
    });
    let owner = owners.filter(|of| is_meant(of)).min()?;
    attribute(history, owner, name, Version::END)
}

/// All that is gone, or is announced to go; a module that is gone stands for the names in it.
pub fn all() -> impl Iterator<Item = Gone> {
    let history = History::get();
    let of_kind = |(kind, of): &(Kind, &str)| match kind {
        Kind::Builtin => Some(Owner::Builtins),
        Kind::Module => Some(Owner::Modules),
        Kind::Name | Kind::Attribute => Some(Owner::Of((*of).to_owned())),
        Kind::Keyword | Kind::Opcode | Kind::Type | Kind::Parameter => None,
    };
    history.names.iter().flat_map(move |(key, names)| {
        let owner = of_kind(key);
        let end = history.whole(key.0, key.1).last;
        let ends_alone = move |record: &Record| record.span.last != end || key.0 != Kind::Name;
        let changed = names.changed.iter();
        changed
            .filter(move |(_, record)| ends_alone(record))
            .filter_map(move |(name, record)| gone(owner.clone()?, name, *record, Version::END))
    })
}

/// True where the search for the module ends: it is gone, or nothing longer is a module.
fn is_end(history: &History, parts: &[&str], length: usize, version: Version) -> bool {
    let module = |length: usize| history.module(&parts[..length].join("."));
    let Some(record) = module(length) else {
        return false;
    };
    if !record.span.has(version) {
        // `curses.wrapper` was a module and is a function.
        let within = parts[..length - 1].join(".");
        let name = history.name(&within, parts[length - 1]);
        return name.is_none_or(|name| !name.span.has(version));
    }
    (length + 1..=parts.len()).all(|longer| module(longer).is_none())
}

fn gone_or_inside(
    history: &History,
    module: &str,
    name: &str,
    record: Record,
    inner: Option<&&str>,
    version: Version,
) -> Option<Gone> {
    gone(Owner::Of(module.to_owned()), name, record, version)
        .or_else(|| attribute(history, &format!("{module}.{name}"), inner?, version))
}

/// The same for `dict.has_key` and `unicode.encode`.
fn in_a_type(history: &History, parts: &[&str], version: Version) -> Option<Gone> {
    let (name, rest) = parts.split_first()?;
    if let Some(record) = history.builtin(name)
        && let Some(gone) = gone(Owner::Builtins, name, record, version)
    {
        return Some(gone);
    }
    attribute(history, name, rest.first()?, version)
}

fn attribute(history: &History, of: &str, name: &str, version: Version) -> Option<Gone> {
    let (of, record) = history.inherited(of, name)?;
    gone(Owner::Of(of.to_owned()), name, record, version)
}

fn gone(owner: Owner, name: &str, record: Record, version: Version) -> Option<Gone> {
    let Span {
        last: Some(last), ..
    } = record.span
    else {
        return None;
    };
    let since = record.span.gone_in().filter(|since| *since <= version)?;
    let url = match record.url {
        Some(url) => url.to_owned(),
        None if is_out(since) => format!("https://docs.python.org/3/whatsnew/{since}.html"),
        None => "https://docs.python.org/3/deprecations/index.html".to_owned(),
    };
    Some(Gone {
        owner,
        name: name.to_owned(),
        last,
        since,
        instead: instead(record),
        url,
    })
}

/// True for versions that there are; others are announced.
fn is_out(version: Version) -> bool {
    let versions = History::get().versions();
    versions.last().is_some_and(|newest| version <= *newest)
}

fn instead(record: Record) -> Option<Text> {
    let moved = || record.moved_to.map(|path| Text::same(format!("`{path}`")));
    let Some(en) = record.instead else {
        return moved();
    };
    Some(Text {
        en: en.to_owned(),
        zh: record.instead_zh.unwrap_or(en).to_owned(),
    })
}

/// The rule of a name that is gone or is announced to go.
pub fn rule(slug: &str) -> Option<Rule> {
    all()
        .find(|gone| gone.slug() == slug)
        .map(|gone| gone.rule())
}

impl Gone {
    /// What the catalogue would say about it.
    pub fn rule(&self) -> Rule {
        let (path, since, last) = (self.path(), self.since, self.last);
        let changed = text!(
            "`{path}` is there up to Python {last}, and not in {since}.",
            "`{path}` 最后出现在 Python {last}，{since} 中没有。"
        );
        Rule {
            slug: self.slug(),
            since: Some(since.to_string()),
            title: self.message(),
            changed,
            modern: self.help().unwrap_or_default(),
            url: self.url.clone(),
            ..Rule::default()
        }
    }

    /// Its dotted name.
    pub fn path(&self) -> String {
        match &self.owner {
            Owner::Builtins | Owner::Modules => self.name.clone(),
            Owner::Of(owner) => format!("{owner}.{}", self.name),
        }
    }

    /// The rule's slug.
    pub fn slug(&self) -> String {
        let plain = |text: &str| {
            text.trim_matches('_')
                .replace(['_', '.'], "-")
                .to_lowercase()
        };
        let name = plain(&self.name);
        match &self.owner {
            Owner::Builtins => format!("py2-{name}"),
            // `_dummy_thread` of Python 3 is not `dummy_thread` of Python 2.
            Owner::Modules if self.name.starts_with('_') && self.last >= Version(3, 0) => {
                format!("module-private-{name}")
            }
            Owner::Modules => format!("module-{name}"),
            Owner::Of(owner) => format!("{}-{name}", plain(owner)),
        }
    }

    /// What is so, in one sentence.
    pub fn message(&self) -> Text {
        let path = self.path();
        let what = match self.owner {
            Owner::Builtins => text!("the built-in `{path}`", "内置的 `{path}`"),
            Owner::Modules => text!("the module `{path}`", "模块 `{path}`"),
            Owner::Of(_) => text!("`{path}`", "`{path}`"),
        };
        let Text { en, zh } = what;
        if self.since == Version(3, 0) {
            text!("{en} is only in Python 2", "{zh} 只在 Python 2 中有")
        } else if is_out(self.since) {
            text!("{en} was removed", "{zh} 已被移除")
        } else {
            text!("{en} is going to be removed", "{zh} 将被移除")
        }
    }

    /// The code to write instead, where nothing else is said of it.
    pub fn code(&self) -> Option<&str> {
        let markdown = self.instead.as_ref()?.get(Lang::En);
        markdown.strip_prefix('`')?.strip_suffix('`')
    }

    /// What to use instead.
    pub fn help(&self) -> Option<Text> {
        let Text { en, zh } = self.instead.clone()?;
        Some(text!("use {en}", "改用 {zh}"))
    }
}
