//! The marks that only the harness itself sets: where the snippet begins behind those that were replayed, and
//! where it ends.
//!
//! All else that comes through the result channel a snippet might as well have printed. These two decide what
//! its verdict is about, so they carry a number that is another one for each snippet. It lies in no Python
//! object, and it is sent only while nothing but the harness is being run. A process can't be kept from
//! reading its own memory, so this is no proof; docs/security.md says what is left.
#![allow(unsafe_code)]

use std::io;
use std::sync::Mutex;

use pyo3::prelude::*;
use verify::python::channel::{self, SEAL};

use crate::sandbox::result_fd;

/// What makes a mark one of the harness.
static SEALED: Mutex<Option<Sealed>> = Mutex::new(None);
/// Where it is set.
static PLACE: Mutex<Option<Place>> = Mutex::new(None);

/// The number of a snippet.
pub(crate) type Seal = [u8; SEAL];

struct Sealed {
    seal: Seal,
    process: u32,
}

/// The frames below a snippet.
struct Place {
    frame: Py<PyAny>,
    code: Py<PyAny>,
    below: Py<PyAny>,
}

/// A new number.
pub(crate) fn new() -> io::Result<Seal> {
    let mut seal = [0; SEAL];
    // SAFETY: the buffer is as long as said. As few bytes always come at once (getrandom(2)).
    let length = unsafe { libc::getrandom(seal.as_mut_ptr().cast(), SEAL, 0) };
    if usize::try_from(length) == Ok(SEAL) {
        Ok(seal)
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Lends the function that sets marks to `harness`, whose function `run` is called from this frame.
pub(crate) fn lend(harness: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = harness.py();
    let frame = py.import("sys")?.getattr("_getframe")?;
    let place = Place {
        below: frame.call0()?.unbind(),
        code: harness.getattr("run")?.getattr("__code__")?.unbind(),
        frame: frame.unbind(),
    };
    if let Ok(mut known) = PLACE.lock() {
        *known = Some(place);
    }
    harness.setattr("mark", wrap_pyfunction!(mark, py)?)
}

/// Makes this the number of the snippet that this process is for.
pub(crate) fn take(seal: Seal) {
    if let Ok(mut sealed) = SEALED.lock() {
        let process = std::process::id();
        *sealed = Some(Sealed { seal, process });
    }
}

/// Sends a mark. Where it is not the harness that does so, none is sent, and the worker misses it.
#[pyfunction]
fn mark(py: Python<'_>, kind: u8, line: u32, top: u32, text: &str) -> PyResult<()> {
    let process = std::process::id();
    let sealed = SEALED.lock().ok();
    let sealed = sealed.as_ref().and_then(|sealed| sealed.as_ref());
    if let Some(sealed) = sealed
        && sealed.process == process
        && nothing_else_runs(py)?
    {
        let frame = channel::mark(kind, line, top, &sealed.seal, text);
        // SAFETY: the bytes are as many as said. Where the channel is closed there is nobody to tell.
        unsafe { libc::write(result_fd(), frame.as_ptr().cast(), frame.len()) };
    }
    Ok(())
}

/// True where the harness was called as it is for a snippet, and nothing on top of it.
fn nothing_else_runs(py: Python<'_>) -> PyResult<bool> {
    let place = PLACE.lock().ok();
    let Some(place) = place.as_ref().and_then(|place| place.as_ref()) else {
        return Ok(false);
    };
    let frame = place.frame.bind(py).call0()?;
    Ok(frame.getattr("f_code")?.is(&place.code) && frame.getattr("f_back")?.is(&place.below))
}
