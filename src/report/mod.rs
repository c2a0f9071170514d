//! The texts that `verify` prints, one file per format.

pub mod python;
