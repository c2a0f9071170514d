//! What all processes of a snippet hold together, beyond what each of them is limited to.
//!
//! The kernel counts memory for each process, and some of it for none: files in memory, what was sent and
//! not read, tables and lists of its own. It is added up from outside, first by what is cheap to read and
//! never too low, then, where that is above the limit, by what is exact.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;

use rustix::fs::{Dir, Mode, OFlags, StatVfs, openat, statvfs};
use rustix::mount::{FsMountFlags, FsOpenFlags, MountAttrFlags, fsconfig_create, fsmount, fsopen};
use verify::model::Limit;

use super::limits::PROCESSES;
use super::processes::{field, size};
use super::sockets::Sockets;

/// What one file takes, however short it is.
const FILE: u64 = 1 << 10;
/// What an open descriptor can hold: one end of a pipe, where the user has many. What the kernel grants for
/// all pipes of a user before it makes them small is not counted (`pipe-user-pages-soft` in pipe(7)).
const DESCRIPTOR: u64 = 4 << 10;
/// What the kernel needs for a range of addresses, of which each is a page at least.
const MAPPING: u64 = 256;
const PAGE: u64 = 4096;
/// The list of so many ranges takes too long to read, and no program needs more.
const LONG: usize = 10_000;
/// No program needs more locks of ranges of files; the kernel takes ever longer to list them.
const LOCKS: usize = 8192;
/// How memory is named that is shared and in no file.
const UNNAMED: &str = "/dev/zero (deleted)";

/// The process that is no snippet's: the worker.
const WORKER: &str = "1";

/// `/proc` with all processes of this namespace, in no folder: whoever hides from others does not hide here.
pub(super) fn processes() -> io::Result<OwnedFd> {
    let context = fsopen("proc", FsOpenFlags::FSOPEN_CLOEXEC)?;
    fsconfig_create(context.as_fd())?;
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID
        | MountAttrFlags::MOUNT_ATTR_NODEV
        | MountAttrFlags::MOUNT_ATTR_NOEXEC;
    let mounted = fsmount(context.as_fd(), FsMountFlags::FSMOUNT_CLOEXEC, attributes)?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(openat(&mounted, ".", flags, Mode::empty())?)
}

/// Adds up what the processes of a namespace hold.
pub(super) struct Tally {
    proc: OwnedFd,
    /// The folder in memory, and its device as maps name it.
    temporary: Option<(&'static str, String)>,
    sockets: Option<Sockets>,
    /// Addresses that each fork of the worker has.
    inherited: u64,
    /// The shared memory of the machine when it was first looked at this snippet.
    shared: Cell<Option<u64>>,
}

/// What one process holds, where it is not shared with others.
#[derive(Default)]
struct Process {
    pid: String,
    /// Its pages, those that are shared counted in full.
    pages: u64,
    /// What only the kernel sees of it.
    tables: u64,
    addresses: u64,
}

/// The same, by what is exact.
#[derive(Default)]
struct Exact {
    /// Its pages, its part of those that are shared.
    pages: u64,
    shared: u64,
    mappings: u64,
    /// What of `shared` lies in the folder in memory, and is counted there.
    in_files: u64,
    /// It shares memory that is in no file, which need not be mapped to be held.
    unnamed: bool,
}

impl Tally {
    /// `proc` is the folder of the namespace, `temporary` the folder in memory that snippets can write to.
    pub(super) fn new(proc: OwnedFd, temporary: Option<&'static str>, own_network: bool) -> Self {
        let device = |path: &'static str| {
            let device = std::fs::metadata(path).ok()?.dev();
            let (major, minor) = (libc::major(device), libc::minor(device));
            Some((path, format!("{major:02x}:{minor:02x}")))
        };
        let mut tally = Self {
            proc,
            temporary: temporary.and_then(device),
            sockets: None,
            inherited: size().all,
            shared: Cell::default(),
        };
        if own_network {
            tally.sockets = Sockets::new(|| tally.open_sockets()).ok();
        }
        tally
    }

    /// The next look is the first one at another snippet.
    pub(super) fn begin(&self) {
        self.shared.set(None);
    }

    /// The limit that they are above, if they are above one.
    pub(super) fn exceeded(&self, memory: u64) -> Option<Limit> {
        let pids = self.pids();
        if pids.len() > PROCESSES {
            return Some(Limit::Processes);
        }
        let processes: Vec<Process> = pids
            .into_iter()
            .filter_map(|pid| self.process(pid))
            .collect();
        let is_above = self.at_most(&processes) > memory && self.is_above(&processes, memory);
        (is_above || self.has_many_locks()).then_some(Limit::Memory)
    }

    /// What they hold at most.
    fn at_most(&self, processes: &[Process]) -> u64 {
        let sockets = |sockets: &Sockets| sockets.at_most(self.open_sockets());
        let each = |process: &Process| process.pages + process.tables + self.mappings(process);
        let files = self.files();
        processes.iter().map(each).sum::<u64>()
            + files.max(self.growth())
            + self.sockets.as_ref().map_or(0, sockets)
    }

