//! Tables of claims and what came, and properties of their comparison.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod growth;
mod judging;
mod pairs;
mod properties;
