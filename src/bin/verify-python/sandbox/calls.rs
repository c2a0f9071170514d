//! A filter of system calls: what no Python program needs and what leads out of a sandbox is
//! refused (seccomp(2)).
//!
//! It is put over the worker once, after all else is set up: forked processes have it from there.

use std::io;

use libc::{c_long, sock_filter};

use super::check;

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xC000_00B7;

/// Calls for the x32 interface carry this bit in their number.
const X32: u32 = 0x4000_0000;

/// Other processes, the kernel itself, mounts, namespaces, clocks, and memory that outlives
/// its process.
const REFUSED: &[c_long] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_mount_setattr,
    libc::SYS_open_by_handle_at,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_personality,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_fanotify_init,
    libc::SYS_shmget,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_uselib,
];

/// Rings of calls that no filter sees. The worker has one itself (`pages.rs`).
const RINGS: [c_long; 3] = [
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];

/// Ways for a process to make namespaces.
const NEW_NAMESPACES: libc::c_int = libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET;

/// Ways to type on another process's terminal.
const TYPING: [u64; 2] = [libc::TIOCSTI, libc::TIOCLINUX];

/// Commands of `fcntl` that have the kernel tell of, or hold up, what others do with a file.
const WATCHING: [libc::c_int; 2] = [libc::F_SETLEASE, libc::F_NOTIFY];

/// Which sockets can be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sockets {
    /// Those of the internet: only where the network is the worker's own.
    pub(super) network: bool,
    /// Those with a path: only where the files are the worker's own.
    pub(super) paths: bool,
}

/// Puts the filter over this process and all that it starts.
pub(super) fn refuse(sockets: Sockets) -> io::Result<()> {
    install(program(sockets))
}

/// Puts another one over it, for what the worker itself needed until now.
pub(super) fn refuse_rings() -> io::Result<()> {
    let mut program = of_this_machine();
    for call in RINGS {
        program.extend(if_equal(call, refused(libc::EPERM)));
    }
    program.push(allowed());
    install(program)
}

fn install(mut program: Vec<sock_filter>) -> io::Result<()> {
    let filter = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: `filter` names a program that is as long as it says.
    let status = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            0,
            &raw const filter,
        )
    };
    check(libc::c_int::try_from(status).unwrap_or(-1)).map(drop)
}

/// The begin of a filter: calls for other machines are refused, and the number of the call is loaded.
fn of_this_machine() -> Vec<sock_filter> {
    let mut program = vec![load(4)];
    program.extend(unless_equal(ARCHITECTURE, refused(libc::ENOSYS)));
    program.push(load(0));
    if cfg!(target_arch = "x86_64") {
        program.extend([jump(libc::BPF_JGE, X32, 0, 1), refused(libc::ENOSYS)]);
    }
    program
}

fn program(sockets: Sockets) -> Vec<sock_filter> {
    let mut program = of_this_machine();
    for &call in REFUSED {
        program.extend(if_equal(call, refused(libc::EPERM)));
    }
    // The C library takes the older call then, whose flags can be seen.
    program.extend(if_equal(libc::SYS_clone3, refused(libc::ENOSYS)));
    program.extend(about(
        libc::SYS_clone,
        vec![
            argument(0),
            jump(libc::BPF_JSET, NEW_NAMESPACES.cast_unsigned(), 0, 1),
            refused(libc::EPERM),
        ],
    ));
    let mut ioctl = vec![argument(1)];
    for request in TYPING {
        let request = c_long::try_from(request).unwrap_or(c_long::MAX);
        ioctl.extend(if_equal(request, refused(libc::EPERM)));
    }
    program.extend(about(libc::SYS_ioctl, ioctl));
    let mut fcntl = vec![argument(1)];
    for command in WATCHING {
        fcntl.extend(if_equal(command.into(), refused(libc::EPERM)));
    }
    program.extend(about(libc::SYS_fcntl, fcntl));
    program.extend(about(libc::SYS_prlimit64, no_core(1, Some(2))));
    program.extend(about(libc::SYS_setrlimit, no_core(0, None)));
    program.extend(about(libc::SYS_socket, socket(sockets)));
    program.push(allowed());
    program
}