    /// True where what they hold is above this.
    fn is_above(&self, processes: &[Process], memory: u64) -> bool {
        let sockets = |sockets: &Sockets| sockets.bytes(self.open_sockets());
        let mut seen = self.files();
        let mut total = seen + self.sockets.as_ref().map_or(0, sockets);
        let mut unnamed = false;
        for process in processes {
            let exact = self.exact(process).unwrap_or_else(|_| Exact {
                pages: process.pages,
                mappings: self.mappings(process),
                unnamed: true,
                ..Exact::default()
            });
            let shared = exact.shared.saturating_sub(exact.in_files);
            seen += shared;
            total += exact.pages + shared + exact.mappings + process.tables;
            unnamed |= exact.unnamed;
            if total > memory {
                return true;
            }
        }
        // It is not known whose the growth is, so that it counts by itself and not with the rest.
        unnamed && self.growth().saturating_sub(seen) > memory
    }

    fn pids(&self) -> Vec<String> {
        let entries = Dir::read_from(&self.proc).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned));
        let is_other = |name: &String| name != WORKER && name.bytes().all(|b| b.is_ascii_digit());
        names.filter(is_other).collect()
    }

    fn process(&self, pid: String) -> Option<Process> {
        let status = self.text(&format!("{pid}/status")).ok()?;
        let sum = |names: &[&str]| names.iter().map(|name| field(&status, name)).sum();
        let descriptors = status.lines().find_map(|line| line.strip_prefix("FDSize:"));
        let descriptors = descriptors
            .and_then(|rest| rest.trim().parse().ok())
            .unwrap_or(0u64);
        Some(Process {
            pages: sum(&["RssAnon:", "RssShmem:", "VmSwap:"]),
            tables: sum(&["VmPTE:", "HugetlbPages:"]) + descriptors.saturating_mul(DESCRIPTOR),
            addresses: field(&status, "VmSize:"),
            pid,
        })
    }

    /// What the kernel needs at most for the ranges of a process's own.
    fn mappings(&self, process: &Process) -> u64 {
        process.addresses.saturating_sub(self.inherited) / (PAGE / MAPPING)
    }

    fn exact(&self, process: &Process) -> io::Result<Exact> {
        let pid = &process.pid;
        let rollup = self.text(&format!("{pid}/smaps_rollup"))?;
        let mut exact = Exact {
            pages: field(&rollup, "Pss_Anon:") + field(&rollup, "SwapPss:"),
            shared: field(&rollup, "Pss_Shmem:"),
            ..Exact::default()
        };
        let mut in_files = false;
        for line in BufReader::new(self.open(&format!("{pid}/maps"))?)
            .lines()
            .take(LONG)
        {
            let line = line?;
            exact.mappings += MAPPING;
            exact.unnamed |= line.ends_with(UNNAMED);
            in_files |= self.is_temporary(&line);
        }
        if exact.mappings >= LONG as u64 * MAPPING {
            // Nobody waits until all of it is read.
            exact.mappings = self.mappings(process);
            exact.unnamed = true;
        } else if in_files && exact.shared > 0 {
            exact.in_files = self.in_files(pid)?;
        }
        Ok(exact)
    }

    /// True for a line of a process's maps that maps a file in the folder in memory.
    fn is_temporary(&self, line: &str) -> bool {
        let device = self.temporary.as_ref().map(|(_, device)| device.as_str());
        device.is_some() && line.split_ascii_whitespace().nth(3) == device
    }

    /// What a process has mapped of the files there.
    fn in_files(&self, pid: &str) -> io::Result<u64> {
        let mut sum = 0u64;
        let mut counts = false;
        for line in self.text(&format!("{pid}/smaps"))?.lines() {
            if !line.starts_with(|c: char| c.is_ascii_uppercase()) {
                counts = self.is_temporary(line);
            } else if counts {
                // Pages that the process has copied for itself are in no file.
                sum += field(line, "Pss:");
                sum = sum.saturating_sub(field(line, "Anonymous:"));
            }
        }
        Ok(sum)
    }

    /// What lies in the folder in memory.
    fn files(&self) -> u64 {
        let held = |found: StatVfs| {
            (found.f_blocks - found.f_bfree) * found.f_frsize
                + (found.f_files - found.f_ffree) * FILE
        };
        let found = self
            .temporary
            .as_ref()
            .and_then(|(path, _)| statvfs(*path).ok());
        found.map_or(0, held)
    }

    /// By how much the shared memory of the machine has grown, whoever holds it.
    fn growth(&self) -> u64 {
        let Ok(text) = self.text("meminfo") else {
            return 0;
        };
        let now = field(&text, "Shmem:");
        let before = self.shared.get().unwrap_or(now);
        self.shared.set(Some(before));
        now.saturating_sub(before)
    }

    /// True where they hold more locks of ranges of files than any program needs; each takes memory of the kernel.
    fn has_many_locks(&self) -> bool {
        let Ok(file) = self.open("locks") else {
            return false;
        };
        BufReader::new(file).lines().take(LOCKS + 1).count() > LOCKS
    }

    fn open_sockets(&self) -> u64 {
        let text = self.text("self/net/sockstat").unwrap_or_default();
        let used = text
            .lines()
            .find_map(|line| line.strip_prefix("sockets: used "));
        used.and_then(|used| used.trim().parse().ok()).unwrap_or(0)
    }

    fn open(&self, path: &str) -> io::Result<File> {
        Ok(openat(
            &self.proc,
            path,
            OFlags::RDONLY | OFlags::CLOEXEC,
            Mode::empty(),
        )?
        .into())
    }

    fn text(&self, path: &str) -> io::Result<String> {
        let mut text = String::new();
        self.open(path)?.read_to_string(&mut text)?;
        Ok(text)
    }
}
