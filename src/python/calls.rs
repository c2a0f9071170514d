//! Which system calls snippets can make, as a filter that the kernel runs before each call (seccomp(2)).
//!
//! The list says what is allowed. What is known to lead out of a sandbox is refused with `EPERM`; all other
//! calls, those of newer kernels too, are said not to exist (`ENOSYS`), for which libraries have other ways.
//! Calls that are allowed whatever their arguments cost nothing: the kernel remembers them for each filter.

use libc::{c_int, c_long, sock_filter};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xC000_00B7;

/// Calls for the x32 interface carry this bit in their number.
const X32: u32 = 0x4000_0000;

/// What the kernel puts into functions that somebody outside traces, which works nowhere else.
#[cfg(target_arch = "x86_64")]
const TRACED: [c_long; 2] = [335, 336];
/// Changes permissions of a path or descriptor, since Linux 6.6.
const SYS_FCHMODAT2: c_long = 452;
/// Makes stacks of return addresses, since Linux 6.6.
const SYS_MAP_SHADOW_STACK: c_long = 453;

/// What programs need, whatever the arguments.
#[rustfmt::skip]
pub const ALLOWED: &[c_long] = &[
    // Files and folders.
    libc::SYS_read, libc::SYS_write, libc::SYS_close, libc::SYS_fstat, libc::SYS_lseek, libc::SYS_pread64,
    libc::SYS_pwrite64, libc::SYS_readv, libc::SYS_writev, libc::SYS_preadv, libc::SYS_pwritev,
    libc::SYS_preadv2, libc::SYS_pwritev2, libc::SYS_sendfile, libc::SYS_splice, libc::SYS_tee,
    libc::SYS_vmsplice, libc::SYS_copy_file_range, libc::SYS_dup, libc::SYS_dup3, libc::SYS_close_range,
    libc::SYS_pipe2, libc::SYS_flock, libc::SYS_fsync, libc::SYS_fdatasync,
    libc::SYS_sync_file_range, libc::SYS_sync, libc::SYS_syncfs, libc::SYS_truncate, libc::SYS_ftruncate,
    libc::SYS_fallocate, libc::SYS_fadvise64, libc::SYS_readahead, libc::SYS_getdents64, libc::SYS_getcwd,
    libc::SYS_chdir, libc::SYS_fchdir, libc::SYS_openat, libc::SYS_openat2, libc::SYS_newfstatat,
    libc::SYS_statx, libc::SYS_statfs, libc::SYS_fstatfs, libc::SYS_faccessat, libc::SYS_faccessat2,
    libc::SYS_mkdirat, libc::SYS_mknodat, libc::SYS_unlinkat, libc::SYS_renameat, libc::SYS_renameat2,
    libc::SYS_linkat, libc::SYS_symlinkat, libc::SYS_readlinkat, libc::SYS_fchmod, libc::SYS_fchmodat,
    SYS_FCHMODAT2, libc::SYS_fchown, libc::SYS_fchownat, libc::SYS_umask, libc::SYS_utimensat,
    libc::SYS_setxattr, libc::SYS_lsetxattr, libc::SYS_fsetxattr, libc::SYS_getxattr, libc::SYS_lgetxattr,
    libc::SYS_fgetxattr, libc::SYS_listxattr, libc::SYS_llistxattr, libc::SYS_flistxattr,
    libc::SYS_removexattr, libc::SYS_lremovexattr, libc::SYS_fremovexattr, libc::SYS_inotify_init1,
    libc::SYS_inotify_add_watch, libc::SYS_inotify_rm_watch,
    // Waiting for several things at once.
    libc::SYS_pselect6, libc::SYS_ppoll, libc::SYS_epoll_create1, libc::SYS_epoll_ctl, libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2, libc::SYS_eventfd2, libc::SYS_signalfd4, libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime, libc::SYS_timerfd_gettime,
    // Sockets; which of them can be made is looked at in `socket`.
    libc::SYS_connect, libc::SYS_accept, libc::SYS_accept4, libc::SYS_sendto, libc::SYS_recvfrom,
    libc::SYS_sendmsg, libc::SYS_recvmsg, libc::SYS_sendmmsg, libc::SYS_recvmmsg, libc::SYS_shutdown,
    libc::SYS_bind, libc::SYS_listen, libc::SYS_getsockname, libc::SYS_getpeername, libc::SYS_socketpair,
    libc::SYS_setsockopt, libc::SYS_getsockopt,
    // Memory.
    libc::SYS_mmap, libc::SYS_mprotect, libc::SYS_munmap, libc::SYS_brk, libc::SYS_mremap, libc::SYS_msync,
    libc::SYS_mincore, libc::SYS_madvise, libc::SYS_mlock, libc::SYS_mlock2, libc::SYS_munlock,
    libc::SYS_mlockall, libc::SYS_munlockall, libc::SYS_mbind, libc::SYS_get_mempolicy,
    libc::SYS_set_mempolicy, libc::SYS_pkey_mprotect, libc::SYS_pkey_alloc, libc::SYS_pkey_free,
    libc::SYS_mseal, libc::SYS_membarrier, SYS_MAP_SHADOW_STACK,
    // Processes and threads; what `clone` may make is looked at there.
    libc::SYS_execve, libc::SYS_execveat, libc::SYS_exit, libc::SYS_exit_group, libc::SYS_wait4,
    libc::SYS_waitid, libc::SYS_getpid, libc::SYS_getppid, libc::SYS_gettid, libc::SYS_setpgid,
    libc::SYS_getpgid, libc::SYS_setsid, libc::SYS_getsid, libc::SYS_pidfd_open, libc::SYS_set_tid_address,
    libc::SYS_futex, libc::SYS_futex_waitv, libc::SYS_get_robust_list, libc::SYS_set_robust_list,
    libc::SYS_rseq, libc::SYS_restart_syscall, libc::SYS_getcpu, libc::SYS_sched_yield,
    libc::SYS_sched_setparam, libc::SYS_sched_getparam, libc::SYS_sched_setscheduler,
    libc::SYS_sched_getscheduler, libc::SYS_sched_get_priority_max, libc::SYS_sched_get_priority_min,
    libc::SYS_sched_rr_get_interval, libc::SYS_sched_setaffinity, libc::SYS_sched_getaffinity,
    libc::SYS_sched_setattr, libc::SYS_sched_getattr, libc::SYS_getpriority, libc::SYS_setpriority,
    libc::SYS_ioprio_set, libc::SYS_ioprio_get, libc::SYS_getrlimit, libc::SYS_getrusage, libc::SYS_times, libc::SYS_sysinfo, libc::SYS_uname,
    libc::SYS_getrandom, libc::SYS_landlock_restrict_self,
    // Signals.
    libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask, libc::SYS_rt_sigreturn, libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait, libc::SYS_rt_sigqueueinfo, libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_rt_sigsuspend, libc::SYS_sigaltstack, libc::SYS_kill, libc::SYS_tkill, libc::SYS_tgkill,
    libc::SYS_pidfd_send_signal,
    // Users and what they may do.
    libc::SYS_getuid, libc::SYS_getgid, libc::SYS_geteuid, libc::SYS_getegid, libc::SYS_setuid,
    libc::SYS_setgid, libc::SYS_setreuid, libc::SYS_setregid, libc::SYS_getgroups, libc::SYS_setgroups,
    libc::SYS_setresuid, libc::SYS_getresuid, libc::SYS_setresgid, libc::SYS_getresgid, libc::SYS_setfsuid,
    libc::SYS_setfsgid, libc::SYS_capget, libc::SYS_capset,
    // Time.
    libc::SYS_nanosleep, libc::SYS_clock_nanosleep, libc::SYS_clock_gettime, libc::SYS_clock_getres,
    libc::SYS_gettimeofday, libc::SYS_getitimer, libc::SYS_setitimer, libc::SYS_timer_create,
    libc::SYS_timer_settime, libc::SYS_timer_gettime, libc::SYS_timer_getoverrun, libc::SYS_timer_delete,
];

