//! Starts CPython inside this process and serves requests from within it.
//!
//! Python is started by `Py_BytesMain` with the chosen interpreter's own path as
//! the program name, so prefix, packages and virtual environments are found just as
//! that interpreter finds them (`Modules/getpath.py` in CPython).
#![allow(unsafe_code)]

use std::ffi::{CString, OsStr, OsString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};

use pyo3::prelude::*;
use pyo3::types::PyModule;
use verify::model::{Analysis, Code, CodeWarning, Endless, StatementKind, SyntaxProblem};
use verify::python::protocol::{self, Job, Reply, Request, Setup};
use verify::python::zygote::{self, Birth};

use crate::sandbox::{self, Installation};
use crate::{rehearsal, seal, snippet};

const ANALYSIS: &str = include_str!("analysis.py");
const ENVIRONMENT: &str = include_str!("environment.py");
const FIGURES: &str = include_str!("figures.py");
const HARNESS: &str = include_str!("harness.py");
const SOURCES: &str = include_str!("sources.py");
const START: &str = include_str!("start.py");
const STREAMS: &str = include_str!("streams.py");
const WORTH: &str = include_str!("worth.py");

/// Where `sys.flags` has `no_site`, from 3.9 to 3.14 (`flags_fields` in `Python/sysmodule.c`).
const NO_SITE: isize = 6;

/// The driver's socket, put aside until Python has started.
static DRIVER: Mutex<Option<UnixStream>> = Mutex::new(None);

/// The virtual environment that snippets are to be in.
static WITHIN: OnceLock<Within> = OnceLock::new();

/// A virtual environment: its interpreter and its folder, and whether snippets need what its packages
/// do when Python starts.
struct Within {
    executable: OsString,
    folder: OsString,
    packages: bool,
}

