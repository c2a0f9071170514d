//! What a snippet can't reach: each test has a canary that shows whether it got out.
//!
//! Where the kernel has no namespaces for us, the tests that need them say so and pass.

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use std::sync::LazyLock;

use serde_json::Value;
use verify::python::calls;

use crate::support::{Project, note, oldest_and_newest, processes_with, statuses};

/// All of the sandbox can be had on this machine.
static FULL: LazyLock<bool> = LazyLock::new(|| {
    let session = Project::with_note(&note(&["print(1)"])).verify("--sandbox require");
    let full = session.code != Some(2);
    if !full {
        eprintln!("{}", session.err);
    }
    full
});

/// What each of these blocks printed, and the class of its error.
fn run(project: &Project, blocks: &[&str]) -> Vec<String> {
    project.write("notes/a.md", note(blocks));
    let report = project
        .verify("--format json --jobs 1 --wall-limit 20")
        .json();
    told(&report)
}

fn told(report: &Value) -> Vec<String> {
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let told = |block: &Value| {
        let error = block["error"]["type"].as_str().unwrap_or_default();
        format!("{}{error}", block["stdout"].as_str().unwrap())
    };
    blocks.iter().map(told).collect()
}

/// A block that prints `kept` where every one of these statements raises `OSError`.
fn refused(imports: &str, statements: &[&str]) -> String {
    let tries: Vec<String> = statements
        .iter()
        .map(|code| {
            let code = code.replace('\n', "\n    ");
            format!("try:\n    {code}\nexcept OSError:\n    pass\nelse:\n    print({code:?})\n")
        })
        .collect();
    format!("import {imports}\n{}print('kept')", tries.concat())
}

#[test]
fn all_of_it_is_required_or_nothing_runs() {
    let project = Project::with_note(&note(&["print(1)"]));
    let session = project.verify("--sandbox require");
    if *FULL {
        assert_eq!((session.code, session.err.as_str()), (Some(1), ""));
    } else {
        assert_eq!((session.code, session.out.as_str()), (Some(2), ""));
        assert!(session.err.contains("a full sandbox is required"));
    }
}

#[test]
fn a_run_without_it_says_so_first() {
    let project = Project::with_note(&note(&["print(1)"]));
    let session = project.verify("--sandbox off").exits(1);
    let head = "warning: the sandbox is off: snippets can read and write your files, and use the network\n\n";
    assert!(session.out.starts_with(head), "{}", session.text());
    let report = project.verify("--sandbox off --format json").json();
    assert_eq!(report["sandbox"], "off");
}

#[test]
fn files_outside_can_not_be_written() {
    let project = Project::new().file("kept", "mine");
    let outside = project.outside().display().to_string();
    let kept = project.at("kept").display().to_string();
    fs::set_permissions(&outside, fs::Permissions::from_mode(0o777)).unwrap();
    let block = refused(
        "os, shutil",
        &[
            &format!("open('{outside}/new', 'w')"),
            &format!("open('{kept}', 'w')"),
            &format!("os.remove('{kept}')"),
            &format!("os.rename('{kept}', '{kept}2')"),
            &format!("os.chmod('{kept}', 0)"),
            &format!("os.truncate('{kept}', 0)"),
            &format!("os.link('{kept}', 'mine')"),
            &format!("os.symlink('{kept}', 'link')\nopen('link', 'w')"),
            &format!("shutil.rmtree('{outside}')"),
            "open('/usr/new', 'w')",
            "open('/etc/passwd', 'a')",
            "os.mkdir('/new')",
            "open('/proc/sys/kernel/core_pattern', 'w')",
            "open('/proc/sysrq-trigger', 'w')",
        ],
    );
    assert_eq!(run(&project, &[&block]), ["kept\n"]);
    assert_eq!(project.read("kept"), "mine");
    assert!(!project.outside().join("new").exists());
}

