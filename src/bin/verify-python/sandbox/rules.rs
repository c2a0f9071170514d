//! Landlock: rules of the kernel about files, signals and sockets, which a process gives itself
//! and can't take back (landlock(7)).
//!
//! The rules are collected once for each worker. Each snippet is put behind them in its own
//! process, so that the worker is out of its reach.

use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, Scope, path_beneath_rules,
};

use super::paths::DEVICES;

/// The newest rules that are known here; of those the kernel's own are used.
const NEWEST: ABI = ABI::V9;
/// What says something about the machine and nothing about other processes.
const OF_THE_MACHINE: [&str; 8] = [
    "cpuinfo",
    "filesystems",
    "loadavg",
    "meminfo",
    "stat",
    "sys",
    "uptime",
    "version",
];

/// What snippets may do.
pub(super) struct Rules {
    ruleset: RulesetCreated,
    own_processes: bool,
}

/// What they are made from.
pub(super) struct Allowed<'a> {
    pub(super) readable: &'a [PathBuf],
    pub(super) writable: &'a [PathBuf],
    /// The folder in which the folders of snippets lie.
    pub(super) folders: &'a Path,
    /// The root holds nothing but what snippets may see.
    pub(super) own_view: bool,
    /// `/proc` shows nothing but a snippet's own processes.
    pub(super) own_processes: bool,
}

impl Rules {
    /// Collects them; `None` where the kernel has no Landlock.
    pub(super) fn new(allowed: &Allowed<'_>) -> io::Result<Option<Self>> {
        if !is_there() {
            return Ok(None);
        }
        let read = AccessFs::from_read(NEWEST);
        let every = AccessFs::from_all(NEWEST);
        let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
        let devices = DEVICES.iter().map(|name| Path::new("/dev").join(name));
        let mut ruleset = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(every)
            .and_then(|rules| rules.scope(Scope::from_all(NEWEST)))
            .and_then(Ruleset::create)
            .and_then(|rules| rules.add_rules(path_beneath_rules(allowed.readable, read)))
            .and_then(|rules| rules.add_rules(path_beneath_rules(allowed.writable, every)))
            .and_then(|rules| rules.add_rules(path_beneath_rules([allowed.folders], every)))
            .and_then(|rules| rules.add_rules(path_beneath_rules(devices, device)))
            .map_err(io::Error::other)?;
        if allowed.own_view {
            ruleset = rule(ruleset, "/", AccessFs::ReadDir.into())?;
            ruleset = rule(ruleset, "/dev/pts", device | AccessFs::ReadDir)?;
        }
        if allowed.own_processes {
            ruleset = rule(ruleset, "/proc", read)?;
        } else {
            for name in OF_THE_MACHINE {
                ruleset = rule(ruleset, Path::new("/proc").join(name), read)?;
            }
        }
        Ok(Some(Self {
            ruleset,
            own_processes: allowed.own_processes,
        }))
    }

    /// Puts this process behind them, for good.
    pub(super) fn enter(&self) -> io::Result<()> {
        let mut ruleset = self.ruleset.try_clone()?;
        if !self.own_processes {
            let read = AccessFs::from_read(NEWEST);
            ruleset = rule(ruleset, "/proc/self", read)?;
        }
        ruleset.restrict_self().map(drop).map_err(io::Error::other)
    }
}

/// One more rule, where there is such a path.
fn rule(
    ruleset: RulesetCreated,
    path: impl AsRef<Path>,
    mut access: BitFlags<AccessFs>,
) -> io::Result<RulesetCreated> {
    let Ok(opened) = PathFd::new(path.as_ref()) else {
        return Ok(ruleset);
    };
    if !path.as_ref().is_dir() {
        access &= AccessFs::from_file(NEWEST);
    }
    ruleset
        .add_rule(PathBeneath::new(opened, access))
        .map_err(io::Error::other)
}

fn is_there() -> bool {
    const ASK_VERSION: libc::c_uint = 1;
    // SAFETY: asks for a number and passes no memory.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<libc::c_void>(),
            0,
            ASK_VERSION,
        )
    };
    version >= 1
}