unsafe extern "C" {
    /// Part of the stable ABI since 3.8, and not declared by pyo3.
    fn Py_BytesMain(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

/// Runs until the driver closes its end. Without `packages`, what they do when Python starts is left
/// out; of the environment that snippets are `within` it is left to their own processes.
pub(crate) fn start(
    executable: &OsStr,
    packages: bool,
    within: Option<(OsString, OsString)>,
) -> Result<ExitCode, String> {
    sandbox::step_in_front_of_the_driver();
    let socket = sandbox::put_driver_aside()
        .map_err(|error| format!("can't talk to the driver: {error}"))?;
    if let Ok(mut driver) = DRIVER.lock() {
        *driver = Some(socket);
    }
    pyo3::append_to_inittab!(_verify);
    let flags: &[u8] = if packages && within.is_none() {
        b"-s"
    } else {
        b"-sS"
    };
    if let Some((executable, folder)) = within {
        WITHIN.get_or_init(|| Within {
            executable,
            folder,
            packages,
        });
    }
    let words: Vec<CString> = [
        executable.as_bytes(),
        flags,
        b"-c",
        b"import _verify; _verify.serve()",
    ]
    .into_iter()
    .map(CString::new)
    .collect::<Result<_, _>>()
    .map_err(|error| format!("the interpreter's path can't be used: {error}"))?;
    let mut argv: Vec<*mut c_char> = words.iter().map(|word| word.as_ptr().cast_mut()).collect();
    // SAFETY: `argv` holds as many strings as said, each ends in NUL and outlives the call.
    let status =
        unsafe { Py_BytesMain(c_int::try_from(argv.len()).unwrap_or(0), argv.as_mut_ptr()) };
    Ok(if status == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

#[pymodule]
fn _verify(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(serve, module)?)
}

/// Forks as it is asked to; each fork that is a worker answers requests until there are no more.
#[pyfunction]
fn serve(py: Python<'_>) -> PyResult<()> {
    let Some(mut socket) = DRIVER.lock().ok().and_then(|mut driver| driver.take()) else {
        return Ok(());
    };
    let environment = WITHIN.get().map(|within| announce(py, within));
    let environment = environment.transpose()?;
    let no_site = py.import("sys")?.getattr("flags")?.getattr("no_site")?;
    if environment.is_none() && no_site.is_truthy()? {
        load(py, START, "start")?;
    }
    let harness = load(py, HARNESS, "harness")?;
    harness.setattr("streams", load(py, STREAMS, "streams")?)?;
    seal::lend(&harness)?;
    sandbox::with_piped_output(|| harness.call_method1("prepare", (sandbox::result_fd(),)))??;
    let mut usual = rehearsal::usual(py, &harness, &[])?;
    while let Some((birth, mut channel)) = zygote::next_birth(&mut socket)? {
        if sandbox::fork(py)? != 0 {
            continue;
        }
        zygote::announce(&mut channel)?;
        match birth {
            Birth::Worker => {
                drop(socket);
                return work(py, &harness, environment.as_ref(), &usual, channel);
            }
            Birth::Zygote(modules) => {
                socket = channel;
                harness.call_method1("warm", (&modules,))?;
                usual = rehearsal::usual(py, &harness, &modules)?;
            }
        }
    }
    leave()
}

/// Ends this process: nothing is left to do, and the interpreter takes its time to undo what it has.
fn leave() -> ! {
    // SAFETY: ends the process without running destructors.
    unsafe { libc::_exit(0) }
}

/// Gives Python the names of an environment, and returns what brings its packages into a process.
fn announce<'py>(py: Python<'py>, within: &Within) -> PyResult<Bound<'py, PyAny>> {
    let environment = load(py, ENVIRONMENT, "environment")?;
    let names = (&within.executable, &within.folder, within.packages);
    environment.call_method1("announce", names)?;
    forget_no_site(py)?;
    environment.getattr("enter")
}

/// Takes `-S` out of `sys.flags`: processes that a snippet starts are started with the flags in there.
fn forget_no_site(py: Python<'_>) -> PyResult<()> {
    let flags = py.import("sys")?.getattr("flags")?;
    let zero = 0i32.into_pyobject(py)?.unbind();
    // SAFETY: it is a structure of at least this length, which nobody else looks at now. It takes the
    // reference, and what was there before is a small number, which nothing frees.
    unsafe {
        pyo3::ffi::PyStructSequence_SetItem(flags.as_ptr(), NO_SITE, zero.into_ptr());
    }
    Ok(())
}

/// The life of a worker. Each of its snippets enters the `environment`, where there is one; `usual` are
/// the pages that nearly every snippet writes to.
fn work(
    py: Python<'_>,
    harness: &Bound<'_, PyModule>,
    environment: Option<&Bound<'_, PyAny>>,
    usual: &[usize],
    mut driver: UnixStream,
) -> PyResult<()> {
    let Some(Request::Begin(setup)) = protocol::receive(&mut driver)? else {
        leave()
    };
    std::env::set_current_dir(&setup.folder)?;
    let installation = installation(py, &setup)?;
    let parts = (harness, environment);
    let mut snippets = match snippet::Snippets::new(py, parts, &setup, &installation) {
        Ok(snippets) => snippets,
        Err(error) => {
            let refused = format!("its snippets can't be contained: {error}");
            protocol::send(&mut driver, &Reply::Refused(refused))?;
            leave()
        }
    };
    sandbox::forget_how_it_was_started(py)?;
    let begun = Reply::Begun(snippets.containment().clone());
    protocol::send(&mut driver, &begun)?;
    let gc = py.import("gc")?;
    let mut settled = false;
    let mut prepared = false;
    let mut analyze = None;
    while let Some(request) = protocol::receive::<Request>(&mut driver)? {
        let reply = match request {
            Request::Begin(_) => Reply::Refused("it has begun already".into()),
            Request::Analyze(sources) => {
                settled = false;
                // Most workers are never asked.
                let analyze = match &analyze {
                    Some(loaded) => loaded,
                    None => analyze.insert(load(py, ANALYSIS, "analysis")?.getattr("analyze")?),
                };
                let found = sources.iter().map(|code| analysis(analyze, code));
                Reply::Analyzed(found.collect::<PyResult<_>>()?)
            }
            Request::Run(job) => {
                if lend(harness, &job)? {
                    settled = false;
                }
                if !settled {
                    gc.call_method0("freeze")?;
                    sandbox::fill_gaps();
                    settled = true;
                }
                if !prepared {
                    snippets.prepare_forks(usual)?;
                    prepared = true;
                }
                match snippets.run(py, &job, &driver) {
                    Ok(ran) => Reply::Ran(ran),
                    Err(error) => Reply::Refused(error.to_string()),
                }
            }
        };
        protocol::send(&mut driver, &reply)?;
        if reply.is_last() {
            break;
        }
    }
    leave()
}

/// Where this interpreter's own files are, as `sys` tells, and its packages.
fn installation(py: Python<'_>, setup: &Setup) -> PyResult<Installation> {
    let sys = py.import("sys")?;
    let mut prefixes = Vec::new();
    for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
        prefixes.push(sys.getattr(name)?.extract()?);
    }
    let mut others: Vec<PathBuf> = Vec::new();
    for entry in sys.getattr("path")?.try_iter()? {
        others.extend(entry?.extract::<PathBuf>());
    }
    others.extend(sys.getattr("executable")?.extract::<PathBuf>());
    others.extend(std::env::var_os("LD_PRELOAD").map(PathBuf::from));
    others.extend(setup.packages.iter().cloned());
    Ok(Installation { prefixes, others })
}

