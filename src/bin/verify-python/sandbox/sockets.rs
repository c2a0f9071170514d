//! What the sockets of a network hold, as the kernel tells (`sock_diag(7)`).
//!
//! What was sent and not read yet lies in no process. The kernel lists the sockets that are open; one that
//! was closed before its data were read is counted and not listed, and taken for full.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
    sockopt,
};

/// Asks for the sockets of one family (`SOCK_DIAG_BY_FAMILY`).
const ASK: u16 = 20;
/// A request for all of them (`NLM_F_REQUEST | NLM_F_DUMP`).
const ALL: u16 = 0x301;
/// Message types that end a list.
const ENDS: [u16; 2] = [2, 3];
/// The header of a message.
const HEADER: usize = 16;
/// What is told of a socket before its attributes: of those with a path, and of those of the internet.
const OF_PATHS: usize = 16;
const OF_INTERNET: usize = 72;
/// Attributes with the numbers of `SK_MEMINFO_VARS`, and with the lengths of queues.
const PATHS_MEMORY: u16 = 5;
const PATHS_QUEUES: u16 = 4;
const INTERNET_MEMORY: u16 = 7;
/// What one holds that the kernel does not list, where its buffers can be larger by far.
const USUAL: u64 = 832 << 10;

/// The sockets of this network.
pub(super) struct Sockets {
    asked: OwnedFd,
    /// The most that one can hold.
    most: u64,
    /// How many there were before the first snippet.
    before: u64,
}

/// What is known of those that are open.
#[derive(Default)]
struct Listed {
    count: u64,
    bytes: u64,
}

impl Sockets {
    /// Those of the network that this process is in; `used` counts them.
    pub(super) fn new(used: impl Fn() -> u64) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let kind = SocketType::DGRAM;
        let asked = socket_with(
            AddressFamily::NETLINK,
            kind,
            flags,
            Some(netlink::SOCK_DIAG),
        )?;
        let before = used();
        let probe = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        let largest = i32::MAX as usize / 2;
        sockopt::set_socket_send_buffer_size(&probe, largest)?;
        sockopt::set_socket_recv_buffer_size(&probe, largest)?;
        let both =
            sockopt::socket_send_buffer_size(&probe)? + sockopt::socket_recv_buffer_size(&probe)?;
        Ok(Self {
            asked,
            most: both as u64,
            before,
        })
    }

    /// More than these can hold.
    pub(super) fn at_most(&self, used: u64) -> u64 {
        used.saturating_sub(self.before).saturating_mul(self.most)
    }

    /// What they hold.
    pub(super) fn bytes(&self, used: u64) -> u64 {
        let used = used.saturating_sub(self.before);
        let Ok(listed) = self.list() else {
            return used.saturating_mul(self.most.min(USUAL));
        };
        let hidden = used.saturating_sub(listed.count);
        listed
            .bytes
            .saturating_add(hidden.saturating_mul(self.most))
    }

    fn list(&self) -> io::Result<Listed> {
        let mut listed = Listed::default();
        self.ask(&of_paths(), OF_PATHS, &mut listed)?;
        for family in [libc::AF_INET, libc::AF_INET6] {
            for protocol in [libc::IPPROTO_TCP, libc::IPPROTO_UDP] {
                self.ask(&of_internet(family, protocol), OF_INTERNET, &mut listed)?;
            }
        }
        Ok(listed)
    }

    fn ask(&self, request: &[u8], told: usize, listed: &mut Listed) -> io::Result<()> {
        send(self.asked.as_fd(), &message(request), SendFlags::empty())?;
        let mut answer = vec![0; 1 << 16];
        loop {
            let (length, _) = recv(
                self.asked.as_fd(),
                answer.as_mut_slice(),
                RecvFlags::DONTWAIT,
            )?;
            if listed.take(&answer[..length], told)? {
                return Ok(());
            }
        }
    }
}

impl Listed {
    /// Counts what some messages tell; true where they are the last.
    fn take(&mut self, mut messages: &[u8], told: usize) -> io::Result<bool> {
        while messages.len() >= HEADER {
            let length = (number(messages, 0) as usize).clamp(HEADER, messages.len());
            let kind = short(messages, 4);
            if ENDS.contains(&kind) {
                let refused = kind == ENDS[0] && number(messages, HEADER) != 0;
                return if refused {
                    Err(io::ErrorKind::Unsupported.into())
                } else {
                    Ok(true)
                };
            }
            self.count += 1;
            let attributes = messages.get(HEADER + told..length).unwrap_or_default();
            self.bytes += held(attributes, told == OF_PATHS);
            messages = &messages[aligned(length).min(messages.len())..];
        }
        Ok(false)
    }
}

/// The bytes that these attributes of a socket tell of.
fn held(mut attributes: &[u8], has_path: bool) -> u64 {
    let mut bytes = 0;
    while attributes.len() >= 4 {
        let length = (short(attributes, 0) as usize).clamp(4, attributes.len());
        let value = &attributes[4..length];
        let field = |at: usize| u64::from(number(value, 4 * at));
        bytes += match (short(attributes, 2), has_path) {
            (PATHS_MEMORY, true) | (INTERNET_MEMORY, false) => {
                // Received, sent or queued to be sent, options, and what waits for the socket itself.
                field(0) + field(2).max(field(5)) + field(6) + field(7)
            }
            (PATHS_QUEUES, true) => field(0),
            _ => 0,
        };
        attributes = &attributes[aligned(length).min(attributes.len())..];
    }
    bytes
}

fn message(request: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER + request.len()).unwrap_or(0);
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(ASK.to_ne_bytes());
    message.extend(ALL.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(request);
    message
}

/// `unix_diag_req`: in all states, with what they hold and their queues.
fn of_paths() -> Vec<u8> {
    const SHOW: u32 = 1 << 4 | 1 << 5;
    let fields = [libc::AF_UNIX.cast_unsigned(), u32::MAX, 0, SHOW, 0, 0];
    fields
        .iter()
        .flat_map(|field| field.to_ne_bytes())
        .collect()
}

/// `inet_diag_req_v2`: in all states, with what they hold.
fn of_internet(family: libc::c_int, protocol: libc::c_int) -> Vec<u8> {
    let byte = |value: libc::c_int| u8::try_from(value).unwrap_or(0);
    let mut request = vec![byte(family), byte(protocol), 1 << (INTERNET_MEMORY - 1), 0];
    request.extend(u32::MAX.to_ne_bytes());
    request.extend([0; 48]);
    request
}

fn aligned(length: usize) -> usize {
    length.next_multiple_of(4)
}

fn short(bytes: &[u8], at: usize) -> u16 {
    let two = bytes.get(at..).and_then(|rest| rest.first_chunk());
    two.map_or(0, |two| u16::from_ne_bytes(*two))
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk());
    four.map_or(0, |four| u32::from_ne_bytes(*four))
}
