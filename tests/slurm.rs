//! The recipe for Slurm in docs/sharding.md, run as it stands there: a cluster of this machine alone, on
//! loopback and ports of its own, an array of eight jobs, and the report that is merged from theirs.
//!
//! Needs Debian's `slurm-wlm` and `munge`, and root. Where these are missing, or the cluster can't be
//! started, it is skipped with a message. Everything lies in a temporary folder, and is stopped at the end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

const VERIFY: &str = env!("CARGO_BIN_EXE_verify");
const PROGRAMS: [&str; 8] = [
    "munged",
    "slurmctld",
    "slurmd",
    "sbatch",
    "sinfo",
    "scancel",
    "setpriv",
    "timeout",
];
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster of one node.
struct Cluster {
    folder: tempfile::TempDir,
    daemons: Vec<Child>,
}

impl Cluster {
    /// Starts one, or says why there can be none.
    fn start() -> Result<Self, String> {
        let missing = |program: &&&str| !folders().any(|folder| folder.join(program).is_file());
        if let Some(program) = PROGRAMS.iter().find(missing) {
            return Err(format!(
                "there is no {program}; `apt-get install --no-install-recommends slurm-wlm munge` installs it"
            ));
        }
        let user = Command::new("id").arg("-u").output().unwrap().stdout;
        if user != b"0\n" {
            return Err("it has to be started as root".to_owned());
        }
        let mut cluster = Self {
            folder: tempfile::tempdir().unwrap(),
            daemons: Vec::new(),
        };
        cluster.configure();
        let files = ["key-file", "socket", "pid-file", "log-file", "seed-file"];
        let files = files.map(|file| {
            let name = file.replace("-file", "");
            format!(
                "--{file}={}",
                cluster.at(&format!("munge.{name}")).display()
            )
        });
        let mut munge = vec!["-F", "--force"];
        munge.extend(files.iter().map(String::as_str));
        cluster.daemon("munged", &munge);
        cluster.wait_for("munge's socket", |cluster| {
            cluster.at("munge.socket").exists()
        })?;
        cluster.daemon("slurmctld", &["-D"]);
        cluster.daemon("slurmd", &["-D"]);
        cluster.wait_for("an idle node", |cluster| {
            let sinfo = cluster.command("sinfo").args(["-h", "-o", "%T"]).output();
            sinfo.is_ok_and(|said| said.stdout.starts_with(b"idle"))
        })?;
        Ok(cluster)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn configure(&self) {
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [controller, node] = ports.map(|port| port.local_addr().unwrap().port().to_string());
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        let host = host.trim().split('.').next().unwrap();
        let cores = thread::available_parallelism().unwrap().to_string();
        let settings = include_str!("slurm/slurm.conf")
            .replace("{folder}", self.folder.path().to_str().unwrap())
            .replace("{controller_port}", &controller)
            .replace("{node_port}", &node)
            .replace("{host}", host)
            .replace("{cores}", &cores);
        fs::write(self.at("slurm.conf"), settings).unwrap();
        for folder in ["state", "spool"] {
            fs::create_dir(self.at(folder)).unwrap();
        }
        let mut key = vec![0; 128];
        let mut random = fs::File::open("/dev/urandom").unwrap();
        std::io::Read::read_exact(&mut random, &mut key).unwrap();
        fs::write(self.at("munge.key"), key).unwrap();
        fs::set_permissions(self.at("munge.key"), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A program that talks to this cluster.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::join_paths(folders()).unwrap();
        command
            .env("PATH", path)
            .env("SLURM_CONF", self.at("slurm.conf"));
        command
    }

    /// Starts a part of it, which the kernel ends should this test be killed.
    fn daemon(&mut self, program: &str, arguments: &[&str]) {
        let log = fs::File::create(self.at(&format!("{program}.out"))).unwrap();
        let daemon = self
            .command("setpriv")
            .args(["--pdeathsig", "TERM", program])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        self.daemons.push(daemon.unwrap());
    }

    fn wait_for(&self, what: &str, is_there: impl Fn(&Self) -> bool) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if is_there(self) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        let logs = ["munged.out", "slurmctld.out", "slurmd.out"];
        let logs = logs.map(|log| fs::read_to_string(self.at(log)).unwrap_or_default());
        Err(format!(
            "there is no {what} after {PATIENCE:?}\n{}",
            logs.concat()
        ))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.daemons.len() > 1 {
            let cancel = self
                .command("timeout")
                .args(["10", "scancel", "--user=root"])
                .output();
            drop(cancel);
        }
        while let Some(mut daemon) = self.daemons.pop() {
            let terminate = Command::new("kill").arg(daemon.id().to_string()).output();
            drop(terminate);
            let begun = Instant::now();
            while matches!(daemon.try_wait(), Ok(None)) && begun.elapsed() < Duration::from_secs(10)
            {
                thread::sleep(Duration::from_millis(20));
            }
            drop(daemon.kill());
            drop(daemon.wait());
        }
    }
}

/// Where programs lie: this build, the path, and where daemons are.
fn folders() -> impl Iterator<Item = PathBuf> {
    let here = Path::new(VERIFY).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    std::iter::once(here)
        .chain(path)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")])
}

/// The scripts that the documentation shows below its heading for Slurm.
fn recipe() -> [String; 2] {
    let page = include_str!("../docs/sharding.md");
    let section = page
        .split("\n## Slurm\n")
        .nth(1)
        .expect("a section on Slurm");
    let mut blocks = section.split("```sh\n").skip(1);
    [(); 2].map(|()| {
        let block = blocks.next().expect("two scripts");
        block.split("```").next().unwrap().to_owned()
    })
}

/// A project of many notes.
fn project(folder: &Path) {
    fs::create_dir_all(folder.join("notes")).unwrap();
    for at in 0..40 {
        let note = format!("# {at}\n\n```python\nprint({at})  # {at}\n```\n");
        fs::write(folder.join(format!("notes/{at}.md")), note).unwrap();
    }
    fs::write(folder.join("verify.toml"), "").unwrap();
}

/// A report without what differs between runs.
fn timeless(text: &str) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("seconds");
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    strip(&mut value);
    value
}

#[test]
fn an_array_of_eight_jobs_makes_the_report_of_one_run() {
    let cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(why) => return eprintln!("skipped: Slurm is not tested: {why}"),
    };
    let folder = cluster.at("project");
    project(&folder);
    let whole = |arguments: &[&str]| {
        let mut verify = cluster.command(VERIFY);
        verify
            .args(arguments)
            .current_dir(&folder)
            .output()
            .unwrap()
    };
    whole(&["--update"]);
    fs::write(
        folder.join("notes/stale.md"),
        "```python\nprint(3 / 2)  # 1\n```\n",
    )
    .unwrap();
    let [job, submit] = recipe();
    fs::write(folder.join("verify.sbatch"), job).unwrap();
    let done = cluster
        .command("timeout")
        .args(["300", "sh", "-c", &submit])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    for task in 0..8 {
        let report = folder.join(format!("out/{task}.json"));
        let report =
            fs::read_to_string(&report).unwrap_or_else(|error| panic!("{task}: {error}\n{said}"));
        let shard = &timeless(&report)["shard"];
        assert_eq!(
            (&shard["index"], &shard["total"]),
            (&Value::from(task + 1), &Value::from(8))
        );
    }
    let expected = whole(&["--format", "json"]);
    assert_eq!(done.status.code(), expected.status.code(), "{said}");
    let merged = fs::read_to_string(folder.join("verify.json")).expect(&said);
    assert_eq!(
        timeless(&merged),
        timeless(&String::from_utf8(expected.stdout).unwrap())
    );
}