/// Gives the harness the parts that not every snippet needs; true where it did not have them.
fn lend(harness: &Bound<'_, PyModule>, job: &Job) -> PyResult<bool> {
    let parts = [
        (snippet::may_draw(job), "figures", FIGURES),
        (snippet::may_vary(job), "sources", SOURCES),
        (!job.values.is_empty(), "worth", WORTH),
    ];
    let mut lent = false;
    for (needed, name, source) in parts {
        if needed && !harness.hasattr(name)? {
            harness.setattr(name, load(harness.py(), source, name)?)?;
            lent = true;
        }
    }
    Ok(lent)
}

/// Runs a module's source in a namespace whose builtins are a copy, so that a
/// snippet that replaces `builtins.len` does not reach it.
fn load<'py>(py: Python<'py>, source: &str, name: &str) -> PyResult<Bound<'py, PyModule>> {
    let module = PyModule::new(py, name)?;
    let copy = py.import("builtins")?.dict().copy()?;
    module.setattr("__builtins__", copy)?;
    let builtins = py.import("builtins")?;
    let code = builtins.call_method1("compile", (source, format!("<verify {name}>"), "exec"))?;
    builtins.call_method1("exec", (code, module.dict()))?;
    Ok(module)
}

/// The pieces of some code as Python sees them.
pub(crate) fn pieces(code: &Code) -> Vec<(u32, &str)> {
    code.pieces
        .iter()
        .map(|piece| (piece.line.max(1), piece.text.as_str()))
        .collect()
}

type Facts = (
    Option<(u32, u32, String)>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Option<(u32, String, bool)>,
    Vec<(u32, String, String)>,
);

fn analysis(analyze: &Bound<'_, PyAny>, code: &Code) -> PyResult<Analysis> {
    let facts: Facts = match analyze.call1((pieces(code),)) {
        Ok(facts) => facts.extract()?,
        Err(error) => {
            let problem = SyntaxProblem {
                line: 0,
                column: 0,
                message: error.to_string(),
            };
            return Ok(Analysis {
                error: Some(problem),
                ..Analysis::default()
            });
        }
    };
    let (error, statements, binds, uses, changes, imports, modules, endless, warnings) = facts;
    Ok(Analysis {
        error: error.map(|(line, column, message)| SyntaxProblem {
            line,
            column,
            message,
        }),
        statements: statements.iter().map(|word| statement_kind(word)).collect(),
        binds,
        uses,
        changes,
        imports,
        modules,
        warnings: warnings
            .into_iter()
            .map(|(line, class, message)| CodeWarning {
                line,
                class,
                message,
            })
            .collect(),
        endless: endless.map(|(line, what, certain)| Endless {
            line,
            what,
            certain,
        }),
    })
}

fn statement_kind(word: &str) -> StatementKind {
    match word {
        "Assign" => StatementKind::Assign,
        "WeakAssign" => StatementKind::WeakAssign,
        "Call" => StatementKind::Call,
        "Repr" => StatementKind::Repr,
        "Expression" => StatementKind::Expression,
        "Word" => StatementKind::Word,
        "Literal" => StatementKind::Literal,
        _ => StatementKind::Keyword,
    }
}
