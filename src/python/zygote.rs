//! Processes with Python started, from which workers are forked: the second one costs a fork and no start.
//!
//! A zygote is asked through a socket. With each request it gets one end of the channel of the
//! process that it is to fork.

use std::ffi::OsStr;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};

use super::leftovers;
use super::protocol;
use super::worker::Start;

/// What a zygote is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Birth {
    /// A worker.
    Worker,
    /// Another zygote, which imports these modules of the standard library first.
    Zygote(Vec<String>),
}

/// How long a fork may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(60);

/// A zygote as the driver sees it. Its end is not the end of those that were forked from it.
pub(super) struct Zygote {
    /// One request at a time.
    socket: Mutex<UnixStream>,
    /// Where it was started by this process.
    process: Option<Child>,
}

/// A process that a zygote has forked.
pub(super) struct Forked {
    /// The end of its channel.
    pub(super) channel: UnixStream,
    /// Its number.
    pub(super) pid: u32,
}

impl Zygote {
    /// Starts Python in `folder`; without `packages`, what they do at the start is left out.
    pub(super) fn start(start: &Start, packages: bool, folder: &Path) -> io::Result<Self> {
        let preload = if cfg!(target_os = "macos") {
            "DYLD_INSERT_LIBRARIES"
        } else {
            "LD_PRELOAD"
        };
        let (socket, its_end) = UnixStream::pair()?;
        let mut command = Command::new(&start.program);
        command
            .arg(&start.executable)
            .args((!packages).then_some(protocol::WITHOUT_PACKAGES))
            .args(within(start))
            .current_dir(folder)
            .env_clear()
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .env(preload, &start.libpython)
            .env("LD_BIND_NOW", "1")
            .stdin(OwnedFd::from(its_end))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        if start.clock_ahead != 0 {
            command.env("VERIFY_CLOCK_AHEAD", start.clock_ahead.to_string());
        }
        leftovers::adopt();
        Ok(Self {
            socket: Mutex::new(socket),
            process: Some(command.spawn()?),
        })
    }

    /// What was forked as another zygote.
    pub(super) fn of(forked: Forked) -> Self {
        Self {
            socket: Mutex::new(forked.channel),
            process: None,
        }
    }

    /// Has a process forked.
    pub(super) fn fork(&self, birth: &Birth) -> io::Result<Forked> {
        let (mut channel, its_end) = UnixStream::pair()?;
        let ends = [std::os::fd::AsFd::as_fd(&its_end)];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&ends));
        let mark = [IoSlice::new(&[0])];
        {
            let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
            rustix::io::retry_on_intr(|| {
                sendmsg(&*socket, &mark, &mut control, SendFlags::NOSIGNAL)
            })?;
            protocol::send(&mut *socket, birth)?;
        }
        drop(its_end);
        channel.set_read_timeout(Some(PATIENCE))?;
        let pid = protocol::receive(&mut channel)?;
        channel.set_read_timeout(None)?;
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "it ended before it began");
        Ok(Forked {
            channel,
            pid: pid.ok_or_else(gone)?,
        })
    }
}

/// How it is told of an environment.
fn within(start: &Start) -> impl Iterator<Item = &OsStr> {
    start.within.iter().flat_map(|within| {
        let word = OsStr::new(protocol::WITHIN);
        [
            word,
            within.executable.as_os_str(),
            within.folder.as_os_str(),
        ]
    })
}

impl Drop for Zygote {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Both fail only where the process is gone already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The zygote's side: the next request, with the channel of what it is to fork; none where the
/// driver has closed the socket.
pub fn next_birth(socket: &mut UnixStream) -> io::Result<Option<(Birth, UnixStream)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut mark = [0];
    let received = rustix::io::retry_on_intr(|| {
        let mut mark = [IoSliceMut::new(&mut mark)];
        recvmsg(&*socket, &mut mark, &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    if received.bytes == 0 {
        return Ok(None);
    }
    let channel = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut ends) => ends.next(),
        _ => None,
    });
    let birth = protocol::receive(socket)?;
    Ok(birth.zip(channel.map(UnixStream::from)))
}

/// The first that a fork says: the number of its process.
pub fn announce(channel: &mut UnixStream) -> io::Result<()> {
    protocol::send(channel, &std::process::id())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn what_many_ask_for_at_once_comes_with_its_channel() {
        let (socket, mut its_end) = UnixStream::pair().unwrap();
        let zygote = Zygote {
            socket: Mutex::new(socket),
            process: None,
        };
        let births = [Birth::Worker, Birth::Zygote(vec!["json".into()])];
        std::thread::scope(|scope| {
            for birth in births.iter().cycle().take(200) {
                let zygote = &zygote;
                scope.spawn(move || {
                    let mut forked = zygote.fork(birth).unwrap();
                    assert_eq!(forked.pid, std::process::id());
                    let mut told = [0; 4];
                    forked.channel.read_exact(&mut told).unwrap();
                    assert_eq!(&told, b"here");
                });
            }
            for _ in 0..200 {
                let (asked, mut channel) = next_birth(&mut its_end).unwrap().unwrap();
                assert!(births.contains(&asked));
                announce(&mut channel).unwrap();
                channel.write_all(b"here").unwrap();
            }
        });
        drop(zygote);
        assert!(next_birth(&mut its_end).unwrap().is_none());
    }
}