/// Leaves the limit of core dumps as it is and says that it was set: a lower one would let a program of the
/// system take them. `new` is the argument that points to what is to be set, where it may be nothing.
fn no_core(resource: u32, new: Option<u32>) -> Vec<sock_filter> {
    let mut checks = vec![argument(resource)];
    checks.extend(unless_equal(number(libc::RLIMIT_CORE.into()), allowed()));
    if let Some(new) = new {
        checks.push(argument(new));
        checks.push(jump(libc::BPF_JEQ, 0, 0, 3));
        checks.push(upper_half(new));
        checks.extend(if_equal(0, allowed()));
    }
    checks.push(refused(0));
    checks
}

fn socket(sockets: Sockets) -> Vec<sock_filter> {
    let unreachable = refused(libc::ENETUNREACH);
    let (network, paths) = (
        if sockets.network {
            allowed()
        } else {
            unreachable
        },
        if sockets.paths {
            allowed()
        } else {
            refused(libc::EPERM)
        },
    );
    let mut checks = vec![argument(0)];
    checks.extend(if_equal(libc::AF_INET.into(), network));
    checks.extend(if_equal(libc::AF_INET6.into(), network));
    checks.extend(if_equal(libc::AF_UNIX.into(), paths));
    checks.extend(unless_equal(
        libc::AF_NETLINK.cast_unsigned(),
        refused(libc::EAFNOSUPPORT),
    ));
    // The C library asks for the addresses of the machine by it.
    checks.push(argument(2));
    checks.extend(unless_equal(
        libc::NETLINK_ROUTE.cast_unsigned(),
        refused(libc::EPROTONOSUPPORT),
    ));
    checks.push(network);
    checks
}

/// `checks` for this call alone; what they do not decide is allowed.
fn about(call: c_long, mut checks: Vec<sock_filter>) -> Vec<sock_filter> {
    checks.push(allowed());
    let length = u8::try_from(checks.len()).unwrap_or(u8::MAX);
    checks.insert(0, jump(libc::BPF_JEQ, number(call), 0, length));
    checks
}

fn if_equal(value: c_long, then: sock_filter) -> [sock_filter; 2] {
    [jump(libc::BPF_JEQ, number(value), 0, 1), then]
}

fn unless_equal(value: u32, then: sock_filter) -> [sock_filter; 2] {
    [jump(libc::BPF_JEQ, value, 1, 0), then]
}

fn number(value: c_long) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The lower half of an argument of the call, which is all that flags and families take.
fn argument(at: u32) -> sock_filter {
    let lower_half = if cfg!(target_endian = "big") { 4 } else { 0 };
    load(16 + 8 * at + lower_half)
}

fn upper_half(at: u32) -> sock_filter {
    let upper_half = if cfg!(target_endian = "big") { 0 } else { 4 };
    load(16 + 8 * at + upper_half)
}

fn load(offset: u32) -> sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

fn allowed() -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW)
}

fn refused(errno: libc::c_int) -> sock_filter {
    let value = libc::SECCOMP_RET_ERRNO | errno.cast_unsigned();
    statement(libc::BPF_RET | libc::BPF_K, value)
}

fn statement(code: u32, value: u32) -> sock_filter {
    instruction(code, value, 0, 0)
}

fn jump(comparison: u32, value: u32, if_true: u8, if_false: u8) -> sock_filter {
    instruction(
        libc::BPF_JMP | comparison | libc::BPF_K,
        value,
        if_true,
        if_false,
    )
}

fn instruction(code: u32, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter {
        code: u16::try_from(code).unwrap_or(0),
        jt,
        jf,
        k,
    }
}
