//! Pages that nearly every snippet writes to.
//!
//! A fork shares the pages of the worker until one of the two writes to them, and each such write is
//! a page fault. Linux copies a page in the fork itself where it is pinned for a device
//! (`folio_needs_cow_for_dma` in its mm/memory.c), which costs about half as much, and the worker's own
//! writes cost nothing then. So those that a rehearsal wrote to are pinned, as buffers of an `io_uring(7)`
//! in which nothing is ever done. Where the system refuses that, all works as before.
#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use rustix::io_uring::{
    IoringRegisterOp, io_uring_params, io_uring_register, io_uring_setup, iovec,
};

/// Bytes that are asked about at a time; the kernel's pages are as large or larger.
const PAGE: usize = 4096;
/// The most bytes that a worker pins: they count against `RLIMIT_MEMLOCK` of the user.
const MOST: usize = 2 << 20;

/// Holds pages in their place until it is dropped.
pub(crate) struct Pinned {
    _ring: OwnedFd,
}

impl Pinned {
    /// Pins those pages, as far as this process has them; `None` where the system refuses.
    pub(super) fn new(pages: &[usize], maps: &str) -> Option<Self> {
        let own = writable(maps);
        let within = |page: &&usize| own.iter().any(|range| range.contains(page));
        let pages: Vec<usize> = pages
            .iter()
            .filter(within)
            .copied()
            .take(MOST / PAGE)
            .collect();
        let buffers: Vec<iovec> = pages
            .chunk_by(|a, b| a + PAGE == *b)
            .map(|run| iovec {
                iov_base: run[0] as *mut _,
                iov_len: run.len() * PAGE,
            })
            .collect();
        // SAFETY: the parameters are zeros, which asks for nothing special.
        let mut params: io_uring_params = unsafe { std::mem::zeroed() };
        // SAFETY: the buffers are memory of this process, which nothing is ever read into.
        unsafe {
            let ring = io_uring_setup(1, &mut params).ok()?;
            let count = u32::try_from(buffers.len()).ok()?;
            let operation = IoringRegisterOp::RegisterBuffers;
            io_uring_register(&ring, operation, buffers.as_ptr().cast(), count).ok()?;
            Some(Self { _ring: ring })
        }
    }
}

/// The pages that this process alone has: in a fork, those that it wrote to.
pub(crate) fn written() -> io::Result<Vec<usize>> {
    /// Present, of no file, and mapped once (Documentation/admin-guide/mm/pagemap.rst).
    const IS: u64 = 1 << 63 | 1 << 56;
    const ASKED: u64 = IS | 1 << 61;
    let pagemap = File::open("/proc/self/pagemap")?;
    let mut written = Vec::with_capacity(1 << 20);
    let mut entries = vec![0; 1 << 20];
    for range in writable(&read(&File::open("/proc/self/maps")?)?) {
        let first = range.start / PAGE;
        let length = (range.len() / PAGE * 8).min(entries.len());
        let read = pagemap.read_at(&mut entries[..length], (first * 8) as u64)?;
        let entries = entries[..read].chunks_exact(8);
        let entries = entries.map(|entry| {
            entry
                .iter()
                .rev()
                .fold(0, |all, byte| all << 8 | u64::from(*byte))
        });
        let places = entries.enumerate().filter(|(_, entry)| entry & ASKED == IS);
        written.extend(places.map(|(at, _)| (first + at) * PAGE));
    }
    Ok(written)
}

/// Reads what is mapped (`/proc/pid/maps`).
pub(super) fn read(mut file: &File) -> io::Result<String> {
    // All at once: what is asked for is not to change by asking.
    let mut maps = String::with_capacity(1 << 20);
    file.read_to_string(&mut maps)?;
    Ok(maps)
}

/// Where private memory is mapped that can be written to.
fn writable(maps: &str) -> Vec<Range<usize>> {
    let place = |line: &str| {
        let mut fields = line.split_ascii_whitespace();
        let (from, to) = fields.next()?.split_once('-')?;
        let number = |text| usize::from_str_radix(text, 16).ok();
        let is_written = fields.next()? == "rw-p";
        is_written.then_some(number(from)?..number(to)?)
    };
    maps.lines().filter_map(place).collect()
}
