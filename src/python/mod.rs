//! Everything that has to do with running Python: which interpreter, the
//! workers that embed it, and the messages between them and the driver.

pub mod cached;
#[cfg(target_os = "linux")]
pub mod calls;
pub mod channel;
mod folder;
mod idle;
pub mod interpreters;
mod leftovers;
mod packages;
mod placed;
pub mod pool;
pub mod protocol;
pub mod remember;
#[cfg(test)]
pub(crate) mod scripted;
mod stamp;
pub mod uv;
mod warm;
mod worker;
pub mod zygote;
