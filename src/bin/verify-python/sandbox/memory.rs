//! The worker's memory before its forks: what each fork would copy or look up page by page is put in
//! order once. Nothing here is needed for a snippet to run, so nothing here can fail.
#![allow(unsafe_code)]

/// Takes what is free between allocations, so that what forks allocate lies together behind it,
/// on few pages.
pub(crate) fn fill_gaps() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: gives back what nobody uses.
    unsafe {
        libc::malloc_trim(0);
    }
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for size in (5..16).rev().map(|power| 1usize << power) {
        /// As many chunks of a size can be kept apart from those that are counted (`tcache_count`).
        const UNCOUNTED: u32 = 8;
        let mut unchanged = 0;
        while unchanged < UNCOUNTED {
            let before = gaps();
            // SAFETY: takes memory that is never used nor given back.
            if unsafe { libc::malloc(size - size_of::<usize>()) }.is_null() {
                return;
            }
            unchanged = if gaps() < before { 0 } else { unchanged + 1 };
        }
    }
}

/// Bytes that are free between allocations.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn gaps() -> libc::c_int {
    // SAFETY: asks the allocator.
    let told = unsafe { libc::mallinfo() };
    told.fordblks.saturating_sub(told.keepcost)
}

/// Lets forks inherit the page tables of program text. Linux copies those of a mapping to a fork only
/// where it holds a private page (`vma_needs_copy` in its mm/memory.c), so each gets one.
pub(super) fn share_page_tables(maps: &str) {
    for (start, length) in text(maps) {
        let start = start as *mut libc::c_void;
        let executable = libc::PROT_READ | libc::PROT_EXEC;
        // SAFETY: these are mappings of this process, which has one thread; the byte keeps its value.
        unsafe {
            if libc::mprotect(start, length, executable | libc::PROT_WRITE) != 0 {
                // Some systems let no text be written to; then each fork looks its own up.
                return;
            }
            let byte = start.cast::<u8>();
            byte.write_volatile(byte.read_volatile());
            libc::mprotect(start, length, executable);
        }
    }
}

/// Where program text is mapped from files: addresses and lengths.
fn text(maps: &str) -> Vec<(usize, usize)> {
    let place = |line: &str| {
        let mut fields = line.split_ascii_whitespace();
        let (from, to) = fields.next()?.split_once('-')?;
        let is_text = fields.next()? == "r-xp" && fields.nth(3)?.starts_with('/');
        let from = usize::from_str_radix(from, 16).ok()?;
        let to = usize::from_str_radix(to, 16).ok()?;
        is_text.then_some((from, to.checked_sub(from)?))
    };
    maps.lines().filter_map(place).collect()
}
