//! Reads JSON reports back: any for how long its notes took, those of shards whole.
//!
//! They come from other machines, so nothing in them is believed before it was looked at.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::files;
use crate::model::{REPORT_VERSION, Report, Shard};

/// Why a file is not the report that is needed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It can't be read.
    #[error("it can't be read: {0}")]
    Io(#[source] io::Error),
    /// It is something else.
    #[error("it is no JSON report of `verify`, as line {line}, column {column} shows", line = .0.line(), column = .0.column())]
    NotReport(#[source] serde_json::Error),
    /// The fields of its report mean something else.
    #[error("it is a report of version {0}, and this `verify` knows version {REPORT_VERSION}")]
    OtherVersion(u64),
    /// It is a report of all notes.
    #[error("it is the report of no shard")]
    NoShard,
    /// Another `verify` wrote it.
    #[error("it was written by `verify` {0}, and this is {this}", this = env!("CARGO_PKG_VERSION"))]
    OtherProgram(String),
    /// It contradicts itself.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

impl ReadError {
    /// What to do next where the report of a shard is needed.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Io(_) => "name the files that the shards wrote with `--report json=FILE`",
            Self::NoShard => {
                "give the reports of runs with `--shard`; a run over all notes needs no merging"
            }
            Self::OtherVersion(_) | Self::OtherProgram(_) => {
                "run the shards and `verify merge` with the same `verify`"
            }
            Self::NotReport(_) | Self::Damaged(_) => {
                "write it again: `verify --shard K/N --report json=FILE`"
            }
        }
    }
}

#[derive(Deserialize)]
struct Head {
    version: u64,
    shard: Option<By>,
    #[serde(rename = "summary")]
    _summary: IgnoredAny,
    #[serde(rename = "notes")]
    _notes: IgnoredAny,
}

#[derive(Deserialize)]
struct By {
    verify: String,
}

#[derive(Deserialize)]
struct Document {
    shard: Whole,
}

#[derive(Deserialize)]
struct Whole {
    #[serde(flatten)]
    shard: Shard,
    report: Report,
}

/// The bytes of a report whose version is known.
pub(super) fn report(path: &Path) -> Result<Vec<u8>, ReadError> {
    let bytes = files::read(path).map_err(ReadError::Io)?;
    head(&bytes)?;
    Ok(bytes)
}

fn head(bytes: &[u8]) -> Result<Head, ReadError> {
    let head: Head = parsed(bytes)?;
    if head.version == u64::from(REPORT_VERSION) {
        Ok(head)
    } else {
        Err(ReadError::OtherVersion(head.version))
    }
}

pub(super) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ReadError> {
    serde_json::from_slice(bytes).map_err(ReadError::NotReport)
}

/// The report of a shard as it was before it was written, with the shard in it.
pub fn parse(bytes: &[u8]) -> Result<(Shard, Report), ReadError> {
    let by = head(bytes)?.shard.ok_or(ReadError::NoShard)?;
    if by.verify != env!("CARGO_PKG_VERSION") {
        return Err(ReadError::OtherProgram(by.verify));
    }
    let Document { shard: whole } = parsed(bytes)?;
    let Whole { shard, report } = whole;
    check(&shard, &report).map_or_else(|| Ok((shard, report)), |why| Err(ReadError::Damaged(why)))
}

/// What can't be so.
fn check(shard: &Shard, report: &Report) -> Option<String> {
    let number = shard.number;
    if number.index == 0 || number.index > number.total {
        return Some(format!(
            "there is no shard {} of {}",
            number.index, number.total
        ));
    }
    let own: BTreeSet<&String> = shard.paths.iter().collect();
    let stranger = report.notes.iter().find(|note| !own.contains(&note.path));
    stranger.map(|note| format!("`{}` is not in its shard", note.path))
}