/// Older forms of these.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
pub const ALLOWED_HERE: &[c_long] = &[
    libc::SYS_open, libc::SYS_creat, libc::SYS_stat, libc::SYS_lstat, libc::SYS_access, libc::SYS_getdents,
    libc::SYS_rename, libc::SYS_mkdir, libc::SYS_rmdir, libc::SYS_mknod, libc::SYS_link, libc::SYS_unlink,
    libc::SYS_symlink, libc::SYS_readlink, libc::SYS_chmod, libc::SYS_chown, libc::SYS_lchown,
    libc::SYS_utime, libc::SYS_utimes, libc::SYS_futimesat, libc::SYS_dup2, libc::SYS_pipe,
    libc::SYS_poll, libc::SYS_select, libc::SYS_epoll_create, libc::SYS_epoll_wait, libc::SYS_eventfd,
    libc::SYS_signalfd, libc::SYS_inotify_init, libc::SYS_fork, libc::SYS_vfork, libc::SYS_getpgrp,
    libc::SYS_arch_prctl, libc::SYS_pause, libc::SYS_alarm, libc::SYS_time, TRACED[0], TRACED[1],
];
/// Older forms of these: there are none.
#[cfg(not(target_arch = "x86_64"))]
pub const ALLOWED_HERE: &[c_long] = &[];

