//! The fences of a worker on Linux: which ones there are, and in what order they are put up.
//!
//! Each one is tried by itself, and what the kernel does not give is left out and told. Nothing
//! is left half done: where a fence fails, all is as it was before it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pyo3::Python;
use rustix::thread::{CapabilitySet, CapabilitySets};
use verify::model::{Containment, Fence, Limit};
use verify::python::calls::Sockets;
use verify::python::protocol::Setup;

use super::calls;
use super::order::Order;
use super::paths::{self, Installation};
use super::rules::{Allowed, Rules};
use super::shared::Shared;
use super::spaces::{self, Spaces};
use super::tally::{self, Tally};
use super::view::{self, View};
use super::warden::{Charge, Warden};
use super::{Place, Sandbox, check, limits, own_maps, processes};

/// What is put up in each forked process.
#[derive(Default)]
pub(super) struct Fences {
    spaces: Spaces,
    rules: Option<Rules>,
    tally: Option<Tally>,
    contained: bool,
    /// Where snippets have a process namespace: who ends them, and what they have in common.
    apart: Option<(Warden, Shared)>,
}

impl Fences {
    /// Puts this process behind them.
    pub(super) fn enter(&self) -> io::Result<()> {
        if self.contained {
            // The worker's memory is hidden from snippets; a snippet's own is not hidden from itself.
            // SAFETY: sets a flag of this process.
            check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1) })?;
        }
        self.rules.as_ref().map_or(Ok(()), Rules::enter)
    }

    /// Another snippet begins.
    pub(super) fn begin(&self) {
        if let Some(tally) = &self.tally {
            tally.begin();
        }
    }

    /// The limit that all processes of the snippet together are above; of memory there is this much.
    pub(super) fn exceeded(&self, memory: u64) -> Option<Limit> {
        self.tally.as_ref()?.exceeded(memory)
    }

    /// How many tasks there may be, where they can be limited.
    pub(super) fn tasks(&self) -> Option<u32> {
        self.spaces.user.then_some(spaces::TASKS)
    }

    /// Ends what snippets leave behind, where they have a process namespace.
    pub(super) fn warden(&self) -> Option<&Warden> {
        self.apart.as_ref().map(|(warden, _)| warden)
    }

    /// True where what snippets have in common is as it was before the first of them, as far as it is theirs
    /// alone; one whose folder waits for the next snippet may have left that.
    pub(super) fn are_as_they_were(&self, folder_waits: bool) -> bool {
        let shared = self.apart.as_ref().map(|(_, shared)| shared);
        shared.is_none_or(|shared| shared.is_as_it_was(folder_waits))
    }
}

impl Sandbox {
    pub(super) fn contained(
        py: Python<'_>,
        setup: &Setup,
        installation: &Installation,
        mut place: Place,
        clock_ahead: bool,
    ) -> io::Result<Self> {
        let readable = paths::readable(installation, setup.home.as_deref());
        let readable = readable.iter().chain(&setup.read).cloned();
        let readable = paths::resolve(&readable.collect::<Vec<_>>());
        let writable = paths::resolve(&setup.write);
        let number = std::process::id();
        let spaces = spaces::enter(py)?;
        let order = Order::of_this_process();
        let processes = spaces.processes.then(|| tally::processes().ok()).flatten();
        let maps = own_maps();
        let mut apart = None;
        let mut entered = None;
        if spaces.processes {
            let shared = Shared::begin();
            let warden = Warden::begin(Charge {
                proc: &view::processes_in(&place.base),
                number,
                ahead: clock_ahead,
            })?;
            let view = View {
                readable: &readable,
                writable: &writable,
                scaffold: &place.base,
                warden: &warden,
            };
            entered = view.enter().ok();
            warden.seal()?;
            apart = Some((warden, shared));
        } else {
            processes::adopt_orphans()?;
        }
        let own_view = entered.is_some();
        if let Some(kept) = entered {
            place = in_memory(place, kept);
        }
        let temporary = own_view.then_some(view::TEMPORARY);
        let tally = processes.map(|proc| Tally::new(proc, temporary, spaces.network));
        // With all that the worker itself keeps open.
        if let Some((_, shared)) = &mut apart {
            shared.settle(own_view.then_some(&*place.swept))?;
        }
        let rules = Rules::new(&Allowed {
            readable: &readable.paths,
            writable: &writable.paths,
            folders: &place.swept,
            own_view,
            own_processes: own_view,
        })?;
        hide_and_drop_privileges()?;
        limits::enter_no_core()?;
        let filtered = calls::refuse(Sockets {
            network: spaces.network,
            paths: own_view,
        });
        let has = [
            (Fence::Processes, spaces.processes),
            (Fence::Network, spaces.network),
            (Fence::Files, own_view),
            (Fence::Landlock, rules.is_some()),
            (Fence::Seccomp, filtered.is_ok()),
        ];
        let has = has.into_iter().filter(|(_, there)| *there);
        Ok(Self {
            containment: Containment {
                off: false,
                has: has.map(|(fence, _)| fence).collect(),
            },
            place,
            order,
            maps,
            fences: Fences {
                spaces,
                rules,
                tally,
                contained: true,
                apart,
            },
        })
    }
}

/// The same place in the folder in memory; its path has the same form, whatever the view.
fn in_memory(place: Place, kept: Vec<OsString>) -> Place {
    let names: Vec<_> = place.base.iter().rev().take(2).collect();
    let swept = PathBuf::from(view::TEMPORARY);
    let base = names.iter().rev().fold(swept.clone(), |path, name| {
        path.join(Path::new(name).file_name().unwrap_or_default())
    });
    Place {
        base,
        swept,
        in_memory: true,
        kept,
        ..place
    }
}

/// From here on this process and all that it starts can gain no privilege, and has none.
pub(super) fn hide_and_drop_privileges() -> io::Result<()> {
    // SAFETY: sets flags of this process.
    unsafe {
        check(libc::prctl(libc::PR_SET_DUMPABLE, 0))?;
        check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
    }
    for capability in CapabilitySet::all().iter() {
        // Where it fails there is nothing to take away.
        let _ = rustix::thread::remove_capability_from_bounding_set(capability);
    }
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    Ok(rustix::thread::set_capabilities(None, none)?)
}
