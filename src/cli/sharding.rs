//! The arguments that leave one machine its part of the notes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::config::bounds;
use crate::model::ShardNumber;

/// Which part of the notes to look at.
#[derive(Args, Clone, Debug, Default)]
pub struct Sharding {
    /// Only the notes of one of N shards, as `2/8`; `auto` takes it from what the CI server or cluster says
    #[arg(long, value_name = "K/N|auto", value_parser = choice)]
    pub shard: Option<ShardChoice>,

    /// Make shards that take about as long as each other, by the JSON report of an earlier run
    #[arg(long, value_name = "FILE", requires = "shard", value_hint = ValueHint::FilePath)]
    pub timings: Option<PathBuf>,
}

/// Which shard it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardChoice {
    /// That of this machine, as it says.
    Auto,
    /// This one.
    Of(ShardNumber),
}

/// Reads `K/N`.
fn choice(typed: &str) -> Result<ShardChoice, String> {
    if typed == "auto" {
        return Ok(ShardChoice::Auto);
    }
    let number = |text: &str| text.parse::<usize>().ok();
    let parts = typed.split_once('/');
    let Some((index, total)) = parts.and_then(|(k, n)| number(k).zip(number(n))) else {
        return Err("write two numbers, as in `2/8`, or `auto`".into());
    };
    let most = *bounds::SHARDS.end();
    if !bounds::SHARDS.contains(&total) {
        return Err(format!("there can be 1 to {most} shards"));
    }
    if !(1..=total).contains(&index) {
        return Err(format!(
            "shards are counted from 1: there are 1/{total} to {total}/{total}"
        ));
    }
    Ok(ShardChoice::Of(ShardNumber { index, total }))
}