/// What a worker needs until its first snippet: rings of calls that no filter sees, and filters.
pub const OF_WORKERS: [c_long; 4] = [
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_seccomp,
];

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

/// Ways for a process to make namespaces.
const NEW_NAMESPACES: c_int = libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET;

/// Ways to type on another process's terminal.
const TYPING: [u64; 2] = [libc::TIOCSTI, libc::TIOCLINUX];

/// Commands of `fcntl` that have the kernel tell of, or hold up, what others do with a file.
const WATCHING: [c_int; 2] = [libc::F_SETLEASE, libc::F_NOTIFY];

/// Which sockets can be made.
#[derive(Clone, Copy, Debug)]
pub struct Sockets {
    /// Those of the internet: only where the network is the worker's own.
    pub network: bool,
    /// Those with a path: only where the files are the worker's own.
    pub paths: bool,
}

/// A part of a filter that decides in every case.
type Decision = Vec<sock_filter>;

/// The filter of a worker, and of all that it starts.
pub fn filter(sockets: Sockets) -> Vec<sock_filter> {
    let mut program = of_this_machine();
    program.extend(search(&ranges(decisions(sockets))));
    program
}

/// The filter that is put over it before the first snippet.
pub fn filter_of_snippets() -> Vec<sock_filter> {
    let mut program = of_this_machine();
    for call in OF_WORKERS {
        program.extend(if_equal(number(call), refused(libc::EPERM)));
    }
    program.push(allowed());
    program
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

/// What becomes of the calls that are known, in the order of their numbers.
fn decisions(sockets: Sockets) -> Vec<(u32, Decision)> {
    let same = |calls: &[c_long], decision: sock_filter| {
        let decide = |&call: &c_long| (number(call), vec![decision]);
        calls.iter().map(decide).collect::<Vec<_>>()
    };
    let mut decisions = [
        same(ALLOWED, allowed()),
        same(ALLOWED_HERE, allowed()),
        same(&OF_WORKERS, allowed()),
        same(REFUSED, refused(libc::EPERM)),
    ]
    .concat();
    decisions.extend([
        (number(libc::SYS_clone), clone()),
        (number(libc::SYS_fcntl), fcntl()),
        (number(libc::SYS_ioctl), ioctl()),
        (number(libc::SYS_prctl), prctl()),
        (number(libc::SYS_prlimit64), no_core(1, Some(2))),
        (number(libc::SYS_setrlimit), no_core(0, None)),
        (number(libc::SYS_socket), socket(sockets)),
    ]);
    decisions.sort_by_key(|(call, _)| *call);
    decisions
}

/// The first number of each range of calls that are decided in the same way, from 0 on.
fn ranges(decisions: Vec<(u32, Decision)>) -> Vec<(u32, Decision)> {
    let unknown = || vec![refused(libc::ENOSYS)];
    let mut ranges: Vec<(u32, Decision)> = Vec::new();
    let mut begin = |at: u32, decision: Decision| {
        if ranges
            .last()
            .is_none_or(|(_, last)| !are_same(last, &decision))
        {
            ranges.push((at, decision));
        }
    };
    let mut next = 0;
    for (call, decision) in decisions {
        if call > next {
            begin(next, unknown());
        }
        begin(call, decision);
        next = call + 1;
    }
    begin(next, unknown());
    ranges
}

fn are_same(one: &[sock_filter], other: &[sock_filter]) -> bool {
    let fields = |i: &sock_filter| (i.code, i.jt, i.jf, i.k);
    one.iter().map(fields).eq(other.iter().map(fields))
}

/// Halves the ranges until one is left, so that no call is compared with more than a few numbers.
fn search(ranges: &[(u32, Decision)]) -> Vec<sock_filter> {
    if let [(_, decision)] = ranges {
        return decision.clone();
    }
    let (lower, upper) = ranges.split_at(ranges.len() / 2);
    let Some((first, _)) = upper.first() else {
        return vec![refused(libc::ENOSYS)];
    };
    let below = search(lower);
    let over = u32::try_from(below.len()).unwrap_or(u32::MAX);
    // A comparison leads no further than 255 steps.
    let mut program = vec![
        jump(libc::BPF_JGE, *first, 0, 1),
        statement(libc::BPF_JMP | libc::BPF_JA, over),
    ];
    program.extend(below);
    program.extend(search(upper));
    program
}

/// `clone3` does not exist: the C library takes this call then, whose flags can be seen.
fn clone() -> Decision {
    vec![
        argument(0),
        jump(libc::BPF_JSET, NEW_NAMESPACES.cast_unsigned(), 0, 1),
        refused(libc::EPERM),
        allowed(),
    ]
}

fn fcntl() -> Decision {
    let mut checks = vec![argument(1)];
    for command in WATCHING {
        checks.extend(if_equal(command.cast_unsigned(), refused(libc::EPERM)));
    }
    checks.push(allowed());
    checks
}

/// Leaves the limit of core dumps as it is and says that it was set: a lower one would let a program of the
/// system take them. `new` is the argument that points to what is to be set, where it may be nothing.
fn no_core(resource: u32, new: Option<u32>) -> Decision {
    let core = number(libc::RLIMIT_CORE.into());
    let mut checks = vec![argument(resource)];
    checks.extend(unless_equal(core, allowed()));
    if let Some(new) = new {
        checks.push(argument(new));
        checks.push(jump(libc::BPF_JEQ, 0, 0, 3));
        checks.push(upper_half(new));
        checks.extend(if_equal(0, allowed()));
    }
    checks.push(refused(0));
    checks
}

fn ioctl() -> Decision {
    let mut checks = vec![argument(1)];
    for request in TYPING {
        let request = u32::try_from(request).unwrap_or(u32::MAX);
        checks.extend(if_equal(request, refused(libc::EPERM)));
    }
    checks.push(allowed());
    checks
}

/// Filters of its own would hold memory that nobody counts.
fn prctl() -> Decision {
    let mut checks = vec![argument(0)];
    let filter = libc::PR_SET_SECCOMP.cast_unsigned();
    checks.extend(if_equal(filter, refused(libc::EINVAL)));
    checks.push(allowed());
    checks
}

fn socket(sockets: Sockets) -> Decision {
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
    checks.extend(if_equal(libc::AF_INET.cast_unsigned(), network));
    checks.extend(if_equal(libc::AF_INET6.cast_unsigned(), network));
    checks.extend(if_equal(libc::AF_UNIX.cast_unsigned(), paths));
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

fn if_equal(value: u32, then: sock_filter) -> [sock_filter; 2] {
    [jump(libc::BPF_JEQ, value, 0, 1), then]
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

fn refused(errno: c_int) -> sock_filter {
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

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
    const FULL: Sockets = Sockets {
        network: true,
        paths: true,
    };

    const CORE: u32 = libc::RLIMIT_CORE;

    fn error(errno: c_int) -> u32 {
        libc::SECCOMP_RET_ERRNO | errno.cast_unsigned()
    }

    /// What the kernel makes of a call with these arguments.
    fn run(program: &[sock_filter], machine: u32, call: u32, arguments: &[u32]) -> u32 {
        let (mut at, mut loaded) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            match u32::from(step.code) {
                code if code == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS => {
                    loaded = match step.k {
                        0 => call,
                        4 => machine,
                        offset => {
                            let which = (offset as usize - 16) / 8;
                            arguments.get(which).copied().unwrap_or(0)
                        }
                    };
                }
                code if code == libc::BPF_RET | libc::BPF_K => return step.k,
                code if code == libc::BPF_JMP | libc::BPF_JA => at += step.k as usize,
                code => {
                    let holds = match code & !(libc::BPF_JMP | libc::BPF_K) {
                        libc::BPF_JEQ => loaded == step.k,
                        libc::BPF_JGE => loaded >= step.k,
                        libc::BPF_JSET => loaded & step.k != 0,
                        other => panic!("instruction {other:#x}"),
                    };
                    at += usize::from(if holds { step.jt } else { step.jf });
                }
            }
        }
    }

    fn decided(call: c_long, arguments: &[u32]) -> u32 {
        run(&filter(FULL), ARCHITECTURE, number(call), arguments)
    }

    #[test]
    fn every_number_is_on_one_list_or_does_not_exist() {
        let special = [
            libc::SYS_clone,
            libc::SYS_fcntl,
            libc::SYS_ioctl,
            libc::SYS_prctl,
            libc::SYS_prlimit64,
            libc::SYS_setrlimit,
            libc::SYS_socket,
        ];
        let program = filter(FULL);
        for call in (0..1000).chain([u32::MAX >> 2, X32 - 1]) {
            let among = |calls: &[c_long]| calls.iter().any(|&known| number(known) == call);
            let lists = [ALLOWED, ALLOWED_HERE, &OF_WORKERS, REFUSED, &special];
            let on = lists.iter().filter(|list| among(list)).count();
            assert!(on <= 1, "{call} is on several lists");
            let expected = if among(REFUSED) {
                error(libc::EPERM)
            } else if on == 1 {
                if among(&[libc::SYS_socket]) {
                    error(libc::EAFNOSUPPORT)
                } else {
                    ALLOW
                }
            } else {
                error(libc::ENOSYS)
            };
            assert_eq!(run(&program, ARCHITECTURE, call, &[]), expected, "{call}");
        }
    }

    #[test]
    fn calls_of_other_machines_do_not_exist() {
        let read = number(libc::SYS_read);
        for (machine, call) in [(0x4000_0003, read), (ARCHITECTURE, read | X32)] {
            let expected = if machine == ARCHITECTURE && cfg!(not(target_arch = "x86_64")) {
                continue;
            } else {
                error(libc::ENOSYS)
            };
            assert_eq!(run(&filter(FULL), machine, call, &[]), expected);
        }
    }

    #[test]
    fn arguments_decide_where_the_call_alone_does_not() {
        let flags = |flag: c_int| flag.cast_unsigned();
        for (call, arguments, expected) in [
            (libc::SYS_clone, [flags(libc::SIGCHLD), 0, 0], ALLOW),
            (
                libc::SYS_clone,
                [flags(libc::CLONE_NEWUSER), 0, 0],
                error(libc::EPERM),
            ),
            (libc::SYS_fcntl, [3, flags(libc::F_GETFL), 0], ALLOW),
            (
                libc::SYS_fcntl,
                [3, flags(libc::F_SETLEASE), 0],
                error(libc::EPERM),
            ),
            (libc::SYS_prlimit64, [0, CORE, 0], ALLOW),
            (libc::SYS_prlimit64, [0, CORE, 1], error(0)),
            (libc::SYS_prlimit64, [0, CORE + 1, 1], ALLOW),
            (libc::SYS_setrlimit, [CORE, 1, 0], error(0)),
            (libc::SYS_ioctl, [0, 0x5401, 0], ALLOW),
            (libc::SYS_ioctl, [0, 0x5412, 0], error(libc::EPERM)),
            (libc::SYS_prctl, [flags(libc::PR_SET_NAME), 0, 0], ALLOW),
            (
                libc::SYS_prctl,
                [flags(libc::PR_SET_SECCOMP), 2, 0],
                error(libc::EINVAL),
            ),
            (libc::SYS_socket, [flags(libc::AF_INET6), 1, 0], ALLOW),
            (libc::SYS_socket, [flags(libc::AF_NETLINK), 3, 0], ALLOW),
            (
                libc::SYS_socket,
                [flags(libc::AF_NETLINK), 3, 4],
                error(libc::EPROTONOSUPPORT),
            ),
            (
                libc::SYS_socket,
                [flags(libc::AF_PACKET), 3, 0],
                error(libc::EAFNOSUPPORT),
            ),
        ] {
            assert_eq!(decided(call, &arguments), expected, "{call} {arguments:?}");
        }
        let alone = filter(Sockets {
            network: false,
            paths: false,
        });
        let call = number(libc::SYS_socket);
        let made = |family: c_int| run(&alone, ARCHITECTURE, call, &[flags(family)]);
        assert_eq!(made(libc::AF_INET), error(libc::ENETUNREACH));
        assert_eq!(made(libc::AF_UNIX), error(libc::EPERM));
    }

    #[test]
    fn what_only_the_worker_needs_is_gone_before_the_first_snippet() {
        for call in OF_WORKERS.map(number) {
            let (before, after) = (filter(FULL), filter_of_snippets());
            assert_eq!(run(&before, ARCHITECTURE, call, &[]), ALLOW);
            assert_eq!(run(&after, ARCHITECTURE, call, &[]), error(libc::EPERM));
        }
        let read = number(libc::SYS_read);
        assert_eq!(run(&filter_of_snippets(), ARCHITECTURE, read, &[]), ALLOW);
    }

    #[test]
    fn no_call_takes_many_comparisons() {
        let length = filter(FULL).len();
        assert!(length < 600, "{length} instructions");
    }
}
