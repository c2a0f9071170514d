//! Notes that nobody has reviewed: snippets that try to get out, each with a canary that tells.
//!
//! The notes lie in `tests/containment`. What their snippets try to reach is made here: a home with a
//! secret, files, sockets of every kind, a process. After the run none of it has been reached.
//! A heading with `(seen)` names a snippet whose escape the canaries do see where nothing contains it.
//! In `next.md` every other snippet looks at what the one before it could have left: `look.py`.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use verify::python::interpreters::{self, Environment, Interpreter, Request};

const SECRET: &str = "canary-7f3a9c51";
const NOTES: [&str; 6] = [
    "writes",
    "reads",
    "network",
    "processes",
    "limits",
    "driver",
];

/// Who runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum User {
    /// Whoever runs the tests.
    Same,
    /// Nobody, where root runs the tests.
    Nobody,
}

/// Everything that a snippet could reach, and the means to tell whether one did.
struct World {
    folder: TempDir,
    tcp: TcpListener,
    tcp6: Option<TcpListener>,
    udp: UdpSocket,
    unix: UnixListener,
    unixgram: UnixDatagram,
    abstract_name: String,
    abstract_socket: UnixListener,
    victim: Child,
    mark: String,
    before: BTreeMap<PathBuf, String>,
}

impl World {
    fn new(notes: &[(&str, String)]) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("contain")
            .tempdir()
            .unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in [
            "home",
            "outside/inner",
            "sockets",
            "tmp",
            "project/notes",
            "cache",
            "bin",
        ] {
            fs::create_dir_all(at(path)).unwrap();
        }
        fs::write(at("home/.secret"), SECRET).unwrap();
        fs::write(at("project/secret.txt"), SECRET).unwrap();
        fs::write(at("outside/existing.txt"), "as it was\n").unwrap();
        fs::write(at("outside/inner/deep.txt"), "as it was\n").unwrap();
        let abstract_name = format!("canary-{}", folder.path().file_name().unwrap().display());
        let address = SocketAddr::from_abstract_name(&abstract_name).unwrap();
        let mark = format!("mark{}", std::process::id());
        let victim = Command::new("sleep")
            .arg("600")
            .env("VERIFY_CANARY", SECRET)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut world = Self {
            tcp: TcpListener::bind("127.0.0.1:0").unwrap(),
            tcp6: TcpListener::bind("[::1]:0").ok(),
            udp: UdpSocket::bind("127.0.0.1:0").unwrap(),
            unix: UnixListener::bind(at("sockets/stream")).unwrap(),
            unixgram: UnixDatagram::bind(at("sockets/datagram")).unwrap(),
            abstract_socket: UnixListener::bind_addr(&address).unwrap(),
            abstract_name,
            victim,
            mark,
            before: BTreeMap::new(),
            folder,
        };
        for (name, text) in notes {
            let path = world.at("project/notes").join(format!("{name}.md"));
            fs::write(path, world.filled_in(text)).unwrap();
        }
        for program in ["verify", "verify-python"] {
            let built = Path::new(env!("CARGO_BIN_EXE_verify")).with_file_name(program);
            fs::copy(built, world.at("bin").join(program)).unwrap();
        }
        world.open_up();
        world.before = world.state();
        world
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn filled_in(&self, text: &str) -> String {
        let path = |path: &str| self.at(path).display().to_string();
        let port6 = self
            .tcp6
            .as_ref()
            .map_or(1, |socket| socket.local_addr().unwrap().port());
        [
            ("@OUTSIDE@", path("outside")),
            ("@HOME@", path("home")),
            ("@PROJECT@", path("project")),
            ("@PORT@", self.tcp.local_addr().unwrap().port().to_string()),
            ("@PORT6@", port6.to_string()),
            ("@UDP@", self.udp.local_addr().unwrap().port().to_string()),
            ("@UNIX@", path("sockets/stream")),
            ("@UNIXGRAM@", path("sockets/datagram")),
            ("@ABSTRACT@", self.abstract_name.clone()),
            ("@VICTIM@", self.victim.id().to_string()),
            ("@MARK@", self.mark.clone()),
            ("@LOOK@", look()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    /// Lets every user read and write all of it, so that only containment keeps a snippet off.
    fn open_up(&self) {
        let mut pending = vec![self.folder.path().to_owned()];
        while let Some(path) = pending.pop() {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
            if path.is_dir() {
                pending.extend(
                    fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            }
        }
    }

    /// Every file with its content and permissions, but those of the run itself.
    fn state(&self) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        let mut pending = vec![self.at("home"), self.at("outside"), self.at("project")];
        while let Some(path) = pending.pop() {
            let meta = fs::symlink_metadata(&path).unwrap();
            let mode = meta.permissions().mode();
            if meta.is_dir() {
                pending.extend(
                    fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
                found.insert(path, format!("{mode:o}"));
            } else {
                let content = fs::read(&path).unwrap_or_default();
                found.insert(
                    path,
                    format!("{mode:o} {}", String::from_utf8_lossy(&content)),
                );
            }
        }
        found
    }

    fn run(&self, python: &Interpreter, user: User, options: &[&str]) -> Output {
        let verify = self.at("bin/verify");
        let mut command = match user {
            User::Same => Command::new(&verify),
            User::Nobody => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
                    .arg(&verify);
                command
            }
        };
        command
            .args([
                "--format",
                "json",
                "--state",
                "isolated",
                "--cpu-limit",
                "2",
            ])
            .args(["--wall-limit", "4", "--output-limit", "64"])
            .args(["--memory-limit", "128"])
            .arg("--python")
            .arg(&python.executable)
            .args(options)
            .arg("notes")
            .current_dir(self.at("project"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.at("home"))
            .env("TMPDIR", self.at("tmp"))
            .env("XDG_CACHE_HOME", self.at("cache"))
            .env("VERIFY_CANARY", SECRET)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// What was reached, in words.
    fn reached(&mut self, report: &Value) -> Vec<String> {
        let mut reached = Vec::new();
        for (heading, block) in blocks(report) {
            let text = block.to_string();
            if text.contains(SECRET) {
                reached.push(format!("{heading}: the secret came out"));
            }
            if block["stdout"]
                .as_str()
                .unwrap_or_default()
                .contains("ESCAPED")
            {
                reached.push(format!("{heading}: says so"));
            }
        }
        let after = self.state();
        for path in self.before.keys().chain(after.keys()) {
            if self.before.get(path) != after.get(path) {
                reached.push(format!("{} is another", path.display()));
            }
        }
        self.sockets(&mut reached);
        self.processes(&mut reached);
        for folder in [
            "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/usr", "/", "/root",
        ] {
            if Path::new(folder).join(&self.mark).exists() {
                reached.push(format!("{folder} was written to"));
            }
        }
        if fs::read_dir(self.at("tmp")).unwrap().next().is_some() {
            reached.push("a temporary folder is left".into());
        }
        reached.dedup();
        reached
    }

    fn sockets(&self, reached: &mut Vec<String>) {
        let mut note = |name: &str, error: Option<ErrorKind>| {
            if error != Some(ErrorKind::WouldBlock) {
                reached.push(format!("{name} was connected to"));
            }
        };
        let mut byte = [0];
        self.tcp.set_nonblocking(true).unwrap();
        note(
            "the port",
            self.tcp.accept().err().map(|error| error.kind()),
        );
        if let Some(tcp6) = &self.tcp6 {
            tcp6.set_nonblocking(true).unwrap();
            note(
                "the port of IPv6",
                tcp6.accept().err().map(|error| error.kind()),
            );
        }
        self.udp.set_nonblocking(true).unwrap();
        note(
            "the port for datagrams",
            self.udp.recv(&mut byte).err().map(|error| error.kind()),
        );
        self.unix.set_nonblocking(true).unwrap();
        note(
            "the socket",
            self.unix.accept().err().map(|error| error.kind()),
        );
        self.unixgram.set_nonblocking(true).unwrap();
        note(
            "the socket for datagrams",
            self.unixgram
                .recv(&mut byte)
                .err()
                .map(|error| error.kind()),
        );
        self.abstract_socket.set_nonblocking(true).unwrap();
        note(
            "the abstract socket",
            self.abstract_socket
                .accept()
                .err()
                .map(|error| error.kind()),
        );
    }

    fn processes(&mut self, reached: &mut Vec<String>) {
        if let Some(status) = self.victim.try_wait().unwrap() {
            reached.push(format!("the other process has ended: {status}"));
        }
        let limits = fs::read_to_string(format!("/proc/{}/limits", self.victim.id()));
        if limits.is_ok_and(|limits| {
            limits
                .lines()
                .any(|line| line.starts_with("Max cpu time              1 "))
        }) {
            reached.push("the other process is limited".into());
        }
        for entry in fs::read_dir("/proc").unwrap() {
            let path = entry.unwrap().path();
            let command = fs::read(path.join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&command).contains(&self.mark) {
                reached.push(format!("{} outlived its snippet", path.display()));
            }
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.victim.kill();
        let _ = self.victim.wait();
    }
}

/// Every block of the report with its note and heading.
fn blocks(report: &Value) -> Vec<(String, &Value)> {
    let notes = report["notes"].as_array().unwrap();
    let blocks = notes.iter().flat_map(|note| {
        let blocks = note["blocks"].as_array().unwrap();
        blocks.iter().map(move |block| {
            let path = note["path"].as_str().unwrap();
            (
                format!("{path}: {}", block["heading"].as_str().unwrap()),
                block,
            )
        })
    });
    blocks.collect()
}

fn look() -> String {
    let code = fs::read_to_string("tests/containment/look.py").unwrap();
    format!("```python\n{code}```")
}

fn notes() -> Vec<(&'static str, String)> {
    let read = |name: &&'static str| {
        let path = format!("tests/containment/{name}.md");
        (*name, fs::read_to_string(path).unwrap())
    };
    NOTES.iter().map(read).collect()
}

/// A Python that the user can read.
fn python(user: User) -> Option<Interpreter> {
    let request = Request {
        env: Environment::from_process(),
        ..Request::default()
    };
    let found = interpreters::list(&request).into_iter();
    let mut found: Vec<Interpreter> = found
        .filter_map(|listed| listed.interpreter.ok())
        .filter(|interpreter| interpreter.embeddable().is_ok())
        .filter(|interpreter| user == User::Same || interpreter.executable.starts_with("/usr"))
        .collect();
    found.sort_by_key(|interpreter| interpreter.version);
    found.pop()
}

fn host_name() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").unwrap()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// False for a snippet that did not run, or that broke before it could try.
fn was_tried(block: &Value) -> bool {
    let error = block["error"]["type"].as_str().unwrap_or_default();
    let reason = block["reason"].as_str().unwrap_or_default();
    let is_broken = ["SyntaxError", "NameError", "IndentationError"].contains(&error);
    !is_broken && !reason.starts_with("endless") && !reason.starts_with("needs-module")
}

fn nothing_gets_out(user: User) {
    let Some(python) = python(user) else {
        eprintln!("skipped: no Python that {user:?} can read and that can be embedded");
        return;
    };
    eprintln!("as {user:?} under Python {}", python.version_text);
    let notes = notes();
    let tried: usize = notes
        .iter()
        .map(|(_, text)| text.matches("\n## ").count())
        .sum();
    assert!(tried >= 120, "only {tried} snippets");
    let mut world = World::new(&notes);
    let host = host_name();
    // Without a full sandbox some of these snippets would do harm to the machine.
    let options = ["--sandbox", "require", "--jobs", "2"];
    let output = world.run(&python, user, &options);
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(2) && stderr.contains("sandbox") {
        eprintln!("skipped: {stderr}");
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let blocks = blocks(&report);
    assert_eq!(blocks.len(), tried);
    assert_eq!(world.reached(&report), [""; 0]);
    assert_eq!(host_name(), host);
    for (heading, block) in &blocks {
        assert!(was_tried(block), "{heading} was not tried: {block:#}");
        if heading.contains("control") {
            assert_eq!(block["status"], "new", "{heading}: {block:#}");
        }
    }
}

#[test]
fn nothing_gets_out_as_the_user_who_runs_it() {
    nothing_gets_out(User::Same);
}

#[test]
fn nothing_gets_out_as_an_ordinary_user() {
    if is_root() {
        nothing_gets_out(User::Nobody);
    } else {
        eprintln!("skipped: the tests run as an ordinary user anyway");
    }
}

/// Runs snippets that leave something behind, each before one that looks for it, in so many workers.
fn nothing_reaches_the_next(user: User, jobs: &str) {
    let Some(python) = python(user) else {
        eprintln!("skipped: no Python that {user:?} can read and that can be embedded");
        return;
    };
    let text = fs::read_to_string("tests/containment/next.md").unwrap();
    let mut world = World::new(&[("next", text)]);
    let options = ["--sandbox", "require", "--jobs", jobs];
    let output = world.run(&python, user, &options);
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(2) && stderr.contains("sandbox") {
        eprintln!("skipped: {stderr}");
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(world.reached(&report), [""; 0]);
    let blocks = blocks(&report);
    let (_, first) = &blocks[0];
    assert!(first["stdout"].is_string(), "{first:#}");
    for (heading, block) in &blocks {
        assert!(was_tried(block), "{heading} was not tried: {block:#}");
        if heading.contains("control") {
            assert_eq!(block["status"], "new", "{heading}: {block:#}");
            assert_eq!(block["stdout"], first["stdout"], "{heading}");
        }
    }
}

#[test]
fn nothing_reaches_the_next_snippet_of_the_user_who_runs_it() {
    for jobs in ["1", "4"] {
        nothing_reaches_the_next(User::Same, jobs);
    }
}

#[test]
fn nothing_reaches_the_next_snippet_of_an_ordinary_user() {
    if !is_root() {
        eprintln!("skipped: the tests run as an ordinary user anyway");
        return;
    }
    for jobs in ["1", "4"] {
        nothing_reaches_the_next(User::Nobody, jobs);
    }
}

#[test]
fn the_canaries_see_what_nothing_contains() {
    let notes: Vec<(&str, String)> = notes()
        .into_iter()
        .map(|(name, text)| {
            let sections = text.split("\n## ").filter(|section| {
                section
                    .lines()
                    .next()
                    .is_some_and(|heading| heading.ends_with("(seen)"))
            });
            let kept: Vec<&str> = sections.collect();
            (name, format!("# Seen\n\n## {}", kept.join("\n## ")))
        })
        .filter(|(_, text)| text.contains("(seen)"))
        .collect();
    let mut world = World::new(&notes);
    let python = python(User::Same).expect("a Python that can be embedded");
    let options = ["--sandbox", "off", "--jobs", "2"];
    let output = world.run(&python, User::Same, &options);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let reached = world.reached(&report).join("\n");
    for sign in [
        "outside/new.txt is another",
        "outside/existing.txt is another",
        "the secret came out",
        "the port was connected to",
        "the port for datagrams was connected to",
        "the socket was connected to",
        "the abstract socket was connected to",
        "the other process has ended",
    ] {
        assert!(reached.contains(sign), "{sign}\n{reached}");
    }
}