#[test]
fn secrets_can_not_be_read() {
    let project = Project::new()
        .file("secret", "s3cret")
        .variable("TOKEN", "s3cret");
    let home = project.outside().join("home");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("key"), "s3cret").unwrap();
    let project = project.variable("HOME", &home.display().to_string());
    let files = refused(
        "os",
        &[
            &format!("open('{}')", project.at("secret").display()),
            &format!("open('{}')", home.join("key").display()),
            &format!("os.listdir('{}')", home.display()),
            "open('/etc/shadow')",
            "open('/proc/kcore', 'rb').read(1)",
            "os.listdir('/sys')",
        ],
    );
    let environment = "import os, glob\nall = [os.environ.get('TOKEN', '')]\nfor name in glob.glob('/proc/*/environ'):\n    try:\n        all.append(open(name).read())\n    except OSError:\n        pass\nprint('s3cret' in ''.join(all), 'LD_PRELOAD=/' in ''.join(all))";
    assert_eq!(
        run(&project, &[&files, environment]),
        ["kept\n", "False False\n"]
    );
}

#[test]
fn nothing_that_listens_outside_can_be_reached() {
    let project = Project::new();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let path = project.outside().join("socket");
    let unix = UnixListener::bind(&path).unwrap();
    let datagrams = UnixDatagram::bind(project.outside().join("datagrams")).unwrap();
    for path in [&path, &project.outside().join("datagrams")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let name = format!("verify-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let hidden = UnixListener::bind_addr(&address).unwrap();
    let (port, other) = (
        tcp.local_addr().unwrap().port(),
        udp.local_addr().unwrap().port(),
    );
    let block = refused(
        "socket",
        &[
            &format!("socket.create_connection(('127.0.0.1', {port}), 1)"),
            &format!(
                "socket.socket(socket.AF_UNIX).connect('{}')",
                path.display()
            ),
            &format!("socket.socket(socket.AF_UNIX).connect('\\0{name}')"),
            &format!(
                "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', '{}')",
                project.outside().join("datagrams").display()
            ),
            "socket.create_connection(('192.0.2.1', 80), 1)",
            "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
            "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
            "socket.socket(40, socket.SOCK_STREAM)",
        ],
    );
    let datagram = format!(
        "import socket\ntry:\n    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {other}))\nexcept OSError:\n    pass\nprint('sent')"
    );
    assert_eq!(run(&project, &[&block, &datagram]), ["kept\n", "sent\n"]);
    tcp.set_nonblocking(true).unwrap();
    udp.set_nonblocking(true).unwrap();
    unix.set_nonblocking(true).unwrap();
    hidden.set_nonblocking(true).unwrap();
    datagrams.set_nonblocking(true).unwrap();
    let mut byte = [0];
    let found = [
        tcp.accept().err(),
        udp.recv(&mut byte).err(),
        unix.accept().err(),
        hidden.accept().err(),
        datagrams.recv(&mut byte).err(),
    ];
    for error in found {
        assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn a_server_works_in_two_snippets_at_once_and_in_the_next() {
    if !*FULL {
        return;
    }
    let server = "import http.server, threading, time, urllib.request\nclass Handler(http.server.SimpleHTTPRequestHandler):\n    def log_message(self, *a): pass\nserver = http.server.HTTPServer(('127.0.0.1', 8000), Handler)\nthreading.Thread(target=server.serve_forever, daemon=True).start()\ntime.sleep(0.3)\nprint(urllib.request.urlopen('http://localhost:8000/').status)";
    let plain = "import socket\nlistener = socket.socket()\nlistener.bind(('127.0.0.1', 8000))\nlistener.listen()\nclient = socket.create_connection(('127.0.0.1', 8000))\nother, _ = listener.accept()\nother.close()\nprint(client.recv(1))\nprint(socket.socket(socket.AF_INET6).bind(('::1', 80)))";
    for jobs in [1, 2] {
        let project = Project::with_note(&note(&[server, server, plain, plain, server]));
        let report = project
            .verify(&format!("--format json --jobs {jobs}"))
            .json();
        assert_eq!(
            told(&report),
            ["200\n", "200\n", "b''\nNone\n", "b''\nNone\n", "200\n"]
        );
    }
}

#[test]
fn other_processes_are_out_of_sight_and_of_reach() {
    let mut sleeper = std::process::Command::new("sleep")
        .arg("100")
        .spawn()
        .unwrap();
    let pid = sleeper.id();
    let signals = refused(
        "os, signal",
        &[
            &format!("os.kill({pid}, signal.SIGTERM)"),
            &format!("open('/proc/{pid}/status')"),
        ],
    );
    let all = "import os, signal, time\ntry:\n    os.kill(-1, signal.SIGKILL)\nexcept OSError:\n    pass\nfor number in (signal.SIGSTOP, signal.SIGINT, signal.SIGSEGV, signal.SIGKILL):\n    try:\n        os.kill(os.getppid() or 1, number)\n    except OSError:\n        pass\nprint('alive')";
    let memory = refused(
        "os, ctypes",
        &[
            "open('/proc/%d/mem' % os.getppid(), 'rb')",
            "open('/proc/%d/environ' % os.getppid(), 'rb')",
            "os.listdir('/proc/%d/fd' % os.getppid())",
        ],
    );
    let trace = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.ptrace(16, os.getppid(), 0, 0), libc.unshare(0x10000000), libc.syscall(438, 0, 0, 0), libc.shmget(1, 4096, 0o1600))";
    let project = Project::new();
    let seen = "import os\nprint([int(name) for name in os.listdir('/proc') if name.isdigit()] == [os.getpid()])";
    if *FULL {
        let told = run(
            &project,
            &[&signals, all, &memory, trace, seen, "print('next')"],
        );
        assert_eq!(
            told,
            [
                "kept\n",
                "alive\n",
                "kept\n",
                "-1 -1 -1 -1\n",
                "True\n",
                "next\n"
            ]
        );
    }
    assert!(sleeper.try_wait().unwrap().is_none());
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
}

#[test]
fn whatever_it_starts_is_gone_when_it_ends() {
    let marker = format!("outlives-{}", std::process::id());
    let stopped = format!(
        "import os, signal, subprocess, sys\nfor session in (True, False):\n    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'], start_new_session=session, cwd='/')\n    os.kill(child.pid, signal.SIGSTOP)\nprint('started')"
    );
    let double = format!(
        "import os, sys\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        for number in range(1, 65):\n            try:\n                __import__('signal').signal(number, 1)\n            except (OSError, ValueError):\n                pass\n        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'])\n    os._exit(0)\nos.wait()\nprint('started')"
    );
    let look = format!(
        "import glob\nprint(any('{marker}' in open(name).read() for name in glob.glob('/proc/[0-9]*/cmdline')))"
    );
    let project = Project::new();
    let blocks = [stopped.as_str(), &double];
    assert_eq!(run(&project, &blocks), ["started\n", "started\n"]);
    assert_eq!(processes_with(&marker), 0);
    if *FULL {
        let blocks = [stopped.as_str(), &double, &look];
        assert_eq!(
            run(&project, &blocks),
            ["started\n", "started\n", "False\n"]
        );
    }
}

#[test]
fn a_snippet_leaves_nothing_for_the_next() {
    let leave = "import os\nfor folder in ('/tmp', '/dev/shm', '/var/tmp', '..', os.path.expanduser('~'), '.'):\n    for _ in range(3):\n        try:\n            open(folder + '/left', 'w').close()\n            os.makedirs(folder + '/left-folder/moved-1/moved-2')\n        except OSError:\n            pass\nfor _ in range(3000):\n    os.mkdir('deep')\n    os.chdir('deep')\nos.chmod('.', 0)";
    let look = "import glob, os\nfound = [name for folder in ('/tmp', '/dev/shm', '..', '.') for name in glob.glob(folder + '/*')]\nprint([name for name in found if 'left' in name or 'moved' in name or 'deep' in name])";
    assert_eq!(run(&Project::new(), &[leave, look])[1], "[]\n");
}

#[test]
fn a_handler_of_the_system_can_not_be_had_for_core_dumps() {
    let lower = "import resource as r\nr.setrlimit(r.RLIMIT_CORE, (0, 0))\nr.prlimit(0, r.RLIMIT_CORE, (0, 0))\nprint(r.getrlimit(r.RLIMIT_CORE), r.prlimit(0, r.RLIMIT_CORE))";
    if *FULL {
        assert_eq!(run(&Project::new(), &[lower]), ["(1, 1) (1, 1)\n"]);
    }
}

#[test]
fn terminals_and_paths_of_descriptors_work() {
    let block = "import os, pty\nmaster, slave = pty.openpty()\nos.write(slave, b'typed')\nprint(os.read(master, 5), os.ttyname(slave))\nwith open('/dev/stdout', 'w') as out:\n    print('here', file=out)";
    if *FULL {
        assert_eq!(
            run(&Project::new(), &[block]),
            ["b'typed' /dev/pts/0\nhere\n"]
        );
    }
}

#[test]
fn what_is_used_by_all_processes_together_is_limited() {
    if !*FULL {
        return;
    }
    let bomb = "import os, time\ncount = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(20)\n            os._exit(0)\n        count += 1\nexcept OSError:\n    print(0 < count < 5000)";
    let hogs = "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        x = bytearray(60 << 20)\n        time.sleep(20)\n        os._exit(0)\ntime.sleep(20)";
    let shared = "import mmap, time\nkept = [mmap.mmap(-1, 64 << 20) for _ in range(8)]\nfor m in kept:\n    for at in range(0, 64 << 20, 4096):\n        m[at] = 1\ntime.sleep(20)";
    let files = "try:\n    for n in range(5):\n        with open('/tmp/%d' % n, 'wb') as file:\n            for _ in range(255):\n                file.write(bytes(1 << 20))\nexcept OSError as error:\n    print(error.strerror)";
    let project = Project::with_note(&note(&[bomb, hogs, shared, files, "print('next')"]));
    let session = project.verify("--format json --jobs 1 --memory-limit 128 --wall-limit 15");
    let report = session.json();
    let found = statuses(&report);
    assert_ne!(found[0], "pass");
    let blocks = &report["notes"][0]["blocks"];
    for at in [1, 2, 3] {
        let message = blocks[at]["findings"][0]["message"].as_str().unwrap();
        assert_eq!(message, "it was stopped at the limit of memory");
    }
    assert_eq!(blocks[4]["stdout"], "next\n");
}

#[test]
fn limits_can_not_be_lifted() {
    let lift = "import resource as r\nfor what in (r.RLIMIT_CPU, r.RLIMIT_DATA, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE, r.RLIMIT_CORE):\n    soft, hard = r.getrlimit(what)\n    try:\n        r.setrlimit(what, (hard + 1, hard + 1))\n        if r.getrlimit(what) != (soft, hard):\n            print('lifted', what)\n    except (ValueError, OSError):\n        pass\nprint('kept')";
    let programs = "import os, subprocess\nprint(subprocess.run(['su', '-c', 'id'], capture_output=True).returncode != 0)\nprint([line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))])";
    let project = Project::new();
    assert_eq!(run(&project, &[lift])[0], "kept\n");
    if *FULL {
        let none = "0000000000000000";
        assert_eq!(
            run(&project, &[programs])[0],
            format!("True\n['{none}', '{none}', '1']\n")
        );
    }
}

#[test]
fn what_programs_do_every_day_works() {
    let processes = "import multiprocessing, subprocess, sys\nif __name__ == '__main__':\n    with multiprocessing.Pool(2) as pool:\n        print(pool.map(abs, [1, -2]))\n    print(multiprocessing.Value('i', 3).value)\n    manager = multiprocessing.Manager()\n    print(manager.list([1]))\n    manager.shutdown()\n    print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout)";
    let files = "import sqlite3, tempfile, os, shutil, mmap\ndb = sqlite3.connect('a.db')\ndb.execute('create table t (x)')\nwith tempfile.NamedTemporaryFile() as file:\n    file.write(b'x')\nos.mkdir('d')\nopen('d/f', 'w').close()\nos.rename('d/f', 'g')\nshutil.rmtree('d')\nopen('/tmp/other', 'w').close()\nopen(os.devnull, 'w').write('x')\nprint(len(os.urandom(4)), os.path.exists('/dev/fd/0'))";
    let signals = "import os, signal, threading, asyncio\nsignal.signal(signal.SIGUSR1, lambda *a: print('got it'))\nos.kill(os.getpid(), signal.SIGUSR1)\nread, write = os.pipe()\nif os.fork() == 0:\n    os.kill(os.getppid(), signal.SIGUSR1)\n    os._exit(3)\nprint(os.waitstatus_to_exitcode(os.wait()[1]))\nasyncio.run(asyncio.sleep(0))\nprint(socket.socketpair()[0] is not None) if 'socket' in globals() else None";
    let names = "import getpass, os, pwd, ssl, locale, zoneinfo, mimetypes, platform\nprint(pwd.getpwuid(os.getuid()).pw_uid == os.getuid(), os.cpu_count() > 0)\nssl.create_default_context()\nprint(zoneinfo.ZoneInfo('Europe/Berlin').key if os.path.exists('/usr/share/zoneinfo') else 'Europe/Berlin', bool(platform.platform()))";
    let session = "import os, pty\nmain, other = pty.openpty()\nos.write(other, b'x')\nprint(os.read(main, 1), os.isatty(other))";
    for python in oldest_and_newest() {
        let project = Project::under(python);
        let told = run(&project, &[files, signals, names]);
        assert_eq!(told[0], "4 True\n");
        assert_eq!(told[1], "got it\ngot it\n3\n");
        assert_eq!(told[2], "True True\nEurope/Berlin True\n");
        if *FULL {
            let told = run(&project, &[processes, session]);
            assert_eq!(told[0], "[1, 2]\n3\n[1]\n1\n\n");
            assert_eq!(told[1], "b'x' True\n");
        }
    }
}

#[test]
fn what_is_granted_can_be_reached() {
    let project = Project::new()
        .file("data/deep/x.csv", "a,b")
        .file("out/old", "")
        .file("secret", "")
        .file(
            "verify.toml",
            "[sandbox]\nread = [\"data/deep\"]\nwrite = [\"out\"]\n",
        );
    let reads = "print(open('data/deep/x.csv').read())\ntry:\n    open('data/deep/x.csv', 'w')\nexcept OSError:\n    print('kept')";
    let writes = "import os\nprint(os.listdir('out'))\nwith open('out/new', 'w') as file:\n    print(file.write('new'))";
    let others = refused(
        "os",
        &[&format!("open('{}')", project.at("secret").display())],
    );
    let told = run(&project, &[reads, writes, &others]);
    assert_eq!(told, ["a,b\nkept\n", "['old']\n3\n", "kept\n"]);
    assert_eq!(project.read("out/new"), "new");
    assert_eq!(project.read("data/deep/x.csv"), "a,b");
}

#[test]
fn much_output_is_counted_and_dropped() {
    let flood =
        "import os\nblock = b'x' * (1 << 20)\nfor _ in range(1024):\n    os.write(1, block)";
    let project = Project::with_note(&note(&[flood]));
    let report = project.verify("--format json").json();
    let kept = report["notes"][0]["blocks"][0]["stdout"].as_str().unwrap();
    assert_eq!(kept.len(), 1 << 20);
}

#[test]
fn the_result_channel_decides_nothing_but_its_own_snippet() {
    let forged = "import os, struct\nhead = struct.pack('<BBIII', 1, 1, 0, 0, 4000)\ntry:\n    for _ in range(20_000):\n        os.write(250, head + b'y' * 4000)\nexcept OSError:\n    pass\nos._exit(0)";
    let ended = "import os, struct\nos.write(250, struct.pack('<BBIII', 7, 0, 0, 0, 1) + b'0')\nos.kill(os.getpid(), 9)";
    let project = Project::with_note(&note(&["print('before')", forged, ended, "print('after')"]));
    let report = project.verify("--format json --jobs 1").exits(1).json();
    assert_eq!(statuses(&report), ["new", "failed", "failed", "new"]);
    assert_eq!(told(&report)[3], "after\n");
}

#[test]
fn nothing_of_the_worker_is_left_open() {
    let block = "import os\nprint(sorted(os.listdir('/dev/fd')))";
    if *FULL {
        let told = run(&Project::new(), &[block]);
        assert_eq!(told, ["['0', '1', '2', '250', '3']\n"]);
    }
}

#[test]
fn calls_that_are_on_no_list_do_not_exist_for_snippets() {
    if !*FULL {
        return;
    }
    let looked_at = [
        libc::SYS_clone,
        libc::SYS_fcntl,
        libc::SYS_ioctl,
        libc::SYS_prctl,
        libc::SYS_prlimit64,
        libc::SYS_setrlimit,
        libc::SYS_socket,
    ];
    let allowed = [calls::ALLOWED, calls::ALLOWED_HERE, &looked_at].concat();
    let block = format!(
        "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\nlisted = {allowed:?}\nfor call in range(600):\n    if call not in listed:\n        done = libc.syscall(call, -1, -1, -1, -1, -1, -1)\n        if done != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):\n            print(call, done, ctypes.get_errno())\nprint('kept')"
    );
    let unnamed = "import os\nos.memfd_create('kept')";
    let project = Project::new();
    assert_eq!(run(&project, &[&block, unnamed]), ["kept\n", "OSError"]);
    let report = project.verify("--format json").json();
    let told = &report["notes"][0]["blocks"][1];
    assert_eq!(told["status"], "skipped");
    assert_eq!(
        told["reason"],
        "fragment: needs a system call that snippets don't have"
    );
}

#[test]
fn what_programs_need_of_the_system_is_there() {
    let files = "import os, shutil, tempfile, fcntl, mmap\nwith open('a', 'wb') as f:\n    f.write(b'x' * 10000)\n    os.posix_fallocate(f.fileno(), 0, 20000)\n    fcntl.flock(f, fcntl.LOCK_EX)\nwith open('a', 'rb') as f, open('b', 'wb') as g:\n    os.sendfile(g.fileno(), f.fileno(), 0, 100)\n    os.copy_file_range(f.fileno(), g.fileno(), 100)\nshutil.copy2('a', 'c')\nos.link('a', 'd')\nos.symlink('a', 'e')\nos.mkfifo('f')\nos.chmod('a', 0o600)\nos.utime('a')\nos.truncate('a', 5)\nos.makedirs('x/y/z')\nshutil.rmtree('x')\nr, w = os.pipe()\nos.write(w, b'abc')\nwith tempfile.NamedTemporaryFile() as t:\n    pass\nos.statvfs('.')\nos.sync()\nprint(sorted(os.listdir('.')), os.read(r, 9))";
    let processes = "import asyncio, multiprocessing, os, signal, subprocess, sys, threading, time\nasync def main():\n    p = await asyncio.create_subprocess_exec('sh', '-c', 'ls / | head -1; echo done', stdout=-1)\n    out, _ = await p.communicate()\n    server = await asyncio.start_server(lambda r, w: w.close(), '127.0.0.1', 0)\n    r, w = await asyncio.open_connection(*server.sockets[0].getsockname())\n    return out.endswith(b'done\\n'), await r.read()\ndef child(q):\n    q.put(os.getpid() > 0)\nprint(asyncio.run(main()))\nq = multiprocessing.get_context('fork').Queue()\np = multiprocessing.get_context('fork').Process(target=child, args=(q,))\np.start()\nprint(q.get())\np.join()\nprint(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout)\nsignal.signal(signal.SIGALRM, lambda *a: print('alarm'))\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\nsignal.pause()\nprint(len(os.sched_getaffinity(0)) > 0, os.getrandom(4) != b'', os.nice(1), os.posix_spawn('/bin/true', ['true'], {}) > 0)\nos.wait()\npidfd = os.pidfd_open(os.getpid())";
    let others = "import ctypes, select, socket, sqlite3, resource, time\nlibc = ctypes.CDLL(None, use_errno=True)\ndb = sqlite3.connect('x.db')\ndb.execute('pragma journal_mode=wal')\ndb.execute('create table t(a)')\ndb.commit()\ne = select.epoll()\na, b = socket.socketpair()\ne.register(a, select.EPOLLIN)\nb.send(b'x')\nprint(len(e.poll(1)), select.select([a], [], [], 1)[0] == [a])\nmade = [libc.inotify_init1(0), libc.eventfd(0, 0), libc.timerfd_create(1, 0), libc.signalfd(-1, ctypes.byref(ctypes.c_ulonglong(0)), 0)]\nprint([fd >= 0 for fd in made])\nprint(libc.membarrier(0, 0, 0) if hasattr(libc, 'membarrier') else 0, resource.getrusage(0).ru_utime > 0, socket.gethostbyname('localhost'), socket.if_nameindex())\nprint(ctypes.CDLL(None).mlock(ctypes.create_string_buffer(10), 10))";
    for python in oldest_and_newest() {
        let project = Project::under(python);
        let told = run(&project, &[files, processes, others]);
        assert_eq!(
            told,
            [
                "['a', 'b', 'c', 'd', 'e', 'f'] b'abc'\n",
                "(True, b'')\nTrue\n1\n\nalarm\nTrue True 1 True\n",
                "1 True\n[True, True, True, True]\n0 True 127.0.0.1 [(1, 'lo')]\n0\n",
            ]
        );
    }
}
