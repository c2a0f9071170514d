//! Shards: parts of the notes that several machines look at, each at its own.

use serde::{Deserialize, Serialize};

/// Which shard of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardNumber {
    /// From 1 on.
    pub index: usize,
    /// How many there are.
    pub total: usize,
}

/// How notes are put into shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// Each by its own path, so that no other note can move it.
    #[default]
    Path,
    /// So that all shards take about as long as each other, by how long the notes took before.
    Timings,
}

/// The shard that a run is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which it is.
    #[serde(flatten)]
    pub number: ShardNumber,
    /// How many notes all shards have together.
    pub notes: usize,
    /// A hash of the paths of all these.
    pub digest: String,
    /// How they were put into shards.
    pub by: Cut,
    /// Not all blocks of the notes were asked for.
    pub narrowed: bool,
    /// The paths of the notes of this one, sorted, those that could not be read too.
    pub paths: Vec<String>,
}
